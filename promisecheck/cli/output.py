"""How verbs print: data to standard output, all else to standard error, JSON with a schema version."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import click

SCHEMA_VERSION = 1


def plain(value: Any) -> Any:
    """Return a value as JSON types: dataclasses as objects with their id, times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {**({"id": value.id} if hasattr(value, "id") else {}), **plain(asdict(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def print_json(kind: str, data: Any) -> None:
    """Print one JSON document."""
    document = {"schema_version": SCHEMA_VERSION, "kind": kind, "data": plain(data)}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_line(value: Mapping[str, Any]) -> None:
    """Print one JSON line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as wide as the terminal, or tab-separated lines where standard output is a file."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    Console().print(table)


def say(text: str) -> None:
    """Tell the person at the terminal something that is not data."""
    click.echo(text, err=True)
