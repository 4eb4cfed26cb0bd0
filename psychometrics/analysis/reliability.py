"""The reliability of scores, with the unit stated."""

import warnings
from dataclasses import replace

from psychometrics.analysis.alpha import alpha
from psychometrics.analysis.as_item_table import Answers, Tabular
from psychometrics.analysis.by_scale import sets_of, warn_of_missing
from psychometrics.analysis.estimates import Estimates, estimates
from psychometrics.analysis.gstudy import gstudy
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.lower_bounds import guttman_lambdas
from psychometrics.analysis.measurement_error import standard_error_of_measurement
from psychometrics.analysis.omega import omega
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError, EstimateWarning, UnitError

_OBJECTS = ("respondent", "item")


@verb
def reliability(
    data: Tabular, object: str = "respondent", *, conf_level: float = 0.95
) -> Estimates:
    """Say how reliable scores are, as differences among what.

    Parameters
    ----------
    data : Responses, ItemTable, DataFrame or ndarray
    object : {"respondent", "item"}
        ``respondent``: how well the scales tell respondents apart: alpha, omega total, lambda-2
        and the standard error of measurement of every scale. ``item``: how far one respondent's
        answers to items hold over option orders, labels and wordings: the G study of its own
        facets.
    conf_level : float

    Returns
    -------
    Estimates
        Where respondents hang together, the note of each gives the effective n.

    Raises
    ------
    UnitError
        Reliability among respondents of one respondent: its repetitions are conditions, not people.
        Or ``object="item"`` of several.
    DataError
        Another object, or a table that cannot be used.

    Warns
    -----
    EstimateWarning
        Something is not estimated, or stands at a limit; its note says why.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0, position_bias=[1.0], noise=0.5)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> pm.reliability(run.responses)
    Traceback (most recent call last):
    psychometrics.errors.UnitError: Reliability is about differences among respondents, and ...
    >>> pm.reliability(run.responses, object="item")[0].n_unit
    'items'
    """
    if object not in _OBJECTS:
        raise DataError(f"object={object!r} is unknown.", f"Give one of {', '.join(_OBJECTS)}.")
    if object == "item":
        _refuse_several(data)
        return gstudy(data, object="item", conf_level=conf_level).to_estimates()
    sets = sets_of(data, None, "Reliability", every_scale=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        found = estimates(*(_of_scale(table, name, conf_level) for name, table in sets.items()))
    warn_of_missing(found, stacklevel=4)
    return found


def _refuse_several(data: Tabular) -> None:
    n = data.frame["respondent"].nunique() if isinstance(data, Answers) else 0
    if n != 1:
        raise UnitError(
            f"How far answers to items hold is asked of one respondent; there are {n or 'none'}.",
            "Give the responses of one: responses.of(name). Among respondents use object="
            "'respondent', or gstudy() with a design of your own.",
        )


def _of_scale(table: ItemTable, name: str, conf_level: float) -> Estimates:
    first = alpha(table, conf_level=conf_level)
    bounds = guttman_lambdas(table, interval="bootstrap", conf_level=conf_level)
    parts = (
        first,
        omega(table, conf_level=conf_level),
        bounds["lambda-2"],
        standard_error_of_measurement(first),
    )
    return Estimates(tuple(replace(part, of=name) for part in parts))
