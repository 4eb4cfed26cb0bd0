"""Measurement of language models.

The usual way through: :func:`load_instrument`, :func:`respondents`, :func:`design`,
:func:`administer`; then :meth:`Responses.check`, :meth:`Responses.score` and :mod:`plot`.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from psychometrics.administration.preview import Preview, preview
    from psychometrics.administration.run import Run, administer
    from psychometrics.analysis.estimate import Estimate
    from psychometrics.analysis.order_effects import OrderEffects
    from psychometrics.analysis.response_check import ResponseCheck
    from psychometrics.backends.scripted import ScriptedModel, scripted_model
    from psychometrics.backends.transformers_model import TransformersModel, load_model
    from psychometrics.designs.design import Design, design
    from psychometrics.instruments.check import InstrumentCheck, check_instrument
    from psychometrics.instruments.instrument import Instrument
    from psychometrics.instruments.item import Item
    from psychometrics.instruments.load import list_instruments, load_instrument
    from psychometrics.instruments.response_scale import ResponseOption, ResponseScale
    from psychometrics.instruments.scale import Scale
    from psychometrics.report import plots as plot
    from psychometrics.report.page import write_page
    from psychometrics.respondent.reference import ModelReference
    from psychometrics.respondent.respondents import Persona, Respondent, Respondents, respondents
    from psychometrics.responses import Responses, read_responses
    from psychometrics.scoring.scores import Scores

_PLACES = {
    "administration.preview": ("Preview", "preview"),
    "administration.run": ("Run", "administer"),
    "analysis.estimate": ("Estimate",),
    "analysis.order_effects": ("OrderEffects",),
    "analysis.response_check": ("ResponseCheck",),
    "backends.scripted": ("ScriptedModel", "scripted_model"),
    "backends.transformers_model": ("TransformersModel", "load_model"),
    "designs.design": ("Design", "design"),
    "instruments.check": ("InstrumentCheck", "check_instrument"),
    "instruments.instrument": ("Instrument",),
    "instruments.item": ("Item",),
    "instruments.load": ("list_instruments", "load_instrument"),
    "instruments.response_scale": ("ResponseOption", "ResponseScale"),
    "instruments.scale": ("Scale",),
    "report.page": ("write_page",),
    "respondent.reference": ("ModelReference",),
    "respondent.respondents": ("Persona", "Respondent", "Respondents", "respondents"),
    "responses": ("Responses", "read_responses"),
    "scoring.scores": ("Scores",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = ["plot", *_MODULES]  # noqa: PLE0604, PLE0605


def __getattr__(name: str) -> object:
    if name == "plot":
        return importlib.import_module("psychometrics.report.plots")
    if name in _MODULES:
        return getattr(importlib.import_module(f"psychometrics.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'psychometrics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
