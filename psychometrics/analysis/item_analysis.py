"""Items of scales one by one: location, spread, relation to the rest, keying."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import BoolArray, FloatArray
from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import FEWEST, account, resamples_clusters
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import Source
from psychometrics.analysis.verb import verb
from psychometrics.stats.bootstrap import bootstrap_many
from psychometrics.stats.item_covariance import Missing
from psychometrics.stats.item_statistics import item_rest_correlations, item_statistics
from psychometrics.stats.resampled_covariances import resampled_covariances

_RENAMED = {"suspected_reversed": "suspect_key"}


@dataclass(frozen=True)
class ItemAnalysis:
    """Statistics of items within their scales.

    Parameters
    ----------
    frame : DataFrame
        One row an item of a scale: ``scale``, ``item``; ``n`` answers and ``missing``; ``mean``,
        ``sd``; ``item_rest`` correlation with its interval ``item_rest_low``, ``item_rest_high``;
        ``item_total``, ``item_total_corrected``; ``alpha_if_dropped``; ``floor`` and ``ceiling``,
        shares of answers nearest to the ends; ``difficulty``, the mean as a share of the range;
        ``discrimination``, upper less lower 27 % of respondents as a share of the range;
        ``suspect_key``, whether the item runs against its scale beyond chance; ``note``, why
        something is missing.
    shares : DataFrame or None
        Items × answer options: share of answers nearest to each; None without known limits.
    unit : str
    conf_level : float
    method, reference, note : str
    source : Source
    """

    frame: pd.DataFrame
    shares: pd.DataFrame | None
    unit: str
    conf_level: float
    method: str
    reference: str
    note: str
    source: Source

    @property
    def suspects(self) -> tuple[str, ...]:
        """Items that run against their scale: look at their key."""
        return tuple(self.frame.loc[self.frame["suspect_key"], "item"].unique())

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.frame

    def __repr__(self) -> str:
        scales, n = self.frame["scale"].nunique(), int(np.nan_to_num(self.frame["n"].max()))
        suspects = f"; against their scale: {', '.join(self.suspects)}" if self.suspects else ""
        return (
            f"<ItemAnalysis: {len(self.frame)} items of {scales} scales, up to {n} {self.unit}"
            f"{suspects}>"
        )

    def _repr_html_(self) -> str:
        return self.frame.round(2).to_html(escape=True, index=False)


@verb
def item_analysis(
    data: Tabular,
    *,
    scales: Sequence[str] | None = None,
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
) -> ItemAnalysis:
    """Look at each item within its scale.

    Parameters
    ----------
    data : Responses, ItemTable, DataFrame or ndarray
        One row a respondent, keyed; a table without scales is one scale. Floor, ceiling,
        difficulty and discrimination need ``limits``: see :func:`psychometrics.item_table`.
    scales : sequence of str, optional
        Which; all if not given.
    missing : {"pairwise", "listwise"}
    conf_level : float
        Of the item-rest correlations.

    Returns
    -------
    ItemAnalysis

    Raises
    ------
    UnitError
        One respondent: items correlate over respondents.
    DataError
        The table cannot be used, or there is no such scale.

    References
    ----------
    Kelley, T. L. (1939). The selection of upper and lower groups for the validation of test items.
    Journal of Educational Psychology, 30(1), 17–24. doi:10.1037/h0057123

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
    >>> x[:, 2] *= -1
    >>> pm.item_analysis(x)
    <ItemAnalysis: 5 items of 1 scales, up to 60 respondents; against their scale: item_3>
    """
    table = respondents_table(data, "Item analysis")
    chosen = tuple(table.scales if scales is None else scales)
    sets = {name: table.scale(name) for name in chosen} if chosen else {"": table}
    frames, notes = [], dict[str, None]()
    for name, own in sets.items():
        found = item_statistics(
            own.values, scale_range=own.limits, missing=missing, conf_level=conf_level
        )
        columns = {_RENAMED.get(k, k): v for k, v in found.columns().items()}
        columns |= _over_clusters(own, conf_level)
        note, items = own.named(found.note), list(map(str, own.frame.columns))
        frames.append(pd.DataFrame({"scale": name, "item": items, **columns, "note": note}))
        notes[note] = None
    if table.is_clustered:
        notes[account(table)] = None
        notes["" if _stands(table) else f"no intervals: fewer than {FEWEST} clusters"] = None
    frame = pd.concat(frames, ignore_index=True)
    shares = _shares(table, list(dict.fromkeys(frame["item"])))
    if shares is not None:
        ends = shares.reindex(frame["item"])
        frame["floor"], frame["ceiling"] = ends.iloc[:, 0].to_numpy(), ends.iloc[:, -1].to_numpy()
    return ItemAnalysis(
        frame, shares, table.unit, conf_level, found.method, found.reference,
        "; ".join(filter(None, notes)), table.source,
    )  # fmt: skip


def _stands(table: ItemTable) -> bool:
    return table.n_clusters == 1 or resamples_clusters(table)


def _over_clusters(table: ItemTable, conf_level: float) -> dict[str, FloatArray | BoolArray]:
    """What item-rest intervals and keys are where rows hang together; empty where they do not."""
    k = table.frame.shape[1]
    if not table.is_clustered or table.n_clusters == 1:
        return {}
    low, high = np.full(k, np.nan), np.full(k, np.nan)
    if resamples_clusters(table):
        x = table.values
        drawn = bootstrap_many(
            lambda weights: item_rest_correlations(resampled_covariances(x, weights)),
            len(x), clusters=table.clusters, bca=False,
        )  # fmt: skip
        low, high = np.array([d.limits("percentile", conf_level) for d in drawn]).T
    return {"item_rest_low": low, "item_rest_high": high, "suspect_key": high < 0}


def _shares(table: ItemTable, items: list[str]) -> pd.DataFrame | None:
    if table.limits is None:
        return None
    low, high = table.limits
    options = np.arange(low, high + 1)
    frame = table.frame.set_axis(list(map(str, table.frame.columns)), axis=1)[items]
    counts = pd.DataFrame(
        {option: ((frame - low).round() + low == option).sum() for option in options}
    )
    total = counts.sum(axis=1).replace(0, np.nan)
    return counts.div(total, axis=0)
