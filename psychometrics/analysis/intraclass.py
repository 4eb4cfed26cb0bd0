"""Intraclass correlations: raters, occasions and retests."""

import numpy as np
import pandas as pd

from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.analysis.clusters import over_clusters
from psychometrics.analysis.estimate import estimate_from
from psychometrics.analysis.estimates import Estimates, estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError, UnitError
from psychometrics.stats.correlation import pearson
from psychometrics.stats.intraclass_correlation import FORMS, all_intraclass_correlations

RETEST = ("ICC(2,1)", "ICC(3,1)")


@verb
def icc(data: Tabular, *, interval: str = "mls", conf_level: float = 0.95) -> Estimates:
    """All six intraclass correlations of units (rows) by raters or occasions (columns).

    Parameters
    ----------
    data : DataFrame, ndarray or ItemTable
        Columns are raters, occasions, orders or whatever the units were measured by.
    interval : {"mls", "f", "none"}
        Modified large sample; or the F interval that R prints, which for ICC(2,1) and ICC(2,k)
        covers less than its level.
    conf_level : float

    Returns
    -------
    Estimates
        In the order of Shrout and Fleiss; taken by their form: ``icc(x)["ICC(2,1)"]``. Missing
        cells enter through variance components.

    Raises
    ------
    DataError
        The table cannot be used.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater
    reliability. Psychological Bulletin, 86(2), 420–428. doi:10.1037/0033-2909.86.2.420

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(2)
    >>> pm.icc(rng.normal(size=(40, 1)) + rng.normal(size=(40, 4)))["ICC(2,1)"].n
    40
    """
    table = item_table(data)
    found = all_intraclass_correlations(table.values, interval=interval, conf_level=conf_level)
    unit = "units" if table.unit == "respondents" and table.clusters is None else table.unit
    return Estimates(
        tuple(
            estimate_from(
                over_clusters(table, part, None),
                n_unit=unit,
                source=table.source,
                table=table,
            )
            for part in found
        )
    )


@verb
def retest(first: Tabular, second: Tabular, *, conf_level: float = 0.95) -> Estimates:
    """Test–retest reliability of every column that two occasions share.

    Parameters
    ----------
    first, second : Scores, ItemTable, Responses or DataFrame
        The same respondents (by the index of the table) at two occasions.
    conf_level : float

    Returns
    -------
    Estimates
        For each column the agreement ICC(2,1), which a shift of all respondents lowers, the
        consistency ICC(3,1), which it does not, and Pearson's r.

    Raises
    ------
    DataError
        The occasions share no column, or fewer than two respondents.
    UnitError
        A respondent stands twice in one occasion.

    References
    ----------
    McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods, 1(1), 30–46. doi:10.1037/1082-989X.1.1.30

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=30)
    >>> again = pd.DataFrame({"calm": x + 0.1})
    >>> [round(e.value, 2) for e in pm.retest(pd.DataFrame({"calm": x}), again)]
    [0.99, 1.0, 1.0]
    """
    one, other = item_table(first), item_table(second)
    for table in (one, other):
        twice = table.frame.index[table.frame.index.duplicated()]
        if len(twice):
            raise UnitError(
                f"Respondent {twice[0]!r} stands twice in one occasion.",
                "Give each occasion one row a respondent.",
            )
    columns = [c for c in one.frame.columns if c in other.frame.columns]
    who = one.frame.index.intersection(other.frame.index)
    if not columns or len(who) < 2:
        raise DataError(
            f"The two occasions share {len(columns)} columns and {len(who)} respondents.",
            "Give two tables with the same names of columns and respondents.",
        )
    parts = []
    for name in columns:
        pair = pd.DataFrame(
            {"first": one.frame.loc[who, name], "second": other.frame.loc[who, name]}
        )
        models = (
            None if one.clusters is None else dict(zip(one.frame.index, one.clusters, strict=True))
        )
        table = ItemTable(
            pair, clusters=None if models is None else tuple(models[w] for w in who),
            unit=one.unit, source=one.source,
        )  # fmt: skip
        parts.append(_occasions(table, str(name), conf_level))
    return estimates(*parts)


def _occasions(table: ItemTable, name: str, conf_level: float) -> Estimates:
    x = table.values
    forms = dict(zip(FORMS, all_intraclass_correlations(x, conf_level=conf_level), strict=True))
    both = x[~np.isnan(x).any(axis=1)]
    found = [*(forms[form] for form in RETEST), pearson(both[:, 0], both[:, 1], conf_level)]
    return Estimates(
        tuple(
            estimate_from(
                over_clusters(table, part, None),
                of=name,
                n_unit=table.unit,
                source=table.source,
                table=table,
            )
            for part in found
        )
    )
