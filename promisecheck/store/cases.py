"""What many findings are shown from, read for a batch at a time: one query a table, whatever the batch holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from promisecheck.model import EvidenceKind, Finding, Kind, Match, Outcome, Promise, Verdict
from promisecheck.store.codec import Row, from_row
from promisecheck.store.findings import FindingStep
from promisecheck.store.promises import Place
from promisecheck.store.session import Session

Value = TypeVar("Value")
_IN = "IN (SELECT value FROM json_each(?))"
_CASES = (
    "SELECT m.promise_id, m.evidence_id, m.evidence_kind, m.outcome, m.score, i.external_id, i.occurred_at, "
    "i.party, i.channel, i.source FROM matches m LEFT JOIN incidents i ON i.id = m.evidence_id "
    f"WHERE m.promise_id {_IN}"
)
_OUTLINES = (
    "SELECT f.id, f.promise_id, f.company_id, f.verdict, f.severity, f.broken, f.kept, f.relevant, "
    "(SELECT json_group_array(json_extract(value, '$.name')) FROM json_each(f.by_party)) AS parties, "
    "p.quote, p.language, p.theme, p.kind, p.metric "
    "FROM findings f JOIN promises p ON p.id = f.promise_id WHERE p.withdrawn_at IS NULL"
)
_CHOSEN = (
    "SELECT m.* FROM json_each(?) k JOIN matches m ON m.promise_id = json_extract(k.value, '$[0]') "
    "AND m.evidence_kind = json_extract(k.value, '$[1]') AND m.evidence_id = json_extract(k.value, '$[2]')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold one match without its texts, and what its incident is found by; `number` is "" where there is none."""

    evidence_id: str
    evidence_kind: EvidenceKind
    outcome: Outcome
    score: float
    number: str = ""
    at: datetime | None = None
    party: str = ""
    channel: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Hold what lists know of one finding and its promise, without the evidence and the reasons."""

    id: str
    promise_id: str
    company_id: str
    verdict: Verdict
    severity: float
    broken: int
    kept: int
    relevant: int
    parties: tuple[str, ...]
    quote: str
    language: str
    theme: str
    kind: Kind
    metric: str


def iter_outlines(store: Session, company_ids: Collection[str] | None = None) -> Iterator[Outline]:
    """Yield the findings of the companies named (all where none is) whose promises stand, in no order."""
    rows = (
        store.select(_OUTLINES)
        if company_ids is None
        else store.select(f"{_OUTLINES} AND f.company_id {_IN}", (_listed(company_ids),))
    )
    for row in rows:
        yield from_row(Outline, row)


def load_cases(store: Session, promise_ids: Collection[str]) -> dict[str, list[Case]]:
    """Return, by promise, every match of the promises with what its incident is found by."""
    cases: dict[str, list[Case]] = {key: [] for key in promise_ids}
    for row in store.select(_CASES, (_listed(promise_ids),)):
        cases[row["promise_id"]].append(_case(row))
    return cases


def load_chosen_matches(store: Session, keys: Iterable[tuple[str, str, str]]) -> dict[str, list[Match]]:
    """Return, by promise, the whole matches with these keys (promise, kind and id of the evidence)."""
    chosen: dict[str, list[Match]] = {}
    for row in store.select(_CHOSEN, (json.dumps(list(keys)),)):
        chosen.setdefault(row["promise_id"], []).append(from_row(Match, row))
    return chosen


def load_findings_by_id(store: Session, ids: Collection[str]) -> list[Finding]:
    """Return the findings with these ids that are there, in the order asked for."""
    rows = {row["id"]: row for row in store.select(f"SELECT * FROM findings WHERE id {_IN}", (_listed(ids),))}
    return [from_row(Finding, rows[key]) for key in ids if key in rows]


def load_promises_by_id(store: Session, ids: Collection[str]) -> dict[str, Promise]:
    """Return the promises with these ids that are there."""
    rows = store.select(f"SELECT * FROM promises WHERE id {_IN}", (_listed(ids),))
    return {row["id"]: from_row(Promise, row) for row in rows}


def load_places_by_promise(store: Session, ids: Collection[str]) -> dict[str, list[Place]]:
    """Return, by promise, every place where it stands or stood, by URL."""
    sql = f"SELECT * FROM pages_promises WHERE promise_id {_IN} ORDER BY url, start"
    return _grouped(Place, "promise_id", store.select(sql, (_listed(ids),)))


def load_steps_by_finding(store: Session, ids: Collection[str]) -> dict[str, list[FindingStep]]:
    """Return, by finding, how its verdict and counts moved, oldest first."""
    sql = f"SELECT * FROM finding_history WHERE finding_id {_IN} ORDER BY at"
    return _grouped(FindingStep, "finding_id", store.select(sql, (_listed(ids),)))


def _case(row: Row) -> Case:
    at = row["occurred_at"]
    return Case(
        evidence_id=row["evidence_id"],
        evidence_kind=row["evidence_kind"],
        outcome=row["outcome"],
        score=row["score"],
        number=row["external_id"] or "",
        at=datetime.fromisoformat(at) if at else None,
        party=row["party"] or "",
        channel=row["channel"] or "",
        source=row["evidence_kind"] if row["source"] is None else row["source"],
    )


def _grouped(kind: type[Value], key: str, rows: Iterable[Row]) -> dict[str, list[Value]]:
    grouped: dict[str, list[Value]] = {}
    for row in rows:
        grouped.setdefault(row[key], []).append(from_row(kind, row))
    return grouped


def _listed(ids: Collection[str]) -> str:
    return json.dumps(list(ids))
