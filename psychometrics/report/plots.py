"""Figures: each takes a result and, if wanted, the axes to draw in, and returns the axes.

``pm.plot.scores(run.responses.score()).figure.savefig("scores.pdf")``. No global setting of
matplotlib is changed, and no window is opened.
"""

from psychometrics.report.agreement_plot import bland_altman
from psychometrics.report.answer_plot import answers
from psychometrics.report.component_plot import variance_components
from psychometrics.report.correlation_plot import correlations
from psychometrics.report.forest_plot import forest
from psychometrics.report.item_plot import items
from psychometrics.report.order_plot import order_effects
from psychometrics.report.process_plots import option_mass, positions
from psychometrics.report.score_plot import scores

__all__ = [
    "answers",
    "bland_altman",
    "correlations",
    "forest",
    "items",
    "option_mass",
    "order_effects",
    "positions",
    "scores",
    "variance_components",
]
