"""Which column means which field: guessed from headers, then from what the cells hold, always overridable."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from functools import cache
from typing import Any

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.dates import read_date
from promisecheck.incidents.headers import HEADERS
from promisecheck.incidents.numbers import header_unit, read_hours

TEXT_FIELDS = ("language", "channel", "theme", "touchpoint", "party", "summary", "details")
DATE_FIELDS = (
    "occurred_at",
    "closed_at",
    "first_reply_at",
    "deadline",
    "ordered_at",
    "delivered_at",
    "dispatched_at",
    "installed_at",
    "refunded_at",
    "scheduled_at",
    "actual_at",
)
HOUR_FIELDS = ("first_reply_hours", "resolution_hours", "paused_hours")
MINUTE_FIELDS = ("queue_minutes", "delay_minutes")
COUNT_FIELDS = (
    "transfers",
    "contacts",
    "delivery_working_days",
    "uptime",
    "speed_promised",
    "speed_delivered",
)
MONEY_FIELDS = ("price_promised", "price_charged", "order_value")
WORD_FIELDS = ("country", "customers", "measured_by")
FIELDS = (
    "external_id", *TEXT_FIELDS, *DATE_FIELDS, *HOUR_FIELDS, *MINUTE_FIELDS, *COUNT_FIELDS, *MONEY_FIELDS,
    *WORD_FIELDS, "reopened", "status",
)  # fmt: skip
IGNORE = "-"
FACT = "fact:"
_ALONE = frozenset({"details", "summary"})
_TIME_WORDS = re.compile(r"(dato|datum|date|tidspunkt|tidpunkt|time|den|at|on)$")
_TIME_OF = re.compile(r"^(dato|datum|date|tidspunkt|tidpunkt|time|tid)(for|för|of)")
_NOT_PLAIN = re.compile(r"[\W_]+")
_LONG_TEXT = 25.0


def plain_header(header: str) -> str:
    """Strip a header of case, spaces, punctuation, and what stands in brackets if that is a unit."""
    return _NOT_PLAIN.sub("", re.sub(r"[(\[][^)\]]*[)\]]", "", header).casefold())


def guess_mapping(columns: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return column → field for every column whose header, or else whose cells, tell what it means.

    Each field has one column, save that several columns of text may all be details. A column of dates or
    numbers must hold at least one where it holds anything.
    """
    guessed: dict[str, str] = {}
    taken: set[str] = set()
    for exact in (True, False):
        for column in columns:
            field = None if column in guessed else _by_header(column, exact)
            if (
                field
                and (field not in taken or (field == "details" and exact))
                and _fits(field, column, sample)
            ):
                guessed[column] = field
                taken.add(field)
    if not taken & _ALONE:
        longest = _longest_text([column for column in columns if column not in guessed], sample)
        if longest:
            guessed[longest] = "details"
    return {column: guessed[column] for column in columns if column in guessed}


def check_mapping(
    given: Mapping[str, str], columns: Sequence[str], where: str, guessed: Mapping[str, str]
) -> dict[str, str]:
    """Lay the mapping given over the one guessed; IncidentFileError names an unknown column or field.

    A field given by hand is taken from the column that was guessed for it; "-" leaves a column out.
    """
    for column, field in given.items():
        if column not in columns:
            raise _unknown("column", column, columns, where)
        if field != IGNORE and field not in FIELDS and not _is_fact(field):
            raise _unknown("field", field, FIELDS, where)
    by_hand = set(given.values()) - {"details"}
    merged = {column: field for column, field in guessed.items() if field not in by_hand}
    merged |= given
    return {column: merged[column] for column in columns if merged.get(column, IGNORE) != IGNORE}


def unit_of(column: str, field: str) -> str:
    """Return the unit a bare number in this column counts: what the header says, else the field's own."""
    own = "minute" if field in MINUTE_FIELDS else "hour"
    return header_unit(column) or own


def _is_fact(field: str) -> bool:
    return field.startswith(FACT) and field.removeprefix(FACT).replace("_", "a").isalnum()


def _by_header(column: str, exact: bool) -> str | None:
    plain = plain_header(column)
    if exact:
        whole = _NOT_PLAIN.sub("", column.casefold())
        return _synonyms().get(plain) or _synonyms().get(whole) or _synonyms().get(_without_unit(column))
    shorter = _TIME_OF.sub("", _TIME_WORDS.sub("", plain))
    found = _synonyms().get(shorter) if len(shorter) >= 4 else None
    if found or len(plain) < 6:
        return found
    close = difflib.get_close_matches(plain, _synonyms(), n=1, cutoff=0.88)
    return _synonyms()[close[0]] if close else None


def _fits(field: str, column: str, sample: Sequence[Mapping[str, Any]]) -> bool:
    values = [cells[column] for cells in sample if cells.get(column) not in (None, "")]
    if field in DATE_FIELDS:
        return not values or any(
            read_date(value, UTC) or read_date(value, UTC, "month-first") for value in values
        )
    if field in (*HOUR_FIELDS, *MINUTE_FIELDS, *COUNT_FIELDS, *MONEY_FIELDS):
        return not values or any(read_hours(value, "hour") is not None for value in values)
    return True


def _without_unit(column: str) -> str:
    """Strip a last word that names a unit of time, as in "Ventetid, min." or "svartid i timer"."""
    words = re.findall(r"[^\W_]+", column.casefold())
    while len(words) > 1 and (words[-1] in ("i", "in") or header_unit(words[-1])):
        words.pop()
    return "".join(words)


@cache
def _synonyms() -> dict[str, str]:
    words: dict[str, str] = {}
    for field, names in HEADERS.items():
        words[_NOT_PLAIN.sub("", field)] = field
        for name in names.casefold().split():
            words.setdefault(name, field)
    return words


def _longest_text(columns: Iterable[str], sample: Sequence[Mapping[str, Any]]) -> str | None:
    scored = [(_mean_length(column, sample), column) for column in columns]
    best = max(scored, default=(0.0, ""), key=lambda item: item[0])
    return best[1] if best[0] >= _LONG_TEXT else None


def _mean_length(column: str, sample: Sequence[Mapping[str, Any]]) -> float:
    texts = [str(cells[column]) for cells in sample if cells.get(column)]
    words = [text for text in texts if " " in text.strip() and any(map(str.isalpha, text))]
    return sum(map(len, words)) / len(texts) if texts else 0.0


def _unknown(what: str, name: str, known: Sequence[str], where: str) -> IncidentFileError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    do = f"did you mean {close[0]}?" if close else f"{what}s: {', '.join(known)}"
    message = f"has no column {name}" if what == "column" else f"there is no field {name}"
    return IncidentFileError(message, where=where, do=do)
