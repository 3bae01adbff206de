"""Snapshots as WARC/1.1, the archive format that libraries and courts read: written from what was fetched."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from importlib.util import find_spec
from io import BytesIO
from typing import BinaryIO
from uuid import UUID, uuid5

from promisecheck import __version__
from promisecheck.errors import IncompleteError, UsageError
from promisecheck.model import Fetched

# Bodies are kept decoded and whole, so these headers no longer describe them.
_OF_THE_WIRE = frozenset(
    ("content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive")
)
_SPACE = UUID("6f9a1d3c-52f4-5d7b-9a53-0d6a0b1b2c11")


def write_warc(fetched: Iterable[Fetched], out: BinaryIO) -> int:
    """Write a gzipped WARC with one response a snapshot and return how many; needs the extra `warc`.

    The same snapshots give the same records: ids are derived from content, dates are those of fetching.
    """
    require_warcio()
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {"software": f"promisecheck/{__version__}", "format": "WARC File Format 1.1"}
    written = 0
    for one in fetched:
        if not written:
            head = writer.create_warcinfo_record("evidence.warc.gz", info)
            head.rec_headers.replace_header("WARC-Date", _date(one.fetched_at))
            head.rec_headers.replace_header("WARC-Record-ID", _record_id("info", one))
            writer.write_record(head)
        kept = [
            (name, value) for name, value in sorted(one.headers.items()) if name.lower() not in _OF_THE_WIRE
        ]
        kept.append(("content-length", str(len(one.body))))
        record = writer.create_warc_record(
            one.final_url or one.url,
            "response",
            payload=BytesIO(one.body),
            length=len(one.body),
            http_headers=StatusAndHeaders(_status_line(one.status), kept, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": _date(one.fetched_at),
                "WARC-Record-ID": _record_id("response", one),
                "WARC-Payload-Digest": f"sha256:{sha256(one.body).hexdigest()}",
            },
        )
        writer.write_record(record)
        written += 1
    return written


def read_warc(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the body of every response; raises IncompleteError where the file is damaged."""
    require_warcio()
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                yield uri, record.content_stream().read()
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error, OSError, AttributeError, TypeError) as error:
        raise IncompleteError(f"the archive is damaged ({error})") from error


def require_warcio() -> None:
    """Raise UsageError where the extra `warc` is not installed."""
    if find_spec("warcio") is None:
        raise UsageError("evidence needs warcio", do='pip install "promisecheck[warc]"')


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record_id(kind: str, one: Fetched) -> str:
    return f"<urn:uuid:{uuid5(_SPACE, f'{kind} {one.url} {one.fetched_at.isoformat()} {one.sha256}')}>"


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
