"""Rule packs: rule files become packs that find typed, explainable promises in a sentence."""

from promisecheck.packs.load import load_packs, packs_hash, rules_folder
from promisecheck.packs.pack import Pack
from promisecheck.packs.rule import Breaks, Examples, FactTest, Hit, Problem, Rule
from promisecheck.packs.rule_words import RuleWords, load_rule_words
from promisecheck.packs.selftest import selftest
from promisecheck.packs.template import new_rule_text

__all__ = [
    "Breaks", "Examples", "FactTest", "Hit", "Pack", "Problem", "Rule", "RuleWords",
    "load_packs", "load_rule_words", "new_rule_text", "packs_hash", "rules_folder", "selftest",
]  # fmt: skip
