"""What every reader of a format yields: columns, and rows that can be walked more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from promisecheck.model import Incident

Cells = Mapping[str, Any]
# Between a title and the names of the columns stand at most some lines about the export.
_TITLE_ROWS = 8
_SEVERAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Name one row, or one value of it, that could not be used: line, what is wrong, what to do."""

    line: int
    what: str
    do: str


class IncidentSource(Protocol):
    """Yield incidents, whatever they are read from; `problems`, `duplicates` and `count` are whole after that."""

    where: str
    columns: tuple[str, ...]
    mapping: dict[str, str]
    decisions: tuple[str, ...]
    problems: list[RowProblem]
    duplicates: int
    count: int

    def __iter__(self) -> Iterator[Incident]:
        """Read the source from its start."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """Hold one row as the file has it; `problem` is set, and `cells` empty, where it is broken."""

    line: int
    cells: Cells = field(default_factory=dict)
    problem: RowProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold the columns of a file and a way to walk its rows from the start, as often as needed."""

    where: str
    columns: tuple[str, ...]
    walk: Callable[[], Iterator[RawRow]]
    notes: tuple[str, ...] = ()


def table_of_rows(rows: Iterable[Cells], where: str) -> Table:
    """Make a table of mappings; an iterator is held in memory, anything else is walked again."""
    again = list(rows) if isinstance(rows, Iterator) else rows
    columns: dict[str, None] = {}
    for cells in again:
        columns.update(dict.fromkeys(map(str, cells)))

    def walk() -> Iterator[RawRow]:
        for line, cells in enumerate(again, start=1):
            yield RawRow(line=line, cells=cells)

    return Table(where=where, columns=tuple(columns), walk=walk)


def find_header(rows: Iterable[tuple[int, Sequence[Any]]]) -> tuple[int, Sequence[Any]] | None:
    """Return line and cells of the row that names the columns, or None where there is no row.

    It is the first, unless that is a title: one cell alone in a row of several, above a row of several.
    """
    beginning = list(islice(rows, _TITLE_ROWS))
    if not beginning:
        return None
    first = beginning[0]
    if len(first[1]) < _SEVERAL or filled(first[1]) > 1:
        return first
    return next((row for row in beginning[1:] if filled(row[1]) >= _SEVERAL), first)


def filled(cells: Sequence[Any]) -> int:
    """Count the cells that hold anything."""
    return sum(cell is not None and bool(str(cell).strip()) for cell in cells)


def name_columns(header: Iterable[Any]) -> tuple[str, ...]:
    """Give each column a name of its own: an empty one its number, a repeated one a count."""
    names: list[str] = []
    for n, value in enumerate(header, start=1):
        name = " ".join(str(value).split()) if value is not None else ""
        name = name or f"column {n}"
        seen = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({seen + 1})" if seen else name)
    return tuple(names)
