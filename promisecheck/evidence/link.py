"""A link that opens a page at one sentence, by a text fragment (`#:~:text=`)."""

from __future__ import annotations

from urllib.parse import quote as percent
from urllib.parse import urldefrag

_WHOLE = 80
_WORDS = 5


def deep_link(url: str, quote: str) -> str:
    """Return `url` with a text fragment for `quote`; a long quote is named by its first and last words.

    A fragment that the address already has is kept, as the standard wants it: `#part:~:text=…`.
    """
    words = quote.split()
    if not words:
        return url
    if len(quote) <= _WHOLE or len(words) <= 2 * _WORDS:
        text = _encoded(" ".join(words))
    else:
        text = f"{_encoded(' '.join(words[:_WORDS]))},{_encoded(' '.join(words[-_WORDS:]))}"
    plain, fragment = urldefrag(url)
    return f"{plain}#{fragment.partition(':~:')[0]}:~:text={text}"


def _encoded(text: str) -> str:
    # In a text fragment "-", "," and "&" are syntax; quote() leaves "-" as it is.
    return percent(text, safe="").replace("-", "%2D")
