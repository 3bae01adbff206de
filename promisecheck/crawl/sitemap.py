"""Sitemaps: a stream of bytes → addresses, without a tree, without a DTD, and never more than asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from promisecheck.crawl.bodies import CHUNK, gunzip
from promisecheck.errors import FetchError

MAX_ADDRESSES = 50_000
MAX_BYTES = 52_428_800
_MAX_LENGTH = 2_083
_MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Listed:
    """Hold one address; `is_sitemap` where it is a further sitemap."""

    url: str
    is_sitemap: bool


def read_sitemap(body: bytes, limit: int = MAX_ADDRESSES) -> Iterator[Listed]:
    """Yield the addresses of a sitemap, a sitemap index or a plain list, gzipped or not.

    Raises FetchError where it holds a DTD, is not XML or grows above MAX_BYTES; what came before stands.
    """
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"\x1f\x8b"):
        pieces = _capped(gunzip([body]))
    else:
        pieces = iter([body[at : at + CHUNK] for at in range(0, len(body), CHUNK)])
        if start.startswith((b"http://", b"https://")):
            yield from _plain(body, limit)
            return
    reader = _Reader(limit)
    for piece in pieces:
        reader.feed(piece)
        yield from reader.taken()
        if reader.full:
            return
    reader.feed(b"", final=True)
    yield from reader.taken()


def _capped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > MAX_BYTES:
            raise FetchError(f"the sitemap is larger than {MAX_BYTES} bytes")
        yield piece


def _plain(body: bytes, limit: int) -> Iterator[Listed]:
    lines = body.decode("utf-8", "replace").split()
    yield from (Listed(line, False) for line in lines[:limit] if line.startswith("http"))


class _Reader:
    """Take `<loc>` out of `<url>` and `<sitemap>` as the parser meets them."""

    def __init__(self, limit: int) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._limit = limit
        self._count = 0
        self._depth = 0
        self._parent = ""
        self._inside = False
        self._loc = ""
        self._found: list[Listed] = []

    @property
    def full(self) -> bool:
        """Return whether the limit is reached."""
        return self._count >= self._limit

    def feed(self, piece: bytes, final: bool = False) -> None:
        """Parse a further piece."""
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise FetchError(f"the sitemap is not well-formed XML ({error})") from error

    def taken(self) -> list[Listed]:
        """Return what was found since the last call."""
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise FetchError("the sitemap nests too deep")
        local = name.rpartition(" ")[2]
        if local in ("url", "sitemap"):
            self._parent = local
        elif local == "loc" and "image" not in name:
            self._inside, self._loc = True, ""

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._inside and name.rpartition(" ")[2] == "loc":
            self._inside = False
            url = self._loc.strip()
            if self._parent and 0 < len(url) <= _MAX_LENGTH and not self.full:
                self._count += 1
                self._found.append(Listed(url, self._parent == "sitemap"))

    def _text(self, text: str) -> None:
        if self._inside and len(self._loc) <= _MAX_LENGTH:
            self._loc += text

    def _doctype(self, *declaration: object) -> None:
        raise FetchError("the sitemap holds a document type declaration")
