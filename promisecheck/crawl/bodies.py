"""What comes over the wire → the body, never more of it than asked for, whatever a compressed stream claims."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from promisecheck.crawl.packed import decoders
from promisecheck.errors import FetchError

CHUNK = 65_536
_MAX_MEMBERS = 1_000


class BodyTooLargeError(FetchError):
    """Report a body above the cap."""


def accepted_encodings() -> str:
    """Return what an Accept-Encoding header may name."""
    return ", ".join(("gzip", "deflate", *decoders()))


def read_body(pieces: Iterable[bytes], encoding: str, max_bytes: int, *, truncate: bool = False) -> bytes:
    """Join `pieces`, decoded; raises BodyTooLargeError above `max_bytes`, or cuts there with `truncate`.

    Only one encoding is decoded: stacked and unknown ones are refused, since each layer multiplies what a
    small answer can grow to.
    """
    body = bytearray()
    for piece in _decoded(pieces, encoding.strip().lower(), max_bytes):
        body += piece
        if len(body) > max_bytes:
            if truncate:
                return bytes(body[:max_bytes])
            raise BodyTooLargeError(f"the page is larger than {max_bytes} bytes")
    return bytes(body)


def _decoded(pieces: Iterable[bytes], encoding: str, max_bytes: int) -> Iterable[bytes]:
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return gunzip(pieces)
    if encoding == "deflate":
        return _inflate(pieces)
    if encoding in decoders():
        return decoders()[encoding](pieces, CHUNK)
    raise FetchError(f"the server sent an encoding that was not asked for ({encoding[:40]})")


def gunzip(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Decode gzip, member after member, in pieces of at most CHUNK bytes."""
    members = 1
    decoder = zlib.decompressobj(31)
    for piece in pieces:
        data = piece
        while data:
            if decoder.eof:
                if not (data := data.lstrip(b"\0")).startswith(b"\x1f"):
                    break
                members += 1
                if members > _MAX_MEMBERS:
                    raise FetchError("the compressed page has more parts than any page needs")
                decoder = zlib.decompressobj(31)
            yield _step(decoder, data)
            data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if not decoder.eof:
        raise FetchError("the compressed page ends too early")


def _inflate(pieces: Iterable[bytes]) -> Iterable[bytes]:
    decoder = None
    for piece in pieces:
        if not piece:
            continue
        if decoder is None:
            # "deflate" should be a zlib stream; some servers send the bare one.
            decoder = zlib.decompressobj(15 if piece[0] & 0x0F == 8 else -15)
        data = piece
        while data and not decoder.eof:
            yield _step(decoder, data)
            data = decoder.unconsumed_tail


def _step(decoder: zlib._Decompress, data: bytes) -> bytes:
    try:
        return decoder.decompress(data, CHUNK)
    except zlib.error as error:
        raise FetchError("the compressed page is damaged") from error
