"""Discriminant validity: scales that measure different things do not merge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import account, resamples_clusters, settle
from psychometrics.analysis.estimate import estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import Source
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats import fornell_larcker as criterion
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.heterotrait import heterotrait_ratios
from psychometrics.stats.omega import average_variance_extracted, composite_reliability


@dataclass(frozen=True)
class FornellLarcker:
    """The criterion's table.

    Parameters
    ----------
    result : psychometrics.stats.fornell_larcker.FornellLarcker
        Roots of the average variances extracted on the diagonal, latent correlations beside it.
    n : int
    method : str
        How the latent correlations were had.
    source : Source
    note : str
        How many respondents hang together.
    """

    result: criterion.FornellLarcker
    n: int
    method: str
    source: Source
    note: str = ""

    @property
    def violations(self) -> tuple[tuple[str, str], ...]:
        """Pairs of scales that the criterion does not tell apart."""
        return self.result.violations

    def to_frame(self) -> pd.DataFrame:
        """Return the square table."""
        return pd.DataFrame(self.result.table, index=self.result.names, columns=self.result.names)

    def __repr__(self) -> str:
        k = len(self.result.names)
        return (
            f"<FornellLarcker: {k} scales, n = {self.n}, {len(self.violations)} of "
            f"{k * (k - 1) // 2} pairs not told apart>"
        )


@verb
def htmt(
    data: Tabular,
    *,
    scales: Sequence[str] | None = None,
    variant: str = "htmt",
    absolute: bool = True,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimates:
    """Ratio of heterotrait to monotrait correlations, for every two scales.

    Parameters
    ----------
    data : Responses, ItemTable
        Keyed answers with scales; see :func:`psychometrics.item_table`.
    scales : sequence of str, optional
        Which to compare; no item may count in two of them. All if not given.
    variant : {"htmt", "htmt2"}
        Arithmetic or geometric means of the correlations.
    absolute : bool
        Of the sizes of the correlations.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap, which resamples models where respondents hang together.

    Returns
    -------
    Estimates
        Rows with a missing answer are left out.

    Raises
    ------
    DataError
        Scales share items, or there are fewer than two.

    References
    ----------
    Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing discriminant
    validity in variance-based structural equation modeling. Journal of the Academy of Marketing
    Science, 43(1), 115–135. doi:10.1007/s11747-014-0403-8

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(3)
    >>> traits = rng.normal(size=(200, 1)) + rng.normal(size=(200, 2))
    >>> x = traits[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(200, 6))
    >>> names = [f"item_{n}" for n in range(1, 7)]
    >>> table = pm.item_table(x, scales={"calm": names[:3], "trust": names[3:]})
    >>> pm.htmt(table, n_resamples=500)[0]
    HTMT of calm with trust = 0.550 [0.435, 0.642], n = 200 respondents
    """
    table = respondents_table(data, "HTMT")
    chosen = _disjoint(table, scales)
    columns = [item for name in chosen for item in table.scales[name]]
    labels = [name for name in chosen for _ in table.scales[name]]
    resampled = resamples_clusters(table)
    found = heterotrait_ratios(
        table.take(columns).values, labels, conf_level, variant=variant, absolute=absolute,
        n_resamples=n_resamples, seed=seed, clusters=table.clusters if resampled else None,
        kind="percentile" if resampled else "bca",
    )  # fmt: skip
    return Estimates(
        tuple(
            estimate_from(
                settle(table, pair, resampled=resampled),
                n_unit=table.unit,
                of=f"{a} with {b}",
                source=table.source,
            )
            for (a, b), pair in found.pairs.items()
        )
    )


@verb
def fornell_larcker(data: Tabular, *, scales: Sequence[str] | None = None) -> FornellLarcker:
    """Compare the root of each average variance extracted with the latent correlations.

    Parameters
    ----------
    data : Responses, ItemTable
        Keyed answers with scales of three items or more.
    scales : sequence of str, optional
        Which to compare; no item may count in two of them. All if not given.

    Returns
    -------
    FornellLarcker
        The latent correlations are those of the scale means, disattenuated by composite
        reliability; a factor model gives others. A rule without an interval.

    Raises
    ------
    DataError
        Scales share items, or there are fewer than two.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable
    variables and measurement error. Journal of Marketing Research, 18(1), 39–50.
    doi:10.1177/002224378101800104

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(3)
    >>> traits = rng.normal(size=(200, 1)) + rng.normal(size=(200, 2))
    >>> x = traits[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(200, 6))
    >>> names = [f"item_{n}" for n in range(1, 7)]
    >>> pm.fornell_larcker(pm.item_table(x, scales={"calm": names[:3], "trust": names[3:]}))
    <FornellLarcker: 2 scales, n = 200, 0 of 1 pairs not told apart>
    """
    table = respondents_table(data, "Fornell and Larcker's criterion")
    chosen = _disjoint(table, scales)
    parts = {name: table.scale(name) for name in chosen}
    extracted = _values(parts, average_variance_extracted)
    reliability = _values(parts, composite_reliability)
    means = table.scale_means()[list(chosen)]
    latent: FloatArray = means.corr().to_numpy() / np.sqrt(np.outer(reliability, reliability))
    np.fill_diagonal(latent, 1.0)
    found = criterion.fornell_larcker(extracted, latent, chosen)
    method = "correlations of scale means disattenuated by composite reliability"
    return FornellLarcker(found, len(means.dropna()), method, table.source, account(table))


def _values(parts: Mapping[str, ItemTable], function: Callable[..., Coefficient]) -> FloatArray:
    """Coefficient of each scale; a scale that has none is refused with the reason."""
    found = {name: function(part.values, interval="none") for name, part in parts.items()}
    for name, coefficient in found.items():
        if np.isnan(coefficient.value):
            raise DataError(
                f"{coefficient.name} of {name!r} does not exist: "
                f"{parts[name].named(coefficient.note)}.",
                "Leave the scale out: scales=[…].",
            )
    return np.array([coefficient.value for coefficient in found.values()])


def _disjoint(table: ItemTable, scales: Sequence[str] | None) -> tuple[str, ...]:
    chosen = tuple(table.scales if scales is None else scales)
    for name in chosen:
        table.scale(name)
    if len(chosen) < 2:
        raise DataError(
            f"There are {len(chosen)} scales; two are needed.",
            "Name them: pm.item_table(scales=…).",
        )
    owner: dict[str, str] = {}
    for name in chosen:
        for item in table.scales[name]:
            if item in owner:
                raise DataError(
                    f"Item {item!r} counts in {owner[item]!r} and in {name!r}.",
                    "Choose scales that share no item, such as the domains: scales=[…].",
                )
            owner[item] = name
    return chosen
