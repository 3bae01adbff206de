"""A folder of evidence to hand on: the pages as WARC, the ledger of what was quoted from them, and its anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from promisecheck.errors import IncompleteError, UsageError
from promisecheck.evidence.ledger import Kind, Ledger, quote_entry, snapshot_entry
from promisecheck.evidence.timestamp import Timestamp, TimestampError, ask_for_timestamp, check_timestamp
from promisecheck.evidence.verify import Problem, ReadText, Verification, read_chain, verify_ledger
from promisecheck.evidence.warc import read_warc, require_warcio, write_warc
from promisecheck.model import Fetched, Promise

ARCHIVE = "evidence.warc.gz"
LEDGER = "ledger.jsonl"
ANCHOR = "anchor.txt"
TIMESTAMP = "anchor.tsr"


def export_evidence(folder: Path, fetched: Iterable[Fetched], promises: Iterable[Promise]) -> str:
    """Write the three files and return the anchor, to be kept apart from the folder.

    The same snapshots and promises give the same bytes. Raises UsageError where the folder holds evidence
    already: evidence is added to by a new folder, never by changing an old one.
    """
    require_warcio()
    folder.mkdir(parents=True, exist_ok=True)
    if any((folder / name).exists() for name in (ARCHIVE, LEDGER, ANCHOR)):
        raise UsageError("already holds evidence", where=str(folder), do="name a new folder")
    records: list[tuple[Kind, dict[str, object]]] = []
    with (folder / ARCHIVE).open("wb") as out:
        write_warc(_noting(fetched, records), out)
    records += [quote_entry(promise) for promise in promises]
    archive = folder / ARCHIVE
    records.append(("file", {"name": ARCHIVE, "sha256": _digest(archive), "size": archive.stat().st_size}))
    ledger = Ledger.open(folder / LEDGER)
    ledger.append(records)
    (folder / ANCHOR).write_text(ledger.anchor + "\n", encoding="ascii", newline="\n")
    return ledger.anchor


def timestamp_evidence(
    folder: Path, url: str, *, post: Callable[[str, bytes], bytes] | None = None
) -> Timestamp:
    """Have a timestamp authority sign the folder's anchor, and keep its answer beside it; the time is unchecked.

    Raises TimestampError where none comes, UsageError where the folder has one already.
    """
    _require_evidence(folder)
    if (folder / TIMESTAMP).exists():
        raise UsageError(
            "is timestamped already", where=str(folder), do="the first timestamp is the one to keep"
        )
    anchor = (folder / ANCHOR).read_bytes()
    answer = ask_for_timestamp(anchor, url, post=post)
    (folder / TIMESTAMP).write_bytes(answer)
    return check_timestamp(anchor, answer)


def verify_evidence(
    folder: Path, read_text: ReadText, *, anchor: str = "", roots: bytes = b""
) -> Verification:
    """Check a folder again, offline; `anchor` is the one kept apart, else the folder's own is used.

    `read_text` turns a snapshot into the text of its page, as it was turned when the quotes were taken.
    `roots` holds PEM certificates trusted to sign timestamps.
    """
    _require_evidence(folder)
    require_warcio()
    lines, problems = _lines(folder / LEDGER)
    problems += _check_file(folder / ARCHIVE, lines)
    bodies, damage = _bodies(folder / ARCHIVE)
    found = verify_ledger(lines, bodies.get, read_text, anchor=anchor)
    if (folder / ANCHOR).read_bytes() != f"{found.anchor}\n".encode():
        problems.append(Problem(where=ANCHOR, what=f"is not {found.anchor}, with which the ledger ends"))
    stamped, wrong = _stamped(folder, roots)
    return replace(found, problems=(*problems, *damage, *found.problems, *wrong), timestamp=stamped)


def _require_evidence(folder: Path) -> None:
    missing = [name for name in (ARCHIVE, LEDGER, ANCHOR) if not (folder / name).is_file()]
    if missing:
        raise UsageError(
            f"holds no {missing[0]}", where=str(folder), do="name a folder made by evidence export"
        )


def _stamped(folder: Path, roots: bytes) -> tuple[Timestamp | None, list[Problem]]:
    """Return when a third party saw the anchor, where one did, and what is wrong with its word."""
    file = folder / TIMESTAMP
    if not file.is_file():
        return None, [Problem(where=TIMESTAMP, what="is not there")] if roots else []
    try:
        return check_timestamp((folder / ANCHOR).read_bytes(), file.read_bytes(), roots), []
    except TimestampError as error:
        return None, [Problem(where=TIMESTAMP, what=str(error))]


def _noting(fetched: Iterable[Fetched], records: list[tuple[Kind, dict[str, object]]]) -> Iterator[Fetched]:
    for one in fetched:
        records.append(snapshot_entry(one))
        if one.status and one.body:
            yield one


def _lines(path: Path) -> tuple[list[bytes], list[Problem]]:
    data = path.read_bytes()
    if data.endswith(b"\n"):
        return data[:-1].split(b"\n"), []
    return data.split(b"\n"), [Problem(where=LEDGER, what="its last line is cut short")]


def _check_file(archive: Path, lines: list[bytes]) -> list[Problem]:
    entries, _ = read_chain(lines)
    noted = [entry.data for entry in entries if entry.kind == "file"]
    if len(noted) != 1:
        return [Problem(where=LEDGER, what=f"names {len(noted)} archives, not one")]
    if noted[0].get("sha256") != _digest(archive):
        return [Problem(where=ARCHIVE, what="was altered since the export")]
    return []


def _bodies(archive: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bodies by the hash they have now: one that was altered is not found under its old hash."""
    bodies: dict[str, bytes] = {}
    with archive.open("rb") as stream:
        try:
            for _, body in read_warc(stream):
                bodies[sha256(body).hexdigest()] = body
        except IncompleteError as error:
            return bodies, [Problem(where=ARCHIVE, what=error.what)]
    return bodies, []


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _hash_of(iter(lambda: file.read(1 << 20), b""))


def _hash_of(pieces: Iterable[bytes]) -> str:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
