"""From journalled answers to the long frame of responses."""

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.administration.distribution import option_log_p
from psychometrics.administration.plan import Plan
from psychometrics.backends.base import PromptScore
from psychometrics.designs.orders import order_name
from psychometrics.stats.distribution import expected_value, modal_option


def assemble(plan: Plan, answers: Mapping[str, PromptScore], min_mass: float) -> pd.DataFrame:
    """Lay out one row an observation, in the order respondents × items × conditions.

    Parameters
    ----------
    plan : Plan
    answers : mapping
        Cell id to score, complete.
    min_mass : float
        Below this option mass the expected value and the choice are missing (``low_mass``).

    Returns
    -------
    DataFrame
        The columns of :class:`psychometrics.Responses`.
    """
    scale = plan.instrument.response_scale
    prompts = {p.key: p for model in plan.models for p in model.prompts}
    keys = sorted(prompts)
    index = {key: n for n, key in enumerate(keys)}
    log_p = np.array([option_log_p(prompts[key].paths, answers[key].path_log_p) for key in keys])
    cells = [cell for r in plan.respondents for cell in r.cells]
    at = np.array([index[cell] for cell in cells])
    log_p = log_p[at]
    mass = np.exp(np.logaddexp.reduce(log_p, axis=-1))
    valid = mass >= min_mass
    choice, n_tied = modal_option(log_p)
    expected = np.full(len(cells), np.nan)
    expected[valid] = expected_value(log_p[valid], scale.values)
    return pd.DataFrame(
        _conditions(plan)
        | _by_option("position", _positions(plan))
        | _by_option("log_p", log_p)
        | {
            "option_mass": mass,
            "expected": expected,
            "choice": pd.arrays.IntegerArray(choice + 1, ~valid | (n_tied > 1)),
            "n_tied": n_tied,
            "outcome": np.where(valid, "chosen", "low_mass"),
            "entropy": [answers[cell].entropy for cell in cells],
            "top": [json.dumps(answers[cell].top, ensure_ascii=False) for cell in cells],
            "prompt_tokens": [len(prompts[cell].ids) for cell in cells],
            "numerics": [answers[cell].numerics for cell in cells],
            "cell": cells,
        }
    )


def _conditions(plan: Plan) -> dict[str, object]:
    items, conditions = [item.id for item in plan.instrument.items], plan.conditions
    times = len(plan.respondents) * len(items)
    per_respondent = len(items) * len(conditions)
    who = [r.respondent for r in plan.respondents]
    return {
        "respondent": np.repeat([r.id for r in who], per_respondent),
        "model": np.repeat([r.model.name for r in who], per_respondent),
        "instrument": np.repeat(plan.instrument.name, times * len(conditions)),
        "item": np.tile(np.repeat(items, len(conditions)), len(who)),
        "option_order": np.tile([order_name(c.order) for c in conditions], times),
        "labels": np.tile([c.labels for c in conditions], times),
        "wording": np.tile([c.wording.name for c in conditions], times),
    }


def _positions(plan: Plan) -> IntArray:
    """Position (from 1) at which each canonical option stood, shape (n_rows, n_options)."""
    shown = np.array([np.argsort(c.order) + 1 for c in plan.conditions], dtype=np.int64)
    return np.tile(shown, (plan.n_rows // len(shown), 1))


def _by_option(name: str, values: FloatArray | IntArray) -> dict[str, object]:
    return {f"{name}_{n}": column for n, column in enumerate(values.T, start=1)}
