"""The hash that knows a wording: what it overlooks, and what it never overlooks."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.instruments.stem_hash import normalise_stem, stem_hash

SAME = {
    "case": ("I Plan MY days.", "i plan my days."),
    "a curly apostrophe": ("I don't hurry.", "I don\u2019t hurry."),
    "an opening quote for an apostrophe": ("I don't hurry.", "I don\u2018t hurry."),
    "an acute accent for an apostrophe": ("I don't hurry.", "I don\u00b4t hurry."),
    "a backtick for an apostrophe": ("I don't hurry.", "I don`t hurry."),
    "a lost apostrophe": ("I don't hurry.", "I don\ufffdt hurry."),
    "a full-width apostrophe": ("I don't hurry.", "I don\uff07t hurry."),
    "no apostrophe at all": ("I don't hurry.", "I dont hurry."),
    "spaces": ("I plan my days.", "  I  plan\tmy\n days. "),
    "spaces that do not break": ("I plan my days.", "I\u00a0plan\u202fmy\u2003days."),
    "no stop": ("I plan my days.", "I plan my days"),
    "dashes": ("Calm - mostly.", "Calm \u2013 mostly \u2014"),
    "quotes": ('They call me "calm".', "They call me \u201ccalm\u201d."),
    "three dots": ("I wait...", "I wait\u2026"),
    "a bullet": ("I wait.", "\u2022 I wait."),
    "letters and marks apart": ("Caf\u00e9 owners like me.", "Cafe\u0301 owners like me."),
    "a ligature": ("I find it fine.", "I \ufb01nd it \ufb01ne."),
    "full-width letters": ("I plan.", "\uff29 \uff50\uff4c\uff41\uff4e\uff0e"),
    "the divider of a pair": ("Talks | Listens", "Talks\tListens"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_one_wording_has_one_hash(case):
    first, second = SAME[case]
    assert first != second and stem_hash(first) == stem_hash(second)


OTHER = {
    "a word more": ("I plan my days.", "I plan all my days."),
    "a word less": ("I plan my days.", "I plan days."),
    "another number": ("I keep 2 of 3 lists.", "I keep 2 of 4 lists."),
    "words in another order": ("Often I plan.", "I plan often."),
    "a word in two": ("I do it indeed.", "I do it in deed."),
    "an umlaut": ("Ich bin schon da.", "Ich bin sch\u00f6n da."),
    "a slash is no letter": ("he/she", "heshe"),
    "tones of Vietnamese": ("b\u1ea1n", "b\u1ec7n"),
    "Chinese": ("\u6749", "\u6728"),
    "marks in another script": ("\u042f \u043f\u043e\u044e.", "\u042f \u043f\u043e\u044e?"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER)
def test_another_wording_has_another_hash(case):
    first, second = OTHER[case]
    assert stem_hash(first) != stem_hash(second)


WRITTEN = {
    "I'm calm.": "im calm",
    "  '  ": "",
    "": "",
    "2 + 2 = 4!": "2 2 4",
    "\u00c9t\u00e9 \u00e0 No\u00ebl": "\u00e9t\u00e9 \u00e0 no\u00ebl",
    "\u00b4\u00b4a\u00b4\u00b4": "a",
    "\u017babi\u0105 \u0141apa": "\u017cabi\u0105 \u0142apa",
    "\u042f  \u043f\u043e\u044e.": "\u044f \u043f\u043e\u044e.",
    "\u0110i ch\u1ee3 \u2013 xa": "\u0111i ch\u1ee3 \u2013 xa",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_left_of_a_text(text):
    assert normalise_stem(text) == WRITTEN[text]


def test_the_hash_is_sha256_of_what_is_left():
    assert stem_hash("I'm calm.") == hashlib.sha256(b"im calm").hexdigest()
    polish = "\u017babi\u0105 \u0141apa"
    assert stem_hash(polish) == hashlib.sha256(WRITTEN[polish].encode()).hexdigest()


# Letters of the range whose two cases are both in it and are one another's.
LETTERS = [
    letter
    for letter in map(chr, range(0x30, 0x250))
    if (letter.isalpha() or letter in "0123456789")
    and letter not in "\u00df\u0131\u01f0\u00b5"
    and unicodedata.normalize("NFKC", letter) == letter
    and max(letter.upper() + letter.lower()) < "\u0250"
]
WORDS = st.lists(st.text(st.sampled_from(LETTERS), min_size=1), min_size=1)
APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4\ufffd"


@given(WORDS, st.data())
def test_case_apostrophes_and_spacing_never_change_it(words, data):
    spelled = []
    for word in words:
        change = data.draw(st.sampled_from([str.upper, str.lower, str.title, str]))
        at = data.draw(st.integers(0, len(word)))
        mark = data.draw(st.sampled_from(["", *APOSTROPHES]))
        spelled += [change(word[:at]) + mark + change(word[at:])]
        spelled += [data.draw(st.text(' \t\n\u00a0.,;:!?-\u2013\u2026"\u201c', min_size=1))]
    text = "".join(spelled)
    assert stem_hash(text) == stem_hash(" ".join(words))
    assert stem_hash(unicodedata.normalize("NFD", text)) == stem_hash(text)


@given(WORDS, WORDS)
def test_other_words_never_have_the_same_hash(first, second):
    same = [word.lower() for word in first] == [word.lower() for word in second]
    assert (stem_hash(" ".join(first)) == stem_hash(" ".join(second))) is same


@given(st.text())
def test_what_is_left_is_what_is_left_of_it(text):
    once = normalise_stem(text)
    assert normalise_stem(once) == once
