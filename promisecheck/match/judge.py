"""Judge one promise against one incident: evidence of words and numbers, and of the trained pair head, to one outcome."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Protocol, TypeGuard

from promisecheck.match.claim import Claim, claim_of_text
from promisecheck.match.policy import ASKED, DEFAULT, Facts, MatchPolicy
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import Evidence, weigh
from promisecheck.match.signals import read_incident
from promisecheck.model import Outcome, Signal
from promisecheck.text.readings import PairReading, Readings

_FLOOR = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Hold what one incident says of one promise; `reasons` are plain sentences, shown as they are."""

    outcome: Outcome
    score: float
    reasons: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()


class Judge(Protocol):
    """Give a second opinion on a pair that words and numbers leave uncertain; None where it has none."""

    def judge(self, promise: str, incident: str) -> Judgement | None:
        """Return a judgement whose signals quote the incident verbatim."""
        ...


def judge_pair(
    promise_text: str,
    incident_text: str,
    *,
    promise_language: str = "",
    incident_language: str = "",
    readings: Readings | None = None,
    policy: MatchPolicy = ASKED,
) -> Judgement:
    """Say whether an incident breaks or keeps a promise, or is silent on it, with score, reasons and signals."""
    claim = claim_of_text(promise_text, promise_language, readings)
    reading = read_incident(incident_text, incident_language, readings, policy)
    pair = readings.read_pairs([(promise_text, incident_text)])[0] if judges_pairs(readings) else None
    return decide(claim, reading, pair, policy)


def judges_pairs(readings: Readings | None) -> TypeGuard[Readings]:
    """Tell whether these readings judge pairs well enough to be heard: the cheap heads' pair head does not."""
    return readings is not None and getattr(readings, "judges_pairs", True)


def decide(
    claim: Claim, reading: IncidentReading, pair: PairReading | None, policy: MatchPolicy = DEFAULT
) -> Judgement:
    """Bring words, numbers and the pair head to one outcome; in doubt it is silent."""
    evidence = weigh(claim, reading)
    if policy.rates_by_number and claim.rate:
        return Judgement(outcome="silent", score=0.0, signals=evidence.signals)
    if policy.same_thing and not evidence.met:
        return Judgement(outcome="silent", score=0.0, signals=evidence.signals)
    broken, kept = scores(claim, evidence, pair, policy)
    seen = evidence.number < 0 or evidence.broken >= max(policy.touch_min, _FLOOR)
    least = policy.breaks_min if seen else policy.unseen_min
    if broken >= least and broken >= kept and _is_related(evidence, policy):
        return _judgement("breaks", broken, evidence, "broken")
    if (
        kept >= policy.keeps_min
        and kept > broken
        and (evidence.kept or evidence.number > 0 or pair is not None)
    ):
        return _judgement("keeps", kept, evidence, "kept")
    return Judgement(outcome="silent", score=round(max(broken, kept), 3), signals=evidence.signals)


def _is_related(evidence: Evidence, policy: MatchPolicy) -> bool:
    """Tell whether what went wrong is of the promise's theme or touchpoint at all; a number is about its limit."""
    return (
        evidence.number < 0
        or evidence.themed_broken >= policy.theme_min
        or evidence.broken >= policy.touch_sure
    )


def scores(
    claim: Claim, evidence: Evidence, pair: PairReading | None, policy: MatchPolicy
) -> tuple[float, float]:
    """Return the probabilities that the incident breaks and keeps the claim; a stated number decides at once."""
    if evidence.number < 0:
        return policy.number_breaks, 0.0
    facts = facts_of(claim, evidence, pair)
    if pair is not None:
        breaks, keeps = policy.breaks_read.log_odds(facts), policy.keeps_read.log_odds(facts)
    elif not evidence.broken and not evidence.kept and not facts.within:
        return 0.0, 0.0
    else:
        breaks, keeps = policy.breaks.log_odds(facts), policy.keeps.log_odds(facts)
    total = 1.0 + exp(breaks) + exp(keeps)
    return exp(breaks) / total, exp(keeps) / total


def facts_of(claim: Claim, evidence: Evidence, pair: PairReading | None) -> Facts:
    """Return what the weights weigh of one pair."""
    breaks = keeps = 0.0
    if pair is not None:
        silent = max(pair.silent, _FLOOR)
        breaks, keeps = log(max(pair.breaks, _FLOOR) / silent), log(max(pair.keeps, _FLOOR) / silent)
    return Facts(
        broken=evidence.broken, kept=evidence.kept, mood=evidence.mood, general=claim.general,
        limit=claim.limit is not None, themed_broken=evidence.themed_broken, themed_kept=evidence.themed_kept,
        within=evidence.number > 0, pair_breaks=breaks, pair_keeps=keeps,
    )  # fmt: skip


def _judgement(outcome: Outcome, score: float, evidence: Evidence, status: str) -> Judgement:
    signals = tuple(signal for signal in evidence.signals if signal.status == status)
    reasons = evidence.reasons or ("The trained reader of pairs takes it so; no single phrase decides.",)
    return Judgement(outcome=outcome, score=round(min(score, 1.0), 3), reasons=reasons, signals=signals)
