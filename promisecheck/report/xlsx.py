"""The report as a workbook: overview, findings, every counted case, what was not counted; all text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from promisecheck.report.rows import (
    CASE_COLUMNS,
    EXCLUDED_COLUMNS,
    FINDING_COLUMNS,
    Cell,
    case_rows,
    excluded_rows,
    finding_row,
)
from promisecheck.report.speech import speech
from promisecheck.report.view import ReportView

LONGEST_CELL = 32_000
_WIDE = {
    "quote": 50,
    "headline": 60,
    "smallest_true_promise": 40,
    "why": 40,
    "reason": 40,
    "where": 30,
    "url": 40,
}
_NAMED = {"verdict": "verdict", "theme": "theme", "kind": "kind", "stage": "stage", "state": "state",
          "outcome": "outcome"}  # fmt: skip
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "constant_memory": True,
}  # fmt: skip


def write_xlsx(view: ReportView, path: Path) -> list[Path]:
    """Write the workbook and return the file written."""
    import xlsxwriter

    say = speech(view.language)
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        overview = [(tile.label, tile.count) for tile in view.overview.tiles]
        _sheet(book, say.say("Overview"), (say.say("In numbers"), ""), overview, head, (40, 12))
        for title, columns, rows in (
            (say.say("Findings"), FINDING_COLUMNS, (finding_row(item) for item in view.findings)),
            (say.say("Cases"), CASE_COLUMNS, case_rows(view)),
            (say.say("Not counted"), EXCLUDED_COLUMNS, excluded_rows(view)),
        ):
            titles = [say.label("column", name) for name in columns]
            named = (
                tuple(
                    say.label(_NAMED[name], str(cell)) if name in _NAMED and cell else cell
                    for name, cell in zip(columns, row, strict=True)
                )
                for row in rows
            )
            _sheet(book, title, titles, named, head, [_WIDE.get(name, 14) for name in columns])
    return [path]


def _sheet(
    book: Any,
    title: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    head: Any,
    widths: Sequence[int],
) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, name in enumerate(titles):
        sheet.write_string(0, column, name, head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell[:LONGEST_CELL])
            elif cell is not None:
                sheet.write_number(last, column, cell)
    if last and len(titles) > 2:
        sheet.autofilter(0, 0, last, len(titles) - 1)
