"""Decisions: each way, what they lack, undo, history, and what they change in the numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from desk_values import OWN as SAME
from starlette.testclient import TestClient

from promisecheck.store import Store

OWN = {**SAME, "accept-language": "en"}


def first(client: TestClient) -> str:
    return re.findall(r'class="quote" href="/findings/(\w+)', client.get("/findings").text)[0]


def decide(client: TestClient, finding_id: str, query: str = "", **given: str) -> tuple[int, str]:
    answer = client.post(
        f"/findings/{finding_id}/decide{query}", data={"reviewer": "Mette", **given}, headers=OWN,
        follow_redirects=False,
    )  # fmt: skip
    return answer.status_code, answer.headers.get("location", answer.text)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"decision": "confirmed", "owner": "Jens", "due": "2026-12-24", "note": "see June"}, "confirmed"),
        ({"decision": "dismissed", "reason": "another product"}, "dismissed"),
        ({"decision": "accepted-until", "reason": "new system", "until": "2027-02-01"}, "accepted-until"),
        ({"decision": "fixed"}, "open"),
    ],
)
def test_each_decision_is_saved(
    reviewer: TestClient, database: Path, given: dict[str, str], state: str
) -> None:
    key = first(reviewer)
    status, location = decide(reviewer, key, **given)
    assert status == 303
    assert location.endswith(f"?done={key}")
    with Store.open(database) as store:
        review = store.load_reviews(key)[0]
    assert (review.decision, review.reviewer) == (given["decision"], "Mette")
    assert (review.owner, review.note, review.reason) == (
        given.get("owner", ""), given.get("note", ""), given.get("reason", ""),
    )  # fmt: skip
    assert key in reviewer.get(f"/findings?state={state}").text


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "Choose one of the decisions."),
        ({"decision": "deleted"}, "Choose one of the decisions."),
        ({"decision": "dismissed"}, "Write the reason"),
        ({"decision": "accepted-until", "until": "2027-02-01"}, "Write the reason"),
        ({"decision": "accepted-until", "reason": "x"}, "Choose a day after today"),
        ({"decision": "accepted-until", "reason": "x", "until": "2026-11-19"}, "Choose a day after today"),
        ({"decision": "accepted-until", "reason": "x", "until": "soon"}, "year-month-day"),
        ({"decision": "confirmed", "due": "31/1"}, "year-month-day"),
        ({"decision": "confirmed", "reviewer": " "}, "Write your name"),
    ],
)
def test_what_a_decision_lacks_is_said_and_nothing_is_lost(
    reviewer: TestClient, database: Path, given: dict[str, str], wrong: str
) -> None:
    status, text = decide(reviewer, first(reviewer), note="half a thought", **given)
    assert status == 422
    assert wrong in text
    assert "half a thought" in text
    with Store.open(database) as store:
        assert store.load_reviews() == []


def test_deciding_leads_to_the_next_in_the_filter(reviewer: TestClient) -> None:
    rows = re.findall(r'class="quote" href="/findings/(\w+)', reviewer.get("/findings?company=fyrby").text)
    _, location = decide(reviewer, rows[0], "?company=fyrby", decision="confirmed")
    assert location == f"/findings/{rows[1]}?company=fyrby&done={rows[0]}"
    banner = reviewer.get(location, headers=OWN).text
    assert "The decision is saved." in banner
    assert f"/findings/{rows[0]}/undo" in banner


def test_deciding_within_a_state_still_leads_to_the_next(reviewer: TestClient) -> None:
    rows = re.findall(r'class="quote" href="/findings/(\w+)', reviewer.get("/findings?state=open").text)
    _, location = decide(reviewer, rows[0], "?state=open", decision="confirmed")
    assert location.startswith(f"/findings/{rows[1]}?state=open")


def test_undo_takes_back_and_keeps_the_history(reviewer: TestClient, database: Path) -> None:
    key = first(reviewer)
    decide(reviewer, key, decision="dismissed", reason="other scope")
    text = reviewer.post(f"/findings/{key}/undo", headers=OWN).text
    assert "taken back" in text
    assert "other scope" in text
    assert key in reviewer.get("/findings?state=open").text
    with Store.open(database) as store:
        assert store.load_reviews(key) == []
    assert reviewer.post(f"/findings/{key}/undo", headers=OWN).status_code == 200


def test_dismissed_leaves_the_numbers(reviewer: TestClient) -> None:
    def broken() -> str:
        text = reviewer.get("/", headers=OWN).text
        return re.findall(r'class="contradicted"><a href="[^"]+"><b>(\d+)', text)[0]

    assert broken() == "1"
    decide(reviewer, first(reviewer), decision="dismissed", reason="other scope")
    assert broken() == "0"


def test_name_is_remembered(reviewer: TestClient) -> None:
    key = first(reviewer)
    decide(reviewer, key, decision="confirmed", reviewer="Solveig")
    assert 'value="Solveig"' in reviewer.get(f"/findings/{key}").text


def test_unknown_finding(reviewer: TestClient) -> None:
    assert decide(reviewer, "unknown", decision="confirmed")[0] == 404


def test_another_program_writing_is_seen(reviewer: TestClient, database: Path) -> None:
    key = first(reviewer)
    with Store.open(database) as store:
        found = store.load_finding(key)
        assert found is not None
        store.run("UPDATE findings SET verdict = 'kept' WHERE id = ?", (key,))
    assert key in reviewer.get("/findings?verdict=kept").text


def test_decisions_can_be_taken_along_as_labels(reviewer: TestClient) -> None:
    rows = re.findall(r'class="quote" href="/findings/(\w+)', reviewer.get("/findings").text)
    decide(reviewer, rows[0], decision="confirmed")
    decide(reviewer, rows[1], decision="dismissed", reason="other product")
    lines = [json.loads(line) for line in reviewer.get("/decisions.jsonl").text.splitlines()]
    lines.sort(key=lambda line: line["label"])
    assert [line["label"] for line in lines] == ["contradicts"] * 3 + ["neutral"] * 3
    assert lines[0]["promise"] == "Vi svarer inden for 24 timer."
    assert lines[0]["incident"].startswith("Jeg blev stillet om")
    assert lines[3]["reason"] == "other product"
