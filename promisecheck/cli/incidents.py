"""`promisecheck incidents`: import files, list what is stored, show what the columns of a file mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.companies import find_company
from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import plain, print_json, print_table, say
from promisecheck.errors import UsageError

if TYPE_CHECKING:
    from promisecheck.incidents import IncidentFile

map_option = click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD",
    help="Say what a column holds (repeatable); FIELD - leaves it out, fact:NAME keeps it as a fact.",
)  # fmt: skip
table_option = click.option("--table", help="The table, where FILE is a SQLite database.")
timezone_option = click.option("--timezone", default="Europe/Copenhagen", show_default=True)


@click.group("incidents")
def command() -> None:
    """Import incident files, list incidents, show what a file's columns mean."""


def parse_mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return column → field from COLUMN=FIELD options."""
    found = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals:
            raise UsageError(
                f"--map {pair!r} is not COLUMN=FIELD", do='for example --map "Sagstekst=details"'
            )
        found[column.strip()] = field.strip()
    return found


@command.command("columns")
@click.argument("file", type=click.Path(path_type=Path))
@map_option
@table_option
@json_option
def columns(file: Path, mapping: tuple[str, ...], table: str | None, as_json: bool) -> None:
    """Show how FILE's columns are understood, and how its dates are read, without importing it."""
    from promisecheck.incidents import FIELDS
    from promisecheck.sources import open_source

    opened = open_source(file, company_id="", mapping=parse_mapping(mapping), table=table)
    if as_json:
        print_json(
            "columns", {"mapping": opened.mapping, "columns": opened.columns, "decisions": opened.decisions}
        )
        return
    print_table(("column", "is read as"), [(name, opened.mapping.get(name, "-")) for name in opened.columns])
    for decision in opened.decisions:
        say(decision)
    unread = [name for name in opened.columns if name not in opened.mapping]
    if unread:
        free = [field for field in FIELDS if field not in opened.mapping.values()]
        say(
            f"not read: {', '.join(unread)}\n"
            f'say what one holds with --map "{unread[0]}=FIELD"; fields left: {", ".join(free)}, fact:NAME'
        )


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--company", required=True, help="Whose incidents these are (id or name).")
@db_option
@map_option
@table_option
@timezone_option
@json_option
def import_files(
    files: tuple[Path, ...], company: str, db: Path, mapping: tuple[str, ...], table: str | None, timezone: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Import FILES (CSV, JSONL, JSON, XLSX or SQLite); personal data is redacted as well as we can."""
    from promisecheck.sources import import_incidents
    from promisecheck.store import Store

    with Store.open(db) as store:
        company_id = find_company(store, company) if store.load_companies() else company
        results = [
            import_incidents(
                store,
                company_id or company,
                file,
                mapping=parse_mapping(mapping),
                table=table,
                timezone=timezone,
            )
            for file in files
        ]
    if as_json:
        print_json("incidents-import", results)
        return
    for result in results:
        tell_import(result.file, result.problems)
        click.echo(
            f"{result.file}: {result.new} new, {result.updated} updated, {result.unchanged} unchanged, "
            f"{result.duplicates} duplicates, {len(result.problems)} problems"
        )


def tell_import(file: str, problems: tuple[object, ...], most: int = 20) -> None:
    """Say on standard error which rows or values could not be read."""
    for problem in problems[:most]:
        say(f"{file}, line {problem.line}: {problem.what} ({problem.do})")  # type: ignore[attr-defined]
    if len(problems) > most:
        say(f"{file}: and {len(problems) - most} more")


@command.command("list")
@db_option
@company_option
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def list_incidents(db: Path, company: str | None, limit: int, as_json: bool) -> None:
    """List stored incidents, newest first."""
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        found = store.load_incidents(find_company(store, company))
    found.sort(key=lambda i: (i.occurred_at is not None, i.occurred_at, i.id), reverse=True)
    if as_json:
        print_json("incidents", found[:limit])
        return
    rows = [
        (i.id, f"{i.occurred_at:%Y-%m-%d %H:%M}" if i.occurred_at else "", i.channel, i.party, i.text[:80])
        for i in found[:limit]
    ]
    print_table(("id", "when", "channel", "party", "text"), rows)


@command.command("erase")
@click.option("--subject", required=True, metavar="KEY", help="The name, number or address of the person.")
@click.option(
    "--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Write the receipt to this file."
)
@db_option
def erase(subject: str, receipt: Path | None, db: Path) -> None:
    """Erase a person: database, full-text index, write-ahead log, and the reports and backups written from it.

    Incidents that name the person do not come back when the same file is imported again. What stands on the
    companies' own pages is theirs. The receipt, also printed, holds no personal data.
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from platformdirs import user_log_path

    from promisecheck.nightly.erase import blank_file, erase_subject
    from promisecheck.store import blank_subject

    done = erase_subject(db, subject, now=datetime.now(UTC), number=uuid4().hex)
    blank_file(user_log_path("promisecheck") / "bug.log", lambda text: blank_subject(text, subject))
    print_json("erasure", done)
    if receipt is not None:
        receipt.write_text(json.dumps(plain(done), indent=2) + "\n", encoding="utf-8")
    for path in done.files_failed:
        say(f"{path}: could not be rewritten; delete it")
    if done.files_failed:
        exit_with(3)


def describe(opened: IncidentFile) -> str:
    """Return one line that says how a file's columns are read."""
    return ", ".join(f"{column} → {field}" for column, field in opened.mapping.items())
