"""`promisecheck check`: websites and incident logs in, contradicted promises out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.incidents import map_option, parse_mapping, tell_import, timezone_option
from promisecheck.cli.options import (
    crawl_options,
    crawl_settings,
    db_option,
    json_option,
    language_option,
    rules_option,
    semantic_option,
    verdict_policy,
)
from promisecheck.cli.output import print_json, say
from promisecheck.errors import UsageError

if TYPE_CHECKING:
    from promisecheck.check import CheckResult
    from promisecheck.store import Store

FAIL_ON = ("contradicted", "at-risk", "never")
fail_on_option = click.option(
    "--fail-on", type=click.Choice(FAIL_ON), default="contradicted", show_default=True,
    help="From which verdict the exit code is 1.",
)  # fmt: skip
report_option = click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file."
)
format_option = click.option(
    "--format", "format_", help="The report's format (default: by the file's ending)."
)


@click.command("check")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option(
    "--incidents", multiple=True, type=click.Path(path_type=Path),
    help="Incident file of the site (CSV, JSONL, XLSX, SQLite); for several sites one each, in order.",
)  # fmt: skip
@db_option
@report_option
@format_option
@fail_on_option
@crawl_options
@click.option("--country", type=click.Choice(["DK", "NO", "SE", "GB"]), help="Whose holidays count.")
@click.option("--name", help="The company's name, where one site is checked.")
@map_option
@timezone_option
@rules_option
@semantic_option
@language_option
@json_option
def command(
    urls: tuple[str, ...], incidents: tuple[Path, ...], db: Path, report: Path | None, format_: str | None,
    fail_on: str, country: str | None, name: str | None, mapping: tuple[str, ...], timezone: str,
    rules: tuple[str, ...], semantic: bool | None, language: str, as_json: bool, **crawl: Any,
) -> None:  # fmt: skip
    """Crawl each URL, read its promises, judge them by the incident log, and report.

    Exit code 1 where a promise is contradicted, 3 where a page could not be read or nothing was compared.
    """
    from promisecheck.check import CheckSettings, company_of
    from promisecheck.report import format_of
    from promisecheck.store import Store

    files = pair_incidents(urls, incidents)
    kind = (format_ or format_of(report)) if report else ""
    crawling = crawl_settings(**crawl)
    with Store.open(db) as store:
        results = []
        for url, own in zip(urls, files, strict=True):
            company = company_of(url, name or "", country or "")
            policy = verdict_policy(crawl["config"], company.id)
            settings = CheckSettings(crawl=crawling, policy=policy, timezone=timezone)
            results.append(run_check(store, company, settings, own, parse_mapping(mapping), rules, semantic))
        show(store, results, report, kind, language, as_json)
    exit_with(exit_code(results, fail_on))


def pair_incidents(urls: Sequence[str], incidents: Sequence[Path]) -> list[list[Path]]:
    """Return the incident files of each site: all of them for one site, one each for several."""
    for file in incidents:
        if not file.exists():
            raise UsageError("no such file", where=str(file), do="check the path given to --incidents")
    if len(urls) == 1:
        return [list(incidents)]
    if incidents and len(incidents) != len(urls):
        raise UsageError(
            f"{len(urls)} sites but {len(incidents)} incident files",
            do="give one --incidents for each URL, in order",
        )
    return [[file] for file in incidents] or [[] for _ in urls]


def run_check(
    store: Store, company: Any, settings: Any, files: Sequence[Path], mapping: dict[str, str],
    rules: Sequence[str] = (), semantic: bool | None = None,
) -> CheckResult:  # fmt: skip
    """Check one company and tell what could not be read."""
    from datetime import UTC, datetime

    from promisecheck.check import check_company
    from promisecheck.cli.progress import progress_line
    from promisecheck.promises import open_reader

    reader = open_reader(rules=[Path(folder) for folder in rules], semantic=semantic)
    with progress_line(company.name) as progress:
        result = check_company(
            company, store, reader, settings, incident_files=files, mapping=mapping,
            now=lambda: datetime.now(UTC), progress=progress,
        )  # fmt: skip
    for done in result.imports:
        tell_import(done.file, done.problems)
    for reason in result.incomplete:
        say(f"incomplete: {reason}")
    return result


def show(
    store: Store,
    results: Sequence[CheckResult],
    report: Path | None,
    kind: str,
    language: str,
    as_json: bool,
) -> None:
    """Write the report file and print what was found."""
    from datetime import UTC, datetime

    from promisecheck.dossier import load_view
    from promisecheck.report import render_terminal, write_report

    ids = [result.company.id for result in results]
    view = load_view(store, company_ids=ids, language=language, now=datetime.now(UTC))
    if as_json:
        print_json("check", [summary(result) for result in results])
    else:
        click.echo(render_terminal(view))
    if report is not None:
        write_report(view, kind, report)
        store.note_exports([report], format=kind, language=language, company_ids=ids, at=datetime.now(UTC))
        say(f"report: {report}")


def summary(result: CheckResult) -> dict[str, Any]:
    """Return what `--json` prints of one check."""
    by_id = {promise.id: promise for promise in result.promises}
    return {
        "company": result.company,
        "run": result.run,
        "coverage": result.coverage.to_dict(),
        "imports": result.imports,
        "compared": result.compared,
        "incomplete": result.incomplete,
        "findings": [{"promise": by_id.get(f.promise_id), "finding": f} for f in result.findings],
    }


def exit_code(results: Sequence[CheckResult], fail_on: str) -> int:
    """Return 1 where a verdict reaches `fail_on`, else 3 where a check is incomplete, else 0."""
    bad = {"contradicted": {"contradicted"}, "at-risk": {"contradicted", "at-risk"}, "never": set[str]()}[
        fail_on
    ]
    if any(finding.verdict in bad for result in results for finding in result.findings):
        return 1
    return 3 if any(result.incomplete for result in results) else 0
