"""The rules that ship: every example of every rule, and that every language covers every theme."""

from __future__ import annotations

import time

import pytest

from promisecheck.model import THEMES
from promisecheck.packs import load_packs, selftest

WITH_RULES = [language for language, pack in load_packs().items() if pack.rules]
MUNDANE = {
    "da": [
        "Forside",
        "Om os",
        "Læs mere om vores produkter her",
        "Telefon 70 12 34 56",
        "Bordet er lavet af eg.",
    ],
    "en": [
        "Home",
        "About us",
        "Read more about our products",
        "Phone 020 7946 0000",
        "The table is made of oak.",
    ],
}


@pytest.mark.parametrize("language", WITH_RULES)
def test_every_example_of_every_rule(language: str) -> None:
    assert selftest(load_packs([language])) == []


@pytest.mark.parametrize("language", WITH_RULES)
def test_every_theme_has_rules(language: str) -> None:
    themes = {rule.theme for rule in load_packs([language])[language].rules}
    assert themes == set(THEMES) - {"other"}


def test_a_rule_is_the_same_in_every_language() -> None:
    known = {rule.id: (rule.kind, rule.metric, rule.breaks) for rule in load_packs(["en"])["en"].rules}
    for language in WITH_RULES:
        for rule in load_packs([language])[language].rules:
            assert known.get(rule.id) == (rule.kind, rule.metric, rule.breaks), rule.full_id


@pytest.mark.parametrize("language", sorted(MUNDANE))
def test_mundane_lines_hold_no_promise(language: str) -> None:
    pack = load_packs([language])[language]
    assert [text for text in MUNDANE[language] if pack.find(text)] == []


@pytest.mark.parametrize("language", sorted(MUNDANE))
def test_sentences_without_a_promise_are_passed_quickly(language: str) -> None:
    pack = load_packs([language])[language]
    lines = MUNDANE[language] * 200
    began = time.process_time()
    for line in lines:
        pack.find(line)
    assert len(lines) / (time.process_time() - began) > 5_000
