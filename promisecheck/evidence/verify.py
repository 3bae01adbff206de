"""Check a ledger again, offline: the chain, the stored bytes, and every quote at its place in their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from promisecheck import __version__
from promisecheck.errors import IncompleteError
from promisecheck.evidence.ledger import START, LedgerEntry, LedgerError, parse_line, seal
from promisecheck.evidence.timestamp import Timestamp
from promisecheck.model import Fetched

ReadText = Callable[[Fetched], str]
LoadBody = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Say what does not hold, and of which entry, page or quote."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Hold what was checked; `anchor` is the number of entries and the last hash, as found."""

    entries: int
    snapshots: int
    quotes: int
    anchor: str
    problems: tuple[Problem, ...]
    timestamp: Timestamp | None = None

    @property
    def sound(self) -> bool:
        """Return whether everything holds."""
        return not self.problems


def verify_ledger(
    lines: Iterable[bytes], load_body: LoadBody, read_text: ReadText, *, anchor: str = ""
) -> Verification:
    """Check every entry in turn.

    `load_body` returns the stored bytes for a hash, or None where there are none; `read_text` turns a
    snapshot into the text of its page. `anchor` is what was noted elsewhere when the ledger was written;
    without it, a ledger that was cut short or written anew from some point on looks whole.
    """
    entries, problems = read_chain(lines)
    found = f"{len(entries)} {entries[-1].hash if entries else START}"
    if anchor and anchor != found:
        problems.append(Problem(where="anchor", what=f"the ledger ends with {found}, not with {anchor}"))
    checker = _Checker(load_body, read_text)
    for entry in entries:
        problems += checker.check(entry)
    return Verification(
        entries=len(entries),
        snapshots=sum(entry.kind == "snapshot" for entry in entries),
        quotes=sum(entry.kind == "quote" for entry in entries),
        anchor=found,
        problems=tuple(problems),
    )


def read_chain(lines: Iterable[bytes]) -> tuple[list[LedgerEntry], list[Problem]]:
    """Return the entries that can be read, and every break of the chain."""
    entries: list[LedgerEntry] = []
    problems: list[Problem] = []
    previous = START
    for number, line in enumerate(lines):
        where = f"ledger line {number + 1}"
        try:
            entry = parse_line(line)
        except LedgerError as error:
            problems.append(Problem(where=where, what=error.what))
            previous = ""
            continue
        if seal(entry.n, entry.kind, entry.data, entry.previous).hash != entry.hash:
            problems.append(Problem(where=where, what=f"was altered ({_name(entry)})"))
        elif entry.n != number or (previous and entry.previous != previous):
            what = f"does not follow the line before it ({_name(entry)})"
            problems.append(Problem(where=where, what=what))
        previous = entry.hash
        entries.append(entry)
    return entries, problems


def snapshot_of(entry: LedgerEntry, body: bytes) -> Fetched:
    """Return the answer that a snapshot entry describes."""
    data = entry.data
    return Fetched(
        company_id=data["company_id"],
        url=data["url"],
        final_url=data["final_url"],
        fetched_at=datetime.fromisoformat(data["fetched_at"]),
        status=data["status"],
        headers=data["headers"],
        body=body,
        sha256=data["sha256"],
        error=data["error"],
    )


class _Checker:
    """Check entries against the bytes; a snapshot's text is read once for all its quotes."""

    def __init__(self, load_body: LoadBody, read_text: ReadText) -> None:
        self._load_body = load_body
        self._read_text = read_text
        self._snapshots: dict[tuple[str, str], LedgerEntry] = {}
        self._texts: dict[tuple[str, str], str | None] = {}

    def check(self, entry: LedgerEntry) -> list[Problem]:
        """Return what does not hold of one entry."""
        try:
            if entry.kind == "snapshot":
                return self._check_snapshot(entry)
            return self._check_quote(entry) if entry.kind == "quote" else []
        except (KeyError, TypeError, ValueError):
            return [Problem(where=f"ledger line {entry.n + 1}", what="lacks what an entry of its kind holds")]

    def _check_snapshot(self, entry: LedgerEntry) -> list[Problem]:
        data = entry.data
        for url in (data["url"], data["final_url"]):
            self._snapshots[url, data["sha256"]] = entry
        if not data["size"]:
            return []
        body = self._load_body(data["sha256"])
        if body is None:
            return [Problem(where=data["url"], what="its stored bytes are missing")]
        if sha256(body).hexdigest() != data["sha256"] or len(body) != data["size"]:
            return [Problem(where=data["url"], what=f"its stored bytes were altered ({data['sha256'][:16]})")]
        return []

    def _check_quote(self, entry: LedgerEntry) -> list[Problem]:
        data = entry.data
        where = f"{data['url']} “{data['quote'][:60]}”"
        text = self._text(data["url"], data["snapshot"])
        if text is None:
            return [Problem(where=where, what="the page it was quoted from cannot be read")]
        if text[data["start"] : data["end"]] == data["quote"]:
            return []
        if data["quote"] in text and data["reader"] != __version__:
            what = f"stands elsewhere on the page: {data['reader']} read it, this is {__version__}"
        elif data["quote"] in text:
            what = "does not stand where the ledger says"
        else:
            what = "does not stand on the page"
        return [Problem(where=where, what=what)]

    def _text(self, url: str, snapshot: str) -> str | None:
        key = (url, snapshot)
        if key not in self._texts:
            entry = self._snapshots.get(key)
            body = self._load_body(snapshot) if entry else None
            try:
                self._texts[key] = self._read_text(snapshot_of(entry, body)) if entry and body else None
            except IncompleteError:
                self._texts[key] = None
        return self._texts[key]


def _name(entry: LedgerEntry) -> str:
    return str(entry.data.get("url") or entry.data.get("name") or entry.kind)
