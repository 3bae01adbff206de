"""Bytes of a page → text: strict UTF-8 first, then what header, byte order mark and markup declare."""

from __future__ import annotations

import codecs
import re

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of `body`; bytes that fit no encoding become U+FFFD, never an error."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_declared(body, content_type)


def _decode_declared(body: bytes, content_type: str) -> str:
    from bs4.dammit import EncodingDetector, UnicodeDammit

    header = _CHARSET.search(content_type)
    declared = EncodingDetector.find_declared_encoding(body, is_html=True)
    known = [name for name in (header and header[1], declared) if name]
    if any(name.lower().replace("-", "") == "utf8" for name in known) and _mostly_utf8(body):
        return body.decode("utf-8", "replace")
    # Windows-1252 is what browsers read when a page says Latin-1, and what Nordic pages were saved in.
    guesses = ["cp1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1") else name for name in known]
    dammit = UnicodeDammit(body, known_definite_encodings=guesses, user_encodings=["cp1252"], is_html=True)
    return dammit.unicode_markup or body.decode("cp1252", "replace")


def _mostly_utf8(body: bytes) -> bool:
    """Tell a UTF-8 page with a few broken bytes from a page that only claims to be UTF-8."""
    broken = body.decode("utf-8", "replace").count("\ufffd")
    high = sum(1 for byte in body[:200_000] if byte >= 0xC0)
    return broken * 4 <= high
