"""Decide of one match after the other whether it counts for its promise, or why it is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from promisecheck.findings.cases import Cases
from promisecheck.findings.indicators import codes_against, declared
from promisecheck.findings.policy import Policy, Window
from promisecheck.findings.recovery import done_in, recovery_of
from promisecheck.model import Incident, Match, Promise, Signal, fold

OPEN_IN_TIME = "still open, and in time"
OUTSIDE = "lies outside what the promise covers"
UNSURE = "too uncertain to count"
SAME_TEXT = "the same text as another incident"
BEFORE = "happened before the promise stood on the site"
AFTER = "happened after the promise had gone from the site"
LATER = "lies after the moment of this check"
UNKNOWN = "names an incident that is not in the log"
NO_INDICATOR = "shows none of the indicators declared for this value"
QUALIFIES = "another sentence of the site qualifies the promise, or has another scope"
# What the reason of a measured case begins with that is not yet over.
STILL_OPEN = "Still open"
_GRACE = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Hold when the site was first and last read; with one crawl only, nothing is known of before.

    `away` holds, by promise, from when until when it was withdrawn, for those that stand again.
    """

    first: datetime | None
    last: datetime | None
    away: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, promises: Iterable[Promise], read_since: datetime | None = None,
        away: Mapping[str, Sequence[Span]] | None = None,
    ) -> History:  # fmt: skip
        """Return the span that all promises together were seen in; `read_since` also counts those that went."""
        every = list(promises)
        firsts = [_aware(p.first_seen) for p in every if p.first_seen]
        firsts += [_aware(read_since)] if read_since else []
        lasts = [_aware(p.last_seen) for p in every if p.last_seen]
        return cls(first=min(firsts, default=None), last=max(lasts, default=None), away=away or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Hold what is the same for all matches of one incident: they come one after the other."""

    evidence_id: str = ""
    incident: Incident | None = None
    moment: datetime | None = None
    exceptional: str = ""
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Force:
    """Hold when one promise stood on the site; an open end is None."""

    since: datetime | None
    until: datetime | None
    known_before: bool
    away: Sequence[Span]

    @classmethod
    def of(cls, promise: Promise, history: History) -> _Force:
        """Return it from what was seen of the promise and of the site."""
        first = _aware(promise.first_seen) if promise.first_seen else None
        last = _aware(promise.last_seen) if promise.last_seen else None
        gone = bool(last and history.last and history.last - last > _GRACE)
        return cls(
            since=first - _GRACE if first else None,
            until=last if gone else None,
            known_before=bool(first and history.first and first - history.first > _GRACE),
            away=history.away.get(promise.id, ()),
        )


@dataclass(slots=True, kw_only=True)
class Sorter:
    """Sort matches as they come; each incident counts once a promise, and equal texts count once."""

    incidents: Mapping[str, Incident]
    policy: Policy
    history: History
    exceptional: Sequence[Window]
    now: datetime
    _twins: dict[str, int] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)
    _forces: dict[str, _Force] = field(default_factory=dict)
    _at: _Place = field(default_factory=_Place)
    _signals: tuple[Signal, ...] = ()
    _codes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # Only texts that stand in the log more than once need to be remembered, by promise.
        texts = Counter(hash(fold(incident.text)) for incident in self.incidents.values())
        for evidence_id, incident in self.incidents.items():
            text = hash(fold(incident.text))
            if texts[text] > 1:
                self._twins[evidence_id] = text

    def sort(self, promise: Promise, match: Match, cases: Cases) -> None:
        """Count one match of a promise, or leave it out with its reason."""
        if match.evidence_kind == "site":
            if match.outcome == "breaks":
                cases.site.append(match)
            else:
                cases.leave_out(QUALIFIES, match.evidence_id)
            return
        if match.evidence_id != self._at.evidence_id:
            self._at = self._look_up(match.evidence_id)
        if match.signals is not self._signals:
            self._signals, self._codes = match.signals, codes_against(match)
        force = self._forces.get(promise.id)
        if force is None:
            force = self._forces[promise.id] = _Force.of(promise, self.history)
        reason, at = self._why_not(promise, match, force), self._at
        if reason or at.incident is None:
            cases.leave_out(reason, match.evidence_id)
            return
        cases.assumed += at.moment is not None and force.since is not None and at.moment < force.since
        done = recovery_of(match, at.done) if match.outcome == "breaks" else ()
        cases.count(match, at.incident, sure=self.policy.credible_alone, against=self._codes, done=done)

    def _look_up(self, evidence_id: str) -> _Place:
        incident = self.incidents.get(evidence_id)
        if incident is None:
            return _Place(evidence_id=evidence_id)
        moment = _aware(incident.occurred_at) if incident.occurred_at else None
        window = next((window for window in self.exceptional if window.covers(moment)), None)
        return _Place(
            evidence_id=evidence_id, incident=incident, moment=moment,
            exceptional=f"in an exceptional period: {window.reason}" if window else "", done=done_in(incident),
        )  # fmt: skip

    def _why_not(self, promise: Promise, match: Match, force: _Force) -> str:
        at = self._at
        if at.incident is None:
            return UNKNOWN
        if at.moment is not None and at.moment > self.now:
            return LATER
        if match.outcome == "silent":
            return OPEN_IN_TIME if _is_open(match) else OUTSIDE
        reason = at.exceptional or (self._out_of_force(force, at.moment) if at.moment is not None else "")
        if reason or match.evidence_kind == "fact":
            return reason
        return self._not_told(promise, match)

    def _not_told(self, promise: Promise, match: Match) -> str:
        if match.outcome == "breaks":
            if match.score < self.policy.credible_score:
                return UNSURE
            if promise.kind == "value" and not _shows_any(promise, self._codes):
                return NO_INDICATOR
        text = self._twins.get(match.evidence_id)
        if text is None:
            return ""
        if (promise.id, text) in self._seen:
            return SAME_TEXT
        self._seen.add((promise.id, text))
        return ""

    def _out_of_force(self, force: _Force, moment: datetime) -> str:
        if force.until is not None and moment > force.until:
            return AFTER
        if any(start < moment < end for start, end in force.away):
            return AFTER
        if force.since is None or moment >= force.since:
            return ""
        return BEFORE if force.known_before or not self.policy.assume_in_force_before_first_seen else ""


def _is_open(match: Match) -> bool:
    return any(reason.startswith(STILL_OPEN) for reason in match.reasons)


def _shows_any(promise: Promise, against: frozenset[str]) -> bool:
    codes = declared(promise.theme, [against])
    return not codes or not against.isdisjoint(codes)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
