"""Matches, findings, reviews and runs: what was concluded, when, and what people decided about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from promisecheck.model import Finding, Match, Review, Run, Verdict, content_id
from promisecheck.store.codec import Row, from_row, time_text, to_row
from promisecheck.store.incidents import IncidentRows
from promisecheck.store.promises import Saved
from promisecheck.store.session import CHUNK

Order = Literal["severity", "newest", "company"]
ORDERS: dict[Order, str] = {
    "severity": "f.severity DESC, f.id",
    "newest": "f.first_seen DESC, f.id",
    "company": "f.company_id, f.severity DESC, f.id",
}
COUNTED = ("verdict", "severity", "broken", "kept", "relevant")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSeen:
    """Hold when a finding was first and last concluded, and by which run."""

    finding_id: str
    first_seen: datetime
    last_seen: datetime
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStep:
    """Hold one change of a finding's verdict or counts."""

    finding_id: str
    at: datetime
    run_id: str
    verdict: Verdict
    severity: float
    broken: int
    kept: int
    relevant: int


class FindingRows(IncidentRows):
    """Save and load matches, findings, reviews and runs."""

    def save_matches(self, company_id: str, matches: Iterable[Match], *, replace: bool = True) -> int:
        """Save a company's matches in one transaction and return how many there were.

        With `replace` those that are not given any more are removed.
        """
        with self.writing():
            return sum(1 for _ in self.saving_matches(company_id, matches, replace=replace))

    def saving_matches(
        self, company_id: str, matches: Iterable[Match], *, replace: bool = True
    ) -> Iterator[Match]:
        """Save matches as they pass, a batch at a time, and hand each on; no more than a batch is held.

        With `replace` those that were not given are removed once the last one has passed.
        """
        remaining = iter(matches)
        self.run("CREATE TEMP TABLE IF NOT EXISTS given_matches (promise_id, evidence_kind, evidence_id)")
        self.run("DELETE FROM temp.given_matches")
        while batch := list(islice(remaining, CHUNK)):
            rows = list(_match_rows(company_id, batch))
            with self.writing(lag=1.0):
                self.put("matches", rows)
                self._note_given(rows)
            yield from batch
        if replace:
            with self.writing():
                self._drop_other_matches(company_id)

    def load_matches(self, company_id: str | None = None, *, promise_id: str | None = None) -> list[Match]:
        """Return the matches of a company or of one promise."""
        return list(self.iter_matches(company_id, promise_id=promise_id))

    def iter_matches(
        self, company_id: str | None = None, *, promise_id: str | None = None
    ) -> Iterator[Match]:
        """Yield what `load_matches` returns, in constant memory."""
        # Only the filters given are named: with "or NULL" SQLite would read the whole table for one promise.
        asked = {"company_id": company_id, "promise_id": promise_id}
        given = {column: value for column, value in asked.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "1"
        sql = f"SELECT * FROM matches WHERE {where} ORDER BY promise_id, evidence_kind, evidence_id"
        for row in self.select(sql, given):
            yield from_row(Match, row)

    def save_findings(self, run_id: str, findings: Iterable[Finding], *, at: datetime) -> Saved:
        """Save findings by id; first_seen stays, last_seen moves, and changed counts enter the history."""
        rows = [_finding_row(finding, run_id, at) for finding in findings]
        with self.writing():
            known = self._known("findings", [row["id"] for row in rows])
            for row in rows:
                if row["id"] in known:
                    row["first_seen"] = min(row["first_seen"], known[row["id"]]["first_seen"])
            self.put("findings", rows)
            self.put("finding_history", [_step(row) for row in rows if _moved(row, known.get(row["id"]))])
        new = sum(row["id"] not in known for row in rows)
        same = sum(row["id"] in known and _conclusion(row) == _conclusion(known[row["id"]]) for row in rows)
        return Saved(new=new, updated=len(rows) - new - same, unchanged=same)

    def touch_findings(self, company_id: str, run_id: str, *, at: datetime) -> int:
        """Note that a run came to the same findings as are stored; return how many those are."""
        sql = (
            "UPDATE findings SET last_seen = max(last_seen, ?), run_id = ? WHERE company_id = ? "
            "AND promise_id IN (SELECT id FROM promises WHERE withdrawn_at IS NULL)"
        )
        with self.writing():
            return self.run(sql, (time_text(at), run_id, company_id))

    def load_findings(
        self,
        company_id: str | None = None,
        *,
        verdicts: Collection[str] = (),
        themes: Collection[str] = (),
        party: str = "",
        min_severity: float = 0.0,
        seen_since: datetime | None = None,
        new_since: datetime | None = None,
        withdrawn: bool = False,
        order: Order = "severity",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Finding]:
        """Return findings that pass every filter given; `withdrawn` adds those of withdrawn promises."""
        tests = ["f.severity >= ?"]
        given: list[object] = [min_severity]
        for column, value in (
            ("f.company_id = ?", company_id),
            ("f.last_seen >= ?", time_text(seen_since) if seen_since else None),
            ("f.first_seen >= ?", time_text(new_since) if new_since else None),
            (_HAS_PARTY, party or None),
        ):
            if value is not None:
                tests.append(column)
                given.append(value)
        for column, some in (("f.verdict", verdicts), ("p.theme", themes)):
            if some:
                tests.append(f"{column} IN ({','.join('?' * len(some))})")
                given += some
        if not withdrawn:
            tests.append("p.withdrawn_at IS NULL")
        sql = (
            "SELECT f.* FROM findings f LEFT JOIN promises p ON p.id = f.promise_id "
            f"WHERE {' AND '.join(tests)} ORDER BY {ORDERS[order]} LIMIT ? OFFSET ?"
        )
        rows = self.select(sql, [*given, -1 if limit is None else limit, offset])
        return [from_row(Finding, row) for row in rows]

    def load_finding(self, finding_id: str) -> Finding | None:
        """Return one finding, or None."""
        rows = self.select("SELECT * FROM findings WHERE id = ?", (finding_id,))
        return next((from_row(Finding, row) for row in rows), None)

    def load_seen(self, company_id: str | None = None) -> dict[str, FindingSeen]:
        """Return, by finding, when it was first and last concluded."""
        sql = (
            "SELECT id AS finding_id, first_seen, last_seen, run_id FROM findings "
            "WHERE (? IS NULL OR company_id = ?)"
        )
        rows = self.select(sql, (company_id, company_id))
        return {row["finding_id"]: from_row(FindingSeen, row) for row in rows}

    def load_steps(self, finding_id: str) -> list[FindingStep]:
        """Return how a finding's verdict and counts moved, oldest first."""
        sql = "SELECT * FROM finding_history WHERE finding_id = ? ORDER BY at"
        return [from_row(FindingStep, row) for row in self.select(sql, (finding_id,))]

    def load_company_steps(self, company_id: str) -> dict[str, list[FindingStep]]:
        """Return, by finding, how the verdicts and counts of a company moved, oldest first."""
        sql = (
            "SELECT h.* FROM finding_history h JOIN findings f ON f.id = h.finding_id "
            "WHERE f.company_id = ? ORDER BY h.at"
        )
        steps: dict[str, list[FindingStep]] = {}
        for row in self.select(sql, (company_id,)):
            steps.setdefault(row["finding_id"], []).append(from_row(FindingStep, row))
        return steps

    def _note_given(self, rows: Sequence[Row]) -> None:
        keys = [(row["promise_id"], row["evidence_kind"], row["evidence_id"]) for row in rows]
        self._connection.executemany("INSERT INTO temp.given_matches VALUES (?, ?, ?)", keys)

    def _drop_other_matches(self, company_id: str) -> None:
        sql = (
            "DELETE FROM matches WHERE company_id = ? AND (promise_id, evidence_kind, evidence_id) "
            "NOT IN (SELECT promise_id, evidence_kind, evidence_id FROM temp.given_matches)"
        )
        self.run(sql, (company_id,))


def _match_rows(company_id: str, matches: Iterable[Match]) -> Iterator[Row]:
    """Yield the rows of matches; what one incident says of many promises that claim alike is written out once."""
    last: Match | None = None
    row: Row = {}
    for match in matches:
        if last is None or not _says_the_same(last, match):
            row = {"company_id": company_id, **to_row(match)}
        else:
            row = {**row, "promise_id": match.promise_id}
        last = match
        yield row


def _says_the_same(one: Match, other: Match) -> bool:
    """Tell whether two matches come from the very same comparison."""
    return (
        one.signals is other.signals
        and one.reasons is other.reasons
        and (one.evidence_id, one.evidence_kind, one.outcome, one.score)
        == (other.evidence_id, other.evidence_kind, other.outcome, other.score)
    )


class ReviewRows(FindingRows):
    """Save and load what people decided, and the runs."""

    def save_review(self, review: Review) -> str:
        """Save one decision and return its id; the same decision twice is one row."""
        key = content_id("review", review.finding_id, review.decision, review.reviewer, review.decided_at)
        self.put("reviews", [{"id": key, **to_row(review)}])
        return key

    def load_reviews(self, finding_id: str | None = None, *, withdrawn: bool = False) -> list[Review]:
        """Return decisions, oldest first: the last one for a finding is the one in force."""
        sql = "SELECT * FROM reviews WHERE (? IS NULL OR finding_id = ?)"
        if not withdrawn:
            sql += " AND withdrawn_at IS NULL"
        rows = self.select(f"{sql} ORDER BY decided_at, id", (finding_id, finding_id))
        return [from_row(Review, row) for row in rows]

    def undo_review(self, finding_id: str, *, by: str, at: datetime) -> Review | None:
        """Take back the last decision about a finding, keep it on record, and return it."""
        with self.writing():
            sql = (
                "SELECT * FROM reviews WHERE finding_id = ? AND withdrawn_at IS NULL "
                "ORDER BY decided_at DESC, id DESC LIMIT 1"
            )
            row = next(self.select(sql, (finding_id,)), None)
            if row is None:
                return None
            undo = "UPDATE reviews SET withdrawn_at = ?, withdrawn_by = ? WHERE id = ?"
            self.run(undo, (time_text(at), by, row["id"]))
        return from_row(Review, row)

    def save_run(self, run: Run) -> None:
        """Save a run, or its end."""
        self.put("runs", [to_row(run)])

    def load_runs(
        self, *, kind: str | None = None, status: str | None = None, after: datetime | None = None,
        limit: int | None = None,
    ) -> list[Run]:  # fmt: skip
        """Return runs, newest first: of a kind, in a status, begun after a moment."""
        sql = (
            "SELECT * FROM runs WHERE (? IS NULL OR kind = ?) AND (? IS NULL OR status = ?) AND started_at > ? "
            "ORDER BY started_at DESC, id LIMIT ?"
        )
        begun = time_text(after) if after else ""
        rows = self.select(sql, (kind, kind, status, status, begun, -1 if limit is None else limit))
        return [from_row(Run, row) for row in rows]

    def load_run(self, run_id: str) -> Run | None:
        """Return one run, or None."""
        return next(
            (from_row(Run, row) for row in self.select("SELECT * FROM runs WHERE id = ?", (run_id,))), None
        )


_HAS_PARTY = "EXISTS (SELECT 1 FROM json_each(f.by_party) WHERE json_extract(json_each.value, '$.name') = ?)"


def _finding_row(finding: Finding, run_id: str, at: datetime) -> Row:
    moment = time_text(at)
    seen = {"run_id": run_id, "first_seen": moment, "last_seen": moment}
    return {"id": finding.id, **to_row(finding), **seen}


def _conclusion(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in ("run_id", "first_seen", "last_seen")}


def _moved(row: Row, known: Row | None) -> bool:
    return known is None or any(row[key] != known[key] for key in COUNTED)


def _step(row: Row) -> Row:
    step = {key: row[key] for key in ("run_id", *COUNTED)}
    return {"finding_id": row["id"], "at": row["last_seen"], **step}
