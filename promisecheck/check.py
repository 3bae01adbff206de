"""One company, all stages: crawl → pages → promises → match → findings. The only module that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from promisecheck import __version__
from promisecheck.clock import WorkCalendar
from promisecheck.crawl import Coverage, CrawlSettings
from promisecheck.errors import UsageError
from promisecheck.fetching import fetch_site
from promisecheck.findings import Policy, find
from promisecheck.match import Statement, match
from promisecheck.match.compare import Compared
from promisecheck.model import Company, Finding, Match, Promise, Run, content_id
from promisecheck.packs import packs_hash
from promisecheck.promises import Reader
from promisecheck.site import Progress, SiteReading, SiteStatements, addresses_of, read_site
from promisecheck.sources import ImportResult, Source, import_source
from promisecheck.store import ProgressNotes, Store, absences

# What a reason begins with that holds only until the clock moves on.
_STILL_OPEN = "Still open"
_COMPARED = "compared"
# For how long what an interrupted check has fetched is as good as fetched now.
_STANDS = timedelta(days=1)
_COUNTRY_OF_DOMAIN = {"dk": "DK", "no": "NO", "se": "SE", "uk": "GB"}
_COUNTRY_OF_LANGUAGE = {"da": "DK", "nb": "NO", "nn": "NO", "sv": "SE", "en": "GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """Say how to crawl, how to judge, and in whose time zone undated zones are."""

    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    policy: Policy = field(default_factory=Policy)
    timezone: str = ""
    config_hash: str = ""
    forget_before: datetime | None = None
    """Incidents that ended before this moment are not imported."""
    skip_unchanged_files: bool = False
    """Leave an incident file alone whose bytes were imported before."""


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
    return settings.policy.calendar(company.country or by_language, settings.timezone)


def judge_company(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, *,
    statements: Sequence[Statement] = (), not_checked: Mapping[str, str] | None = None, now: datetime, run_id: str,
) -> tuple[list[Finding], int]:  # fmt: skip
    """Match what is stored of a company, conclude, and save; return the findings and how much was compared.

    `not_checked` says of promises why their pages could not be read. Where nothing that a verdict depends on
    has changed since the last time, those findings stand.
    """
    promises, events = store.load_promises(company.id), store.load_history(company.id)
    away, unread = absences(events), dict(not_checked or {})
    stamp = content_id(
        _judged_from(company, store, reader, settings, promises, statements),
        sorted(unread),
        sorted(away.items()),
    )
    before = store.get_readings("", "judged", [company.id]).get(company.id)
    if before and before["stamp"] == stamp:
        store.touch_findings(company.id, run_id, at=now)
        return store.load_findings(company.id), before["compared"]
    incidents = store.load_incidents(company.id)
    calendar = calendar_of(company, settings)
    known = _Compared(
        store, company, content_id(__version__, packs_hash(reader.packs), reader.readings.version)
    )
    matches = match(
        promises, incidents, readings=reader.readings, statements=statements, calendar=calendar, now=now, cache=known,
    )  # fmt: skip
    passed = _Passed(store.saving_matches(company.id, matches))
    findings = find(
        promises, passed, incidents, policy=settings.policy, calendar=calendar, not_checked=unread, now=now,
        read_since=min((event.at for event in events), default=None), away=away,
    )  # fmt: skip
    store.save_findings(run_id, findings, at=now)
    judged = {"stamp": "" if passed.open else stamp, "compared": passed.count}
    store.put_readings("", "judged", {company.id: judged})
    known.forget_the_rest()
    return findings, passed.count


class _Passed:
    """Count matches as they pass, and note whether one holds only until the clock moves on."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._matches = matches
        self.count = 0
        self.open = False

    def __iter__(self) -> Iterator[Match]:
        for one in self._matches:
            self.count += 1
            self.open = self.open or any(reason.startswith(_STILL_OPEN) for reason in one.reasons)
            yield one


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """Hold how far a run of a company has come; one that is not `done` was cut short and is gone on with."""

    run_id: str
    kind: str
    started: datetime
    saved: bool = False
    done: bool = False


class _Compared:
    """Remember between runs what incidents say, a batch at a time; what a run did not ask for is forgotten."""

    def __init__(self, store: Store, company: Company, version: str) -> None:
        self._store, self._company_id, self._version = store, company.id, version
        self._asked: set[str] = set()

    def load(self, keys: Sequence[str]) -> dict[str, Compared]:
        """Return what is kept of these keys."""
        own = {self._own(key): key for key in keys}
        self._asked.update(own)
        kept = self._store.get_values(self._company_id, _COMPARED, own, Compared)
        return {own[key]: found for key, found in kept.items()}

    def keep(self, found: Mapping[str, Compared]) -> None:
        """Keep what was found anew."""
        rows = {self._own(key): one for key, one in found.items()}
        with self._store.writing(lag=1.0):
            self._store.put_readings(self._company_id, _COMPARED, rows)

    def forget_the_rest(self) -> None:
        """Drop what was not asked for."""
        self._store.keep_readings(self._company_id, _COMPARED, self._asked)

    def _own(self, key: str) -> str:
        return f"{self._version}-{key}"


def _judged_from(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, promises: Sequence[Promise],
    statements: Sequence[Statement],
) -> str:  # fmt: skip
    """Return a hash of all that verdicts depend on, but the time of day."""
    newest = max((promise.last_seen for promise in promises if promise.last_seen), default=None)
    stated = [
        replace(promise, snapshot="", last_seen=None if promise.last_seen == newest else promise.last_seen)
        for promise in promises
    ]
    if isinstance(statements, SiteStatements):
        said: object = statements.digest
    else:
        said = sorted((one.url, one.start, one.text) for one in statements)
    return content_id(
        __version__, company, stated, store.incidents_hash(company.id), said, settings.policy,
        settings.timezone, packs_hash(reader.packs), reader.readings.version,
    )  # fmt: skip


def check_company(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, *,
    incident_files: Sequence[Path | Source] = (), mapping: Mapping[str, str] | None = None,
    now: Callable[[], datetime], at: datetime | None = None,
    progress: Progress = lambda stage, done: None, kind: str = "check",
) -> CheckResult:  # fmt: skip
    """Check one company end to end; everything read is saved as it comes.

    A check says `not-checked` of promises whose pages could not be read; any other kind of run (a night, a
    sweep) lets the last conclusion stand and counts them as unseen. `at` dates the results where that is
    not the time of the run: with the same `at` two runs over the same site and log conclude the same to the
    byte.
    """
    run, stage = _open_run(company, store, reader, settings, kind, at, now)
    totals = {"crawl": settings.crawl.max_pages}
    with ProgressNotes(store, run, now=now, totals=totals, tell=progress) as notes:
        notes("import", 0)
        sources = [s if isinstance(s, Source) else Source(path=s, mapping=mapping) for s in incident_files]
        imports = _import_all(company, store, sources, settings)
        notes("crawl", 0)
        fetched, coverage = fetch_site(company, store, settings.crawl, now=now, progress=notes)
        notes.totals["read"] = len(fetched)
        site = read_site(fetched, coverage, reader, store, progress=notes)
        _save_site(company, store, stage, site)
        notes("judge", 0)
        unread = _unread(company, store, site)
        findings, compared = judge_company(
            company, store, reader, settings, statements=site.statements,
            not_checked=unread if kind == "check" else {}, now=run.started_at, run_id=run.id,
        )  # fmt: skip
        run = _finish(run, stage, store, site, findings, compared, len(unread), at or now())
    return CheckResult(
        company=company, run=run, coverage=site.coverage, promises=tuple(store.load_promises(company.id)),
        findings=tuple(findings), imports=imports, compared=compared,
    )  # fmt: skip


def _open_run(
    company: Company, store: Store, reader: Reader, settings: CheckSettings, kind: str, at: datetime | None,
    now: Callable[[], datetime],
) -> tuple[Run, OpenRun]:  # fmt: skip
    """Return the run that begins, or goes on with one that was cut short, and how far it is."""
    left = _left_open(company, store, kind, at, now())
    # A night tells what came since the one before, so it dates what it finds itself.
    started = at or (left.started if left and kind == "check" else now())
    store.save_company(company)
    run = _begin(company, store, reader, settings, kind, started)
    stage = OpenRun(run_id=run.id, kind=kind, started=started, saved=left is not None and left.saved)
    with store.writing():
        if left is None:
            # Else whoever goes on with this run would take the addresses of the last one for its own.
            store.begin_crawl(company.id)
        _note(company.id, store, stage)
    return run, stage


def _left_open(
    company: Company, store: Store, kind: str, at: datetime | None, now: datetime
) -> OpenRun | None:
    """Return the run that something cut short, where this one is to go on with it."""
    left = store.get_values("", "run", [company.id], OpenRun).get(company.id)
    if left is None or left.done or left.kind != kind or (at and at != left.started):
        return None
    return left if at or now - left.started < _STANDS else None


def _save_site(company: Company, store: Store, stage: OpenRun, site: SiteReading) -> None:
    """Save the promises, once a run: saved twice, what is missing would be missing in two runs."""
    if stage.saved:
        return
    with store.writing():
        store.save_promises(
            company.id, stage.run_id, site.promises, at=stage.started, pages_read=site.pages_read
        )
        _note(company.id, store, replace(stage, saved=True))


def _note(company_id: str, store: Store, stage: OpenRun) -> None:
    store.put_readings("", "run", {company_id: stage})


def _import_all(
    company: Company, store: Store, sources: Sequence[Source], settings: CheckSettings
) -> tuple[ImportResult, ...]:
    calendar = calendar_of(company, settings)
    imports = [
        import_source(
            store, company.id, source, timezone=settings.timezone, calendar=calendar,
            forget_before=settings.forget_before, skip_unchanged=settings.skip_unchanged_files,
        )
        for source in sources
    ]  # fmt: skip
    return tuple(one for one in imports if one is not None)


def rejudge_company(
    store: Store, company_id: str, reader: Reader, settings: CheckSettings | None = None, *, now: datetime
) -> list[Finding]:
    """Judge a known company anew by what is stored, without a crawl: after an import, or under new rules."""
    company = store.load_company(company_id)
    if company is None:
        raise UsageError(f"there is no company {company_id!r}", where=str(store.path), do="run a check first")
    settings = settings or CheckSettings()
    coverage = Coverage(company_id=company.id, home_url=company.home_url)
    run = _begin(company, store, reader, settings, "judge", now)
    with ProgressNotes(store, run, now=lambda: now) as notes:
        site = read_site(store.iter_fetched(company.id), coverage, reader, store, progress=notes)
        notes("judge", 0)
        findings, compared = judge_company(
            company, store, reader, settings, statements=site.statements, now=now, run_id=run.id
        )
        counts = {"findings": len(findings), "compared": compared}
        store.save_run(replace(run, finished_at=now, status="complete", counts=counts))
    return findings


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


def _unread(company: Company, store: Store, site: SiteReading) -> dict[str, str]:
    """Return, by promise, why it could not be checked: none of the pages where it stands was read this time."""
    seen = {promise.id for promise in site.promises}
    why = {failure.url: failure.reason for failure in site.coverage.failed}
    unread = {}
    for promise in store.load_promises(company.id):
        urls = [place.url for place in store.load_places(promise.id)] if promise.id not in seen else []
        if urls and not any(url in site.pages_read for url in urls):
            unread[promise.id] = next((why[url] for url in urls if url in why), "its page was not reached")
    return unread


def _finish(
    run: Run,
    stage: OpenRun,
    store: Store,
    site: SiteReading,
    findings: Sequence[Finding],
    compared: int,
    unseen: int,
    at: datetime,
) -> Run:
    counts = {
        "pages": len(site.pages_read), "sentences": site.sentences, "promises": len({p.id for p in site.promises}),
        "findings": len(findings), "compared": compared,
        "unseen": unseen, "contradicted": sum(f.verdict == "contradicted" for f in findings),
    }  # fmt: skip
    coverage = {**site.coverage.to_dict(), "left_out": dict(site.left_out)}
    ended = "incomplete" if site.coverage.failed or site.coverage.nothing_read else "complete"
    finished = replace(run, finished_at=at, status=ended, counts=counts, coverage=coverage)
    with store.writing():
        store.save_run(finished)
        store.save_addresses(run.company_id, run.id, addresses_of(site, store))
        store.finish_crawl(run.company_id)
        _note(run.company_id, store, replace(stage, done=True))
    return finished
