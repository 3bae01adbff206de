"""Literal values for the report's tests: one company, five promises, sixty-two cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from promisecheck.dossier import load_view
from promisecheck.model import (
    Company,
    Exclusion,
    Finding,
    Incident,
    Indicator,
    Match,
    Measure,
    PartyShare,
    Promise,
    Review,
    Run,
    Signal,
)
from promisecheck.report import ReportView
from promisecheck.store import Store

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
COMPANY = Company(id="fyrby", name="Fyrby Bredbånd", home_url="https://fyrby.example/", country="DK")


def promise(quote: str, **given: Any) -> Promise:
    values: dict[str, Any] = {
        "company_id": "fyrby", "theme": "speed", "kind": "quantified", "language": "da", "start": 0,
        "url": "https://fyrby.example/kundeservice", "end": len(quote), "snapshot": "ab" * 32,
        "headings": ("Kundeservice",), "first_seen": NOW - timedelta(days=200), "last_seen": NOW,
    }  # fmt: skip
    return Promise(quote=quote, **{**values, **given})


REPLY = promise(
    "Vi svarer på din mail inden for 24 timer.", metric="first-reply", rule_id="da.speed.first-reply",
    measure=Measure(kind="duration", compare="at-most", value=24, unit="hour"),
)  # fmt: skip
EASY = promise("Nemt fra første klik", theme="ease", kind="value", url="https://fyrby.example/")
CHAT = promise(
    "På chatten venter du højst 5 minutter.", theme="availability", metric="queue",
    measure=Measure(kind="duration", compare="at-most", value=5, unit="minute"),
)  # fmt: skip
FEES = promise("Ingen skjulte gebyrer.", theme="price", kind="guarantee", strength="absolute", metric="fees")
LIVELY = promise("Vi brænder for dig.", theme="other", kind="value")
PROMISES = (REPLY, EASY, CHAT, FEES, LIVELY)

COMPLAINT = "Hej. Jeg skrev mandag og har stadig ikke hørt noget fredag. I skriver 24 timer?"


def incident(n: int, **given: Any) -> Incident:
    values: dict[str, Any] = {
        "company_id": "fyrby", "source": "sager.csv", "external_id": f"S-{n:03}", "language": "da",
        "occurred_at": NOW - timedelta(days=2 * n), "channel": "Mail", "party": "Kundeservice",
        "summary": "Mail", "details": COMPLAINT if n == 1 else "Kvittering sendt.",
        "facts": {"first_reply_hours": 52.0 if n <= 14 else 6.0},
    }  # fmt: skip
    return Incident(**{**values, **given})


INCIDENTS = {item.id: item for item in (incident(n) for n in range(1, 63))}
IDS = tuple(INCIDENTS)
LATE = "ikke hørt noget fredag"


def reply_match(n: int, key: str) -> Match:
    text = INCIDENTS[key].text
    at = text.find(LATE)
    signal = Signal(
        theme="speed", status="broken", code="no-reply", quote=LATE, start=at, end=at + len(LATE), score=0.9
    )
    return Match(
        promise_id=REPLY.id, evidence_id=key, evidence_kind="fact",
        outcome="breaks" if n <= 14 else "keeps", score=1.0,
        reasons=("The first reply came after 52 hours; 24 were promised.",) if n <= 14 else (),
        signals=(signal,) if at >= 0 else (),
    )  # fmt: skip


MATCHES = tuple(reply_match(n, key) for n, key in enumerate(IDS, 1))
LATE_REPLY = Finding(
    company_id="fyrby", promise_id=REPLY.id, verdict="contradicted", severity=0.8, broken=14, kept=46,
    relevant=60, rate=46 / 60, low=0.646, high=0.856, window_start=NOW - timedelta(days=124),
    window_end=NOW - timedelta(days=2), why=("Below the 95 % that a firm promise needs.",),
    excluded=(Exclusion(reason="still open and within the limit", count=2, evidence_ids=IDS[60:]),),
    evidence=IDS[:3], recovered={"apologised": 3, "none": 11},
    by_party=(
        PartyShare(dimension="party", name="Kundeservice", broken=11, relevant=30),
        PartyShare(dimension="party", name="Regning", broken=3, relevant=30),
        PartyShare(dimension="channel", name="Mail", broken=14, relevant=60),
    ),
    smallest_true_promise="Vi svarer på din mail inden for 52 timer.",
)  # fmt: skip
NOT_EASY = Finding(
    company_id="fyrby", promise_id=EASY.id, verdict="at-risk", severity=0.5, broken=2, kept=1, relevant=3,
    indicators=(Indicator(code="transferred", incidents=2), Indicator(code="error-message", incidents=1)),
    evidence=(IDS[3],),
)  # fmt: skip
QUICK_CHAT = Finding(
    company_id="fyrby", promise_id=CHAT.id, verdict="kept", severity=0.0, kept=40, relevant=40, rate=1.0,
    low=0.912, high=1.0,
)  # fmt: skip
NO_FEES = Finding(company_id="fyrby", promise_id=FEES.id, verdict="no-evidence", severity=0.0)
VAGUE = Finding(company_id="fyrby", promise_id=LIVELY.id, verdict="not-measurable", severity=0.0)
FINDINGS = (VAGUE, NO_FEES, QUICK_CHAT, NOT_EASY, LATE_REPLY)
EASY_MATCHES = tuple(
    Match(
        promise_id=EASY.id, evidence_id=IDS[n], evidence_kind="incident", outcome=outcome, score=0.7,
        reasons=("Sent on twice.",),
        signals=(
            Signal(theme="ease", status="broken", code="transferred", quote="sendt", start=16, end=21, score=0.8),
        ),
    )
    for n, outcome in ((3, "breaks"), (4, "breaks"), (5, "keeps"))
)  # fmt: skip
ALL_MATCHES = (*MATCHES, *EASY_MATCHES)
COVERAGE = {
    "found": 14, "fetched": 12, "not_modified": 0, "skipped": {}, "blocked_by_robots": 0,
    "failed": ["https://fyrby.example/a", "https://fyrby.example/b"], "partial": True,
}  # fmt: skip
RUNS = tuple(
    Run(id=f"run-{n}", kind="check", company_id="fyrby", started_at=NOW - timedelta(days=ago, minutes=5),
        finished_at=NOW - timedelta(days=ago), status="complete", packs_hash="p1", coverage=COVERAGE)
    for n, ago in ((1, 7), (2, 0))
)  # fmt: skip
BEFORE = NOW - timedelta(days=30)


def view(**given: Any) -> ReportView:
    """Return the whole report of a store that holds these values.

    `first_seen` is by finding id, `BEFORE` where it is not given; `steps` are, by finding id, the verdicts it
    had with the moment of each.
    """
    language = given.pop("language", "en")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.db"
        path.write_bytes(empty_database())
        with Store.open(path, durable=False) as store:
            fill(store, **given)
            made = load_view(store, language=language, now=NOW)
            return replace(made, findings=tuple(made.findings))


def fill(store: Store, **given: Any) -> None:
    """Save the values given, and for all others those of this file."""
    values: dict[str, Any] = {
        "companies": [COMPANY], "promises": PROMISES, "findings": FINDINGS, "matches": ALL_MATCHES,
        "incidents": INCIDENTS, "runs": RUNS, "reviews": (), "first_seen": {LATE_REPLY.id: NOW},
        "steps": {},
    }  # fmt: skip
    values |= given
    for company in values["companies"]:
        store.save_company(company)
    store.save_promises("fyrby", "run-2", values["promises"], at=NOW)
    store.save_incidents(values["incidents"].values())
    store.save_matches("fyrby", values["matches"])
    for finding in values["findings"]:
        first = values["first_seen"].get(finding.id, BEFORE)
        for at, verdict in values["steps"].get(finding.id, [(first, finding.verdict)]):
            store.save_findings("run-2", [replace(finding, verdict=verdict)], at=at)
    for decided in values["reviews"]:
        store.save_review(decided)
    for run in values["runs"]:
        store.save_run(run)


@lru_cache(maxsize=1)
def empty_database() -> bytes:
    """Return a new database: copying it is much quicker than making one for each view."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(path).close()
        return path.read_bytes()


def review(decision: Any, **given: Any) -> Review:
    values: dict[str, Any] = {"reason": "Known since May", "reviewer": "Mette", "decided_at": NOW}
    return Review(finding_id=LATE_REPLY.id, decision=decision, **{**values, **given})


def with_text(text: str) -> ReportView:
    """Return a view in which every text field of every value is `text`."""
    words: dict[str, Any] = {
        "quote": text, "url": text, "headings": (text,), "conditions": (text,), "rule_id": text,
    }  # fmt: skip
    stated = replace(REPLY, **words, snapshot=text, language="da")
    case = incident(
        1, external_id=text, source=text, channel=text, party=text, summary=text, details=f"{text} {text}"
    )
    quoted = Signal(
        theme="speed", status="broken", code=text, quote=text, start=0, end=len(text), score=0.9,
    )  # fmt: skip
    match = Match(
        promise_id=stated.id, evidence_id=case.id, evidence_kind="fact", outcome="breaks", score=1.0,
        reasons=(text,), signals=(quoted,),
    )  # fmt: skip
    finding = replace(
        LATE_REPLY, promise_id=stated.id, why=(text,), evidence=(case.id,), smallest_true_promise=text,
        excluded=(Exclusion(reason=text, count=1, evidence_ids=(case.id + "x",)),),
        by_party=(PartyShare(dimension="party", name=text, broken=1, relevant=1),),
        recovered={text: 1}, indicators=(Indicator(code=text, incidents=1),),
    )  # fmt: skip
    decided = replace(review("confirmed"), finding_id=finding.id, reason=text, reviewer=text, owner=text,
                      note=text)  # fmt: skip
    company = replace(COMPANY, name=text, home_url=text)
    return view(
        companies=[company], promises=[stated], findings=[finding], matches=[match],
        incidents={case.id: case}, reviews=[decided], first_seen={},
    )  # fmt: skip
