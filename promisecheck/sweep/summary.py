"""The one table of a sweep: a row for each company, a column for each theme, the worst first."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from promisecheck.model import THEMES, Company, Finding, Promise
from promisecheck.report.cells import safe_cell
from promisecheck.store import Store
from promisecheck.sweep.work import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """Hold one company; `themes` maps a theme to (contradicted, at risk, promises)."""

    company: Company
    status: str
    reason: str
    pages: int
    themes: Mapping[str, tuple[int, int, int]]
    severity: float

    @property
    def contradicted(self) -> int:
        """Return how many promises are contradicted."""
        return sum(broken for broken, _, _ in self.themes.values())

    @property
    def at_risk(self) -> int:
        """Return how many promises are at risk."""
        return sum(risk for _, risk, _ in self.themes.values())

    @property
    def promises(self) -> int:
        """Return how many promises stand."""
        return sum(promises for _, _, promises in self.themes.values())


def read_summary(store: Store, companies: Iterable[Company], outcomes: Iterable[Outcome]) -> list[SummaryRow]:
    """Return the rows, worst first: most contradicted, then most severe, then by name."""
    known = {outcome.company_id: outcome for outcome in outcomes}
    rows = [_row(store, company, known.get(company.id)) for company in companies]
    return sorted(
        rows, key=lambda r: (-r.contradicted, -r.at_risk, -r.severity, r.company.name, r.company.id)
    )


def write_summary(rows: Sequence[SummaryRow], path: Path) -> None:
    """Write the rows as CSV; a cell of a theme reads "1 of 3" contradicted, empty for no promise."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        head = ("company", "url", "status", "contradicted", "at_risk", "promises", "pages", *THEMES, "reason")
        writer.writerow(head)
        for row in rows:
            cells = [_cell(row.themes.get(theme)) for theme in THEMES]
            numbers = (row.contradicted, row.at_risk, row.promises, row.pages)
            line = (row.company.name, row.company.home_url, row.status, *numbers, *cells, row.reason)
            writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in line])


def _cell(counts: tuple[int, int, int] | None) -> str:
    return f"{counts[0]} of {counts[2]}" if counts else ""


def _row(store: Store, company: Company, outcome: Outcome | None) -> SummaryRow:
    findings = {finding.promise_id: finding for finding in store.load_findings(company.id)}
    themes: dict[str, list[int]] = {}
    for promise in store.load_promises(company.id):
        _count(themes.setdefault(promise.theme, [0, 0, 0]), promise, findings)
    return SummaryRow(
        company=company, status=outcome.status if outcome else "not-checked",
        reason=outcome.reason if outcome else "", pages=outcome.pages if outcome else 0,
        themes={theme: (counts[0], counts[1], counts[2]) for theme, counts in themes.items()},
        severity=sum(finding.severity for finding in findings.values()),
    )  # fmt: skip


def _count(counts: list[int], promise: Promise, findings: Mapping[str, Finding]) -> None:
    finding = findings.get(promise.id)
    counts[0] += finding is not None and finding.verdict == "contradicted"
    counts[1] += finding is not None and finding.verdict == "at-risk"
    counts[2] += 1
