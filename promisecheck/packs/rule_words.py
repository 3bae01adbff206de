"""What the rules that ship say of themselves in words: for reports, which run none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from promisecheck.model import LANGUAGES
from promisecheck.packs.format import extends_of
from promisecheck.packs.load import HEAD_FILE, rules_folder
from promisecheck.packs.located import Located, read_located


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """Hold what a rule looks for, what is needed to check it, and what it rests on."""

    says: str = ""
    needs: str = ""
    references: tuple[str, ...] = ()


def load_rule_words() -> dict[str, RuleWords]:
    """Return the words of every rule by its full id; loading the packs for them takes thirty times as long."""
    folder = rules_folder()
    own = {language: dict(_read(folder / language)) for language in LANGUAGES}
    return {
        f"{language}.{key}": words
        for language in LANGUAGES
        for key, words in (own.get(_parent(folder / language), {}) | own[language]).items()
    }


def _read(folder: Path) -> Iterator[tuple[str, RuleWords]]:
    for path in folder.glob("[!_]*.yaml"):
        root, _ = read_located(path)
        for rule in dict(root.pairs())["rules"].items():
            keys = dict(rule.pairs())
            yield keys["id"].text(), _words(keys)


def _words(keys: Mapping[str, Located]) -> RuleWords:
    return RuleWords(
        says=keys["says"].text() if "says" in keys else "",
        needs=keys["needs"].text() if "needs" in keys else "",
        references=keys["references"].texts() if "references" in keys else (),
    )


def _parent(folder: Path) -> str:
    head = folder / HEAD_FILE
    extends = extends_of(read_located(head)[0]) if head.is_file() else None
    return extends.text() if extends else ""
