"""Several traits by several methods."""

from collections.abc import Mapping

from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import resamples_clusters, settle
from psychometrics.analysis.estimate import estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.multitrait import multitrait_multimethod as of_scores

_ORDER = (
    "convergent",
    "heterotrait_monomethod",
    "heterotrait_heteromethod",
    "over_monomethod",
    "over_heteromethod",
)


@verb
def multitrait_multimethod(
    data: Tabular,
    columns: Mapping[str, tuple[str, str]],
    *,
    absolute: bool = True,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimates:
    """Summarise scores of several traits, each measured by several methods.

    Parameters
    ----------
    data : Scores, ItemTable or DataFrame
        One row a respondent, one column a trait by a method.
    columns : mapping of str to (str, str)
        Trait and method of each column.
    absolute : bool
        Compare the sizes of correlations.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap of respondents, or of their clusters.

    Returns
    -------
    Estimates
        Mean convergent validity (one trait by two methods); mean correlation of different traits
        by one method and by two; and how far the validities lie above either.

    References
    ----------
    Campbell, D. T., & Fiske, D. W. (1959). Convergent and discriminant validation by the
    multitrait-multimethod matrix. Psychological Bulletin, 56(2), 81–105. doi:10.1037/h0046016

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(0)
    >>> traits = rng.normal(size=(100, 2))
    >>> names = ["calm_self", "trust_self", "calm_task", "trust_task"]
    >>> x = traits[:, [0, 1, 0, 1]] + 0.5 * rng.normal(size=(100, 4))
    >>> scores = pd.DataFrame(x, columns=names)
    >>> found = pm.multitrait_multimethod(scores, {n: tuple(n.split("_")) for n in names})
    >>> bool(found[0].ci_low > 0.6)
    True
    """
    table = respondents_table(data, "A multitrait–multimethod matrix").take(tuple(columns))
    if not columns:
        raise DataError("No column is named.", "Give columns={'calm_self': ('calm', 'self'), …}.")
    traits, methods = zip(*columns.values(), strict=True)
    resampled = resamples_clusters(table)
    found = of_scores(
        table.values, traits, methods, conf_level, absolute=absolute, n_resamples=n_resamples,
        seed=seed, clusters=table.clusters if resampled else None,
        kind="percentile" if resampled else "bca",
    )  # fmt: skip
    parts = [settle(table, getattr(found, part), resampled=resampled) for part in _ORDER]
    return Estimates(
        tuple(estimate_from(part, n_unit=table.unit, source=table.source) for part in parts)
    )
