"""What a promise reaches: what it is about, in which case, in which countries, from which order on; and what lies outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from promisecheck.match.lexicon import Lexicon
from promisecheck.match.phrasebook import Found, Token
from promisecheck.match.stated import measures_in, open_grammar
from promisecheck.model import Fact
from promisecheck.quantities import areas_of

# What goes wrong is the case that a promise is for, where it also says what is then done.
_CASES = frozenset({"defect", "delay", "outage"})
_NORDIC = frozenset({"DK", "NO", "SE", "FI", "IS", "FO", "GL"})
_EU_TEXT = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_GROUPS = {"nordic": _NORDIC, "EU": frozenset(_EU_TEXT.split())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Hold the limits of one promise; what is empty is not limited."""

    subjects: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    least_order: float | None = None

    @property
    def objects(self) -> frozenset[str]:
        """Return the subjects that an incident must share; how a price was told is seen in the bill alone."""
        return self.subjects - {"told-price"}


UNLIMITED = Reach()


def reach_of(text: str, tokens: Sequence[Token], lexicon: Lexicon | None, turn: int) -> Reach:
    """Return the reach of a promise; `turn` is the first token after a condition that opens it, or 0."""
    found = lexicon.find(tokens) if lexicon else []
    language = lexicon.language if lexicon else ""
    # A condition that follows limits the promise in ways that a log seldom tells ("if you are in doubt about the ticket").
    after = (item.first for item in found if item.label == "conditional" and item.first > turn)
    end = min(after, default=len(tokens))
    subjects = subjects_in(item for item in found if turn <= item.first < end)
    given = subjects_in(item for item in found if item.first < turn)
    if subjects - _CASES:
        given |= subjects & _CASES
    subjects -= _CASES
    return Reach(
        subjects=subjects - given,
        given=given,
        areas=areas_in(text, language),
        least_order=_least_order(text, language, {item.label for item in found}),
    )


def subjects_in(found: Iterable[Found]) -> frozenset[str]:
    """Return the subjects among what a lexicon found."""
    return frozenset(
        item.label.removeprefix("subject:") for item in found if item.label.startswith("subject:")
    )


def areas_in(text: str, language: str) -> frozenset[str]:
    """Return the countries that a text names; "the whole world" limits nothing."""
    grammar = open_grammar(language)
    named = areas_of(text, grammar) if grammar else frozenset()
    if "world" in named:
        return frozenset()
    return frozenset(code for name in named for code in _GROUPS.get(name, (name,)))


def _least_order(text: str, language: str, labels: set[str]) -> float | None:
    """Return the order value from which a promise holds ("free delivery over 499 kr")."""
    if "thresholds" not in labels or "subject:shipping" not in labels:
        return None
    sums = [one.measure for one in measures_in(text, language) if one.measure.kind == "money"]
    return sums[0].value if len(sums) == 1 else None


def is_met(reach: Reach, spoken_of: frozenset[str], *, general: bool) -> bool:
    """Tell whether an incident that speaks of these subjects can bear on the promise at all.

    A firm promise needs the same thing to be spoken of; a general value is about its whole theme. Both need the case that
    the promise is for.
    """
    if reach.given and reach.given.isdisjoint(spoken_of):
        return False
    return general or not reach.objects or not reach.objects.isdisjoint(spoken_of)


def lies_outside(reach: Reach, facts: Mapping[str, Fact], areas: frozenset[str]) -> str:
    """Return why an incident lies outside a promise's country or order value, or ""; what is unknown lies within."""
    if not reach.areas and reach.least_order is None:
        return ""
    country = facts.get("country")
    where = frozenset([country]) if isinstance(country, str) and country else areas
    if reach.areas and where and reach.areas.isdisjoint(where):
        return f"It was in {', '.join(sorted(where))}; the promise is for {', '.join(sorted(reach.areas))}."
    order = facts.get("order_value")
    if reach.least_order is not None and isinstance(order, int | float) and order < reach.least_order:
        return f"The order was {order:g}; the promise begins at {reach.least_order:g}."
    return ""
