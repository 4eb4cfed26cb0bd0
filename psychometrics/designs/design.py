"""A design: which conditions of administration are crossed."""

from dataclasses import dataclass

from psychometrics._types import LabelSet
from psychometrics.designs.labels import check_label_set
from psychometrics.designs.orders import Order, check_order_spec, option_orders, order_name
from psychometrics.designs.wordings import Wording, wordings
from psychometrics.errors import DesignError


@dataclass(frozen=True, slots=True)
class Condition:
    """One level of every facet: how a cell is presented."""

    order: Order
    labels: LabelSet
    wording: Wording

    @property
    def name(self) -> str:
        """Levels of the facets, joined."""
        return f"{order_name(self.order)}|{self.labels}|{self.wording.name}"


@dataclass(frozen=True, slots=True)
class Design:
    """Facets of administration, fully crossed with each other and with the items.

    Build one with :func:`psychometrics.design`.
    """

    option_order: str
    labels: tuple[LabelSet, ...]
    wording: tuple[Wording, ...]

    def conditions(self, n_options: int, seed: int = 0) -> tuple[Condition, ...]:
        """Cross the facets for items of ``n_options`` options.

        Parameters
        ----------
        n_options : int
        seed : int
            For randomly drawn orders that name no seed.

        Examples
        --------
        >>> import psychometrics as pm
        >>> len(pm.design(option_order="balanced", wording=2).conditions(5))
        20
        """
        orders = option_orders(self.option_order, n_options, seed)
        return tuple(
            Condition(order, labels, wording)
            for wording in self.wording
            for labels in self.labels
            for order in orders
        )

    def __repr__(self) -> str:
        names = ", ".join(wording.name for wording in self.wording)
        labels = ", ".join(self.labels)
        return f"<Design: option order {self.option_order} × labels {labels} × wording {names}>"


def design(
    *,
    option_order: str = "balanced",
    labels: str | tuple[str, ...] | list[str] = "letters",
    wording: int | str | tuple[str, ...] | list[str] = 1,
) -> Design:
    """State how the items are presented.

    The default permutes the options (Williams design) and labels them with letters, because the
    digit of an option would contradict its place once the order is changed.

    Parameters
    ----------
    option_order : str
        ``"as_written"``, ``"reversed"``, ``"balanced"``, ``"latin"``, ``"paired"``, ``"all"``,
        ``"random(n)"`` or ``"random(n, seed)"``; see
        :func:`psychometrics.designs.orders.option_orders`.
    labels : str or sequence of str
        ``"digits"``, ``"letters"``, ``"text"``: one set or several to be crossed.
    wording : int, str or sequence of str
        The first n wordings, or wordings by name.

    Returns
    -------
    Design

    Raises
    ------
    DesignError
        A name is unknown.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.design(option_order="reversed", labels=["digits", "letters"])
    <Design: option order reversed × labels digits, letters × wording plain>
    """
    check_order_spec(option_order)
    if not labels:
        raise DesignError("labels is empty.", "Name at least one label set.")
    names = (labels,) if isinstance(labels, str) else tuple(dict.fromkeys(labels))
    chosen = tuple(wording) if isinstance(wording, list) else wording
    return Design(option_order, tuple(check_label_set(name) for name in names), wordings(chosen))
