"""`promisecheck judge`: what an incident says of a promise, in JSON lines."""

from __future__ import annotations

import click

from promisecheck.cli.jsonlines import read_batches
from promisecheck.cli.options import semantic_option
from promisecheck.cli.output import plain, print_line


@click.command("judge")
@click.argument("file")
@semantic_option
def command(file: str, semantic: bool | None) -> None:
    """Read {"id", "promise", "incident", "promise_language"?, "incident_language"?} a line; write one line each.

    FILE is a path, or - for standard input. Each line written has id, outcome (breaks, keeps, silent), score,
    reasons and signals.
    """
    from promisecheck.match import judge_pair
    from promisecheck.text import load_readings

    readings = None
    for batch in read_batches(file, ("id", "promise", "incident")):
        readings = readings or load_readings(semantic=semantic)
        for row in batch:
            judgement = judge_pair(
                row["promise"],
                row["incident"],
                promise_language=row.get("promise_language") or "",
                incident_language=row.get("incident_language") or "",
                readings=readings,
            )
            print_line({"id": row["id"], **plain(judgement)})
