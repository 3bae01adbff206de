"""Literal values for the desk's tests: two companies, three findings, seven incidents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from promisecheck.model import (
    Company,
    Exclusion,
    Fetched,
    Finding,
    Incident,
    Indicator,
    Match,
    Measure,
    PartyShare,
    Promise,
    Run,
    Signal,
)
from promisecheck.store import Store
from promisecheck.web import DeskSettings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8080"
OWN = {"origin": BASE, "sec-fetch-site": "same-origin"}
REVIEWER, READER = "reviewer-token-of-the-tests", "reader-token-of-the-tests"
PAGE = b"<p>Vi svarer inden for 24 timer.</p><script>alert(1)</script>"

COMPANIES = (
    Company(id="fyrby", name="Fyrby Bredb\u00e5nd", home_url="https://fyrby.example/"),
    Company(id="nordtog", name="Nordtog", home_url="https://nordtog.example/"),
)


def promise(company: str, quote: str, **given: Any) -> Promise:
    values: dict[str, Any] = {
        "company_id": company, "theme": "speed", "kind": "quantified", "language": "da", "start": 3,
        "end": 3 + len(quote), "url": f"https://{company}.example/hj\u00e6lp", "headings": ("Hj\u00e6lp",),
    }  # fmt: skip
    return Promise(quote=quote, **{**values, **given})


REPLY = promise(
    "fyrby", "Vi svarer inden for 24 timer.", metric="first-reply",
    measure=Measure(kind="duration", compare="at-most", value=24, unit="hour"),
)  # fmt: skip
EASY = promise("fyrby", "Nemt fra f\u00f8rste klik", theme="ease", kind="value")
PUNCTUAL = promise("nordtog", "Vi er der til tiden.", theme="reliability", kind="guarantee")
TEXT = "Jeg blev stillet om tre gange og fik intet svar."
INCIDENTS = tuple(
    Incident(
        company_id="fyrby", source="sager.csv", external_id=f"S-{n}", occurred_at=NOW - timedelta(days=n),
        channel="Mail", party="Kundeservice", details=TEXT if n < 4 else "Tak for hj\u00e6lpen.", language="da",
        facts={"first_reply_hours": 60.0 if n < 4 else 2.0},
    )
    for n in range(1, 8)
)  # fmt: skip


def build(path: Path) -> None:
    """Write the database that the desk's tests look at."""
    with Store.open(path) as store:
        for company in COMPANIES:
            store.save_company(company)
        fetched = Fetched(
            company_id="fyrby", url=REPLY.url, final_url=REPLY.url, fetched_at=NOW, status=200, body=PAGE
        )
        store.save_fetched(fetched)
        store.save_promises("fyrby", "run-1", [REPLY, EASY], at=NOW - timedelta(days=90))
        store.save_promises("nordtog", "run-1", [PUNCTUAL], at=NOW - timedelta(days=90))
        store.save_incidents(INCIDENTS)
        store.save_matches("fyrby", matches())
        store.save_findings("run-1", findings(), at=NOW - timedelta(days=7))
        run = Run(
            id="run-1", kind="check", company_id="fyrby", started_at=NOW - timedelta(days=7),
            finished_at=NOW - timedelta(days=7), status="complete", counts={"pages": 3, "promises": 2},
        )  # fmt: skip
        store.save_run(run)


def matches() -> list[Match]:
    return [
        Match(
            promise_id=wanted.id, evidence_id=item.id, evidence_kind=kind, score=0.9,
            outcome="breaks" if n < 4 else "keeps", reasons=("It took 2.5 days; 24 hours was promised.",),
            signals=(
                Signal(theme="ease", status="broken", code="transferred", quote="stillet om", start=9, end=19,
                       score=0.9),
            ) if n < 4 else (),
        )
        for wanted, kind in ((REPLY, "fact"), (EASY, "incident"))
        for n, item in enumerate(INCIDENTS, 1)
    ]  # fmt: skip


def findings() -> list[Finding]:
    shares = (PartyShare(dimension="party", name="Kundeservice", broken=3, relevant=7),)
    return [
        Finding(
            company_id="fyrby", promise_id=REPLY.id, verdict="contradicted", severity=0.9, broken=3, kept=4,
            relevant=7, rate=4 / 7, low=0.25, high=0.84, by_party=shares, evidence=(INCIDENTS[0].id,),
            excluded=(Exclusion(reason="too uncertain to count", count=2),),
            smallest_true_promise="Vi svarer inden for 3 dage.",
        ),
        Finding(
            company_id="fyrby", promise_id=EASY.id, verdict="at-risk", severity=0.4, broken=3, kept=4, relevant=7,
            indicators=(Indicator(code="transferred", incidents=3),),
        ),
        Finding(company_id="nordtog", promise_id=PUNCTUAL.id, verdict="no-evidence", severity=0.0),
    ]  # fmt: skip


def settings(**given: Any) -> DeskSettings:
    values: dict[str, Any] = {
        "reviewer_token": REVIEWER, "reader_token": READER, "reviewer": "Mette", "now": lambda: NOW,
    }  # fmt: skip
    return DeskSettings(**{**values, **given})
