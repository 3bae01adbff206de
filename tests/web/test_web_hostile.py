"""Hostile text in every field stays text on every page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from desk_values import BASE, EASY, INCIDENTS, NOW, OWN, REPLY, REVIEWER, findings, matches, settings
from starlette.testclient import TestClient

from promisecheck.model import Company, Exclusion, PartyShare, Review, Run
from promisecheck.store import Store
from promisecheck.web import create_app

MARKUP = json.loads((Path(__file__).parent / "hostile_markup.json").read_text(encoding="utf-8"))["payloads"]

OUR_SCRIPT = '<script src="/keys.js" defer></script>'


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.events: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.events |= {name for name, _ in attrs if name.startswith("on") or name in ("autofocus", "srcdoc")}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}


def poison(path: Path, text: str) -> str:
    """Write a database in which every text is hostile, and return the finding to look at."""
    with Store.open(path) as store:
        store.save_company(Company(id="x", name=text, home_url=text))
        promise = replace(
            REPLY, company_id="x", quote=text, url=text, headings=(text,), conditions=(text,), rule_id=text
        )
        store.save_promises("x", "r", [promise, replace(EASY, company_id="x")], at=NOW)
        case = replace(
            INCIDENTS[0], company_id="x", external_id=text, channel=text, party=text, source=text, summary=text,
            details=f"{text} {text}", touchpoint=text, facts={text: text},
        )  # fmt: skip
        store.save_incidents([case])
        match = replace(
            matches()[0], promise_id=promise.id, evidence_id=case.id, reasons=(text,),
            signals=(replace(matches()[0].signals[0], code=text, quote=text, start=0, end=len(text)),),
        )  # fmt: skip
        store.save_matches("x", [match])
        finding = replace(
            findings()[0], company_id="x", promise_id=promise.id, why=(text,), smallest_true_promise=text,
            excluded=(Exclusion(reason=text, count=1),), recovered={text: 1}, evidence=(case.id,),
            by_party=(PartyShare(dimension=text, name=text, broken=1, relevant=1),),
        )  # fmt: skip
        store.save_findings("r", [finding], at=NOW)
        store.save_run(Run(id=text, kind=text, company_id="x", started_at=NOW, status=text))
        store.save_review(
            Review(
                finding_id=finding.id,
                decision="confirmed",
                reason=text,
                reviewer=text,
                owner=text,
                note=text,
                decided_at=NOW,
                due=NOW + timedelta(days=1),
            )
        )
        return f"{finding.id} {case.id}"


@pytest.mark.parametrize("payload", MARKUP)
def test_no_page_comes_alive(payload: str, tmp_path: Path) -> None:
    finding, case = poison(tmp_path / "x.db", payload).split()
    with TestClient(create_app(tmp_path / "x.db", settings=settings()), base_url=BASE) as desk:
        desk.get(f"/enter?token={REVIEWER}")
        sent = desk.post(
            "/import", data={"company": "x"}, headers=OWN,
            files={"file": ("a.csv", f'"{payload.replace(chr(34), chr(34) * 2)}";Tekst\nx;{payload}\n'.encode())},
        )  # fmt: skip
        pages = [
            desk.get("/"), desk.get("/findings"), desk.get("/findings", params={"q": payload, "party": payload}),
            desk.get(f"/findings/{finding}"), desk.get(f"/incidents/{case}"), desk.get("/checks"), sent,
            desk.get("/search", params={"q": payload}), desk.get("/search", params={"q": "alert"}),
            desk.post(f"/findings/{finding}/decide", data={"note": payload, "reason": payload}, headers=OWN),
        ]  # fmt: skip
    for page in pages:
        assert page.status_code in (200, 422)
        seen = Elements(page.text.replace(OUR_SCRIPT, "", 1))
        assert not seen.tags & {"script", "iframe", "img", "math", "object", "embed", "base"}, page.url
        assert seen.events == set(), page.url
        safe = ("/", "#", "?", "data:,", "http://", "https://")
        assert not [link for link in seen.links if link and not link.startswith(safe)], page.url
