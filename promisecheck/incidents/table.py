"""What every reader of a format yields: columns, and rows that can be walked more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from promisecheck.model import Incident

Cells = Mapping[str, Any]


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


def name_columns(header: Iterable[Any]) -> tuple[str, ...]:
    """Give each column a name of its own: an empty one its number, a repeated one a count."""
    names: list[str] = []
    for n, value in enumerate(header, start=1):
        name = " ".join(str(value).split()) if value is not None else ""
        name = name or f"column {n}"
        seen = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({seen + 1})" if seen else name)
    return tuple(names)
