"""Facets crossed and nested: a design string and the effects that it implies."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

Effect = frozenset[str]
RESIDUAL = "residual"
_TOKEN = re.compile(r"\s*(?:([^\W\d]\w*)|([():×*])|(\S))")
_CROSSINGS = {"×", "*", "x", "X"}


@dataclass(frozen=True, slots=True)
class FacetDesign:
    """Which facets are crossed and which are nested.

    Parameters
    ----------
    facets : tuple of str
        In the order of the design string.
    nesting : Mapping[str, frozenset of str]
        For each facet, all the facets that it is nested in.

    Examples
    --------
    >>> design = parse_design("person x (rater:task)")
    >>> design.names
    ('person', 'task', 'rater:task', 'person x task', 'person x rater:task')
    """

    facets: tuple[str, ...]
    nesting: Mapping[str, Effect]

    def __str__(self) -> str:
        return self.name(self.whole)

    @property
    def whole(self) -> Effect:
        """The effect of all facets together: with one observation a cell, error is part of it."""
        return frozenset(self.facets)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Every estimable effect: a set of facets that holds what its members are nested in.

        Ordered by the number of facets, nested before crossed, then as they stand in the design.
        """
        rank = {facet: i for i, facet in enumerate(self.facets)}
        found = {
            frozenset(chosen)
            for size in range(1, len(self.facets) + 1)
            for chosen in combinations(self.facets, size)
            if all(self.nesting[facet] <= set(chosen) for facet in chosen)
        }
        return tuple(
            sorted(
                found,
                key=lambda e: (len(e), len(self.primary(e)), sorted(rank[facet] for facet in e)),
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the effects, as `name` writes them."""
        return tuple(self.name(effect) for effect in self.effects)

    def primary(self, effect: Effect) -> Effect:
        """The facets of an effect that nest no other facet of it: those before the colon."""
        return frozenset(f for f in effect if not any(f in self.nesting[g] for g in effect))

    def closure(self, facet: str) -> Effect:
        """A facet together with everything that it is nested in.

        Raises
        ------
        ValueError
            The design has no such facet.
        """
        self.check(facet)
        return self.nesting[facet] | {facet}

    def check(self, *facets: str, what: str = "") -> None:
        """Refuse a name that is not among the facets.

        Raises
        ------
        ValueError
            With the facets that there are.
        """
        for facet in facets:
            if facet not in self.facets:
                label = f"{what}={facet!r}" if what else repr(facet)
                raise ValueError(f"{label} is not a facet; there are {', '.join(self.facets)}")

    def name(self, effect: Effect) -> str:
        """Write an effect as crossed facets, each nested one with what it is nested in.

        Examples
        --------
        >>> parse_design("a x b:c").name(frozenset("abc"))
        'a x b:c'
        >>> parse_design("a:(b x c)").name(frozenset("abc"))
        'a:(b x c)'
        """
        return " x ".join(self._nested_name(group) for group in self._groups(self.primary(effect)))

    def without(self, dropped: Iterable[str]) -> "FacetDesign":
        """The design of the facets that remain."""
        gone = frozenset(dropped)
        kept = tuple(facet for facet in self.facets if facet not in gone)
        return FacetDesign(kept, {f: self.nesting[f] - gone for f in kept})

    def _groups(self, heads: Effect) -> list[list[str]]:
        """Facets that are nested in something in common, directly or through others."""
        groups: list[list[str]] = []
        for facet in (f for f in self.facets if f in heads):
            own = self.nesting[facet]
            near = [g for g in groups if any(own & self.nesting[f] for f in g)]
            groups = [g for g in groups if g not in near] + [[*(f for g in near for f in g), facet]]
        return groups

    def _nested_name(self, heads: list[str]) -> str:
        outer = frozenset.intersection(*(self.nesting[facet] for facet in heads))
        if not outer:
            return heads[0]
        below = frozenset.union(*(self.closure(facet) for facet in heads)) - outer
        inner = self.without(outer).name(below)
        around = self.name(outer)
        bracketed = [f"({part})" if " x " in part else part for part in (inner, around)]
        return ":".join(bracketed)


def parse_design(text: str) -> FacetDesign:
    """Read a design string in the notation of Cronbach et al. and Brennan.

    Parameters
    ----------
    text : str
        Facets with ``x``, ``×`` or ``*`` between what is crossed and ``:`` before what a facet is
        nested in. The colon binds tighter; parentheses group. A facet's name begins with a
        letter, goes on with letters, digits and ``_``, and is not ``x``.

    Returns
    -------
    FacetDesign

    Raises
    ------
    ValueError
        A facet stands twice, a parenthesis or a name is missing, or a sign is unknown.

    References
    ----------
    Cronbach, Gleser, Nanda & Rajaratnam (1972). The dependability of behavioral measurements.
    Wiley.

    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Examples
    --------
    >>> parse_design("person x item x occasion").names[3:]
    ('person x item', 'person x occasion', 'item x occasion', 'person x item x occasion')
    >>> str(parse_design("item:scale × person"))
    'item:scale x person'
    >>> parse_design("person x item x person")
    Traceback (most recent call last):
    ValueError: facet 'person' stands twice in 'person x item x person'
    """
    parser = _Parser(_tokens(text), text)
    nesting = parser.crossed()
    if parser.rest:
        what = "a ')' too many" if parser.rest[0] == ")" else f"no x or : before {parser.rest[0]!r}"
        raise ValueError(f"{what} in {text!r}")
    if RESIDUAL in nesting:
        raise ValueError(f"a facet cannot be called {RESIDUAL!r}: that is the name of the error")
    return FacetDesign(tuple(nesting), nesting)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for name, sign, unknown in _TOKEN.findall(text):
        if unknown:
            raise ValueError(
                f"{unknown!r} in {text!r} is neither a facet's name nor one of x × * :"
            )
        tokens.append("×" if name in _CROSSINGS or sign in _CROSSINGS else name or sign)
    return tokens


class _Parser:
    """Recursive descent; each method returns the facets it read with what they are nested in."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self.rest = tokens
        self.text = text

    def crossed(self) -> dict[str, Effect]:
        found = self._nested()
        while self.rest[:1] == ["×"]:
            self.rest = self.rest[1:]
            found = self._joined(found, self._nested())
        return found

    def _nested(self) -> dict[str, Effect]:
        inner = self._single()
        if self.rest[:1] != [":"]:
            return inner
        self.rest = self.rest[1:]
        outer = self._nested()
        joined = self._joined(inner, outer)
        return joined | {facet: nests | set(outer) for facet, nests in inner.items()}

    def _single(self) -> dict[str, Effect]:
        token, self.rest = (self.rest[0], self.rest[1:]) if self.rest else ("", [])
        if token == "(":
            found = self.crossed()
            if self.rest[:1] != [")"]:
                raise ValueError(f"a ')' is missing in {self.text!r}")
            self.rest = self.rest[1:]
            return found
        if not token or token in "×:)":
            where = f"before {token!r}" if token else "at the end"
            raise ValueError(f"the name of a facet is missing {where} in {self.text!r}")
        return {token: frozenset()}

    def _joined(self, a: dict[str, Effect], b: dict[str, Effect]) -> dict[str, Effect]:
        for facet in a:
            if facet in b:
                raise ValueError(f"facet {facet!r} stands twice in {self.text!r}")
        return a | b
