"""Content words."""

from psychometrics.instruments.content_words import content_stems, negations, words
from psychometrics.instruments.function_words import ENGLISH, ENGLISH_NEGATIONS


def test_apostrophes_of_all_kinds_are_deleted():
    assert words("I don’t; I don't; I donʼt") == ["i", "dont", "i", "dont", "i", "dont"]


def test_function_words_carry_no_content():
    assert content_stems("Whatever it is that I am in, of, or with") == frozenset()


def test_negations_are_function_words():
    assert ENGLISH_NEGATIONS <= ENGLISH
    assert negations("Nobody told me") == ["nobody"]


def test_open_class_words_are_content():
    assert not {"people", "things", "feel", "make", "like", "easily"} & ENGLISH
