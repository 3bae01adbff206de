"""Import of an incident file in the browser: preview first, nothing stored until it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from desk_values import BASE
from desk_values import OWN as SAME
from starlette.testclient import TestClient

from promisecheck.store import Store
from promisecheck.web.imports import plain_name

OWN = {**SAME, "accept-language": "en"}
CSV = (
    "Sagsnr;Oprettet;Første svar;Kanal;Tekst\n"
    "N-1;02-11-2026 09:00;05-11-2026 09:00;Mail;Ring til mig på 20 11 22 33, det haster.\n"
    "N-2;03-11-2026 10:00;03-11-2026 11:00;Mail;Tak for hurtigt svar.\n"
)


def send(client: TestClient, text: str = CSV, name: str = "sager.csv", company: str = "fyrby") -> str:
    answer = client.post(
        "/import", data={"company": company}, files={"file": (name, text.encode())}, headers=OWN
    )
    return f"{answer.status_code} {answer.url} {answer.text}"


def place(client: TestClient) -> str:
    return send(client).split()[1].removeprefix(BASE)


def count(database: Path) -> int:
    with Store.open(database) as store:
        return len(store.load_incidents("fyrby"))


def test_preview_shows_columns_and_rows_and_stores_nothing(reviewer: TestClient, database: Path) -> None:
    before = count(database)
    text = send(reviewer)
    assert '<option value="first_reply_at" selected>' in text
    assert "N-1" in text
    assert "20 11 22 33" not in text
    assert count(database) == before


def test_import_stores_the_cases(reviewer: TestClient, database: Path) -> None:
    before = count(database)
    text = reviewer.post(place(reviewer), data={"action": "import"}, headers=OWN).text
    assert "2 new cases" in text
    assert count(database) == before + 2
    text = reviewer.post(place(reviewer), data={"action": "import"}, headers=OWN).text
    assert "2 cases known before" in text


def test_columns_can_be_changed(reviewer: TestClient, database: Path) -> None:
    address = place(reviewer)
    text = reviewer.post(address, data={"action": "look", "column:Kanal": "party"}, headers=OWN).text
    assert '<option value="party" selected>' in text
    reviewer.post(address, data={"action": "import", "column:Kanal": "party"}, headers=OWN)
    with Store.open(database) as store:
        parties = {item.party for item in store.load_incidents("fyrby") if item.external_id == "N-1"}
        assert parties == {"Mail"}
        assert store.load_mapping("fyrby", "sager.csv")["Kanal"] == "party"


def test_file_can_be_dropped(reviewer: TestClient, database: Path) -> None:
    address, before = place(reviewer), count(database)
    reviewer.post(address, data={"action": "drop"}, headers=OWN)
    assert reviewer.get(address).status_code == 404
    assert count(database) == before


@pytest.mark.parametrize(
    ("text", "name", "company", "wrong"),
    [
        (CSV, "sager.exe", "fyrby", "not a kind of file that is read here"),
        ("", "sager.csv", "fyrby", "empty"),
        (CSV, "sager.csv", "unknown", "Choose a company and a file."),
        ("a;b\n1;2\n", "sager.csv", "fyrby", "no column tells what it holds"),
        ("not json", "sager.json", "fyrby", "the file holds no JSON objects"),
    ],
)
def test_what_cannot_be_read_is_said(
    reviewer: TestClient, text: str, name: str, company: str, wrong: str
) -> None:
    answer = send(reviewer, text, name, company)
    assert answer.startswith("422")
    assert wrong in answer


def test_another_session_cannot_go_on_with_a_file(
    reviewer: TestClient, open_desk: Callable[..., TestClient]
) -> None:
    address = place(reviewer)
    reviewer.cookies.clear()
    reviewer.get("/enter?token=reader-token-of-the-tests")
    assert reviewer.get(address).status_code == 404


def test_judgement_follows_an_import(open_desk: Callable[..., TestClient]) -> None:
    judged: list[str] = []
    done = Event()

    def judge(company_id: str) -> None:
        judged.append(company_id)
        done.set()

    desk = open_desk(judge=judge)
    desk.get("/enter?token=reviewer-token-of-the-tests")
    text = desk.post(place(desk), data={"action": "import"}, headers=OWN).text
    assert "being compared" in text
    assert done.wait(5)
    assert judged == ["fyrby"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\sager.csv", "sager.csv"), ("a\x00b.csv", "a_b.csv"),
        ("...", "incidents"), ("", "incidents"), ("kø æøå (1).csv", "kø æøå (1).csv"),
    ],
)  # fmt: skip
def test_names_of_files_lead_nowhere(name: str, plain: str) -> None:
    assert plain_name(name) == plain
