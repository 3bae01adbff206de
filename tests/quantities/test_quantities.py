"""What the doors of quantities promise, beyond the phrase tables: offsets, wording, scope, errors."""

from pathlib import Path

import pytest
import yaml

from promisecheck.errors import RuleError
from promisecheck.model import Measure, Scope
from promisecheck.quantities import (
    Grammar,
    conditions_of,
    find_measures,
    metric_of,
    scope_of,
    strength_of,
)

RULES = Path(__file__).parents[2] / "rules"


def grammar(language: str) -> Grammar:
    path = RULES / language / "_language.yaml"
    return Grammar.from_mapping(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def da() -> Grammar:
    return grammar("da")


@pytest.fixture(scope="module")
def en() -> Grammar:
    return grammar("en")


def test_a_measure_comes_with_its_verbatim_place(da: Grammar) -> None:
    text = "Skriv til os. Vi svarer INDEN FOR 24 timer."
    (found,) = find_measures(text, da)
    assert found.measure == Measure(kind="duration", compare="at-most", value=24, unit="hour")
    assert text[found.start : found.end] == found.text == "INDEN FOR 24 timer"
    assert not found.vague


def test_several_measures_come_in_order(en: Grammar) -> None:
    found = find_measures("£4.99 delivery takes 2–3 working days, or next day for members", en)
    assert [q.measure.unit for q in found] == ["GBP", "working-day", "day"]


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(RuleError, match="unitz"):
        Grammar.from_mapping({"language": "da", "unitz": {}})


def test_a_broken_phrase_is_named() -> None:
    with pytest.raises(RuleError) as caught:
        Grammar.from_mapping({"language": "da", "absolute": ["(altid"]})
    assert "absolute" in str(caught.value)


def test_an_unknown_slot_is_named() -> None:
    with pytest.raises(RuleError, match="unknown slot"):
        Grammar.from_mapping({"language": "da", "conditions": ["over {beløb}"]})


def test_yaml_that_turned_a_word_into_a_switch_is_named() -> None:
    with pytest.raises(RuleError, match="expected a phrase"):
        Grammar.from_mapping({"language": "da", "oclock": [True]})


KEYS = sorted(yaml.safe_load((RULES / "en" / "_language.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "wrong", [7, True, None, "word", [7], [[7]], ["["], {7: 7}, {"x": 7}, {"x": [None]}, ["{x}"]]
)
@pytest.mark.parametrize("key", KEYS)
def test_wrong_data_ends_in_a_rule_error_or_in_a_grammar(key: str, wrong: object) -> None:
    try:
        built = Grammar.from_mapping({"language": "da", key: wrong})
    except RuleError as error:
        assert "_language.yaml" in str(error)
    else:
        assert find_measures("Vi svarer inden for 24 timer", built) == []


def test_a_near_key_is_offered() -> None:
    with pytest.raises(RuleError, match="unitz") as caught:
        Grammar.from_mapping({"language": "da", "unitz": {}})
    assert "perhaps 'units'" in str(caught.value)


def test_a_language_with_no_words_reads_nothing() -> None:
    assert find_measures("Vi svarer inden for 24 timer", Grammar.from_mapping({"language": "da"})) == []


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Vi svarer altid samme dag", "absolute"),
        ("Alle henvendelser besvares inden for 24 timer", "absolute"),
        ("100 % tilfredshed eller pengene retur", "absolute"),
        ("Vi ringer tilbage hver gang", "absolute"),
        ("Vi svarer normalt inden for 24 timer", "hedged"),
        ("Som regel er pakken fremme dagen efter", "hedged"),
        ("Levering kan tage længere tid i december", "hedged"),
        ("Vi kan ikke garantere en bestemt tid", "hedged"),
        ("Vi svarer inden for 24 timer", "firm"),
        ("Du kan returnere varen inden for 30 dage", "firm"),
        ("Åbent alle hverdage kl. 9–16", "firm"),
        ("Næsten altid på lager", "firm"),
    ],
)
def test_strength_in_danish(text: str, strength: str, da: Grammar) -> None:
    assert strength_of(text, da) == strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("We always answer the same day", "absolute"),
        ("Every call is answered by a person", "absolute"),
        ("Guaranteed next-day delivery", "absolute"),
        ("We aim to reply within two days", "hedged"),
        ("Orders usually arrive on Friday", "hedged"),
        ("Delivery may take longer at Christmas", "hedged"),
        ("We do not guarantee delivery dates", "hedged"),
        ("We reply within two days", "firm"),
        ("Read more about us", "firm"),
    ],
)
def test_strength_in_english(text: str, strength: str, en: Grammar) -> None:
    assert strength_of(text, en) == strength


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("Fri fragt over 499 kr. i hele landet", ("over 499 kr.", "i hele landet")),
        ("Dag til dag ved bestilling før kl. 14", ("ved bestilling før kl. 14",)),
        ("Gratis returret for medlemmer", ("for medlemmer",)),
        ("Vi svarer samme dag på hverdage", ("på hverdage",)),
        ("Fri fragt*", ("*",)),
        ("Vi svarer inden for 24 timer", ()),
    ],
)
def test_conditions_in_danish(text: str, conditions: tuple[str, ...], da: Grammar) -> None:
    assert conditions_of(text, da) == conditions


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Ring, så tager vi telefonen inden for 2 minutter", Scope(channel="phone")),
        ("Svar på mails inden for et døgn for erhvervskunder", Scope(channel="mail", customers="business")),
        ("Fri fragt i Danmark", Scope(area="DK")),
        ("Svar på telefon og mail", Scope()),
    ],
)
def test_scope_in_danish(text: str, scope: Scope, da: Grammar) -> None:
    assert scope_of(text, da) == scope


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Vi svarer på din mail inden for 24 timer", "first-reply"),
        ("Levering på 1–2 hverdage", "delivery"),
        ("Varen afsendes samme dag", "dispatch"),
        ("Højst to minutters ventetid", "queue"),
        ("30 dages fuld returret", "return-window"),
        ("Pengene retur inden for 5 dage", "refund"),
        ("99,9 % oppetid", "uptime"),
        ("Ingen binding, opsig når du vil", "cancellation"),
        ("Her er en side om skove", ""),
    ],
)
def test_metric_in_danish(text: str, metric: str, da: Grammar) -> None:
    assert metric_of(text, da) == metric
