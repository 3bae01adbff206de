"""All that the store holds of some companies, as one report view: for the report verbs and the review desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from promisecheck.model import Company, Match, Run
from promisecheck.packs import Rule, load_packs
from promisecheck.report import LogSpan, ReportView, build_view
from promisecheck.store import Store
from promisecheck.store.tallies import tally_logs


def load_view(
    store: Store, *, company_ids: Sequence[str] | None = None, language: str = "en", now: datetime
) -> ReportView:
    """Return the report of the companies named (all of them where none is), in one language."""
    companies = [c for c in store.load_companies() if company_ids is None or c.id in company_ids]
    findings = [f for company in companies for f in store.load_findings(company.id)]
    promises = [p for company in companies for p in store.load_promises(company.id)]
    logs = {log.company_id: log for log in tally_logs(store)}
    seen = {key: item for company in companies for key, item in store.load_seen(company.id).items()}
    runs = [run for run in store.load_runs() if run.company_id in {c.id for c in companies}]
    return build_view(
        companies=companies,
        promises=promises,
        findings=findings,
        matches=StoredMatches(store, [promise.id for promise in promises]),
        incidents={item.id: item for company in companies for item in store.iter_incidents(company.id)},
        generated_at=now,
        language=language,
        coverage=coverage_of(companies, runs),
        places={promise.id: store.load_places(promise.id) for promise in promises},
        reviews=store.load_reviews(),
        runs=runs,
        first_seen={key: item.first_seen for key, item in seen.items()},
        steps={finding.id: store.load_steps(finding.id) for finding in findings},
        rules=rules_by_id(),
        logs={
            key: LogSpan(incidents=log.incidents, start=log.start, end=log.end) for key, log in logs.items()
        },
    )


class StoredMatches(Mapping[str, Sequence[Match]]):
    """Load the matches of one promise when they are asked for: all of them together can be many."""

    def __init__(self, store: Store, promise_ids: Sequence[str]) -> None:
        self._store = store
        self._promise_ids = promise_ids

    def __getitem__(self, promise_id: str) -> Sequence[Match]:
        return self._store.load_matches(promise_id=promise_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._promise_ids)

    def __len__(self) -> int:
        return len(self._promise_ids)


def coverage_of(companies: Sequence[Company], runs: Sequence[Run]) -> dict[str, dict[str, int]]:
    """Return, by company, how many addresses its newest finished run found, read and could not read."""
    newest: dict[str, Run] = {}
    for run in sorted(runs, key=lambda item: item.started_at):
        if run.coverage:
            newest[run.company_id] = run
    return {company.id: _counts(newest[company.id].coverage) for company in companies if company.id in newest}


def _counts(coverage: Mapping[str, Any]) -> dict[str, int]:
    return {
        "found": coverage["found"],
        "fetched": coverage["fetched"],
        "not_modified": coverage["not_modified"],
        "skipped": sum(coverage["skipped"].values()),
        "blocked": coverage["blocked_by_robots"],
        "failed": len(coverage["failed"]),
        "partial": int(coverage["partial"]),
    }


def rules_by_id() -> dict[str, Rule]:
    """Return every rule by its full id."""
    return {rule.full_id: rule for pack in load_packs().values() for rule in pack.rules}
