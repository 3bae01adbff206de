"""The smallest true promise: the wording that measured cases would have kept, in the promise's own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, inf

from promisecheck.clock import WorkCalendar
from promisecheck.findings.policy import Measured
from promisecheck.model import Incident, Measure, Promise
from promisecheck.quantities import moment_of, number_of

_NICE_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45)
_NICE_HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
_LONGEST_IN_DAYS = 14 * 24.0
_LONGEST_IN_WEEKS = 12 * 168.0
_HOURS_A_MONTH = 730.5
_FEWEST = 5


@dataclass(frozen=True, slots=True)
class _Span:
    hours: str
    start: str
    end: str
    scale: float = 1.0


_SPANS: Mapping[str, _Span] = {
    "first-reply": _Span("first_reply_hours", "occurred_at", "first_reply_at"),
    "queue": _Span("queue_minutes", "", "", 1 / 60),
    "delivery": _Span("", "ordered_at", "delivered_at"),
    "dispatch": _Span("dispatch_hours", "ordered_at", "dispatched_at"),
    "resolution": _Span("resolution_hours", "occurred_at", "ended_at"),
    "repair": _Span("resolution_hours", "occurred_at", "ended_at"),
    "deadline": _Span("resolution_hours", "occurred_at", "ended_at"),
    "refund": _Span("refund_hours", "occurred_at", "refunded_at"),
    "installation": _Span("installation_hours", "ordered_at", "installed_at"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold how long one case took; `hours` is infinite for one that is still open."""

    hours: float
    start: datetime | None = None
    end: datetime | None = None


def smallest_true_promise(
    promise: Promise,
    incidents: Iterable[Incident],
    share: float,
    *,
    calendar: WorkCalendar | None = None,
    measured: Measured | None = None,
) -> str:
    """Return one sentence such as "95 % were answered within 41 hours: “2 working days” would be true", or ""."""
    words = _WORDS.get(promise.language, _WORDS["en"])
    incidents = list(incidents)
    metric = promise.metric if promise.metric in _SPANS else _deadline_metric(incidents)
    verb = words.verbs.get(metric)
    if verb is None:
        return ""
    if measured is not None:
        hours = measured.percentiles.get(share, inf)
        cases: Sequence[Case] = ()
    else:
        cases = _cases(metric, incidents)
        if len(cases) < _FEWEST:
            return ""
        hours = _within(sorted(case.hours for case in cases), share)
    if hours == inf:
        return ""
    limit, elapsed = _limit(promise, hours, cases, share, calendar), _elapsed(hours)
    # "Within 4 days: 2 working days would be true" puzzles who does not think of the weekend between.
    over_weekend = limit.unit == "working-day" and elapsed.unit == "day" and elapsed.value > limit.value
    return words.sentence.format(
        share=f"{100 * share:g} %",
        verb=verb,
        elapsed=_spoken(elapsed, words) + (f", {words.weekends}" if over_weekend else ""),
        promise=_spoken(limit, words),
    )


def _deadline_metric(incidents: Iterable[Incident]) -> str:
    return "deadline" if any("deadline" in incident.facts for incident in incidents) else ""


def _cases(metric: str, incidents: Iterable[Incident]) -> list[Case]:
    span = _SPANS[metric]
    return [case for incident in incidents if (case := _case(span, incident)) is not None]


def _case(span: _Span, incident: Incident) -> Case | None:
    start = moment_of(incident.occurred_at if span.start == "occurred_at" else incident.facts.get(span.start))
    end = moment_of(incident.facts.get(span.end)) if span.end else None
    if end is None and span.end == "ended_at":
        end = moment_of(incident.closed_at)
    stated = number_of(incident.facts.get(span.hours))
    if stated is not None:
        hours = stated * span.scale
        return Case(hours=hours, start=start, end=start + timedelta(hours=hours) if start else None)
    if start is None:
        return None
    if end is None:
        return Case(hours=inf, start=start)
    return Case(hours=max(0.0, (end - start).total_seconds() / 3600), start=start, end=end)


def _within(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share does not exceed."""
    return ordered[max(0, ceil(share * len(ordered) - 1e-9) - 1)]


def _elapsed(hours: float) -> Measure:
    """Return the measured time in round figures, never below what was measured."""
    if hours < 2:
        return _measure(ceil(hours * 60 - 1e-9), "minute")
    if hours <= 72:
        return _measure(ceil(hours - 1e-9), "hour")
    return _measure(ceil(hours / 24 - 1e-9), "day")


def _limit(
    promise: Promise, hours: float, cases: Sequence[Case], share: float, calendar: WorkCalendar | None
) -> Measure:
    """Return the limit in words that people use, in the promise's own unit where it counts working days."""
    unit = promise.measure.unit if promise.measure else ""
    if hours <= 0.75:
        return _measure(_nice(hours * 60, _NICE_MINUTES), "minute")
    if hours <= 24 and unit != "working-day":
        return _measure(_nice(hours, _NICE_HOURS), "hour")
    if calendar is not None and (hours <= _LONGEST_IN_DAYS or unit == "working-day"):
        days = _working_days(cases, share, calendar)
        if days:
            return _measure(days, "working-day")
    if hours <= _LONGEST_IN_DAYS:
        return _measure(ceil(hours / 24 - 1e-9), "day")
    if hours <= _LONGEST_IN_WEEKS:
        return _measure(ceil(hours / 168 - 1e-9), "week")
    return _measure(floor(hours / _HOURS_A_MONTH) + 1, "month")


def _working_days(cases: Sequence[Case], share: float, calendar: WorkCalendar) -> int:
    counted = [
        float(calendar.working_days_between(case.start, case.end)) if case.start and case.end else inf
        for case in cases
    ]
    if not counted:
        return 0
    days = _within(sorted(counted), share)
    return 0 if days == inf else max(1, int(days))


def _nice(value: float, steps: Sequence[int]) -> int:
    return next((step for step in steps if step >= value - 1e-9), steps[-1])


def _measure(value: float, unit: str) -> Measure:
    return Measure(kind="duration", compare="at-most", value=max(1, value), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    sentence: str
    weekends: str
    units: Mapping[str, tuple[str, str]]
    verbs: Mapping[str, str]


def _spoken(measure: Measure, words: _Words) -> str:
    one, many = words.units[measure.unit]
    return f"{measure.value:g} {one if measure.value == 1 else many}"


def _verbs(
    reply: str, phone: str, deliver: str, send: str, close: str, repair: str, pay: str, install: str
) -> dict[str, str]:
    return {
        "first-reply": reply, "queue": phone, "delivery": deliver, "dispatch": send, "resolution": close,
        "deadline": close, "repair": repair, "refund": pay, "installation": install,
    }  # fmt: skip


_WORDS: Mapping[str, _Words] = {
    "da": _Words(
        sentence="{share} blev {verb} inden for {elapsed}: »{promise}« ville være sandt",
        weekends="weekender og helligdage talt med",
        units={
            "minute": ("minut", "minutter"), "hour": ("time", "timer"), "day": ("dag", "dage"),
            "working-day": ("hverdag", "hverdage"), "week": ("uge", "uger"), "month": ("måned", "måneder"),
        },
        verbs=_verbs("besvaret", "taget", "leveret", "afsendt", "afsluttet", "repareret", "refunderet", "installeret"),
    ),
    "nb": _Words(
        sentence="{share} ble {verb} innen {elapsed}: «{promise}» ville vært sant",
        weekends="helger og helligdager medregnet",
        units={
            "minute": ("minutt", "minutter"), "hour": ("time", "timer"), "day": ("dag", "dager"),
            "working-day": ("virkedag", "virkedager"), "week": ("uke", "uker"), "month": ("måned", "måneder"),
        },
        verbs=_verbs("besvart", "besvart", "levert", "sendt", "avsluttet", "reparert", "refundert", "installert"),
    ),
    "nn": _Words(
        sentence="{share} vart {verb} innan {elapsed}: «{promise}» ville vore sant",
        weekends="helger og heilagdagar medrekna",
        units={
            "minute": ("minutt", "minutt"), "hour": ("time", "timar"), "day": ("dag", "dagar"),
            "working-day": ("vyrkedag", "vyrkedagar"), "week": ("veke", "veker"), "month": ("månad", "månader"),
        },
        verbs=_verbs("svara på", "svara på", "leverte", "sende", "avslutta", "reparerte", "refunderte", "installerte"),
    ),
    "sv": _Words(
        sentence="{share} blev {verb} inom {elapsed}: ”{promise}” hade varit sant",
        weekends="helger inräknade",
        units={
            "minute": ("minut", "minuter"), "hour": ("timme", "timmar"), "day": ("dag", "dagar"),
            "working-day": ("arbetsdag", "arbetsdagar"), "week": ("vecka", "veckor"), "month": ("månad", "månader"),
        },
        verbs=_verbs("besvarade", "besvarade", "levererade", "skickade", "avslutade", "reparerade", "återbetalda", "installerade"),
    ),
    "en": _Words(
        sentence="{share} were {verb} within {elapsed}: “{promise}” would be true",
        weekends="weekends and holidays included",
        units={
            "minute": ("minute", "minutes"), "hour": ("hour", "hours"), "day": ("day", "days"),
            "working-day": ("working day", "working days"), "week": ("week", "weeks"), "month": ("month", "months"),
        },
        verbs=_verbs("answered", "answered", "delivered", "sent", "closed", "repaired", "refunded", "installed"),
    ),
}  # fmt: skip
