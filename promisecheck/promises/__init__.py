"""Page → Promise: what a company states that commits it, with kind, theme, measure, scope and strength."""

from promisecheck.promises.detect import PageReading, read_page_promises, read_promises, read_text
from promisecheck.promises.reader import Reader, Thresholds, open_reader

__all__ = [
    "PageReading",
    "Reader",
    "Thresholds",
    "open_reader",
    "read_page_promises",
    "read_promises",
    "read_text",
]
