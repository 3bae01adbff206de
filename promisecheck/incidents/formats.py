"""Which reader reads which file: by its first bytes, then by its name; a new format is one line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.decoding import first_bytes, open_binary
from promisecheck.incidents.delimited import read_delimited
from promisecheck.incidents.jsonlines import read_json_lines, read_json_list
from promisecheck.incidents.table import Table
from promisecheck.incidents.workbook import read_workbook

READERS: dict[str, Callable[[Path, str | None], Table]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json_list,
}
SQLITE = b"SQLite format 3\0"
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_table(path: Path, encoding: str | None = None, sheet: str | None = None) -> Table:
    """Open a file with the reader its content or its name asks for; IncidentFileError where none fits."""
    with open_binary(path) as file:
        head = first_bytes(file, path)
    if head.startswith(SQLITE):
        raise IncidentFileError("is a SQLite database", where=str(path), do="name its table of incidents")
    if head.startswith(OLD_EXCEL):
        raise IncidentFileError("is an old .xls file", where=str(path), do="save it as .xlsx or as CSV")
    if path.name.lower().removesuffix(".gz").endswith(".xes"):
        raise IncidentFileError("is an event log", where=str(path), do="open it as one, not as a table")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise IncidentFileError("is XML or HTML", where=str(path), do="give a table as CSV, JSONL or XLSX")
    if head.startswith(ZIP):
        return read_workbook(path, sheet)
    name = path.name.lower().removesuffix(".gz")
    reader = READERS.get(Path(name).suffix)
    if reader is None:
        reader = read_json_lines if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else read_delimited
    return reader(path, encoding)
