"""Each company with what was read of its site and its log, and how its promises fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from promisecheck.model import Company
from promisecheck.report.overview import Counted
from promisecheck.report.speech import Speech
from promisecheck.report.view import CompanyView, CountView, LogSpan

COVERAGE = ("found", "fetched", "not_modified", "skipped", "blocked", "failed")


def companies_of(
    companies: Sequence[Company],
    findings: Sequence[Counted],
    coverage: Mapping[str, Mapping[str, int]],
    logs: Mapping[str, LogSpan],
    say: Speech,
) -> tuple[CompanyView, ...]:
    """Return each company with what was read of it and its findings counted by verdict, dismissed ones left out."""
    verdicts = {company.id: Counter[str]() for company in companies}
    for item in findings:
        if item.state != "dismissed":
            verdicts.setdefault(item.company_id, Counter())[item.verdict] += 1
    none = LogSpan(incidents=0)
    return tuple(
        CompanyView(
            id=company.id,
            name=company.name,
            home_url=company.home_url,
            coverage=_coverage(coverage.get(company.id, {}), say),
            partial=bool(coverage.get(company.id, {}).get("partial")),
            incidents=logs.get(company.id, none).incidents,
            log_start=logs.get(company.id, none).start,
            log_end=logs.get(company.id, none).end,
            verdicts=dict(verdicts[company.id]),
        )
        for company in companies
    )


def _coverage(counts: Mapping[str, int], say: Speech) -> tuple[CountView, ...]:
    return tuple(
        CountView(key=key, label=say.label("coverage", key), count=int(counts[key]))
        for key in COVERAGE
        if counts.get(key)
    )
