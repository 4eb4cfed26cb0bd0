"""Content validity: whether judges who do not know the key sort items to their constructs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from psychometrics.analysis.agreement import cohens_kappa
from psychometrics.analysis.as_item_table import Answers
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.sorting import Level, sorting_scales
from psychometrics.scoring.item_values import item_values

REFERENCE = "10.1037/0021-9010.76.5.732"
NONE = "none"


@dataclass(frozen=True)
class ContentValidity:
    """How judges sorted the items of an instrument.

    Parameters
    ----------
    table : DataFrame
        One row an item: ``intended`` construct; one column a construct, the number of judges who
        sorted the item to it, and ``none``; ``judges``, who sorted it at all; ``p_sa``, the share
        of them who chose the intended construct (0 to 1); ``c_sv``, the lead of the intended
        construct over the next, as a share of the judges (-1 to 1).
    kappa : Estimates
        Of each judge with the key: Cohen's kappa over items, with its interval.
    instrument : str
        Name and version.
    judges : tuple of str

    Notes
    -----
    ``p_sa`` and ``c_sv`` are the proportion of substantive agreement and the coefficient of
    substantive validity (Anderson & Gerbing, 1991).
    """

    table: pd.DataFrame
    kappa: Estimates
    instrument: str
    judges: tuple[str, ...]

    @property
    def misplaced(self) -> pd.DataFrame:
        """Items that no more judges sorted to their own construct than to another."""
        return self.table[self.table["c_sv"] <= 0].reset_index(drop=True)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row an item."""
        return self.table

    def __repr__(self) -> str:
        n, k = len(self.table), len(self.judges)
        values = ", ".join(f"{estimate.value:.2f}" for estimate in self.kappa[:4])
        return (
            f"<ContentValidity {self.instrument}: {n} items, {k} judge{'s' if k != 1 else ''}, "
            f"kappa {values}{' …' if k > 4 else ''}, {len(self.misplaced)} misplaced>"
        )


@verb
def content_validity(
    instrument: Instrument,
    ratings: Answers | pd.DataFrame | str | Path,
    *,
    level: Level = "domain",
    conf_level: float = 0.95,
) -> ContentValidity:
    """Compare how judges sort items with what the key says.

    Parameters
    ----------
    instrument : Instrument
    ratings : Responses, DataFrame or path of a CSV file
        Responses of models to :func:`psychometrics.sorting_task` (each respondent is a judge; the
        most probable construct of the log average over the option orders counts). Or a table with
        columns ``item``, ``construct`` (name of a scale, or ``none``) and, with several judges,
        ``judge``.
    level : {"domain", "facet"}
        The constructs that were offered.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    ContentValidity

    Raises
    ------
    DataError
        A column is missing, an item or construct is unknown, or a judge sorted an item twice.

    References
    ----------
    Anderson, J. C., & Gerbing, D. W. (1991). Predicting the performance of measures in a
    confirmatory factor analysis with a pretest assessment of their substantive validities. Journal
    of Applied Psychology, 76(5), 732–740. doi:10.1037/0021-9010.76.5.732

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> triad = pm.load_instrument("dark-triad-27")
    >>> judged = pd.DataFrame(
    ...     {"item": [i.id for i in triad.items], "construct": [i.scale for i in triad.items]}
    ... )
    >>> pm.content_validity(triad, judged)
    <ContentValidity dark-triad-27 1.0: 27 items, 1 judge, kappa 1.00, 0 misplaced>
    """
    constructs = [scale.name for scale in sorting_scales(instrument, level)]
    intended = {}
    for item in instrument.items:
        own = [name for name in instrument.lineage(item) if name in constructs]
        if not own:
            raise DataError(
                f"Item {item.id!r} belongs to no scale of level {level!r}.",
                "Choose the other level.",
            )
        intended[item.id] = own[0]
    if isinstance(ratings, Answers):
        found = _of_responses(ratings, instrument, constructs)
    else:
        found = _checked(_table(ratings), intended, constructs)
    judges = tuple(dict.fromkeys(found["judge"]))
    kappas = Estimates(tuple(_kappas(found, intended, constructs, conf_level)))
    return ContentValidity(_by_item(found, intended, constructs), kappas, instrument.label, judges)


def _of_responses(
    responses: Answers, sorted_one: Instrument, constructs: list[str]
) -> pd.DataFrame:
    instrument = responses.instrument
    offered = len(instrument.response_scale)
    shown = [text.partition(": ")[0] for text in instrument.response_scale.texts]
    titles = [sorted_one.scale(name).title for name in constructs]
    if instrument.name != f"{sorted_one.name}-sorting" or shown != titles:
        raise DataError(
            f"The responses answer {instrument.name} with {offered} options; a sorting of "
            f"{sorted_one.name} into {len(constructs)} constructs is needed.",
            "Administer pm.sorting_task(instrument, level=…), and name the same level here.",
        )
    values = item_values(
        responses.frame, instrument, average="log", statistic="modal", min_valid=0.5
    )
    names = np.array([*constructs, None], dtype=object)
    chosen = np.where(np.isnan(values.raw), len(constructs), values.raw - 1).astype(np.int64)
    ids = [item.id for item in instrument.items]
    return pd.DataFrame(
        {
            "judge": np.repeat(values.respondents, len(ids)),
            "item": np.tile(ids, len(values.respondents)),
            "construct": names[chosen.ravel()],
        }
    ).dropna(subset=["construct"])


def _table(ratings: pd.DataFrame | str | Path) -> pd.DataFrame:
    if isinstance(ratings, pd.DataFrame):
        return ratings
    try:
        return pd.read_csv(ratings, dtype="str", keep_default_na=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{ratings} cannot be read as CSV: {error}.", "Mend the file.") from error


def _checked(table: pd.DataFrame, intended: dict[str, str], constructs: list[str]) -> pd.DataFrame:
    lacking = {"item", "construct"} - set(table.columns)
    if lacking:
        raise DataError(
            f"The ratings have no column {', '.join(sorted(lacking))}.",
            "Give columns item, construct and, with several judges, judge.",
        )
    found = table if "judge" in table.columns else table.assign(judge="judge")
    for column, known in (("item", list(intended)), ("construct", [*constructs, NONE])):
        unknown = found.loc[~found[column].isin(known), column]
        if len(unknown):
            raise DataError(
                f"The ratings name {column} {unknown.iloc[0]!r}.",
                f"Choose among: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}.",
            )
    twice = found[found.duplicated(["judge", "item"])]
    if len(twice):
        judge, item = twice.iloc[0][["judge", "item"]]
        raise DataError(
            f"Judge {judge!r} sorted item {item!r} twice.", "Leave one row for each judge and item."
        )
    return found[["judge", "item", "construct"]]


def _kappas(
    found: pd.DataFrame, intended: dict[str, str], constructs: list[str], conf_level: float
) -> Iterator[Estimate]:
    for judge, own in found.groupby("judge", sort=False):
        estimate = cohens_kappa(
            own["item"].map(intended).to_numpy(), own["construct"].to_numpy(),
            categories=[*constructs, NONE], conf_level=conf_level,
        )  # fmt: skip
        estimate = replace(estimate, of=str(judge), n_unit="items")
        perfect = estimate.value == 1
        yield _limited(estimate, own["item"].map(intended), conf_level) if perfect else estimate


def _limited(perfect: Estimate, key: "pd.Series[str]", conf_level: float) -> Estimate:
    """Put a lower limit to perfect agreement, whose large-sample standard error is zero.

    Clopper and Pearson's limit of the share of agreements is put into kappa with the chance
    agreement that was found.
    """
    share = ((1 - conf_level) / 2) ** (1 / len(key))
    chance = float((key.value_counts(normalize=True) ** 2).sum())
    method = f"{perfect.method.split(',')[0]}; exact binomial limit where all agree"
    return replace(
        perfect, ci_low=(share - chance) / (1 - chance), ci_high=1.0, note="", method=method,
        reference=f"{perfect.reference}; 10.1093/biomet/26.4.404",
    )  # fmt: skip


def _by_item(found: pd.DataFrame, intended: dict[str, str], constructs: list[str]) -> pd.DataFrame:
    columns = [*constructs, NONE]
    counts = (
        pd.crosstab(found["item"], found["construct"])
        .reindex(index=list(intended), columns=columns, fill_value=0)
        .to_numpy()
    )
    home = np.array([columns.index(name) for name in intended.values()])
    rows, judges = np.arange(len(home)), counts.sum(axis=1)
    own = counts[rows, home]
    others = counts.copy()
    others[rows, home] = -1
    n = np.where(judges > 0, judges, np.nan)
    return pd.DataFrame(
        {"item": list(intended), "intended": list(intended.values())}
        | {name: counts[:, at] for at, name in enumerate(columns)}
        | {"judges": judges, "p_sa": own / n, "c_sv": (own - others.max(axis=1)) / n}
    )
