"""validity.json: ratios of heterotrait to monotrait correlations, Fornell and Larcker's table."""

from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, Comparison, listed, named
from reference_sources import SCALES, Moments, Rows

from psychometrics.stats.alpha import alpha
from psychometrics.stats.correlation import correlation_matrix
from psychometrics.stats.fornell_larcker import fornell_larcker
from psychometrics.stats.heterotrait import heterotrait_matrix

LETTERS = ("A", "C", "E", "N", "O")


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    r = correlation_matrix(source.bfi(complete=True)).r
    ratios = heterotrait_matrix(
        r, [letter for letter in LETTERS for _ in range(5)], variant="htmt2"
    )
    for part in ("htmt", "htmt2"):
        for i, j in np.argwhere(~np.eye(5, dtype=bool)):
            yield Comparison(
                f"validity/{part}/values/{i}/{j}",
                f"semTools' {part}, geometric means: {LETTERS[i]} with {LETTERS[j]}",
                float(ratios[i, j]), CLOSED,
            )  # fmt: skip
    alphas = [alpha(source.scale(scale, complete=True)).value for scale in SCALES]
    path = "validity/reliability_table/values/0"
    yield from listed(path, "semTools: raw alpha", alphas, CLOSED, of=SCALES)
    extracted = list(source.given("validity/AVE_std").values())
    table = fornell_larcker(extracted, source.given("validity/latent_cor/values"), LETTERS).table
    roots = dict(zip(LETTERS, np.diagonal(table).tolist(), strict=True))
    label = "Fornell and Larcker's diagonal at R's variances extracted"
    yield from named("validity/fornell_larcker_sqrt_ave", label, roots, CLOSED)
