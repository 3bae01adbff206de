"""What a promise reaches: what it is about, in which case, where, for whom, from which order on; and what lies outside."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from promisecheck.match.lexicon import Lexicon
from promisecheck.match.phrasebook import Found, Token
from promisecheck.match.stated import measures_in, open_grammar
from promisecheck.model import LANGUAGES, Fact
from promisecheck.quantities import areas_of

# What goes wrong is the case that a promise is for, where it also says what is then done.
_CASES = frozenset({"defect", "delay", "outage"})
_NORDIC = frozenset({"DK", "NO", "SE", "FI", "IS", "FO", "GL"})
_EU_TEXT = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
# Customer groups that exclude each other; across these, a case can be of both.
_APART = (
    frozenset({"business", "private"}), frozenset({"students", "seniors", "children"}),
    frozenset({"members", "non-members"}), frozenset({"new", "existing"}),
)  # fmt: skip
# What a column may hold that no promise would say.
_SHORT_FOR = {"privat": "private", "b2c": "private", "consumer": "private", "bedrift": "business"}
_NO_MEMBER = re.compile(r"(?:ikke|inte|icke|non|not an?|no|ej)[\s-]*(?:medlem|member)|gæst|gjest|gäst|guest")
# "For members" names whom a promise is for; a group that is merely mentioned ("our company") is none.
_MEANT = re.compile(
    r"\b(?:for|för|åt|til|till|to)\s+(?:(?:alle|alla|all|vores|våre|våra|our|dig|deg)\s+){0,2}$"
)
_OWN = re.compile(r"\b(?:vores|vår|vårt|våre|våra|our)\s+$")
_I_AM = re.compile(
    r"\b(?:(?:jeg|vi|jag|eg) (?:er|är)|i am|i'm|we are|we're)\s+(?:selv |selv en |an? |en |et |ei |ett )?$"
)
_GROUPS = {"nordic": _NORDIC, "EU": frozenset(_EU_TEXT.split())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Hold the limits of one promise; what is empty is not limited."""

    subjects: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    least_order: float | None = None
    customers: str = ""

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
        customers=next(iter(sorted(groups_meant(text, language))), ""),
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


def groups_meant(text: str, language: str) -> frozenset[str]:
    """Return the customer groups that a promise is for ("free for members")."""
    return frozenset(name for name, before in _groups_named(text, language) if _means(name, before))


def _means(name: str, before: str) -> bool:
    return bool(_MEANT.search(before)) and not (name == "business" and _OWN.search(before))


def groups_told(text: str, language: str) -> frozenset[str]:
    """Return the customer groups that the writer of an incident says to be of ("we are a business")."""
    return frozenset(name for name, before in _groups_named(text, language) if _I_AM.search(before))


def _groups_named(text: str, language: str) -> list[tuple[str, str]]:
    grammar = open_grammar(language)
    small = text.casefold()
    named = grammar.wording.customers.items() if grammar else ()
    return [(name, small[: found.start()]) for name, pattern in named for found in pattern.finditer(small)]


@functools.lru_cache(maxsize=4096)
def group_of(written: str) -> str:
    """Return the customer group that a log's own word names, in any language; "" for none or more than one."""
    small = written.casefold()
    if _NO_MEMBER.search(small):
        return "non-members"
    if small in _SHORT_FOR:
        return _SHORT_FOR[small]
    found = {name for language in LANGUAGES for name, _ in _groups_named(small, language)}
    return found.pop() if len(found) == 1 else ""


def _of_another_group(promised: str, groups: frozenset[str]) -> bool:
    """Tell whether a case is of a group that excludes the promised one."""
    apart = next((axis for axis in _APART if promised in axis), frozenset())
    known = groups & apart
    return bool(known) and promised not in known


def lies_outside(
    reach: Reach, facts: Mapping[str, Fact], areas: frozenset[str], groups: frozenset[str] = frozenset()
) -> str:
    """Return why an incident lies outside a promise's country, customers or order value, or ""; the unknown lies within.

    `areas` and `groups` are what the incident's text tells; columns of its log stand above them.
    """
    if reach.customers:
        stated = group_of(str(facts.get("customers", "")))
        known = frozenset([stated]) if stated else groups
        if _of_another_group(reach.customers, known):
            return f"The customer was of the group {', '.join(sorted(known))}; the promise is for {reach.customers}."
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
