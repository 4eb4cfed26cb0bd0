"""Where the tree engine's CPU time goes: each moment is given to one phase alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import torch

from psychometrics.backends import engines, tree

LINEAR, HEAD, OTHER = "linear layers", "head", "the rest"
# inside attention its linear layers, inside the network everything else are phases of their own
MODULES = {"": "norms, activations, residuals", "self_attn": "attention"}
ENGINE = (
    (engines, "tree_rows", "layout of the tree"),
    (tree.TreeForward, "_mask", "masks"),
    (tree, "_after", "carried path"),
    (tree, "read_logits", "reading of logits"),
)


class Phases:
    """CPU seconds by phase; what an inner phase takes is not counted for the outer one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open = [OTHER]
        self._since = time.process_time()

    def enter(self, phase: str) -> None:
        """Begin a phase inside the present one."""
        self._count()
        self._open.append(phase)

    def leave(self) -> None:
        """Go back to the phase around it."""
        self._count()
        self._open.pop()

    def _count(self) -> None:
        now = time.process_time()
        phase = self._open[-1]
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now

    def of_function(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function whose calls are a phase."""

        def timed(*arguments: Any, **named: Any) -> Any:
            self.enter(phase)
            try:
                return function(*arguments, **named)
            finally:
                self.leave()

        return timed

    def of_module(self, phase: str, module: torch.nn.Module) -> list[Any]:
        """Hook a module whose forward passes are a phase; handles that remove the hooks."""
        return [
            module.register_forward_pre_hook(lambda *_: self.enter(phase)),
            module.register_forward_hook(lambda *_: self.leave()),
        ]


@contextmanager
def phases_of(network: torch.nn.Module) -> Iterator[Phases]:
    """Time the parts of a decoder-only network, and of the tree engine around it."""
    found = Phases()
    with ExitStack() as stack:
        for owner, name, phase in ENGINE:
            timed = found.of_function(phase, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, timed))
        for path, module in network.named_modules():
            phase = MODULES.get(path.rsplit(".", 1)[-1])
            if isinstance(module, torch.nn.Linear):
                phase = HEAD if module is network.get_output_embeddings() else LINEAR
            for handle in found.of_module(phase, module) if phase else ():
                stack.callback(handle.remove)
        yield found
        found.enter(OTHER)


def where_time_goes(network: torch.nn.Module, run: Callable[[], object]) -> dict[str, Any]:
    """CPU seconds of one more run, and the share of each phase, largest first."""
    with phases_of(network) as found:
        run()
    total = sum(found.seconds.values())
    shares = sorted(((s / total, phase) for phase, s in found.seconds.items()), reverse=True)
    return {"cpu_s": round(total, 2)} | {phase: round(share, 4) for share, phase in shares}
