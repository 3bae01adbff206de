"""XES event logs, plain or gzipped: streamed, with DTDs and entities refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.decoding import open_binary
from promisecheck.incidents.table import RawRow, Table

CASE = "case:"
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))


def read_xes(path: Path) -> Table:
    """Read an XES log as one row an event; attributes of the trace become columns that begin "case:".

    The line of a row is the number of its event. Raises IncidentFileError where the file is no XES log,
    breaks off or declares entities.
    """
    columns: dict[str, None] = {}
    for row in _walk(path):
        columns.update(dict.fromkeys(row.cells))
    if not columns:
        raise IncidentFileError("holds no events", where=str(path), do="export the log again")
    return Table(where=str(path), columns=tuple(columns), walk=lambda: _walk(path))


def _walk(path: Path) -> Iterator[RawRow]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    number = 0
    with open_binary(path) as file:
        try:
            for _, element in iterparse(file, events=("end",), forbid_dtd=True):
                if _name(element) != "trace":
                    continue
                attributes = {f"{CASE}{key}": value for key, value in _attributes(element).items()}
                for event in element:
                    if _name(event) == "event":
                        number += 1
                        yield RawRow(line=number, cells={**attributes, **_attributes(event)})
                element.clear()
        except DefusedXmlException as error:
            raise IncidentFileError(
                "declares a document type or entities, which is refused",
                where=str(path),
                do="export it without",
            ) from error
        except (ParseError, EOFError, OSError, ValueError, zlib.error) as error:
            raise IncidentFileError(
                f"is not a whole XES log: {error}", where=str(path), do="export it again"
            ) from error


def _attributes(element: Element) -> dict[str, Any]:
    return {
        child.get("key", ""): child.get("value", "")
        for child in element
        if _name(child) in _VALUES and child.get("key")
    }


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
