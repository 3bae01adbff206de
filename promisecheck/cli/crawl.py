"""`promisecheck crawl`: websites into the database, without judging."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.options import crawl_options, crawl_settings, db_option, json_option
from promisecheck.cli.output import print_json, say


@click.command("crawl")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@db_option
@crawl_options
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes to share the sites out over, by host.",
)
@json_option
def command(urls: tuple[str, ...], db: Path, workers: int, as_json: bool, **crawl: Any) -> None:
    """Crawl each URL into the database, all at once; `check` reads the promises in what is there."""
    from promisecheck.check import company_of
    from promisecheck.cli.progress import progress_line
    from promisecheck.fetching import fetch_sites
    from promisecheck.store import Store

    settings = crawl_settings(**crawl)
    companies = list({company.id: company for company in map(company_of, urls)}.values())
    # Makes or migrates the database once, before several processes open it.
    Store.open(db).close()
    with progress_line(companies[0].name if len(companies) == 1 else f"{len(companies)} sites") as progress:
        found = fetch_sites(companies, db, settings, workers=workers, progress=progress)
        by_id = {coverage.company_id: coverage for coverage in found}
    seen = [by_id[company.id] for company in companies]
    for coverage in seen:
        for failure in coverage.failed:
            say(f"incomplete: {failure.url}: {failure.reason}")
    if as_json:
        print_json("crawl", [coverage.to_dict() for coverage in seen])
    else:
        for coverage in seen:
            click.echo(
                f"{coverage.home_url}: {coverage.found} found, {coverage.fetched} fetched, "
                f"{coverage.not_modified} not modified, {sum(coverage.skipped.values())} skipped, "
                f"{coverage.blocked_by_robots} blocked by robots.txt, {len(coverage.failed)} failed"
                + (f"; partial: {'; '.join(coverage.why)}" if coverage.partial else "")
            )
    exit_with(3 if any(coverage.failed or coverage.nothing_read for coverage in seen) else 0)
