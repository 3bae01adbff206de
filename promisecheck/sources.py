"""Where incidents come from: a file, or a table or query of a SQLite file, into the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from promisecheck import __version__
from promisecheck.clock import WorkCalendar
from promisecheck.incidents import IncidentFile, RowProblem, incidents_from_rows, open_incidents
from promisecheck.model import Incident, content_id
from promisecheck.store import Store, read_table_rows

_SQLITE = (".db", ".sqlite", ".sqlite3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Name where incidents come from: a file, or a table or query of a SQLite file.

    `name` is part of the incidents' ids: files of one source, such as daily exports, share it.
    """

    path: Path
    name: str = ""
    table: str | None = None
    query: str | None = None
    mapping: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """Say what one incident file brought, and which rows or values could not be read."""

    file: str
    new: int
    updated: int
    unchanged: int
    duplicates: int
    mapping: Mapping[str, str]
    decisions: tuple[str, ...]
    problems: tuple[RowProblem, ...]


def open_source(
    file: Path, *, company_id: str, mapping: Mapping[str, str] | None = None, table: str | None = None,
    query: str | None = None, name: str = "", timezone: str = "", calendar: WorkCalendar | None = None,
) -> IncidentFile:  # fmt: skip
    """Open an incident file of any format we read, tables and queries of a SQLite file included."""
    given: dict[str, Any] = {
        "company_id": company_id, "mapping": mapping, "timezone": timezone or "Europe/Copenhagen",
        "source": name or file.name, "calendar": calendar,
    }  # fmt: skip
    if table is not None or query is not None or file.suffix.lower() in _SQLITE:
        return incidents_from_rows(list(read_table_rows(file, table, query=query)), **given)
    return open_incidents(file, **given)


def import_incidents(
    store: Store, company_id: str, file: Path, *, mapping: Mapping[str, str] | None = None, table: str | None = None,
    query: str | None = None, name: str = "", timezone: str = "", calendar: WorkCalendar | None = None,
    forget_before: datetime | None = None,
) -> ImportResult:  # fmt: skip
    """Import one incident file; a broken row is a problem in the result and costs no other row."""
    opened = open_source(
        file, company_id=company_id, mapping=mapping, table=table, query=query, name=name, timezone=timezone,
        calendar=calendar,
    )  # fmt: skip
    saved = store.save_incidents(i for i in opened if forget_before is None or _ended_since(i, forget_before))
    return ImportResult(
        file=str(file), new=saved.new, updated=saved.updated, unchanged=saved.unchanged,
        duplicates=opened.duplicates, mapping=opened.mapping, decisions=opened.decisions,
        problems=tuple(opened.problems),
    )  # fmt: skip


def _ended_since(incident: Incident, moment: datetime) -> bool:
    ended = incident.closed_at or incident.occurred_at
    return ended is None or (ended if ended.tzinfo else ended.replace(tzinfo=moment.tzinfo)) >= moment


def import_source(
    store: Store, company_id: str, source: Source, *, timezone: str, calendar: WorkCalendar,
    forget_before: datetime | None = None, skip_unchanged: bool = False,
) -> ImportResult | None:  # fmt: skip
    """Import one source, or return None where its file has not changed since it was last imported.

    A database is always read: what it holds can change without its file.
    """
    read = not skip_unchanged or source.path.suffix.lower() in _SQLITE or not source.path.is_file()
    made_of = "" if read else sha256(source.path.read_bytes()).hexdigest()
    key = content_id("import", company_id, source.name, source.path)
    stamp = content_id(made_of, *sorted((source.mapping or {}).items()), timezone, __version__)
    if made_of and store.get_readings("", "import", [key]).get(key) == stamp:
        return None
    result = import_incidents(
        store, company_id, source.path, mapping=source.mapping, table=source.table, query=source.query,
        name=source.name, timezone=timezone, calendar=calendar, forget_before=forget_before,
    )  # fmt: skip
    store.put_readings("", "import", {key: stamp})
    return result
