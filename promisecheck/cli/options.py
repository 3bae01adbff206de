"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

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

crawl_options = _all(
    click.option("--delay", type=click.FloatRange(min=0), help="Seconds between requests to one host (default 1)."),
    click.option("--max-pages", type=click.IntRange(min=1), help="Pages a site at most (default 200)."),
    click.option("--depth", type=click.IntRange(min=0), help="Links away from the start page at most."),
    click.option("--allow-private-network", "private", multiple=True, metavar="HOST",
                 help="Allow this non-public host (repeatable); by default only public addresses are reached."),
    click.option("--contact", help="Mail or web address that goes into the User-Agent."),
)  # fmt: skip
