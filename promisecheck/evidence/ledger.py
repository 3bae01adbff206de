"""An append-only list of what was fetched and quoted, each entry sealed with the hash of the one before it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from promisecheck import __version__
from promisecheck.errors import IncompleteError
from promisecheck.model import Fetched, Promise

Kind = Literal["snapshot", "quote", "file"]
START = "0" * 64


class LedgerError(IncompleteError):
    """Report a ledger that cannot be read or continued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """Hold one sealed entry; `hash` covers everything else in it, and `previous` is the hash before it."""

    n: int
    kind: Kind
    data: Mapping[str, Any]
    previous: str
    hash: str

    @property
    def line(self) -> str:
        """Return the one way in which this entry is written."""
        return _canonical({**_sealed(self.n, self.kind, self.data, self.previous), "hash": self.hash})


def seal(n: int, kind: Kind, data: Mapping[str, Any], previous: str) -> LedgerEntry:
    """Return the entry with its hash."""
    digest = sha256(_canonical(_sealed(n, kind, data, previous)).encode()).hexdigest()
    return LedgerEntry(n=n, kind=kind, data=data, previous=previous, hash=digest)


def snapshot_entry(fetched: Fetched) -> tuple[Kind, dict[str, Any]]:
    """Return what the ledger says of an answer: everything but the body, which its hash stands for."""
    return "snapshot", {
        "company_id": fetched.company_id,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "fetched_at": fetched.fetched_at.astimezone(UTC).isoformat(),
        "status": fetched.status,
        "headers": dict(sorted(fetched.headers.items())),
        "sha256": sha256(fetched.body).hexdigest(),
        "size": len(fetched.body),
        "error": fetched.error,
    }


def quote_entry(promise: Promise) -> tuple[Kind, dict[str, Any]]:
    """Return what the ledger says of a promise: its words, and where in which snapshot they stand."""
    return "quote", {
        "promise_id": promise.id,
        "company_id": promise.company_id,
        "url": promise.url,
        "snapshot": promise.snapshot,
        "start": promise.start,
        "end": promise.end,
        "quote": promise.quote,
        "reader": __version__,
    }


def chain(
    records: Iterable[tuple[Kind, Mapping[str, Any]]], *, n: int = 0, previous: str = START
) -> Iterable[LedgerEntry]:
    """Seal records one after the other."""
    for at, (kind, data) in enumerate(records, n):
        entry = seal(at, kind, data, previous)
        previous = entry.hash
        yield entry


def parse_line(line: bytes) -> LedgerEntry:
    """Read one line; raises LedgerError where it is not written exactly as an entry is."""
    try:
        found = json.loads(line)
        entry = LedgerEntry(
            n=found["n"],
            kind=found["kind"],
            data=found["data"],
            previous=found["previous"],
            hash=found["hash"],
        )
        exact = entry.kind in get_args(Kind) and isinstance(entry.data, dict) and entry.line.encode() == line
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise LedgerError("is no entry of a ledger") from error
    if not exact:
        raise LedgerError("is not written as an entry is written")
    return entry


class Ledger:
    """Append to a ledger file; what is written is on the disk before `append` returns."""

    def __init__(self, path: Path, n: int, head: str) -> None:
        self._path = path
        self._n = n
        self.head = head

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open the file, or begin one; a last line that a crash cut short is dropped."""
        if not path.exists():
            return cls(path, 0, START)
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with path.open("r+b") as file:
                file.truncate(len(whole))
        if not whole:
            return cls(path, 0, START)
        last = parse_line(whole.rstrip(b"\n").rpartition(b"\n")[2])
        return cls(path, last.n + 1, last.hash)

    @property
    def anchor(self) -> str:
        """Return number and hash of the last entry: kept elsewhere, they show any later change or cut."""
        return f"{self._n} {self.head}"

    def append(self, records: Iterable[tuple[Kind, Mapping[str, Any]]]) -> list[LedgerEntry]:
        """Seal and write records; return the entries."""
        entries = list(chain(records, n=self._n, previous=self.head))
        if entries:
            with self._path.open("ab") as file:
                file.write("".join(entry.line + "\n" for entry in entries).encode())
                file.flush()
                os.fsync(file.fileno())
            self._n, self.head = entries[-1].n + 1, entries[-1].hash
        return entries


def _sealed(n: int, kind: str, data: Mapping[str, Any], previous: str) -> dict[str, Any]:
    return {"n": n, "kind": kind, "data": data, "previous": previous}


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
