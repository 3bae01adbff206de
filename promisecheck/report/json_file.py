"""The whole view as JSON, with a schema version; markup characters escaped so that it is inert anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
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
    # A view is a tree: nothing in it holds itself.
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_opened, check_circular=False)
    for character, escape in _ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    return text.encode("utf-8", "replace").decode()


def to_plain(value: object) -> Any:
    """Return dataclasses as mappings, tuples as lists and times as text."""
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, date | Mapping) or is_dataclass(value):
        opened = _opened(value)
        return {key: to_plain(item) for key, item in opened.items()} if isinstance(opened, dict) else opened
    return value


def _opened(value: Any) -> Any:
    """Return one value as what JSON can hold, its parts as they are."""
    # Most are dataclasses and moments: whether something is a mapping takes longer to find out.
    if hasattr(value, "__dataclass_fields__"):
        kind: Any = type(value)
        names, read = _fields_of(kind)
        return dict(zip(names, read(value), strict=True))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    return list(value)


@lru_cache(maxsize=128)
def _fields_of(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(item.name for item in fields(kind))
    if len(names) == 1:
        return names, lambda value: (getattr(value, names[0]),)
    return names, attrgetter(*names)
