"""Which promises an incident can say anything of: groups that claim alike, indexed by signal, stated time and fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promisecheck.match.claim import METRIC_ELAPSED, Claim, claim_of
from promisecheck.match.policy import MatchPolicy
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import agreement
from promisecheck.model import Incident, Promise, Signal, fold

_FACT_ASPECTS = frozenset({"price", "fees", "bill", "terms", "network"})
# What further signals and a second opinion can add to the first one's score.
_SLACK = 0.2
_CHANNELS = {
    "phone": ("tel", "tlf", "phone", "call", "opkald", "samtal"), "chat": ("chat",),
    "mail": ("mail", "e-post", "epost", "skjema", "formular"), "shop": ("butik", "shop", "store"),
    "app": ("app",), "web": ("web", "nett", "online"), "letter": ("brev", "letter"),
    "social": ("facebook", "social", "sosial", "instagram"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hold the promises that claim the same, in the same channel: they are judged once."""

    claim: Claim
    channel: str
    quote: str
    promise_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Hold one group that an incident may speak of; `worded` where its words or stated times point there."""

    number: int
    group: Group
    worded: bool


def group_promises(promises: Sequence[Promise], *, by_wording: bool) -> list[Group]:
    """Return the promises that claim alike together; by wording as well where a model reads the words."""
    grouped: dict[tuple[Claim, str, str], list[Promise]] = {}
    for promise in promises:
        wording = fold(promise.quote) if by_wording else ""
        grouped.setdefault((claim_of(promise), promise.scope.channel, wording), []).append(promise)
    return [
        Group(
            claim=claim, channel=channel, quote=own[0].quote, promise_ids=tuple(promise.id for promise in own)
        )
        for (claim, channel, _), own in grouped.items()
    ]


def canonical_channel(channel: str) -> str:
    """Return phone, mail, chat, shop, app, web, letter or social for a log's own word, or ""."""
    word = channel.casefold()
    return next((name for name, stems in _CHANNELS.items() if any(stem in word for stem in stems)), "")


class Index:
    """Name the candidates of an incident without going through all promises."""

    def __init__(self, groups: Sequence[Group], policy: MatchPolicy) -> None:
        self._groups = groups
        self._least = min(policy.breaks_min, policy.keeps_min, policy.uncertain_low) - _SLACK
        self._by_signal: dict[tuple[str, str], tuple[tuple[int, float], ...]] = {}
        self._by_elapsed: dict[str, list[int]] = {}
        self._by_facts: list[int] = []
        for number, group in enumerate(groups):
            if group.claim.limit is not None:
                for name in METRIC_ELAPSED.get(group.claim.metric, ()):
                    self._by_elapsed.setdefault(name, []).append(number)
            if group.claim.metric or group.claim.aspects & _FACT_ASPECTS:
                self._by_facts.append(number)

    def candidates(self, incident: Incident, reading: IncidentReading) -> list[Candidate]:
        """Return the groups worth judging, in order; a promise about another channel is none."""
        worded: set[int] = set()
        for signal in reading.signals:
            worded.update(n for n, share in self._of(signal) if share * signal.score >= self._least)
        for stated in reading.stated:
            for name in stated.metrics:
                worded.update(self._by_elapsed.get(name, ()))
        measured = self._by_facts if incident.facts or incident.closed_at is None else ()
        channel = canonical_channel(incident.channel)
        return [
            Candidate(number=number, group=self._groups[number], worded=number in worded)
            for number in sorted(worded.union(measured))
            if not channel or self._groups[number].channel in ("", channel)
        ]

    def _of(self, signal: Signal) -> tuple[tuple[int, float], ...]:
        key = (signal.code, signal.theme)
        if key not in self._by_signal:
            shares = ((n, agreement(group.claim, signal)) for n, group in enumerate(self._groups))
            self._by_signal[key] = tuple((n, share) for n, share in shares if share > 0.0)
        return self._by_signal[key]
