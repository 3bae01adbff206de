"""`promisecheck extract`: promises in JSON lines of text."""

from __future__ import annotations

import click

from promisecheck.cli.jsonlines import read_batches
from promisecheck.cli.options import rules_option, semantic_option
from promisecheck.cli.output import plain, print_line


@click.command("extract")
@click.argument("file")
@semantic_option
@rules_option
def command(file: str, semantic: bool | None, rules: tuple[str, ...]) -> None:
    """Read {"id", "text", "language"?} a line; write one line a promise found.

    FILE is a path, or - for standard input. Each line written has id, quote, start, end, language, theme,
    kind, strength, measure, rule_id and score; text[start:end] is the quote.
    """
    from pathlib import Path

    from promisecheck.promises import open_reader, read_text

    batches = read_batches(file, ("id", "text"))
    reader = None
    for batch in batches:
        reader = reader or open_reader(semantic=semantic, rules=[Path(r) for r in rules])
        found = read_text(
            [row["text"] for row in batch], [row.get("language") or "" for row in batch], reader
        )
        for row, promises in zip(batch, found, strict=True):
            for promise in promises:
                keys = (
                    "quote",
                    "start",
                    "end",
                    "language",
                    "theme",
                    "kind",
                    "strength",
                    "measure",
                    "rule_id",
                    "score",
                )
                print_line({"id": row["id"], **{key: plain(getattr(promise, key)) for key in keys}})
