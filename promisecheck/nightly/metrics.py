"""The counts of a night as a Prometheus textfile, for the node exporter's collector."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from promisecheck.model import VERDICTS
from promisecheck.nightly.news import CHANGES
from promisecheck.nightly.night import CompanyNight, Night


def write_metrics(night: Night, path: Path) -> None:
    """Write the textfile in one step, so that a scrape never reads half of it."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.write_text(metrics_of(night), encoding="utf-8")
    unfinished.replace(path)


def metrics_of(night: Night) -> str:
    """Return the counts of a night in the Prometheus text format."""
    return "\n".join([*_of_run(night), *_of_companies(night)]) + "\n"


def _of_run(night: Night) -> Iterator[str]:
    yield from _head("promisecheck_run_timestamp_seconds", "When the last run began (Unix time).")
    yield f"promisecheck_run_timestamp_seconds {night.run.started_at.timestamp():.0f}"
    if night.run.finished_at:
        yield from _head("promisecheck_run_duration_seconds", "How long the last run took.")
        took = (night.run.finished_at - night.run.started_at).total_seconds()
        yield f"promisecheck_run_duration_seconds {took:.3f}"
    yield from _head("promisecheck_run_complete", "1 where every page and source could be read.")
    yield f"promisecheck_run_complete {int(night.run.status == 'complete')}"
    yield from _head("promisecheck_news", "What changed since people were last told.")
    for change in CHANGES:
        count = sum(news.change == change for news in night.news)
        yield f'promisecheck_news{{change="{change}"}} {count}'


def _of_companies(night: Night) -> Iterator[str]:
    yield from _head("promisecheck_company_failed", "1 where the company could not be checked.")
    for company in night.companies:
        yield f"promisecheck_company_failed{_labels(company)} {int(bool(company.failure))}"
    yield from _head("promisecheck_pages_read", "Pages read in the last run.")
    for company in night.companies:
        if company.result is not None:
            yield f"promisecheck_pages_read{_labels(company)} {company.result.run.counts['pages']}"
    yield from _head("promisecheck_findings", "Findings that stand, by verdict.")
    for company in night.companies:
        verdicts = [one.finding.verdict for one in company.standings if one.state != "absent"]
        for verdict in VERDICTS:
            labels = _labels(company, f',verdict="{verdict}"')
            yield f"promisecheck_findings{labels} {verdicts.count(verdict)}"


def _head(name: str, says: str) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} gauge"


def _labels(company: CompanyNight, more: str = "") -> str:
    name = company.company.id.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{company="{name}"{more}}}'
