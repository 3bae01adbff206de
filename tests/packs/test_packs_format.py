"""The format of rule files: every mistake is one line that names file, line, rule and key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from promisecheck.errors import RuleError
from promisecheck.model import THEMES
from promisecheck.packs import rules_folder
from promisecheck.packs.format import KINDS, RULE_KEYS, read_head, read_rules
from promisecheck.packs.located import read_located
from promisecheck.packs.rule import FACTS, SIGNAL_CODES, FactTest

HEAD = "theme: speed\nrules:\n  - id: speed.reply\n    kind: value\n"


def read(tmp_path: Path, text: str | bytes) -> object:
    path = tmp_path / "speed.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rules(read_located(path)[0], "en", {"we": "we | our team"})


def test_all_keys(tmp_path: Path) -> None:
    (rule,) = read_rules(
        read_located(
            _write(
                tmp_path,
                HEAD
                + "    says: Fast.\n    metric: queue\n    certain: true\n    promise: ['@we answer']\n    unless: [no answer]\n"
                + "    hedged: mostly\n    needs: Times.\n    references: [ISO 10002]\n"
                + "    breaks: {fact: {name: transfers, compare: above, limit: 0}, signals: [transferred]}\n"
                + "    examples: {promise: [We answer.], not_promise: ['No answer.']}\n",
            )
        )[0],
        "en",
        {"we": "we | our team"},
    )
    assert (rule.id, rule.language, rule.theme, rule.kind) == ("speed.reply", "en", "speed", "value")
    assert rule.breaks.fact == FactTest(name="transfers", compare="above", limit=0)
    assert rule.breaks.signals == ("transferred",)
    assert [phrase.source for phrase in rule.hedged] == ["mostly"]
    assert rule.examples.not_promise == ("No answer.",)
    assert rule.certain
    assert rule.where.endswith("speed.yaml:3")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            HEAD + "    promis: [a b]\n",
            ["speed.yaml:5", "rule speed.reply", "key promis", "did you mean 'promise'?"],
        ),
        (HEAD, ["speed.yaml:3", "rule speed.reply", "key 'promise' is missing"]),
        (
            HEAD + "    certain: perhaps\n    promise: [a b]\n",
            ["key certain", "expected true or false, not 'perhaps'"],
        ),
        (HEAD + "    promise: ['(a b']\n", [":5", "rule speed.reply", "key promise", "'(' is not closed"]),
        (HEAD + "    promise: ['@they go']\n", ["@they is not among the words"]),
        (HEAD + "    promise: [a b]\n    promise: [c d]\n", [":6", "'promise' stands twice"]),
        (HEAD + "    promise: {a: b}\n", [":5", "key promise", "expected a list"]),
        (HEAD + "    promise: [[a]]\n", ["key promise", "expected a text"]),
        (
            HEAD.replace("value", "valeu") + "    promise: [a b]\n",
            ["key kind", "'valeu'", "did you mean 'value'?"],
        ),
        (HEAD + "    promise: [a b]\n    metric: First Reply\n", ["key metric", "lower-case"]),
        (
            HEAD + "    promise: [a b]\n    breaks: {signals: [long-que]}\n",
            ["key signals", "did you mean 'long-queue'?"],
        ),
        (
            HEAD + "    promise: [a b]\n    breaks: {fact: {name: transfer, compare: above}}\n",
            ["key name", "did you mean 'transfers'?"],
        ),
        (
            HEAD + "    promise: [a b]\n    breaks: {fact: {name: transfers, compare: top}}\n",
            ["key compare", "use one of: above, below"],
        ),
        (
            HEAD + "    promise: [a b]\n    breaks: {fact: {name: transfers, compare: above, limit: no}}\n",
            ["key limit", "expected a number, not 'no'"],
        ),
        ("theme: sped\nrules: []\n", ["speed.yaml:1", "key theme", "did you mean 'speed'?"]),
        ("theme: speed\nrule: []\n", ["did you mean 'rules'?"]),
        ("theme: speed\nrules:\n  - kind: value\n", [":3", "the rule has no id"]),
        ("theme: speed\nrules:\n  - id: price.x\n", [":3", "'price.x' is not of the form speed.some-name"]),
        ("theme: speed\nrules: [x]\n", [":2", "expected keys with values"]),
        ("theme: speed\nrules:\n  - id: [\n", ["no valid YAML"]),
        ("theme: speed\n  rules: []\n", ["speed.yaml:2", "no valid YAML"]),
        (b"theme: \xff\n", ["no valid YAML"]),
        ("", ["is empty"]),
        ("a: &x [b]\nc: *x\n", [":2", "alias *x"]),
        ("theme: speed\nrules:\n  - id: speed.x\n    promise:\n      - *free\n", [":5", "alias *free"]),
        ("? [a]\n: b\n", ["a key must be a text"]),
        (b"x" * 1_000_001, ["larger than 1,000,000 bytes"]),
    ],
)
def test_mistakes_name_their_place(tmp_path: Path, text: str | bytes, parts: list[str]) -> None:
    with pytest.raises(RuleError) as error:
        read(tmp_path, text)
    for part in ["speed.yaml", *parts]:
        assert part in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read: No such file"):
        read_located(tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("words: {we: [we, us]}\nunles: [a b]\n", "did you mean 'unless'?"),
        ("words: {we: [we, '(us']}\n", "key we"),
        ("unless: ['a (b']\n", "key unless"),
    ],
)
def test_mistakes_in_the_head_of_a_pack(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(RuleError) as error:
        read_head(read_located(_write(tmp_path, text))[0], {})
    assert part in str(error.value)


def test_schema_for_editors_knows_the_same_keys() -> None:
    schema = json.loads((rules_folder() / "schema.json").read_text(encoding="utf-8"))
    rule = schema["properties"]["rules"]["items"]["properties"]
    assert set(rule) == set(RULE_KEYS)
    assert rule["kind"]["enum"] == list(KINDS)
    assert schema["properties"]["theme"]["enum"] == list(THEMES)
    breaks = rule["breaks"]["properties"]
    assert breaks["signals"]["items"]["enum"] == list(SIGNAL_CODES)
    assert breaks["fact"]["properties"]["name"]["enum"] == list(FACTS)


def _write(folder: Path, text: str) -> Path:
    path = folder / "speed.yaml"
    path.write_text(text, encoding="utf-8")
    return path
