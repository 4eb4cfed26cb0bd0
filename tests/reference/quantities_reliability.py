"""reliability.json: consistency of the scales of the bfi and of the ability test."""

import math
from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, MINRES, Comparison, listed, named
from reference_sources import SCALES, Moments, Rows, items

from psychometrics.stats.alpha import (
    alpha,
    alpha_from_covariance,
    alpha_if_dropped,
    alpha_standard_error,
    feldt_interval,
)
from psychometrics.stats.correlation import correlation_matrix
from psychometrics.stats.disattenuation import disattenuated
from psychometrics.stats.factor_formulas import (
    composite_from_loadings,
    variance_extracted_from_loadings,
)
from psychometrics.stats.guttman import bounds_from_covariance, guttman, residual_variances
from psychometrics.stats.item_covariance import correlation_from_covariance, item_covariance
from psychometrics.stats.item_statistics import ItemStatistics, item_statistics
from psychometrics.stats.mean_interval import mean_interval
from psychometrics.stats.minres import minres
from psychometrics.stats.omega import omega
from psychometrics.stats.split_half import (
    equal_splits,
    split_coefficients,
    split_half_distribution,
)

# Normal quantile as psych writes it.
ROUGH = 1.96


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    for scale in SCALES:
        for kind in ("pairwise", "complete"):
            yield from _consistency(scale, source.scale(scale, complete=kind == "complete"), kind)
            yield from _of_items(scale, source, kind)
        yield from _lower_bounds(scale, source.scale(scale, complete=True))
        yield from _one_factor(scale, source.scale(scale, complete=True))
        yield from _at_ml_loadings(scale, source)
    yield from _pairwise_scores(source)
    yield from _ten_items(source.scale("agree", "conscientious", complete=True))
    yield from _five_factors(source.bfi(complete=True))
    yield from _ability(source.ability())
    yield from _score_items(source)
    yield from _disattenuated(source)


def _correlations(x: np.ndarray) -> np.ndarray:
    return correlation_from_covariance(item_covariance(x).covariance)


def _standard_error(x: np.ndarray, of: np.ndarray | slice = slice(None)) -> float:
    """Of alpha, as R has it: it counts every row with an answer to any of the items of the scale.

    Ours counts fewer where answers are missing, since this covers less than its level.
    """
    rows = int((~np.isnan(x).all(axis=1)).sum())
    return alpha_standard_error(item_covariance(x[:, of]).covariance, rows)


def _off_diagonal(r: np.ndarray) -> np.ndarray:
    return r[np.triu_indices(len(r), 1)]


def _lambda6(r: np.ndarray) -> float:
    return float(1 - residual_variances(r[None]).sum() / r.sum())


def _totals(x: np.ndarray) -> dict[str, float]:
    """What psych prints of a whole scale, without mean and spread of the scores."""
    r = _correlations(x)
    standardised = alpha(x, variant="standardised").value
    return {
        "raw_alpha": alpha(x).value,
        "std.alpha": standardised,
        "G6(smc)": guttman(x, on="correlation").lambda6.value,
        "average_r": _off_diagonal(r).mean(),
        "S/N": standardised / (1 - standardised),
        "ase": _standard_error(x),
        "median_r": float(np.median(_off_diagonal(r))),
    }


def _consistency(scale: str, x: np.ndarray, kind: str) -> Iterator[Comparison]:
    base, label = f"reliability/{scale}/{kind}", f"{scale}, {kind}"
    found = alpha(x)
    yield Comparison(f"{base}/n", f"{label}: units", found.n, CLOSED)
    low, high = feldt_interval(found.value, found.n, x.shape[1])
    error = _standard_error(x)
    yield from named(f"{base}/total", label, _totals(x), CLOSED)
    for name in ("feldt_psych", "feldt_exact_F"):
        limits = {"lower": low, "upper": high}
        yield from named(f"{base}/{name}", f"{label}: Feldt's interval", limits, CLOSED)
    rough = {
        "ase": error,
        "lower": found.value - ROUGH * error,
        "upper": found.value + ROUGH * error,
    }
    yield from named(f"{base}/duhachek", f"{label}: delta method at R's 1.96", rough, CLOSED)
    if kind == "complete":
        yield from _scores(base, label, x)


def _scores(
    base: str, label: str, x: np.ndarray, complete: np.ndarray | None = None
) -> Iterator[Comparison]:
    """Mean and spread of the mean of the answers, and of their sum in complete rows."""
    more = complete is not None
    means = mean_interval(np.nanmean(x, axis=1))
    sums = mean_interval((complete if complete is not None else x).sum(axis=1))
    of_mean = {"mean": means.mean, "sd": means.standard_error * math.sqrt(means.n)}
    of_sum = {"mean": sums.mean, "var": sums.standard_error**2 * sums.n}
    yield from named(f"{base}/total", f"{label}: mean answer", of_mean, CLOSED, needs_rows=more)
    yield from named(f"{base}/scale_mean_var", f"{label}: sum", of_sum, CLOSED, needs_rows=more)


def _pairwise_scores(source: Rows | Moments) -> Iterator[Comparison]:
    if not isinstance(source, Rows):
        return
    for scale in SCALES:
        x = source.scale(scale, complete=False)
        complete = x[~np.isnan(x).any(axis=1)]
        yield from _scores(f"reliability/{scale}/pairwise", f"{scale}, pairwise", x, complete)


def _of_items(scale: str, source: Rows | Moments, kind: str) -> Iterator[Comparison]:
    base, label, names = f"reliability/{scale}/{kind}", f"{scale}, {kind}", items(scale)
    x = source.scale(scale, complete=kind == "complete")
    covariance = item_covariance(x).covariance
    r = correlation_from_covariance(covariance)
    others = [np.delete(np.arange(len(r)), j) for j in range(len(r))]
    rest = [r[np.ix_(j, j)] for j in others]
    standardised = alpha_if_dropped(r)
    dropped = {
        "raw_alpha": alpha_if_dropped(covariance),
        "std.alpha": standardised,
        "G6(smc)": [guttman(x[:, j], on="correlation").lambda6.value for j in others],
        "average_r": [_off_diagonal(part).mean() for part in rest],
        "S/N": standardised / (1 - standardised),
        "alpha se": [_standard_error(x, j) for j in others],
        "var.r": [_off_diagonal(part).var(ddof=1) for part in rest],
        "med.r": [float(np.median(_off_diagonal(part))) for part in rest],
    }
    for column, values in dropped.items():
        path = f"{base}/alpha_drop/{column}"
        yield from listed(path, f"{label}: {column} without", values, CLOSED, of=names)
    found = item_statistics(x)
    units = (x - found.mean) / found.sd
    yield from _item_columns(
        base, label, names,
        {
            "std.r": item_statistics(units).item_total if kind == "complete" else _std_r(r),
            "r.cor": found.item_total_corrected,
            "r.drop": found.item_rest,
        },
    )  # fmt: skip
    if kind == "complete" or source.has_rows:
        yield from _item_columns(base, label, names, _raw_columns(found), kind == "pairwise")


def _std_r(r: np.ndarray) -> np.ndarray:
    """Correlation of each item with the sum of the standardised items, of pairwise correlations."""
    return r.sum(axis=0) / np.sqrt(r.sum())


def _raw_columns(found: ItemStatistics) -> dict[str, np.ndarray]:
    return {"n": found.n, "raw.r": found.item_total, "mean": found.mean, "sd": found.sd}


def _item_columns(
    base: str,
    label: str,
    names: list[str],
    columns: dict[str, np.ndarray],
    needs_rows: bool = False,
) -> Iterator[Comparison]:
    for column, values in columns.items():
        yield from listed(
            f"{base}/item_stats/{column}", f"{label}: {column}", values, CLOSED, of=names,
            needs_rows=needs_rows,
        )  # fmt: skip


def _splits(k: int) -> np.ndarray:
    """The splits that psych 2.2.9 looks at: of an odd number of items, half of them."""
    return equal_splits(k)[: math.comb(k, k // 2) // 2]


def _lower_bounds(scale: str, x: np.ndarray) -> Iterator[Comparison]:
    base, label = f"reliability/{scale}", f"{scale}, complete, correlations"
    r = _correlations(x)
    splits = _splits(len(r))
    halves = split_coefficients(r, splits)
    bounds = bounds_from_covariance(r[None], splits)[0].tolist()
    full = guttman(x, on="correlation")
    split = {
        "max_lambda4": halves.max(),
        "min_beta": halves.min(),
        "mean": halves.mean(),
        "alpha": full.lambda3.value,
        "lambda2": full.lambda2.value,
        "lambda6": full.lambda6.value,
        "median": float(np.median(_off_diagonal(r))),
    }
    yield from named(f"{base}/splithalf", f"{label}: psych's splits", split, CLOSED)
    yield from listed(f"{base}/splithalf/all_splits", f"{label}: split", halves, CLOSED)
    guttmans = {
        "lambda1": full.lambda1.value,
        "lambda2": full.lambda2.value,
        "lambda3": full.lambda3.value,
        "lambda4": bounds[3],
        "lambda5": full.lambda5.value,
        "lambda6": full.lambda6.value,
    }
    yield from named(f"{base}/guttman", f"{label}: Guttman", guttmans, CLOSED)
    mu = {f"mu{i}": getattr(full, f"mu{i}").value for i in range(4)}
    yield from named(f"{base}/tenberge_mu", f"{label}: ten Berge and Zegers", mu, CLOSED)


def _one_factor(scale: str, x: np.ndarray) -> Iterator[Comparison]:
    base, label, names = f"reliability/{scale}", f"{scale}, complete", items(scale)
    r = _correlations(x)
    for part in ("omega_psych_1f", "omega_psych_3f_minres_oblimin"):
        same = {"alpha": alpha(x, variant="standardised").value, "g6": _lambda6(r)}
        yield from named(f"{base}/{part}", f"{label}: beside omega", same, CLOSED)
    one = f"{base}/omega_psych_1f"
    value = omega(x, variant="standardised", interval="none").value
    yield Comparison(f"{one}/omega_tot", f"{label}: omega total, standardised", value, MINRES)
    loadings = dict(zip(names, minres(r).loadings[:, 0].tolist(), strict=True))
    yield from named(f"{one}/loadings", f"{label}: minres loading", loadings, MINRES)


def _at_ml_loadings(scale: str, source: Rows | Moments) -> Iterator[Comparison]:
    """Formulas of one factor, evaluated at lavaan's standardised loadings."""
    base, label = f"reliability/{scale}/omega_cfa_1f", f"{scale}, at lavaan's loadings"
    loadings = np.array(list(source.given(f"{base}/std_loadings").values()))
    values = {
        "composite_reliability_std": composite_from_loadings(loadings, 1 - loadings**2),
        "ave_std": variance_extracted_from_loadings(loadings, 1 - loadings**2),
    }
    yield from named(base, label, values, CLOSED)


def _ten_items(x: np.ndarray) -> Iterator[Comparison]:
    base, label = "reliability/agree_conscientious_10", "agree and conscientious"
    found, bounds = split_half_distribution(x, on="correlation"), guttman(x, on="correlation")
    r = _correlations(x)
    split = {
        "max_lambda4": found.maximum,
        "min_beta": found.minimum,
        "mean": found.mean,
        "median": float(np.median(_off_diagonal(r))),
        "alpha": bounds.lambda3.value,
        "lambda2": bounds.lambda2.value,
        "lambda6": bounds.lambda6.value,
        "n_splits": found.n_splits,
    }
    yield from named(f"{base}/splithalf", f"{label}: split halves", split, CLOSED)
    scores = mean_interval(x.mean(axis=1))
    of_mean = {"mean": scores.mean, "sd": scores.standard_error * math.sqrt(scores.n)}
    yield from named(f"{base}/alpha", label, {**_totals(x), **of_mean}, CLOSED)


def _five_factors(x: np.ndarray) -> Iterator[Comparison]:
    """All 25 items, with those reversed that psych reversed to load on its general factor."""
    base, label, names = "reliability/omega_all25_5f", "25 items", items(*SCALES)
    turned = np.where([name in ("N1", "N2", "N3", "N4", "N5", "O4") for name in names], -1, 1)
    r = _correlations(x * turned)
    solution = minres(r, 5)
    same = {"alpha": float(alpha_from_covariance(r)), "g6": _lambda6(r)}
    yield from named(base, f"{label}: beside omega", same, CLOSED)
    total = float(1 - solution.uniquenesses.sum() / r.sum())
    yield Comparison(f"{base}/omega_tot", f"{label}: omega total, five factors", total, MINRES)
    for i, (name, u2) in enumerate(zip(names, solution.uniquenesses.tolist(), strict=True)):
        path = f"{base}/sl/values/{i}"
        yield Comparison(f"{path}/6", f"{label}: communality, {name}", 1 - u2, MINRES)
        yield Comparison(f"{path}/7", f"{label}: uniqueness, {name}", u2, MINRES)


def _ability(x: np.ndarray) -> Iterator[Comparison]:
    base = "reliability/ability16"
    found = item_statistics(x)
    yield Comparison(f"{base}/n", "ability: units", found.n_units, CLOSED)
    value = alpha(x).value
    yield Comparison(f"{base}/alpha_raw", "ability: raw alpha", value, CLOSED)
    yield from listed(f"{base}/item_rest", "ability: item-rest r", found.item_rest, CLOSED)
    # For 0/1 items the difficulty is the mean.
    names = ("reason.4 reason.16 reason.17 reason.19 letter.7 letter.33 letter.34 letter.58 "
             "matrix.45 matrix.46 matrix.47 matrix.55 rotate.3 rotate.4 rotate.6 rotate.8")  # fmt: skip
    difficulty = dict(zip(names.split(), found.mean.tolist(), strict=True))
    yield from named(f"{base}/p", "ability: difficulty", difficulty, CLOSED)


def _score_items(source: Rows | Moments) -> Iterator[Comparison]:
    """What psych computes from the pairwise covariances of all 25 items."""
    base = "reliability/scoreItems"
    alphas = [alpha(source.scale(scale, complete=False)).value for scale in SCALES]
    yield from listed(f"{base}/alpha", "scoreItems: raw alpha", alphas, CLOSED, of=SCALES)
    x = source.bfi(complete=False)
    covariance = item_covariance(x).covariance
    left = residual_variances(covariance[None])[0]
    member = np.kron(np.eye(len(SCALES)), np.ones((1, 5)))
    of_totals = member @ covariance @ member.T
    lambda6 = 1 - member @ left / np.diagonal(of_totals)
    label = "scoreItems: lambda-6, items regressed on all 25"
    yield from listed(f"{base}/G6", label, lambda6, CLOSED, of=SCALES)
    r = correlation_from_covariance(of_totals)
    yield from _matrix(f"{base}/raw_correlations", "scoreItems: r of the totals", r)
    corrected = _corrected(r, np.array(alphas), len(x))
    path = f"{base}/corrected_for_attenuation"
    yield from _matrix(path, "scoreItems: r, alpha, disattenuated", corrected)


def _disattenuated(source: Rows | Moments) -> Iterator[Comparison]:
    base, label = "reliability/disattenuated_complete", "scales, complete"
    scores = np.stack([source.scale(s, complete=True).mean(axis=1) for s in SCALES], axis=1)
    alphas = {s: alpha(source.scale(s, complete=True)).value for s in SCALES}
    r = correlation_matrix(scores).r
    corrected = _corrected(r, np.array(list(alphas.values())), len(scores))
    above = np.triu(corrected, 1)
    yield from named(f"{base}/alpha", f"{label}: raw alpha", alphas, CLOSED)
    yield from _matrix(f"{base}/r", f"{label}: r", r)
    yield from _matrix(f"{base}/corrected", f"{label}: r, alpha, disattenuated", corrected)
    yield from _matrix(f"{base}/direct", f"{label}: disattenuated", above + above.T, diagonal=False)


def _corrected(r: np.ndarray, alphas: np.ndarray, n: int) -> np.ndarray:
    """As psych prints it: r below the diagonal, alpha on it, disattenuated r above."""
    table = np.tril(r, -1) + np.diag(alphas)
    for i, j in zip(*np.triu_indices(len(r), 1), strict=True):
        table[i, j] = disattenuated(float(r[i, j]), alphas[i], alphas[j], n).value
    return table


def _matrix(
    path: str, label: str, values: np.ndarray, *, diagonal: bool = True
) -> Iterator[Comparison]:
    for i, row in enumerate(SCALES):
        for j, column in enumerate(SCALES):
            if diagonal or i != j:
                yield Comparison(
                    f"{path}/values/{i}/{j}", f"{label}, {row} with {column}",
                    float(values[i, j]), CLOSED,
                )  # fmt: skip
