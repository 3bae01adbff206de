"""What the words around a measure say: how firmly, on which conditions, for whom, and about what."""

from __future__ import annotations

import re
from collections.abc import Mapping

from promisecheck.model import Scope, Strength
from promisecheck.quantities.grammar import Grammar
from promisecheck.quantities.phrases import lower


def strength_of(text: str, grammar: Grammar) -> Strength:
    """Return hedged where the text leaves itself room, absolute where it leaves none, firm otherwise."""
    small = lower(text)
    wording = grammar.wording
    if _outside(small, wording.hedged, wording.not_hedged):
        return "hedged"
    if _outside(small, wording.absolute, wording.not_absolute):
        return "absolute"
    return "firm"


def _outside(small: str, wanted: re.Pattern[str], exempt: re.Pattern[str]) -> bool:
    spans = [match.span() for match in exempt.finditer(small)]
    return any(
        all(match.end() <= start or end <= match.start() for start, end in spans)
        for match in wanted.finditer(small)
    )


def conditions_of(text: str, grammar: Grammar) -> tuple[str, ...]:
    """Return the conditions stated in the text, verbatim and in order: thresholds, areas, groups, cut-off times."""
    found = (text[slice(*match.span())].strip() for match in grammar.wording.conditions.finditer(lower(text)))
    return tuple(dict.fromkeys(condition for condition in found if condition))


def scope_of(text: str, grammar: Grammar) -> Scope:
    """Return channel, customers, area and product; a field stays empty where none or more than one is named."""
    small = lower(text)
    wording = grammar.wording
    return Scope(
        channel=_single(small, wording.channels),
        customers=_single(small, wording.customers),
        area=_single(small, wording.areas),
        product=_single(small, wording.products),
    )


def areas_of(text: str, grammar: Grammar) -> frozenset[str]:
    """Return every country or region that the text names."""
    small = lower(text)
    return frozenset(name for name, pattern in grammar.wording.areas.items() if pattern.search(small))


def _single(small: str, named: Mapping[str, re.Pattern[str]]) -> str:
    found = [name for name, pattern in named.items() if pattern.search(small)]
    return found[0] if len(found) == 1 else ""


def metric_of(text: str, grammar: Grammar) -> str:
    """Return what the text measures, such as first-reply or delivery: most words win, then the order of the data."""
    small = lower(text)
    counts = {name: len(pattern.findall(small)) for name, pattern in grammar.wording.metrics.items()}
    best = max(counts.values(), default=0)
    return next((name for name, count in counts.items() if count == best), "") if best else ""
