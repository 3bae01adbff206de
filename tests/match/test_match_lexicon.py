"""The lexicons that ship can be read, and a phrase that cannot be is named."""

from __future__ import annotations

import pytest

from promisecheck.errors import RuleError
from promisecheck.match.codes import CODES, DEFAULT_BROKEN, DEFAULT_KEPT, THEME_ASPECTS
from promisecheck.match.lexicon import load_lexicon
from promisecheck.match.phrasebook import PhraseBook, fold_word, tokenize
from promisecheck.model import LANGUAGES, THEMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_lexicon(language: str) -> None:
    lexicon = load_lexicon(language)
    assert len(lexicon.common) >= 20
    assert lexicon.find(tokenize("Service, service!")) is not None


def test_every_aspect_has_a_theme_and_a_code_each_way() -> None:
    aspects = {code.aspect for code in CODES.values()}
    assert aspects == {aspect for own in THEME_ASPECTS.values() for aspect in own}
    assert set(DEFAULT_BROKEN) >= aspects - {"safety"}
    assert set(DEFAULT_KEPT) <= aspects
    assert set(THEME_ASPECTS) == {*THEMES, "guarantee"}


def book(**phrases: list[str]) -> PhraseBook:
    made = PhraseBook(words={"not": "ikke|aldrig"}, where="here.yaml")
    for label, own in phrases.items():
        made.add(label, own)
    return made


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("svarer @not", "De svarer aldrig.", True),
        ("svarer @not", "De svarer.", False),
        ("svarer ... (ikke|slet ikke)", "svarer på mails slet ikke", True),
        ("svarer ... ikke", "svarer en to tre fire fem ikke", False),
        ("lever* til tiden", "Leveringen til tiden", True),
        ("*gebyr", "oprettelsesgebyr", True),
        ("*gebyr", "gebyret", False),
        ("*ventetid*", "telefonventetiden", True),
        ("god [rigtig] service", "god rigtig service", True),
        ("god [rigtig] service", "god service", True),
        ("kø", "kö", True),
        ("køb", "kø", False),
    ],
)
def test_phrases(phrase: str, text: str, found: bool) -> None:
    assert bool(book(label=[phrase]).find(tokenize(text))) is found


@pytest.mark.parametrize("phrase", ["", "(a|b", "... slut", "@ukendt ord", "<duration> i kø", "*"])
def test_a_phrase_that_cannot_be_read_is_named(phrase: str) -> None:
    with pytest.raises(RuleError, match=r"here\.yaml"):
        book(label=[phrase])


def test_folding_forgives_common_slips() -> None:
    assert fold_word("Køøø") == fold_word("kö")
    assert fold_word("Aalborg") == fold_word("Ålborg")
