"""What changed since people were last told: by meaning, from the histories that the store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from promisecheck.model import Finding, Promise, Review, Verdict
from promisecheck.store import FindingStep, PromiseEvent, Store

Change = Literal["new", "came-back", "changed", "fixed", "failed", "recovered"]
CHANGES: tuple[Change, ...] = ("new", "came-back", "changed", "fixed", "failed", "recovered")
BAD: tuple[Verdict | None, ...] = ("contradicted", "at-risk")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Hold one thing that changed at one company.

    Of a promise: `promise`, its finding now, and `was`, the verdict people knew of; `before` is the promise
    it replaced, `at` when. `until` is the day on which a suppression ended. Of a company that could not be
    checked, or only in part: `reason`, how many promises were not seen, and `dark` where no page answered.
    """

    change: Change
    company_id: str
    promise: Promise | None = None
    before: Promise | None = None
    at: datetime | None = None
    finding: Finding | None = None
    was: Verdict | None = None
    withdrawn: bool = False
    until: datetime | None = None
    reason: str = ""
    unseen: int = 0
    dark: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict now, None where the promise stands no longer or was never judged."""
        return self.finding.verdict if self.finding and not self.withdrawn else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Hold what a company's news is read from; `since` is when people were last told."""

    company_id: str
    since: datetime | None
    now: datetime
    promises: Mapping[str, Promise]
    standing: frozenset[str]
    findings: Mapping[str, Finding]
    steps: Mapping[str, Sequence[FindingStep]]
    events: Sequence[PromiseEvent]
    reviews: Mapping[str, Sequence[Review]] = field(default_factory=dict)

    @classmethod
    def read(cls, store: Store, company_id: str, *, since: datetime | None, now: datetime) -> Dossier:
        """Read a company's dossier from the store."""
        events = store.load_history(company_id)
        return cls(
            company_id=company_id, since=since, now=now,
            promises={promise.id: promise for promise in store.load_promises(company_id, withdrawn=True)},
            standing=frozenset(promise.id for promise in store.load_promises(company_id)),
            findings={one.promise_id: one for one in store.load_findings(company_id, withdrawn=True)},
            steps=store.load_company_steps(company_id),
            events=[event for event in events if since is None or event.at > since],
            reviews=by_finding(store.load_reviews()),
        )  # fmt: skip


def read_news(dossier: Dossier) -> list[News]:
    """Return what changed at a company since people were last told, worst first."""
    replaced = [
        _replaced(dossier, event)
        for event in dossier.events
        if event.event == "changed" and event.promise_id in dossier.standing and event.previous_id
    ]
    spoken = {one.id for news in replaced for one in (news.promise, news.before) if one is not None}
    others = [_of_one(dossier, key) for key in dossier.promises if key not in spoken]
    return sorted([*replaced, *(one for one in others if one)], key=worst_first)


def by_finding(reviews: Iterable[Review]) -> dict[str, list[Review]]:
    """Return the reviews of each finding, in the order given."""
    found: dict[str, list[Review]] = {}
    for review in reviews:
        found.setdefault(review.finding_id, []).append(review)
    return found


def in_force(reviews: Sequence[Review], at: datetime) -> Review | None:
    """Return the review that suppresses a finding at a time: dismissed, or accepted until a later day."""
    last = next((review for review in reversed(reviews) if review.decided_at <= at), None)
    if last is None or last.decision not in ("dismissed", "accepted-until"):
        return None
    return last if last.expires_at is None or last.expires_at > at else None


def worst_first(news: News) -> tuple[int, float, str]:
    """Order news by kind, then severity."""
    severity = news.finding.severity if news.finding else 0.0
    return CHANGES.index(news.change), -severity, news.promise.id if news.promise else ""


def _replaced(dossier: Dossier, event: PromiseEvent) -> News:
    before = dossier.promises.get(event.previous_id or "")
    old = dossier.findings.get(before.id) if before else None
    return News(
        change="changed", company_id=dossier.company_id, promise=dossier.promises[event.promise_id],
        before=before, at=event.at, finding=dossier.findings.get(event.promise_id),
        was=_verdict_then(dossier, old),
    )  # fmt: skip


def _of_one(dossier: Dossier, key: str) -> News | None:
    """Return the news of one promise and its finding: they are told as one thing."""
    finding, promise = dossier.findings.get(key), dossier.promises[key]
    stood, stands = _stood(dossier, key), key in dossier.standing
    then, now = _verdict_then(dossier, finding), _verdict_now(dossier, finding)
    quiet_then, quiet_now = _quiet(dossier, finding)
    bad_then = stood and then in BAD and not quiet_then
    bad_now = stands and now in BAD and not quiet_now
    change: Change | None = None
    if bad_now and not bad_then:
        change = "came-back" if then in BAD or _was_bad(dossier, finding) else "new"
    elif bad_then and not bad_now:
        change = None if quiet_now and stands else "fixed"
    elif (bad_now and then != now) or (stood and not stands):
        change = "changed"
    elif stands and not stood:
        change = "came-back" if _known_before(dossier, promise) else "new"
    if change is None:
        return None
    ended = dossier.reviews[finding.id][-1].expires_at if quiet_then and not quiet_now and finding else None
    return News(
        change=change, company_id=dossier.company_id, promise=promise, at=_moved_at(dossier, key),
        finding=finding, was=then, withdrawn=not stands, until=ended,
    )  # fmt: skip


def _stood(dossier: Dossier, key: str) -> bool:
    """Return whether a promise stood when people were last told: what happened first since then says it."""
    first = next((event for event in dossier.events if event.promise_id == key), None)
    if dossier.since is None:
        return False
    return key in dossier.standing if first is None else first.event == "withdrawn"


def _known_before(dossier: Dossier, promise: Promise) -> bool:
    first = promise.first_seen
    return dossier.since is not None and first is not None and first <= dossier.since


def _moved_at(dossier: Dossier, key: str) -> datetime | None:
    return next((event.at for event in reversed(dossier.events) if event.promise_id == key), None)


def _steps_then(dossier: Dossier, finding: Finding | None) -> list[FindingStep]:
    if finding is None or dossier.since is None:
        return []
    return [step for step in _known_steps(dossier, finding) if step.at <= dossier.since]


def _verdict_then(dossier: Dossier, finding: Finding | None) -> Verdict | None:
    steps = _steps_then(dossier, finding)
    return steps[-1].verdict if steps else None


def _known_steps(dossier: Dossier, finding: Finding) -> list[FindingStep]:
    """Return the steps that concluded something: a page that could not be read takes nothing back."""
    return [step for step in dossier.steps.get(finding.id, ()) if step.verdict != "not-checked"]


def _verdict_now(dossier: Dossier, finding: Finding | None) -> Verdict | None:
    if finding is None or finding.verdict != "not-checked":
        return finding.verdict if finding else None
    steps = _known_steps(dossier, finding)
    return steps[-1].verdict if steps else finding.verdict


def _was_bad(dossier: Dossier, finding: Finding | None) -> bool:
    return any(step.verdict in BAD for step in _steps_then(dossier, finding))


def _quiet(dossier: Dossier, finding: Finding | None) -> tuple[bool, bool]:
    """Return whether people had asked not to hear of a finding, when last told and now."""
    reviews = dossier.reviews.get(finding.id, ()) if finding else ()
    then = dossier.since is not None and in_force(reviews, dossier.since) is not None
    return then, in_force(reviews, dossier.now) is not None
