"""promisecheck.toml: which companies to check, with which incidents, how politely, and whom to tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from promisecheck.errors import ConfigError
from promisecheck.model import content_id
from promisecheck.plugins import did_you_mean

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlConfig:
    """Say how to crawl; `contact` (a mail or web address) goes into the User-Agent. Times in seconds."""

    contact: str = ""
    delay: float = 1.0
    max_pages: int = 200
    depth: int = 6
    allow_private_network: tuple[str, ...] = ()
    render: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictConfig:
    """Hold the shares that must be kept, and how 'within 24 hours' is read ("wall" or "opening").

    `opening` lists opening hours as "mon-fri 09:00-17:00"; a company may have its own.
    """

    firm: float = 0.95
    hedged: float = 0.5
    hours: str = "wall"
    opening: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """Name one place incidents come from: `files` (a glob), or a `table` or `query` of a SQLite `database`.

    `name` is part of the incidents' ids: keep it when files are renamed.
    """

    name: str = ""
    files: str = ""
    database: str = ""
    table: str = ""
    query: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyConfig:
    """Name one company, where its incidents are (globs, or sources of its own), and how often it is due.

    `every` is a number with h, d or w: "12h", "1d", "2w".
    """

    name: str
    url: str
    id: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    source: tuple[SourceConfig, ...] = ()
    timezone: str = ""
    opening: tuple[str, ...] = ()
    every: str = "1d"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyConfig:
    """Say whom to tell (apprise URLs), on what, in which language, and which dead-man address to ping.

    With no `language` it is that of the companies, where they have one in common, else English.
    """

    urls: tuple[str, ...] = ()
    on: tuple[str, ...] = ("new", "changed", "came-back", "fixed", "failed", "recovered")
    all_fine: bool = False
    language: str = ""
    ping: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hold a whole promisecheck.toml."""

    database: str = "promisecheck.db"
    report: str = ""
    retention_days: int = 365
    rules: tuple[str, ...] = ()
    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    verdict: VerdictConfig = field(default_factory=VerdictConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)
    company: tuple[CompanyConfig, ...] = ()

    @property
    def hash(self) -> str:
        """Return a hash of all that can move results."""
        return content_id(repr(self))


_WORDS: dict[str, tuple[str, ...]] = {
    "on": ("new", "changed", "came-back", "fixed", "failed", "recovered"),
    "language": ("", "en", "da", "nb", "sv"),
    "hours": ("wall", "opening"),
    "country": ("", "DK", "NO", "SE", "GB"),
}

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPENING = re.compile(
    r"(?P<first>[a-z]{3})(?:\s*-\s*(?P<last>[a-z]{3}))?\s+(?P<opens>\d{1,2}(?::\d\d)?)\s*-\s*(?P<closes>\d{1,2}(?::\d\d)?)"
)

STARTER = """\
# What promisecheck checks. `promisecheck check` and `promisecheck nightly` read this file.
database = "promisecheck.db"
retention_days = 365

[crawl]
# An address where the owner of a crawled site can reach you; it goes into the User-Agent.
contact = ""
delay = 1.0
max_pages = 200

[verdict]
# Share that must be kept before a firm promise ("inden for 24 timer") counts as kept,
# and a hedged one ("normalt inden for 24 timer").
firm = 0.95
hedged = 0.5
# How promised hours run: "wall" (24 hours are 24 hours) or "opening" (only while you are open).
hours = "wall"
# opening = ["mon-fri 09:00-17:00"]

# Whom to tell when something changed (needs `pip install "promisecheck[notify]"`); one message a run.
# [notify]
# urls = ["mailto://user:password@example.com?to=me@example.com"]
# ping = "https://example.com/ping/my-check"

# [[company]]
# name = "Example A/S"
# url = "https://www.example.com"
# country = "DK"
# incidents = ["incidents/*.csv"]
"""


def load_config(path: Path) -> Config:
    """Read a config file; raise ConfigError that names the file and the key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file", where=str(path), do="make one with: promisecheck init"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), do="mend the line named") from error
    config = _section(Config, data, str(path))
    read_opening(config.verdict.opening, f"{path}: verdict: opening")
    for n, company in enumerate(config.company, 1):
        read_opening(company.opening, f"{path}: company[{n}]: opening")
    return config


def read_opening(lines: Sequence[str], where: str = "opening") -> dict[int, tuple[time, time]]:
    """Return, by weekday (0 = Monday), when it opens and closes; raise ConfigError that names the line.

    A line reads "mon-fri 09:00-17:00" or "sat 10-14"; a day that no line names is closed.
    """
    hours: dict[int, tuple[time, time]] = {}
    for line in lines:
        found = _OPENING.fullmatch(line.strip().lower())
        try:
            if found is None:
                raise ValueError
            first = _DAYS.index(found["first"])
            last = _DAYS.index(found["last"] or found["first"])
            opens, closes = _time_of(found["opens"]), _time_of(found["closes"])
            if last < first or not (opens < closes or closes == time(0)):
                raise ValueError
        except ValueError:
            raise ConfigError(
                f"{line!r} are no opening hours", where=where, do='write them as "mon-fri 09:00-17:00"'
            ) from None
        hours |= dict.fromkeys(range(first, last + 1), (opens, closes))
    return hours


def _time_of(text: str) -> time:
    """Read "9", "09:00" or "24:00", which is the midnight that ends the day."""
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24 if int(hour) <= 24 else -1, int(minute or 0))


def _section(kind: type[Section], data: Mapping[str, Any], where: str) -> Section:
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise ConfigError(f"unknown key {key!r}", where=where, do=did_you_mean(key, known))
        values[key] = _value(key, hints[key], value, f"{where}: {key}")
    try:
        return kind(**values)
    except TypeError:
        missing = [f for f in ("name", "url") if f in known and f not in values]
        raise ConfigError(f"missing {' and '.join(missing)}", where=where, do="add the key") from None


def _value(key: str, hint: Any, value: Any, where: str) -> Any:
    nested = {
        "crawl": CrawlConfig, "verdict": VerdictConfig, "notify": NotifyConfig, "company": CompanyConfig,
        "source": SourceConfig,
    }  # fmt: skip
    if key in nested and isinstance(value, list) and "tuple" in str(hint):
        return tuple(_section(nested[key], item, f"{where}[{n}]") for n, item in enumerate(value, 1))
    if key in nested and isinstance(value, Mapping) and "tuple" not in str(hint):
        return _section(nested[key], value, where)
    if isinstance(value, list):
        value = tuple(value)
    if key in _WORDS:
        _check_words(value, _WORDS[key], where)
    simple: dict[Any, tuple[type, ...]] = {str: (str,), float: (int, float), int: (int,), bool: (bool,)}
    wanted = simple.get(hint, (tuple,) if "tuple" in str(hint) else (Mapping,))
    if not isinstance(value, wanted) or (isinstance(value, bool) and hint is not bool):
        name = getattr(hint, "__name__", "list").replace("tuple", "list")
        raise ConfigError(f"{value!r} is not a {name}", where=where, do="see docs/reference/config.md")
    return value


def _check_words(value: Any, known: tuple[str, ...], where: str) -> None:
    for word in value if isinstance(value, tuple) else (value,):
        if word not in known:
            raise ConfigError(
                f"{word!r} is none of the values", where=where, do=did_you_mean(str(word), list(known))
            )
