"""Rules about English wording."""

from collections.abc import Callable, Iterator

from psychometrics.instruments.content_words import content_stems, negations
from psychometrics.instruments.instrument import Instrument

MAX_WORDS = 12
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")
_Found = Iterator[tuple[str, str]]


def length(instrument: Instrument) -> _Found:
    """Find items of many words."""
    for item in instrument.items:
        texts = item.poles if instrument.form == "pair" else (item.text,)
        n = max(len(text.split()) for text in texts)
        if n > MAX_WORDS:
            yield item.id, f"{n} words, at most {MAX_WORDS}"


def negation(instrument: Instrument) -> _Found:
    """Find negating words, and words that only negate another item's."""
    stems = {item.id: content_stems(item.text) for item in instrument.items}
    owners: dict[str, list[str]] = {}
    for name, own in stems.items():
        for stem in own:
            owners.setdefault(stem, []).append(name)
    for item in instrument.items:
        found = negations(item.text)
        if found:
            yield item.id, f"negation: {', '.join(found)}"
        for stem in sorted(stems[item.id]):
            for prefix in _PREFIXES:
                positive = stem.removeprefix(prefix)
                others = owners.get(positive, []) if positive != stem else []
                for other in others:
                    if other != item.id:
                        yield item.id, f"'{stem}' is a mere negation of {other}"


def shared_words(instrument: Instrument) -> _Found:
    """Find content words that two items share."""
    seen: dict[str, str] = {}
    for item in instrument.items:
        for stem in sorted(content_stems(item.text)):
            if stem in seen:
                yield item.id, f"shares '{stem}' with {seen[stem]}"
            seen.setdefault(stem, item.id)


ENGLISH_RULES: dict[str, Callable[[Instrument], _Found]] = {
    "length": length,
    "negation": negation,
    "shared words": shared_words,
}
