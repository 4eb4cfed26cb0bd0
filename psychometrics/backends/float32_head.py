"""The vocabulary projection in float32, inside a model that computes in less."""

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_BLOCK = 16384  # vocabulary entries whose weights are held in float32 at once


def put_float32_head(model: "PreTrainedModel") -> bool:
    """Let the output layer of a half-precision model compute in float32.

    Half-precision logits of magnitude 20 lie 0.125 apart in bfloat16: options tie that do not.
    The model's own forward still runs, with whatever it does to logits afterwards.

    Parameters
    ----------
    model : PreTrainedModel
        Changed in place.

    Returns
    -------
    bool
        Whether the head now computes in float32.
    """
    import torch

    head = model.get_output_embeddings()
    if head is None or type(head) is not torch.nn.Linear:
        return False
    if head.weight.dtype != torch.float32:
        head.forward = functools.partial(_project, head)  # so that the module itself stays
    return True


def _project(head: "torch.nn.Linear", hidden: "torch.Tensor") -> "torch.Tensor":
    import torch

    hidden = hidden.float()
    blocks = [
        torch.nn.functional.linear(hidden, weight.float()) for weight in head.weight.split(_BLOCK)
    ]
    logits = torch.cat(blocks, dim=-1)
    return logits if head.bias is None else logits + head.bias.float()
