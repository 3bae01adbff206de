"""The report formats by name; other packages add theirs under the entry point `promisecheck.reports`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from promisecheck.errors import UsageError
from promisecheck.plugins import Registry
from promisecheck.report.view import ReportView

Writer = Callable[[ReportView, Path], list[Path]]
FORMATS: Registry[Writer] = Registry("report format", "promisecheck.reports")
SUFFIXES = {
    ".html": "html", ".htm": "html", ".csv": "csv", ".json": "json", ".xlsx": "xlsx", ".md": "markdown", ".pdf": "pdf",
}  # fmt: skip


def write_report(view: ReportView, format: str, path: str | Path) -> list[Path]:
    """Write the view in a format and return the files written, the first one at `path`.

    An empty format is taken from the path's ending. Raises UsageError for a format nobody knows and for
    a path that cannot be written.
    """
    target = Path(path)
    writer = FORMATS.get(format or format_of(target))
    try:
        return writer(view, target)
    except OSError as error:
        raise UsageError(
            f"cannot write the report: {error.strerror}", where=str(target), do="name another file"
        ) from error


def format_of(path: Path) -> str:
    """Return the format that a file's ending stands for, html where it has none; raise UsageError for another."""
    ending = path.suffix.lower()
    if ending and ending not in SUFFIXES:
        raise UsageError(
            f"no report format has the ending {ending}",
            where=str(path),
            do=f"name one of {', '.join(SUFFIXES)}",
        )
    return SUFFIXES.get(ending, "html")


def _loader(module: str, name: str) -> Callable[[], Writer]:
    return lambda: cast(Writer, getattr(import_module(f"promisecheck.report.{module}"), name))


FORMATS.add("html", _loader("html", "write_html"))
FORMATS.add("csv", _loader("csv_file", "write_csv"))
FORMATS.add("json", _loader("json_file", "write_json"))
FORMATS.add("xlsx", _loader("xlsx", "write_xlsx"))
FORMATS.add("pdf", _loader("pdf", "write_pdf"))
FORMATS.add("markdown", _loader("markdown", "write_markdown"))
