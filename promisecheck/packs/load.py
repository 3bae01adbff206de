"""Rule folders to packs: where the rules lie, which file adds to which, and the hash that names them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from promisecheck.errors import RuleError
from promisecheck.model import LANGUAGES
from promisecheck.packs.format import PackHead, read_head, read_rules
from promisecheck.packs.located import did_you_mean, read_located
from promisecheck.packs.pack import Pack
from promisecheck.packs.phrases import parse_phrase
from promisecheck.packs.rule import Rule
from promisecheck.quantities import Grammar

HEAD_FILE = "_pack.yaml"
GRAMMAR_FILE = "_language.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rules_folder() -> Path:
    """Return the folder of the rules that ship: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise RuleError("the rules are not installed", where=str(package), do="reinstall promisecheck")


def load_packs(languages: Sequence[str] = LANGUAGES, extra: Sequence[Path] = ()) -> dict[str, Pack]:
    """Load the packs of some languages, once a process; folders in `extra` add rules or replace them by id.

    An extra folder is laid out like the rules that ship: `<language>/<theme>.yaml`. Raises RuleError.
    """
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise RuleError(f"no rules for language {unknown[0]!r}", do=did_you_mean(unknown[0], LANGUAGES))
    folders = (rules_folder(), *(Path(folder).resolve() for folder in extra))
    for folder in folders[1:]:
        _check_extra(folder)
    return {language: _load_pack(language, folders) for language in languages}


def packs_hash(packs: Mapping[str, Pack]) -> str:
    """Return 16 hex digits that change whenever a rule of these packs does."""
    joined = ",".join(f"{language}={pack.hash}" for language, pack in sorted(packs.items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _check_extra(folder: Path) -> None:
    if not folder.is_dir():
        raise RuleError("is no folder", where=str(folder), do="lay it out as <language>/<theme>.yaml")
    if not any((folder / language).is_dir() for language in LANGUAGES):
        raise RuleError(
            "holds no language folder", where=str(folder), do=f"put rule files under {' '.join(LANGUAGES)}"
        )


@functools.lru_cache(maxsize=32)
def _load_pack(language: str, folders: tuple[Path, ...]) -> Pack:
    head, bodies = _load_head(language, folders)
    parent = _load_pack(head.extends, folders) if head.extends else None
    words = {**(parent.words if parent else {}), **head.words}
    rules = {rule.id: _adopted(rule, language) for rule in (parent.rules if parent else ())}
    for folder in folders:
        own: dict[str, Rule] = {}
        for path in _theme_files(folder / language):
            root, body = read_located(path)
            bodies.append(body)
            for rule in read_rules(root, language, words):
                _refuse_twice(rule, own)
        rules.update(own)
    phrase_lists = [
        tuple(parse_phrase(source, words) for source in sources) for sources in (head.unless, head.hedged)
    ]
    unless, hedged = phrase_lists
    sources = _grammar_data(language, folders[0], bodies)
    return Pack(
        language=language,
        rules=tuple(rules.values()),
        read_grammar=_grammar_reader(sources),
        words=words,
        unless=unless if unless or parent is None else parent.unless,
        hedged=hedged if hedged or parent is None else parent.hedged,
        hash=_hash(bodies, parent),
    )


def _load_head(language: str, folders: Iterable[Path]) -> tuple[PackHead, list[bytes]]:
    extends, words, unless, hedged = "", dict[str, str](), tuple[str, ...](), tuple[str, ...]()
    bodies: list[bytes] = []
    for path in (folder / language / HEAD_FILE for folder in folders):
        if not path.is_file():
            continue
        root, body = read_located(path)
        head = read_head(root)
        extends, words = head.extends or extends, {**words, **head.words}
        unless, hedged = unless + head.unless, hedged + head.hedged
        bodies.append(body)
    if extends == language or (extends and extends not in LANGUAGES):
        raise RuleError(f"{language} cannot extend {extends!r}", where=f"{language}/{HEAD_FILE}")
    return PackHead(extends=extends, words=words, unless=unless, hedged=hedged), bodies


def _grammar_data(language: str, folder: Path, bodies: list[bytes]) -> list[bytes]:
    """Return the bytes of the grammar files, the one it extends first; they count in the pack's hash."""
    path = folder / language / GRAMMAR_FILE
    if not path.is_file():
        raise RuleError("is missing", where=str(path), do="each language needs its grammar of quantities")
    root, body = read_located(path)
    bodies.append(body)
    extends = dict(root.pairs()).get("extends")
    parents = _grammar_data(extends.text(), folder, bodies) if extends else []
    return [*parents, body]


def _grammar_reader(sources: list[bytes]) -> Callable[[], Grammar]:
    def read() -> Grammar:
        data: dict[str, Any] = {}
        for source in sources:
            data |= yaml.load(source, Loader=_Loader)
        data.pop("extends", None)
        return Grammar.from_mapping(data)

    return functools.cache(read)


def _theme_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))


def _refuse_twice(rule: Rule, own: dict[str, Rule]) -> None:
    if rule.id in own:
        raise RuleError(f"rule {rule.id} stands twice", where=rule.where, do=f"first at {own[rule.id].where}")
    own[rule.id] = rule


def _adopted(rule: Rule, language: str) -> Rule:
    return replace(rule, language=language)


def _hash(bodies: Iterable[bytes], parent: Pack | None) -> str:
    digest = hashlib.sha256(parent.hash.encode() if parent else b"")
    for body in bodies:
        digest.update(hashlib.sha256(body).digest())
    return digest.hexdigest()[:16]
