"""Loading packs: the shipped ones, a folder of one's own on top, one language on top of another, and the hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from promisecheck.errors import RuleError
from promisecheck.packs import load_packs, new_rule_text, packs_hash, selftest

OWN = """
theme: price
rules:
  - id: price.{name}
    kind: guarantee
    promise: [{phrase}]
"""


def own_folder(folder: Path, language: str = "en", name: str = "loyal", phrase: str = "loyal price") -> Path:
    path = folder / language
    path.mkdir(parents=True, exist_ok=True)
    (path / "price.yaml").write_text(OWN.format(name=name, phrase=phrase), encoding="utf-8")
    return folder


def test_packs_are_loaded_once_a_process() -> None:
    assert load_packs(["da"])["da"] is load_packs(["da"])["da"]


def test_own_folder_adds_a_rule(tmp_path: Path) -> None:
    shipped = load_packs(["en"])["en"]
    pack = load_packs(["en"], [own_folder(tmp_path)])["en"]
    assert len(pack.rules) == len(shipped.rules) + 1
    assert [hit.rule.full_id for hit in pack.find("Your loyal price.")] == ["en.price.loyal"]
    assert pack.hash != shipped.hash


def test_own_folder_replaces_a_rule_by_id(tmp_path: Path) -> None:
    pack = load_packs(["en"], [own_folder(tmp_path, name="fair", phrase="loyal price")])["en"]
    assert len(pack.rules) == len(load_packs(["en"])["en"].rules)
    assert pack.rule("price.fair") is not None
    assert [hit.rule.id for hit in pack.find("Your loyal price.")] == ["price.fair"]
    assert pack.find("Fair prices") == []


def test_own_pack_file_adds_words_and_vetoes(tmp_path: Path) -> None:
    folder = own_folder(tmp_path, phrase='"@loyal price"')
    (folder / "en" / "_pack.yaml").write_text(
        "words: {loyal: [loyal]}\nunless: [only today]\n", encoding="utf-8"
    )
    pack = load_packs(["en"], [folder])["en"]
    assert len(pack.find("Your loyal price.")) == 1
    assert pack.find("Your loyal price only today.") == []
    assert pack.find("You must pay the loyal price.") == []


def test_nynorsk_takes_over_the_norwegian_rules(tmp_path: Path) -> None:
    packs = load_packs(["nb", "nn"], [own_folder(tmp_path, "nb", "lojal", "lojal pris")])
    (hit,) = packs["nn"].find("Lojal pris hver dag")
    assert hit.rule.full_id == "nn.price.lojal"
    assert [hit.rule.full_id for hit in packs["nb"].find("Lojal pris")] == ["nb.price.lojal"]


def test_own_pack_file_may_use_the_words_that_ship(tmp_path: Path) -> None:
    folder = own_folder(tmp_path)
    (folder / "en" / "_pack.yaml").write_text("unless: ['@we [only] joke']\n", encoding="utf-8")
    assert load_packs(["en"], [folder])["en"].find("Our team only joke about a loyal price.") == []


@pytest.mark.parametrize(
    ("extends", "what"),
    [
        ("nn", "nn cannot extend 'nn'"),
        ("norsk", "nn cannot extend 'norsk'"),
        ("da", "nn cannot extend da, which extends a language itself"),
    ],
)
def test_language_that_cannot_be_extended(tmp_path: Path, extends: str, what: str) -> None:
    for language, text in (("nn", f"extends: {extends}\n"), ("da", "extends: sv\n")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "_pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=rf"_pack\.yaml:1, key extends: {what}"):
        load_packs(["nn"], [tmp_path])


def test_rule_that_stands_twice_names_both_places(tmp_path: Path) -> None:
    folder = own_folder(tmp_path)
    (folder / "en" / "prices.yaml").write_text(OWN.format(name="loyal", phrase="so loyal"), encoding="utf-8")
    with pytest.raises(
        RuleError, match=r"prices\.yaml:4: rule price\.loyal stands twice \(first at .*price\.yaml:4"
    ):
        load_packs(["en"], [folder])


@pytest.mark.parametrize(
    ("languages", "folder", "what"),
    [
        (["dk"], None, "no rules for language 'dk'"),
        (["en"], "gone", "is no folder"),
        (["en"], "empty", "holds no language folder"),
    ],
)
def test_wrong_use(tmp_path: Path, languages: list[str], folder: str | None, what: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError, match=what):
        load_packs(languages, [tmp_path / folder] if folder else [])


def test_hash_of_all_packs_depends_on_each(tmp_path: Path) -> None:
    shipped = packs_hash(load_packs(["da", "en"]))
    assert len(shipped) == 16
    assert shipped == packs_hash(load_packs(["en", "da"]))
    assert shipped != packs_hash(load_packs(["da"]))
    assert shipped != packs_hash(load_packs(["da", "en"], [own_folder(tmp_path)]))


def test_selftest_says_what_a_bare_rule_lacks(tmp_path: Path) -> None:
    problems = selftest(load_packs(["en"], [own_folder(tmp_path)]))
    assert [problem.what for problem in problems if problem.rule_id == "en.price.loyal"] == [
        "names no reference",
        "does not say what it finds",
        "does not say what data it needs",
        "names nothing that breaks it",
        "has 0 promise examples, needs 3",
        "has 0 not_promise examples, needs 2",
    ]


def test_selftest_runs_the_examples(tmp_path: Path) -> None:
    folder = own_folder(tmp_path)
    with (folder / "en" / "price.yaml").open("a", encoding="utf-8") as file:
        file.write("    examples: {promise: [A low price.], not_promise: [The loyal price of old.]}\n")
    whats = [p.what for p in selftest(load_packs(["en"], [folder])) if p.rule_id == "en.price.loyal"]
    assert "does not find its example 'A low price.'" in whats
    assert "finds what is no promise: 'The loyal price of old.'" in whats


def test_new_rule_passes_the_selftest_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "speed.yaml").write_text(new_rule_text("en", "speed", "mails"), encoding="utf-8")
    packs = load_packs(["en"], [tmp_path])
    assert packs["en"].rule("speed.mails") is not None
    assert [problem for problem in selftest(packs) if problem.rule_id == "en.speed.mails"] == []


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("dk", "speed", "x"), "no language 'dk'"),
        (("da", "sped", "x"), "no theme 'sped'"),
        (("da", "speed", "X y"), "'X y' is no rule name"),
    ],
)
def test_new_rule_for_nothing_known(arguments: tuple[str, str, str], what: str) -> None:
    with pytest.raises(RuleError, match=what):
        new_rule_text(*arguments)
