"""The text of a new rule, from the template that ships with the rules."""

from __future__ import annotations

import re

from promisecheck.errors import RuleError
from promisecheck.model import LANGUAGES, THEMES
from promisecheck.packs.load import rules_folder
from promisecheck.plugins import did_you_mean

TEMPLATE = "_template.yaml"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def new_rule_text(language: str, theme: str, name: str) -> str:
    """Return a rule file with one rule to fill in; raises RuleError for an unknown language, theme or name."""
    if language not in LANGUAGES:
        raise RuleError(f"no language {language!r}", do=did_you_mean(language, LANGUAGES))
    if theme not in THEMES:
        raise RuleError(f"no theme {theme!r}", do=did_you_mean(theme, THEMES))
    if not _NAME.fullmatch(name):
        raise RuleError(f"{name!r} is no rule name", do="use lower-case letters, digits and hyphens")
    text = (rules_folder() / TEMPLATE).read_text(encoding="utf-8")
    for field, value in (("LANGUAGE", language), ("THEME", theme), ("NAME", name)):
        text = text.replace(field, value)
    return text
