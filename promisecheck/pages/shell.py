"""Pages that are an empty shell until scripts fill them: what they state cannot be read without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable

from promisecheck.model import Block

_ROOT = re.compile(
    r"<(?:div|main|section)\b[^<>]{0,300}\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt|___gatsby|react-root|q-app|svelte|"
    r"app-root|main-app)[\"']?[^<>]{0,300}>\s*(?:<!--[^>]*-->\s*)?</|<app-root\b[^<>]{0,300}>\s*</",
    re.IGNORECASE,
)
_UNSEEN = ("meta", "jsonld", "noscript", "alt", "consent")
_ALMOST_NOTHING = 120
_SEARCHED = 200_000


def is_shell(html: str, blocks: Iterable[Block]) -> bool:
    """Return whether the page shows almost no text of its own and has an empty element for an application."""
    shown = 0
    for block in blocks:
        if (
            block.role not in _UNSEEN
            and not block.hidden
            and (shown := shown + len(block.text)) >= _ALMOST_NOTHING
        ):
            return False
    return bool(_ROOT.search(html[:_SEARCHED]))
