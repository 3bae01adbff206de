"""Many promises against many incidents: candidates, cache, scope, second opinions, and what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.match import Judgement, MatchCache, MatchPolicy, Statement, match
from promisecheck.model import Incident, Match, Measure, Promise, Scope
from promisecheck.text.readings import PairReading, PassageReading, SentenceContext, SentenceReading

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def promise(quote: str, theme: str, **more: object) -> Promise:
    fields = {
        "company_id": "c", "kind": "guarantee", "url": "https://c.example/", "language": "da", "start": 0,
        "end": len(quote),
    }  # fmt: skip
    return Promise(quote=quote, theme=theme, **{**fields, **more})  # type: ignore[arg-type]


def incident(n: int, text: str, **more: object) -> Incident:
    fields = {
        "company_id": "c", "source": "log", "occurred_at": NOW - timedelta(days=9), "closed_at": NOW, "language": "da",
    }  # fmt: skip
    return Incident(external_id=str(n), details=text, **{**fields, **more})  # type: ignore[arg-type]


STABLE = promise("Stabilt internet i hele landet", "quality")
REPLY = promise(
    "Vi svarer inden for 24 timer", "speed", metric="first-reply", kind="quantified",
    measure=Measure(kind="duration", compare="at-most", value=24, unit="hour"),
)  # fmt: skip
LOG = [
    incident(1, "Internettet er elendigt og ustabilt hver aften. Det er håbløst."),
    incident(2, "Hvad koster det at flytte en telefon?"),
    incident(3, "Fik først svar på min mail efter 9 dage."),
    incident(4, "Intet at bemærke.", facts={"first_reply_hours": 3.0}),
    incident(5, "Intet at bemærke.", facts={"first_reply_hours": 30.0}),
]


def said(matches: Sequence[Match]) -> set[tuple[str, str, str, str]]:
    names = {STABLE.id: "stable", REPLY.id: "reply", **{one.id: one.external_id for one in LOG}}
    return {(names[m.promise_id], names[m.evidence_id], m.evidence_kind, m.outcome) for m in matches}


def test_words_numbers_and_facts_each_find_their_promise() -> None:
    assert said(list(match([STABLE, REPLY], LOG, now=NOW))) == {
        ("stable", "1", "incident", "breaks"),
        ("reply", "3", "incident", "breaks"),
        ("reply", "4", "fact", "keeps"),
        ("reply", "5", "fact", "breaks"),
    }


def test_considered_counts_what_was_compared() -> None:
    matches = match([STABLE, REPLY], LOG, now=NOW)
    list(matches)
    assert matches.considered[STABLE.id] >= 1
    assert matches.considered[REPLY.id] >= 3
    assert matches.read == len(LOG)


def test_a_cache_reads_only_what_is_new() -> None:
    cache = MatchCache()
    first = list(match([STABLE, REPLY], LOG[:4], now=NOW, cache=cache))
    again = match([STABLE, REPLY], LOG, now=NOW + timedelta(days=1), cache=cache)
    assert [one for one in again if one.evidence_id != LOG[4].id] == first
    assert again.read == 1


def test_only_new_leaves_out_what_an_earlier_run_told() -> None:
    cache = MatchCache()
    list(match([STABLE, REPLY], LOG[:4], now=NOW, cache=cache))
    again = match([STABLE, REPLY], LOG, now=NOW, cache=cache, only_new=True)
    assert {m.evidence_id for m in again} == {LOG[4].id}
    assert again.considered[REPLY.id] >= 3


def test_other_promises_do_not_meet_an_old_cache() -> None:
    cache = MatchCache()
    list(match([STABLE], LOG, now=NOW, cache=cache))
    other = promise("Stabilt internet i hele Danmark", "quality")
    assert {m.promise_id for m in match([other], LOG, now=NOW, cache=cache)} == {other.id}


def test_an_open_case_is_judged_again_when_time_has_passed() -> None:
    cache = MatchCache()
    log = [
        incident(6, "", closed_at=None, occurred_at=NOW - timedelta(hours=20)),
        incident(7, "", facts={"first_reply_hours": 1.0}),
    ]
    outcomes = [
        {m.evidence_id: m.outcome for m in match([REPLY], log, now=now, cache=cache)}[log[0].id]
        for now in (NOW, NOW + timedelta(hours=5))
    ]
    assert outcomes == ["silent", "breaks"]


def test_another_channel_is_another_scope() -> None:
    by_mail = promise(
        "Vi svarer på mail inden for 24 timer", "speed", metric="first-reply", kind="quantified",
        measure=REPLY.measure, scope=Scope(channel="mail"),
    )  # fmt: skip
    log = [
        incident(8, "", channel="Telefon", facts={"first_reply_hours": 90.0}),
        incident(9, "", channel="E-mail", facts={"first_reply_hours": 90.0}),
        incident(10, "", channel="", facts={"first_reply_hours": 90.0}),
    ]
    assert {m.evidence_id for m in match([by_mail], log, now=NOW)} == {log[1].id, log[2].id}


def test_what_was_put_right_is_told_beside() -> None:
    log = [incident(11, "Internettet er elendigt og ustabilt hver aften. Senere fik vi pengene tilbage.")]
    (broken,) = (m for m in match([STABLE], log, now=NOW) if m.outcome == "breaks")
    assert {"unstable-service", "refunded"} <= {signal.code for signal in broken.signals}


def test_statements_of_the_site_are_evidence() -> None:
    statement = Statement(
        text="Vores svartid kan være op til 5 dage.", language="da", url="https://c.example/kontakt"
    )
    (found,) = match([REPLY], [], statements=[statement], now=NOW)
    assert (found.evidence_kind, found.outcome, found.evidence_id) == ("site", "breaks", statement.id)


class Sceptic:
    """Stand in for trained readings that see nothing in any passage, and in no pair a promise broken."""

    version = "sceptic"

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        return [SentenceReading(promise=0.5, kinds={}, themes={}) for _ in sentences]

    def read_passages(self, passages: Sequence[str], languages: Sequence[str]) -> list[PassageReading]:
        return [
            PassageReading(statuses={"broken": 0.3, "kept": 0.3, "none": 0.4}, themes={}, codes={})
            for _ in passages
        ]

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        return [PairReading(breaks=0.001, keeps=0.001, silent=0.998) for _ in pairs]


def test_the_pair_head_is_asked_only_in_doubt_and_can_say_no() -> None:
    matches = match([STABLE, REPLY], LOG, now=NOW, readings=Sceptic())
    found = said(list(matches))
    assert ("stable", "1", "incident", "breaks") not in found
    assert ("reply", "5", "fact", "breaks") in found
    assert 0 < matches.asked < len(LOG) * 2


class Believer:
    """Stand in for a judge that takes every doubtful pair as broken."""

    def judge(self, promise: str, incident: str) -> Judgement | None:
        return Judgement(outcome="breaks", score=0.8, reasons=("It says so.",))


def test_a_judge_decides_what_is_left_in_doubt() -> None:
    log = [incident(12, "Servicen var dårlig.")]
    helpful = promise("Vi er altid klar til at hjælpe", "personal")
    doubtful = MatchPolicy(uncertain_low=0.0, uncertain_high=1.0)
    matches = match([helpful], log, now=NOW, llm=Believer(), policy=doubtful)
    assert [(m.outcome, m.reasons) for m in matches] == [("breaks", ("It says so.",))]
    certain = MatchPolicy(uncertain_low=1.0, uncertain_high=1.0)
    matches = match([helpful], log, now=NOW, llm=Believer(), policy=certain)
    list(matches)
    assert matches.asked == 0


class Listener:
    """Stand in for a judge that has no opinion, and note which incidents it was asked about."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def judge(self, promise: str, incident: str) -> Judgement | None:
        self.heard.append(incident)
        return None


@pytest.mark.parametrize(("most", "asked"), [(3, [1, 1, 1]), (5, [1, 1, 1]), (6, [2, 2, 2]), (2, [1, 1, 0])])
def test_what_may_be_asked_is_shared_out_over_the_incidents(most: int, asked: list[int]) -> None:
    log = [incident(20 + n, f"Servicen var dårlig, sag {n}.") for n in range(3)]
    friendly = [
        promise("Vi er altid klar til at hjælpe", "personal"), promise("Vi hjælper gerne alle kunder", "personal")
    ]  # fmt: skip
    listener = Listener()
    policy = MatchPolicy(uncertain_low=0.0, uncertain_high=1.0, most_asked=most)
    list(match(friendly, log, now=NOW, llm=listener, policy=policy))
    assert [listener.heard.count(one.text) for one in log] == asked
