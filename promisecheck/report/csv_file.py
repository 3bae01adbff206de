"""The findings as CSV: UTF-8 with a mark that Excel needs, comma, text cells neutralised."""

from __future__ import annotations

import csv
from pathlib import Path

from promisecheck.report.cells import safe_cell
from promisecheck.report.rows import FINDING_COLUMNS, finding_row
from promisecheck.report.view import ReportView


def write_csv(view: ReportView, path: Path) -> list[Path]:
    """Write one row a finding and return the file written."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(FINDING_COLUMNS)
        for item in view.findings_at("brief"):
            cells = finding_row(item)
            writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return [path]
