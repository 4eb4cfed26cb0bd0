"""agreement.json: kappas and Krippendorff's alpha; counts suffice."""

from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, Comparison, listed, named, printed
from reference_sources import Moments, Rows

from psychometrics.stats.cohens_kappa import cohens_kappa_of_table
from psychometrics.stats.fleiss_kappa import fleiss_kappa_of_counts
from psychometrics.stats.krippendorff import METRICS, krippendorffs_alpha

# Cohen (1968): weights of disagreement.
DISAGREEMENT = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
LIMITS = ("lower", "estimate", "upper")


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    yield from _cohen(source)
    yield from _fleiss(source)
    ratings = _units(source.counts("krippendorff_4x12"), 4)
    base, label = "agreement/krippendorff_4x12", "Krippendorff's 12 units"
    alphas = {m: krippendorffs_alpha(ratings, metric=m, interval="none").value for m in METRICS}
    yield from named(f"{base}/published", f"{label}: published alpha", alphas, printed(3))
    yield from named(f"{base}/irr", f"{label}: alpha", alphas, CLOSED)


def _cohen(source: Rows | Moments) -> Iterator[Comparison]:
    table, weights = source.counts("cohen_1968"), 1 - DISAGREEMENT / DISAGREEMENT.max()
    base, label = "agreement/cohen_1968", "Cohen (1968)"
    plain = cohens_kappa_of_table(table, interval="wald")
    weighted = cohens_kappa_of_table(table, weights=weights)
    values = {"n": plain.n, "kappa": plain.value, "var_kappa": plain.se**2,
              "weighted_kappa": weighted.value}  # fmt: skip
    yield from named(base, label, values, CLOSED)
    limits = (plain.low, plain.value, plain.high)
    path = f"{base}/confid/values"
    yield from listed(f"{path}/0", f"{label}: kappa, Wald's interval", limits, CLOSED, of=LIMITS)
    yield Comparison(f"{path}/1/1", f"{label}: weighted kappa", weighted.value, CLOSED)

    table, base, label = source.counts("counts_3x3"), "agreement/counts_3x3", "3 x 3 counts"
    plain = cohens_kappa_of_table(table, interval="wald")
    linear, quadratic = (
        cohens_kappa_of_table(table, weights=w).value for w in ("linear", "quadratic")
    )
    values = {"kappa": plain.value, "var_kappa": plain.se**2, "linear": linear,
              "quadratic": quadratic}  # fmt: skip
    yield from named(base, label, values, CLOSED)
    limits = (plain.low, plain.value, plain.high)
    path = f"{base}/confid/values"
    yield from listed(f"{path}/0", f"{label}: kappa, Wald's interval", limits, CLOSED, of=LIMITS)
    yield Comparison(f"{path}/1/1", f"{label}: quadratic kappa", quadratic, CLOSED)
    yield Comparison("agreement/t2_irr/unweighted", f"{label}: kappa by irr", plain.value, CLOSED)


def _fleiss(source: Rows | Moments) -> Iterator[Comparison]:
    base, label = "agreement/fleiss_10x14", "Fleiss, 10 units, 14 raters"
    kappa = fleiss_kappa_of_counts(source.counts("fleiss_10x14")).overall.value
    yield Comparison(f"{base}/kappa", f"{label}: kappa", kappa, CLOSED)
    yield Comparison(f"{base}/published", f"{label}: published kappa", kappa, printed(3))

    base, label = "agreement/fleiss_1971_diagnoses", "Fleiss (1971)"
    found = fleiss_kappa_of_counts(source.counts("fleiss_1971_diagnoses"))
    values = {"kappa": found.overall.value, "z": found.overall_test.z, "p": found.overall_test.p}
    yield from named(base, label, values, CLOSED)
    path = f"{base}/published"
    yield Comparison(path, f"{label}: published kappa", found.overall.value, printed(3))
    for i, (c, test) in enumerate(zip(found.categories, found.category_tests, strict=True)):
        path, what = f"{base}/detail/values/{i}", f"{label}: category {i + 1}"
        numbers = (c.value, test.z, test.p)
        yield from listed(path, what, numbers, printed(3), of=("kappa", "z", "p"))
    pairs = [cohens_kappa_of_table(table).value for table in source.pairs_of_raters()]
    light = float(np.mean(pairs))
    path = f"{base}/light"
    yield Comparison(path, f"{label}: mean of Cohen's kappas (Light)", light, CLOSED)


def _units(counts: np.ndarray, raters: int) -> np.ndarray:
    """Ratings of units of whom it is known how often each value 1, 2, … was given."""
    ratings = np.full((len(counts), raters), np.nan)
    for row, of_unit in zip(ratings, counts.astype(int), strict=True):
        given = np.repeat(np.arange(1, len(of_unit) + 1), of_unit)
        row[: len(given)] = given
    return ratings
