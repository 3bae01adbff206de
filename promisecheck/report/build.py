"""From the values of the rooms to the one view that every format shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from promisecheck import __version__
from promisecheck.model import Company, Finding, Incident, Match, Promise, Review, Run
from promisecheck.report.finding import decisive_of, view_finding
from promisecheck.report.line import line_of
from promisecheck.report.material import (
    Material,
    PlaceLike,
    RuleLike,
    StepLike,
    Weighed,
    as_utc,
    by_promise,
    in_force,
    runs_before,
    weigh,
)
from promisecheck.report.overview import Causes, Counted, changes_of, overview_of
from promisecheck.report.speech import Speech, speech
from promisecheck.report.view import CompanyView, CountView, FindingView, LogSpan, ReportView

COVERAGE = ("found", "fetched", "not_modified", "skipped", "blocked", "failed")


def build_view(
    *, companies: Sequence[Company], promises: Iterable[Promise], findings: Iterable[Finding],
    matches: Iterable[Match], incidents: Mapping[str, Incident],
    generated_at: datetime, language: str = "en", coverage: Mapping[str, Mapping[str, int]] | None = None,
    places: Mapping[str, Sequence[PlaceLike]] | None = None, reviews: Iterable[Review] = (),
    runs: Sequence[Run] = (), first_seen: Mapping[str, datetime] | None = None,
    steps: Mapping[str, Sequence[StepLike]] | None = None, rules: Mapping[str, RuleLike] | None = None,
) -> ReportView:  # fmt: skip
    """Return the whole report in one language.

    `coverage` is by company id (found, fetched, skipped, blocked, failed, not_modified, partial), `places`
    by promise id, `first_seen` and `steps` by finding id, `rules` by full rule id. A finding whose promise is
    not given is left out. Raises UsageError for a language without a catalogue.
    """
    say = speech(language)
    given, found = list(matches), list(findings)
    cases = _cases(given, incidents)
    material = Material(
        companies={company.id: company for company in companies},
        promises={promise.id: promise for promise in promises},
        cases=cases, decisive={one.promise_id: decisive_of(one, cases.get(one.promise_id, ())) for one in found},
        matches=by_promise(given), incidents=incidents, places=places or {},
        reviews=in_force(reviews), first_seen=first_seen or {}, rules=rules or {},
        generated_at=as_utc(generated_at), since=runs_before(runs),
    )  # fmt: skip
    shown, causes = _findings(found, material, say)
    last = max(runs, key=lambda run: as_utc(run.started_at), default=None)
    return ReportView(
        language=say.language, generated_at=generated_at, version=__version__,
        companies=companies_of(companies, shown, coverage or {}, spans_of(incidents.values()), say),
        overview=overview_of(
            shown, promises=len(material.promises), causes=causes.views(say),
            changes=changes_of(shown, steps or {}, material.since), say=say,
        ),
        findings=shown,
        run_id=last.id if last else "", packs_hash=last.packs_hash if last else "",
        weights_hash=last.weights_hash if last else "", config_hash=last.config_hash if last else "",
    )  # fmt: skip


def _findings(
    findings: Iterable[Finding], material: Material, say: Speech
) -> tuple[tuple[FindingView, ...], Causes]:
    """View the findings, most serious first, those that are no contradiction last."""
    known = {finding.id: finding for finding in findings if finding.promise_id in material.promises}
    lines = [line_of(one, material.promises[one.promise_id], material) for one in known.values()]
    causes = Causes()
    shown = []
    for line in sorted(lines, key=lambda line: line.rank):
        finding = known[line.id]
        item = view_finding(finding, material.promises[finding.promise_id], material, say)
        causes.add(item, material.matches.get(finding.promise_id, ()))
        shown.append(item)
    return tuple(shown), causes


def _cases(matches: Sequence[Match], incidents: Mapping[str, Incident]) -> dict[str, list[Weighed]]:
    """Return, by promise, what is counted of the matches."""
    cases: dict[str, list[Weighed]] = {}
    for match in matches:
        cases.setdefault(match.promise_id, []).append(weigh(match, incidents.get(match.evidence_id)))
    return cases


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


def spans_of(incidents: Iterable[Incident]) -> dict[str, LogSpan]:
    """Return, by company, how many incidents there are, and from when to when."""
    spans: dict[str, LogSpan] = {}
    for incident in incidents:
        was = spans.get(incident.company_id, LogSpan(incidents=0))
        moments = [moment for moment in (was.start, was.end, incident.occurred_at) if moment]
        known = [as_utc(moment) for moment in moments]
        spans[incident.company_id] = LogSpan(
            incidents=was.incidents + 1, start=min(known, default=None), end=max(known, default=None)
        )
    return spans


def _coverage(counts: Mapping[str, int], say: Speech) -> tuple[CountView, ...]:
    return tuple(
        CountView(key=key, label=say.label("coverage", key), count=int(counts[key]))
        for key in COVERAGE
        if counts.get(key)
    )
