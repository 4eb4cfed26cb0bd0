"""Open the models that respondents name."""

from typing import cast

from psychometrics.administration.plan import Backends
from psychometrics.backends.base import Backend
from psychometrics.backends.load_model import open_model
from psychometrics.respondent.respondents import Respondents


def open_backends(respondents: Respondents) -> Backends:
    """Find every model and read its text side; those in memory are taken as they are.

    Raises
    ------
    ModelError
        One cannot be found or read.
    """
    references = dict.fromkeys(respondent.model for respondent in respondents)
    return {
        reference: cast(Backend, respondents.opened[reference])
        if reference in respondents.opened
        else open_model(reference)
        for reference in references
    }
