"""A reader keeps what it read of a site, up to a limit."""

from collections.abc import Sequence

import pytest

from promisecheck.promises import Reader, reader
from promisecheck.text import SentenceContext, SentenceReading


class Counting:
    """Give each sentence a reading of its own; remember what was asked."""

    version = "test"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        self.asked += [s.text for s in sentences]
        return [SentenceReading(promise=len(s.text) / 10, kinds={}, themes={}) for s in sentences]


def said(*texts: str) -> list[SentenceContext]:
    return [SentenceContext(text=text) for text in texts]


def test_asks_once_for_each_sentence() -> None:
    heads = Counting()
    made = Reader(packs={}, readings=heads)  # type: ignore[arg-type]
    assert [r.promise for r in made.read(said("a", "bb", "a"))] == [0.1, 0.2, 0.1]
    assert [r.promise for r in made.read(said("bb", "ccc"))] == [0.2, 0.3]
    assert heads.asked == ["a", "bb", "ccc"]


def test_a_full_cache_keeps_what_the_page_at_hand_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_CACHE_LIMIT", 2)
    heads = Counting()
    made = Reader(packs={}, readings=heads)  # type: ignore[arg-type]
    made.read(said("a", "bb", "ccc"))
    assert [r.promise for r in made.read(said("a", "dddd", "bb"))] == [0.1, 0.4, 0.2]
    assert [r.promise for r in made.read(said("a"))] == [0.1]
