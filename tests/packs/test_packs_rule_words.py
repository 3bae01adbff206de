"""The words of the rules that ship are the same whether the packs are loaded for them or not."""

from __future__ import annotations

from promisecheck.packs import RuleWords, load_packs, load_rule_words


def test_words_are_those_of_the_loaded_packs() -> None:
    loaded = {
        rule.full_id: RuleWords(says=rule.says, needs=rule.needs, references=rule.references)
        for pack in load_packs().values()
        for rule in pack.rules
    }
    assert load_rule_words() == loaded


def test_a_language_says_what_it_takes_over() -> None:
    words = load_rule_words()
    assert words["nn.sustainability.climate"] == words["nb.sustainability.climate"]
    assert words["nn.speed.first-reply"] != words["nb.speed.first-reply"]
