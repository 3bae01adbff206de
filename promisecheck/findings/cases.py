"""Sort the matches of one promise into cases: kept, broken, and left out with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from promisecheck.findings.indicators import declared, shows
from promisecheck.findings.policy import Policy, Window
from promisecheck.model import Exclusion, Incident, Match, Promise, fold

OPEN_IN_TIME = "still open, and in time"
UNSURE = "too uncertain to count"
SAME_TEXT = "the same text as another incident"
BEFORE = "happened before the promise stood on the site"
AFTER = "happened after the promise had gone from the site"
LATER = "lies after the moment of this check"
UNKNOWN = "names an incident that is not in the log"
NO_INDICATOR = "shows none of the indicators declared for this value"
QUALIFIES = "another sentence of the site qualifies the promise, or has another scope"
_GRACE = timedelta(days=1)


@dataclass(slots=True)
class Cases:
    """Hold the cases of one promise; told are words, measured are facts, site is the company's own text."""

    told_broken: list[Match] = field(default_factory=list)
    told_kept: list[Match] = field(default_factory=list)
    measured_broken: list[Match] = field(default_factory=list)
    measured_kept: list[Match] = field(default_factory=list)
    site: list[Match] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    assumed: int = 0

    @property
    def measured(self) -> int:
        """Return how many cases were measured."""
        return len(self.measured_broken) + len(self.measured_kept)

    @property
    def broken(self) -> list[Match]:
        """Return all broken cases, measured ones first."""
        return [*self.measured_broken, *self.told_broken]

    @property
    def kept(self) -> list[Match]:
        """Return all kept cases, measured ones first."""
        return [*self.measured_kept, *self.told_kept]

    def leave_out(self, reason: str, evidence_id: str) -> None:
        """Note that a piece of evidence was looked at and not counted, and why."""
        self.left_out.setdefault(reason, []).append(evidence_id)

    def exclusions(self, extra: Iterable[Exclusion] = ()) -> tuple[Exclusion, ...]:
        """Return what was left out, by reason, most first; at most 50 ids a reason."""
        own = [
            Exclusion(reason=reason, count=len(ids), evidence_ids=tuple(ids[:50]))
            for reason, ids in sorted(self.left_out.items(), key=lambda kv: (-len(kv[1]), kv[0]))
        ]
        return (*own, *extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Hold when the site was first and last read; with one crawl only, nothing is known of before."""

    first: datetime | None
    last: datetime | None

    @classmethod
    def of(cls, promises: Iterable[Promise]) -> History:
        """Return the span that all promises together were seen in."""
        every = list(promises)
        firsts = [_aware(p.first_seen) for p in every if p.first_seen]
        lasts = [_aware(p.last_seen) for p in every if p.last_seen]
        return cls(first=min(firsts, default=None), last=max(lasts, default=None))


def sort_cases(
    promise: Promise,
    matches: Sequence[Match],
    incidents: Mapping[str, Incident],
    *,
    policy: Policy,
    history: History,
    exceptional: Sequence[Window],
    now: datetime,
) -> Cases:
    """Sort the matches of one promise; each incident counts once, for what is strongest in it."""
    cases = Cases()
    texts: set[str] = set()
    for match in sorted(matches, key=lambda one: (one.evidence_kind != "fact", -one.score)):
        if match.evidence_kind == "site":
            _sort_statement(match, cases)
            continue
        incident = incidents.get(match.evidence_id)
        if incident is None:
            cases.leave_out(UNKNOWN, match.evidence_id)
            continue
        reason = LATER if _is_later(incident, now) else ""
        reason = reason or _why_not(promise, match, incident, policy, history, exceptional, texts)
        if reason:
            cases.leave_out(reason, match.evidence_id)
            continue
        if _predates(promise, incident):
            cases.assumed += 1
        _add(match, cases)
    return cases


def _sort_statement(match: Match, cases: Cases) -> None:
    if match.outcome == "breaks":
        cases.site.append(match)
    else:
        cases.leave_out(QUALIFIES, match.evidence_id)


def _why_not(
    promise: Promise,
    match: Match,
    incident: Incident,
    policy: Policy,
    history: History,
    exceptional: Sequence[Window],
    texts: set[str],
) -> str:
    if match.outcome == "silent":
        return OPEN_IN_TIME
    moment = _aware(incident.occurred_at) if incident.occurred_at else None
    window = next((window for window in exceptional if window.covers(moment)), None)
    if window is not None:
        return f"in an exceptional period: {window.reason}"
    if moment is not None:
        reason = _out_of_force(promise, moment, policy, history)
        if reason:
            return reason
    if match.evidence_kind == "fact":
        return ""
    if match.score < policy.credible_score and match.outcome == "breaks":
        return UNSURE
    if promise.kind == "value" and match.outcome == "breaks" and not _shows_any(promise, match):
        return NO_INDICATOR
    text = fold(incident.text)
    if text in texts:
        return SAME_TEXT
    texts.add(text)
    return ""


def _out_of_force(promise: Promise, moment: datetime, policy: Policy, history: History) -> str:
    last = _aware(promise.last_seen) if promise.last_seen else None
    if last and history.last and history.last - last > _GRACE and moment > last:
        return AFTER
    if promise.first_seen is None or moment >= _aware(promise.first_seen) - _GRACE:
        return ""
    known = history.first is not None and _aware(promise.first_seen) - history.first > _GRACE
    return BEFORE if known or not policy.assume_in_force_before_first_seen else ""


def _shows_any(promise: Promise, match: Match) -> bool:
    codes = declared(promise.theme, [match])
    return not codes or shows(codes, match)


def _is_later(incident: Incident, now: datetime) -> bool:
    return incident.occurred_at is not None and _aware(incident.occurred_at) > now


def _predates(promise: Promise, incident: Incident) -> bool:
    if promise.first_seen is None or incident.occurred_at is None:
        return False
    return _aware(incident.occurred_at) < _aware(promise.first_seen) - _GRACE


def _add(match: Match, cases: Cases) -> None:
    if match.evidence_kind == "fact":
        (cases.measured_broken if match.outcome == "breaks" else cases.measured_kept).append(match)
    else:
        (cases.told_broken if match.outcome == "breaks" else cases.told_kept).append(match)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
