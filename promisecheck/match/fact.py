"""Numbers decide: what an incident's facts, and the clock, say of a promise with a limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from promisecheck.clock import WorkCalendar
from promisecheck.match.claim import Claim
from promisecheck.match.reach import lies_outside
from promisecheck.match.signal import spoken
from promisecheck.match.stated import least_hours, most_hours
from promisecheck.model import Fact, Incident, Measure, Outcome
from promisecheck.quantities import moment_of, number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FactJudgement:
    """Hold what the numbers say; silent means that the case is still open and in time, so it is left out."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Say which facts measure a metric: the hours or days it took, or the moments it ran between."""

    hours: str = ""
    working_days: str = ""
    start: str = "occurred_at"
    end: str = ""


_SOURCES: dict[str, _Source] = {
    "first-reply": _Source(hours="first_reply_hours", end="first_reply_at"),
    "queue": _Source(hours="queue_minutes"),
    "delivery": _Source(working_days="delivery_working_days", start="ordered_at", end="delivered_at"),
    "dispatch": _Source(hours="dispatch_hours", start="ordered_at", end="dispatched_at"),
    "resolution": _Source(hours="resolution_hours", end="ended_at"),
    "repair": _Source(hours="resolution_hours", end="ended_at"),
    "refund": _Source(hours="refund_hours", end="refunded_at"),
    "installation": _Source(hours="installation_hours", start="ordered_at", end="installed_at"),
}
_COUNTS = {"contacts": "contacts", "transfers": "transfers"}
_SCALE = {"queue_minutes": 1 / 60}
_TOLERANCE = 1e-9
# What counts as on time where the promise does not say.
_GRACE_MINUTES = 15.0
_FEE_CODES = frozenset({"hidden-fee", "forced-bundle", "unclear-terms"})
_BILLED = frozenset({"bill", "terms"})
_PRICED = frozenset({"price", "fees", "bill", "terms"})
# A speed test has its own overhead: five per cent below what was agreed is no lapse.
_MEASURED_SHARE = 0.95
_WIRELESS = re.compile(r"wi-?fi|wlan|trådløs|wireless|trådlös")


def tracked_facts(incidents: Iterable[Incident]) -> frozenset[tuple[str, str]]:
    """Return (source, fact) for every fact that a log records at all: only there an absent one means open."""
    return frozenset((incident.source, name) for incident in incidents for name in incident.facts)


def judge_facts(
    claim: Claim,
    incident: Incident,
    *,
    now: datetime,
    calendar: WorkCalendar | None = None,
    tracked: frozenset[tuple[str, str]] = frozenset(),
    codes: frozenset[str] = frozenset(),
) -> FactJudgement | None:
    """Compare an incident's facts with a claim; None where the incident records nothing of that kind.

    `codes` are those of the incident's broken signals: that more was charged than agreed says nothing of a fee
    unless the incident speaks of one. Silent means outside what the promise covers, or open and in time.
    """
    judged = _judge(claim, incident, now, calendar, tracked, codes)
    outside = lies_outside(claim.reach, incident.facts, frozenset()) if judged else ""
    return FactJudgement(outcome="silent", reason=outside) if outside else judged


def _judge(
    claim: Claim, incident: Incident, now: datetime, calendar: WorkCalendar | None,
    tracked: frozenset[tuple[str, str]], codes: frozenset[str],
) -> FactJudgement | None:  # fmt: skip
    if claim.conditional:
        # Which cases met the condition is in no column.
        return None
    if claim.metric == "deadline":
        return _deadline(incident, now)
    if claim.aspects and claim.aspects <= _PRICED:
        return _price(claim, incident.facts) if _is_about_charges(claim, codes) else None
    if claim.metric == "punctuality":
        return _punctual(claim.measure, incident.facts)
    if claim.metric in ("uptime", "speed") or "network" in claim.aspects:
        return _service(claim, incident.facts)
    if claim.metric in _COUNTS and claim.measure is not None:
        return _count(claim.measure, incident.facts.get(_COUNTS[claim.metric]), _COUNTS[claim.metric])
    source = _SOURCES.get(claim.metric)
    if source is None or claim.measure is None or claim.measure.kind != "duration":
        return None
    return _duration(claim.measure, source, incident, now, calendar, tracked)


def _deadline(incident: Incident, now: datetime) -> FactJudgement | None:
    deadline = moment_of(incident.facts.get("deadline"))
    if deadline is None:
        return None
    ended = moment_of(incident.facts.get("ended_at")) or moment_of(incident.closed_at)
    if ended is not None:
        if ended > deadline:
            return FactJudgement(
                outcome="breaks", reason=f"Ended {_late(ended - deadline)} after its deadline."
            )
        return FactJudgement(outcome="keeps", reason="Ended by its deadline.")
    return _open(deadline, now)


def _open(deadline: datetime, now: datetime) -> FactJudgement:
    if now > deadline:
        return FactJudgement(
            outcome="breaks", reason=f"Still open {_late(now - deadline)} after its deadline."
        )
    return FactJudgement(outcome="silent", reason="Still open, and its deadline has not passed.")


def _late(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def _duration(
    limit: Measure,
    source: _Source,
    incident: Incident,
    now: datetime,
    calendar: WorkCalendar | None,
    tracked: frozenset[tuple[str, str]],
) -> FactJudgement | None:
    facts = incident.facts
    start = moment_of(incident.occurred_at if source.start == "occurred_at" else facts.get(source.start))
    end = moment_of(facts.get(source.end)) if source.end else None
    hours = number_of(facts.get(source.hours))
    if hours is not None:
        hours *= _SCALE.get(source.hours, 1.0)
    if end is None and hours is not None and start is not None:
        end = start + timedelta(hours=hours)
    paused = timedelta(hours=number_of(facts.get("paused_hours")) or 0.0)
    if start is not None and end is not None and end >= start:
        shortened = (
            max(start, end - paused) if source.hours != "resolution_hours" or facts.get(source.end) else end
        )
        return _between(limit, start, shortened, calendar)
    if hours is not None:
        return _by_hours(limit, hours)
    days = number_of(facts.get(source.working_days)) if source.working_days else None
    if days is not None:
        return _by_working_days(limit, days)
    if start is None or _is_closed(incident) or not _is_tracked(source, incident, tracked):
        return None
    return _open(_due(limit, start + paused, calendar), now)


def _is_closed(incident: Incident) -> bool:
    return incident.closed_at is not None or incident.facts.get("open") is False


def _is_tracked(source: _Source, incident: Incident, tracked: frozenset[tuple[str, str]]) -> bool:
    return any(name and (incident.source, name) in tracked for name in (source.hours, source.end))


def _due(limit: Measure, start: datetime, calendar: WorkCalendar | None) -> datetime:
    if calendar is not None:
        return calendar.deadline(start, limit)
    return start + timedelta(hours=most_hours(limit) or 0.0)


def _between(limit: Measure, start: datetime, end: datetime, calendar: WorkCalendar | None) -> FactJudgement:
    due = _due(limit, start, calendar)
    took = f"It took {_spent(limit, start, end, calendar)}; {spoken(limit)} was promised."
    return FactJudgement(outcome="keeps" if end <= due + timedelta(seconds=1) else "breaks", reason=took)


def _spent(limit: Measure, start: datetime, end: datetime, calendar: WorkCalendar | None) -> str:
    """Return how long it took, by the clock that the limit runs by."""
    in_hours = limit.unit in ("second", "minute", "hour")
    if calendar is None or calendar.hours == "wall-clock" or not in_hours:
        return _late(end - start)
    return f"{calendar.opening_hours_between(start, end):.1f} hours of opening hours"


def _by_hours(limit: Measure, hours: float) -> FactJudgement | None:
    """Compare hours with no start: between the shortest and the longest reading of a limit in days, nothing is said."""
    short, long = least_hours(_upper(limit)), most_hours(limit)
    if short is None or long is None:
        return None
    reason = f"It took {_late(timedelta(hours=hours))}; {spoken(limit)} was promised."
    exact = limit.unit in ("second", "minute", "hour")
    if hours <= short + _TOLERANCE:
        return FactJudgement(outcome="keeps", reason=reason)
    return FactJudgement(outcome="breaks", reason=reason) if exact or hours > long else None


def _upper(limit: Measure) -> Measure:
    value = limit.value if limit.high is None else limit.high
    return Measure(kind=limit.kind, compare=limit.compare, value=value, unit=limit.unit)


def _by_working_days(limit: Measure, days: float) -> FactJudgement | None:
    most = limit.value if limit.high is None else limit.high
    most = most / 24 if limit.unit == "hour" else most * {"week": 5, "month": 21}.get(limit.unit, 1)
    reason = f"It took {days:g} working days; {spoken(limit)} was promised."
    if limit.unit in ("working-day", "week", "month", "day", "hour"):
        # Calendar days hold fewer working days, so more working days than the limit break it in either unit.
        return FactJudgement(outcome="breaks" if days > most + _TOLERANCE else "keeps", reason=reason)
    return None


def _count(limit: Measure, value: Fact | None, name: str) -> FactJudgement | None:
    counted = number_of(value)
    if counted is None or limit.kind != "count":
        return None
    most = limit.value if limit.high is None else limit.high
    reason = f"{counted:g} {name} were recorded; at most {most:g} was promised."
    return FactJudgement(outcome="breaks" if counted > most else "keeps", reason=reason)


def _is_about_charges(claim: Claim, codes: frozenset[str]) -> bool:
    """Tell whether what was agreed and what was charged measure this promise: the price as told, a right bill, a fee."""
    if "told-price" in claim.reach.subjects:
        return True
    if claim.reach.subjects or claim.value:
        return False
    return not codes.isdisjoint(_FEE_CODES) if "fees" in claim.aspects else claim.aspects <= _BILLED


def _price(claim: Claim, facts: Mapping[str, Fact]) -> FactJudgement | None:
    promised, charged = number_of(facts.get("price_promised")), number_of(facts.get("price_charged"))
    if promised is None or charged is None:
        return None
    reason = f"{charged:g} was charged; {promised:g} was agreed."
    if charged > promised + 0.005:
        return FactJudgement(outcome="breaks", reason=reason)
    # That the agreed price was charged keeps a promise about the bill, not one about low prices.
    return FactJudgement(outcome="keeps", reason=reason) if claim.aspects & {"bill", "terms"} else None


def _punctual(limit: Measure | None, facts: Mapping[str, Fact]) -> FactJudgement | None:
    delay = number_of(facts.get("delay_minutes"))
    if delay is None:
        return None
    most = _GRACE_MINUTES
    if limit is not None and limit.unit == "minute":
        most = limit.value if limit.high is None else limit.high
    reason = f"It was {_minutes(delay)} late; up to {_minutes(most)} counts as on time."
    return FactJudgement(outcome="breaks" if delay > most else "keeps", reason=reason)


def _minutes(count: float) -> str:
    return spoken(Measure(kind="duration", compare="at-most", value=count, unit="minute"))


def _service(claim: Claim, facts: Mapping[str, Fact]) -> FactJudgement | None:
    uptime, measure = number_of(facts.get("uptime")), claim.measure
    share = measure.value if measure is not None and measure.kind == "percent" else None
    if claim.metric == "uptime" and share is not None:
        if uptime is None:
            return None
        reason = f"Uptime was {uptime:g} %; {share:g} % was promised."
        return FactJudgement(outcome="breaks" if uptime < share else "keeps", reason=reason)
    promised, delivered = number_of(facts.get("speed_promised")), number_of(facts.get("speed_delivered"))
    if _WIRELESS.search(str(facts.get("measured_by", ""))):
        # What arrives over the air in the customer's home is not what the line delivers.
        return None
    if promised and delivered is not None:
        least = promised * (share / 100 if share is not None else _MEASURED_SHARE)
        reason = f"{delivered:g} was delivered; {promised:g} was agreed."
        return FactJudgement(outcome="breaks" if delivered < least else "keeps", reason=reason)
    return None
