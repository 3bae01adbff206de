"""The list of companies to sweep: a CSV file with name, url, country and the rest; every mistake is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from promisecheck.check import company_of
from promisecheck.errors import IncidentFileError, InputError, UsageError
from promisecheck.incidents import read_lines
from promisecheck.model import LANGUAGES, Company
from promisecheck.plugins import did_you_mean

COLUMNS = ("name", "url", "country", "incidents", "languages", "id")
COUNTRIES = ("DK", "NO", "SE", "GB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Hold one company of the list with its incident files."""

    company: Company
    incidents: tuple[Path, ...] = ()


def read_companies(path: Path) -> list[Listed]:
    """Return the companies of a CSV file in its order; raise InputError that names the line.

    Columns are name, url (required), country, incidents (files, separated by |, read from the list's own
    folder), languages (separated by spaces) and id. The separator may be a comma, semicolon or tab, the encoding
    UTF-8, UTF-16 or cp1252.
    """
    try:
        text = "".join(read_lines(path, None))
    except IncidentFileError as error:
        raise InputError(error.what, where=str(path), do="give a CSV file, such as Excel saves it") from error
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count), restkey="", restval="")
    _check_columns(rows.fieldnames or [], path)
    listed: dict[str, Listed] = {}
    for row in rows:
        one = _listed(row, path, f"{path}, line {rows.line_num}")
        if one.company.id in listed:
            raise InputError(
                f"{one.company.id} is there twice", where=f"{path}, line {rows.line_num}", do="give one an id"
            )
        listed[one.company.id] = one
    if not listed:
        raise InputError("lists no company", where=str(path), do="add a row under the header: name,url")
    return list(listed.values())


def _check_columns(names: Sequence[str], path: Path) -> None:
    known = [name.strip().casefold() for name in names]
    for name in known:
        if name not in COLUMNS:
            raise InputError(
                f"unknown column {name!r}", where=f"{path}, line 1", do=did_you_mean(name, list(COLUMNS))
            )
    if "url" not in known:
        raise InputError(
            "there is no column url", where=f"{path}, line 1", do=f"columns: {', '.join(COLUMNS)}"
        )


def _listed(row: Mapping[str, str], path: Path, where: str) -> Listed:
    cells = {key.strip().casefold(): (value or "").strip() for key, value in row.items() if key}
    try:
        company = company_of(cells["url"], cells.get("name", ""), cells.get("country", "").upper())
    except UsageError as error:
        raise InputError(f"{cells['url']!r} is {error.what}", where=where, do=error.do) from None
    languages = tuple(cells.get("languages", "").split())
    _check_known(languages, LANGUAGES, "language", where)
    _check_known((company.country,) if company.country else (), COUNTRIES, "country", where)
    files = tuple(
        path.parent / name.strip() for name in cells.get("incidents", "").split("|") if name.strip()
    )
    return Listed(
        company=replace(company, id=cells.get("id") or company.id, languages=languages), incidents=files
    )


def _check_known(words: tuple[str, ...], known: tuple[str, ...], sort: str, where: str) -> None:
    for word in words:
        if word not in known:
            raise InputError(f"unknown {sort} {word!r}", where=where, do=did_you_mean(word, list(known)))
