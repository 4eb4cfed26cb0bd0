"""Made-up inventories whose wording is known by hash alone, and packages that carry it."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

from psychometrics.instruments.stem_hash import stem_hash

STEMS = {
    "c-1": "I keep my tools in a set place.",
    "c-2": "Loose ends leave me cold.",
    "c-3": "I sort my papers by colour.",
    "c-4": "Crumbs on a table are fine with me.",
}
GERMAN = {
    "c-1": "Mein Werkzeug hat seinen Platz.",
    "c-2": "Lose Enden lassen mich kalt.",
    "c-3": "Ich ordne Papier nach Farben.",
    "c-4": "Krümel auf dem Tisch stören mich kaum.",
}
KEYS = {"c-1": 1, "c-2": -1, "c-3": 1, "c-4": -1}
VARIANT = "I sort my papers by color."
HEAD = """
format = 2

[instrument]
name = "{name}"
title = "Care 4"
version = "1.0"
language = "en"
licence = "for tests"
terms = "Use it in tests."
offered = "The author offers the form nowhere."
origin = "made for tests"
citation = "none"
instructions = "Say how far you agree."

[scoring]
rule = "mean"

[response_scale]
name = "agreement-3"
options = [
  {{ value = 1, text = "No" }},
  {{ value = 2, text = "Perhaps" }},
  {{ value = 3, text = "Yes" }},
]

[[scales]]
name = "care"
title = "Care"
level = "domain"
definition = "Care for order."
range = [1, 3]
"""


def definition(
    folder: Path, name: str = "care-4", packages: str = "", **numbers: list[int]
) -> Path:
    """Write a definition of four items with hashes, and orders of them by name."""
    lines = [HEAD.format(name=name)]
    for place, (item, stem) in enumerate(STEMS.items()):
        lines += ["[[items]]", f'id = "{item}"', 'scale = "care"', f"key = {KEYS[item]}",
                  f'sha256 = "{stem_hash(stem)}"']  # fmt: skip
        if item == "c-3":
            lines.append(f'variants = {{ american = "{stem_hash(VARIANT)}" }}')
        if numbers:
            orders = ", ".join(f"{order} = {ns[place]}" for order, ns in numbers.items())
            lines.append(f"numbers = {{ {orders} }}")
    path = folder / f"{name}.toml"
    path.write_text("\n".join([*lines, packages]), encoding="utf-8")
    return path


def json_rows(stems: dict[str, str]) -> bytes:
    """Rows of a package's file: each with an id that its languages share."""
    return json.dumps(
        [{"id": f"row-{item}", "text": stem} for item, stem in stems.items()]
    ).encode()


CHOICES = b"""module.exports = { plus: [ { text: 'Nein', score: 1 }, { text: 'Viel\\'leicht', score: 2 },
 { text: "Ja", score: 3 } ], minus: [ { text: 'Ja', score: 1 } ] }"""


def tgz(path: Path, files: dict[str, bytes]) -> Path:
    """Write a package as npm makes it."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def wheel(path: Path, files: dict[str, bytes], name: str, version: str) -> Path:
    """Write a package as pip takes it."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    whole = {**files, f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": tags.encode()}
    record = "".join(f"{file},,\n" for file in whole) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in (whole | {f"{info}/RECORD": record.encode()}).items():
            archive.writestr(file, content)
    return path


def sha256(content: bytes) -> str:
    """Hash of some bytes."""
    return hashlib.sha256(content).hexdigest()


def npm_entry(archive: Path, name: str = "care", version: str = "1.0.0") -> str:
    """A package of two languages, as a definition names it."""
    return f"""
[[packages]]
index = "npm"
name = "{name}"
version = "{version}"
sha256 = "{sha256(archive.read_bytes())}"
file = "package/{{language}}.json"
languages = {{ en = "{sha256(json_rows(STEMS))}", de = "{sha256(json_rows(GERMAN))}" }}
options = "package/{{language}}.js"
option_languages = {{ de = "{sha256(CHOICES)}" }}
"""


def npm_files() -> dict[str, bytes]:
    """Files of that package."""
    manifest = json.dumps({"name": "care", "version": "1.0.0"}).encode()
    return {
        "package/package.json": manifest,
        "package/en.json": json_rows(STEMS),
        "package/de.json": json_rows(GERMAN),
        "package/de.js": CHOICES,
    }


def pip_entry(archive: Path, content: bytes, member: str = "care/items.json") -> str:
    """A wheel of one file, as a definition names it."""
    return f"""
[[packages]]
index = "pip"
name = "care-wording"
version = "1.0"
sha256 = "{sha256(archive.read_bytes())}"
file = "{member}"
languages = {{ en = "{sha256(content)}" }}
"""
