"""`promisecheck demo`: six invented companies, served over loopback, crawled and checked for real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from promisecheck.cli.options import json_option, language_option, semantic_option
from promisecheck.cli.output import print_json, say
from promisecheck.errors import UsageError

if TYPE_CHECKING:
    from promisecheck.check import CheckResult
    from promisecheck.store import Store


@click.command("demo")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("promisecheck-demo"), show_default=True,
    help="The folder for the database and the report; an earlier demo in it is replaced.",
)  # fmt: skip
@click.option("--company", multiple=True, help="Only this company (repeatable).")
@language_option
@semantic_option
@json_option
def command(out: Path, company: tuple[str, ...], language: str, semantic: bool | None, as_json: bool) -> None:
    """Check six invented companies, offline, and write the HTML report."""
    from datetime import UTC, datetime

    from promisecheck.dossier import load_view
    from promisecheck.report import render_terminal, write_report
    from promisecheck.store import Store

    out.mkdir(parents=True, exist_ok=True)
    database, report = out / "demo.db", out / "report.html"
    for old in (database, out / "demo.db-wal", out / "demo.db-shm"):
        old.unlink(missing_ok=True)
    with Store.open(database) as store:
        results = [check_demo(store, folder, semantic) for folder in demo_companies(company)]
        view = load_view(store, language=language, now=datetime.now(UTC))
        write_report(view, "html", report)
        if as_json:
            from promisecheck.cli.check import summary

            print_json("demo", [summary(result) for result in results])
        else:
            click.echo(render_terminal(view))
    say(f"report: {report} (open it in a browser) · database: {database}")


def demo_folder() -> Path:
    """Return where the invented companies lie: in the installed package, or in a checkout's corpora."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "demo", package.parent / "corpora" / "demo"):
        if folder.is_dir():
            return folder
    raise UsageError("the demo companies are not installed", where=str(package), do="reinstall promisecheck")


def demo_companies(only: tuple[str, ...] = ()) -> list[Path]:
    """Return the folders of the companies, in order."""
    folders = sorted(path.parent for path in demo_folder().glob("*/company.json"))
    unknown = set(only) - {folder.name for folder in folders}
    if unknown:
        names = ", ".join(folder.name for folder in folders)
        raise UsageError(f"there is no demo company {sorted(unknown)[0]!r}", do=f"use one of: {names}")
    return [folder for folder in folders if not only or folder.name in only]


def check_demo(store: Store, folder: Path, semantic: bool | None = None) -> CheckResult:
    """Serve one invented company's site over loopback and check it as any other."""
    from promisecheck.check import CheckSettings
    from promisecheck.cli.check import run_check
    from promisecheck.crawl import CrawlSettings
    from promisecheck.model import Company

    facts = json.loads((folder / "company.json").read_text(encoding="utf-8"))
    with serve(folder / "site") as address:
        company = Company(
            id=facts["id"], name=facts["name"], home_url=f"http://{address}/{facts['home']}",
            languages=tuple(facts["languages"]), country=facts["country"],
        )  # fmt: skip
        settings = CheckSettings(crawl=CrawlSettings(delay=0.0, allow_private_networks=(address,)))
        return run_check(
            store, company, settings, [folder / "incidents.csv"], facts.get("mapping", {}), semantic=semantic
        )


class _Quiet(SimpleHTTPRequestHandler):
    """Serve files and say nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: standard error belongs to the verb."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; give host:port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
