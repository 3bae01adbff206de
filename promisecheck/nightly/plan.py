"""Which companies of promisecheck.toml are due, and how each of them is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from promisecheck.check import CheckSettings, company_of
from promisecheck.config import CompanyConfig, Config, SourceConfig
from promisecheck.crawl import CrawlSettings
from promisecheck.errors import ConfigError, UsageError
from promisecheck.findings import policy_of
from promisecheck.model import Company, Run
from promisecheck.plugins import did_you_mean
from promisecheck.report.speech import pick_language
from promisecheck.sources import Source

_EVERY = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPOKEN = {"DK": "da", "NO": "nb", "SE": "sv", "GB": "en"}
# A night that starts some minutes earlier than the last one, by its random delay, is a night all the same.
_EARLY = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Hold one company of the config with all that its check needs."""

    company: Company
    every: timedelta
    sources: tuple[SourceConfig, ...]
    settings: CheckSettings


def plan_companies(config: Config, *, now: datetime, where: str = "promisecheck.toml") -> list[Planned]:
    """Return the companies of a config; raise ConfigError that names the one that cannot be used."""
    planned = [
        _planned(config, given, now, f"{where}: company[{n}]") for n, given in enumerate(config.company, 1)
    ]
    ids = [one.company.id for one in planned]
    twice = next((key for key in ids if ids.count(key) > 1), None)
    if twice is not None:
        raise ConfigError(f"two companies are called {twice}", where=where, do="give one an id of its own")
    return planned


def pick_companies(planned: Sequence[Planned], named: Sequence[str]) -> list[Planned]:
    """Return the companies with these ids or names, or all of them where none is named; there must be one."""
    if not planned:
        raise ConfigError(
            "names no company", where="promisecheck.toml", do="add a [[company]] with name and url"
        )
    known = {name: one for one in planned for name in (one.company.id, one.company.name)}
    for name in named:
        if name not in known:
            raise UsageError(f"there is no company {name!r}", do=did_you_mean(name, sorted(known)))
    return [known[name] for name in dict.fromkeys(named)] if named else list(planned)


def language_of(config: Config, planned: Iterable[Planned]) -> str:
    """Return the language of messages: the configured one, else the one that the companies share, else English."""
    if config.notify.language:
        return config.notify.language
    spoken = {
        one.company.languages[0] if one.company.languages else _SPOKEN.get(one.company.country, "")
        for one in planned
    }
    shared = spoken.pop() if len(spoken) == 1 else ""
    return pick_language([shared]) or "en"


def due_companies(planned: Iterable[Planned], newest: Mapping[str, Run], *, now: datetime) -> list[Planned]:
    """Return the companies whose last good run is long enough ago; `newest` holds it by company id."""
    return [one for one in planned if _is_due(one, newest.get(one.company.id), now)]


def newest_good(runs: Iterable[Run]) -> dict[str, Run]:
    """Return, by company, its newest run that ended and read something."""
    newest: dict[str, Run] = {}
    for run in sorted(runs, key=lambda run: run.started_at):
        if run.company_id and run.status in ("complete", "incomplete") and run.counts.get("pages"):
            newest[run.company_id] = run
    return newest


def sources_of(planned: Planned, folder: Path) -> list[Source]:
    """Return the files that are there now; raise ConfigError for a glob that names none."""
    return [source for given in planned.sources for source in _files(given, folder, planned.company.name)]


def _files(given: SourceConfig, folder: Path, company: str) -> list[Source]:
    if given.database:
        path = folder / given.database
        return [Source(path=path, name=given.name or path.name, table=given.table or None,
                       query=given.query or None, mapping=given.mapping or None)]  # fmt: skip
    pattern = Path(given.files)
    root = Path(pattern.anchor) if pattern.is_absolute() else folder
    found = sorted(root.glob(str(pattern.relative_to(pattern.anchor)))) if given.files else []
    if not found:
        raise ConfigError(
            f"no file matches {given.files!r}", where=f"incidents of {company}", do=f"looked in {folder}"
        )
    name = given.name or given.files
    return [Source(path=path, name=name, mapping=given.mapping or None) for path in found]


def _is_due(planned: Planned, last: Run | None, now: datetime) -> bool:
    return last is None or now - last.started_at >= planned.every * _EARLY


def _planned(config: Config, given: CompanyConfig, now: datetime, where: str) -> Planned:
    company = company_of(given.url, given.name, given.country)
    company = replace(company, id=given.id or company.id, languages=given.languages)
    globs = [SourceConfig(files=pattern, mapping=given.mapping) for pattern in given.incidents]
    own = [replace(source, mapping=source.mapping or given.mapping) for source in given.source]
    return Planned(
        company=company, every=_interval(given.every, where), sources=(*globs, *own),
        settings=check_settings(config, given, now),
    )  # fmt: skip


def check_settings(config: Config, given: CompanyConfig, now: datetime) -> CheckSettings:
    """Return how one company of a config is crawled and judged."""
    crawl = config.crawl
    return CheckSettings(
        crawl=CrawlSettings(
            contact=crawl.contact, delay=crawl.delay, max_pages=crawl.max_pages, max_depth=crawl.depth,
            allow_private_networks=crawl.allow_private_network, render=crawl.render,
        ),
        policy=policy_of(config.verdict, given.opening),
        timezone=given.timezone, config_hash=config.hash, skip_unchanged_files=True,
        forget_before=now - timedelta(days=config.retention_days),
    )  # fmt: skip


def _interval(text: str, where: str) -> timedelta:
    found = _EVERY.fullmatch(text.strip())
    if not found or not int(found[1]):
        raise ConfigError(f"every = {text!r} is no interval", where=where, do='write "12h", "1d" or "2w"')
    return int(found[1]) * _UNITS[found[2]]
