"""XLSX: the first sheet that holds rows, or the one named, read as values and never as formulas."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.table import RawRow, Table, filled, find_header, name_columns

# What openpyxl lets through of a damaged file: both XML parsers' errors are SyntaxErrors.
DAMAGE = (
    SyntaxError, LookupError, ValueError, TypeError, AttributeError, NotImplementedError, OSError, EOFError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
LARGEST_UNPACKED = 2 * 1024**3


def read_workbook(path: Path, sheet: str | None = None) -> Table:
    """Read one sheet of an XLSX file; its first row that is not empty, or not a title, names the columns."""
    _refuse_bombs(path)
    names = _sheet_names(path)
    if sheet is not None and sheet not in names:
        raise IncidentFileError(f"has no sheet {sheet}", where=str(path), do=f"sheets: {', '.join(names)}")
    for name in [sheet] if sheet else names:
        first = find_header(_rows(path, name))
        if first is not None:
            columns = name_columns(_trimmed(first[1]))
            return _table(path, name, first[0], columns)
    raise IncidentFileError("holds no rows", where=str(path), do="export the incidents again")


def _table(path: Path, sheet: str, header: int, columns: tuple[str, ...]) -> Table:
    def walk() -> Iterator[RawRow]:
        for line, cells in _rows(path, sheet):
            if line > header:
                yield RawRow(line=line, cells=dict(zip(columns, cells, strict=False)))

    return Table(where=str(path), columns=columns, walk=walk, notes=(f"sheet {sheet}",))


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    with closing(_load(path)) as book:
        try:
            for line, cells in enumerate(book[sheet].iter_rows(values_only=True), start=1):
                if filled(cells):
                    yield line, cells
        except DAMAGE as error:
            raise _unreadable(path, error) from error


def _load(path: Path) -> Any:
    from openpyxl import load_workbook

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except DAMAGE as error:
        raise _unreadable(path, error) from error


def _sheet_names(path: Path) -> list[str]:
    with closing(_load(path)) as book:
        return [str(sheet.title) for sheet in book.worksheets]


def _refuse_bombs(path: Path) -> None:
    if not path.is_file():
        raise IncidentFileError("no such file", where=str(path), do="check the path")
    if path.stat().st_size == 0:
        raise IncidentFileError("the file is empty", where=str(path), do="export the incidents again")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(path, error) from error
    if size > LARGEST_UNPACKED:
        raise IncidentFileError("unpacks to more than 2 GiB", where=str(path), do="export it as CSV")


def _trimmed(cells: Sequence[Any]) -> list[Any]:
    kept = list(cells)
    while kept and (kept[-1] is None or not str(kept[-1]).strip()):
        kept.pop()
    return kept


def _unreadable(path: Path, error: Exception) -> IncidentFileError:
    what = " ".join(str(error).split())
    return IncidentFileError(
        f"cannot be read as XLSX: {what}", where=str(path), do="save it again as .xlsx, or export it as CSV"
    )
