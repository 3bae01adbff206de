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
@json_option
def command(urls: tuple[str, ...], db: Path, as_json: bool, **crawl: Any) -> None:
    """Crawl each URL into the database; `check` reads the promises in what is there."""
    from datetime import UTC, datetime

    from promisecheck.check import company_of, fetch_site
    from promisecheck.cli.progress import progress_line
    from promisecheck.store import Store

    settings = crawl_settings(**crawl)
    seen = []
    with Store.open(db) as store:
        for url in urls:
            company = company_of(url)
            store.save_company(company)
            with progress_line(company.name) as progress:
                _, coverage = fetch_site(
                    company, store, settings, now=lambda: datetime.now(UTC), progress=progress
                )
            store.finish_crawl(company.id)
            seen.append(coverage)
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
