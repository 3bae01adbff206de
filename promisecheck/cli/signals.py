"""`promisecheck signals`: what passages of incident texts say, in JSON lines."""

from __future__ import annotations

import click

from promisecheck.cli.jsonlines import read_batches
from promisecheck.cli.options import semantic_option
from promisecheck.cli.output import plain, print_line


@click.command("signals")
@click.argument("file")
@semantic_option
def command(file: str, semantic: bool | None) -> None:
    """Read {"id", "text", "language"?} a line; write one line each with its signals.

    FILE is a path, or - for standard input. A signal has theme, status (broken, kept), code, quote, start, end,
    score; text[start:end] is the quote.
    """
    from promisecheck.match import read_signals
    from promisecheck.text import identify_language, load_readings

    readings = None
    for batch in read_batches(file, ("id", "text")):
        readings = readings or load_readings(semantic=semantic)
        for row in batch:
            language = row.get("language") or identify_language(row["text"])
            signals = read_signals(row["text"], language, readings)
            print_line({"id": row["id"], "language": language, "signals": plain(signals)})
