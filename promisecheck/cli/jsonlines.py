"""JSON lines in, JSON lines out, in order and in constant memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from promisecheck.errors import InputError

BATCH = 256


def read_batches(path: str, required: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield batches of objects; raise InputError that names file and line, after what came before it."""
    lines = _objects(path, required)
    while batch := list(_until_error(lines)):
        good = [item for item in batch if not isinstance(item, InputError)]
        if good:
            yield good
        for item in batch:
            if isinstance(item, InputError):
                raise item


def _until_error(lines: Iterator[dict[str, Any] | InputError]) -> Iterator[dict[str, Any] | InputError]:
    for item in islice(lines, BATCH):
        yield item
        if isinstance(item, InputError):
            return


def _objects(path: str, required: Sequence[str]) -> Iterator[dict[str, Any] | InputError]:
    name = "standard input" if path == "-" else path
    try:
        source: TextIO = sys.stdin if path == "-" else Path(path).open(encoding="utf-8-sig")  # noqa: SIM115
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror}", where=name, do="check the path")
        return
    with source:
        try:
            for number, line in enumerate(source, 1):
                if line.strip():
                    yield _object(line, required, f"{name}, line {number}")
        except UnicodeDecodeError as error:
            yield InputError(f"not UTF-8: {error.reason}", where=name, do="convert the file to UTF-8")


def _object(line: str, required: Sequence[str], where: str) -> dict[str, Any] | InputError:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return InputError(f"not JSON: {error}", where=where, do="write one JSON object a line")
    if not isinstance(value, Mapping):
        return InputError("not a JSON object", where=where, do="write one JSON object a line")
    for key in required:
        if key not in value:
            return InputError(f"no field {key!r}", where=where, do="each line needs " + ", ".join(required))
        if key != "id" and not isinstance(value[key], str):
            return InputError(f"field {key!r} is not a text", where=where, do="put it in quotes")
    return dict(value)
