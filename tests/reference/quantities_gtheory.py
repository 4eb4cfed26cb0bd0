"""gtheory.json: variance components and decision studies; mean squares suffice."""

from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, LME4, Comparison, listed, named, printed
from reference_layout import LAYOUTS
from reference_sources import Moments, Rows

from psychometrics.stats.alpha import alpha
from psychometrics.stats.decision_study import decision_grid
from psychometrics.stats.generalizability import generalizability
from psychometrics.stats.variance_components import VarianceComponents, variance_components


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    yield from _three_facets(source.table("brennan3_pxixo"))
    yield from _nested(source.table("brennan4_p_rt"))
    yield from _shrout_lane(source.table("shrout_lane"))
    yield from _persons_by_items(source.table("bfi_neuroticism_pxi_first500"))


def _components(
    table: np.ndarray, name: str, design: str, method: str = "auto"
) -> VarianceComponents:
    index = (axis.ravel() for axis in np.indices(table.shape))
    codes = dict(zip(LAYOUTS[name].axes, index, strict=True))
    return variance_components(table.ravel(), codes, design, method=method)


def _values(found: VarianceComponents, terms: dict[str, str]) -> dict[str, float]:
    return {r: found[ours] for r, ours in terms.items()}


def _three_facets(table: np.ndarray) -> Iterator[Comparison]:
    base, label, design = "gtheory/brennan3_pxixo", "Brennan 3", "person x item x occasion"
    found = _components(table, "brennan3_pxixo", design)
    restricted = _components(table, "brennan3_pxixo", design, "reml")
    crossed = {
        f"{a}{{}}{b}": f"{a} x {b}"
        for a, b in (("person", "item"), ("person", "occasion"), ("item", "occasion"))
    }
    single = {name: name for name in ("person", "item", "occasion")}
    underscored = single | {r.format("_"): t for r, t in crossed.items()} | {"residual": "residual"}
    colon = single | {r.format(":"): t for r, t in crossed.items()} | {"Residual": "residual"}
    three = {"person:item:occasion" if r == "Residual" else r: t for r, t in colon.items()}
    squares = dict(zip(found.terms, found.mean_squares.tolist(), strict=True))
    ms = {r: squares[t] for r, t in three.items()}
    components = _values(found, underscored)
    yield from named(f"{base}/anova_ms", f"{label}: mean square", ms, CLOSED)
    yield from named(f"{base}/anova_components", f"{label}: component", components, CLOSED)
    yield from named(f"{base}/published", f"{label}: published component", components, printed(4))
    reml = _values(restricted, colon)
    yield from named(f"{base}/lmer_reml", f"{label}: REML component", reml, LME4)
    grid = decision_grid(found, "person", {"occasion": [1, 2, 3], "item": [1, 2, 4, 8]})
    designs = [f"{i:g} items, {o:g} occasions" for o, i in grid.numbers]
    for column, values in (("Erho2", grid.relative), ("Phi", grid.absolute)):
        path = f"{base}/dstudy_from_anova/{column}"
        yield from listed(path, f"{label}: {column}", values, CLOSED, of=designs)


def _nested(table: np.ndarray) -> Iterator[Comparison]:
    base, label, design = "gtheory/brennan4_p_rt", "Brennan 4", "person x (rater:task)"
    terms = {"Person": "person", "Task": "task", "Rater:Task": "rater:task",
             "Person:Task": "person x task", "Residual": "residual"}  # fmt: skip
    components = _values(_components(table, "brennan4_p_rt", design), terms)
    printed_right = {r: value for r, value in components.items() if r != "Residual"}
    yield from named(
        f"{base}/published", f"{label}: published component", printed_right, printed(4)
    )
    reml = _values(_components(table, "brennan4_p_rt", design, "reml"), terms)
    for stopped_early in ("Person", "Task"):
        del reml[stopped_early]
    yield from named(f"{base}/lmer_reml", f"{label}: REML component", reml, LME4)


def _shrout_lane(table: np.ndarray) -> Iterator[Comparison]:
    """Crossed and nested components; reliabilities by the formulas of Shrout and Lane (2012)."""
    base, label = "gtheory/shrout_lane", "Shrout and Lane"
    crossed = _components(table, "shrout_lane", "person x time x item", "reml")
    nested = _components(table, "shrout_lane", "item:time:person", "reml")
    terms = ("person", "time", "item", "person x time", "person x item", "time x item", "residual")
    inside = ("person", "time:person", "residual")
    values, shares = [], []
    for found, names in ((crossed, terms), (nested, inside)):
        at = [found.terms.index(name) for name in names]
        values += [*found.values[at], found.values.sum()]
        shares += [*found.shares[at], found.shares.sum()]
    labels = [*terms, "total", *(f"nested {name}" for name in inside), "nested total"]
    path = f"{base}/components"
    for i, (name, value) in enumerate(zip(labels, values, strict=True)):
        if name != "person x item":  # lme4 stopped early
            where, what = f"{path}/variance/{i}", f"{label}: REML component, {name}"
            yield Comparison(where, what, value, LME4)
    yield from listed(f"{path}/Percent", f"{label}: share", shares, LME4, of=labels)

    times, items = 4, 3
    person, time, _, within, by_item, _, rest = (crossed[term] for term in terms)
    universe = person + by_item / items
    reliabilities = {
        "RkF": universe / (universe + rest / (times * items)),
        "R1R": universe / (universe + time + within + rest / items),
        "RkR": universe / (universe + (time + within + rest / items) / times),
        "Rc": within / (within + rest / items),
    }
    what = f"{label}: their formula at our components"
    yield from named(f"{base}/anova", what, reliabilities, LME4)


def _persons_by_items(table: np.ndarray) -> Iterator[Comparison]:
    base, label = "gtheory/bfi_neuroticism_pxi_first500", "neuroticism, first 500"
    found = _components(table, "bfi_neuroticism_pxi_first500", "person x item", "reml")
    terms = {"person": "person", "item": "item", "Residual": "residual"}
    components = _values(found, terms)
    yield from named(f"{base}/lmer_reml", f"{label}: REML component", components, LME4)
    balanced = _components(table, "bfi_neuroticism_pxi_first500", "person x item")
    relative = generalizability(balanced, "person").relative.value
    path = f"{base}/alpha_same_rows"
    yield Comparison(path, f"{label}: alpha, as generalizability", relative, CLOSED)
    if abs(relative - alpha(table).value) > 1e-12:
        raise ValueError("alpha and the relative coefficient of the same rows differ")
