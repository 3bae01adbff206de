"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from promisecheck.config import Config
    from promisecheck.crawl import CrawlSettings
    from promisecheck.findings import Policy

Verb = TypeVar("Verb", bound=Callable[..., Any])


def _all(*options: Callable[[Verb], Verb]) -> Callable[[Verb], Verb]:
    return lambda verb: reduce(lambda inner, option: option(inner), reversed(options), verb)


semantic_option = click.option(
    "--semantic/--no-semantic",
    default=None,
    help="Force the encoder on or off (default: on where it is installed).",
)
rules_option = click.option(
    "--rules",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="A folder of further rule files.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
db_option = click.option(
    "--db", type=click.Path(dir_okay=False, path_type=Path), default=Path("promisecheck.db"), show_default=True,
    help="The database file.",
)  # fmt: skip
company_option = click.option("--company", help="Only this company (id or name).")
language_option = click.option(
    "--language", type=click.Choice(["en", "da", "nb", "sv"]), default="en", show_default=True,
    help="The language of the report.",
)  # fmt: skip

crawl_options = _all(
    click.option("--delay", type=click.FloatRange(min=0), help="Seconds between requests to one host (default 1)."),
    click.option("--max-pages", type=click.IntRange(min=1), help="Pages a site at most (default 200)."),
    click.option("--depth", type=click.IntRange(min=0), help="Links away from the start page at most (default 6)."),
    click.option("--allow-private-network", "private", multiple=True, metavar="HOST",
                 help="Allow this non-public host (repeatable); by default only public addresses are reached."),
    click.option("--render", "render", multiple=True, metavar="HOST",
                 help="Open this host's pages in a browser (repeatable; extra js); `shells` stands for every page "
                      "that is empty until its scripts have run."),
    click.option("--contact", help="Mail or web address that goes into the User-Agent."),
    click.option("--config", type=click.Path(dir_okay=False, path_type=Path),
                 help="The config file (default: promisecheck.toml, where there is one)."),
)  # fmt: skip


def crawl_settings(
    delay: float | None, max_pages: int | None, depth: int | None, private: tuple[str, ...],
    render: tuple[str, ...], contact: str | None, config: Path | None,
) -> CrawlSettings:  # fmt: skip
    """Return crawl settings: flags first, then the config file, then the defaults."""
    from promisecheck.crawl import CrawlSettings

    stated = _config_of(config).crawl
    return CrawlSettings(
        contact=stated.contact if contact is None else contact,
        delay=stated.delay if delay is None else delay,
        max_pages=stated.max_pages if max_pages is None else max_pages,
        max_depth=stated.depth if depth is None else depth,
        allow_private_networks=(*stated.allow_private_network, *private),
        render=(*stated.render, *render),
    )


def verdict_policy(config: Path | None = None, company_id: str = "") -> Policy:
    """Return by what shares and clock a company's promises are judged: by the config file, else the defaults."""
    from promisecheck.check import company_of
    from promisecheck.findings import policy_of

    found = _config_of(config)
    own = [one.opening for one in found.company if company_id in (one.id, company_of(one.url).id)]
    return policy_of(found.verdict, own[0] if own else ())


def _config_of(path: Path | None) -> Config:
    from promisecheck.config import Config, load_config

    default = Path("promisecheck.toml")
    return load_config(path or default) if path or default.exists() else Config()
