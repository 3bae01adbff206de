"""All that the store holds of some companies, as one report view: for the report verbs and the review desk."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, overload

from promisecheck import __version__
from promisecheck.model import Company, Finding, Run
from promisecheck.packs import RuleWords, load_rule_words
from promisecheck.report import (
    MOST_CAUSES,
    CauseView,
    Depth,
    FindingView,
    Line,
    LogSpan,
    Material,
    ReportView,
    Speech,
    changes_of,
    chosen_of,
    companies_of,
    decisive_of,
    in_force,
    line_of,
    overview_of,
    runs_before,
    speech,
    view_finding,
)
from promisecheck.store import Store
from promisecheck.store.cases import (
    iter_outlines,
    load_cases,
    load_chosen_matches,
    load_findings_by_id,
    load_places_by_promise,
    load_promises_by_id,
)
from promisecheck.store.tallies import LastStep, tally_causes, tally_logs, tally_promises, tally_steps

AT_ONCE = 200
CASES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Hold what lists and numbers are made of, findings as light lines, the most serious first."""

    companies: tuple[Company, ...]
    lines: tuple[Line, ...]
    promises: Mapping[str, int]
    causes: Mapping[str, tuple[CauseView, ...]]
    spans: Mapping[str, LogSpan]
    coverage: Mapping[str, Mapping[str, int]]
    steps: Mapping[str, Sequence[LastStep]]
    since: Mapping[str, datetime]
    runs: tuple[Run, ...]
    at: Mapping[str, int]

    def line(self, finding_id: str) -> Line | None:
        """Return the line of a finding, or None."""
        n = self.at.get(finding_id)
        return None if n is None else self.lines[n]


def load_view(
    store: Store, *, company_ids: Sequence[str] | None = None, language: str = "en", now: datetime
) -> ReportView:
    """Return the report of the companies named (all of them where none is), in one language.

    Its findings are read a batch at a time, whenever they are walked: the store must stay open until then.
    """
    say = speech(language)
    common = load_common(store, now)
    books = read_books(store, common, company_ids)
    last = max(books.runs, key=lambda run: run.started_at, default=None)
    return ReportView(
        language=say.language, generated_at=now, version=__version__,
        companies=companies_of(books.companies, books.lines, books.coverage, books.spans, say),
        overview=overview_of(
            books.lines, promises=sum(books.promises.values()), causes=name_causes(books.causes.get("", ()), say),
            changes=changes_of(books.lines, books.steps, books.since), say=say,
        ),
        findings=StoredFindings(store, books.lines, replace(common, rules=rules_by_id()), say),
        run_id=last.id if last else "", packs_hash=last.packs_hash if last else "",
        weights_hash=last.weights_hash if last else "", config_hash=last.config_hash if last else "",
    )  # fmt: skip


class StoredFindings(Sequence[FindingView]):
    """Read the findings of some lines from the store as they are asked for, a batch at a time."""

    def __init__(
        self, store: Store, lines: Sequence[Line], common: Material, say: Speech, depth: Depth = "whole"
    ) -> None:
        self._store = store
        self._lines = lines
        self._common = common
        self._say = say
        self._depth = depth

    def at(self, depth: Depth) -> StoredFindings:
        """Return the same findings, read no deeper than this."""
        return StoredFindings(self._store, self._lines, self._common, self._say, depth)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> FindingView: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FindingView]: ...
    def __getitem__(self, index: int | slice) -> FindingView | Sequence[FindingView]:
        if isinstance(index, slice):
            return StoredFindings(self._store, self._lines[index], self._common, self._say, self._depth)
        return self._load([self._lines[index]])[0]

    def __iter__(self) -> Iterator[FindingView]:
        for batch in _batches(self._lines):
            yield from self._load(batch)

    def _load(self, lines: Sequence[Line]) -> list[FindingView]:
        with _uncollected():
            findings = load_findings_by_id(self._store, [line.id for line in lines])
            return view_findings(self._store, findings, self._common, self._say, self._depth)


def view_findings(
    store: Store, findings: Sequence[Finding], common: Material, say: Speech, depth: Depth = "whole"
) -> list[FindingView]:
    """Return what is shown of some findings, in their order."""
    material = load_material(store, findings, common, depth)
    known = [finding for finding in findings if finding.promise_id in material.promises]
    return [view_finding(one, material.promises[one.promise_id], material, say) for one in known]


def load_material(
    store: Store, findings: Sequence[Finding], common: Material, depth: Depth = "whole"
) -> Material:
    """Return what some findings are shown from: all their cases, and the texts of those that are shown whole."""
    ids = [finding.promise_id for finding in findings]
    material = replace(
        common, promises=load_promises_by_id(store, ids), places=load_places_by_promise(store, ids)
    )
    if depth == "brief":
        return material
    cases = load_cases(store, ids)
    decisive = {one.promise_id: decisive_of(one, cases[one.promise_id]) for one in findings}
    material = replace(material, cases=cases, decisive=decisive)
    return material if depth == "cases" else _with_texts(store, findings, material)


def _with_texts(store: Store, findings: Sequence[Finding], material: Material) -> Material:
    chosen = [
        (one.promise_id, case)
        for one in findings
        for case in chosen_of(one, material.decisive[one.promise_id])
    ]
    keys = [(key, case.evidence_kind, case.evidence_id) for key, case in chosen]
    wanted = sorted({case.evidence_id for _, case in chosen if case.evidence_kind != "site"})
    return replace(
        material, matches=load_chosen_matches(store, keys), incidents=store.load_incidents_by_id(wanted)
    )


def load_common(store: Store, now: datetime) -> Material:
    """Return what is the same for every finding: companies, decisions, since when each is known."""
    return Material(
        companies={company.id: company for company in store.load_companies()},
        promises={}, cases={}, matches={}, incidents={}, places={}, reviews=in_force(store.load_reviews()),
        first_seen={key: seen.first_seen for key, seen in store.load_seen().items()},
        generated_at=now, since=runs_before(store.load_runs()),
    )  # fmt: skip


def read_books(store: Store, common: Material, company_ids: Sequence[str] | None = None) -> Books:
    """Read the books of the companies named (all where none is), so that no evidence is held."""
    wanted = None if company_ids is None else frozenset(company_ids)
    companies = [one for key, one in common.companies.items() if wanted is None or key in wanted]
    keys = {company.id for company in companies}
    runs = [run for run in store.load_runs() if wanted is None or run.company_id in keys]
    outlines = iter_outlines(store, company_ids)
    lines = sorted((line_of(one, common) for one in outlines), key=lambda line: line.rank)
    logs = {log.company_id: log for log in tally_logs(store) if log.company_id in keys}
    return Books(
        companies=tuple(companies), lines=tuple(lines),
        promises={key: n for key, n in tally_promises(store).items() if key in keys},
        causes=causes_of(store, lines, keys),
        spans={key: LogSpan(incidents=log.incidents, start=log.start, end=log.end) for key, log in logs.items()},
        coverage=coverage_of(companies, runs), steps=tally_steps(store),
        since={key: at for key, at in common.since.items() if wanted is None or key in keys}, runs=tuple(runs),
        at={line.id: n for n, line in enumerate(lines)},
    )  # fmt: skip


def causes_of(
    store: Store, lines: Iterable[Line], company_ids: Iterable[str]
) -> dict[str, tuple[CauseView, ...]]:
    """Return the causes of each company and, under "", of all; labels are put on when they are shown."""
    keys = set(company_ids)
    dismissed = [line.id for line in lines if line.state == "dismissed"]
    cases: dict[str, dict[str, int]] = {"": {}}
    against: dict[tuple[str, str], tuple[str, ...]] = {}
    for tally in tally_causes(store, without=dismissed):
        for company in ("", tally.company_id) if tally.company_id in keys else ():
            counts = cases.setdefault(company, {})
            counts[tally.code] = counts.get(tally.code, 0) + tally.incidents
            against[company, tally.code] = against.get((company, tally.code), ()) + tally.finding_ids
    return {
        company: tuple(
            CauseView(key=code, label=code, cases=counts[code], finding_ids=against[company, code])
            for code in sorted(counts, key=lambda code: (-counts[code], code))[:MOST_CAUSES]
        )
        for company, counts in cases.items()
    }


def name_causes(causes: Sequence[CauseView], say: Speech) -> tuple[CauseView, ...]:
    """Return the causes with their names in the reader's language."""
    return tuple(replace(cause, label=say.label("code", cause.key)) for cause in causes)


def coverage_of(companies: Sequence[Company], runs: Sequence[Run]) -> dict[str, dict[str, int]]:
    """Return, by company, how many addresses its newest finished run found, read and could not read."""
    newest: dict[str, Run] = {}
    for run in sorted(runs, key=lambda item: item.started_at):
        if run.coverage:
            newest[run.company_id] = run
    return {company.id: _counts(newest[company.id].coverage) for company in companies if company.id in newest}


@lru_cache(maxsize=1)
def rules_by_id() -> Mapping[str, RuleWords]:
    """Return what every rule says of itself, by its full id."""
    return load_rule_words()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python not look for cycles: a batch makes many values and no cycle, and the search costs a fifth."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def _batches(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Cut the lines so that neither the findings nor the cases of one batch are many."""
    batch: list[Line] = []
    cases = 0
    for line in lines:
        if batch and (len(batch) == AT_ONCE or cases + line.relevant > CASES_AT_ONCE):
            yield batch
            batch, cases = [], 0
        batch.append(line)
        cases += line.relevant
    if batch:
        yield batch


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
