"""Attention over one window in parts: each part looks only at keys that some token of it sees.

In a window of 512 tokens a token sees its path of a hundred, and a masked product runs over all
the window. What is left out has weight zero: answers move by rounding alone.
"""

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention
from torch.overrides import TorchFunctionMode

from psychometrics.backends.windows import Window, next_window

_PART = 64
_PAYS = 0.5  # share of a whole window's products below which the copying of keys pays


class AttendInParts(TorchFunctionMode):  # type: ignore[misc]
    """While it is entered, masked attention over this window is computed part by part.

    A call with another mask, or without one, is left as it is, and so is a window whose paths are
    so long that nothing would be gained.

    Parameters
    ----------
    window : Window
        The only row of the forward pass.
    """

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._shape = (len(window), len(window.keys))
        self._parts = []
        at = window.start
        while at < window.stop:
            part = next_window(window.trie, at, min(_PART, window.stop - at))
            keys = np.searchsorted(window.keys, part.keys)
            queries = slice(at - window.start, part.stop - window.start)
            self._parts.append((queries, torch.from_numpy(keys)))
            at = part.stop
        products = sum((q.stop - q.start) * len(keys) for q, keys in self._parts)
        if products > _PAYS * len(window) * len(window.keys):
            self._parts = []

    def __torch_function__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        """Take over masked attention; do everything else as it is asked for."""
        named = dict(kwargs or {})
        mask = cast(torch.Tensor, named.get("attn_mask"))
        attends = func is scaled_dot_product_attention and len(args) == 3 and mask is not None
        if not (self._parts and attends and tuple(mask.shape[-2:]) == self._shape):
            return func(*args, **named)
        query, key, value = cast(tuple[torch.Tensor, ...], args)
        found = []
        for queries, keys in self._parts:
            named["attn_mask"] = mask[..., queries, :].index_select(-1, keys)
            seen = key.index_select(-2, keys), value.index_select(-2, keys)
            found.append(cast(torch.Tensor, func(query[..., queries, :], *seen, **named)))
        return torch.cat(found, dim=-2)
