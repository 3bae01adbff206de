"""promisecheck.toml: which companies to check, with which incidents, how politely, and whom to tell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictConfig:
    """Hold the shares that must be kept, and how 'within 24 hours' is read ("wall" or "opening")."""

    firm: float = 0.95
    hedged: float = 0.5
    hours: str = "wall"


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
    every: str = "1d"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyConfig:
    """Say whom to tell (apprise URLs), on what, in which language, and which dead-man address to ping."""

    urls: tuple[str, ...] = ()
    on: tuple[str, ...] = ("new", "changed", "came-back", "fixed", "failed")
    all_fine: bool = False
    language: str = "en"
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
    "on": ("new", "changed", "came-back", "fixed", "failed"),
    "language": ("en", "da", "nb", "sv"),
    "hours": ("wall", "opening"),
    "country": ("", "DK", "NO", "SE", "GB"),
}

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
    return _section(Config, data, str(path))


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
