"""How tokens and time grow with items, orders, wordings and personas.

Tokens are counted from the plan over the whole range; CPU seconds of the tree and of padded batches
are measured at a few small points, on one thread.

    python benchmarks/engine/scaling.py [--quick]
"""

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

import psychometrics as pm
from psychometrics.administration.plan import make_plan
from psychometrics.backends.base import Prompt
from psychometrics.backends.load_model import open_model
from psychometrics.backends.trie import cut, n_distinct

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from machine import RESULTS, keep
from personas import personas

if TYPE_CHECKING:
    from psychometrics.backends.transformers_model import TransformersModel

MODEL = "smollm2-135m"


@dataclass(frozen=True)
class Size:
    """How much is asked."""

    items: int
    orders: int = 10
    wordings: int = 2
    personas: int = 1


COUNTED = {
    "items": (Size(12), (1, 2, 5, 10, 20, 40, 60)),
    "orders": (Size(12), (1, 2, 4, 8, 15, 30, 60, 120)),
    "wordings": (Size(12), (1, 2, 3)),
    "personas": (Size(12), (1, 2, 4, 8, 16, 32, 64)),
}
TIMED = {
    "items": (Size(3), (1, 2, 4, 8)),
    "orders": (Size(3), (1, 4, 8, 15)),
    "wordings": (Size(3), (1, 2, 3)),
    "personas": (Size(2), (1, 2, 4)),
}


def prompts_of(size: Size, model: "TransformersModel") -> list[Prompt]:
    """Every prompt of a design of that size."""
    instrument = pm.load_instrument("big-five-60")
    people = pm.respondents(model, personas=personas(size.personas))
    orders = "all" if size.orders == 120 else f"random({size.orders}, 1)"
    design = pm.design(option_order=orders, wording=size.wordings)
    plan = make_plan(instrument, people, design, 0, {model.reference: model})
    chosen = {item.id for item in instrument.items[: size.items]}
    return [p for p in plan.models[0].prompts if p.presentation.item.id in chosen]


def counted(prompts: list[Prompt], batch: int) -> dict[str, int]:
    """Tokens of some prompts: one by one, each once, and each once a batch."""
    ids = [prompt.ids for prompt in prompts]
    return {
        "prompts": len(ids),
        "presented": sum(map(len, ids)),
        "distinct": n_distinct(ids),
        "planned": sum(n_distinct([ids[i] for i in piece]) for piece in cut(ids, batch)),
    }


def timed(prompts: list[Prompt], model: "TransformersModel") -> float:
    """CPU seconds of one scoring."""
    begin = time.process_time()
    model.score(prompts)
    return round(time.process_time() - begin, 2)


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """Count over the whole range, and time at the small points."""
    torch.set_num_threads(1)
    opened = open_model(pm.ModelReference(MODEL))
    rows: list[dict[str, Any]] = []
    for varied, (base, values) in COUNTED.items():
        for value in values:
            prompts = prompts_of(replace(base, **{varied: value}), opened)
            counts = counted(prompts, opened.batch_tokens)
            rows.append({"varied": varied, "value": value, "base": "12 items", **counts})
            print(rows[-1], flush=True)
    engines = {engine: pm.load_model(MODEL, engine=engine) for engine in ("tree", "padded")}
    for varied, (base, values) in TIMED.items():
        for value in values[:2] if quick else values:
            prompts = prompts_of(replace(base, **{varied: value}), opened)
            counts = counted(prompts, opened.batch_tokens)
            seconds = {f"{name}_cpu_s": timed(prompts, model) for name, model in engines.items()}
            small = f"{base.items} items"
            rows.append({"varied": varied, "value": value, "base": small, **counts, **seconds})
            print(rows[-1], flush=True)
    return rows


LINES = {
    "presented": ("presented", ":", "o", "0.6"),
    "distinct": ("distinct", "-", "s", "0"),
    "planned": ("computed by the tree, batch by batch", "--", "^", "0.4"),
    "padded_cpu_s": ("padded batches", ":", "o", "0.6"),
    "tree_cpu_s": ("tree", "-", "s", "0"),
}


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Tokens a prompt above, CPU time a prompt below; a column for each quantity that varies."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 6), layout="constrained")
    axes = figure.subplots(2, 4, sharey="row")
    for (top, bottom), varied in zip(axes.T, COUNTED, strict=True):
        mine = [row for row in rows if row["varied"] == varied]
        counts = [row for row in mine if "tree_cpu_s" not in row]
        seconds = [row for row in mine if "tree_cpu_s" in row]
        _panel(top, counts, ("presented", "distinct", "planned"), 1)
        _panel(bottom, seconds, ("padded_cpu_s", "tree_cpu_s"), 1000)
        top.set_title(varied)
        bottom.set_xlabel(f"{varied} ({seconds[0]['base']} otherwise)")
    axes[0, 0].set_ylabel("tokens a prompt")
    axes[1, 0].set_ylabel("CPU ms a prompt, one thread")
    for one in axes[:, 0]:
        one.set_ylim(bottom=0)
    handles = [one for axis in (axes[0, 0], axes[1, 0]) for one in axis.get_lines()]
    figure.legend(handles=handles, ncols=5, loc="outside lower center", frameon=False)
    figure.suptitle("12 items × 10 orders × 2 wordings × 1 persona, one quantity varied at a time")
    figure.savefig(path, dpi=130)


def _panel(axis: Any, rows: list[dict[str, Any]], names: tuple[str, ...], times: int) -> None:
    x = [row["value"] for row in rows]
    for name in names:
        label, style, marker, grey = LINES[name]
        y = [times * row[name] / row["prompts"] for row in rows]
        axis.plot(x, y, style, marker=marker, markersize=5, color=grey, label=label)
    axis.set_xscale("log")
    axis.set_xticks(x, [str(value) for value in x])
    axis.minorticks_off()
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(alpha=0.25)


def main() -> None:
    """Measure, draw, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two points of each timing")
    rows = measure(quick=parser.parse_args().quick)
    RESULTS.mkdir(exist_ok=True)
    draw(rows, RESULTS / "engine-scaling.png")
    keep("engine-scaling", {"workload": f"big-five-60, {MODEL}, float32", "points": rows})


if __name__ == "__main__":
    main()
