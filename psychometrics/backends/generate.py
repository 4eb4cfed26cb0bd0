"""Text generation in left-padded batches of similar length, through transformers' ``generate``."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from psychometrics._types import FinishReason, TokenIds
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.draw_token import DrawToken

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

Decode = Callable[[Sequence[int]], str]
_MARGIN = 8  # tokens before a stop text's own that are decoded with it: pieces of one character


def generate(
    model: "PreTrainedModel", requests: Sequence[TextRequest], ends: Collection[int], decode: Decode
) -> list[Completion]:
    """Answer some prompts in one batch.

    Parameters
    ----------
    model : PreTrainedModel
        Whose generation settings are bare: what stands there would act.
    requests : sequence of TextRequest
        With one sampling for all.
    ends : collection of int
        Tokens that end an answer.
    decode : callable

    Returns
    -------
    list of Completion
        In order, with ``numerics`` empty.
    """
    import torch
    from transformers import GenerationConfig

    sampling = requests[0].sampling
    pad = min(ends, default=0)
    ids, seen = _padded([request.ids for request in requests], pad, model.device)
    seeds = [request.seed for request in requests]
    drawing = DrawToken(seeds, sampling.max_new_tokens, sampling.temperature, sampling.top_p)
    stopping = StopTexts(sampling.stop, ids.shape[1], len(requests), decode)
    config = GenerationConfig(
        max_new_tokens=sampling.max_new_tokens,
        do_sample=False,
        eos_token_id=sorted(ends) or None,
        pad_token_id=pad,
    )
    out = model.generate(
        input_ids=ids,
        attention_mask=seen,
        generation_config=config,
        logits_processor=[drawing],
        stopping_criteria=[stopping] if sampling.stop else None,
    )
    written = out[:, ids.shape[1] :].tolist()
    log_p = torch.stack(drawing.log_p, dim=1).tolist()
    return [
        complete(tokens[:n], values[:n], requests[r], ends, decode)
        for r, (tokens, values) in enumerate(zip(written, log_p, strict=True))
        for n in [stopping.lengths[r]]
    ]


def first_log_p(model: "PreTrainedModel", prompts: Sequence[TokenIds]) -> "torch.Tensor":
    """Log-probabilities of the first token after some prompts, run in one batch.

    Returns
    -------
    Tensor, shape (n_prompts, n_vocabulary)
    """
    from transformers import GenerationConfig

    ids, seen = _padded(prompts, 0, model.device)
    config = GenerationConfig(
        max_new_tokens=1,
        do_sample=False,
        pad_token_id=0,
        output_logits=True,
        return_dict_in_generate=True,
    )
    out = model.generate(input_ids=ids, attention_mask=seen, generation_config=config)
    return out.logits[0].float().log_softmax(-1)


def complete(
    tokens: Sequence[int],
    log_p: Sequence[float],
    request: TextRequest,
    ends: Collection[int],
    decode: Decode,
) -> Completion:
    """Cut one answer where it ends, and say why it ended there.

    Parameters
    ----------
    tokens : sequence of int
        As they were chosen; what follows the end of the answer is padding.
    log_p : sequence of float
        Of each.
    request : TextRequest
    ends : collection of int
    decode : callable
    """
    n = next((i + 1 for i, token in enumerate(tokens) if token in ends), None)
    reason: FinishReason = "length" if n is None else "end"
    ids = tuple(tokens[:n])
    text = decode(ids if n is None else ids[:-1])
    places = [place for stop in request.sampling.stop if (place := text.find(stop)) >= 0]
    if places:
        text, reason = text[: min(places)], "stop"
    return Completion(text, ids, tuple(log_p[:n]), reason, "")


class StopTexts:
    """A condition of ``generate``: which rows have written a text that ends the answer.

    Parameters
    ----------
    stop : sequence of str
    n_prompt : int
        Tokens before the answer, padding included.
    n_rows : int
    decode : callable
    """

    def __init__(self, stop: Sequence[str], n_prompt: int, n_rows: int, decode: Decode) -> None:
        self._stop, self._n_prompt, self._decode = stop, n_prompt, decode
        # a character has up to four bytes, and a token may hold one byte
        self._tail = 4 * max(map(len, stop), default=0) + _MARGIN
        self.lengths: list[int | None] = [None] * n_rows

    def __call__(
        self, input_ids: "torch.Tensor", scores: "torch.Tensor", **_: object
    ) -> "torch.Tensor":
        """Look at the last tokens of each row, shape (n_rows, n_tokens)."""
        import torch

        written = input_ids[:, self._n_prompt :]
        for r, tail in enumerate(written[:, -self._tail :].tolist()):
            if self.lengths[r] is None and any(stop in self._decode(tail) for stop in self._stop):
                self.lengths[r] = written.shape[1]
        return torch.tensor([n is not None for n in self.lengths], device=input_ids.device)


def by_length(requests: Sequence[TextRequest], size: int, *, mixed: bool) -> list[list[int]]:
    """Cut requests into batches, longest prompts first.

    Parameters
    ----------
    requests : sequence of TextRequest
    size : int
        Most rows of a batch.
    mixed : bool
        Whether prompts of several lengths may stand in one.

    Returns
    -------
    list of list of int
        Places of the requests of each batch; one sampling in each.
    """

    def alike(place: int) -> object:
        request = requests[place]
        return request.sampling, None if mixed else len(request.ids)

    order = sorted(range(len(requests)), key=lambda i: (-len(requests[i].ids), requests[i].ids))
    groups: dict[object, list[int]] = {}
    for place in order:
        groups.setdefault(alike(place), []).append(place)
    return [
        group[start : start + size]
        for group in groups.values()
        for start in range(0, len(group), size)
    ]


def _padded(
    prompts: Sequence[TokenIds], pad: int, device: "torch.device"
) -> tuple["torch.Tensor", "torch.Tensor"]:
    """Token ids and what of them is prompt, padded on the left, shape (n_rows, longest)."""
    import torch

    longest = max(map(len, prompts))
    ids = np.full((len(prompts), longest), pad, dtype=np.int64)
    seen = np.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = prompt
        seen[row, longest - len(prompt) :] = 1
    return torch.from_numpy(ids).to(device), torch.from_numpy(seen).to(device)
