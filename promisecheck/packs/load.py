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
from promisecheck.packs.format import PackHead, extends_of, read_head, read_rules
from promisecheck.packs.located import Located, read_located
from promisecheck.packs.pack import Pack
from promisecheck.packs.rule import Rule
from promisecheck.plugins import did_you_mean
from promisecheck.quantities import Grammar

HEAD_FILE = "_pack.yaml"
GRAMMAR_FILE = "_language.yaml"
Head = tuple[Located, bytes]
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
    heads = [read_located(path) for folder in folders if (path := folder / language / HEAD_FILE).is_file()]
    parent = _load_parent(language, heads, folders)
    head = _merged_head([root for root, _ in heads], parent)
    rules, bodies = _load_rules(language, folders, head.words)
    grammar = _grammar_sources(language, folders[0])
    inherited = {rule.id: replace(rule, language=language) for rule in (parent.rules if parent else ())}
    return Pack(
        language=language,
        rules=tuple((inherited | rules).values()),
        read_grammar=_grammar_reader(grammar),
        words=head.words,
        never=head.never or (parent.never if parent else ()),
        unless=head.unless or (parent.unless if parent else ()),
        hedged=head.hedged or (parent.hedged if parent else ()),
        hash=_hash([*(body for _, body in heads), *bodies, *grammar], parent),
    )


def _load_parent(language: str, heads: Sequence[Head], folders: tuple[Path, ...]) -> Pack | None:
    named = [value for root, _ in heads if (value := extends_of(root)) is not None]
    if not named:
        return None
    parent = named[-1].text()
    if parent == language or parent not in LANGUAGES:
        raise named[-1].place.error(f"{language} cannot extend {parent!r}", did_you_mean(parent, LANGUAGES))
    paths = [path for folder in folders if (path := folder / parent / HEAD_FILE).is_file()]
    if any(extends_of(read_located(path)[0]) for path in paths):
        raise named[-1].place.error(f"{language} cannot extend {parent}, which extends a language itself")
    return _load_pack(parent, folders)


def _merged_head(roots: Iterable[Located], parent: Pack | None) -> PackHead:
    merged = PackHead(words=parent.words if parent else {})
    for root in roots:
        head = read_head(root, merged.words)
        merged = PackHead(
            words={**merged.words, **head.words},
            never=merged.never + head.never,
            unless=merged.unless + head.unless,
            hedged=merged.hedged + head.hedged,
        )
    return merged


def _load_rules(
    language: str, folders: Iterable[Path], words: Mapping[str, str]
) -> tuple[dict[str, Rule], list[bytes]]:
    rules: dict[str, Rule] = {}
    bodies: list[bytes] = []
    for folder in folders:
        own: dict[str, Rule] = {}
        for path in _theme_files(folder / language):
            root, body = read_located(path)
            bodies.append(body)
            for rule in read_rules(root, language, words):
                _refuse_twice(rule, own)
        rules.update(own)
    return rules, bodies


def _grammar_sources(language: str, folder: Path) -> list[bytes]:
    """Return the bytes of the grammar files, that of the language it extends first."""
    path = folder / language / GRAMMAR_FILE
    if not path.is_file():
        raise RuleError("is missing", where=str(path), do="each language needs its grammar of quantities")
    root, body = read_located(path)
    extends = extends_of(root)
    return [body] if extends is None else [read_located(folder / extends.text() / GRAMMAR_FILE)[1], body]


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


def _hash(bodies: Iterable[bytes], parent: Pack | None) -> str:
    digest = hashlib.sha256(parent.hash.encode() if parent else b"")
    for body in bodies:
        digest.update(hashlib.sha256(body).digest())
    return digest.hexdigest()[:16]
