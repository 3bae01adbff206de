"""What must hold for any text: no crash, verbatim places, and no number of another kind read as a measure."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from promisecheck.quantities import (
    Grammar,
    conditions_of,
    find_measures,
    metric_of,
    scope_of,
    strength_of,
)

RULES = Path(__file__).parents[2] / "rules"
LANGUAGES = ["da", "en", "nb", "nn", "sv"]


@cache
def grammar(language: str) -> Grammar:
    return Grammar.from_mapping(
        yaml.safe_load((RULES / language / "_language.yaml").read_text(encoding="utf-8"))
    )


languages = st.sampled_from(LANGUAGES)
pieces = st.sampled_from(
    [
        "24", "7", "1.299", "½", "1 1/2", "–", "-", "/", ".", ",", ":", "kr", "kr.", "£", "%", "time", "timer",
        "timmar", "hours", "dag", "day", "a", "en", "et", "par", "man", "fre", "mon", "kl.", "inden", "within",
        "to", "og", "and", "mellem", "between", "(", ")", "*", " ", "\u00a0", "\n", "İ", "ß", "é", "99999999999999",
    ]
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=120), st.lists(pieces, max_size=40).map(" ".join), st.lists(pieces).map("".join)
)


@given(languages, texts)
@settings(deadline=None)
def test_any_text_is_read_without_an_error_and_quoted_verbatim(language: str, text: str) -> None:
    found = find_measures(text, grammar(language))
    last = 0
    for quantity in found:
        assert last <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.measure.value >= 0
        last = quantity.end
    assert all(condition in text for condition in conditions_of(text, grammar(language)))
    assert strength_of(text, grammar(language)) in {"absolute", "firm", "hedged"}
    scope_of(text, grammar(language))
    metric_of(text, grammar(language))


def digits(shape: str) -> st.SearchStrategy[str]:
    """Return texts of this shape, with any digit in place of 9 and the first digit never 0."""
    parts = [
        st.sampled_from("123456789") if n == 0 and char == "9" else st.sampled_from("0123456789") if char == "9" else st.just(char)
        for n, char in enumerate(shape)
    ]  # fmt: skip
    return st.tuples(*parts).map("".join)


def framed(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    before = st.sampled_from(["", "Ring ", "Tlf. ", "Telefon: ", "Call ", "Kontakt os på ", "· "])
    after = st.sampled_from(["", ".", " i dag", ", vi hjelper deg", " or write to us", " (hverdage)", "\n"])
    return st.tuples(before, numbers, after).map("".join)


phones = framed(
    st.one_of(
        digits("99 99 99 99"), digits("99999999"), digits("+45 99 99 99 99"), digits("+47 999 99 999"),
        digits("08-999 999 99"), digits("0771-99 99 99"), digits("020 7999 9999"), digits("0800 999 9999"),
        digits("+44 20 7999 9999"), digits("+46 8 999 999 99"), digits("999 99 999"), digits("9999 9999"),
    )
)  # fmt: skip
registered = st.one_of(
    digits("CVR 99999999"), digits("CVR-nr. 99 99 99 99"), digits("Org.nr. 999 999 999"), digits("Org.nr 556999-9999"),
    digits("Company number 09999999"), digits("VAT no. 999 9999 99"), digits("Organisasjonsnummer 999 999 999 MVA"),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=phones)
@settings(deadline=None, max_examples=60)
def test_a_phone_number_is_never_a_measure(language: str, text: str) -> None:
    assert find_measures(text, grammar(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=registered)
@settings(deadline=None, max_examples=60)
def test_a_register_number_is_never_a_measure(language: str, text: str) -> None:
    assert find_measures(text, grammar(language)) == []


@pytest.mark.parametrize(
    ("language", "frames"),
    [
        ("da", ["I {} åbnede vi", "Siden {}", "© {} Firma A/S", "fra {} til nu", "Året {}", "{}", "maj {}", "1. maj {}"]),
        ("nb", ["I {} åpnet vi", "Siden {}", "© {} Firma AS", "fra {} til nå", "År {}", "{}", "mai {}", "17. mai {}"]),
        ("nn", ["I {} opna vi", "Sidan {}", "© {} Firma AS", "frå {} til no", "{}", "17. mai {}"]),
        ("sv", ["År {} öppnade vi", "Sedan {}", "© {} Firma AB", "från {} till nu", "{}", "6 juni {}", "hösten {}"]),
        ("en", ["In {} we opened", "Since {}", "© {} Firm Ltd", "from {} until now", "{}", "5 May {}", "May 5, {}"]),
    ],
)  # fmt: skip
@given(year=st.integers(1900, 2099), data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_year_is_never_a_measure(language: str, frames: list[str], year: int, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(frames)).format(year)
    assert find_measures(text, grammar(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_hostile_text_is_read_in_linear_time(language: str) -> None:
    for text in (
        "1 " * 20_000,
        "24-" * 10_000,
        "a " * 20_000,
        "1.2/" * 8_000,
        "+" + "1 " * 9_000,
        "over " * 9_000,
    ):
        find_measures(text, grammar(language))
        conditions_of(text, grammar(language))
