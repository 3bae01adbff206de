"""Rules, readings and vetoes make one decision; rules and readings together name the theme."""

from collections.abc import Mapping, Sequence

import pytest

from promisecheck.model import Promise
from promisecheck.packs import load_packs
from promisecheck.promises import Reader, read_text
from promisecheck.promises.shape import _theme
from promisecheck.text import SentenceContext, SentenceReading


class Saying:
    """Say the same of every sentence."""

    version = "test"
    judges_pairs = False
    threshold = 0.4

    def __init__(self, promise: float, themes: Mapping[str, float]) -> None:
        self.reading = SentenceReading(promise=promise, kinds={"value": 1.0}, themes=themes)

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        return [self.reading for _ in sentences]


def found(
    text: str, language: str, promise: float, themes: Mapping[str, float] | None = None
) -> list[Promise]:
    reader = Reader(packs=load_packs(), readings=Saying(promise, themes or {"quality": 1.0}))  # type: ignore[arg-type]
    return read_text([text], [language], reader)[0]


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("Let for kunden", "", "da.ease.slogan"),
        ("Det skal være nemt at være kunde hos os", "da", "da.ease.slogan"),
        ("Kunden i sentrum", "nb", "nb.personal.slogan"),
        ("Enkelt och tryggt för dig", "sv", "sv.ease.slogan"),
        ("We never compromise on quality", "en", "en.quality.slogan"),
        ("Ingen skjulte gebyrer", "da", "da.price.slogan"),
    ],
)
def test_a_slogan_that_is_a_promise_by_definition_counts_whatever_the_heads_say(
    text: str, language: str, rule: str
) -> None:
    (promise,) = found(text, language, 0.01)
    assert (promise.rule_id, promise.language) == (rule, rule[:2])


@pytest.mark.parametrize(
    "text", ["Er det let for kunden?", "Skabet er let at flytte", "Vi svarer altid samme dag"]
)
def test_other_sentences_need_the_heads(text: str) -> None:
    assert found(text, "da", 0.01) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Returns are at your own expense.", "en"),
        ("Vi anbefaler at du tegner forsikring.", "nb"),
        ("Vi anbefaler at du tegner forsikring.", "da"),
        ("Skador ska anmälas inom en vecka.", "sv"),
    ],
)
def test_what_is_never_a_promise_is_none_however_sure_the_heads_are(text: str, language: str) -> None:
    assert found(text, language, 0.97) == []


@pytest.mark.parametrize(
    ("themes", "ruled", "expected"),
    [
        ({"price": 0.6, "ease": 0.4}, [], "price"),
        ({"price": 0.8, "ease": 0.2}, ["ease"], "ease"),
        ({"price": 0.99, "ease": 0.01}, ["ease"], "price"),
        ({"quality": 0.5, "personal": 0.4, "price": 0.1}, ["personal", "quality"], "personal"),
        ({"quality": 0.9, "personal": 0.1}, ["personal", "quality"], "quality"),
        ({}, ["safety"], "safety"),
    ],
)
def test_rules_and_heads_name_the_theme_together(
    themes: Mapping[str, float], ruled: list[str], expected: str
) -> None:
    assert _theme(themes, ruled, 3.0) == expected
