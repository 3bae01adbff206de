"""Words decide: what the signals of an incident, and the times it states, say of one claim."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from promisecheck.match.claim import METRIC_ELAPSED, Claim
from promisecheck.match.codes import CODE_SUBJECTS, CODES, RECOVERY, THEME_ASPECTS, THEME_NEAR, relatedness
from promisecheck.match.reach import is_met, lies_outside
from promisecheck.match.reading import IncidentReading
from promisecheck.match.stated import Stated, least_hours, most_hours
from promisecheck.model import Measure, Signal

_THEME_ONLY = 0.6
_SAME_THEME = 0.35
# Against a fixed limit a word without a number proves little: "never" more than "late".
_NUMBERLESS = {"not-delivered": 0.8, "no-reply": 0.8, "refund-missing": 0.7}
_NUMBERLESS_ELSE = 0.55
# What remains where the incident speaks of the touchpoint, but not of the thing that was promised.
_OTHER_THING = 0.4
# What praise of a value's theme, and praise of the whole, say of a promise about all of the theme.
_PRAISED, _PRAISED_AT_ALL = 0.8, 0.5
_KEPT_BY_NUMBER = 0.9
_WORKING = {"working-day": "working days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Hold what one incident brings for and against one claim, before any threshold.

    `broken` and `kept` weigh what is about the same touchpoint, `themed_broken` and `themed_kept` what is about the
    same theme, wherever in it.
    """

    broken: float = 0.0
    kept: float = 0.0
    themed_broken: float = 0.0
    themed_kept: float = 0.0
    number: int = 0
    mood: float = 0.0
    signals: tuple[Signal, ...] = ()
    reasons: tuple[str, ...] = ()
    met: bool = True


def weigh(claim: Claim, reading: IncidentReading) -> Evidence:
    """Return the evidence of one incident on one claim; `number` is -1 where a stated time breaks the limit, 1 where it keeps it."""
    against = _bearing(claim, (s for s in reading.signals if s.status == "broken"))
    in_favour = _bearing(claim, (s for s in reading.signals if s.status == "kept"))
    met = is_met(claim.reach, reading.subjects, general=claim.general)
    met = met and not lies_outside(claim.reach, {}, reading.areas, reading.groups)
    # Whether the condition was met that a limit hangs on, a stated time does not tell.
    number, stated = _by_number(claim, reading) if met and not claim.conditional else (0, None)
    broken, kept = _top(against), _top(in_favour)
    if claim.limit is not None and number >= 0 and broken:
        broken *= _without_number(against, reading)
    if number > 0 and kept and not broken:
        kept = max(kept, _KEPT_BY_NUMBER)
    if not met:
        broken, kept = broken * _OTHER_THING, kept * _OTHER_THING
    mood = _mood(reading)
    signals = tuple(signal for signal, _ in sorted([*against, *in_favour], key=lambda pair: -pair[1])[:6])
    reasons = [_number_reason(claim.limit, stated, number)] if claim.limit and stated else []
    reasons += [_reason(signal) for signal, _ in against[:3]] if broken else []
    reasons += [_reason(signal) for signal, _ in in_favour[:2]] if kept else []
    return Evidence(
        broken=broken, kept=kept, themed_broken=_themed(claim, reading, "broken"),
        themed_kept=_themed(claim, reading, "kept"), number=number, mood=mood, signals=signals, reasons=tuple(reasons), met=met,
    )  # fmt: skip


def _themed(claim: Claim, reading: IncidentReading, status: str) -> float:
    """Return the strongest signal of the claim's theme or of one near it, weighed by how likely that theme is."""
    total = 0.0
    for theme, share in claim.themes:
        near = THEME_NEAR.get(theme, {})
        own = reading.loudest.get((status, theme), 0.0)
        others = (
            near[other] * score
            for (its, other), score in reading.loudest.items()
            if its == status and other in near
        )
        total += share * max(own, max(others, default=0.0))
    return total


def _mood(reading: IncidentReading) -> float:
    """Return the tone of the whole incident, from -1 (all praise) to 1 (all blame)."""
    broken = sum(signal.status == "broken" for signal in reading.signals) + reading.warnings
    # What was put right afterwards does not undo what went wrong.
    kept = sum(signal.status == "kept" and signal.code not in RECOVERY for signal in reading.signals)
    kept += reading.praises
    return (broken - kept) / (broken + kept + 1)


def _bearing(claim: Claim, signals: Iterable[Signal]) -> list[tuple[Signal, float]]:
    """Return the signals that are about the same thing as the claim, strongest first."""
    weighed = [(signal, signal.score * agreement(claim, signal)) for signal in signals]
    return sorted((pair for pair in weighed if pair[1] > 0.0), key=lambda pair: -pair[1])


def agreement(claim: Claim, signal: Signal) -> float:
    """Return from 0 to 1 how far a signal is about what the claim is about: touchpoint first, then theme."""
    if not claim.reach.objects.isdisjoint(CODE_SUBJECTS.get(signal.code, ())):
        return 1.0
    share = _agreement(claim.aspects, claim.theme, claim.indicators, signal.code, signal.theme)
    return max(share, _praise(claim, signal)) if signal.status == "kept" and claim.general else share


def _praise(claim: Claim, signal: Signal) -> float:
    """Return how far praise keeps a general value: praise of its theme does, of the whole a little."""
    if "overall" in claim.aspects or signal.theme == claim.theme:
        return _PRAISED
    return _PRAISED_AT_ALL if CODES[signal.code].aspect == "overall" else 0.0


@functools.lru_cache(maxsize=50_000)
def _agreement(
    aspects: frozenset[str], theme: str, indicators: tuple[str, ...], code: str, signal_theme: str
) -> float:
    if code in indicators:
        return 1.0
    same = signal_theme == theme and theme not in ("", "other")
    if code in ("other-broken", "other-kept"):
        shared = aspects & set(THEME_ASPECTS.get(signal_theme, ()))
        return _THEME_ONLY if shared and (same or indicators) else _SAME_THEME if shared or same else 0.0
    best = max((relatedness(aspect, CODES[code].aspect) for aspect in aspects), default=0.0)
    return max(best, _SAME_THEME if same else 0.0)


def _top(weighed: list[tuple[Signal, float]]) -> float:
    """Return the strongest weight, a little more where others bear it out."""
    if not weighed:
        return 0.0
    return min(1.0, weighed[0][1] + 0.1 * sum(weight for _, weight in weighed[1:3]))


def _without_number(against: list[tuple[Signal, float]], reading: IncidentReading) -> float:
    factor = _NUMBERLESS.get(against[0][0].code, _NUMBERLESS_ELSE)
    return min(factor, _NUMBERLESS_ELSE) if reading.waiting else factor


def _by_number(claim: Claim, reading: IncidentReading) -> tuple[int, Stated | None]:
    """Compare the times that the incident states with the limit; a quoted promise is no elapsed time."""
    limit = claim.limit
    most = most_hours(limit) if limit else None
    if limit is None or most is None:
        return 0, None
    fitting = [one for one in reading.stated if _fits(one, claim) and not _quotes(one.measure, limit)]
    timed = [(hours, one) for one in fitting if (hours := least_hours(one.measure)) is not None]
    if not timed:
        return 0, None
    hours, worst = max(timed, key=lambda pair: pair[0])
    if hours > most:
        return -1, worst
    return (0, None) if reading.waiting or worst.vague else (1, worst)


def _fits(stated: Stated, claim: Claim) -> bool:
    """Tell whether the time was spent on what the claim limits, by this company and not by another."""
    return not stated.third_party and not stated.metrics.isdisjoint(METRIC_ELAPSED.get(claim.metric, ()))


def _quotes(stated: Measure, limit: Measure) -> bool:
    same_unit = stated.unit == limit.unit or {stated.unit, limit.unit} <= {"day", "working-day"}
    return same_unit and {stated.value, stated.high} >= {limit.value} and stated.high == limit.high


def _number_reason(limit: Measure, stated: Stated | None, number: int) -> str:
    said = spoken(stated.measure) if stated else ""
    verdict = "longer than" if number < 0 else "within"
    return f"The incident states {said}; that is {verdict} the {spoken(limit)} promised."


def spoken(measure: Measure) -> str:
    """Return a duration in plain English: "9 days", "1-3 working days"."""
    value = f"{measure.value:g}" if measure.high is None else f"{measure.value:g}-{measure.high:g}"
    unit = measure.unit.replace("-", " ")
    return f"{value} {unit}" if value == "1" else f"{value} {unit}s"


def _reason(signal: Signal) -> str:
    quote = " ".join(signal.quote.split())
    quote = quote if len(quote) <= 120 else quote[:117] + "…"
    means = CODES[signal.code].means
    return f"{means[0].upper()}{means[1:]}: “{quote}”."
