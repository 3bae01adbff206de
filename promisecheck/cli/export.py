"""`promisecheck db export`: a redacted copy for others to look into, with what Datasette needs to show it well."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from promisecheck.cli.options import company_option, db_option, json_option
from promisecheck.cli.output import print_json, say


@click.command("export")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@db_option
@company_option
@json_option
def command(target: Path, db: Path, company: str | None, as_json: bool) -> None:
    """Write a redacted copy to TARGET, and beside it what Datasette needs to show it with labels and facets.

    Names, numbers and addresses of persons are covered as well as rules can; case numbers, file names,
    reviewers and owners are left out. For a whole copy use `db backup`.
    """
    from datetime import UTC, datetime

    from promisecheck.cli.companies import find_company
    from promisecheck.incidents import SHAREABLE_FACTS, redact_text
    from promisecheck.store import REDACTED, Store, metadata_path

    with Store.open(db, create=False) as store:
        company_id = find_company(store, company)
        counts = store.write_redacted(
            target, redact=redact_text, facts=SHAREABLE_FACTS, company_id=company_id
        )
        ids = [company_id] if company_id else []
        store.note_exports([target], format=REDACTED, company_ids=ids, at=datetime.now(UTC))
    opens = f"datasette {shlex.quote(str(target))} --metadata {shlex.quote(str(metadata_path(target)))}"
    if as_json:
        print_json(
            "export",
            {"file": str(target), "metadata": str(metadata_path(target)), "rows": counts, "open": opens},
        )
        return
    say(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    click.echo(opens)
