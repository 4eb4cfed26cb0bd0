"""A process that scores prompts for another one: lines of JSON in, lines of JSON out.

    python -m psychometrics.backends.worker

The first line names the model; every other one holds prompts. It is a program of its own, so that
scripts need no ``if __name__ == "__main__"``, and nothing is pickled.
"""

import json
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TextIO

from psychometrics.backends.base import Presentation, Prompt, PromptScore
from psychometrics.backends.transformers_model import TransformersModel, open_model
from psychometrics.errors import PsychometricsError
from psychometrics.instruments.item import Item
from psychometrics.respondent.reference import ModelReference

_NO_PRESENTATION = Presentation(Item("", "", "", 1), (), (), ())


def prompt_to_json(prompt: Prompt) -> list[Any]:
    """What a model reads of a prompt."""
    return [prompt.key, prompt.ids, prompt.paths]


def score_from_json(fields: list[Any]) -> PromptScore:
    """Read one score of an answer line."""
    path_log_p, entropy, top, numerics = fields
    return PromptScore(tuple(map(tuple, path_log_p)), entropy, tuple(map(tuple, top)), numerics)


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print is no answer
    lines = iter(sys.stdin)
    try:
        model = _open(json.loads(next(lines)))
        _say(answers, {"engine": asdict(model.engine)})
    except Exception as error:
        _say(answers, _told(error))
        return
    for answer in _serve(model, lines):
        _say(answers, answer)


def _open(call: dict[str, Any]) -> TransformersModel:
    import torch

    torch.set_num_threads(call["threads"])
    model = open_model(ModelReference(**call["reference"]))
    model.load()
    return model


def _serve(model: TransformersModel, lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        call = json.loads(line)
        prompts = [_prompt(*fields) for fields in call["prompts"]]
        try:
            scores = (model.score_exactly if call["exactly"] else model.score)(prompts)
            yield {"scores": [[s.path_log_p, s.entropy, s.top, s.numerics] for s in scores]}
        except Exception as error:
            yield _told(error)


def _prompt(key: str, ids: list[int], paths: list[list[list[int]]]) -> Prompt:
    return Prompt(
        key,
        tuple(ids),
        tuple(tuple(tuple(path) for path in option) for option in paths),
        _NO_PRESENTATION,
    )


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, PsychometricsError):
        return {"error": [type(error).__name__, error.cause, error.mend]}
    return {"error": ["", "".join(traceback.format_exception(error)), ""]}


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
