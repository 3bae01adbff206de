"""One company, all stages: crawl → pages → promises → match → findings. The only module that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from promisecheck import __version__
from promisecheck.clock import WorkCalendar
from promisecheck.crawl import Coverage, Crawl, CrawlSettings, Entry, Validators
from promisecheck.errors import IncompleteError, UsageError
from promisecheck.findings import Policy, find
from promisecheck.incidents import IncidentFile, RowProblem, incidents_from_rows, open_incidents
from promisecheck.match import Statement, match
from promisecheck.model import Company, Fetched, Finding, Page, Promise, Run, content_id
from promisecheck.packs import packs_hash
from promisecheck.pages import read_page
from promisecheck.promises import Reader, read_page_promises
from promisecheck.store import Store, read_table_rows

Progress = Callable[[str, int], None]
_SQLITE = (".db", ".sqlite", ".sqlite3")
_COUNTRY_OF_DOMAIN = {"dk": "DK", "no": "NO", "se": "SE", "uk": "GB"}
_COUNTRY_OF_LANGUAGE = {"da": "DK", "nb": "NO", "nn": "NO", "sv": "SE", "en": "GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """Say how to crawl, how to judge, and in whose time zone undated zones are."""

    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    policy: Policy = field(default_factory=Policy)
    timezone: str = ""
    config_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """Say what one incident file brought, and which rows or values could not be read."""

    file: str
    new: int
    updated: int
    unchanged: int
    duplicates: int
    mapping: Mapping[str, str]
    decisions: tuple[str, ...]
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """Hold what a site states: promises once for each place, other statements, and what was read."""

    promises: tuple[Promise, ...]
    statements: tuple[Statement, ...]
    pages_read: frozenset[str]
    coverage: Coverage
    sentences: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """Hold what one check concluded; `compared` counts the pieces of evidence that spoke of a promise."""

    company: Company
    run: Run
    coverage: Coverage
    promises: tuple[Promise, ...]
    findings: tuple[Finding, ...]
    imports: tuple[ImportResult, ...]
    compared: int

    @property
    def contradicted(self) -> bool:
        """Return whether any promise is contradicted."""
        return any(finding.verdict == "contradicted" for finding in self.findings)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Return why the check is incomplete; empty where it is not."""
        reasons = [f"{failure.url}: {failure.reason}" for failure in self.coverage.failed]
        if self.coverage.nothing_read:
            reasons.append(f"{self.company.home_url}: no page could be read")
        if not self.compared:
            reasons.append("nothing was compared: no incident speaks of any promise found")
        return tuple(reasons)


def company_of(url: str, name: str = "", country: str = "") -> Company:
    """Return the company of a site; its id is the host, without www."""
    address = url if "//" in url else f"https://{url}"
    host = urlsplit(address).netloc.lower().removeprefix("www.")
    if not host:
        raise UsageError("not a web address", where=url, do="write it as https://example.com")
    known = _COUNTRY_OF_DOMAIN.get(host.split(":")[0].rsplit(".", 1)[-1], "")
    return Company(id=host, name=name or host, home_url=address, country=country or known)


def calendar_of(company: Company, settings: CheckSettings) -> WorkCalendar:
    """Return the company's working calendar, by its country or else its first language."""
    by_language = next(
        (_COUNTRY_OF_LANGUAGE[x] for x in company.languages if x in _COUNTRY_OF_LANGUAGE), "DK"
    )
    return WorkCalendar(country=company.country or by_language, timezone=settings.timezone)


def open_source(
    file: Path, *, company_id: str, mapping: Mapping[str, str] | None = None, table: str | None = None,
    timezone: str = "", calendar: WorkCalendar | None = None,
) -> IncidentFile:  # fmt: skip
    """Open an incident file of any format we read, tables of a SQLite file included."""
    zone = timezone or "Europe/Copenhagen"
    if table is not None or file.suffix.lower() in _SQLITE:
        rows = list(read_table_rows(file, table))
        return incidents_from_rows(
            rows, company_id=company_id, source=file.name, mapping=mapping, timezone=zone, calendar=calendar
        )
    return open_incidents(file, company_id=company_id, mapping=mapping, timezone=zone, calendar=calendar)


def import_incidents(
    store: Store, company_id: str, file: Path, *, mapping: Mapping[str, str] | None = None, table: str | None = None,
    timezone: str = "", calendar: WorkCalendar | None = None,
) -> ImportResult:  # fmt: skip
    """Import one incident file; a broken row is a problem in the result and costs no other row."""
    opened = open_source(
        file, company_id=company_id, mapping=mapping, table=table, timezone=timezone, calendar=calendar
    )
    saved = store.save_incidents(opened)
    return ImportResult(
        file=str(file), new=saved.new, updated=saved.updated, unchanged=saved.unchanged,
        duplicates=opened.duplicates, mapping=opened.mapping, decisions=opened.decisions,
        problems=tuple(opened.problems),
    )  # fmt: skip


def fetch_site(
    company: Company,
    store: Store,
    settings: CrawlSettings,
    *,
    now: Callable[[], datetime],
    progress: Progress,
) -> tuple[list[Fetched], Coverage]:
    """Crawl a site into the store, going on where an interrupted crawl stopped; return the pages that stand."""
    frontier = store.frontier(company.id, Entry)
    before = {*frontier.urls("fetched"), *frontier.urls("not-modified")}
    settings = replace(settings, known={**_validators(store, company.id), **settings.known})
    crawl = Crawl(company, settings, frontier=frontier, now=now)
    fetched = [page for url in sorted(before) if (page := store.newest_fetched(company.id, url))]
    for n, answer in enumerate(crawl, 1):
        progress("crawl", n)
        stands = store.newest_fetched(company.id, answer.url) if answer.status == 304 else answer
        if stands is not None:
            fetched.append(replace(stands, fetched_at=answer.fetched_at))
    return fetched, crawl.coverage


def _validators(store: Store, company_id: str) -> dict[str, Validators]:
    known = {}
    for page in store.iter_fetched(company_id):
        headers = {name.lower(): value for name, value in page.headers.items()}
        known[page.url] = Validators(
            etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""), sha256=page.sha256
        )
    return known


def read_site(
    fetched: Iterable[Fetched], coverage: Coverage, reader: Reader, store: Store, *, progress: Progress
) -> SiteReading:
    """Read the promises of fetched pages; a page that cannot be read is counted, not forgotten."""
    promises: list[Promise] = []
    statements: dict[str, Statement] = {}
    read: set[str] = set()
    left_out: dict[str, int] = {}
    sentences = 0
    for n, answer in enumerate(fetched, 1):
        progress("read", n)
        try:
            page = read_page(answer)
        except IncompleteError as error:
            left_out[error.what] = left_out.get(error.what, 0) + 1
            continue
        store.save_page(page)
        reading = read_page_promises(page, reader)
        promises += reading.promises
        statements |= {statement.id: statement for statement in _statements(page)}
        read.add(page.url)
        sentences += reading.sentences
        for reason, count in reading.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + count
    return SiteReading(
        promises=tuple(promises), statements=tuple(statements.values()), pages_read=frozenset(read),
        coverage=coverage, sentences=sentences, left_out=left_out,
    )  # fmt: skip


def _statements(page: Page) -> Iterable[Statement]:
    from promisecheck.text import split_sentences

    for block in page.blocks:
        if block.role in ("nav", "button", "consent"):
            continue
        for start, end in split_sentences(block.text, page.language):
            yield Statement(
                text=block.text[start:end], language=page.language, url=page.url, start=block.start + start
            )


def judge_company(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, *,
    statements: Sequence[Statement] = (), now: datetime, run_id: str,
) -> tuple[list[Finding], int]:  # fmt: skip
    """Match what is stored of a company, conclude, and save; return the findings and how much was compared."""
    promises = store.load_promises(company.id)
    incidents = store.load_incidents(company.id)
    calendar = calendar_of(company, settings)
    matches = list(
        match(
            promises, incidents, readings=reader.readings, statements=statements, calendar=calendar, now=now
        )
    )
    findings = find(promises, matches, incidents, policy=settings.policy, now=now)
    store.save_matches(company.id, matches)
    store.save_findings(run_id, findings, at=now)
    return findings, len(matches)


def check_company(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, *, incident_files: Sequence[Path] = (),
    mapping: Mapping[str, str] | None = None, now: Callable[[], datetime],
    progress: Progress = lambda stage, done: None, kind: str = "check",
) -> CheckResult:  # fmt: skip
    """Check one company end to end; everything read is saved as it comes."""
    started = now()
    store.save_company(company)
    run = _begin(company, store, reader, settings, kind, started)
    calendar = calendar_of(company, settings)
    imports = [
        import_incidents(
            store, company.id, file, mapping=mapping, timezone=settings.timezone, calendar=calendar
        )
        for file in incident_files
    ]
    fetched, coverage = fetch_site(company, store, settings.crawl, now=now, progress=progress)
    site = read_site(fetched, coverage, reader, store, progress=progress)
    store.save_promises(company.id, run.id, site.promises, at=started, pages_read=site.pages_read)
    progress("judge", 0)
    findings, compared = judge_company(
        company, store, reader, settings, statements=site.statements, now=started, run_id=run.id
    )
    run = _finish(run, store, site, findings, compared, now())
    return CheckResult(
        company=company, run=run, coverage=coverage, promises=tuple(store.load_promises(company.id)),
        findings=tuple(findings), imports=tuple(imports), compared=compared,
    )  # fmt: skip


def _begin(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, kind: str, started: datetime
) -> Run:
    run = Run(
        id=content_id("run", company.id, started.isoformat()), kind=kind, company_id=company.id,
        started_at=started, version=__version__, config_hash=settings.config_hash,
        packs_hash=packs_hash(reader.packs), weights_hash=reader.readings.version,
    )  # fmt: skip
    store.save_run(run)
    return run


def _finish(
    run: Run, store: Store, site: SiteReading, findings: Sequence[Finding], compared: int, at: datetime
) -> Run:
    counts = {
        "pages": len(site.pages_read), "sentences": site.sentences, "promises": len({p.id for p in site.promises}),
        "findings": len(findings), "compared": compared,
        "contradicted": sum(f.verdict == "contradicted" for f in findings),
    }  # fmt: skip
    coverage = {**site.coverage.to_dict(), "left_out": dict(site.left_out)}
    ended = "incomplete" if site.coverage.failed or site.coverage.nothing_read else "complete"
    finished = replace(run, finished_at=at, status=ended, counts=counts, coverage=coverage)
    store.save_run(finished)
    return finished
