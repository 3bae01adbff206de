"""From the values of the rooms to the one view that every format shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from promisecheck import __version__
from promisecheck.model import VERDICTS, Company, Finding, Incident, Match, Promise, Review, Run
from promisecheck.report.finding import view_finding
from promisecheck.report.material import (
    Material,
    PlaceLike,
    RuleLike,
    StepLike,
    as_utc,
    by_promise,
    in_force,
    runs_before,
)
from promisecheck.report.overview import overview_of
from promisecheck.report.speech import Speech, speech
from promisecheck.report.view import CompanyView, CountView, FindingView, LogSpan, ReportView

COVERAGE = ("found", "fetched", "not_modified", "skipped", "blocked", "failed")


def build_view(
    *,
    companies: Sequence[Company],
    promises: Iterable[Promise],
    findings: Iterable[Finding],
    matches: Iterable[Match],
    incidents: Mapping[str, Incident],
    generated_at: datetime,
    language: str = "en",
    coverage: Mapping[str, Mapping[str, int]] | None = None,
    places: Mapping[str, Sequence[PlaceLike]] | None = None,
    reviews: Iterable[Review] = (),
    runs: Sequence[Run] = (),
    first_seen: Mapping[str, datetime] | None = None,
    steps: Mapping[str, Sequence[StepLike]] | None = None,
    rules: Mapping[str, RuleLike] | None = None,
    logs: Mapping[str, LogSpan] | None = None,
) -> ReportView:
    """Return the whole report in one language.

    `coverage` is by company id (found, fetched, skipped, blocked, failed, not_modified, partial), `places`
    by promise id, `first_seen` and `steps` by finding id, `rules` by full rule id; `logs` by company id where
    `incidents` is not the whole log. A finding whose promise
    is not given is left out. Raises UsageError for a language without a catalogue.
    """
    say = speech(language)
    material = Material(
        companies={company.id: company for company in companies},
        promises={promise.id: promise for promise in promises},
        matches=by_promise(matches), incidents=incidents, places=places or {}, reviews=in_force(reviews),
        first_seen=first_seen or {}, steps=steps or {}, rules=rules or {},
        generated_at=as_utc(generated_at), since=runs_before(runs),
    )  # fmt: skip
    shown = _findings(findings, material, say)
    last = max(runs, key=lambda run: as_utc(run.started_at), default=None)
    return ReportView(
        language=say.language, generated_at=generated_at, version=__version__,
        companies=_companies(companies, shown, material, coverage or {}, logs or {}, say),
        overview=overview_of(shown, material, say), findings=shown,
        run_id=last.id if last else "", packs_hash=last.packs_hash if last else "",
        weights_hash=last.weights_hash if last else "", config_hash=last.config_hash if last else "",
    )  # fmt: skip


def _findings(findings: Iterable[Finding], material: Material, say: Speech) -> tuple[FindingView, ...]:
    known = [finding for finding in findings if finding.promise_id in material.promises]
    rank = {verdict: n for n, verdict in enumerate(VERDICTS)}
    known.sort(key=lambda finding: (rank[finding.verdict], -finding.severity, -finding.broken, finding.id))
    return tuple(
        view_finding(finding, material.promises[finding.promise_id], material, say) for finding in known
    )


def _companies(
    companies: Sequence[Company],
    findings: Sequence[FindingView],
    material: Material,
    coverage: Mapping[str, Mapping[str, int]],
    logs: Mapping[str, LogSpan],
    say: Speech,
) -> tuple[CompanyView, ...]:
    verdicts = {company.id: Counter[str]() for company in companies}
    for item in findings:
        verdicts.setdefault(item.company_id, Counter())[item.verdict] += 1
    spans = {**_spans(material), **logs}
    return tuple(
        CompanyView(
            id=company.id,
            name=company.name,
            home_url=company.home_url,
            coverage=_coverage(coverage.get(company.id, {}), say),
            partial=bool(coverage.get(company.id, {}).get("partial")),
            incidents=spans[company.id].incidents if company.id in spans else 0,
            log_start=spans[company.id].start if company.id in spans else None,
            log_end=spans[company.id].end if company.id in spans else None,
            verdicts=dict(verdicts[company.id]),
        )
        for company in companies
    )


def _spans(material: Material) -> dict[str, LogSpan]:
    logged = Counter(incident.company_id for incident in material.incidents.values())
    times: dict[str, list[datetime]] = {}
    for incident in material.incidents.values():
        if incident.occurred_at:
            times.setdefault(incident.company_id, []).append(as_utc(incident.occurred_at))
    return {
        company: LogSpan(
            incidents=count,
            start=min(times.get(company, []), default=None),
            end=max(times.get(company, []), default=None),
        )
        for company, count in logged.items()
    }


def _coverage(counts: Mapping[str, int], say: Speech) -> tuple[CountView, ...]:
    return tuple(
        CountView(key=key, label=say.label("coverage", key), count=int(counts[key]))
        for key in COVERAGE
        if counts.get(key)
    )
