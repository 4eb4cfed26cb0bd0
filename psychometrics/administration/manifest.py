"""The manifest: which model, prompt, order, seed and version made a run."""

import datetime
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from psychometrics.administration.label_paths import SPELLINGS
from psychometrics.administration.plan import Backends, ModelPlan, Plan
from psychometrics.administration.template import Rendering
from psychometrics.designs.design import Design
from psychometrics.designs.orders import order_name
from psychometrics.errors import JournalError, RunMismatchError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.parse_items import recorded_text
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.respondent.reference import ModelReference
from psychometrics.respondent.respondents import Respondent

FORMAT = 1
Manifest = dict[str, Any]
_LIBRARIES = ("lm-psychometrics", "numpy", "pandas", "pyarrow")
# What does not make a call another one; a difference in anything else is another run.
_NOT_THE_CALL = frozenset({"created", "environment", "engines", "rescored"})
# The same texts may come from another file.
_NOT_THE_TEXTS = "instrument.wording.source"


def make_manifest(
    plan: Plan, design: Design, seed: int, min_mass: float, backends: Backends, workers: int = 1
) -> Manifest:
    """Describe a run before it starts.

    Returns
    -------
    dict
        Plain JSON; sections ``instrument``, ``design``, ``respondents``, ``models``, ``plan``,
        ``environment``.
    """
    tokens = plan.tokens()
    return {
        "format": FORMAT,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "instrument": _instrument(plan.instrument),
        "design": _design(plan, design),
        "seed": seed,
        "min_mass": min_mass,
        "respondents": [
            {
                **describe_respondent(r.respondent, r.rendering),
                "spellings": list(SPELLINGS),
                "dropped_spellings": list(r.dropped_spellings),
            }
            for r in plan.respondents
        ],
        "models": [describe_model(m.reference, backends) for m in plan.models],
        "plan": {
            "rows": plan.n_rows,
            "prompts": plan.n_prompts,
            "batches": plan.n_batches,
            "tokens_presented": tokens.presented,
            "tokens_distinct": tokens.distinct,
            "tokens_planned": tokens.planned,
            "sha256": plan.sha256,
        },
        "environment": make_environment(plan.models, backends, workers),
    }


def make_environment(
    models: Sequence[ModelPlan[Any]], backends: Backends, workers: int = 1
) -> Manifest:
    """Describe versions and devices: what can move an answer by rounding."""
    engines = {m.reference.name: dict(backends[m.reference].environment) for m in models}
    for engine in engines.values():
        if "threads" in engine:
            engine["threads"] = str(max(1, int(engine["threads"]) // workers))
    return {
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "engines": engines,
    }


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    JournalError
        It is not whole.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(manifest, dict):
            return manifest
    except (OSError, ValueError):
        pass
    raise JournalError(f"{path} is no manifest of a run.", "Move the folder away and start anew.")


def refuse_other_call(folder: Path, there: Manifest, now: Manifest) -> None:
    """Refuse to go on with a run that another call has begun.

    Raises
    ------
    RunMismatchError
        Names every difference.
    """
    parts = [part for part in {**there, **now} if part not in _NOT_THE_CALL]
    _refuse(
        folder, [d for part in parts for d in _differences(there.get(part), now.get(part), part)]
    )


def refuse_other_environment(folder: Path, there: Manifest, now: Manifest) -> None:
    """Refuse to go on with a run that was begun with other versions or another device.

    Raises
    ------
    RunMismatchError
        Names every difference.
    """
    _refuse(folder, list(_differences(there.get("environment"), now, "environment")))


def _refuse(folder: Path, differences: list[str]) -> None:
    if differences:
        more = f"; and {len(differences) - 5} more." if len(differences) > 5 else "."
        raise RunMismatchError(
            f"{folder} holds another run: {'; '.join(differences[:5])}{more}",
            "Give another folder with --out (out=), or repeat the call that began this one.",
        )


def _differences(there: object, now: object, place: str) -> Iterator[str]:
    if place == _NOT_THE_TEXTS:
        return
    if isinstance(there, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys([*there, *now]):
            yield from _differences(there.get(key), now.get(key), f"{place}.{key}")
    elif isinstance(there, list) and isinstance(now, list) and len(there) == len(now):
        for index, (one, other) in enumerate(zip(there, now, strict=True)):
            yield from _differences(one, other, f"{place}[{index}]")
    elif there != now:
        yield f"{place} is {_short(there)} there and {_short(now)} now"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        "name": instrument.name,
        "version": instrument.version,
        "sha256": instrument.sha256,
        "wording": _wording(instrument),
        "licence": instrument.licence,
        "citation": instrument.citation,
        "instructions": instrument.instructions,
    }


def _wording(instrument: Instrument) -> dict[str, Any]:
    """Where the texts of the items come from, and the hash of each."""
    installed = instrument.wording
    hashes = {item.id: stem_hash(recorded_text(item)) for item in instrument.items}
    return {
        "language": instrument.language,
        "source": installed.source if installed else "definition",
        "variants": dict(installed.variants) if installed else {},
        "unknown": list(installed.modified) if installed else [],
        "sha256": hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest(),
        "items": hashes,
    }


def _design(plan: Plan, design: Design) -> dict[str, Any]:
    return {
        "option_order": design.option_order,
        "orders": list(dict.fromkeys(order_name(c.order) for c in plan.conditions)),
        "labels": list(design.labels),
        "wording": {wording.name: wording.of(plan.instrument.form) for wording in design.wording},
    }


def describe_respondent(respondent: Respondent, rendering: Rendering) -> dict[str, Any]:
    """Who answers, and how prompts are put."""
    persona = respondent.persona
    return {
        "id": respondent.id,
        "model": respondent.model.name,
        "persona": {"id": persona.id, "text": persona.text} if persona else None,
        "persona_at": rendering.persona_at,
        "form": rendering.form,
        "frame": rendering.frame,
    }


def describe_model(reference: ModelReference, backends: Backends) -> dict[str, Any]:
    """Which model answers, and the settings it is loaded with."""
    return {
        "name": reference.name,
        **dict(backends[reference].identity),
        "batch_size": reference.batch_size,
        "engine_asked": reference.engine,
        "window": reference.window,
        "trust_remote_code": reference.trust_remote_code,
    }


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
