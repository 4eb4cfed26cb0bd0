"""Measurement of language models.

The usual way through: :func:`load_instrument`, :func:`respondents`, :func:`design`,
:func:`administer`; then :meth:`Responses.check`, :meth:`Responses.score` and :mod:`plot`.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from psychometrics.administration.generate import generate as generate
    from psychometrics.administration.preview import Preview as Preview
    from psychometrics.administration.preview import preview as preview
    from psychometrics.administration.run import Run as Run
    from psychometrics.administration.run import administer as administer
    from psychometrics.analysis.adjusted import adjust_p as adjust_p
    from psychometrics.analysis.agreement import bland_altman as bland_altman
    from psychometrics.analysis.agreement import cohens_kappa as cohens_kappa
    from psychometrics.analysis.agreement import concordance as concordance
    from psychometrics.analysis.agreement import fleiss_kappa as fleiss_kappa
    from psychometrics.analysis.agreement import gwet_ac as gwet_ac
    from psychometrics.analysis.agreement import krippendorffs_alpha as krippendorffs_alpha
    from psychometrics.analysis.alpha import alpha as alpha
    from psychometrics.analysis.as_item_table import item_table as item_table
    from psychometrics.analysis.bootstrapped import bootstrap as bootstrap
    from psychometrics.analysis.content_validity import ContentValidity as ContentValidity
    from psychometrics.analysis.content_validity import content_validity as content_validity
    from psychometrics.analysis.contrasts import known_groups as known_groups
    from psychometrics.analysis.contrasts import paired_contrast as paired_contrast
    from psychometrics.analysis.correlations import Correlations as Correlations
    from psychometrics.analysis.correlations import correlations as correlations
    from psychometrics.analysis.criterion import criterion_validity as criterion_validity
    from psychometrics.analysis.criterion import incremental_validity as incremental_validity
    from psychometrics.analysis.decision import Decision as Decision
    from psychometrics.analysis.disattenuation import (
        disattenuated_correlation as disattenuated_correlation,
    )
    from psychometrics.analysis.discriminant import fornell_larcker as fornell_larcker
    from psychometrics.analysis.discriminant import htmt as htmt
    from psychometrics.analysis.equivalence import Equivalence as Equivalence
    from psychometrics.analysis.equivalence import equivalence as equivalence
    from psychometrics.analysis.estimate import Estimate as Estimate
    from psychometrics.analysis.estimates import Estimates as Estimates
    from psychometrics.analysis.generic_tests import mediation as mediation
    from psychometrics.analysis.generic_tests import pairwise_tests as pairwise_tests
    from psychometrics.analysis.generic_tests import (
        repeated_measures_correlation as repeated_measures_correlation,
    )
    from psychometrics.analysis.generic_tests import tost as tost
    from psychometrics.analysis.gstudy import GStudies as GStudies
    from psychometrics.analysis.gstudy import GStudy as GStudy
    from psychometrics.analysis.gstudy import gstudy as gstudy
    from psychometrics.analysis.intraclass import icc as icc
    from psychometrics.analysis.intraclass import retest as retest
    from psychometrics.analysis.item_analysis import ItemAnalysis as ItemAnalysis
    from psychometrics.analysis.item_analysis import item_analysis as item_analysis
    from psychometrics.analysis.item_files import ItemFile as ItemFile
    from psychometrics.analysis.item_files import read_items as read_items
    from psychometrics.analysis.item_files import write_items as write_items
    from psychometrics.analysis.item_table import ItemTable as ItemTable
    from psychometrics.analysis.limits_of_agreement import LimitsOfAgreement as LimitsOfAgreement
    from psychometrics.analysis.lower_bounds import greatest_lower_bound as greatest_lower_bound
    from psychometrics.analysis.lower_bounds import guttman_lambdas as guttman_lambdas
    from psychometrics.analysis.lower_bounds import split_half as split_half
    from psychometrics.analysis.lower_bounds import (
        split_half_distribution as split_half_distribution,
    )
    from psychometrics.analysis.measurement_error import (
        minimal_detectable_difference as minimal_detectable_difference,
    )
    from psychometrics.analysis.measurement_error import (
        standard_error_of_measurement as standard_error_of_measurement,
    )
    from psychometrics.analysis.multitrait import multitrait_multimethod as multitrait_multimethod
    from psychometrics.analysis.numerical_error import NumericalError as NumericalError
    from psychometrics.analysis.omega import (
        average_variance_extracted as average_variance_extracted,
    )
    from psychometrics.analysis.omega import composite_reliability as composite_reliability
    from psychometrics.analysis.omega import omega as omega
    from psychometrics.analysis.order_effects import OrderEffects as OrderEffects
    from psychometrics.analysis.rating_table import rating_table as rating_table
    from psychometrics.analysis.regression import mixed_model as mixed_model
    from psychometrics.analysis.regression import regress as regress
    from psychometrics.analysis.reliability import reliability as reliability
    from psychometrics.analysis.response_check import ResponseCheck as ResponseCheck
    from psychometrics.analysis.response_checks import ResponseChecks as ResponseChecks
    from psychometrics.analysis.response_process import response_process as response_process
    from psychometrics.analysis.second_opinion import SecondOpinion as SecondOpinion
    from psychometrics.analysis.second_opinion import second_opinion as second_opinion
    from psychometrics.backends.load_model import load_model as load_model
    from psychometrics.backends.scripted import ScriptedModel as ScriptedModel
    from psychometrics.backends.scripted import scripted_model as scripted_model
    from psychometrics.backends.transformers_model import TransformersModel as TransformersModel
    from psychometrics.citations import cite as cite
    from psychometrics.completions import Completions as Completions
    from psychometrics.completions import read_completions as read_completions
    from psychometrics.designs.design import Design as Design
    from psychometrics.designs.design import design as design
    from psychometrics.designs.sampling import Sampling as Sampling
    from psychometrics.instruments.check import InstrumentCheck as InstrumentCheck
    from psychometrics.instruments.check import check_instrument as check_instrument
    from psychometrics.instruments.install_wording import WordingInstall as WordingInstall
    from psychometrics.instruments.install_wording import install_wording as install_wording
    from psychometrics.instruments.instrument import Instrument as Instrument
    from psychometrics.instruments.item import Item as Item
    from psychometrics.instruments.load import list_instruments as list_instruments
    from psychometrics.instruments.load import load_instrument as load_instrument
    from psychometrics.instruments.norm_group import NormGroup as NormGroup
    from psychometrics.instruments.response_scale import ResponseOption as ResponseOption
    from psychometrics.instruments.response_scale import ResponseScale as ResponseScale
    from psychometrics.instruments.scale import Scale as Scale
    from psychometrics.instruments.sorting import sorting_task as sorting_task
    from psychometrics.people_responses import PeopleResponses as PeopleResponses
    from psychometrics.report import plots as plot
    from psychometrics.report.component_table import component_table as component_table
    from psychometrics.report.estimate_table import table as table
    from psychometrics.report.page import write_page as write_page
    from psychometrics.report.sentence import sentence as sentence
    from psychometrics.report.table import Table as Table
    from psychometrics.respondent.reference import ModelReference as ModelReference
    from psychometrics.respondent.respondents import Persona as Persona
    from psychometrics.respondent.respondents import Respondent as Respondent
    from psychometrics.respondent.respondents import Respondents as Respondents
    from psychometrics.respondent.respondents import respondents as respondents
    from psychometrics.responses import Responses as Responses
    from psychometrics.responses import read_responses as read_responses
    from psychometrics.scoring.norms import NormedScores as NormedScores
    from psychometrics.scoring.norms import norms as norms
    from psychometrics.scoring.scores import Scores as Scores
    from psychometrics.scoring.types import types as types

_PLACES = {
    "administration.generate": ("generate",),
    "administration.preview": ("Preview", "preview"),
    "administration.run": ("Run", "administer"),
    "analysis.bootstrapped": ("bootstrap",),
    "analysis.content_validity": ("ContentValidity", "content_validity"),
    "analysis.contrasts": ("known_groups", "paired_contrast"),
    "analysis.correlations": ("Correlations", "correlations"),
    "analysis.criterion": ("criterion_validity", "incremental_validity"),
    "analysis.decision": ("Decision",),
    "analysis.disattenuation": ("disattenuated_correlation",),
    "analysis.discriminant": ("fornell_larcker", "htmt"),
    "analysis.equivalence": ("Equivalence", "equivalence"),
    "analysis.estimate": ("Estimate",),
    "analysis.adjusted": ("adjust_p",),
    "analysis.agreement": (
        "bland_altman",
        "cohens_kappa",
        "concordance",
        "fleiss_kappa",
        "gwet_ac",
        "krippendorffs_alpha",
    ),
    "analysis.alpha": ("alpha",),
    "analysis.as_item_table": ("item_table",),
    "analysis.item_table": ("ItemTable",),
    "analysis.estimates": ("Estimates",),
    "analysis.generic_tests": (
        "mediation",
        "pairwise_tests",
        "repeated_measures_correlation",
        "tost",
    ),
    "analysis.gstudy": ("GStudies", "GStudy", "gstudy"),
    "analysis.intraclass": ("icc", "retest"),
    "analysis.item_analysis": ("ItemAnalysis", "item_analysis"),
    "analysis.item_files": ("ItemFile", "read_items", "write_items"),
    "analysis.response_process": ("response_process",),
    "analysis.second_opinion": ("SecondOpinion", "second_opinion"),
    "analysis.limits_of_agreement": ("LimitsOfAgreement",),
    "analysis.lower_bounds": (
        "greatest_lower_bound",
        "guttman_lambdas",
        "split_half",
        "split_half_distribution",
    ),
    "analysis.measurement_error": (
        "minimal_detectable_difference",
        "standard_error_of_measurement",
    ),
    "analysis.multitrait": ("multitrait_multimethod",),
    "analysis.numerical_error": ("NumericalError",),
    "analysis.omega": ("average_variance_extracted", "composite_reliability", "omega"),
    "analysis.order_effects": ("OrderEffects",),
    "analysis.rating_table": ("rating_table",),
    "analysis.regression": ("mixed_model", "regress"),
    "analysis.reliability": ("reliability",),
    "analysis.response_check": ("ResponseCheck",),
    "analysis.response_checks": ("ResponseChecks",),
    "backends.load_model": ("load_model",),
    "backends.scripted": ("ScriptedModel", "scripted_model"),
    "backends.transformers_model": ("TransformersModel",),
    "citations": ("cite",),
    "completions": ("Completions", "read_completions"),
    "designs.design": ("Design", "design"),
    "designs.sampling": ("Sampling",),
    "instruments.check": ("InstrumentCheck", "check_instrument"),
    "instruments.install_wording": ("WordingInstall", "install_wording"),
    "instruments.instrument": ("Instrument",),
    "instruments.item": ("Item",),
    "instruments.load": ("list_instruments", "load_instrument"),
    "instruments.norm_group": ("NormGroup",),
    "instruments.response_scale": ("ResponseOption", "ResponseScale"),
    "instruments.scale": ("Scale",),
    "instruments.sorting": ("sorting_task",),
    "people_responses": ("PeopleResponses",),
    "report.component_table": ("component_table",),
    "report.estimate_table": ("table",),
    "report.page": ("write_page",),
    "report.sentence": ("sentence",),
    "report.table": ("Table",),
    "respondent.reference": ("ModelReference",),
    "respondent.respondents": ("Persona", "Respondent", "Respondents", "respondents"),
    "responses": ("Responses", "read_responses"),
    "scoring.norms": ("NormedScores", "norms"),
    "scoring.scores": ("Scores",),
    "scoring.types": ("types",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = ["plot", *_MODULES]


def __getattr__(name: str) -> object:
    if name == "plot":
        return importlib.import_module("psychometrics.report.plots")
    if name in _MODULES:
        return getattr(importlib.import_module(f"psychometrics.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'psychometrics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
