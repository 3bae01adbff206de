"""`promisecheck report`: the report of what the database holds."""

from __future__ import annotations

from pathlib import Path

import click

from promisecheck.cli.companies import find_company
from promisecheck.cli.options import company_option, db_option, language_option


@click.command("report")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), required=False)
@db_option
@company_option
@click.option("--format", "format_", help="html, csv, json, xlsx, markdown (default: by the file's ending).")
@language_option
def command(target: Path | None, db: Path, company: str | None, format_: str | None, language: str) -> None:
    """Write the report to TARGET, or print it where no TARGET is given."""
    from datetime import UTC, datetime

    from promisecheck.dossier import load_view
    from promisecheck.report import format_of, render_terminal, write_report
    from promisecheck.store import Store

    kind = format_ or (format_of(target) if target else "")
    with Store.open(db, create=False) as store:
        company_id = find_company(store, company)
        ids = None if company_id is None else [company_id]
        view = load_view(store, company_ids=ids, language=language, now=datetime.now(UTC))
        if target is None:
            click.echo(render_terminal(view))
        else:
            write_report(view, kind, target)
            store.note_exports(
                [target], format=kind, language=language, company_ids=ids or (), at=datetime.now(UTC)
            )
            click.echo(str(target))
