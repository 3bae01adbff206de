"""`promisecheck db`: migrate, search, back up and hand on the database."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli import export
from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import print_json, print_table, say


@click.group("db")
def command() -> None:
    """Migrate, search, back up and hand on the database."""


@command.command("migrate")
@db_option
@json_option
def migrate(db: Path, as_json: bool) -> None:
    """Bring the tables up to date (every verb does so too) and name the steps taken."""
    from promisecheck.store import Store

    fresh = not db.exists()
    with Store.open(db) as store:
        steps = store.migrate()
    if as_json:
        print_json("migrate", {"database": str(db), "created": fresh, "steps": steps})
    else:
        click.echo(f"{db}: {'created, ' if fresh else ''}up to date")


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@db_option
@company_option
@click.option("--kind", type=click.Choice(["promise", "incident"]), help="Only promises, or only incidents.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
def search(
    words: tuple[str, ...], db: Path, company: str | None, kind: str | None, limit: int, as_json: bool
) -> None:
    """Find promises and incidents that hold every one of WORDS."""
    from promisecheck.cli.companies import find_company
    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        company_id = find_company(store, company)
        kinds = (kind,) if kind else ("promise", "incident")
        results = store.search(" ".join(words), company_id=company_id, kinds=kinds, limit=limit)  # type: ignore[arg-type]
    if as_json:
        print_json("search", results)
    else:
        print_table(
            ("kind", "id", "company", "text"), [(r.kind, r.id, r.company_id, r.excerpt) for r in results]
        )
        if not results:
            say("nothing holds all of these words")


@command.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@db_option
def backup(target: Path, db: Path) -> None:
    """Write a copy to TARGET that is whole even while a check is writing."""
    from datetime import UTC, datetime

    from promisecheck.store import Store

    with Store.open(db, create=False) as store:
        click.echo(str(store.backup(target)))
        store.note_exports([target], format="database", at=datetime.now(UTC))
    say(f"{target.stat().st_size:,} bytes")


command.add_command(export.command)
