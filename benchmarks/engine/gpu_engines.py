"""What gpu.py times: the card's matrix products and the two engines; how far they lie apart."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from gpu_models import KeepsByRow, flops, takes_places_by_row

from psychometrics.backends.base import Prompt
from psychometrics.backends.engines import Engine, PaddedEngine, TreeEngine
from psychometrics.backends.memory import OutOfMemoryError
from psychometrics.backends.padded import rows_of
from psychometrics.backends.read_logits import Readout
from psychometrics.backends.tree import TreeForward, tree_rows
from psychometrics.backends.trie import cut

WINDOWS_A_BATCH = 8  # as TransformersModel.batch_tokens has it
Row = dict[str, Any]


@dataclass(frozen=True)
class Sizes:
    """How large everything is.

    ``rows`` and ``windows`` are those of the tree, ``padded`` the batches of its peer, ``sample``
    the prompts that peers are given; ``tokens``, ``squares`` and ``seconds`` are those of the
    matrix products.
    """

    rows: tuple[int, ...]
    windows: tuple[int, ...]
    padded: tuple[int, ...]
    items: int
    sample: int
    agreement: int
    tokens: int
    squares: tuple[int, ...]
    seconds: float


FULL = Sizes(
    (8, 16, 32), (256, 512, 1024), (16, 64, 128), 120, 384, 16, 8192, (4096, 8192, 16384), 0.3
)
MINIATURE = Sizes((2, 4), (64, 128), (4, 16), 2, 32, 16, 512, (128, 256), 0.02)


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of some work, the device waited for."""
    wait()
    begin = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - begin


def wait() -> None:
    """Wait until the device has done what it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def told(error: BaseException) -> str:
    """An error in one line."""
    lines = str(error).splitlines() or ["no message"]
    return f"{type(error).__name__}: {lines[0][:200]}"


def matrix_rates(model: Any, sizes: Sizes) -> dict[str, float]:
    """Measured rate (operations a second) of matrix products in the model's number format.

    Squares, and the shapes of the model's own layers at as many tokens as a forward has.
    """
    layers = {
        (module.in_features, module.out_features)
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and ".layers." in name
    }
    shapes = [(n, n, n) for n in sizes.squares]
    shapes += [(sizes.tokens, *layer) for layer in sorted(layers)]
    rates = {}
    with torch.inference_mode():
        for m, k, n in shapes:
            a = torch.randn(m, k, device=model.device, dtype=model.dtype)
            b = torch.randn(n, k, device=model.device, dtype=model.dtype)
            rates[f"{m} × {k} × {n}"] = 2 * m * k * n / _of_one(a, b, sizes.seconds)
    return rates


def _of_one(a: torch.Tensor, b: torch.Tensor, at_least: float) -> float:
    """Seconds of one product, from as many as take some time."""

    def products(n: int) -> Callable[[], None]:
        def run() -> None:
            for _ in range(n):
                torch.nn.functional.linear(a, b)

        return run

    products(3)()
    n = min(10_000, int(at_least / (seconds(products(3)) / 3)) + 3)
    return seconds(products(n)) / n


def callable_of(model: Any) -> Any:
    """The model itself, or what stands in for it under an older transformers."""
    return model if takes_places_by_row(model) else KeepsByRow(model)


def tree(model: Any, rows: int, window: int, called: Any = None) -> TreeEngine:
    """Make the engine as the library makes it for such a model."""
    called = called or callable_of(model)
    forward = TreeForward(called, model.device, model.dtype, None, by_layer_type=False)
    return TreeEngine(forward, rows, window)


def padded(model: Any, size: int) -> PaddedEngine:
    """Make the padded engine as the library makes it."""
    called = callable_of(model)

    def forward(ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = called(
            input_ids=ids, logits_to_keep=positions, use_cache=False
        ).logits
        return logits

    return PaddedEngine(forward, model.device, size)


def batches(prompts: Sequence[Prompt], rows: int, window: int) -> list[range]:
    """Cut sorted prompts into the batches that the library would journal."""
    return cut([p.ids for p in prompts], WINDOWS_A_BATCH * rows * window)


def planned(prompts: Sequence[Prompt], rows: int) -> Row:
    """How the tree lays out one batch; each of its rows repeats what it begins with."""
    laid_out = tree_rows(rows_of(prompts), rows)
    return {
        "rows_laid_out": len(laid_out),
        "tokens_planned": sum(len(row.trie) for row in laid_out),
    }


def timed(model: Any, engine: Engine, parts: Sequence[Sequence[Prompt]], rate: float,
          limit: float = float("inf")) -> Row:  # fmt: skip
    """Time the reading of one or more batches; a failure is a result like any other.

    Parameters
    ----------
    model : PreTrainedModel
    engine : Engine
    parts : sequence of sequence of Prompt
        The batches.
    rate : float
        Matrix operations a second that the device was measured to do.
    limit : float
        Seconds after which no further batch is begun.
    """
    forget_peak()
    before, wall, done, row = engine.tokens_computed, 0.0, [], Row()
    for part in parts:
        if wall > limit:
            break
        try:
            wall += seconds(lambda part=part: engine.read(part))
        except OutOfMemoryError:
            row["failed"] = "out of memory with the smallest piece of work"
            break
        except Exception as error:  # one size that fails leaves the others to be measured
            row["failed"] = told(error)
            break
        done.append(part)
    row = {"engine": engine.settings, "batches": len(done), "batches_planned": len(parts)} | row
    computed = engine.tokens_computed - before
    prompts = [prompt for part in done for prompt in part]
    return row | (_rates(model, prompts, wall, computed, rate) if prompts else {})


def _rates(model: Any, prompts: Sequence[Prompt], wall: float, computed: int, rate: float) -> Row:
    needed = flops(model, prompts)
    return {
        "prompts": len(prompts),
        "tokens_presented": needed.presented,
        "tokens_distinct": needed.distinct,
        "tokens_computed": computed,
        "wall_s": round(wall, 3),
        "prompts_per_s": round(len(prompts) / wall, 1),
        "distinct_tokens_per_s": round(needed.distinct / wall),
        "share_of_matrix_rate": round(needed.total / wall / rate, 3),
        "peak_gib": peak_gib(),
    }


def forget_peak() -> None:
    """Let go of memory that is held for later use, and of the most that was held."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def peak_gib() -> float | None:
    """Most memory of the card that was held since it was last forgotten."""
    if not torch.cuda.is_available():
        return None
    return round(torch.cuda.max_memory_allocated() / 2**30, 1)


class Stopwatch:
    """A callable, and the seconds that pass in it, the device waited for."""

    def __init__(self, called: Any) -> None:
        self._called = called
        self.seconds, self.calls = 0.0, 0

    def __call__(self, **inputs: Any) -> Any:
        """Call it."""
        out: list[Any] = []
        self.seconds += seconds(lambda: out.append(self._called(**inputs)))
        self.calls += 1
        return out[0]


def where_time_goes(model: Any, rows: int, window: int, prompts: Sequence[Prompt]) -> Row:
    """Seconds of one batch inside the model's forward and outside of it (masks, paths, reading)."""
    watch = Stopwatch(callable_of(model))
    engine = tree(model, rows, window, watch)
    try:
        wall = seconds(lambda: engine.read(prompts))
    except Exception as error:
        return {"failed": told(error)}
    return {
        "forwards": watch.calls,
        "tokens_a_forward": round(engine.tokens_computed / watch.calls),
        "inside_model_s": round(watch.seconds, 3),
        "outside_model_s": round(wall - watch.seconds, 3),
    }


def agreement(
    model: Any, prompts: Sequence[Prompt], n: int, rows: int, window: int, size: int
) -> Row:
    """Differences of label log-probabilities from one prompt at a time in float32.

    The tree reads the whole batch that it is given, the others ``n`` prompts of it.
    """
    picks = range(0, len(prompts), max(1, len(prompts) // n))[:n]
    sample = [prompts[i] for i in picks]
    out: Row = {"dtype": str(model.dtype), "prompts": len(sample), "unit": "nats"}
    try:
        exact = copy.deepcopy(model).float()
        reference = _labels(padded(exact, 1).read(sample)[0], sample, range(len(sample)))
        del exact
        out["tree"] = _apart(
            _labels(tree(model, rows, window).read(prompts)[0], prompts, picks), reference
        )
        for name, batch in (("padded", size), ("one at a time", 1)):
            read = padded(model, batch).read(sample)[0]
            out[name] = _apart(_labels(read, sample, range(len(sample))), reference)
    except (OutOfMemoryError, RuntimeError) as error:
        out["failed"] = told(error)
    return out


def _labels(read: Readout, prompts: Sequence[Prompt], picks: Sequence[int]) -> torch.Tensor:
    return torch.tensor(
        [[read.steps[i, path] for (path,) in prompts[i].paths] for i in picks], dtype=torch.float64
    )


def _apart(found: torch.Tensor, reference: torch.Tensor) -> dict[str, float]:
    """Largest and mean difference, over the vocabulary and renormalised over the labels."""
    whole = (found - reference).abs()
    among = (found.log_softmax(dim=-1) - reference.log_softmax(dim=-1)).abs()
    return {
        "largest": whole.max().item(),
        "mean": whole.mean().item(),
        "largest_renormalised": among.max().item(),
        "mean_renormalised": among.mean().item(),
        "flips": int((found.argmax(dim=-1) != reference.argmax(dim=-1)).sum()),
    }
