"""What a pack finds in a sentence: measures in slots, vetoes, hedging, order and offsets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promisecheck.model import Measure
from promisecheck.packs import Pack, load_packs, rules_folder
from promisecheck.packs.format import read_rules
from promisecheck.packs.located import read_located
from promisecheck.packs.phrases import parse_phrase

RULES = """
theme: speed
rules:
  - id: speed.reply
    kind: quantified
    metric: first-reply
    promise: ["(answer|reply) {0,4} <duration>"]
    unless: ["<duration> before"]
    hedged: [most mails]
    breaks: {fact: {name: first_reply_hours, compare: above}}
  - id: speed.fast
    kind: value
    promise: [answer quickly]
  - id: speed.uptime
    kind: quantified
    promise: ["<percent> {0,2} (uptime|of calls)"]
  - id: speed.hours
    kind: quantified
    promise: ["support {0,2} <time>"]
  - id: speed.cheap
    kind: quantified
    promise: ["delivery {0,2} <money>"]
"""


def build(
    tmp_path: Path, text: str = RULES, unless: tuple[str, ...] = (), hedged: tuple[str, ...] = ()
) -> Pack:
    path = tmp_path / "speed.yaml"
    path.write_text(text, encoding="utf-8")
    rules = read_rules(read_located(path)[0], "en", {})
    return Pack(
        language="en",
        rules=tuple(rules),
        read_grammar=lambda: load_packs(["en"])["en"].grammar,
        unless=tuple(map(parse_phrase, unless)),
        hedged=tuple(map(parse_phrase, hedged)),
    )


def found(pack: Pack, text: str) -> list[str]:
    return [hit.rule.id for hit in pack.find(text)]


def test_slot_holds_the_measure_and_the_hit_its_place(tmp_path: Path) -> None:
    text = "İn short: We reply to mails within 24 hours, always."
    (hit,) = build(tmp_path).find(text)
    assert hit.measure == Measure(kind="duration", compare="at-most", value=24, unit="hour")
    assert text[hit.start : hit.end] == "reply to mails within 24 hours"
    assert hit.rule.full_id == "en.speed.reply"
    assert hit.rule.metric == "first-reply"
    assert not hit.hedged


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We reply the same day.", "duration"),
        ("99.9 % uptime", "percent"),
        ("support around the clock, 24/7", "window"),
        ("Delivery only £3.95", "money"),
    ],
)
def test_each_kind_of_slot(tmp_path: Path, text: str, kind: str) -> None:
    (hit,) = build(tmp_path).find(text)
    assert hit.measure is not None
    assert hit.measure.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Please reply 24 hours before your visit.",
        "Do you reply within 24 hours?",
        "Do you reply within 24 hours?  »",
        "We reply.",
        "",
        "   ",
    ],
)
def test_nothing_is_found(tmp_path: Path, text: str) -> None:
    assert found(build(tmp_path), text) == []


def test_veto_of_the_language_holds_for_every_rule(tmp_path: Path) -> None:
    pack = build(tmp_path, unless=("you must",))
    assert found(pack, "You must answer quickly.") == []
    assert found(pack, "We answer quickly.") == ["speed.fast"]


@pytest.mark.parametrize("text", ["We reply to most mails within 2 days.", "We usually reply within 2 days."])
def test_hedged_by_the_rule_or_by_the_language(tmp_path: Path, text: str) -> None:
    (hit,) = build(tmp_path, hedged=("usually",)).find(text)
    assert hit.hedged


def test_measured_promises_come_first(tmp_path: Path) -> None:
    assert found(build(tmp_path), "We answer quickly and reply within a day.") == [
        "speed.reply",
        "speed.fast",
    ]


def test_only_the_first_4000_characters_are_read(tmp_path: Path) -> None:
    assert found(build(tmp_path), "x " * 2000 + "We answer quickly.") == []


def test_rule_is_named_with_or_without_its_language(tmp_path: Path) -> None:
    pack = build(tmp_path)
    assert pack.rule("speed.fast") is pack.rule("en.speed.fast") is not None
    assert pack.rule("speed.slow") is None


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_shipped_packs_never_raise_and_offsets_hold(text: str) -> None:
    packs: Mapping[str, Pack] = load_packs(["da", "en"])
    for pack in packs.values():
        for hit in pack.find(f"we guarantee free support within 2 days {text} vi svarer inden for 2 dage"):
            assert 0 <= hit.start < hit.end


def test_rules_folder_holds_every_language() -> None:
    assert {"da", "nb", "nn", "sv", "en"} <= {path.name for path in rules_folder().iterdir()}


CERTAIN = """
theme: ease
rules:
  - id: ease.slogan
    kind: value
    certain: true
    promise: ["^ easy for (you|everyone) $"]
  - id: ease.simple
    kind: value
    promise: [easy]
"""


def certain_pack(tmp_path: Path, never: str = "") -> Pack:
    path = tmp_path / "ease.yaml"
    path.write_text(CERTAIN, encoding="utf-8")
    barring = (parse_phrase(never),) if never else ()
    rules = tuple(read_rules(read_located(path)[0], "en", {}))
    return Pack(
        language="en", rules=rules, read_grammar=lambda: load_packs(["en"])["en"].grammar, never=barring
    )


def test_certain_rules_can_be_asked_alone(tmp_path: Path) -> None:
    pack = certain_pack(tmp_path)
    assert {hit.rule.id for hit in pack.find("Easy for everyone.")} == {"ease.slogan", "ease.simple"}
    assert [hit.rule.id for hit in pack.find("Easy for everyone.", certain=True)] == ["ease.slogan"]
    assert pack.find("It is easy.", certain=True) == []
    assert pack.find("Easy for everyone?", certain=True) == []


def test_what_is_never_a_promise_bars_rules_and_sentences_that_no_rule_finds(tmp_path: Path) -> None:
    pack = certain_pack(tmp_path, "you must {0,3} pay")
    assert pack.bars("You must always pay in time.")
    assert not pack.bars("We pay in time.")
    assert pack.find("It is easy: you must pay.") == []


# What the customer owes or bears, what is limited, advised or thanked for: (language, sentence, barred).
@pytest.mark.parametrize(
    ("language", "text", "barred"),
    [
        ("da", "Du skal selv betale for returporto.", True),
        ("da", "Du skal ikke betale noget.", False),
        ("da", "Vi betaler returportoen.", False),
        ("da", "Returnering sker for egen regning.", True),
        ("da", "Garantien gælder ikke ridser.", True),
        ("da", "Garantien gælder i fem år.", False),
        ("da", "Du er altid velkommen til at skrive.", True),
        ("nb", "Kunden må selv hente varen.", True),
        ("nb", "Du må ikke betale på forhånd.", False),
        ("nb", "Vi forbeholder oss retten til endringer.", True),
        ("nb", "Vi anbefaler at du tegner forsikring.", True),
        ("nb", "Vi anbefaler kun det du trenger.", False),
        ("nn", "Hugs å ta med kvitteringa.", True),
        ("sv", "Skador ska anmälas inom en vecka.", True),
        ("sv", "Det är kundens ansvar att adressen stämmer.", True),
        ("sv", "Hämtar du inte paketet går det tillbaka.", True),
        ("sv", "Hämtar du själv är frakten gratis.", False),
        ("sv", "Vi tar inga avgifter.", False),
        ("en", "Returns are at your own expense.", True),
        ("en", "No refund is made after departure.", True),
        ("en", "You get a full refund, no questions asked.", False),
        ("en", "You must notify us of any damage.", True),
        ("en", "You must be able to rely on us.", False),
        ("en", "We strongly advise you to buy insurance.", True),
        ("en", "We advise you from start to finish.", False),
    ],
)
def test_what_the_shipped_packs_bar(language: str, text: str, barred: bool) -> None:
    assert load_packs([language])[language].bars(text) is barred


@pytest.mark.parametrize(
    ("language", "told", "asked"),
    [
        ("da", "Vi giver besked mindst 24 timer, før vi lukker for vandet.", "Meld afbud senest 24 timer før aftalen."),
        ("nb", "Vi varsler deg minst 24 timer før vi stenger vannet.", "Avbestill senest 24 timer før timen."),
        ("sv", "Vi meddelar dig minst 24 timmar innan vi stänger av vattnet.", "Avboka senast 24 timmar före besöket."),
        ("en", "We tell you at least 24 hours before we shut off the water.", "Tell us at least 24 hours before your visit."),
    ],
)  # fmt: skip
def test_notice_that_the_company_gives_is_a_promise_and_notice_that_it_asks_for_none(
    language: str, told: str, asked: str
) -> None:
    pack = load_packs([language])[language]
    assert pack.find(told)[0].rule.id == "information.notice"
    assert pack.find(asked) == []
