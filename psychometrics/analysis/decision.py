"""How many conditions it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from psychometrics.analysis.estimate import Estimate
from psychometrics.stats.decision_study import DesignChoice

_SIGNS = {"relative": "Eρ²", "absolute": "Φ"}


@dataclass(frozen=True, eq=False)
class Decision:
    """The fewest observations that bring a coefficient to a target.

    Parameters
    ----------
    choice : DesignChoice
        What was found: numbers of conditions, cost, and the limit that the coefficient tends to.
    coefficient : str
        ``relative`` or ``absolute``.
    expected : Estimate
        The coefficient at these numbers; if the target is not reached, at the largest tried.
    """

    choice: DesignChoice
    coefficient: str
    expected: Estimate

    @property
    def reached(self) -> bool:
        """Whether any numbers of conditions reach the target."""
        return self.choice.reached

    @property
    def n_conditions(self) -> Mapping[str, float]:
        """Conditions of each facet; empty if the target is not reached."""
        return self.choice.n_conditions

    def to_frame(self) -> pd.DataFrame:
        """One row: the numbers, the cost, and the coefficient with its interval."""
        numbers = {name: [int(n)] for name, n in self.choice.n_conditions.items()}
        return pd.DataFrame(
            {
                "coefficient": [self.coefficient],
                "target": [self.choice.target],
                "reached": [self.reached],
                **numbers,
                "cost": [self.choice.cost],
                "value": [self.expected.value],
                "ci_low": [self.expected.ci_low],
                "ci_high": [self.expected.ci_high],
                "limit": [self.choice.limit],
                "note": [self.choice.note],
            }
        )

    def __repr__(self) -> str:
        sign = _SIGNS[self.coefficient]
        if not self.reached:
            return f"<Decision: {sign} = {self.choice.target:g} is not reached: {self.choice.note}>"
        numbers = ", ".join(f"{name}: {n:g}" for name, n in self.choice.n_conditions.items())
        e = self.expected
        interval = f" [{e.ci_low:.3f}, {e.ci_high:.3f}]" if e.ci_low == e.ci_low else ""
        return f"<Decision: {sign} = {e.value:.3f}{interval} with {numbers}>"
