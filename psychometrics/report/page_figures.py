"""The figures of the page, each with what it shows in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.analysis.response_checks import ResponseChecks
from psychometrics.report import plots
from psychometrics.report.answer_plot import MAX_SIDE_BY_SIDE
from psychometrics.report.order_plot import ONE_ORDER
from psychometrics.report.page_text import people_of, who
from psychometrics.report.style import COLOURS
from psychometrics.report.svg import inline_svg
from psychometrics.responses import Responses
from psychometrics.scoring.scores import Scores

# More respondents than this times 30 facets make a figure nobody can read.
_MAX_FACET_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A figure as it stands on the page.

    Parameters
    ----------
    name : str
        Id of the element.
    svg : str
        Safe to be inserted as it is.
    caption : str
    """

    name: str
    svg: str
    caption: str


def page_figures(
    responses: Responses,
    scores: Scores,
    checks: ResponseChecks,
    effects: OrderEffects,
) -> dict[str, PageFigure]:
    """Draw every figure that the responses allow, by name.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> r = run.responses
    >>> list(page_figures(r, r.score(), r.check(), r.order_effects()))
    ['scores', 'facets', 'answers', 'mass', 'orders', 'order-facets', 'positions']
    """
    figures = [
        *_score_figures(responses, scores),
        *_answer_figures(responses),
        *_order_figures(responses, effects),
        *_position_figure(checks),
    ]
    return {figure.name.removeprefix("fig-"): figure for figure in figures}


def why_no_order_figure(effects: OrderEffects) -> str:
    """Say why there is no figure of the option orders; nothing if there is one."""
    if effects.frame["option_order"].nunique() < 2:
        return ONE_ORDER
    if effects.frame["score"].isna().all():
        return "No order has a valid answer."
    return ""


def _score_figures(responses: Responses, scores: Scores) -> Iterator[PageFigure]:
    people = people_of(responses)
    levels = {scale.level for scale in responses.instrument.scales}
    level = f"{scores.conf_level:.0%} intervals over items"
    ends = (
        "An arrow head marks an interval that leaves the response scale; the dotted line is its "
        "middle."
    )
    ax = plots.scores(scores)
    caption = f"Domain scores (log average) of {who(responses)} with {level}. {ends}"
    yield PageFigure("fig-scores", inline_svg(ax, "fig-scores", caption), caption)
    if "facet" in levels and len(people) <= _MAX_FACET_PEOPLE:
        ax = plots.scores(scores, level="facet")
        caption = f"Facet scores (log average) with {level}. {ends}"
        yield PageFigure("fig-facets", inline_svg(ax, "fig-facets", caption), caption)


def _answer_figures(responses: Responses) -> Iterator[PageFigure]:
    people = people_of(responses)
    mean = f", averaged over {len(people)} respondents" if len(people) > MAX_SIDE_BY_SIDE else ""
    caption = (
        "Probability of each option by item, in per cent, over the valid presentations (mean "
        f"average, not keyed{mean}). Darker is more probable; R marks reversed items."
    )
    if responses.frame["option_order"].nunique() > 1:
        caption += (
            " Averaged over balanced orders, answers that follow positions alone are spread evenly."
        )
    ax = plots.answers(responses)
    yield PageFigure("fig-answers", inline_svg(ax, "fig-answers", caption), caption)
    threshold = responses.manifest.get("min_mass")
    pooled = "; all respondents together" if len(people) > len(COLOURS) else ""
    missing = f" Below the dashed line ({threshold:g}) an answer is missing." if threshold else ""
    caption = (
        "Option mass by item: the probability, over everything the model might say, that all "
        "labels hold together. Dot: mean over presentations; dash at the end of the line: the "
        f"smallest{pooled}.{missing}"
    )
    ax = plots.option_mass(responses)
    yield PageFigure("fig-mass", inline_svg(ax, "fig-mass", caption), caption)


def _order_figures(responses: Responses, effects: OrderEffects) -> Iterator[PageFigure]:
    if not why_no_order_figure(effects):
        caption = (
            "Score that each option order, taken alone, would have reported, and above the scores "
            "the mean answer before the key is applied. Dot: one order; tick: all orders together; "
            "at the ends the orders by the canonical numbers of the options in the sequence shown. "
            "Scores are means of keyed items; the axis is a part of the response scale."
        )
        ax = plots.order_effects(effects)
        yield PageFigure("fig-orders", inline_svg(ax, "fig-orders", caption), caption)
        levels = set(effects.frame["level"])
        if "facet" in levels and len(people_of(responses)) <= _MAX_FACET_PEOPLE:
            caption = "The same for facets."
            ax = plots.order_effects(effects, level="facet")
            svg = inline_svg(ax, "fig-order-facets", caption)
            yield PageFigure("fig-order-facets", svg, caption)


def _position_figure(checks: ResponseChecks) -> Iterator[PageFigure]:
    known = {person: check for person, check in checks.items() if check.positions[0].n}
    if not known:
        return
    largest = sorted(known, key=lambda person: -max(abs(e.value) for e in known[person].positions))
    shown = {person: known[person] for person in known if person in largest[: len(COLOURS)]}
    first = next(iter(shown.values())).positions[0]
    part = f" The {len(shown)} respondents with the largest." if len(shown) < len(known) else ""
    caption = (
        "Probability that goes to a position, whatever option stands there, beyond its even "
        f"share, with {first.conf_level:.0%} intervals over items.{part}"
    )
    ax = plots.positions(shown)
    yield PageFigure("fig-positions", inline_svg(ax, "fig-positions", caption), caption)
