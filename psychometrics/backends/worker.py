"""A process that asks a model for another one: lines of JSON in, lines of JSON out.

    python -m psychometrics.backends.worker

The first line names the model; every other one holds a verb and the work for it. It is a program of
its own, so that scripts need no ``if __name__ == "__main__"``, and nothing is pickled.
"""

import json
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from psychometrics.backends.base import Presentation, Prompt, PromptScore
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.load_model import open_model
from psychometrics.backends.transformers_model import TransformersModel
from psychometrics.designs.sampling import Sampling
from psychometrics.errors import PsychometricsError
from psychometrics.instruments.item import Item
from psychometrics.respondent.reference import ModelReference

_NO_PRESENTATION = Presentation(Item("", "", "", 1), (), (), ())


def work_to_json(piece: Prompt | TextRequest) -> list[Any]:
    """What a model reads of a piece of work."""
    if isinstance(piece, Prompt):
        return [piece.key, piece.ids, piece.paths]
    return [piece.key, piece.ids, asdict(piece.sampling), piece.seed]


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
        try:
            answers = [a.to_json() for a in _answers(model, call["verb"], call["work"])]
            yield {"answers": answers, "tokens_computed": model.tokens_computed}
        except Exception as error:
            yield _told(error)


def _answers(
    model: TransformersModel, verb: str, work: list[Any]
) -> Sequence[PromptScore] | Sequence[Completion]:
    if verb == "write":
        return model.write([_request(*fields) for fields in work])
    prompts = [_prompt(*fields) for fields in work]
    return model.score_exactly(prompts) if verb == "score_exactly" else model.score(prompts)


def _prompt(key: str, ids: list[int], paths: list[list[list[int]]]) -> Prompt:
    return Prompt(
        key,
        tuple(ids),
        tuple(tuple(tuple(path) for path in option) for option in paths),
        _NO_PRESENTATION,
    )


def _request(key: str, ids: list[int], sampling: dict[str, Any], seed: int) -> TextRequest:
    sampling["stop"] = tuple(sampling["stop"])
    return TextRequest(key, tuple(ids), Sampling(**sampling), seed)


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, PsychometricsError):
        return {"error": [type(error).__name__, error.cause, error.mend]}
    return {"error": ["", "".join(traceback.format_exception(error)), ""]}


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
