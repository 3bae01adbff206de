"""How a value becomes a row and a row a value: dates as UTC ISO text, nested values as JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from promisecheck.errors import StoreError

Value = TypeVar("Value")
Row = dict[str, Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one field's name with its two conversions; `decode` is never given None."""

    name: str
    encode: Convert
    decode: Convert


def to_row(value: object) -> Row:
    """Return the fields of a dataclass value as column values."""
    kind: Any = type(value)
    return {column.name: column.encode(getattr(value, column.name)) for column in columns_of(kind)}


def from_row(kind: type[Value], row: Mapping[str, Any]) -> Value:
    """Build a value of `kind` from a row; columns that are not its fields are left aside."""
    plain_kind: Any = kind
    names, told = _reading_of(plain_kind)
    try:
        given = {name: row[name] for name in names}
        for name, decode in told:
            if given[name] is not None:
                given[name] = decode(given[name])
        return kind(**given)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise StoreError(
            f"a stored {kind.__name__.lower()} cannot be read: {error}",
            where=str(row.get("id", "")),
            do="restore a backup made with `promisecheck db backup`",
        ) from error


@lru_cache(maxsize=64)
def columns_of(kind: Any) -> tuple[Column, ...]:
    """Return the columns of a dataclass in the order of its fields."""
    hints = get_type_hints(kind)
    return tuple(_column(item.name, _bare(hints[item.name])) for item in fields(kind))


@lru_cache(maxsize=64)
def _reading_of(kind: Any) -> tuple[tuple[str, ...], tuple[tuple[str, Convert], ...]]:
    """Return the names of the columns, and those whose text says more than itself with what reads it."""
    columns = columns_of(kind)
    told = tuple((column.name, column.decode) for column in columns if column.decode is not _same)
    return tuple(column.name for column in columns), told


def time_text(moment: datetime) -> str:
    """Write a moment as UTC, so that text order is time order; a naive one is taken as UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return aware.astimezone(UTC).isoformat()


def to_json(value: object) -> str:
    """Write a mapping, list or value as JSON with sorted keys, so that equal values give equal text."""
    return clean(json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def clean(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _column(name: str, hint: Any) -> Column:
    if hint is datetime:
        return Column(name, _optional(time_text), datetime.fromisoformat)
    if hint is bool:
        return Column(name, int, bool)
    if hint in (int, float, bytes):
        return Column(name, _same, _same)
    if hint is str or get_origin(hint) is Literal:
        return Column(name, _optional(clean), _same)
    build = builder_of(hint)
    return Column(name, _optional(to_json), lambda text: build(json.loads(text)))


def _same(value: Any) -> Any:
    return value


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _bare(hint: Any) -> Any:
    """Return the hint without its `| None`."""
    if get_origin(hint) in (Union, UnionType):
        rest = [arg for arg in get_args(hint) if arg is not type(None)]
        if len(rest) == 1:
            return rest[0]
    return hint


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return time_text(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@lru_cache(maxsize=256)
def builder_of(hint: Any) -> Convert:
    """Return what turns parsed JSON into a value of this type; made once per type."""
    hint = _bare(hint)
    if hint is datetime:
        return _optional(datetime.fromisoformat)
    if isinstance(hint, type) and is_dataclass(hint):
        kind: Any = hint
        parts = {name: builder_of(part) for name, part in get_type_hints(kind).items()}
        if all(part is _same for part in parts.values()):
            return _optional(
                lambda data: kind(**{name: item for name, item in data.items() if name in parts})
            )
        return _optional(
            lambda data: kind(**{name: parts[name](item) for name, item in data.items() if name in parts})
        )
    if get_origin(hint) is tuple:
        one = builder_of(get_args(hint)[0])
        if one is _same:
            return _optional(tuple)
        return _optional(lambda data: tuple(map(one, data)))
    return _same
