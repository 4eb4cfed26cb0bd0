"""Draw the next token of each row with a random number of its own, and keep its log-probability.

The random numbers come from the row's seed alone, and the token is found in the cumulative
distribution in the order of the vocabulary: what is computed beside a row cannot change it, but
for rounding.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


def uniforms(seed: int, n: int) -> np.ndarray:
    """Numbers from 0 to below 1 for the first ``n`` tokens of one answer, shape (n,).

    Counter-based (Salmon et al., 2011, doi:10.1145/2063384.2063405): a longer answer begins with
    the same numbers.
    """
    return np.random.Generator(np.random.Philox(key=seed)).random(n)


def draw(
    logits: "torch.Tensor", u: "torch.Tensor", temperature: float, top_p: float
) -> "torch.Tensor":
    """Token of each row.

    Parameters
    ----------
    logits : Tensor, shape (n_rows, n_vocabulary)
    u : Tensor, shape (n_rows,)
        From 0 to below 1, in the number format to draw in.
    temperature : float
        0 takes the most probable token.
    top_p : float

    Returns
    -------
    Tensor of int, shape (n_rows,)
    """
    import torch

    if temperature == 0:
        return logits.argmax(-1)
    p = torch.softmax(logits.to(u.dtype) / temperature, -1)
    if top_p < 1:
        ordered, place = p.sort(dim=-1, descending=True, stable=True)
        beyond = ordered.cumsum(-1) - ordered >= top_p
        p = p.masked_fill(torch.zeros_like(beyond).scatter(-1, place, beyond), 0)
    total = p.cumsum(-1)
    token = (total <= (u * total[:, -1])[:, None]).sum(-1)
    last = p.shape[-1] - 1 - (p > 0).flip(-1).int().argmax(-1)
    return torch.minimum(token, last)


class DrawToken:
    """A step of ``generate``: lets only the drawn token stand.

    Parameters
    ----------
    seeds : sequence of int
        One for each row.
    n_steps : int
        Longest answer in tokens.
    temperature, top_p : float
    """

    def __init__(
        self, seeds: Sequence[int], n_steps: int, temperature: float, top_p: float
    ) -> None:
        self._temperature, self._top_p = temperature, top_p
        self._u = np.stack([uniforms(seed, n_steps) for seed in seeds], axis=1)
        self.log_p: list[torch.Tensor] = []

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Draw one token a row from untouched logits, shape (n_rows, n_vocabulary)."""
        import torch

        scores = scores.float()
        u = _on(scores.device, self._u[len(self.log_p)])
        token = draw(scores, u, self._temperature, self._top_p)[:, None]
        chosen = scores.gather(-1, token)
        self.log_p.append((chosen - scores.logsumexp(-1, keepdim=True))[:, 0])
        return torch.full_like(scores, -torch.inf).scatter(-1, token, 0.0)


def _on(device: "torch.device", values: np.ndarray) -> "torch.Tensor":
    import torch

    numbers = torch.from_numpy(values)
    return (numbers.float() if device.type == "mps" else numbers).to(device)  # mps: no float64
