"""No page of the desk says anything that is not in the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from desk_values import (
    BASE,
    COMPANIES,
    EASY,
    INCIDENTS,
    NOW,
    OWN,
    REPLY,
    REVIEWER,
    findings,
    matches,
    settings,
)
from starlette.testclient import TestClient

from promisecheck.model import Run
from promisecheck.report import speech
from promisecheck.store import Store
from promisecheck.web import create_app

WORD = "слово"
DATES = {"Nov", "Aug", "Feb", "and", "hours", "UTC"}
FORMAT_NAMES = {"promisecheck", "Dansk", "Norsk", "Svenska", "English", "Alt", "csv", "run"}


class Bracketed(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


class Texts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "kbd"):
            self._quiet = tag
        self.found += [value or "" for name, value in attrs if name in ("title", "aria-label", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        self._quiet = "" if tag == self._quiet else self._quiet

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found.append(data)


def outside(html: str) -> set[str]:
    left: set[str] = set()
    for text in Texts(html).found:
        shorter = text
        while "⟦" in shorter:
            text, shorter = shorter, re.sub(r"⟦[^⟦⟧]*⟧", "", shorter)
            if text == shorter:
                break
        left |= {word for word in re.findall(r"[^\W\d_]{2,}", shorter) if not re.match(r"[Ѐ-ӿ]+$", word)}
    return left - DATES - FORMAT_NAMES


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("desk") / "x.db"
    fake = replace(speech("en"), translations=Bracketed())
    monkeypatch.setattr("promisecheck.web.desk.speech", lambda _: fake)
    with Store.open(path) as store:
        store.save_company(replace(COMPANIES[0], name=WORD))
        reply = replace(REPLY, quote=f"{WORD} {WORD}", url=WORD, headings=(WORD,))
        easy = replace(EASY, quote=WORD, url=WORD, headings=(WORD,))
        new = {REPLY.id: reply.id, EASY.id: easy.id}
        store.save_promises("fyrby", "1", [reply, easy], at=NOW)
        cases = [
            replace(item, external_id=f"{n}", source=WORD, channel=WORD, party=WORD, details=f"{WORD} " * 9)
            for n, item in enumerate(INCIDENTS)
        ]
        store.save_incidents(cases)
        new |= {old.id: item.id for old, item in zip(INCIDENTS, cases, strict=True)}
        store.save_findings(
            "1",
            [
                replace(
                    item, promise_id=new[item.promise_id], smallest_true_promise=WORD,
                    by_party=tuple(replace(share, name=WORD) for share in item.by_party),
                )
                for item in findings()[:2]
            ],
            at=NOW,
        )  # fmt: skip
        store.save_matches(
            "fyrby",
            [replace(m, promise_id=new[m.promise_id], evidence_id=new[m.evidence_id]) for m in matches()],
        )
        store.save_run(Run(id="1", kind="check", company_id="fyrby", started_at=NOW, status="running"))
    with TestClient(create_app(path, settings=settings(reviewer=WORD)), base_url=BASE) as client:
        client.get(f"/enter?token={REVIEWER}")
        yield client


@pytest.mark.parametrize("path", ["/", "/findings", "/findings?verdict=kept", "/search?q=слово", "/import",
                                  "/reports", "/checks", "/nowhere"])  # fmt: skip
def test_page_says_nothing_else(desk: TestClient, path: str) -> None:
    assert outside(desk.get(path).text) == set()


def test_finding_incident_import_and_entry_say_nothing_else(desk: TestClient) -> None:
    page = desk.get("/findings").text
    finding = re.findall(r'class="quote" href="/findings/(\w+)', page)[0]
    incident = re.findall(r"/incidents/(\w+)", desk.get("/search?q=слово").text)[0]
    wrong = desk.post(f"/findings/{finding}/decide", headers=OWN).text
    decided = desk.post(
        f"/findings/{finding}/decide", headers=OWN,
        data={"decision": "accepted-until", "reason": WORD, "until": "2027-02-01", "reviewer": WORD},
    ).text  # fmt: skip
    rows = f"Sagsnr;Oprettet;Tekst\n1;02-11-2026 09:00;{WORD}\n"
    sent = desk.post(
        "/import", headers=OWN, data={"company": "fyrby"}, files={"file": ("1.csv", rows.encode())}
    )
    imported = desk.post(str(sent.url), headers=OWN, data={"action": "import"}).text
    preview = re.sub(r'<label for="c-.*?</label>|<li lang="en">.*?</li>', "", sent.text)
    desk.cookies.clear()
    pages = [desk.get("/").text, decided, wrong, imported, preview]
    desk.get(f"/enter?token={REVIEWER}")
    assert [outside(text) for text in pages] == [set()] * len(pages)
    assert incident
