"""The generalizability studies of several scales."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from psychometrics.analysis.decision import Decision
from psychometrics.analysis.estimates import Estimates, estimates
from psychometrics.analysis.generalizability_study import GStudy
from psychometrics.errors import UnknownKeyError


@dataclass(frozen=True, eq=False)
class GStudies(Mapping[str, GStudy]):
    """The G study of each scale, by its name.

    Parameters
    ----------
    by_scale : mapping of str to GStudy
    """

    by_scale: Mapping[str, GStudy]

    def __getitem__(self, scale: str) -> GStudy:
        if scale not in self.by_scale:
            raise UnknownKeyError(
                f"There is no study of {scale!r}.", f"Choose among: {', '.join(self.by_scale)}."
            )
        return self.by_scale[scale]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_scale)

    def __len__(self) -> int:
        return len(self.by_scale)

    @property
    def relative(self) -> Estimates:
        """Eρ² of each scale with the conditions of its study."""
        return estimates(*(study.relative for study in self.values()))

    @property
    def absolute(self) -> Estimates:
        """Φ of each scale with the conditions of its study."""
        return estimates(*(study.absolute for study in self.values()))

    def coefficients(self, n_conditions: Mapping[str, float] | None = None) -> Estimates:
        """Eρ², Φ and standard errors of every scale; see `GStudy.coefficients`."""
        return estimates(*(study.coefficients(n_conditions) for study in self.values()))

    def grid(self, n_conditions: Mapping[str, Sequence[int]]) -> pd.DataFrame:
        """Coefficients of each scale over a grid of numbers of conditions; see `GStudy.grid`."""
        return self._stacked(lambda study: study.grid(n_conditions))

    def decide(
        self,
        target: float,
        *,
        coefficient: str = "absolute",
        vary: str | Sequence[str] = (),
        n_conditions: Mapping[str, float] | None = None,
        costs: Mapping[str, float] | None = None,
        maximum: int = 100,
    ) -> dict[str, Decision]:
        """Find for each scale the fewest observations that reach a target; see `GStudy.decide`."""
        return {
            name: study.decide(
                target, coefficient=coefficient, vary=vary, n_conditions=n_conditions,
                costs=costs, maximum=maximum,
            )
            for name, study in self.items()
        }  # fmt: skip

    def component_estimates(self) -> Estimates:
        """Each component of every scale with its interval."""
        return estimates(*(study.component_estimates() for study in self.values()))

    def to_estimates(self) -> Estimates:
        """Coefficients of every scale."""
        return self.coefficients()

    def to_frame(self) -> pd.DataFrame:
        """One row a scale and component."""
        return self._stacked(GStudy.to_frame)

    def _stacked(self, frame_of: Callable[[GStudy], pd.DataFrame]) -> pd.DataFrame:
        frames = {name: frame_of(study) for name, study in self.items()}
        for name, frame in frames.items():
            frame.insert(0, "scale", name)
        return pd.concat(frames.values(), ignore_index=True)

    def _repr_html_(self) -> str:
        return self.to_frame().round(3).to_html(escape=True, index=False)

    def __repr__(self) -> str:
        return "\n".join([f"<GStudies of {len(self)} scales>", *map(repr, self.values())])
