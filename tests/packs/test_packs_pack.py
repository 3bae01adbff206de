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
