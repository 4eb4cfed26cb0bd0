"""Label paths on several tokenizer families; boundaries; the cache against doing it anew."""

import pytest
from tiny import CHATML, byte_bpe, merging_bpe, metaspace_bpe, save_tiny

import psychometrics as pm
from psychometrics.administration.label_paths import LabelPathFinder, label_paths
from psychometrics.administration.render import canonical_labels, render
from psychometrics.administration.template import PromptWriter
from psychometrics.backends.load_model import open_model
from psychometrics.errors import LabelBoundaryError

FAMILIES = {"byte_bpe": byte_bpe, "metaspace_bpe": metaspace_bpe}


def writer_of(folder, tokenizer, template):
    save_tiny(folder, tokenizer=tokenizer, template=template)
    return PromptWriter(open_model(pm.ModelReference(str(folder))), None, "fold")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("template", [CHATML, None], ids=["chat", "plain"])
@pytest.mark.parametrize("labels", ["letters", "digits", "text"])
def test_paths_extend_the_exact_prompt(family, template, labels, tmp_path, small):
    """Prompt tokens followed by a path are the tokens of prompt and label; cached or not."""
    writer = writer_of(tmp_path, FAMILIES[family](), template)
    finder = LabelPathFinder(writer.encode)
    for condition in pm.design(labels=labels, wording=3).conditions(5):
        text = writer.text(render(small.items[0], small, condition))
        (ids,) = writer.encode([text])
        offered = canonical_labels(small.items[0], small, condition)
        found = finder.find(text, ids, offered)
        assert found == label_paths(text, ids, offered, writer.encode)
        for option, spellings in zip(found.paths, found.spellings, strict=True):
            for path, spelling in zip(option, spellings, strict=True):
                assert writer.encode([text + spelling]) == [ids + path]


def test_cache_is_right_on_the_whole_inventory(smol, big_five):
    writer = PromptWriter(smol, None, "fold")
    finder = LabelPathFinder(writer.encode)
    conditions = pm.design(option_order="random(3, 1)", labels="text", wording=3).conditions(5)
    for item in big_five.items[::7]:
        for condition in conditions:
            text = writer.text(render(item, big_five, condition))
            (ids,) = writer.encode([text])
            offered = canonical_labels(item, big_five, condition)
            assert finder.find(text, ids, offered) == label_paths(text, ids, offered, writer.encode)


def test_digits_one_and_ten_are_prefix_and_extension(tmp_path):
    writer = writer_of(tmp_path, byte_bpe(), CHATML)
    text = writer.text("Pick one.")
    (ids,) = writer.encode([text])
    paths = label_paths(text, ids, ("1", "10"), writer.encode).paths
    assert paths[1][0][: len(paths[0][0])] == paths[0][0] and len(paths[1][0]) == 2


def test_spelling_that_merges_is_dropped_and_named(tmp_path):
    """Of ':A' and ': A', a plain prompt ending in a colon keeps what does not merge."""
    writer = writer_of(tmp_path, byte_bpe(), None)

    def merging_without_space(texts):
        return [tuple(text.replace(":A", "\u2042").encode()) for text in texts]

    text = "Answer:"
    (ids,) = merging_without_space([text])
    found = label_paths(text, ids, ("A",), merging_without_space)
    assert found.spellings == ((" A",),) and found.dropped == ("A",)
    assert writer.text("x").endswith("Answer:")


def test_tokenizer_that_merges_every_spelling_is_an_error_before_any_forward_pass(tmp_path, small):
    folder = save_tiny(tmp_path, tokenizer=merging_bpe(), template=None)
    with pytest.raises(
        LabelBoundaryError, match=r"merges every spelling of label '[A-E]'[\s\S]*Mend:"
    ):
        pm.preview(small, pm.respondents(str(folder)))


def test_labels_with_the_same_tokens_are_refused():
    with pytest.raises(LabelBoundaryError, match="'A' and 'A' have the same tokens"):
        label_paths("Q", (81,), ("A", "A"), lambda texts: [tuple(t.encode()) for t in texts])
