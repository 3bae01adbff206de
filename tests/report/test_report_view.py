"""What the view says of findings: sentences, counts that add up, evidence, order, changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from report_values import (
    ALL_MATCHES,
    EASY,
    FINDINGS,
    IDS,
    INCIDENTS,
    LATE,
    LATE_REPLY,
    NOT_EASY,
    NOW,
    PROMISES,
    REPLY,
    review,
    view,
)

from promisecheck.errors import UsageError
from promisecheck.model import Measure, Verdict
from promisecheck.report.finding import sentence_link
from promisecheck.report.view import FindingView


def shown(finding_id: str, **given: Any) -> FindingView:
    return next(item for item in view(**given).findings if item.id == finding_id)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Broken: 14 of 60 customers waited longer than the promised 24 hours for a reply."),
        ("da", "Brudt: 14 af 60 kunder ventede længere på svar end lovet (24 timer)."),
        ("nb", "Brutt: 14 av 60 kunder ventet lenger på svar enn lovet (24 timer)."),
        ("sv", "Brutet: 14 av 60 kunder väntade längre på svar än utlovat (24 timmar)."),
    ],
)
def test_verdict_in_one_sentence(language: str, sentence: str) -> None:
    assert shown(LATE_REPLY.id, language=language).headline == sentence


@pytest.mark.parametrize(
    ("metric", "days", "broken", "relevant", "sentence"),
    [
        (
            "delivery",
            3,
            1,
            4,
            "1 of 4 customers waited longer than the promised 3 working days for delivery.",
        ),
        ("resolution", 1, 1, 1, "1 of 1 case took longer than the promised 1 working day to solve."),
        ("queue", 2, 2, 9, "2 of 9 customers waited longer than the promised 2 working days to get through."),
        ("price", 2, 3, 1200, "3 of 1,200 customers paid something else than promised."),
        ("", 2, 3, 7, "3 of 7 cases went against it."),
    ],
)
def test_sentence_follows_what_was_measured(
    metric: str, days: int, broken: int, relevant: int, sentence: str
) -> None:
    measure = Measure(kind="duration", compare="at-most", value=days, unit="working-day")
    promise = replace(REPLY, metric=metric, measure=measure)
    finding = replace(
        LATE_REPLY, promise_id=promise.id, broken=broken, relevant=relevant, kept=relevant - broken
    )
    assert shown(finding.id, promises=[promise], findings=[finding]).headline == f"Broken: {sentence}"


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("contradicted", "Broken: the company’s own pages say something else."),
        ("no-evidence", "No evidence: the log says nothing of this promise."),
        ("not-measurable", "Cannot be measured: the promise names nothing that can be counted."),
        ("not-checked", "Not checked: the page or the log could not be read."),
    ],
)
def test_sentence_where_nothing_was_counted(verdict: Verdict, sentence: str) -> None:
    finding = replace(LATE_REPLY, verdict=verdict, broken=0, kept=0, relevant=0, rate=None, excluded=())
    assert shown(finding.id, findings=[finding], matches=[]).headline == sentence


def test_interval_in_words() -> None:
    words = shown(LATE_REPLY.id).interval_words
    assert words == (
        "Kept in 77% of the 60 cases counted. "
        "With so many cases the true share probably lies between 65% and 86%."
    )


def test_almost_all_is_not_all() -> None:
    finding = replace(LATE_REPLY, broken=1, kept=999, relevant=1000, rate=0.999, low=None, high=None)
    assert shown(finding.id, findings=[finding]).interval_words == "Kept in 99% of the 1,000 cases counted."


def test_since_and_where() -> None:
    item = shown(LATE_REPLY.id)
    assert item.since_words == (
        "On the website since 4 May 2026 at the latest. Cases from 19 Jul 2026 to 18 Nov 2026."
    )
    assert item.where_words == "Kundeservice (11 of 30) and Regning (3 of 30)"


def test_counted_cases_add_up_and_leave_out_the_excluded() -> None:
    item = shown(LATE_REPLY.id)
    assert sum(case.outcome == "breaks" for case in item.cases) == item.broken == 14
    assert sum(case.outcome == "keeps" for case in item.cases) == item.kept == 46
    assert item.left_out == 2
    assert item.excluded[0].numbers == ("S-061", "S-062")


def test_trend_counts_every_dated_case_once() -> None:
    item = shown(LATE_REPLY.id)
    assert item.trend_unit == "week"
    assert sum(point.broken for point in item.trend) == 14
    assert sum(point.kept for point in item.trend) == 46
    assert all(point.start.weekday() == 0 for point in item.trend)


def test_strongest_evidence_has_its_passage_marked() -> None:
    first = shown(LATE_REPLY.id).evidence[0]
    assert first.case.number == "S-001"
    assert [piece.text for piece in first.segments if piece.marked] == [LATE]
    assert first.labels == ("no answer, or a late one",)
    assert first.reasons == ("The first reply came after 52 hours; 24 were promised.",)


def test_link_jumps_to_the_sentence() -> None:
    place = shown(LATE_REPLY.id).places[0]
    assert place.link.startswith("https://fyrby.example/kundeservice#:~:text=Vi%20svarer")


def test_link_names_a_long_sentence_by_its_ends() -> None:
    long = "Vi svarer på din mail inden for 24 timer, også i weekenden - og ellers er første måned gratis."
    assert sentence_link("https://fyrby.example/#top", long) == (
        "https://fyrby.example/#:~:text=Vi%20svarer%20p%C3%A5%20din%20mail,ellers%20er%20f%C3%B8rste%20m%C3%A5ned%20gratis."
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://[", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    promise = replace(REPLY, url=url)
    assert shown(LATE_REPLY.id, promises=[promise, *PROMISES[1:]]).places[0].link == ""


def test_most_serious_first() -> None:
    verdicts = [item.verdict for item in view().findings]
    assert verdicts == ["contradicted", "at-risk", "kept", "no-evidence", "not-measurable"]


def test_tiles_can_be_counted_again() -> None:
    counts = {tile.key: tile.count for tile in view().overview.tiles}
    assert counts["promises"] == len(PROMISES) == len(FINDINGS)
    assert counts["checked"] == 3
    assert counts["contradicted"] == counts["at-risk"] == counts["kept"] == 1


def test_map_holds_every_finding_once() -> None:
    overview = view().overview
    ids = [
        key
        for row in overview.promise_map
        for cell in row.cells.values()
        for keys in cell.values()
        for key in keys
    ]
    assert sorted(ids) == sorted(finding.id for finding in FINDINGS)


def test_gap_and_causes() -> None:
    overview = view().overview
    speed = next(gap for gap in overview.gaps if gap.theme == "speed")
    assert (speed.promised, speed.kept, speed.relevant) == (1, 46, 60)
    assert [(cause.key, cause.cases) for cause in overview.causes] == [("transferred", 2), ("no-reply", 1)]


def test_changes_since_the_run_before() -> None:
    changes = view().overview.changes
    assert changes.since == NOW - timedelta(days=7)
    assert changes.new == (LATE_REPLY.id,)


def step(days_ago: int, verdict: Verdict) -> tuple[datetime, Verdict]:
    return NOW - timedelta(days=days_ago), verdict


def test_fixed_and_came_back() -> None:
    steps = {
        LATE_REPLY.id: [step(30, "contradicted"), step(20, "kept"), step(0, "contradicted")],
        NOT_EASY.id: [step(30, "contradicted"), step(1, "at-risk")],
    }
    changes = view(steps=steps).overview.changes
    assert changes.came_back == (LATE_REPLY.id,)
    assert changes.fixed == (NOT_EASY.id,)


def test_dismissed_leaves_the_numbers_but_not_the_report() -> None:
    made = view(reviews=[review("dismissed")])
    assert {tile.key: tile.count for tile in made.overview.tiles}["contradicted"] == 0
    assert shown(LATE_REPLY.id, reviews=[review("dismissed")]).review.state == "dismissed"


def test_accepted_ends_by_itself_and_fixed_does_not_outlive_a_new_contradiction() -> None:
    ended = review("accepted-until", expires_at=NOW - timedelta(days=1))
    assert shown(LATE_REPLY.id, reviews=[ended]).review.state == "open"
    assert shown(LATE_REPLY.id, reviews=[review("fixed")]).review.state == "open"


def test_nothing_compared_is_said() -> None:
    made = view(findings=[], matches=[], incidents={})
    assert made.lead is None
    assert not made.overview.compared


def test_unknown_language() -> None:
    with pytest.raises(UsageError, match="no user interface in language 'fi'"):
        view(language="fi")


def test_naive_and_aware_times_go_together() -> None:
    late = replace(INCIDENTS[IDS[0]], occurred_at=NOW.replace(tzinfo=None))
    made = view(incidents={**INCIDENTS, late.id: late})
    assert made.companies[0].log_end == NOW


def test_evidence_of_a_value_names_its_signs() -> None:
    item = shown(NOT_EASY.id)
    assert item.headline == (
        "At risk: 2 of 3 cases speak against it: sent from one to the next and an error message."
    )
    assert [cause.key for cause in item.indicators] == ["transferred", "error-message"]
    assert item.stage == "throughout"
    assert {match.promise_id for match in ALL_MATCHES} == {EASY.id, REPLY.id}
    assert item.cases[0].evidence_id in IDS


def test_what_to_promise_instead_where_nothing_was_worked_out() -> None:
    assert shown(LATE_REPLY.id).instead_words == ""
    bare = replace(LATE_REPLY, smallest_true_promise="")
    assert shown(bare.id, findings=[bare]).instead_words == (
        "As it stands, only that it holds in 77% of the cases."
    )
    never = replace(bare, rate=0.0, kept=0, relevant=14)
    assert shown(never.id, findings=[never]).instead_words == (
        "Nothing yet: the log shows no case in which it was kept."
    )
    assert shown(NOT_EASY.id).instead_words == (
        "Nothing yet: first this has to be put right: sent from one to the next and an error message."
    )


def test_told_cases_are_not_called_a_measure() -> None:
    told = replace(NOT_EASY, rate=1 / 3, low=0.06, high=0.79)
    assert shown(told.id, findings=[told]).interval_words == (
        "Kept in 33% of the 3 cases counted. "
        "These are cases that somebody told of: they do not say how many customers met it."
    )


@pytest.mark.parametrize(
    ("recovered", "shown_as"),
    [
        ({"any": 5, "apologised": 4, "refunded": 3}, [("apologised", 4), ("refunded", 3), ("none", 9)]),
        ({}, [("none", 14)]),
        ({"any": 14, "called-back": 14}, [("called-back", 14)]),
    ],
)
def test_what_was_done_and_in_how_many_cases_nothing_was(
    recovered: dict[str, int], shown_as: list[tuple[str, int]]
) -> None:
    finding = replace(LATE_REPLY, recovered=recovered)
    assert [(item.key, item.count) for item in shown(finding.id, findings=[finding]).recovered] == shown_as
