"""`promisecheck evidence`: export what was fetched and quoted, and check it again offline."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

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


@command.command("timestamp")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--tsa", "url", required=True, metavar="URL", help="A timestamp authority that speaks RFC 3161."
)
def timestamp(folder: Path, url: str) -> None:
    """Have a timestamp authority sign the anchor in FOLDER: proof by a third party of when it existed.

    Only a hash of the anchor is sent. Needs the extra timestamp.
    """
    from promisecheck.evidence import timestamp_evidence

    click.echo(f"{folder}: {timestamp_evidence(folder, url).at.isoformat()}")


@command.command("verify")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--anchor", default="", help="The anchor that was kept apart; without it the folder's own is used."
)
@click.option(
    "--tsa-roots",
    "roots",
    type=click.File("rb"),
    help="Certificates (PEM) trusted to sign timestamps; without them a timestamp's signature is not checked.",
)
@json_option
def verify(folder: Path, anchor: str, roots: BinaryIO | None, as_json: bool) -> None:
    """Check offline that every quote stands in the stored bytes; exit 3 and name what was altered where not."""
    from promisecheck.evidence import verify_evidence
    from promisecheck.pages import read_page

    trusted = roots.read() if roots else b""
    found = verify_evidence(folder, lambda fetched: read_page(fetched).text, anchor=anchor, roots=trusted)
    if as_json:
        print_json("evidence-verify", {"sound": found.sound, "verification": found})
    else:
        state = "sound" if found.sound else f"{len(found.problems)} problems"
        click.echo(f"{folder}: {found.snapshots} snapshots, {found.quotes} quotes, {state}")
        if found.timestamp is not None:
            signed = "signed by a trusted authority" if found.timestamp.trusted else "signature not checked"
            click.echo(f"existed at {found.timestamp.at.isoformat()} ({signed})")
    for problem in found.problems:
        say(f"{problem.where}: {problem.what}")
    exit_with(0 if found.sound else 3)
