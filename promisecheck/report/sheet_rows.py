"""The rows of a worksheet as the XML that a workbook keeps, laid aside on disk until the book is bound.

A library writes the book around them; cell by cell it would take fifteen times as long for a log's many cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import IO

Cell = str | float | int | None
MOST_ROWS = 1_048_575
LONGEST_CELL = 32_000
_ODD = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# Spreadsheets read _x0041_ as a character: what a text holds of the kind is escaped itself.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class SheetRows:
    """Lay the rows below one sheet's titles aside in a file, each text as text; `count` is how many there are."""

    def __init__(self, columns: int, file: IO[bytes]) -> None:
        self.count = 0
        self._letters = [_letters(n) for n in range(columns)]
        self._file = file

    @property
    def is_full(self) -> bool:
        """Return whether a worksheet holds no more rows."""
        return self.count >= MOST_ROWS

    def add(self, cells: Sequence[Cell]) -> None:
        """Add one row; empty texts leave their cell out."""
        self.count += 1
        n = self.count + 1
        parts = [
            f'<c r="{letter}{n}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
            if isinstance(cell, str)
            else f'<c r="{letter}{n}"><v>{cell!r}</v></c>'
            for letter, cell in zip(self._letters, cells, strict=True)
            if cell is not None and cell != ""
        ]
        self._file.write(f'<row r="{n}">{"".join(parts)}</row>'.encode())

    def within(self, sheet: bytes) -> Iterable[bytes]:
        """Yield a worksheet that holds its titles alone, with the rows in it."""
        whole = f'<dimension ref="A1:{self._letters[-1]}{self.count + 1}"/>'.encode()
        head, end, tail = re.sub(rb'<dimension ref="[^"]*"/>', whole, sheet).partition(b"</sheetData>")
        yield head
        self._file.seek(0)
        while block := self._file.read(1 << 16):
            yield block
        yield end + tail


def _text(text: str) -> str:
    short = text[:LONGEST_CELL]
    if not _ODD.search(short):
        return short
    plain = _ESCAPE.sub("_x005F_", _FORBIDDEN.sub(" ", short)).encode("utf-8", "replace").decode()
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _letters(column: int) -> str:
    first, last = divmod(column, 26)
    return f"{chr(64 + first) if first else ''}{chr(65 + last)}"
