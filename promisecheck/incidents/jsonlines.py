"""JSON: one object a line, or one list of objects; an object inside an object becomes dotted columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.decoding import read_lines
from promisecheck.incidents.table import RawRow, RowProblem, Table, table_of_rows


def read_json_lines(path: Path, encoding: str | None = None) -> Table:
    """Read JSON lines; a line that is no object becomes a problem and the others are read."""
    columns: dict[str, None] = {}
    empty = True
    for row in _walk(path, encoding):
        empty = False
        columns.update(dict.fromkeys(row.cells))
    if empty or not columns:
        raise IncidentFileError(
            "holds no JSON objects", where=str(path), do="write one JSON object on each line"
        )
    return Table(where=str(path), columns=tuple(columns), walk=lambda: _walk(path, encoding))


def read_json_list(path: Path, encoding: str | None = None) -> Table:
    """Read a file that is one JSON list of objects; JSON lines under the name .json are read as such."""
    text = "".join(read_lines(path, encoding))
    if not text.lstrip().startswith("["):
        return read_json_lines(path, encoding)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise IncidentFileError(f"is not JSON: {error}", where=str(path), do="export it again") from error
    rows = [flatten(item) for item in data if isinstance(item, dict)]
    if not rows:
        raise IncidentFileError("holds no JSON objects", where=str(path), do="write a list of objects")
    return table_of_rows(rows, str(path))


def flatten(item: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Turn nested objects into dotted names, and a list into its parts on a line each."""
    flat: dict[str, Any] = {}
    for key, value in item.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= flatten(value, f"{name}.")
        elif isinstance(value, list):
            flat[name] = "\n".join(_text(part) for part in value)
        else:
            flat[name] = value
    return flat


def _text(part: Any) -> str:
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False)


def _walk(path: Path, encoding: str | None) -> Iterator[RawRow]:
    for line, text in enumerate(read_lines(path, encoding), start=1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield _broken(line, f"is not JSON: {error}")
            continue
        yield (
            RawRow(line=line, cells=flatten(item))
            if isinstance(item, dict)
            else _broken(line, "is no JSON object")
        )


def _broken(line: int, what: str) -> RawRow:
    problem = RowProblem(line=line, what=f"the line {what}", do="write one JSON object on each line")
    return RawRow(line=line, problem=problem)
