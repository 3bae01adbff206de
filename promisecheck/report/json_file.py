"""The whole view as JSON, with a schema version; markup characters escaped so that it is inert anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from promisecheck.report.view import ReportView

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write_json(view: ReportView, path: Path) -> list[Path]:
    """Write the view, one finding at a time, and return the file written."""
    head = render_json(replace(view, findings=()))
    start, end = head.split('"findings": []')
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{start}"findings": [')
        for n, item in enumerate(view.findings):
            file.write(f"{',' if n else ''}\n{render_json(item, indent=None)}")
        file.write(f"]{end}\n")
    return [path]


def render_json(value: object, *, indent: int | None = 1) -> str:
    """Return any value of a view as JSON; times are ISO 8601."""
    text = json.dumps(to_plain(value), ensure_ascii=False, indent=indent)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text.encode("utf-8", "replace").decode()


def to_plain(value: object) -> Any:
    """Return dataclasses as mappings, tuples as lists and times as text."""
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    return value
