"""alpha_bootstrap.json: bootstrap of alpha; moments do not suffice."""

from collections.abc import Iterator

from reference_comparison import CLOSED, LIMITS, SPREAD, Comparison, listed
from reference_sources import Moments, Rows

from psychometrics.stats.alpha import alpha, bootstrap_alpha


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    label = "neuroticism, 2,000 resamples"
    x = source.scale("neuroticism", complete=True)
    yield Comparison("alpha_bootstrap/n", f"{label}: units", alpha(x).n, CLOSED)
    yield Comparison("alpha_bootstrap/alpha", f"{label}: raw alpha", alpha(x).value, CLOSED)
    if not source.has_rows:
        return
    drawn = bootstrap_alpha(x, 2000, 1)
    yield Comparison("alpha_bootstrap/boot_se", f"{label}: se", drawn.standard_error, SPREAD, True)
    for path, kind in (("perc", "percentile"), ("bca", "bca")):
        yield from listed(
            f"alpha_bootstrap/{path}", f"{label}: {kind} limits", drawn.limits(kind), LIMITS,
            of=("lower", "upper"), needs_rows=True,
        )  # fmt: skip
