"""The report as a workbook: overview, findings, every counted case, what was not counted; all text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from promisecheck.report.rows import (
    CASE_COLUMNS,
    EXCLUDED_COLUMNS,
    FINDING_COLUMNS,
    case_rows,
    excluded_rows,
    finding_row,
)
from promisecheck.report.sheet_rows import Cell, SheetRows
from promisecheck.report.speech import Speech, speech
from promisecheck.report.view import ReportView

_WIDE = {
    "quote": 50,
    "headline": 60,
    "smallest_true_promise": 40,
    "why": 40,
    "reason": 40,
    "where": 30,
    "url": 40,
}
_NAMED = ("verdict", "theme", "kind", "stage", "state", "outcome")
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_SPEED = 3


def write_xlsx(view: ReportView, path: Path) -> list[Path]:
    """Write the workbook and return the file written."""
    say = speech(view.language)
    with ExitStack() as stack:
        findings, cases, excluded = tables = (
            Table(say.say("Findings"), FINDING_COLUMNS, say, stack),
            Table(say.say("Cases"), CASE_COLUMNS, say, stack),
            Table(say.say("Not counted"), EXCLUDED_COLUMNS, say, stack),
        )
        for item in view.findings_at("cases"):
            findings.add([finding_row(item)])
            cases.add(case_rows(item))
            excluded.add(excluded_rows(item))
        sheets = [sheet for table in tables for sheet in table.sheets]
        frame = _frame(view, say, tables)
        with ZipFile(frame) as titles, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_SPEED) as book:
            filled = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 2)}
            for name in titles.namelist():
                _bind(book, name, titles.read(name), filled.get(name))
    return [path]


class Table:
    """Hold one kind of rows, on a further sheet where one is full, with closed groups named in one language."""

    def __init__(self, title: str, columns: Sequence[str], say: Speech, stack: ExitStack) -> None:
        self.title = title
        self.columns = columns
        self.sheets: list[SheetRows] = []
        self._stack = stack
        self._turn()
        self._named = [n for n, column in enumerate(columns) if column in _NAMED]
        self._label = lru_cache(maxsize=512)(say.label)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows below those that are there."""
        for row in rows:
            if self.sheets[-1].is_full:
                self._turn()
            cells = list(row)
            for n in self._named:
                if cells[n]:
                    cells[n] = self._label(self.columns[n], str(cells[n]))
            self.sheets[-1].add(cells)

    def _turn(self) -> None:
        file = self._stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        self.sheets.append(SheetRows(len(self.columns), file))


def _frame(view: ReportView, say: Speech, tables: Sequence[Table]) -> BytesIO:
    """Return the workbook with its titles, widths and filters, and no rows below them but the overview's."""
    import xlsxwriter

    made = BytesIO()
    with xlsxwriter.Workbook(made, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        overview = _sheet(book, say.say("Overview"), (say.say("In numbers"), ""), (40, 12), head)
        for n, tile in enumerate(view.overview.tiles, 1):
            overview.write_string(n, 0, tile.label)
            overview.write_number(n, 1, tile.count)
        for table in tables:
            titles = [say.label("column", name) for name in table.columns]
            widths = [_WIDE.get(name, 14) for name in table.columns]
            for n, rows in enumerate(table.sheets, 1):
                name = table.title if n == 1 else f"{table.title} {n}"
                sheet = _sheet(book, name, titles, widths, head)
                if rows.count:
                    sheet.autofilter(0, 0, rows.count, len(titles) - 1)
    return made


def _sheet(book: Any, title: str, titles: Sequence[str], widths: Sequence[int], head: Any) -> Any:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    return sheet


def _bind(book: ZipFile, name: str, member: bytes, rows: SheetRows | None) -> None:
    with book.open(name, "w", force_zip64=rows is not None) as file:
        for block in (member,) if rows is None else rows.within(member):
            file.write(block)
