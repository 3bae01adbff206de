"""Count the matches of one promise as they pass: kept, broken, and left out with a reason; no match is kept for it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from promisecheck.model import Exclusion, Incident, Match

# How many ids stand with a count; the count itself has no limit.
MOST_EXCLUDED = 50
MOST_EVIDENCE = 200


@dataclass(slots=True)
class Shown:
    """Hold the ids that stand for many: the best ones, by a rank that is lowest for the best."""

    most: int
    count: int = 0
    _best: list[tuple[int, float, int, str]] = field(default_factory=list)

    def add(self, evidence_id: str, *, rank: int = 0, score: float = 0.0) -> None:
        """Count one, and keep its id where it is among the best."""
        self._best.append((rank, -score, self.count, evidence_id))
        self.count += 1
        if len(self._best) > 2 * self.most:
            self._best = heapq.nsmallest(self.most, self._best)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the best ids, the best first."""
        return tuple(one[-1] for one in heapq.nsmallest(self.most, self._best))


@dataclass(slots=True)
class Side:
    """Hold the broken, or the kept, cases of one promise: told are words, measured are facts."""

    told: int = 0
    measured: int = 0
    shown: Shown = field(default_factory=lambda: Shown(MOST_EVIDENCE))

    @property
    def count(self) -> int:
        """Return all of them."""
        return self.told + self.measured

    def add(self, match: Match) -> None:
        """Count one case."""
        measured = match.evidence_kind == "fact"
        self.measured += measured
        self.told += not measured
        self.shown.add(match.evidence_id, rank=0 if measured else 1, score=match.score)


@dataclass(slots=True)
class Cases:
    """Hold what the matches of one promise amount to; `against` counts which codes each broken case shows."""

    broken: Side = field(default_factory=Side)
    kept: Side = field(default_factory=Side)
    certain: int = 0
    against: Counter[frozenset[str]] = field(default_factory=Counter)
    timed: list[Incident] = field(default_factory=list)
    site: list[Match] = field(default_factory=list)
    assumed: int = 0
    recovered: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    by_party: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    told: Shown = field(default_factory=lambda: Shown(MOST_EXCLUDED))
    left_out: dict[str, Shown] = field(default_factory=dict)

    @property
    def measured(self) -> int:
        """Return how many cases were measured."""
        return self.broken.measured + self.kept.measured

    def count(
        self, match: Match, incident: Incident, *, sure: float, against: frozenset[str], done: Iterable[str]
    ) -> None:
        """Count one case: what it shows against the promise, and what was done about it.

        `sure` is the score from which words alone are certain.
        """
        broken = match.outcome == "breaks"
        (self.broken if broken else self.kept).add(match)
        if match.evidence_kind == "fact":
            self.timed.append(incident)
        else:
            self.told.add(match.evidence_id)
            self.certain += broken and match.score >= sure
        if broken:
            self.against[against] += 1
            self.recovered.update(done)
        self._place(incident, broken)

    def _place(self, incident: Incident, broken: bool) -> None:
        moment = incident.occurred_at
        if moment is not None:
            self.first = moment if self.first is None else min(self.first, moment)
            self.last = moment if self.last is None else max(self.last, moment)
        for key in (("party", incident.party), ("channel", incident.channel)):
            if key[1]:
                counts = self.by_party.setdefault(key, [0, 0])
                counts[0] += broken
                counts[1] += 1

    def leave_out(self, reason: str, evidence_id: str) -> None:
        """Note that a piece of evidence was looked at and not counted, and why."""
        self.left_out.setdefault(reason, Shown(MOST_EXCLUDED)).add(evidence_id)

    def exclusions(self, extra: Iterable[Exclusion] = ()) -> tuple[Exclusion, ...]:
        """Return what was left out, by reason, most first; the counts are whole, at most 50 ids stand with each."""
        own = [
            Exclusion(reason=reason, count=shown.count, evidence_ids=shown.ids)
            for reason, shown in sorted(self.left_out.items(), key=lambda kv: (-kv[1].count, kv[0]))
        ]
        return (*own, *extra)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return the ids to show: the site's own text, then broken cases, then kept ones, measured ones first."""
        site = [match.evidence_id for match in self.site]
        return tuple(dict.fromkeys([*site, *self.broken.shown.ids, *self.kept.shown.ids]))[:MOST_EVIDENCE]
