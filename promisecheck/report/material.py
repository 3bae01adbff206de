"""What a view is built from: the values of the rooms, indexed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from promisecheck.model import (
    Company,
    EvidenceKind,
    Incident,
    Kind,
    Match,
    Outcome,
    Promise,
    Review,
    Run,
    Verdict,
)


class PlaceLike(Protocol):
    """Say where a promise stands or stood, as the store keeps it."""

    @property
    def url(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def headings(self) -> tuple[str, ...]: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def last_seen(self) -> datetime: ...


class StepLike(Protocol):
    """Say how a finding's verdict moved, as the store keeps it."""

    @property
    def at(self) -> datetime: ...
    @property
    def verdict(self) -> str: ...


class CaseLike(Protocol):
    """Say of one match what is counted and shown of it, without its texts."""

    @property
    def evidence_id(self) -> str: ...
    @property
    def evidence_kind(self) -> EvidenceKind: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def score(self) -> float: ...
    @property
    def number(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def party(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def source(self) -> str: ...


class Judged(Protocol):
    """Say of a finding what its state follows from."""

    @property
    def id(self) -> str: ...
    @property
    def company_id(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...


class OutlineLike(Judged, Protocol):
    """Say of a finding and its promise what lists know, as the store keeps it."""

    @property
    def promise_id(self) -> str: ...
    @property
    def severity(self) -> float: ...
    @property
    def broken(self) -> int: ...
    @property
    def kept(self) -> int: ...
    @property
    def relevant(self) -> int: ...
    @property
    def parties(self) -> tuple[str, ...]: ...
    @property
    def quote(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def metric(self) -> str: ...


class RuleLike(Protocol):
    """Say in words what a rule looks for, what is needed to check it, and what it rests on."""

    @property
    def says(self) -> str: ...
    @property
    def needs(self) -> str: ...
    @property
    def references(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Hold everything by id; `first_seen` is by finding id,
    `cases`, `decisive`, `matches` and `places` by promise id, `since` (when the run before ended) by company id.

    `cases` are all of a promise, `decisive` those that its finding counts, in their order; `matches` and
    `incidents` are needed of those alone that are shown whole.
    """

    companies: Mapping[str, Company]
    promises: Mapping[str, Promise]
    cases: Mapping[str, Sequence[CaseLike]]
    decisive: Mapping[str, Sequence[CaseLike]] = field(default_factory=dict)
    matches: Mapping[str, Sequence[Match]]
    incidents: Mapping[str, Incident]
    places: Mapping[str, Sequence[PlaceLike]]
    reviews: Mapping[str, Review]
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    rules: Mapping[str, RuleLike] = field(default_factory=dict)
    generated_at: datetime
    since: Mapping[str, datetime] = field(default_factory=dict)

    def is_new(self, finding: Judged) -> bool:
        """Return whether the run before did not know this finding; nothing is new in a first run."""
        first, since = self.first_seen.get(finding.id), self.since.get(finding.company_id)
        return since is not None and first is not None and as_utc(first) > since


def in_force(reviews: Iterable[Review]) -> dict[str, Review]:
    """Return the last decision about each finding."""
    return {
        review.finding_id: review for review in sorted(reviews, key=lambda review: as_utc(review.decided_at))
    }


def as_utc(moment: datetime) -> datetime:
    """Return the moment with a time zone, so that any two compare; a naive one is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def runs_before(runs: Iterable[Run]) -> dict[str, datetime]:
    """Return, by company, when its last but one finished run ended."""
    ended: defaultdict[str, list[datetime]] = defaultdict(list)
    for run in runs:
        if run.finished_at:
            ended[run.company_id].append(as_utc(run.finished_at))
    return {company: sorted(moments)[-2] for company, moments in ended.items() if len(moments) > 1}
