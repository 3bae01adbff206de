"""Event logs folded to one incident a case: when it began and ended, its deadline, its hand-overs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.columns import plain_header
from promisecheck.incidents.dates import read_date
from promisecheck.incidents.file import Reading
from promisecheck.incidents.table import RawRow, RowProblem, Table
from promisecheck.model import Fact, Incident

LOG_FIELDS = (
    "case",
    "activity",
    "timestamp",
    "group",
    "resource",
    "start",
    "end",
    "deadline",
    "channel",
    "party",
)
_HEADERS: dict[str, str] = {
    "case": "caseconceptname caseid case sagsnr sagsid sagsnummer saksnr saksnummer ärendeid ärendenr ärendenummer "
    "traceid ticketid",
    "activity": "conceptname activity aktivitet hændelse hendelse händelse handling event trin steg task eventname",
    "timestamp": "timetimestamp timestamp tidspunkt tidpunkt tid time completetimestamp dato datum date endtimestamp",
    "group": "orggroup group gruppe grupp afdeling avdeling avdelning team",
    "resource": "orgresource resource resurs ressource medarbejder medarbeider medarbetare user bruger handledby",
    "start": "casestartdate casestart startdate startdato startdatum",
    "end": "caseenddate caseend enddate slutdato sluttdato slutdatum",
    "deadline": "casedeadline deadline frist duedate svarfrist",
    "channel": "casechannel channel kanal",
    "party": "casedepartment department casegroup",
}
_SYNONYMS = {name: log_field for log_field, names in _HEADERS.items() for name in names.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRules:
    """Say when a case has ended: where no end is recorded, with one of these activities, or at its last event."""

    end_activities: frozenset[str] = frozenset()
    reply_activities: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Case:
    """Collect what the events of one case say."""

    attributes: dict[str, Any] = field(default_factory=dict)
    events: list[tuple[datetime, int, str, str]] = field(default_factory=list)


class EventLog:
    """Iterate for one incident a case; then `problems` says which events could not be read.

    `mapping` (column → case, activity, timestamp …), `decisions` and `columns` are there before;
    `last_event_at`, the moment up to which the log reaches, after.
    """

    def __init__(
        self, table: Table, reading: Reading, mapping: Mapping[str, str] | None, rules: EndRules
    ) -> None:
        self.where = table.where
        self.columns = table.columns
        self.mapping = _mapped(table, mapping or {})
        self.problems: list[RowProblem] = []
        self.duplicates = 0
        self.count = 0
        self.last_event_at: datetime | None = None
        self._table = table
        self._reading = reading
        self._rules = rules
        self._columns = {name: column for column, name in self.mapping.items()}
        self.decisions = (*table.notes, self._how_cases_end())

    def __iter__(self) -> Iterator[Incident]:
        self.problems.clear()
        cases = self._fold(self._table.walk())
        self.count = len(cases)
        if not cases:
            raise IncidentFileError("holds no events", where=self.where, do="export the log again")
        self.last_event_at = max(event[0] for case in cases.values() for event in case.events)
        for name, case in cases.items():
            yield self._incident(name, case)

    def _how_cases_end(self) -> str:
        if "end" in self._columns:
            return f"a case ends as {self._columns['end']} says, and is open where that is empty"
        if self._rules.end_activities:
            return f"a case ends with {' or '.join(sorted(self._rules.end_activities))}"
        return "no end is recorded: a case ends with its last event"

    def _fold(self, rows: Iterable[RawRow]) -> dict[str, _Case]:
        cases: dict[str, _Case] = {}
        for row in rows:
            moment = self._moment(row, "timestamp")
            name = _text(row.cells.get(self._columns["case"]))
            problem = row.problem or _event_problem(row, name, moment)
            if problem is not None or moment is None:
                self.problems += [problem] if problem else []
                continue
            case = cases.setdefault(name, _Case())
            for log_field in ("start", "end", "deadline", "channel", "party"):
                value = self._cell(row, log_field)
                if _text(value):
                    case.attributes[log_field] = value
            who = _text(self._cell(row, "group")) or _text(self._cell(row, "resource"))
            case.events.append((moment, row.line, _text(self._cell(row, "activity")), who))
        return cases

    def _cell(self, row: RawRow, log_field: str) -> Any:
        column = self._columns.get(log_field)
        return row.cells.get(column) if column else None

    def _moment(self, row: RawRow, log_field: str) -> datetime | None:
        return read_date(self._cell(row, log_field), self._reading.zone)

    def _incident(self, name: str, case: _Case) -> Incident:
        case.events.sort()
        given = {
            log_field: read_date(case.attributes.get(log_field), self._reading.zone)
            for log_field in ("start", "end", "deadline")
        }
        start = given["start"] or case.events[0][0]
        end = self._end(case, given["end"])
        path = [event[2] for event in case.events]
        redact = self._reading.redact or (lambda text: text)
        return Incident(
            company_id=self._reading.company_id,
            source=self._reading.source,
            external_id=redact(name),
            occurred_at=start,
            closed_at=end,
            channel=_text(case.attributes.get("channel")),
            party=redact(_text(case.attributes.get("party")) or case.events[-1][3]),
            summary=redact(path[-1]),
            facts=self._facts(case, start, end, given["deadline"]),
        )

    def _end(self, case: _Case, given: datetime | None) -> datetime | None:
        if given is not None or "end" in self._columns:
            return given
        ends = [event[0] for event in case.events if event[2] in self._rules.end_activities]
        if self._rules.end_activities:
            return ends[-1] if ends else None
        return case.events[-1][0]

    def _facts(
        self, case: _Case, start: datetime, end: datetime | None, deadline: datetime | None
    ) -> dict[str, Fact]:
        people = [who for _, _, _, who in case.events if who]
        activities = [event[2] for event in case.events]
        facts: dict[str, Fact] = {
            "open": end is None,
            "events": len(case.events),
            "transfers": sum(one != other for one, other in pairwise(people)),
        }
        if end is None and self.last_event_at is not None:
            facts["log_until"] = self.last_event_at.isoformat()
        if deadline is not None:
            facts["deadline"] = deadline.isoformat()
        if end is not None:
            facts["ended_at"] = end.isoformat()
            if end >= start:
                facts["resolution_hours"] = round((end - start).total_seconds() / 3600, 4)
        replies = [event[0] for event in case.events if event[2] in self._rules.reply_activities]
        if replies and replies[0] >= start:
            facts["first_reply_hours"] = round((replies[0] - start).total_seconds() / 3600, 4)
        if self._rules.end_activities:
            facts["reopened"] = _goes_on(activities, self._rules.end_activities)
        return facts


def is_event_log(columns: Collection[str]) -> bool:
    """Return whether the columns are those of an event log: the names that process tools write."""
    return {"case:concept:name", "concept:name", "time:timestamp"} <= set(columns)


def _mapped(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    for column, log_field in given.items():
        if column not in table.columns:
            do = f"columns: {', '.join(table.columns)}"
            raise IncidentFileError(f"has no column {column}", where=table.where, do=do)
        if log_field not in LOG_FIELDS:
            do = f"fields: {', '.join(LOG_FIELDS)}"
            raise IncidentFileError(f"there is no field {log_field}", where=table.where, do=do)
    mapping = dict(given)
    for wanted in LOG_FIELDS:
        if wanted not in mapping.values():
            order = {name: n for n, name in enumerate(_HEADERS[wanted].split())}
            free = [column for column in table.columns if column not in mapping]
            found = [column for column in free if plain_header(column) in order]
            if found:
                mapping[min(found, key=lambda column: order[plain_header(column)])] = wanted
    missing = [name for name in ("case", "activity", "timestamp") if name not in mapping.values()]
    if missing:
        raise IncidentFileError(
            f"no column tells {' or '.join(missing)} ({', '.join(table.columns)})",
            where=table.where,
            do="name it, for instance COLUMN=case",
        )
    return mapping


def _goes_on(activities: list[str], ends: Collection[str]) -> bool:
    first = next((n for n, activity in enumerate(activities) if activity in ends), None)
    return first is not None and any(activity not in ends for activity in activities[first + 1 :])


def _event_problem(row: RawRow, case: str, moment: datetime | None) -> RowProblem | None:
    if not case:
        return RowProblem(line=row.line, what="the event names no case", do="give every event its case")
    if moment is None:
        return RowProblem(line=row.line, what="the event has no time", do="write it as 2026-11-24 14:05")
    return None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
