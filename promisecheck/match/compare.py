"""Match many promises with many incidents: signals once an incident, candidates by index, no all-pairs loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from promisecheck.clock import WorkCalendar
from promisecheck.match.candidates import Candidate, Group, Index, group_promises
from promisecheck.match.claim import claim_of
from promisecheck.match.codes import RECOVERY
from promisecheck.match.fact import FactJudgement, judge_facts, tracked_facts
from promisecheck.match.judge import Judge, Judgement, decide, judges_pairs
from promisecheck.match.policy import DEFAULT, MatchPolicy
from promisecheck.match.reach import lies_outside
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signals import read_incidents
from promisecheck.match.site import Statement, by_aspect, judge_statement, sense_of
from promisecheck.model import EvidenceKind, Incident, Match, Outcome, Promise, Signal, content_id
from promisecheck.text.readings import Readings

_BATCH = 512
Tracked = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what one incident says of one group of promises."""

    group: int
    kind: EvidenceKind
    outcome: Outcome
    score: float
    reasons: tuple[str, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Hold what one incident says, and the numbers of the promise groups it was compared with."""

    incident_id: str
    said: tuple[Said, ...]
    groups: tuple[int, ...]


class Cache(Protocol):
    """Keep what incidents were found to say, by the content of incident and promises; asked a batch at a time."""

    def load(self, keys: Sequence[str]) -> Mapping[str, Compared]:
        """Return what is kept of these keys."""
        ...

    def keep(self, found: Mapping[str, Compared]) -> None:
        """Keep what was found anew."""
        ...


@dataclass(slots=True)
class MatchCache:
    """Keep it in memory."""

    compared: MutableMapping[str, Compared] = field(default_factory=dict)

    def load(self, keys: Sequence[str]) -> Mapping[str, Compared]:
        """Return what is kept of these keys."""
        return {key: self.compared[key] for key in keys if key in self.compared}

    def keep(self, found: Mapping[str, Compared]) -> None:
        """Keep what was found anew."""
        self.compared.update(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """Hold one candidate with what words, or facts, say of it so far; `place` numbers the incident."""

    candidate: Candidate
    place: int
    incident: Incident
    reading: IncidentReading
    judged: Judgement | FactJudgement | None


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
    cache: Cache = field(default_factory=MatchCache)
    only_new: bool = False
    considered: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    read: int = 0
    _groups: list[Group] = field(default_factory=list)
    _counts: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Match]:
        self.asked = self.read = 0
        by_wording = self.readings is not None or self.llm is not None
        self._groups = group_promises(self.promises, by_wording=by_wording)
        self._counts = [0] * len(self._groups)
        index = Index(self._groups, self.policy)
        yield from self._site()
        tracked = tracked_facts(self.incidents)
        stamp = self._stamp(tracked)
        for first in range(0, len(self.incidents), _BATCH):
            yield from self._batch(self.incidents[first : first + _BATCH], index, tracked, stamp)
        self.considered = {
            promise_id: count
            for group, count in zip(self._groups, self._counts, strict=True)
            for promise_id in group.promise_ids
        }

    def _stamp(self, tracked: Tracked) -> str:
        """Return a hash of all that a cached comparison depends on, beside the incident."""
        version = self.readings.version if self.readings is not None else ""
        claims = [(promise.id, claim_of(promise), promise.scope.channel) for promise in self.promises]
        return content_id(
            "matches", claims, sorted(tracked), self.policy, version, self.calendar, type(self.llm)
        )

    def _batch(
        self, incidents: Sequence[Incident], index: Index, tracked: Tracked, stamp: str
    ) -> Iterator[Match]:
        keys = [_key(incident, stamp, self.now) for incident in incidents]
        known = self.cache.load(keys)
        new = {key: incident for key, incident in zip(keys, incidents, strict=True) if key not in known}
        fresh = dict(zip(new, self._compare(list(new.values()), index, tracked), strict=True))
        if fresh:
            self.cache.keep(fresh)
        for key in keys:
            found = fresh.get(key) or known[key]
            for number in found.groups:
                self._counts[number] += 1
            if not self.only_new or key in fresh:
                yield from self._matches(found)

    def _matches(self, found: Compared) -> Iterator[Match]:
        for said in found.said:
            for promise_id in self._groups[said.group].promise_ids:
                yield Match(
                    promise_id=promise_id,
                    evidence_id=found.incident_id,
                    evidence_kind=said.kind,
                    outcome=said.outcome,
                    score=said.score,
                    reasons=said.reasons,
                    signals=said.signals,
                )

    def _compare(self, incidents: Sequence[Incident], index: Index, tracked: Tracked) -> list[Compared]:
        texts, languages = [i.text for i in incidents], [i.language for i in incidents]
        readings = read_incidents(texts, languages, self.readings, self.policy, sparing=True)
        self.read += len(incidents)
        items = [
            self._first(candidate, place, incident, reading, tracked)
            for place, (incident, reading) in enumerate(zip(incidents, readings, strict=True))
            for candidate in index.candidates(incident, reading)
        ]
        said: list[list[Said]] = [[] for _ in incidents]
        groups: list[list[int]] = [[] for _ in incidents]
        for item in self._asked_again(items):
            groups[item.place].append(item.candidate.number)
            one = _said(item)
            if one is not None:
                said[item.place].append(one)
        return [
            Compared(incident_id=incident.id, said=tuple(said[n]), groups=tuple(groups[n]))
            for n, incident in enumerate(incidents)
        ]

    def _first(
        self, candidate: Candidate, place: int, incident: Incident, reading: IncidentReading, tracked: Tracked
    ) -> _Item:
        claim = candidate.group.claim
        judged: Judgement | FactJudgement | None = judge_facts(
            claim, incident, now=self.now, calendar=self.calendar, tracked=tracked, codes=reading.broken
        )
        if (
            judged is None
            and candidate.worded
            and not lies_outside(claim.reach, incident.facts, reading.areas, reading.groups)
        ):
            judged = decide(claim, reading, None, self.policy)
        return _Item(candidate=candidate, place=place, incident=incident, reading=reading, judged=judged)

    def _asked_again(self, items: Sequence[_Item]) -> list[_Item]:
        """Ask the pair head, all uncertain pairs at once, and then the judge on what is still uncertain."""
        decided = list(items)
        unsure = self._worth_asking(items)
        if judges_pairs(self.readings) and unsure:
            self.asked += len(unsure)
            pairs = [(items[n].candidate.group.quote, items[n].incident.text) for n in unsure]
            for n, pair in zip(unsure, self.readings.read_pairs(pairs), strict=True):
                again = decide(items[n].candidate.group.claim, items[n].reading, pair, self.policy)
                decided[n] = replace(items[n], judged=again)
        if self.llm is not None:
            for n in [n for n in unsure if self._is_uncertain(decided[n])]:
                item = decided[n]
                self.asked += 1
                said = self.llm.judge(item.candidate.group.quote, item.incident.text)
                decided[n] = replace(item, judged=said or item.judged)
        return decided

    def _worth_asking(self, items: Sequence[_Item]) -> list[int]:
        """Return the uncertain pairs to ask about, in a long log only the most uncertain of each incident.

        Without such shares its first incidents would use up all that may be asked.
        """
        share = max(1, self.policy.most_asked // max(1, len(self.incidents)))
        middle = (self.policy.uncertain_low + self.policy.uncertain_high) / 2
        unsure: dict[int, list[tuple[float, int]]] = {}
        for n, item in enumerate(items):
            if isinstance(item.judged, Judgement) and self._is_uncertain(item):
                unsure.setdefault(item.place, []).append((abs(item.judged.score - middle), n))
        picked = sorted(n for own in unsure.values() for _, n in sorted(own)[:share])
        return picked[: max(0, self.policy.most_asked - self.asked)]

    def _is_uncertain(self, item: _Item) -> bool:
        judged = item.judged
        low, high = self.policy.uncertain_low, self.policy.uncertain_high
        return isinstance(judged, Judgement) and low <= judged.score <= high

    def _site(self) -> Iterator[Match]:
        senses = by_aspect([sense_of(statement) for statement in self.statements])
        for promise in self.promises if senses else ():
            claim = claim_of(promise)
            subjects = [f"subject:{one}" for one in sorted(claim.reach.objects)]
            names = [
                *sorted(claim.aspects), *subjects, "metric:delivery", "metric:dispatch", f"metric:{claim.metric}",
            ]  # fmt: skip
            near = {sense.statement.id: sense for name in names for sense in senses.get(name, ())}
            for statement_id, sense in near.items():
                judged = judge_statement(promise, sense)
                if judged.relation != "compatible":
                    breaks = judged.relation == "contradicts"
                    yield Match(
                        promise_id=promise.id,
                        evidence_id=statement_id,
                        evidence_kind="site",
                        outcome="breaks" if breaks else "silent",
                        score=0.9 if breaks else 0.5,
                        reasons=(f"{judged.relation.capitalize()}: {judged.reason}",),
                    )


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
    cache: Cache | None = None,
    only_new: bool = False,
) -> Matches:
    """Return the matches of promises with incidents, their facts, and the company's own statements.

    Silent pairs are not yielded, save measured cases that are still open and in time, and statements that
    qualify a promise: they are shown among what was looked at and not counted. `only_new` leaves out what the
    cache holds already, for a caller that kept the matches of the last run.
    """
    return Matches(
        promises=tuple({promise.id: promise for promise in promises}.values()),
        incidents=tuple({incident.id: incident for incident in incidents}.values()),
        now=now,
        readings=readings,
        statements=statements,
        calendar=calendar,
        llm=llm,
        policy=policy,
        cache=cache or MatchCache(),
        only_new=only_new,
    )


def _said(item: _Item) -> Said | None:
    judged, number = item.judged, item.candidate.number
    if judged is None:
        return None
    if isinstance(judged, FactJudgement):
        recovery = _recovery(item.reading) if judged.outcome == "breaks" else ()
        score = 0.0 if judged.outcome == "silent" else 1.0
        return Said(number, "fact", judged.outcome, score, (judged.reason,), recovery)
    if judged.outcome == "silent":
        return None
    recovery = _recovery(item.reading) if judged.outcome == "breaks" else ()
    signals = (*judged.signals, *recovery)
    return Said(number, "incident", judged.outcome, judged.score, judged.reasons, signals)


def _recovery(reading: IncidentReading) -> tuple[Signal, ...]:
    """Return what the incident says was put right: shown beside, it does not undo what was broken."""
    return tuple(signal for signal in reading.signals if signal.code in RECOVERY)


def _key(incident: Incident, stamp: str, now: datetime) -> str:
    # An open case can pass its deadline between two runs; a closed one cannot change by waiting.
    moment = "" if incident.closed_at or "ended_at" in incident.facts else now.isoformat()
    return content_id(
        stamp, incident.id, incident.text, incident.language, incident.channel, incident.occurred_at,
        incident.closed_at, sorted(incident.facts.items()), moment,
    )  # fmt: skip
