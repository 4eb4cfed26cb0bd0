"""From log-probabilities of token paths to log-probabilities of options."""

from collections.abc import Sequence

import numpy as np

from psychometrics._types import FloatArray, TokenIds

# A remainder p(label) - p(longer labels) below this share of p(label) is lost in float32
# rounding; it is stored as this share, the finest that can be told from nothing.
RESOLUTION = 2.0**-23


def option_log_p(
    paths: Sequence[Sequence[TokenIds]], path_log_p: Sequence[Sequence[float]]
) -> FloatArray:
    """Log-probability of each option's label, over the full vocabulary.

    p(label) = p(its tokens) − Σ p(offered labels that extend it), summed over its spellings.

    Parameters
    ----------
    paths : sequence of sequence of tuple of int
        ``paths[option][spelling]``.
    path_log_p : sequence of sequence of float
        Log-probability of those tokens.

    Returns
    -------
    ndarray of float, shape (n_options,)

    Examples
    --------
    The digit 1 begins 10: of its .6, .2 belong to the longer label.

    >>> log_p = option_log_p([[(1,)], [(1, 0)]], [[np.log(0.6)], [np.log(0.2)]])
    >>> np.exp(log_p).round(3)
    array([0.4, 0.2])
    """
    known = {
        path: log_p
        for option, values in zip(paths, path_log_p, strict=True)
        for path, log_p in zip(option, values, strict=True)
    }
    result = [np.logaddexp.reduce([_net(path, known) for path in option]) for option in paths]
    return np.minimum(np.array(result, dtype=np.float64), 0.0)  # float32 may end just above 1


def _net(path: TokenIds, known: dict[TokenIds, float]) -> float:
    """Log-probability of a path less that of the nearest offered paths that extend it."""
    longer = [p for p in known if len(p) > len(path) and p[: len(path)] == path]
    nearest = [
        p
        for p in longer
        if not any(q != p and len(q) < len(p) and p[: len(q)] == q for q in longer)
    ]
    if not nearest or not np.isfinite(known[path]):
        return known[path]
    share = float(np.exp([known[p] - known[path] for p in nearest]).sum())
    return known[path] + float(np.log(max(1.0 - share, RESOLUTION)))
