"""64 made-up people answer 60 items under 4 orders: tokens and time of a whole run.

python benchmarks/engine/personas.py [--personas 64] [--workers 2]
"""

import argparse
import itertools
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psychometrics as pm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from machine import keep

_NAMES = ("Mira", "Tomas", "Ada", "Jonas", "Leila", "Piet", "Sunniva", "Kwame")
_LIVES = (
    "a baker who gets up at three and is asleep by nine",
    "a nurse on the night shift of a small hospital",
    "a bus driver who knows everyone on the line by name",
    "a student of law in the last year, behind with the reading",
    "a retired surveyor who repairs clocks",
    "a programmer who works from a village without a shop",
    "a teacher of chemistry with forty pupils in each class",
    "a fisher who has sold the boat and not said so at home",
)


def personas(n: int) -> dict[str, str]:
    """Texts that differ from their first words on: nothing after them is shared.

    Parameters
    ----------
    n : int
        At most 64.
    """
    pairs = itertools.islice(itertools.product(_LIVES, _NAMES), n)
    return {
        f"{name.lower()}-{1 + k // len(_NAMES)}": f"{name} is your name. You are {life}. You are "
        f"{24 + (7 * k) % 50} years old. Answer as you would answer a neighbour."
        for k, (life, name) in enumerate(pairs)
    }


def main() -> None:
    """Run, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--personas", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    call = parser.parse_args()
    people = pm.respondents("smollm2-135m", personas=personas(call.personas))
    design = pm.design(option_order="random(4, 1)")
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        run = pm.administer(
            pm.load_instrument("big-five-60"), people, design, out=folder, workers=call.workers
        )
        wall = time.perf_counter() - begin
    plan, engine = run.manifest["plan"], run.manifest["engines"]["smollm2-135m"]
    result = {
        "workload": f"{call.personas} personas × 60 items × 4 orders, smollm2-135m, float32",
        "workers": call.workers,
        "threads_each": run.manifest["environment"]["engines"]["smollm2-135m"]["threads"],
        "prompts": plan["prompts"],
        "tokens_presented": plan["tokens_presented"],
        "tokens_distinct": plan["tokens_distinct"],
        "tokens_planned": plan["tokens_planned"],
        "tokens_computed": engine["tokens_computed"],
        "wall_s": round(wall, 1),
        "prompts_per_s": round(plan["prompts"] / wall, 2),
        "numerical_error": repr(run.responses.numerical_error()),
    }
    for name, value in result.items():
        print(f"{name:18} {value}")
    keep("engine-personas", result)


if __name__ == "__main__":
    main()
