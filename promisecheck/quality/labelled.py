"""Read folders of labelled texts: sentences of companies' pages, passages of incidents, pairs of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from promisecheck.errors import InputError

OUTCOMES = {"contradicts": "breaks", "supports": "keeps", "neutral": "silent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLabel:
    """Hold one labelled sentence; `kind` and `theme` are empty where it is no promise.

    `again` holds what a second reader, who did not see the first labels, said: (promise, kind, theme). Where the
    two disagree on whether it is a promise, the row is not sure.
    """  # fmt: skip

    id: str
    company: str
    language: str
    text: str
    before: str
    after: str
    promise: bool
    kind: str
    theme: str
    sure: bool
    again: tuple[bool, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageLabel:
    """Hold one labelled passage of an incident text."""

    source: str
    language: str
    text: str
    start: int
    whole: str
    status: str
    theme: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLabel:
    """Hold one promise with one incident text and the outcome: breaks, keeps or silent."""

    id: str
    promise: str
    incident: str
    source: str
    outcome: str
    theme: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Hold everything that was read from some folders."""

    sentences: tuple[SentenceLabel, ...] = ()
    passages: tuple[PassageLabel, ...] = ()
    pairs: tuple[PairLabel, ...] = ()


def read_labelled(folders: Iterable[Path]) -> Labelled:
    """Read every .jsonl under these folders; what a row holds says what it is.

    Rows with `is_promise` are sentences, with `passages` incidents, with `promise` and `incident` or with
    `promise_id` and `incident_id` pairs, with `sentence_id` a second reading of that sentence. InputError names
    file and line of a row that cannot be used.
    """  # fmt: skip
    sentences: list[SentenceLabel] = []
    passages: list[PassageLabel] = []
    pairs: list[PairLabel] = []
    by_id: list[dict[str, Any]] = []
    again: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    for where, row in _rows(folders):
        try:
            if "sentence_id" in row:
                again[str(row["sentence_id"])] = row
            elif "is_promise" in row:
                sentences.append(_sentence(row))
                texts.setdefault(str(row["id"]), row["text"])
            elif "passages" in row:
                passages.extend(_passages(row))
                texts.setdefault(str(row["id"]), row["text"])
            elif "promise" in row and "incident" in row:
                pairs.append(_pair(row))
            elif "promise_id" in row:
                by_id.append(row)
        except (KeyError, TypeError) as error:
            raise InputError(f"a labelled row lacks {error}", where=where) from error
    pairs.extend(_pairs_by_id(by_id, texts))
    return Labelled(
        sentences=tuple(_twice_read(s, again.get(s.id)) for s in sentences),
        passages=tuple(passages),
        pairs=tuple(_once(pairs)),
    )


def _rows(folders: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(folder.rglob("*.jsonl"))
        for path in files:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if line.strip():
                    where = f"{path.name}:{number}"
                    try:
                        row = json.loads(line)
                    except json.JSONDecodeError as error:
                        raise InputError(f"not JSON: {error.msg}", where=where) from error
                    yield where, row


def _sentence(row: dict[str, Any]) -> SentenceLabel:
    promise = bool(row["is_promise"])
    return SentenceLabel(
        id=str(row["id"]), company=row.get("company") or str(row.get("page_id", "")), language=row["language"],
        text=row["text"], before=row.get("before") or "", after=row.get("after") or "", promise=promise,
        kind=row["kind"] if promise else "", theme=row["theme"] if promise else "",
        sure=bool(row.get("sure", not row.get("borderline", False))),
    )  # fmt: skip


def _twice_read(label: SentenceLabel, again: dict[str, Any] | None) -> SentenceLabel:
    if again is None:
        return label
    promise = bool(again["is_promise"])
    said = (promise, again["kind"] if promise else "", again["theme"] if promise else "")
    return replace(label, again=said, sure=label.sure and promise == label.promise)


def _passages(row: dict[str, Any]) -> Iterator[PassageLabel]:
    for part in row["passages"]:
        yield PassageLabel(
            source=str(row["id"]), language=row["language"], text=row["text"][part["start"] : part["end"]],
            start=part["start"], whole=row["text"], status=part["status"], theme=part["theme"], code=part["code"],
        )  # fmt: skip


def _pair(row: dict[str, Any]) -> PairLabel:
    return PairLabel(
        id=str(row["id"]), promise=row["promise"], incident=row["incident"],
        source=str(row.get("incident_id") or row["incident"]), outcome=OUTCOMES[row["label"]],
        theme=row.get("theme") or "", sure=bool(row.get("sure", not row.get("borderline", False))),
    )  # fmt: skip


def _pairs_by_id(rows: Sequence[dict[str, Any]], texts: dict[str, str]) -> Iterator[PairLabel]:
    for row in rows:
        promise, incident = texts.get(str(row["promise_id"])), texts.get(str(row["incident_id"]))
        if promise is None or incident is None:
            continue  # the texts these ids name stay outside the repository and may not be here
        yield PairLabel(
            id=f"{row['promise_id']}+{row['incident_id']}", promise=promise, incident=incident,
            source=str(row["incident_id"]), outcome=OUTCOMES[row["label"]], theme="", sure=bool(row.get("sure", True)),
        )  # fmt: skip


def _once(pairs: Iterable[PairLabel]) -> Iterator[PairLabel]:
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        if (pair.promise, pair.incident) not in seen:
            seen.add((pair.promise, pair.incident))
            yield pair


def fold_of(group: str, folds: int = 5) -> int:
    """Return the fold of a company, source or promise: a hash, so that more data moves none of them."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % folds
