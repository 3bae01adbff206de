"""What the pages of the desk show, and where their links lead."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from desk_values import BASE, OWN
from starlette.testclient import TestClient

from promisecheck.store import Store

HERE = Path(__file__).parent
QUERIES = json.loads((HERE / "hostile_queries.json").read_text(encoding="utf-8"))["queries"]
ENGLISH = {"accept-language": "en"}


def ids(client: TestClient, query: str = "") -> list[str]:
    return re.findall(r'class="quote" href="/findings/(\w+)', client.get(f"/findings{query}").text)


def test_overview_answers_the_five_questions(reviewer: TestClient) -> None:
    text = reviewer.get("/", headers=ENGLISH).text
    for answer in (
        "Vi svarer inden for 24 timer.", "3 of 7 customers waited longer", "Aug 2026", "Kundeservice (3 of 7)",
        "Vi svarer inden for 3 dage.",
    ):  # fmt: skip
        assert answer in text


def counted(client: TestClient, address: str) -> int:
    return len(ids(client, unescape(address).removeprefix("/findings")))


@pytest.mark.parametrize(("decision", "left"), [("confirmed", 3), ("dismissed", 2)])
def test_every_number_leads_to_the_rows_that_it_counts(
    reviewer: TestClient, decision: str, left: int
) -> None:
    given = {"decision": decision, "reason": "other scope", "reviewer": "Mette"}
    reviewer.post(f"/findings/{ids(reviewer)[0]}/decide", data=given, headers=OWN)
    text = reviewer.get("/", headers=ENGLISH).text
    tiles = re.findall(r'<li class="([\w-]+)"><a href="(/findings[^"]*)"><b>(\d+)</b>', text)
    assert {key for key, _, _ in tiles} >= {"promises", "checked", "contradicted", "at-risk", "kept"}
    cells = re.findall(r'class="[\w-]+" href="(/findings\?theme=[^"]*stage[^"]*)".*?</span>(\d+)</a>', text)
    gaps = re.findall(r'<a href="(/findings\?theme=\w+&amp;state=standing)">.*?(\d+) promise', text)
    causes = re.findall(r'<a href="(/findings\?[^"]*cause=[^"]*)">', text)
    companies = re.findall(r'<td class="n"><a href="(/findings\?company=[^"]*)">(\d+)</a>', text)
    for address, count in [(address, n) for _, address, n in tiles] + cells + gaps + companies:
        assert counted(reviewer, address) == int(count), address
    assert (len(cells), len(gaps), len(companies)) == (left, left, left)
    assert causes
    assert all(counted(reviewer, address) for address in causes)


def test_overview_of_one_company(reviewer: TestClient) -> None:
    text = reviewer.get("/?company=nordtog", headers=ENGLISH).text
    assert "Nothing was compared" in text
    assert "24 timer" not in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("?company=fyrby", 2), ("?verdict=contradicted", 1), ("?theme=ease", 1), ("?state=open", 3),
        ("?state=confirmed", 0), ("?party=Kundeservice", 1), ("?verdict=checked", 2), ("?state=standing", 3), ("?q=TIDEN", 1), ("?new=1", 0), ("?page=99", 3),
        ("?cause=transferred", 2), ("?page=-1&order=newest", 3), ("?verdict=%00", 0), ("?severity=0.5", 1), ("?severity=nan", 0),
        ("?severity=x", 3),
    ],
)  # fmt: skip
def test_queue_is_narrowed(reviewer: TestClient, query: str, count: int) -> None:
    assert len(ids(reviewer, query)) == count


def test_finding_and_its_neighbours(reviewer: TestClient) -> None:
    first, second, third = ids(reviewer)
    text = reviewer.get(f"/findings/{second}?order=", headers=ENGLISH).text
    assert f'rel="prev" accesskey="p" data-key="k" href="/findings/{first}"' in text
    assert f'rel="next" accesskey="n" data-key="j" href="/findings/{third}"' in text
    assert "2 of 3" in text
    assert "<mark>stillet om</mark>" in text


def test_neighbours_stay_within_the_filter(reviewer: TestClient) -> None:
    first, second = ids(reviewer, "?company=fyrby")
    text = reviewer.get(f"/findings/{first}?company=fyrby", headers=ENGLISH).text
    assert f"/findings/{second}?company=fyrby" in text
    assert "1 of 2" in text


def test_what_was_not_counted_is_shown(reviewer: TestClient) -> None:
    text = reviewer.get(f"/findings/{ids(reviewer)[0]}", headers=ENGLISH).text
    assert "Considered and not counted" in text
    assert "too uncertain to count" in text


def test_stored_copy_is_plain_text(reviewer: TestClient, database: Path) -> None:
    with Store.open(database) as store:
        page = next(store.iter_fetched("fyrby"))
    answer = reviewer.get(f"/copies/{page.sha256}")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.content == page.body
    assert reviewer.get("/copies/unknown").status_code == 404


def test_search_finds_promises_and_cases(reviewer: TestClient) -> None:
    text = reviewer.get("/search?q=svarer", headers=ENGLISH).text
    assert "Promises (1)" in text
    text = reviewer.get("/search?q=stillet+om", headers=ENGLISH).text
    assert "Cases (3)" in text
    incident = re.findall(r"/incidents/(\w+)", text)[0]
    assert "Jeg blev stillet om tre gange" in reviewer.get(f"/incidents/{incident}").text


@pytest.mark.parametrize("query", QUERIES)
def test_hostile_queries_raise_nothing(reviewer: TestClient, query: str) -> None:
    assert reviewer.get("/search", params={"q": query}).status_code == 200
    assert reviewer.get("/findings", params={"q": query}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/findings/unknown", "/incidents/unknown", "/copies/x", "/import/x", "/reports/x", "/x"]
)
def test_what_is_not_there_is_said(reviewer: TestClient, path: str) -> None:
    answer = reviewer.get(path, headers=ENGLISH)
    assert answer.status_code == 404
    assert "Not found" in answer.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("da-DK,da;q=0.9", "da"), ("nn", "nb"), ("sv", "sv"), ("fi,de", "en"), ("", "en")],
)
def test_language_of_the_browser(reviewer: TestClient, accepted: str, language: str) -> None:
    assert f'<html lang="{language}">' in reviewer.get("/", headers={"accept-language": accepted}).text


def test_language_by_hand_is_remembered(reviewer: TestClient) -> None:
    answer = reviewer.post("/language", data={"to": "sv", "back": "/findings?theme=ease"}, headers=OWN)
    assert str(answer.url) == f"{BASE}/findings?theme=ease"
    assert '<html lang="sv">' in reviewer.get("/", headers=ENGLISH).text


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "x", "/\r\nset-cookie: a=b"]
)
def test_language_leads_nowhere_else(reviewer: TestClient, back: str) -> None:
    answer = reviewer.post("/language", data={"to": "da", "back": back}, headers=OWN, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_checks_are_listed(reviewer: TestClient) -> None:
    text = reviewer.get("/checks", headers=ENGLISH).text
    assert "complete" in text
    assert "http-equiv" not in text


@pytest.mark.parametrize("format", ["html", "csv", "json", "xlsx", "markdown"])
def test_every_format_can_be_taken_along(reviewer: TestClient, format: str) -> None:
    answer = reviewer.get(f"/reports/{format}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="promises-2026-11-20.')
    assert len(answer.content) > 200


def test_readers_are_shown_no_buttons(reader: TestClient) -> None:
    text = reader.get(f"/findings/{ids(reader)[0]}").text
    assert "/decide" not in text
    assert "/import" not in text
