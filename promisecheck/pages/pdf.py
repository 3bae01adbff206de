"""PDF → paragraphs: terms are often published as one. Needs the extra `pdf`; scanned pages hold no text and say so."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from io import BytesIO

_MAX_PAGES = 300
_SECONDS = 20.0
_MAX_CHARS = 2_000_000
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-ZÆØÅÄÖ])")
_ENDS_SENTENCE = re.compile(r"[.!?:;]\s*$")
_BEGINS_ITEM = re.compile(r"\s*(?:[-•–▪*]|\d{1,3}(?:\.\d{1,3})*[.)]?)\s+\S")


class PdfError(ValueError):
    """Report a PDF that holds no text we can read, with the reason in plain words."""


def read_pdf(body: bytes) -> Iterator[tuple[int, str]]:
    """Yield (page number, paragraph); raises PdfError, also where reading takes too long."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise PdfError("a PDF, which needs pypdf: install promisecheck[pdf]") from error
    until = time.monotonic() + _SECONDS
    found = 0
    try:
        for number, page in enumerate(PdfReader(BytesIO(body)).pages[:_MAX_PAGES], 1):
            for paragraph in paragraphs(page.extract_text()):
                found += len(paragraph)
                yield number, paragraph
            if time.monotonic() > until or found > _MAX_CHARS:
                raise PdfError("a PDF that takes too long to read")
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
    ) as error:
        raise error if isinstance(error, PdfError) else PdfError("a damaged PDF") from error
    if not found:
        raise PdfError("a PDF without text, probably scanned")


def paragraphs(text: str) -> Iterator[str]:
    """Join the lines of a page into paragraphs: a blank line, a list item or a short ending line ends one."""
    lines = _HYPHEN.sub("", text).split("\n")
    longest = max(map(len, lines), default=0)
    gathered: list[str] = []
    for line in lines:
        if gathered and (not line.strip() or _BEGINS_ITEM.match(line)):
            yield " ".join(gathered)
            gathered = []
        if line.strip():
            gathered.append(line.strip())
            if len(line) < 0.7 * longest and _ENDS_SENTENCE.search(line):
                yield " ".join(gathered)
                gathered = []
    if gathered:
        yield " ".join(gathered)
