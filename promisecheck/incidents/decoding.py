"""Lines of text out of bytes: UTF-8 with or without its mark, UTF-16, and cp1252 line by line where it must be."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

from promisecheck.errors import IncidentFileError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAMPLE = 65536
_BROKEN = (EOFError, OSError, zlib.error)


def open_binary(path: Path) -> BinaryIO:
    """Open a file, unpacking gzip; IncidentFileError where it is missing, empty or unreadable."""
    try:
        if path.stat().st_size == 0:
            raise IncidentFileError("the file is empty", where=str(path), do="export the incidents again")
        if path.suffix.lower() == ".gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        return path.open("rb")
    except FileNotFoundError as error:
        raise IncidentFileError("no such file", where=str(path), do="check the path") from error
    except OSError as error:
        raise IncidentFileError(
            f"cannot be opened: {error.strerror}", where=str(path), do="check your rights to it"
        ) from error


def read_lines(path: Path, encoding: str | None) -> Iterator[str]:
    """Yield the lines of a text file with their line ends, whatever its encoding.

    Without `encoding` each line is UTF-8 if it can be and cp1252 otherwise, so that one odd line spoils no
    other. Raises IncidentFileError where the file holds no text or not the encoding asked for.
    """
    with open_binary(path) as file:
        head = first_bytes(file, path)
        if encoding is None and head.startswith(_UTF16):
            encoding = "utf-16"
        if encoding is None and b"\0" in head:
            raise IncidentFileError(
                "is not a text file", where=str(path), do="give a CSV, JSONL, XLSX, XES or SQLite file"
            )
        try:
            yield from _decoded(file, encoding) if encoding else _by_line(file)
        except (LookupError, UnicodeError) as error:
            raise IncidentFileError(
                f"cannot be read as {encoding}: {error}",
                where=str(path),
                do="leave the encoding out, or name the right one",
            ) from error
        except _BROKEN as error:
            raise IncidentFileError(f"breaks off: {error}", where=str(path), do="copy it again") from error


def first_bytes(file: BinaryIO, path: Path) -> bytes:
    """Return the beginning of a file, and go back to its start."""
    try:
        head = file.read(_SAMPLE)
        file.seek(0)
    except _BROKEN as error:
        raise IncidentFileError(f"cannot be read: {error}", where=str(path), do="copy it again") from error
    return head


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    known = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    for line in TextIOWrapper(file, encoding=known, newline=""):
        yield line.replace("\r\n", "\n").replace("\r", "\n")


def _by_line(file: BinaryIO) -> Iterator[str]:
    for n, raw in enumerate(file):
        line = raw.removeprefix(codecs.BOM_UTF8) if n == 0 else raw
        text = decode_line(line).replace("\r\n", "\n")
        yield from text.replace("\r", "\n").splitlines(keepends=True) if "\r" in text else (text,)


def decode_line(line: bytes) -> str:
    """Decode one line as UTF-8, and each byte that is none as cp1252, or as latin-1 where that has no letter."""
    return line.decode("utf-8", _OTHER)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    try:
        return odd.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return odd.decode("latin-1"), error.end


_OTHER = "promisecheck-cp1252"
codecs.register_error(_OTHER, _as_cp1252)
