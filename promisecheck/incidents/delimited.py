"""CSV: separator sniffed, quoted newlines kept, and a broken row never takes the next ones with it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.decoding import read_lines
from promisecheck.incidents.table import RawRow, RowProblem, Table, filled, find_header, name_columns

SEPARATORS = (";", "\t", ",", "|")
MOST_LINES = 1000
LARGEST_FIELD = 4 * 1024 * 1024
_NAMES = {";": "semicolon", "\t": "tab", ",": "comma", "|": "bar"}


def read_delimited(path: Path, encoding: str | None = None) -> Table:
    """Read a CSV file with `;`, tab, comma or bar between its cells; the first row that is no title names the columns."""
    csv.field_size_limit(LARGEST_FIELD)
    separator, skip = _sniff(list(islice(read_lines(path, encoding), 60)))
    records = _Records(read_lines(path, encoding), separator, skip)
    header = find_header((record.line, record.cells) for record in records if filled(record.cells))
    if header is None:
        raise IncidentFileError("holds no rows", where=str(path), do="export the incidents again")
    first, columns = header[0], name_columns(header[1])

    def walk() -> Iterator[RawRow]:
        again = _Records(read_lines(path, encoding), separator, skip)
        again.width = len(columns)
        for record in again:
            if record.line > first and (record.broken or filled(record.cells)):
                yield _row(record, columns)

    notes = (f"cells are separated by {_NAMES[separator]}",)
    return Table(where=str(path), columns=columns, walk=walk, notes=notes)


class _Record:
    """One logical row: its first line, its cells, and what broke it."""

    __slots__ = ("broken", "cells", "line")

    def __init__(self, line: int, cells: list[str], broken: str = "") -> None:
        self.line = line
        self.cells = cells
        self.broken = broken


class _Records:
    """Iterate over logical rows; where an opened quote is not closed, only its first line is given up."""

    def __init__(self, lines: Iterator[str], separator: str, skip: int) -> None:
        self._lines = islice(lines, skip, None)
        self._waiting: list[str] = []
        self._separator = separator
        self._line = skip
        self._ran_out = False
        self.width = 0

    def __iter__(self) -> Iterator[_Record]:
        while (record := self._next()) is not None:
            yield record

    def _next(self) -> _Record | None:
        taken: list[str] = []
        self._ran_out = False
        reader = csv.reader(self._feed(taken), delimiter=self._separator)
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return self._give_up(taken, str(error))
        if self._ran_out:
            return self._give_up(taken, "a quotation mark is opened and not closed")
        if len(taken) > 1 and self.width and len(cells) != self.width:
            return self._give_up(taken, "a quoted cell runs over several lines and the cells do not add up")
        return self._done(taken, cells)

    def _feed(self, taken: list[str]) -> Iterator[str]:
        while len(taken) < MOST_LINES:
            line = self._waiting.pop() if self._waiting else next(self._lines, None)
            if line is None:
                break
            taken.append(line)
            yield line
        # A row that is whole asks for no further line: only an open quotation mark gets here.
        self._ran_out = True

    def _done(self, taken: list[str], cells: list[str]) -> _Record:
        first = self._line + 1
        self._line += len(taken)
        return _Record(first, cells)

    def _give_up(self, taken: list[str], why: str) -> _Record:
        self._waiting += reversed(taken[1:])
        self._line += 1
        return _Record(self._line, [], why)


def _row(record: _Record, columns: tuple[str, ...]) -> RawRow:
    cells = record.cells
    if record.broken:
        return _broken(record.line, record.broken, "close the quotation mark, or double it inside a cell")
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        what = f"has {len(cells)} cells where the header has {len(columns)}"
        return _broken(record.line, what, "put cells that hold a separator in quotation marks")
    if len(cells) == 1 and len(columns) > 2:
        return _broken(record.line, f"has 1 cell where the header has {len(columns)}", "complete the row")
    return RawRow(line=record.line, cells=dict(zip(columns, cells, strict=False)))


def _broken(line: int, what: str, do: str) -> RawRow:
    return RawRow(
        line=line, problem=RowProblem(line=line, what=f"the row {what}" if what[:3] == "has" else what, do=do)
    )


def _sniff(lines: list[str]) -> tuple[str, int]:
    """Return the separator and how many lines to skip (Excel's `sep=;` line)."""
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in SEPARATORS:
        return lines[0][4], 1
    return max(SEPARATORS, key=lambda separator: _fit(lines, separator)), 0


def _fit(lines: list[str], separator: str) -> tuple[float, int]:
    """Score a separator: the share of rows as wide as the commonest, then that width."""
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    width, count = Counter(widths).most_common(1)[0]
    return (count / len(widths) if width == widths[0] else 0.25), width
