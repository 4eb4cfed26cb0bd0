"""The text side: conventions of the tokenizer, dates of the template."""

import pytest
from tiny import CHATML, DATED, metaspace_bpe, save_tiny

import psychometrics as pm
from psychometrics.errors import TemplateError


def test_bos_follows_the_tokenizers_own_convention(tmp_path):
    assert pm.load_model(str(save_tiny(tmp_path / "a", template=CHATML))).bos is None
    spaced = pm.load_model(str(save_tiny(tmp_path / "b", tokenizer=metaspace_bpe())))
    assert spaced.decode([spaced.bos]) == "<s>"


def test_template_that_prints_the_date_prints_the_same_date_every_day(tmp_path):
    model = pm.load_model(str(save_tiny(tmp_path, template=DATED)))
    text = model.render_chat([{"role": "user", "content": "Hello"}])
    assert text.startswith("01 January 2026|01 Jan 2026\n")


def test_date_that_cannot_be_fixed_is_refused(tmp_path):
    template = "{% set form = '%d' %}{{ strftime_now(form) }}" + CHATML
    model = pm.load_model(str(save_tiny(tmp_path, template=template)))
    with pytest.raises(TemplateError, match="in a form that cannot be fixed"):
        model.render_chat([{"role": "user", "content": "Hello"}])
