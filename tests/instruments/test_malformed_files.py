"""More malformed files: each refused with its place, and whatever is wrong, no crash."""

import json
import tomllib

import pytest
from definitions import SCENARIO, SMALL
from wordings import STEMS, VARIANT, definition

import psychometrics as pm
from psychometrics.errors import DefinitionError, WordingError
from psychometrics.instruments.locate import inventories_folder
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.wording_store import data_folder

HASHES = [stem_hash(stem) for stem in STEMS.values()]
# A definition with everything that one may have.
WHOLE = f"""
format = 2

[instrument]
name = "care-4"
title = "Care 4"
version = "1.0"
language = "en"
licence = "for tests"
terms = "Use it in tests."
offered = "The author offers the form nowhere."
norms_note = "They are made up."
reading_level = "none"
origin = "made for tests"
citation = "none"
instructions = "Say how far you agree."
form = "statement"
wording = "known"

[scoring]
rule = "sum"

[response_scale]
name = "agreement-3"
options = [
  {{ value = 1, text = "No" }},
  {{ value = 2, text = "Perhaps" }},
  {{ value = 3, text = "Yes" }},
]

[[scales]]
name = "order"
title = "Order"
level = "domain"
definition = "Love of order."
range = [4, 12]
poles = ["Loose", "Neat"]
cut = 8

[[scales]]
name = "care"
title = "Care"
level = "facet"
parent = "order"
code = "C"
definition = "Care for things."
range = [2, 6]
constant = 4

[[items]]
id = "c-1"
code = "A1"
stem = "{STEMS["c-1"]}"
scale = "care"
key = 1
sha256 = "{HASHES[0]}"
variants = {{ other = "{"a" * 64}" }}
numbers = {{ turned = 2 }}

[[items]]
id = "c-2"
code = "A2"
sha256 = "{HASHES[1]}"
scale = "care"
key = -1
numbers = {{ turned = 1 }}

[[items]]
id = "c-3"
sha256 = "{HASHES[2]}"
scale = "order"
key = 1
numbers = {{ turned = 3 }}

[[items]]
id = "c-4"
sha256 = "{HASHES[3]}"
scale = "order"
key = 1
numbers = {{ turned = 4 }}

[[norms]]
name = "all"
sample = "made up"
n = 10
unit = "sum"
checked = true
source = "nowhere"
figures = {{ order = [8.0, 1.5] }}
counts = {{ order = 9 }}

[[reliabilities]]
coefficient = "alpha"
sample = "made up"
n = 10
checked = false
source = "nowhere"
values = {{ order = 0.8 }}

[[data_sets]]
name = "one"
about = "made up"
values_are_keyed = true
missing = [0]
numbering = "turned"

[[packages]]
index = "npm"
name = "care"
version = "1.0.0"
sha256 = "{"1" * 64}"
file = "package/{{language}}.json"
languages = {{ en = "{"2" * 64}", de = "{"3" * 64}" }}
options = "package/{{language}}.js"
option_languages = {{ de = "{"4" * 64}" }}
"""


def swap(before, after, text=WHOLE):
    """The text with one place changed."""
    assert before in text
    return text.replace(before, after, 1)


def without(start, text=WHOLE):
    """The text without the first line that starts so."""
    line = next(line for line in text.splitlines() if line.startswith(start))
    return swap(line + "\n", "", text)


def test_what_is_changed_is_good_to_begin_with():
    found = parse_definition(WHOLE.encode(), "whole.toml")
    assert len(found.items) == 4 and found.norms[0].counts == {"order": 9}
    assert found.packages[0].option_languages.keys() == {"de"} and found.data_sets[0].missing == (
        0,
    )


# Each text, and what the error names besides the file and a mend.
HEADS = {
    "nothing": ("", ["the file", "'format' is missing"]),
    "a format in words": (swap("format = 2", 'format = "2"'), ["'format' = '2'", "whole number"]),
    "a format that is true": (swap("format = 2", "format = true"), ["'format'", "whole number"]),
    "no instrument": (without("[instrument]"), ["the file", "'instrument' is missing"]),
    "two instruments": (swap("[instrument]", "[[instrument]]"), ["'instrument'", "is not a table"]),
    "a title of numbers": (swap('"Care 4"', "4"), ["[instrument] ('care-4')", "'title' = 4", "not a text"]),
    "no name": (without("name ="), ["[instrument]", "'name' is missing"]),
    "no language": (swap('language = "en"', 'language = ""'), ["'language'", "is empty"]),
    "a name with a folder": (swap('"care-4"', '"../care-4"'), ["'name' = '../care-4'", "name of a file"]),
    "a name with a zero": (swap('"care-4"', '"care\\u0000"'), ["'name'", "name of a file"]),
    "a language with a folder": (swap('language = "en"', 'language = "en/us"'), ["'language' = 'en/us'"]),
    "terms in a list": (swap('"Use it in tests."', "[]"), ["'terms'", "not a text"]),
    "wording kept secret": (swap('"known"', '"secret"'), ["'wording' = 'secret'", "known, unknown"]),
    "a form in capitals": (swap('"statement"', '"Statement"'), ["'form' = 'Statement'", "statement, pair"]),
    "another table": (WHOLE + "\n[norm]\nn = 1\n", ["the file", "'norm' is not known here"]),
    "a key twice": (swap("format = 2", "format = 2\nformat = 2"), ["not valid TOML", "line 3"]),
    "a tab in a name": (swap('"Care 4"', '"Care\x014"'), ["not valid TOML", "line 6"]),
    "no end": ("x = " + "[" * 100_000, ["not valid TOML", "recursion"]),
    "a number of 5000 digits": (swap("value = 3", f"value = {'9' * 5000}"), ["not valid TOML", "digits"]),
}  # fmt: skip

SCALES = {
    "no scoring": (without("[scoring]"), ["[instrument] ('care-4')", "'rule'", "not known here"]),
    "another field of scoring": (swap('rule = "sum"', 'rule = "sum"\nround = 2'), ["[scoring]", "'round'"]),
    "the wrong rule": (swap('"sum"', '"share"'), ["[scoring]", "'rule'", "0 and 1"]),
    "one option": (
        swap('  { value = 2, text = "Perhaps" },\n  { value = 3, text = "Yes" },\n', ""),
        ["[response_scale] ('agreement-3')", "'options'", "fewer than two"],
    ),
    "options of numbers": (swap('{ value = 1, text = "No" }', "1"), ["'options'", "list of tables"]),
    "a value in words": (swap("value = 2", 'value = "2"'), ["option 2", "'value' = '2'", "not a number"]),
    "a value that is true": (swap("value = 1", "value = true"), ["option 1", "'value'", "not a number"]),
    "a value of 400 digits": (swap("value = 3", f"value = {'9' * 400}"), ["option 3", "not finite"]),
    "an option without text": (swap(', text = "Yes"', ""), ["option 3", "'text' is missing"]),
    "an option with a label": (swap('text = "Yes"', 'text = "Yes", label = "C"'), ["option 3", "'label'"]),
    "no scales": (WHOLE.replace("[[scales]]", "[[facets]]"), ["'scales' is missing"]),
    "a scale of no kind": (swap("[[scales]]", '[[scales]]\nkind = "x"'), ["scale 1 ('order')", "'kind'"]),
    "a domain in another": (swap('"domain"', '"domain"\nparent = "care"'), ["scale 1", "only for a facet"]),
    "a facet of a facet": (swap('parent = "order"', 'parent = "care"'), ["scale 2 ('care')", "names no domain"]),
    "a range of three": (swap("[4, 12]", "[4, 8, 12]"), ["scale 1 ('order')", "'range'", "pair of numbers"]),
    "a range in words": (swap("[4, 12]", '["4", "12"]'), ["scale 1", "'range'", "pair of numbers"]),
    "a range of 400 digits": (swap("12]", "9" * 400 + "]"), ["scale 1", "'range'", "pair of numbers"]),
    "a cut at the end": (swap("cut = 8", "cut = 12"), ["scale 1", "'cut' = 12", "outside the range"]),
    "a cut that is none": (swap("cut = 8", "cut = nan"), ["scale 1", "'cut'", "not finite"]),
    "a cut without poles": (without("poles"), ["scale 1", "'cut'", "belong together"]),
    "one pole twice": (swap('"Neat"', '"Loose"'), ["scale 1", "'poles'", "stands twice"]),
    "an empty pole": (swap('"Neat"', '" "'), ["scale 1", "'poles'", "list of texts"]),
    "a constant in words": (swap("constant = 4", 'constant = "4"'), ["scale 2", "'constant'", "not a number"]),
    "a constant too high": (swap("constant = 4", "constant = 5"), ["scale 'care'", "'range' is 2 to 6"]),
    "the key of an item turned": (swap("key = -1", "key = 1"), ["scale 'care'", "'range' is 2 to 6"]),
}  # fmt: skip

ITEMS = {
    "an empty list": (WHOLE.partition("[[items]]")[0].replace("[instrument]", "items = []\n[instrument]"),
                      ["'items'", "at least one entry"]),
    "an item of no kind": (swap('id = "c-2"', 'id = "c-2"\nkind = 1'), ["item 2 ('c-2')", "'kind'"]),
    "no id": (without("id ="), ["item 1", "'id' is missing"]),
    "no scale": (without('scale = "care"'), ["item 1 ('c-1')", "'scale' is missing"]),
    "no key": (without("key ="), ["item 1 ('c-1')", "'key' is missing"]),
    "a key of nothing": (swap("key = 1", "key = 0"), ["item 1", "'key' = 0", "neither 1"]),
    "a key of parts": (swap("key = 1", "key = 1.0"), ["item 1", "'key' = 1.0", "whole number"]),
    "a stem of numbers": (swap(f'"{STEMS["c-1"]}"', "12"), ["item 1", "'stem' = 12", "not a text"]),
    "a stem in place of its hash": (swap(f'sha256 = "{HASHES[1]}"\n', ""), ["item 2", "'stem' is missing"]),
    "one code for two": (swap('"A2"', '"A1"'), ["item 'A1'", "'code' stands twice"]),
    "a code that is an id": (swap('"A1"', '"c-4"'), ["item 'c-4'", "'code' stands twice"]),
    "one hash for two": (swap(HASHES[3], HASHES[2]), ["item 4 ('c-4')", "'sha256'", "of item 'c-3' too"]),
    "a variant that is another item": (swap("a" * 64, HASHES[1]), ["item 2 ('c-2')", "of item 'c-1' too"]),
    "a variant called published": (swap("{ other =", "{ published ="), ["item 1", "'variants'", "published"]),
    "a variant that is no hash": (swap("a" * 64, "b" * 63), ["item 1", "'variants.other'", "no SHA-256"]),
    "variants in a list": (swap(f'{{ other = "{"a" * 64}" }}', "[]"), ["item 1", "'variants'", "a table"]),
    "a hash with a space": (swap(HASHES[2], HASHES[2][1:] + " "), ["item 3 ('c-3')", "'sha256'", "64 digits"]),
    "another text than hashed": (swap("tools", "pans"), ["item 1", "'sha256'", "was altered", "name of its own"]),
    "a number below 1": (swap("turned = 1", "turned = 0"), ["item 'c-2'", "has number 0 in order 'turned'"]),
    "a number of parts": (swap("turned = 1", "turned = 1.5"), ["item 2", "'numbers.turned'", "whole number"]),
    "a number that is true": (swap("turned = 1", "turned = true"), ["item 2", "'numbers.turned'", "whole number"]),
    "numbers in a list": (swap("{ turned = 1 }", "[1]"), ["item 2", "'numbers'", "a table"]),
}  # fmt: skip

FACTS = {
    "norms that are empty": (WHOLE.partition("[[norms]]")[0].replace("[instrument]", "norms = []\n[instrument]"),
                             ["'norms'", "at least one entry"]),
    "norms in a table": (swap("[[norms]]", "[norms]"), ["'norms'", "list of tables"]),
    "norms of no sample": (without("sample ="), ["norms 1 ('all')", "'sample' is missing"]),
    "norms of parts of people": (swap("n = 10", "n = 9.5"), ["norms 1", "'n' = 9.5", "whole number"]),
    "norms without figures": (swap("{ order = [8.0, 1.5] }", "{ }"), ["norms 1", "'figures'", "is empty"]),
    "norms without an end": (swap("[8.0, 1.5]", "[8.0, inf]"), ["norms 1", "'figures.order'", "pair"]),
    "norms in words": (swap("[8.0, 1.5]", '"8 (1.5)"'), ["norms 1", "'figures.order'", "pair"]),
    "counts of no scale": (swap("{ order = 9 }", "{ ordr = 9 }"), ["norms 1", "'counts'", "did you mean 'order'"]),
    "counts of nobody": (swap("{ order = 9 }", "{ order = 0 }"), ["norms 1", "'counts.order'", "below 1"]),
    "counts of parts": (swap("{ order = 9 }", "{ order = 8.5 }"), ["norms 1", "'counts.order'", "whole number"]),
    "a mean that is a mode": (swap('unit = "sum"', 'unit = "mode"'), ["norms 1", "'unit' = 'mode'"]),
    "a reliability unchecked": (without("checked = false"), ["reliability 1", "'checked' is missing"]),
    "a reliability in words": (swap("{ order = 0.8 }", '{ order = ".8" }'), ["reliability 1", "'values.order'"]),
    "a reliability that is true": (swap("{ order = 0.8 }", "{ order = true }"), ["'values.order'", "number"]),
    "a reliability of nobody": (swap("checked = false", "checked = false\nunit = 1"), ["reliability 1", "'unit'"]),
    "data keyed or not": (without("values_are_keyed"), ["data_set 1 ('one')", "'values_are_keyed' is missing"]),
    "data keyed in words": (swap("keyed = true", 'keyed = "yes"'), ["data_set 1", "true or false"]),
    "data missing without end": (swap("[0]", "[nan]"), ["data_set 1", "'missing'", "list of numbers"]),
    "data missing a number": (swap("missing = [0]", "missing = 0"), ["data_set 1", "'missing'", "list"]),
    "data in a misspelt order": (swap('"turned"', '"turnd"'), ["data_set 1", "did you mean 'turned'"]),
    "a package of no version": (without('version = "1.0.0"'), ["package 1 ('care')", "'version' is missing"]),
    "a package of no file": (without("file ="), ["package 1", "'file' is missing"]),
    "a package of no hash": (swap("1" * 64, "1" * 65), ["package 1", "'sha256'", "no SHA-256"]),
    "a language of no hash": (swap("3" * 64, "de"), ["package 1", "'languages.de'", "no SHA-256"]),
    "other braces": (swap("{language}.json", "{lang}.json"), ["package 1", "'file'", "braces"]),
    "half a brace": (swap("{language}.json", "{language.json"), ["package 1", "'file'", "braces"]),
    "braces of options": (swap("{language}.js\"", "{}.js\""), ["package 1", "'options'", "braces"]),
    "options of no language": (without("option_languages"), ["package 1", "'options'", "belong together"]),
    "languages of no options": (without("options = \"package"), ["package 1", "'options'", "belong together"]),
    "options of another language": (swap("{ de =", "{ fr =", swap(", de =", ", es =")), ["'fr'", "lacks"]),
}  # fmt: skip

TRAIT = (inventories_folder() / "trait" / "trait.toml").read_text(encoding="utf-8")
PAIR = SMALL.replace("origin =", 'form = "pair"\norigin =')
FORMS = {
    "items of a number in words": (swap("= 1000", '= "1000"', TRAIT), ["[item_file]", "whole number"]),
    "items below none": (swap("= 1000", "= -1", TRAIT), ["[item_file]", "'items_per_scale' = -1"]),
    "items without an end": (
        swap("= 1000", f"= {'9' * 400}", TRAIT), ["[item_file]", "'items_per_scale'", "above 100,000"],
    ),
    "no number of items": (without("items_per_scale", TRAIT), ["[item_file]", "'items_per_scale' is missing"]),
    "no names of fields": (TRAIT.partition("[item_file.fields]")[0], ["[item_file]", "'fields.scale' is missing"]),
    "no field of numbers": (without("number =", TRAIT), ["[item_file]", "'fields.number' is missing"]),
    "a field of numbers": (swap('"idx"', "7", TRAIT), ["[item_file]", "'fields.number'", "not a text"]),
    "items from a file and from here": (
        TRAIT + SCENARIO[SCENARIO.index("[[items]]"):].replace("calm", "openness"), ["'items' is not known here"],
    ),
    "statements from a file": (
        SMALL.partition("[[items]]")[0] + TRAIT[TRAIT.index("[item_file]"):], ["'item_file'", "for scenarios"],
    ),
    "four options of statements": (
        swap('  { value = 5, text = "Strongly agree" },\n', "", SMALL.partition("[[items]]")[0])
        + TRAIT[TRAIT.index("[item_file]"):], ["'item_file'", "for scenarios"],
    ),
    "an empty field of a file": (swap('"situation"', '" "', TRAIT), ["[item_file]", "'fields.situation'", "not a text"]),
    "scenarios of 1 and 2": (
        swap('"share"', '"mean"', SCENARIO).replace("value = 1", "value = 2").replace("value = 0", "value = 1"),
        ["[response_scale]", "as many of value 0"],
    ),
    "another scenario than hashed": (
        swap("question =", f'sha256 = "{HASHES[0]}"\nquestion =', SCENARIO), ["item 1 ('s-1')", "'sha256'", "was altered"],
    ),
    "more options than a file has": (
        swap('  { value = 1, text = "high 1" },', '{ value = 0, text = "low 3" }, { value = 1, text = "high 0" },'
             '{ value = 1, text = "high 1" },', TRAIT), ["'item_file'", "two low and two high"],
    ),
    "a scenario by hash alone": (
        swap("situation =", f'sha256 = "{HASHES[0]}"\n#', SCENARIO), ["item 1 ('s-1')", "'situation' is missing"],
    ),
    "a scenario with a key": (swap("situation =", "key = 1\nsituation =", SCENARIO), ["item 1", "'key'"]),
    "a scenario with a stem": (swap("situation =", "stem =", SCENARIO), ["item 1", "'situation' is missing"]),
    "scenarios out of 5": (swap("[0, 100]", "[0, 5]", SCENARIO), ["scale 'calm'", "score 0 to 100"]),
    "a situation of nothing": (swap("A storm comes up.", "", SCENARIO), ["item 1", "'situation'", "is empty"]),
    "low in one text": (swap('["I cry.", "I run."]', '"I cry."', SCENARIO), ["item 1", "'low'", "list of texts"]),
    "an empty low option": (swap('"I cry."', '""', SCENARIO), ["item 1", "'low'", "list of texts"]),
    "more low than high options": (
        swap("{ value = 1, text = \"high 1\" }", "{ value = 0, text = \"low 3\" }", SCENARIO), ["as many of value 0"],
    ),
    "options from high to low": (
        swap("{ value = 0, text = \"low 1\" }", "{ value = 1, text = \"low 1\" }", SCENARIO), ["option 2", "low to high"],
    ),
    "norms of a share": (
        SCENARIO + WHOLE[WHOLE.index("[[norms]]"):WHOLE.index("[[reliabilities]]")].replace("order", "calm"),
        ["'norms'"],
    ),
    "a pair with a stem": (PAIR, ["item 1 ('s-1')", "'left' is missing"]),
    "half a pair": (swap("stem =", "left =", PAIR), ["item 1 ('s-1')", "'right' is missing"]),
    "a pair divided on the left": (
        swap('stem = "I stay', 'right = "x"\nleft = "I | stay', PAIR), ["item 1", "'left'", "divides a pair"],
    ),
}  # fmt: skip

CASES = {
    f"{part}: {name}": case
    for part, cases in (
        ("head", HEADS), ("scales", SCALES), ("items", ITEMS), ("facts", FACTS), ("forms", FORMS),
    )
    for name, case in cases.items()
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_definition_is_refused_with_its_place(tmp_path, case):
    text, named = CASES[case]
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        pm.load_instrument(path)
    for part in (str(path), "Mend: ", *named):
        assert part in str(caught.value)
    with pytest.raises(DefinitionError):
        pm.install_wording(path, tmp_path / "mine.txt")


def test_what_is_no_file(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    for name, told in (("none.toml", "No such file"), ("folder.toml", "Is a directory")):
        with pytest.raises(DefinitionError, match=rf"{name} cannot be read: {told}[\s\S]*Mend"):
            pm.load_instrument(tmp_path / name)


def read_or_refuse(text):
    """An error of ours names the file and a mend; any other is let through."""
    try:
        parse_definition(text.encode(), "mine.toml")
    except DefinitionError as error:
        assert "mine.toml" in error.cause and error.mend
        return False
    return True


FORMS_OF_FILES = {
    "whole": WHOLE,
    "scenario": SCENARIO,
    "item file": swap("= 1000", "= 3", TRAIT),
    "statement": SMALL,
}
OTHERS = (
    "1",
    "-1",
    "0.5",
    "true",
    '"x"',
    '""',
    "[]",
    "{ }",
    "nan",
    "[[1]]",
    "2025-01-01",
    "9" * 400,
)


@pytest.mark.parametrize("name", FORMS_OF_FILES)
def test_any_line_may_be_missing_or_stand_twice(name):
    """Some lines may go, such as a note; none may end in another error than ours."""
    lines = FORMS_OF_FILES[name].splitlines()
    read = [
        read_or_refuse("\n".join(lines[:at] + new + lines[at + 1 :]))
        for at, line in enumerate(lines)
        for new in ([], [line, line])
        if line.strip()
    ]
    assert read.count(False) > len(read) / 2


@pytest.mark.parametrize("name", FORMS_OF_FILES)
def test_any_field_may_be_of_another_type(name):
    """Each value in turn is put in place of every field's."""
    lines = FORMS_OF_FILES[name].splitlines()
    fields = [at for at, line in enumerate(lines) if " = " in line and not line.startswith(" ")]
    refused = 0
    for at in fields:
        for value in OTHERS:
            line = f"{lines[at].partition(' = ')[0]} = {value}"
            refused += not read_or_refuse("\n".join([*lines[:at], line, *lines[at + 1 :]]))
    assert refused > len(fields) * len(OTHERS) * 0.75


@pytest.mark.parametrize("name", FORMS_OF_FILES)
def test_no_field_is_read_by_nobody(name):
    """A misspelt field is refused wherever it stands."""

    def places(table, path=()):
        yield path
        for key, value in table.items():
            inner = value if isinstance(value, list) else [value]
            for at, entry in enumerate(inner):
                if isinstance(entry, dict) and key not in (
                    "variants", "numbers", "figures", "counts", "values", "languages",
                    "option_languages", "fields",
                ):  # fmt: skip
                    yield from places(entry, (*path, (key, at, isinstance(value, list))))

    def toml(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(toml, value)) + "]"
        return json.dumps(value, ensure_ascii=True)

    for path in places(tomllib.loads(FORMS_OF_FILES[name])):
        content = tomllib.loads(FORMS_OF_FILES[name])
        place = content
        for key, at, listed in path:
            place = place[key][at] if listed else place[key]
        place["misspelt"] = "x"
        text = "\n".join(f"{key} = {toml(value)}" for key, value in content.items())
        with pytest.raises(DefinitionError, match="'misspelt' = 'x' is not known here"):
            parse_definition(text.encode(), "mine.toml")


FIRST, SECOND, THIRD, FOURTH = STEMS.values()
OWN = "I like loose ends."
LABEL = "label each text with the id, code or number"
# A file, and what the error names besides the file; each is refused with allow_modified too.
WORDINGS = {
    "a text in place of a folder": ("w", FIRST, ["ends in ''", ".txt, .csv, .json"]),
    "a table of a program": ("w.xlsx", "PK", ["ends in '.xlsx'", ".txt, .csv, .json"]),
    "an archive of another kind": ("w.tar.gz", "x", ["ends in '.gz'", ".txt, .csv, .json"]),
    "lines of nothing": ("w.txt", " \n\t\n", ["holds no text", "one item a line or row"]),
    "one line for all": ("w.txt", " ".join(STEMS.values()), ["4 of 4 items", "c-1, c-2, c-3, c-4", "line 1: "]),
    "two lines for an item": (
        "w.txt", "\n".join([FIRST[:10], FIRST[10:], SECOND, THIRD, FOURTH]), ["1 of 4 items", "(c-1)", "line 2: "],
    ),
    "an item short": ("w.txt", "\n".join([FIRST, SECOND, FOURTH]), ["1 of 4 items", "(c-3)", "wording: none", LABEL]),
    "an item altered": ("w.txt", "\n".join([FIRST, OWN, THIRD, FOURTH]), ["(c-2)", f"line 2: {OWN!r}", LABEL]),
    "two wordings": ("w.txt", "\n".join([*STEMS.values(), VARIANT]), ["'c-3' stands in two", "(line 5)", "Leave one"]),
    "one label for two texts": (
        "w.txt", "\n".join([FIRST, f"c-2 {OWN}", f"c-2 {OWN} Often.", THIRD, FOURTH]), ["c-2", "line "],
    ),
    "letters of another code": ("w.txt", b"\xc9\x83" * 40, ["4 of 4 items", "line 1: "]),
    "a table of labels": ("w.csv", "id\nc-1\nc-2\nc-3\nc-4", ["4 of 4 items", "row 1: 'id'"]),
    "texts over two cells": ("w.csv", FIRST.replace(" in ", ",") + f"\n{SECOND}\n{THIRD}\n{FOURTH}", ["(c-1)", "row 1: "]),
    "a cell without an end": ("w.csv", '"' + "x" * 140_000, ["not valid CSV", "Mend that place."]),
    "no values": ("w.json", "{}", ["holds no text"]),
    "no JSON": ("w.json", FIRST, ["not valid JSON", "line 1 column 1"]),
    "two values": ("w.json", "[] []", ["not valid JSON", "Extra data"]),
    "labels without texts": ("w.json", json.dumps(dict.fromkeys(STEMS, "")), ["holds no text"]),
    "nulls for texts": ("w.json", json.dumps(STEMS | {"c-2": None}), ["1 of 4 items", "(c-2)", "wording: none"]),
    "no package": ("w.tgz", "x", ["No package is known with the wording of care-4", "--from FILE"]),
    "no wheel": ("w.whl", "x", ["No package is known with the wording of care-4", "--from FILE"]),
}  # fmt: skip


@pytest.mark.parametrize("allow_modified", [False, True])
@pytest.mark.parametrize("case", WORDINGS)
def test_a_malformed_wording_is_refused_with_its_place(tmp_path, monkeypatch, case, allow_modified):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    name, content, named = WORDINGS[case]
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WordingError) as caught:
        pm.install_wording(definition(tmp_path), file, allow_modified=allow_modified)
    if not allow_modified:
        named = ["or allow the modified one (--allow-modified)" if n == LABEL else n for n in named]
    where = "care-4" if "No package" in named[0] else str(file)
    for part in (where, "Mend: ", *named):
        assert part in str(caught.value)
    assert not data_folder().exists()
