"""`promisecheck evidence`: export what was fetched and quoted, and check it again offline."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.companies import find_company
from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import print_json, say


@click.group("evidence")
def command() -> None:
    """Export what was fetched and quoted, and check it again offline."""


@command.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@db_option
@company_option
def export(folder: Path, db: Path, company: str | None) -> None:
    """Write a WARC archive, a hash-chained ledger and its anchor into a new FOLDER; print the anchor.

    Keep the anchor apart from the folder: whoever has it can tell whether anything in the folder was altered.
    """
    from promisecheck.evidence import export_evidence
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        named = find_company(store, company)
        ids = [named] if named else [known.id for known in store.load_companies()]
        fetched = (page for company_id in ids for page in store.iter_fetched(company_id))
        promises = [promise for company_id in ids for promise in store.load_promises(company_id)]
        anchor = export_evidence(folder, fetched, promises)
    click.echo(anchor)
    say(
        f"{len(promises)} quotes; check them at any time with: promisecheck evidence verify {folder} --anchor …"
    )


@command.command("verify")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--anchor", default="", help="The anchor that was kept apart; without it the folder's own is used."
)
@json_option
def verify(folder: Path, anchor: str, as_json: bool) -> None:
    """Check offline that every quote stands in the stored bytes; exit 3 and name what was altered where not."""
    from promisecheck.evidence import verify_evidence
    from promisecheck.pages import read_page

    found = verify_evidence(folder, lambda fetched: read_page(fetched).text, anchor=anchor)
    if as_json:
        print_json("evidence-verify", {"sound": found.sound, "verification": found})
    else:
        state = "sound" if found.sound else f"{len(found.problems)} problems"
        click.echo(f"{folder}: {found.snapshots} snapshots, {found.quotes} quotes, {state}")
    for problem in found.problems:
        say(f"{problem.where}: {problem.what}")
    exit_with(0 if found.sound else 3)
