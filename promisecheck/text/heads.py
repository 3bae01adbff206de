"""The cheap heads: logistic regression over hashed n-grams, in numpy alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promisecheck.text.features import SIZE, Hashed, hash_texts
from promisecheck.text.readings import PairReading, PassageReading, SentenceContext, SentenceReading

Array = NDArray[np.float32]
SHARES = (1.0, 0.7, 0.3)  # lengths of the character, word and shape groups of a text
CHUNK = 256
OUTCOMES = ("breaks", "keeps", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearHeads:
    """Hold the weights of several heads over one set of columns; `heads` names the labels of each.

    columns: which hashed columns count; idf: their weights; weights: (columns, outputs); bias: (outputs).
    """

    columns: NDArray[np.int64]
    idf: Array
    weights: Array
    bias: Array
    heads: Mapping[str, tuple[str, ...]]
    _place: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        place = np.full(SIZE, -1, np.int64)
        place[self.columns] = np.arange(len(self.columns))
        object.__setattr__(self, "_place", place)

    def logits(self, texts: Sequence[str]) -> Array:
        """Return the raw outputs of all heads side by side, shape (texts, outputs)."""
        parts = [self._chunk(texts[n : n + CHUNK]) for n in range(0, len(texts), CHUNK)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.bias)), np.float32)

    def features(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
        """Return row, column (a place in `columns`) and value of every feature that counts, rows ascending."""
        hashed = known(hash_texts(texts), self._place)
        return hashed.rows, hashed.columns, hashed.weighed(self.idf, SHARES)

    def _chunk(self, texts: Sequence[str]) -> Array:
        rows, columns, values = self.features(texts)
        out = np.zeros((len(texts), len(self.bias)), np.float32)
        if len(values):
            starts = np.flatnonzero(np.diff(rows, prepend=-1))
            out[rows[starts]] = np.add.reduceat(self.weights[columns] * values[:, None], starts, axis=0)
        return out + self.bias

    def split(self, logits: Array) -> dict[str, Array]:
        """Return the probabilities of each head: shape (texts, labels of the head)."""
        out: dict[str, Array] = {}
        start = 0
        for name, labels in self.heads.items():
            out[name] = probabilities(logits[:, start : start + len(labels)])
            start += len(labels)
        return out


def known(hashed: Hashed, place: NDArray[np.int64]) -> Hashed:
    """Return only the features whose column has a place, with the places as columns."""
    columns = place[hashed.columns]
    keep = columns >= 0
    return Hashed(
        rows=hashed.rows[keep], columns=columns[keep], groups=hashed.groups[keep], count=hashed.count
    )


def probabilities(logits: Array) -> Array:
    """Return the softmax of each row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairHead:
    """Hold the small head over what the other heads say of a promise and of an incident's sentences."""

    weights: Array
    bias: Array

    def read(self, facts: Array) -> Array:
        """Return the probabilities of breaks, keeps, silent, shape (pairs, 3)."""
        return probabilities(facts @ self.weights + self.bias)


def pair_facts(themes: Array, statuses: Array, topics: Array, owner: NDArray[np.int64], count: int) -> Array:
    """Return the facts the pair head sees, shape (count, 8).

    themes: (count, T) of the promises; statuses: (parts, 3) and topics: (parts, T) of the incidents' parts,
    with `owner` naming each part's pair.
    """
    about = (themes[owner] * topics).sum(axis=1)
    columns: list[NDArray[np.floating]] = []
    for which in (0, 1):  # broken, kept
        said = statuses[:, which]
        for value in (said, said * about):
            columns.append(_most(value, owner, count))
            columns.append(
                np.bincount(owner, value, count) / np.maximum(np.bincount(owner, minlength=count), 1)
            )
    return np.stack(columns, axis=1).astype(np.float32)


def _most(values: Array, owner: NDArray[np.int64], count: int) -> Array:
    out = np.zeros(count, np.float32)
    np.maximum.at(out, owner, values)
    return out


def parts_of(text: str) -> list[str]:
    """Return the sentences of an incident text, the whole text where it has only one."""
    from promisecheck.text.sentences import split_sentences

    parts = [text[a:b] for a, b in split_sentences(text)]
    return parts or [text]


@dataclass(slots=True, kw_only=True)
class CheapReadings:
    """Read with the cheap heads alone; keeps the Readings protocol."""

    sentences: LinearHeads
    passages: LinearHeads
    pairs: PairHead
    version: str
    threshold: float = 0.5
    judges_pairs: bool = False

    def promise_logits(self, texts: Sequence[str]) -> Array:
        """Return the log odds that each text is a promise, shape (texts,)."""
        logits = self.sentences.logits(texts)
        return np.asarray(logits[:, 1] - logits[:, 0], np.float32)

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        """Return one reading a sentence; the neighbours are not looked at (measured: no gain)."""
        heads = self.sentences.split(self.sentences.logits([s.text for s in sentences]))
        return sentence_readings(heads, self.sentences.heads)

    def read_passages(self, passages: Sequence[str], languages: Sequence[str]) -> list[PassageReading]:
        """Return one reading a passage; the language is not needed."""
        return passage_readings(self.passages.split(self.passages.logits(passages)), self.passages.heads)

    def pair_probabilities(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Return the probabilities of breaks, keeps, silent, shape (pairs, 3)."""
        if not pairs:
            return np.zeros((0, 3), np.float32)
        return self.pairs.read(self.facts(pairs))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Return what the pair head sees of each pair; every distinct text is read once."""
        promises = list(dict.fromkeys(p for p, _ in pairs))
        incidents = {text: parts_of(text) for text in dict.fromkeys(i for _, i in pairs)}
        parts = list(dict.fromkeys(part for found in incidents.values() for part in found))
        row = {part: n for n, part in enumerate(parts)}
        said = self.sentences.split(self.sentences.logits(promises))["theme"]
        theme_of = dict(zip(promises, said, strict=True))
        heads = self.passages.split(self.passages.logits(parts))
        order = [self.passages.heads["theme"].index(t) for t in self.sentences.heads["theme"]]
        picked = np.array([row[part] for _, text in pairs for part in incidents[text]])
        owner = np.repeat(np.arange(len(pairs)), [len(incidents[text]) for _, text in pairs])
        themes = np.stack([theme_of[promise] for promise, _ in pairs])
        return pair_facts(
            themes, heads["status"][picked], heads["theme"][picked][:, order], owner, len(pairs)
        )

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """Return one reading a pair."""
        return pair_readings(self.pair_probabilities(pairs))


def sentence_readings(
    heads: Mapping[str, Array], labels: Mapping[str, tuple[str, ...]]
) -> list[SentenceReading]:
    """Return readings from the probabilities of the heads promise, kind and theme."""
    return [
        SentenceReading(
            promise=promise, kinds=dict(zip(labels["kind"], kind, strict=True)),
            themes=dict(zip(labels["theme"], theme, strict=True)),
        )
        for promise, kind, theme in zip(
            heads["promise"][:, 1].tolist(), heads["kind"].tolist(), heads["theme"].tolist(), strict=True
        )
    ]  # fmt: skip


def passage_readings(
    heads: Mapping[str, Array], labels: Mapping[str, tuple[str, ...]]
) -> list[PassageReading]:
    """Return readings from the probabilities of the heads status, theme and code."""
    return [
        PassageReading(
            statuses=dict(zip(labels["status"], status, strict=True)),
            themes=dict(zip(labels["theme"], theme, strict=True)),
            codes=dict(zip(labels["code"], code, strict=True)),
        )
        for status, theme, code in zip(
            heads["status"].tolist(), heads["theme"].tolist(), heads["code"].tolist(), strict=True
        )
    ]  # fmt: skip


def pair_readings(outcomes: Array) -> list[PairReading]:
    """Return readings from rows of breaks, keeps, silent."""
    return [PairReading(breaks=b, keeps=k, silent=s) for b, k, s in outcomes.tolist()]


def save_cheap(folder: Path, readings: CheapReadings) -> None:
    """Write cheap.npz (8-bit weights) and cheap.json; the same heads give the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {}
    about: dict[str, object] = {"threshold": round(readings.threshold, 4)}
    for name, heads in (("sentences", readings.sentences), ("passages", readings.passages)):
        scale = np.maximum(np.abs(heads.weights).max(axis=0), 1e-6) / 127
        arrays[f"{name}.columns"] = heads.columns.astype(np.uint32)
        arrays[f"{name}.idf"] = heads.idf.astype(np.float16)
        arrays[f"{name}.weights"] = np.rint(heads.weights / scale).astype(np.int8)
        arrays[f"{name}.scale"] = scale.astype(np.float32)
        arrays[f"{name}.bias"] = heads.bias.astype(np.float32)
        about[name] = {head: list(labels) for head, labels in heads.heads.items()}
    arrays["pairs.weights"] = readings.pairs.weights
    arrays["pairs.bias"] = readings.pairs.bias
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "cheap.npz", **arrays)  # type: ignore[arg-type]
    (folder / "cheap.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def load_cheap(folder: Path) -> CheapReadings:
    """Read what `save_cheap` wrote; the version is a hash of both files."""
    raw = (folder / "cheap.npz").read_bytes()
    text = (folder / "cheap.json").read_bytes()
    about = json.loads(text)
    with np.load(folder / "cheap.npz", allow_pickle=False) as data:
        found = {
            name: LinearHeads(
                columns=data[f"{name}.columns"].astype(np.int64), idf=data[f"{name}.idf"].astype(np.float32),
                weights=data[f"{name}.weights"].astype(np.float32) * data[f"{name}.scale"],
                bias=data[f"{name}.bias"], heads={k: tuple(v) for k, v in about[name].items()},
            )
            for name in ("sentences", "passages")
        }  # fmt: skip
        pairs = PairHead(weights=data["pairs.weights"], bias=data["pairs.bias"])
    return CheapReadings(
        sentences=found["sentences"], passages=found["passages"], pairs=pairs,
        version="cheap-" + hashlib.sha256(raw + text).hexdigest()[:12], threshold=float(about["threshold"]),
    )  # fmt: skip
