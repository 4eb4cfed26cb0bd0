"""Response processes of all respondents, each by itself: what moves one may cancel out in all."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.response_check import Notice, ResponseCheck, check_respondent

# More respondents than this with the same kind of warning are counted, not listed.
_MAX_LISTED = 3


@dataclass(frozen=True)
class ResponseChecks(Mapping[str, ResponseCheck]):
    """The check of each respondent, by its id.

    Parameters
    ----------
    by_respondent : mapping of str to ResponseCheck
    """

    by_respondent: Mapping[str, ResponseCheck]

    def __getitem__(self, respondent: str) -> ResponseCheck:
        return self.by_respondent[respondent]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_respondent)

    def __len__(self) -> int:
        return len(self.by_respondent)

    @property
    def n_rows(self) -> int:
        """Rows of all respondents."""
        return sum(check.n_rows for check in self.values())

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Rows of all respondents by outcome."""
        total: Counter[str] = Counter()
        for check in self.values():
            total.update(check.outcomes)
        return dict(total)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the scores should know, in sentences."""
        by_kind: dict[str, list[tuple[str, Notice]]] = {}
        for respondent, check in self.items():
            for notice in check.notices:
                by_kind.setdefault(notice.kind, []).append((respondent, notice))
        return tuple(line for found in by_kind.values() for line in self._lines(found))

    def _lines(self, found: list[tuple[str, Notice]]) -> Iterator[str]:
        if len(self) == 1:
            yield found[0][1].text
        elif len(found) <= _MAX_LISTED:
            yield from (f"{respondent}: {notice.text}" for respondent, notice in found)
        else:
            respondent, largest = max(found, key=lambda pair: pair[1].size)
            yield f"{len(found)} of {len(self)} respondents, most {respondent}: {largest.text}"

    def to_frame(self) -> pd.DataFrame:
        """Return the estimates, one a row, with their respondent."""
        frames = [c.to_frame().assign(respondent=r) for r, c in self.items()]
        table = pd.concat(frames, ignore_index=True)
        return table[["respondent", *(c for c in table if c != "respondent")]]

    def __repr__(self) -> str:
        n = len(self)
        missing = self.n_rows - self.outcomes.get("chosen", 0)
        return (
            f"<ResponseChecks: {n} respondent{'s' if n != 1 else ''} · {self.n_rows} rows · "
            f"{missing} missing · {len(self.warnings)} warnings>"
        )


def check_responses(
    frame: pd.DataFrame, log_p: FloatArray, positions: IntArray, *, conf_level: float = 0.95
) -> ResponseChecks:
    """Look at how the answers came about before looking at what they say.

    Parameters
    ----------
    frame : DataFrame
        Responses.
    log_p : ndarray, shape (n_rows, n_options)
    positions : ndarray of int, shape (n_rows, n_options)
        From 1.
    conf_level : float

    Returns
    -------
    ResponseChecks

    Examples
    --------
    >>> import psychometrics as pm
    >>> first, last = [2.0], [0, 0, 0, 0, 2.0]
    >>> models = [pm.scripted_model(3, name=str(b), position_bias=b) for b in (first, last)]
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(models), quiet=True)
    >>> run.responses.check()
    <ResponseChecks: 2 respondents · 1200 rows · 0 missing · 2 warnings>
    """
    rows = frame.groupby("respondent", sort=False).indices
    return ResponseChecks(
        {
            str(respondent): check_respondent(
                frame.iloc[own], log_p[own], positions[own], conf_level=conf_level
            )
            for respondent, own in rows.items()
        }
    )
