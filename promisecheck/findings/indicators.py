"""The declared indicators of value promises: what visibly speaks against each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from promisecheck.model import VALUE_INDICATORS, Indicator, Match, Theme

INDICATORS = VALUE_INDICATORS


def declared(theme: Theme, against: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """Return the indicators that count for a value: its theme's, and those of satisfaction where cases show them too."""
    own = INDICATORS.get(theme, ())
    broad = [code for code in INDICATORS["other"] if code not in own]
    wide = bool(own) and any(not codes.isdisjoint(broad) for codes in against)
    return (*own, *broad) if wide else own


def codes_against(match: Match) -> frozenset[str]:
    """Return the codes of the broken signals of one match."""
    return frozenset(signal.code for signal in match.signals if signal.status == "broken")


def seen(codes: Sequence[str], against: Mapping[frozenset[str], int]) -> tuple[Indicator, ...]:
    """Return the declared indicators that incidents showed, with how many incidents, most first."""
    counts: Counter[str] = Counter()
    for shown, incidents in against.items():
        counts.update({code: incidents for code in shown if code in codes})
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Indicator(code=code, incidents=n) for code, n in ordered)


def showing(codes: Sequence[str], against: Mapping[frozenset[str], int], least: int) -> int:
    """Return how many incidents show at least so many different ones of these indicators."""
    known = set(codes)
    return sum(incidents for shown, incidents in against.items() if len(shown & known) >= least)
