"""Decide of one match after the other whether it counts for its promise, or why it is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from promisecheck.findings.cases import Cases
from promisecheck.findings.indicators import codes_against, declared
from promisecheck.findings.policy import Policy, Window
from promisecheck.model import Incident, Match, Promise, fold

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
        incident = self.incidents.get(match.evidence_id)
        reason = UNKNOWN if incident is None else self._why_not(promise, match, incident)
        if reason or incident is None:
            cases.leave_out(reason, match.evidence_id)
            return
        cases.assumed += _predates(promise, incident)
        cases.count(match, incident, sure=self.policy.credible_alone)

    def _why_not(self, promise: Promise, match: Match, incident: Incident) -> str:
        moment = _aware(incident.occurred_at) if incident.occurred_at else None
        if moment is not None and moment > self.now:
            return LATER
        if match.outcome == "silent":
            return OPEN_IN_TIME if _is_open(match) else OUTSIDE
        window = next((window for window in self.exceptional if window.covers(moment)), None)
        if window is not None:
            return f"in an exceptional period: {window.reason}"
        reason = self._out_of_force(promise, moment) if moment is not None else ""
        if reason or match.evidence_kind == "fact":
            return reason
        return self._not_told(promise, match)

    def _not_told(self, promise: Promise, match: Match) -> str:
        if match.outcome == "breaks":
            if match.score < self.policy.credible_score:
                return UNSURE
            if promise.kind == "value" and not _shows_any(promise, match):
                return NO_INDICATOR
        text = self._twins.get(match.evidence_id)
        if text is None:
            return ""
        if (promise.id, text) in self._seen:
            return SAME_TEXT
        self._seen.add((promise.id, text))
        return ""

    def _out_of_force(self, promise: Promise, moment: datetime) -> str:
        last = _aware(promise.last_seen) if promise.last_seen else None
        if last and self.history.last and self.history.last - last > _GRACE and moment > last:
            return AFTER
        if any(start < moment < end for start, end in self.history.away.get(promise.id, ())):
            return AFTER
        if promise.first_seen is None or moment >= _aware(promise.first_seen) - _GRACE:
            return ""
        known = self.history.first is not None and _aware(promise.first_seen) - self.history.first > _GRACE
        return BEFORE if known or not self.policy.assume_in_force_before_first_seen else ""


def _is_open(match: Match) -> bool:
    return any(reason.startswith(STILL_OPEN) for reason in match.reasons)


def _shows_any(promise: Promise, match: Match) -> bool:
    against = codes_against(match)
    codes = declared(promise.theme, [against])
    return not codes or not against.isdisjoint(codes)


def _predates(promise: Promise, incident: Incident) -> bool:
    if promise.first_seen is None or incident.occurred_at is None:
        return False
    return _aware(incident.occurred_at) < _aware(promise.first_seen) - _GRACE


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
