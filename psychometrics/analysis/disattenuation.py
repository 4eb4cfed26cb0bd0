"""The correlation of two constructs, freed of the unreliability of their scales."""

import numpy as np

from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import resamples_clusters, settle
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.disattenuation import disattenuated_from_items


@verb
def disattenuated_correlation(
    data: Tabular,
    first: str,
    second: str,
    *,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Correlation of two scales, divided by the root of the product of their alphas.

    Parameters
    ----------
    data : Responses, ItemTable
        Keyed answers with scales.
    first, second : str
        Scales that share no item.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap of respondents, or of models where respondents hang together; correlation
        and alphas are computed anew in every resample.

    Returns
    -------
    Estimate
        Not cut at 1: a value above it says that the alphas are too low for the correlation.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        There is no such scale, or the two share an item.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology, 15(1), 72–101. doi:10.2307/1412159

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(3)
    >>> traits = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 200)
    >>> x = traits[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(200, 6))
    >>> names = [f"item_{n}" for n in range(1, 7)]
    >>> table = pm.item_table(x, scales={"calm": names[:3], "trust": names[3:]})
    >>> found = pm.disattenuated_correlation(table, "calm", "trust", n_resamples=500)
    >>> found.ci_low < 0.6 < found.ci_high
    True
    """
    table = respondents_table(data, "A disattenuated correlation")
    parts = [table.scale(name) for name in (first, second)]
    shared = set(parts[0].frame.columns) & set(parts[1].frame.columns)
    if shared:
        raise DataError(
            f"{first!r} and {second!r} share the item {sorted(map(str, shared))[0]!r}.",
            "Choose scales that share no item.",
        )
    resampled = resamples_clusters(table)
    found = disattenuated_from_items(
        parts[0].values, parts[1].values, conf_level, n_resamples=n_resamples, seed=seed,
        clusters=np.array(table.clusters) if resampled else None,
        kind="percentile" if resampled else "bca",
    )  # fmt: skip
    return estimate_from(
        settle(table, found, resampled=resampled), n_unit=table.unit, of=f"{first} with {second}",
        source=table.source,
    )  # fmt: skip
