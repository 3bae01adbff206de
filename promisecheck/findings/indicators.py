"""The declared indicators of value promises: what visibly speaks against each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from promisecheck.model import VALUE_INDICATORS, Indicator, Match, Theme

INDICATORS = VALUE_INDICATORS


def declared(theme: Theme, matches: Iterable[Match]) -> tuple[str, ...]:
    """Return the indicators that count for a value: its theme's, and those of satisfaction where it speaks of that too."""
    own = INDICATORS.get(theme, ())
    broad = [code for code in INDICATORS["other"] if code not in own]
    wide = bool(own) and any(not codes_against(match).isdisjoint(broad) for match in matches)
    return (*own, *broad) if wide else own


def codes_against(match: Match) -> frozenset[str]:
    """Return the codes of the broken signals of one match."""
    return frozenset(signal.code for signal in match.signals if signal.status == "broken")


def seen(codes: Sequence[str], matches: Iterable[Match]) -> tuple[Indicator, ...]:
    """Return the declared indicators that incidents showed, with how many incidents, most first."""
    counts = Counter(code for match in matches for code in codes_against(match) if code in codes)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Indicator(code=code, incidents=n) for code, n in ordered)


def shows(codes: Sequence[str], match: Match, least: int = 1) -> bool:
    """Tell whether one incident shows at least so many different ones of these indicators."""
    return len(codes_against(match) & set(codes)) >= least
