"""Literal values that the store's tests save and load."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
    Review,
    Run,
    Scope,
    Signal,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = "https://eksempel.dk/"
COMPANY = Company(id="eksempel", name="Eksempel A/S", home_url=HOME, languages=("da", "en"), country="DK")
FETCHED = Fetched(
    company_id="eksempel",
    url=HOME,
    final_url=HOME + "forside",
    fetched_at=NOW,
    status=200,
    headers={"content-type": "text/html", "etag": '"1"'},
    body=b"<p>Vi svarer inden for 24 timer</p>" * 50,
    depth=1,
)


def promise(quote: str = "Vi svarer inden for 24 timer", **changed: object) -> Promise:
    values: dict[str, object] = {
        "company_id": "eksempel",
        "theme": "speed",
        "kind": "quantified",
        "url": HOME,
        "language": "da",
        "quote": quote,
        "start": 3,
        "end": 3 + len(quote),
        "headings": ("Kontakt", "Mail"),
        "measure": Measure(kind="duration", compare="at-most", value=24.0, unit="hour"),
        "metric": "first-reply",
        "scope": Scope(channel="mail"),
        "conditions": ("på hverdage",),
        "rule_id": "da.speed.reply",
        "score": 0.9,
    }
    return Promise(**(values | changed))  # type: ignore[arg-type]


def incident(external_id: str = "1", **changed: object) -> Incident:
    values: dict[str, object] = {
        "company_id": "eksempel",
        "source": "sager.csv",
        "external_id": external_id,
        "occurred_at": NOW - DAY,
        "closed_at": NOW,
        "language": "da",
        "channel": "telefon",
        "party": "Nord",
        "summary": "Lang ventetid",
        "details": "Jeg sad i kø i halvanden time.",
        "facts": {"queue_minutes": 90.0, "transfers": 2, "reopened": True, "deadline": "2026-12-01"},
    }
    return Incident(**(values | changed))  # type: ignore[arg-type]


SIGNAL = Signal(
    theme="speed",
    status="broken",
    code="long-queue",
    quote="i kø i halvanden time",
    start=8,
    end=29,
    score=0.8,
    measure=Measure(kind="duration", compare="exactly", value=1.5, unit="hour"),
)


def match(**changed: object) -> Match:
    values: dict[str, object] = {
        "promise_id": promise().id,
        "evidence_id": incident().id,
        "evidence_kind": "incident",
        "outcome": "breaks",
        "score": 0.8,
        "reasons": ("Kunden ventede halvanden time.",),
        "signals": (SIGNAL,),
    }
    return Match(**(values | changed))  # type: ignore[arg-type]


def finding(**changed: object) -> Finding:
    values: dict[str, object] = {
        "company_id": "eksempel",
        "promise_id": promise().id,
        "verdict": "contradicted",
        "severity": 3.5,
        "broken": 3,
        "kept": 1,
        "relevant": 4,
        "excluded": (Exclusion(reason="open, in time", count=1, evidence_ids=("x", incident().id)),),
        "rate": 0.25,
        "low": 0.05,
        "high": 0.7,
        "window_start": NOW - DAY,
        "window_end": NOW,
        "why": ("3 af 4 blev ikke besvaret inden for 24 timer",),
        "evidence": (incident().id,),
        "recovered": {"apologised": 1},
        "by_party": (PartyShare(dimension="party", name="Nord", broken=3, relevant=4),),
        "indicators": (Indicator(code="long-queue", incidents=2),),
        "smallest_true_promise": "Vi svarer inden for 3 hverdage",
    }
    return Finding(**(values | changed))  # type: ignore[arg-type]


REVIEW = Review(
    finding_id=finding().id,
    decision="accepted-until",
    reason="nyt system i marts",
    reviewer="mette",
    decided_at=NOW,
    expires_at=NOW + 90 * DAY,
    owner="drift",
    due=NOW + 30 * DAY,
    note="drøftet",
)
RUN = Run(
    id="r1",
    kind="check",
    started_at=NOW,
    finished_at=NOW + DAY,
    status="complete",
    version="0.1",
    counts={"pages": 8, "promises": 3},
)
