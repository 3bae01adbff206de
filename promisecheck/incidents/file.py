"""One incident file as a stream of incidents: mapping, dates and facts applied row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.columns import (
    DATE_FIELDS,
    FACT,
    TEXT_FIELDS,
    check_mapping,
    guess_mapping,
    unit_of,
)
from promisecheck.incidents.dates import DateOrder, decide_order, has_numeric_order, read_date
from promisecheck.incidents.facts import WorkingDays, derive_facts, read_fact, read_open
from promisecheck.incidents.table import Cells, RawRow, RowProblem, Table
from promisecheck.model import THEMES, Fact, Incident, content_id

SAMPLE_ROWS = 200
DATE_LENGTH = 10
LONGEST_SHOWN = 20
Redact = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Say how rows become incidents: whose they are, in which zone, and what may be kept of the text."""

    company_id: str
    source: str
    zone: tzinfo
    redact: Redact | None = None
    calendar: WorkingDays | None = None


@dataclass(slots=True)
class _Draft:
    """Collect what one row holds."""

    line: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    open: bool | None = None


class IncidentFile:
    """Iterate for incidents; then `problems` and `duplicates` say what was left out and why.

    `columns`, `mapping` (column → field) and `decisions` (how dates and cells are read) are there before.
    Where an external id comes twice, its last row is the one that is read.
    """

    def __init__(self, table: Table, reading: Reading, mapping: Mapping[str, str] | None = None) -> None:
        self.where = table.where
        self.columns = table.columns
        self.problems: list[RowProblem] = []
        self.duplicates = 0
        self.count = 0
        self._table = table
        self._reading = reading
        sample = [row.cells for row in islice(table.walk(), SAMPLE_ROWS) if row.problem is None]
        self.mapping = self._mapped(mapping or {}, sample)
        self._orders, self._last = self._survey()
        dates = [f"{column}: {order.why}" for column, order in self._orders.items()]
        self.decisions: tuple[str, ...] = (*table.notes, *dates)

    def __iter__(self) -> Iterator[Incident]:
        self.problems.clear()
        self.duplicates = self.count = 0
        for row in self._table.walk():
            if row.problem is not None:
                self.problems.append(row.problem)
            elif not _empty(row.cells):
                yield from self._read(row)
        if not self.count and not self.problems:
            raise IncidentFileError("holds no incidents", where=self.where, do="export the incidents again")

    def _mapped(self, given: Mapping[str, str], sample: list[Cells]) -> dict[str, str]:
        guessed = guess_mapping(self.columns, sample)
        merged = check_mapping(given, self.columns, self.where, guessed)
        if not merged:
            raise IncidentFileError(
                f"no column tells what it holds ({', '.join(self.columns)})",
                where=self.where,
                do="name them, for instance COLUMN=details",
            )
        return merged

    def _columns_of(self, name: str) -> list[str]:
        return [column for column, mapped in self.mapping.items() if mapped == name]

    def _survey(self) -> tuple[dict[str, DateOrder], dict[str, int]]:
        """Walk the rows once for what only all of them tell: date orders, and each id's last line."""
        ids = self._columns_of("external_id")[:1]
        dates = [column for column, name in self.mapping.items() if name in DATE_FIELDS]
        values: dict[str, dict[str, None]] = {column: {} for column in dates}
        lines: dict[str, int] = {}
        for row in self._table.walk() if ids or dates else ():
            for column in dates:
                value = row.cells.get(column)
                if isinstance(value, str):
                    values[column][value.strip()[:DATE_LENGTH]] = None
            key = _text(row.cells.get(ids[0])) if ids else ""
            if key:
                lines[key] = row.line
        orders = {column: decide_order(some) for column, some in values.items() if has_numeric_order(some)}
        return orders, lines

    def _read(self, row: RawRow) -> Iterator[Incident]:
        draft = _Draft(line=row.line)
        for column, name in self.mapping.items():
            value = row.cells.get(column)
            if value is not None and _text(value):
                self._take(draft, column, name, value)
        self.problems += draft.problems
        external_id = "".join(draft.texts.get("external_id", [])[:1])
        if external_id and self._last.get(external_id, row.line) != row.line:
            self.duplicates += 1
            return
        self.count += 1
        yield self._incident(draft, external_id)

    def _take(self, draft: _Draft, column: str, name: str, value: Any) -> None:
        if name in DATE_FIELDS:
            order = self._orders.get(column)
            moment = read_date(value, self._reading.zone, order.order if order else "day-first")
            if moment is None:
                draft.problems.append(_unread(draft.line, column, value, "write it as 2026-11-24 14:05"))
            else:
                draft.moments[name] = moment
        elif name == "status":
            draft.open = read_open(value)
            draft.texts.setdefault(name, []).append(_text(value))
        elif name == "theme" and _text(value).casefold() not in THEMES:
            draft.facts["category"] = _text(value)
        elif name == "theme":
            draft.texts[name] = [_text(value).casefold()]
        elif name == "external_id" or name in TEXT_FIELDS:
            draft.texts.setdefault(name, []).append(_text(value))
        else:
            self._take_fact(draft, column, name, value)

    def _take_fact(self, draft: _Draft, column: str, name: str, value: Any) -> None:
        fact = read_fact(name, value, unit_of(column, name))
        if fact is None:
            draft.problems.append(_unread(draft.line, column, value, f"{name} takes a number"))
        else:
            draft.facts[name.removeprefix(FACT)] = fact

    def _incident(self, draft: _Draft, external_id: str) -> Incident:
        facts = derive_facts(draft.facts, draft.moments, self._reading.calendar)
        opened = self._is_open(draft)
        if opened is not None:
            facts["open"] = opened
        joined = {name: "\n".join(parts) for name, parts in draft.texts.items()}
        redact = self._reading.redact
        if redact is not None:
            joined = {name: redact(text) for name, text in joined.items()}
            facts = {name: redact(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
            external_id = (
                external_id if redact(external_id) == external_id else content_id("subject", external_id)
            )
        return Incident(
            company_id=self._reading.company_id,
            source=self._reading.source,
            external_id=external_id,
            occurred_at=draft.moments.get("occurred_at"),
            closed_at=draft.moments.get("closed_at"),
            facts=facts,
            **{name: joined.get(name, "") for name in TEXT_FIELDS},
        )

    def _is_open(self, draft: _Draft) -> bool | None:
        """Return whether the case is open: by its end, by its status, by the lack of an end."""
        if "closed_at" in draft.moments:
            return False
        if draft.open is not None:
            return draft.open
        return True if self._columns_of("closed_at") else None


def count_problems(problems: Iterable[RowProblem]) -> dict[str, int]:
    """Count problems by what they say, commonest first."""
    return dict(Counter(problem.what for problem in problems).most_common())


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return "" if value is None else str(value).replace("\0", "").strip()


def _empty(cells: Cells) -> bool:
    return not any(_text(value) for value in cells.values())


def _unread(line: int, column: str, value: Any, do: str) -> RowProblem:
    """Name a value that could not be read; a long one may be personal and is not repeated."""
    text = _text(value)
    shown = f"“{text}”" if len(text) <= LONGEST_SHOWN else f"a value of {len(text)} characters"
    return RowProblem(line=line, what=f"{column}: {shown} cannot be read", do=do)
