"""Counts over whole tables that would be slow to make row by row: how long each log is, which causes recur."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from promisecheck.store.session import Session

_BROKEN = (
    "FROM findings f JOIN matches m ON m.promise_id = f.promise_id AND m.outcome = 'breaks', "
    "json_each(m.signals) s WHERE f.verdict IN ('contradicted', 'at-risk') "
    "AND json_extract(s.value, '$.status') = 'broken' "
    "AND f.id NOT IN (SELECT value FROM json_each(:without)) "
    "AND (f.excluded = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(f.excluded) e, "
    "json_each(e.value, '$.evidence_ids') k WHERE k.value = m.evidence_id))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLength:
    """Count the incidents of one company, and say from when to when they are."""

    company_id: str
    incidents: int
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseTally:
    """Count the incidents of one company in which a signal code speaks against a promise, with the findings."""

    company_id: str
    code: str
    incidents: int
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStep:
    """Hold one of the last changes of a finding's verdict or counts."""

    at: datetime
    verdict: str


def tally_logs(store: Session) -> list[LogLength]:
    """Return how long each company's log is."""
    sql = (
        "SELECT company_id, COUNT(*) AS n, MIN(occurred_at) AS first, MAX(occurred_at) AS last "
        "FROM incidents GROUP BY company_id ORDER BY company_id"
    )
    return [
        LogLength(
            company_id=row["company_id"],
            incidents=row["n"],
            start=_moment(row["first"]),
            end=_moment(row["last"]),
        )
        for row in store.select(sql)
    ]


def tally_promises(store: Session) -> dict[str, int]:
    """Return, by company, how many promises stand now."""
    sql = "SELECT company_id, COUNT(*) AS n FROM promises WHERE withdrawn_at IS NULL GROUP BY company_id"
    return {row["company_id"]: row["n"] for row in store.select(sql)}


def tally_steps(store: Session) -> dict[str, list[LastStep]]:
    """Return, for each finding that has moved, its last two steps after the last earlier one that was contradicted."""
    sql = (
        "WITH s AS (SELECT finding_id, at, verdict, "
        "ROW_NUMBER() OVER (PARTITION BY finding_id ORDER BY at DESC) AS n FROM finding_history), "
        "moved AS (SELECT finding_id FROM s WHERE n = 2) "
        "SELECT finding_id, at, verdict FROM s WHERE n <= 2 AND finding_id IN moved UNION ALL "
        "SELECT finding_id, MAX(at), verdict FROM s WHERE n > 2 AND verdict = 'contradicted' GROUP BY finding_id "
        "ORDER BY finding_id, at"
    )
    steps: dict[str, list[LastStep]] = {}
    for row in store.select(sql):
        step = LastStep(at=datetime.fromisoformat(row["at"]), verdict=row["verdict"])
        steps.setdefault(row["finding_id"], []).append(step)
    return steps


def tally_causes(store: Session, *, without: Collection[str] = ()) -> Iterator[CauseTally]:
    """Yield the causes that speak against promises at risk or contradicted, leaving out the findings named.

    An incident counts once for a code, however many promises it speaks against; what a finding left out of
    its count is left out here.
    """
    given = {"without": json.dumps(sorted(without))}
    against: dict[tuple[str, str], list[str]] = {}
    sql = f"SELECT DISTINCT f.company_id, json_extract(s.value, '$.code') AS code, f.id AS finding {_BROKEN}"
    for row in store.select(f"{sql} ORDER BY f.severity DESC, f.id", given):
        against.setdefault((row["company_id"], row["code"]), []).append(row["finding"])
    sql = (
        "SELECT f.company_id, json_extract(s.value, '$.code') AS code, COUNT(DISTINCT m.evidence_id) AS n "
        f"{_BROKEN} GROUP BY f.company_id, code"
    )
    for row in store.select(sql, given):
        yield CauseTally(
            company_id=row["company_id"],
            code=row["code"],
            incidents=row["n"],
            finding_ids=tuple(against[row["company_id"], row["code"]]),
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
