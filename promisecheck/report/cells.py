"""Text made harmless for tables and plain files: no formulas, no control characters."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LEAD = re.compile(r"^(?:[^\w]|_|%0[9ad])*", re.IGNORECASE)
_LIVE = set("=+-@|")


def one_line(text: str) -> str:
    """Return the text on one line, without control characters or marks that turn the writing direction."""
    return _INVISIBLE.sub("", _CONTROL.sub(" ", text)).strip()


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before one that could be."""
    plain = one_line(text)
    folded = unicodedata.normalize("NFKC", plain)
    lead = _LEAD.match(folded)
    live = bool(lead and set(lead.group()) & _LIVE) or folded.upper().startswith("DDE(")
    return f"'{plain}" if live else plain
