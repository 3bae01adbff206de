"""Match many promises with many incidents: signals once an incident, candidates by index, no all-pairs loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from promisecheck.clock import WorkCalendar
from promisecheck.match.claim import METRIC_ELAPSED, Claim, claim_of
from promisecheck.match.fact import FactJudgement, judge_facts, tracked_facts
from promisecheck.match.judge import Judge, Judgement, decide
from promisecheck.match.policy import DEFAULT, MatchPolicy
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import agreement
from promisecheck.match.signals import read_incidents
from promisecheck.match.site import Statement, by_aspect, judge_statement, sense_of
from promisecheck.model import Incident, Match, Promise, Signal, content_id
from promisecheck.text.readings import PairReading, Readings

_BATCH = 512
_CHANNELS = {
    "phone": ("tel", "tlf", "phone", "call", "opkald", "samtal"), "mail": ("mail", "e-post", "epost", "skjema", "formular"),
    "chat": ("chat",), "shop": ("butik", "shop", "store"), "app": ("app",), "web": ("web", "nett", "online"),
    "letter": ("brev", "letter", "post"), "social": ("facebook", "social", "sosial", "instagram"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Hold what one incident says: its matches, and the numbers of the promise groups it was compared with."""

    matches: tuple[Match, ...]
    groups: tuple[int, ...]


@dataclass(slots=True)
class MatchCache:
    """Hold what earlier runs found, by the content of incident and promises; any mapping keeps it across runs."""

    compared: MutableMapping[str, Compared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Hold the promises that claim the same, in the same channel: they are judged once."""

    claim: Claim
    channel: str
    promises: tuple[Promise, ...]


@dataclass(slots=True, kw_only=True, eq=False)
class Matches:
    """Iterate for the matches that say something; then read `considered`, `asked` and `read`.

    `considered` counts the incidents compared with each promise; `read` counts the incidents read anew, and
    `asked` the pairs on which the pair head or the judge was asked.
    """

    promises: Sequence[Promise]
    incidents: Sequence[Incident]
    now: datetime
    readings: Readings | None = None
    statements: Sequence[Statement] = ()
    calendar: WorkCalendar | None = None
    llm: Judge | None = None
    policy: MatchPolicy = DEFAULT
    cache: MatchCache = field(default_factory=MatchCache)
    considered: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    read: int = 0
    _counts: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Match]:
        self.asked = self.read = 0
        groups = _groups(self.promises)
        self._counts = [0] * len(groups)
        index = _Index(groups, self.policy)
        yield from self._site()
        tracked = tracked_facts(self.incidents)
        stamp = content_id(
            "matches", *(group.claim for group in groups), *sorted(self.considered), self.policy
        )
        for first in range(0, len(self.incidents), _BATCH):
            yield from self._batch(self.incidents[first : first + _BATCH], index, tracked, stamp)
        self.considered = {
            promise.id: count
            for group, count in zip(groups, self._counts, strict=True)
            for promise in group.promises
        }

    def _batch(
        self,
        incidents: Sequence[Incident],
        index: _Index,
        tracked: frozenset[tuple[str, str]],
        stamp: str,
    ) -> Iterator[Match]:
        keys = [_key(incident, stamp, self.now) for incident in incidents]
        new = [n for n, key in enumerate(keys) if key not in self.cache.compared]
        read = read_incidents(
            [incidents[n].text for n in new],
            [incidents[n].language for n in new],
            self.readings,
            self.policy,
        )
        self.read += len(new)
        for n, reading in zip(new, read, strict=True):
            self.cache.compared[keys[n]] = self._incident(incidents[n], reading, index, tracked)
        for key in keys:
            compared = self.cache.compared[key]
            for number in compared.groups:
                self._counts[number] += 1
            yield from compared.matches

    def _incident(
        self,
        incident: Incident,
        reading: IncidentReading,
        index: _Index,
        tracked: frozenset[tuple[str, str]],
    ) -> Compared:
        channel = canonical_channel(incident.channel)
        matches: list[Match] = []
        compared: list[int] = []
        for number, group in index.candidates(incident, reading):
            if group.channel and channel and group.channel != channel:
                continue
            compared.append(number)
            measured = judge_facts(
                group.claim, incident, now=self.now, calendar=self.calendar, tracked=tracked
            )
            if measured is not None:
                matches += _fact_matches(group, incident, measured)
            else:
                matches += self._judged(group, incident, reading)
        return Compared(matches=tuple(matches), groups=tuple(compared))

    def _judged(self, group: _Group, incident: Incident, reading: IncidentReading) -> Iterator[Match]:
        judgement = decide(group.claim, reading, None, self.policy)
        if self._is_uncertain(judgement):
            judgement = self._second_opinion(group, incident, reading, judgement)
        if judgement.outcome == "silent":
            return
        for promise in group.promises:
            yield Match(
                promise_id=promise.id,
                evidence_id=incident.id,
                evidence_kind="incident",
                outcome=judgement.outcome,
                score=judgement.score,
                reasons=judgement.reasons,
                signals=judgement.signals,
            )

    def _is_uncertain(self, judgement: Judgement) -> bool:
        return self.policy.uncertain_low <= judgement.score <= self.policy.uncertain_high

    def _second_opinion(
        self, group: _Group, incident: Incident, reading: IncidentReading, first: Judgement
    ) -> Judgement:
        quote = group.promises[0].quote
        if self.readings is not None:
            self.asked += 1
            pair: PairReading = self.readings.read_pairs([(quote, incident.text)])[0]
            first = decide(group.claim, reading, pair, self.policy)
        if self.llm is not None and self._is_uncertain(first):
            self.asked += 1
            return self.llm.judge(quote, incident.text) or first
        return first

    def _site(self) -> Iterator[Match]:
        senses = by_aspect([sense_of(statement) for statement in self.statements])
        for promise in self.promises:
            claim = claim_of(promise)
            names = [*claim.aspects, *(f"elapsed:{name}" for name in METRIC_ELAPSED.get(claim.metric, ()))]
            near = {sense.statement.id: sense for name in names for sense in senses.get(name, ())}
            for statement_id, sense in near.items():
                judged = judge_statement(promise, sense)
                if judged.relation == "compatible":
                    continue
                yield Match(
                    promise_id=promise.id,
                    evidence_id=statement_id,
                    evidence_kind="site",
                    outcome="breaks" if judged.relation == "contradicts" else "silent",
                    score=0.9 if judged.relation == "contradicts" else 0.5,
                    reasons=(f"{judged.relation.capitalize()}: {judged.reason}",),
                )


class _Index:
    """Name the promise groups that an incident can say anything of, by signal code, stated time and fact."""

    def __init__(self, groups: Sequence[_Group], policy: MatchPolicy) -> None:
        self._groups = groups
        self._least = min(policy.breaks_min, policy.keeps_min, policy.uncertain_low) - 0.2
        self._by_signal: dict[tuple[str, str], tuple[tuple[int, float], ...]] = {}
        self._by_elapsed: dict[str, list[int]] = {}
        self._by_facts: list[int] = []
        for n, group in enumerate(groups):
            if group.claim.limit is not None:
                for name in METRIC_ELAPSED.get(group.claim.metric, ()):
                    self._by_elapsed.setdefault(name, []).append(n)
            if group.claim.metric or group.claim.aspects & _FACT_ASPECTS:
                self._by_facts.append(n)

    def candidates(self, incident: Incident, reading: IncidentReading) -> list[tuple[int, _Group]]:
        """Return the groups worth judging with their numbers, in order."""
        found: set[int] = set()
        for signal in reading.signals:
            found.update(n for n, share in self._of(signal) if share * signal.score >= self._least)
        for stated in reading.stated:
            for name in stated.metrics:
                found.update(self._by_elapsed.get(name, ()))
        if incident.facts or incident.closed_at is None:
            found.update(self._by_facts)
        return [(n, self._groups[n]) for n in sorted(found)]

    def _of(self, signal: Signal) -> tuple[tuple[int, float], ...]:
        key = (signal.code, signal.theme)
        if key not in self._by_signal:
            shares = ((n, agreement(group.claim, signal)) for n, group in enumerate(self._groups))
            self._by_signal[key] = tuple((n, share) for n, share in shares if share > 0.0)
        return self._by_signal[key]


_FACT_ASPECTS = frozenset({"price", "fees", "bill", "terms", "network"})


def match(
    promises: Iterable[Promise],
    incidents: Iterable[Incident],
    *,
    readings: Readings | None = None,
    statements: Sequence[Statement] = (),
    calendar: WorkCalendar | None = None,
    now: datetime,
    llm: Judge | None = None,
    policy: MatchPolicy = DEFAULT,
    cache: MatchCache | None = None,
) -> Matches:
    """Return the matches of promises with incidents, their facts, and the company's own statements.

    Silent pairs are not yielded, save measured cases that are still open and in time, and statements that
    qualify a promise: they are shown among what was looked at and not counted.
    """
    return Matches(
        promises=tuple(promises),
        incidents=tuple(incidents),
        now=now,
        readings=readings,
        statements=statements,
        calendar=calendar,
        llm=llm,
        policy=policy,
        cache=cache or MatchCache(),
    )


def canonical_channel(channel: str) -> str:
    """Return phone, mail, chat, shop, app, web, letter or social for a log's own word, or ""."""
    word = channel.casefold()
    return next((name for name, stems in _CHANNELS.items() if any(stem in word for stem in stems)), "")


def _groups(promises: Sequence[Promise]) -> list[_Group]:
    grouped: dict[tuple[Claim, str], list[Promise]] = {}
    for promise in promises:
        grouped.setdefault((claim_of(promise), promise.scope.channel), []).append(promise)
    return [
        _Group(claim=claim, channel=channel, promises=tuple(own)) for (claim, channel), own in grouped.items()
    ]


def _fact_matches(group: _Group, incident: Incident, measured: FactJudgement) -> Iterator[Match]:
    for promise in group.promises:
        yield Match(
            promise_id=promise.id,
            evidence_id=incident.id,
            evidence_kind="fact",
            outcome=measured.outcome,
            score=0.0 if measured.outcome == "silent" else 1.0,
            reasons=(measured.reason,),
        )


def _key(incident: Incident, stamp: str, now: datetime) -> str:
    # An open case can pass its deadline between two runs; a closed one cannot change by waiting.
    moment = "" if incident.closed_at or "ended_at" in incident.facts else now.isoformat()
    facts: Mapping[str, object] = incident.facts
    return content_id(
        stamp, incident.id, incident.text, incident.channel, incident.occurred_at, incident.closed_at,
        sorted(facts.items()), moment,
    )  # fmt: skip
