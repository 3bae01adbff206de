"""The incidents' door: a file, or rows from anywhere, in; incidents out, one at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from promisecheck.errors import IncidentFileError, UsageError
from promisecheck.incidents.columns import FIELDS
from promisecheck.incidents.decoding import read_lines
from promisecheck.incidents.eventlog import EndRules, EventLog, is_event_log
from promisecheck.incidents.facts import WorkingDays
from promisecheck.incidents.file import IncidentFile, Reading, count_problems
from promisecheck.incidents.formats import open_table
from promisecheck.incidents.redact import redact as redact_text
from promisecheck.incidents.sharing import SHAREABLE_FACTS
from promisecheck.incidents.table import IncidentSource, RowProblem, table_of_rows
from promisecheck.incidents.xes import read_xes

__all__ = [
    "FIELDS",
    "SHAREABLE_FACTS",
    "EventLog",
    "IncidentFile",
    "IncidentSource",
    "RowProblem",
    "WorkingDays",
    "count_problems",
    "holds_events",
    "incidents_from_rows",
    "open_event_log",
    "open_incidents",
    "read_lines",
    "redact_text",
]

NORDIC_TIME = "Europe/Copenhagen"


def open_incidents(
    path: str | Path,
    *,
    company_id: str,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    redact: bool = True,
    timezone: str | tzinfo = NORDIC_TIME,
    source: str | None = None,
    sheet: str | None = None,
    calendar: WorkingDays | None = None,
) -> IncidentFile:
    """Open a CSV, JSONL, JSON or XLSX file of incidents.

    `mapping` is column → field and overrides what is guessed ("-" leaves a column out, "fact:NAME" keeps
    it as a fact of its own). A date without a zone is one of `timezone`. `source` names where the
    incidents come from and is part of their ids: it is the file's name unless given. With `calendar`
    the working days of a delivery are counted. Raises IncidentFileError.
    """
    file = Path(path)
    reading = _reading(company_id, source or file.name, redact, timezone, calendar)
    return IncidentFile(open_table(file, encoding, sheet), reading, mapping)


def incidents_from_rows(
    rows: Iterable[Mapping[str, Any]],
    *,
    company_id: str,
    source: str,
    mapping: Mapping[str, str] | None = None,
    redact: bool = True,
    timezone: str | tzinfo = NORDIC_TIME,
    calendar: WorkingDays | None = None,
) -> IncidentFile:
    """Read incidents from rows that something else has read, as from a table in a database.

    The rows are walked more than once: an iterator is held in memory, anything else is asked again.
    """
    table = table_of_rows(rows, source)
    if not table.columns:
        raise IncidentFileError("holds no rows", where=source, do="name a table that holds incidents")
    return IncidentFile(table, _reading(company_id, source, redact, timezone, calendar), mapping)


def open_event_log(
    path: str | Path,
    *,
    company_id: str,
    mapping: Mapping[str, str] | None = None,
    end_activities: Collection[str] = (),
    reply_activities: Collection[str] = (),
    encoding: str | None = None,
    redact: bool = True,
    timezone: str | tzinfo = NORDIC_TIME,
    source: str | None = None,
) -> EventLog:
    """Open an event log (CSV, XLSX, JSONL or XES, also gzipped) and fold it to one incident a case.

    `mapping` is column → case, activity, timestamp, group, resource, start, end, deadline, channel or
    party. A case ends as its end column says; without one, with the last of `end_activities`; without
    those, with its last event. The first of `reply_activities` is the first reply. Each incident carries
    the facts open, deadline, ended_at, resolution_hours, transfers and events, and an open one log_until,
    the log's last event: it is overdue where its deadline lies before that. Raises IncidentFileError.
    """
    file = Path(path)
    xes = file.name.lower().removesuffix(".gz").endswith(".xes")
    table = read_xes(file) if xes else open_table(file, encoding)
    rules = EndRules(end_activities=frozenset(end_activities), reply_activities=frozenset(reply_activities))
    reading = _reading(company_id, source or file.name, redact, timezone, None)
    return EventLog(table, reading, mapping, rules)


def holds_events(path: str | Path) -> bool:
    """Return whether a file is an event log: XES by its name, or a table with the columns of one."""
    file = Path(path)
    if file.name.lower().removesuffix(".gz").endswith(".xes"):
        return True
    return is_event_log(open_table(file).columns)


def _reading(
    company_id: str, source: str, redact: bool, timezone: str | tzinfo, calendar: WorkingDays | None
) -> Reading:
    return Reading(
        company_id=company_id,
        source=source,
        zone=zone_of(timezone),
        redact=redact_text if redact else None,
        calendar=calendar,
    )


def zone_of(timezone: str | tzinfo) -> tzinfo:
    """Return the time zone of this name; UsageError where there is none."""
    if isinstance(timezone, tzinfo):
        return timezone
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"there is no time zone {timezone}", do="write it like Europe/Copenhagen") from error
