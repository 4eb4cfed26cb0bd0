"""Where responses come from, in a few lines read from their manifest."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Manifest = Mapping[str, Any]


def provenance(manifest: Manifest) -> list[tuple[str, str]]:
    """Name and value of what a reader looks for first; what the manifest lacks is left out.

    Examples
    --------
    >>> provenance({"seed": 7, "models": [{"name": "m", "dtype": "float32"}]})
    [('Model', 'm'), ('Precision', 'float32'), ('Seed', '7')]
    """
    return [(name, text) for name, text in _lines(manifest) if text]


def pretty(manifest: Manifest) -> str:
    r"""Return the whole manifest, to be read.

    Examples
    --------
    >>> pretty({"seed": 7})
    '{\n  "seed": 7\n}'
    """
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=str)


def option_order(manifest: Manifest) -> str:
    """Name of the set of option orders; empty if unknown."""
    return _at(manifest, "design", "option_order")


def respondents(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Id, persona and place of the persona of each respondent."""
    found = manifest.get("respondents")
    rows = []
    for entry in found if isinstance(found, list) else []:
        persona = _at(entry, "persona", "text")
        place = _at(entry, "persona_at") if persona else ""
        rows.append((_at(entry, "id"), persona or "none", place))
    return rows


def wordings(manifest: Manifest) -> list[tuple[str, str]]:
    """Name and template of each wording."""
    found = _of(manifest, "design", "wording")
    return [(str(k), str(v)) for k, v in found.items()] if isinstance(found, Mapping) else []


def _lines(manifest: Manifest) -> Iterator[tuple[str, str]]:
    models = manifest.get("models")
    for model in models if isinstance(models, list) else []:
        yield from _model_lines(manifest, model)
    yield "Option order", _at(manifest, "design", "option_order")
    yield "Labels", _joined(_of(manifest, "design", "labels"))
    yield "Wording", _joined(_of(manifest, "design", "wording"))
    yield "Seed", _at(manifest, "seed")
    yield "Missing below an option mass of", _at(manifest, "min_mass")
    yield (
        "Instrument",
        f"{_at(manifest, 'instrument', 'name')} {_at(manifest, 'instrument', 'version')}".strip(),
    )
    yield "Instrument, SHA-256", _at(manifest, "instrument", "sha256")
    yield "Texts of the items", _at(manifest, "instrument", "wording", "source")
    unknown = _of(manifest, "instrument", "wording", "unknown")
    yield "Items of unknown wording", _joined(unknown)
    yield "Texts of the items, SHA-256", _at(manifest, "instrument", "wording", "sha256")
    yield "Plan, SHA-256", _at(manifest, "plan", "sha256")
    yield "Started", _at(manifest, "created")
    yield "Python", _at(manifest, "environment", "python")
    yield "Libraries", _versions(_of(manifest, "environment", "libraries"))


def _model_lines(manifest: Manifest, model: object) -> Iterator[tuple[str, str]]:
    yield "Model", _at(model, "name")
    yield "Source", _at(model, "source")
    yield "Revision", _at(model, "revision")
    yield "Weights, SHA-256", _at(model, "weights")
    yield "Tokenizer, SHA-256", _at(model, "tokenizer")
    yield "Precision", _at(model, "dtype")
    engine = _of(manifest, "environment", "engines", _at(model, "name"))
    yield "Device", _at(engine, "device")
    others = (
        {k: v for k, v in engine.items() if k != "device"} if isinstance(engine, Mapping) else {}
    )
    served = _at(manifest, "engines", _at(model, "name"), "name")
    yield "Engine", "; ".join(filter(None, [_at(model, "engine"), served, _versions(others)]))


def _of(tree: object, *path: str) -> object:
    for key in path:
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def _at(tree: object, *path: str) -> str:
    found = _of(tree, *path)
    return "" if found is None else str(found)


def _joined(found: object) -> str:
    return ", ".join(map(str, found)) if isinstance(found, list | Mapping) else ""


def _versions(found: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in found.items()) if isinstance(found, Mapping) else ""
