"""Hash texts into sparse features in whole batches: character n-grams, word n-grams, shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 17
SIZE = 1 << BITS
SHAPES = 64  # the first columns are kept for shape features
CHARACTERS, WORDS, SHAPE = 0, 1, 2
_CHARACTER_RUNS = (2, 3, 4, 5)
_WORD_RUNS = (1, 2)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0x100000001B3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """Hold the distinct features of some texts: parallel arrays of row, column and group, rows ascending."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    groups: NDArray[np.int64]
    count: int

    def weighed(self, column_weights: NDArray[np.float32], shares: Sequence[float]) -> NDArray[np.float32]:
        """Return a value per feature: each group of a row has the length its share says; shapes stay flat."""
        values = column_weights[self.columns]
        slot = self.rows * 3 + self.groups
        square = np.bincount(slot, weights=values * values, minlength=self.count * 3)
        length = np.sqrt(np.maximum(square, 1e-12))[slot]
        share = np.asarray(shares, np.float32)[self.groups]
        return np.where(self.groups == SHAPE, share, share * values / length).astype(np.float32)


def hash_texts(texts: Sequence[str]) -> Hashed:
    """Return the distinct features of each text; an empty text has shape features only."""
    codes, owner = _codes(texts)
    parts = [
        (CHARACTERS, np.concatenate([_characters(codes, owner, n) for n in _CHARACTER_RUNS])),
        (WORDS, np.concatenate([_words(codes, owner, n) for n in _WORD_RUNS])),
        (SHAPE, _shapes(texts)),
    ]
    keys = [_distinct(key) for _, key in parts]
    groups = np.repeat([group for group, _ in parts], [len(key) for key in keys])
    key = np.concatenate(keys)
    rows = (key >> np.uint64(BITS)).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    columns = (key & np.uint64(SIZE - 1)).astype(np.int64)
    return Hashed(rows=rows[order], columns=columns[order], groups=groups[order], count=len(texts))


def _distinct(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the distinct keys, ascending; faster here than np.unique, which hashes first."""
    if not len(keys):
        return keys
    keys = np.sort(keys)
    first = np.empty(len(keys), np.bool_)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the code points of all texts, each between spaces, every digit as 0, and whose they are."""
    padded = [f" {' '.join(text.lower().split())} " for text in texts]
    lengths = np.fromiter((len(p) for p in padded), np.int64, len(padded))
    joined = "".join(padded).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, "<u4").astype(np.uint64)
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes, np.repeat(np.arange(len(padded)), lengths)


def _keys(owner: NDArray[np.int64], mixed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _PRIME
    column = (mixed >> np.uint64(40)) % np.uint64(SIZE - SHAPES) + np.uint64(SHAPES)
    return (owner.astype(np.uint64) << np.uint64(BITS)) | column


def _characters(codes: NDArray[np.uint64], owner: NDArray[np.int64], n: int) -> NDArray[np.uint64]:
    size = len(codes) - n + 1
    if size <= 0:
        return np.empty(0, np.uint64)
    mixed = np.full(size, np.uint64(131 + n))
    for k in range(n):
        mixed = (mixed ^ codes[k : k + size]) * _STEP
    same = owner[:size] == owner[n - 1 :]
    return _keys(owner[:size][same], mixed[same])


def _words(codes: NDArray[np.uint64], owner: NDArray[np.int64], n: int) -> NDArray[np.uint64]:
    """Hash runs of n words; a word is a run of letters and digits."""
    inside = _LETTER[np.minimum(codes, np.uint64(len(_LETTER) - 1)).astype(np.int64)]
    edges = np.diff(np.concatenate(([0], inside.astype(np.int8), [0])))
    begin, end = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    size = len(begin) - n + 1
    if size <= 0:
        return np.empty(0, np.uint64)
    word = _word_hashes(codes, inside, begin, end)
    mixed = np.full(size, np.uint64(977 + n))
    for k in range(n):
        mixed = (mixed ^ word[k : k + size]) * _STEP
    whose = owner[begin]
    same = whose[:size] == whose[n - 1 :]
    return _keys(whose[:size][same], mixed[same])


def _word_hashes(
    codes: NDArray[np.uint64], inside: NDArray[np.bool_], begin: NDArray[np.intp], end: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """Return one polynomial hash a word, as a difference of running sums."""
    spread = codes * _PRIME + np.uint64(7)
    spread ^= spread >> np.uint64(31)
    first = np.zeros(len(codes), np.int64)
    first[begin] = begin
    offset = np.arange(len(codes)) - np.maximum.accumulate(first)
    powers = _POWERS[np.minimum(offset, len(_POWERS) - 1)]
    total = np.concatenate(([np.uint64(0)], np.cumsum(np.where(inside, spread * powers, np.uint64(0)))))
    return np.asarray(total[end] - total[begin], np.uint64)


_LETTER = np.array([chr(n).isalnum() for n in range(0x250)] + [True])
_POWERS = np.cumprod(np.full(64, _STEP), dtype=np.uint64)
_ASCII_DIGIT = re.compile(r"[0-9]")
_SELF = {
    "vi", "vores", "hos", "vår", "våra", "vårt", "våre", "oss", "we", "our", "us", "i", "me", "my", "jeg", "jag",
    "eg", "mig", "meg", "mitt",
}  # fmt: skip
_YOU = {
    "du", "dig", "deg", "dere", "din", "dit", "ditt", "dine", "dina", "ni", "er", "you", "your", "kunden",
    "kunder", "customers",
}  # fmt: skip


def _shapes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return the keys of what is seen at a glance: ends, digits, case, who speaks to whom, lengths."""
    keys: list[int] = []
    for n, text in enumerate(texts):
        words = text.lower().split()
        said = set(words)
        flags = (
            text.endswith("?"), text.endswith("!"), text.endswith("."), text.endswith(":"),
            _has_digit(text), "%" in text, '"' in text or "”" in text or "»" in text,
            text[:1].isupper(), text[:1].islower(), text.isupper(), "–" in text or " - " in text,
            not _SELF.isdisjoint(said), not _YOU.isdisjoint(said), "[" in text, "@" in text or "www" in text,
        )  # fmt: skip
        found = [k for k, flag in enumerate(flags) if flag]
        found += [16 + min(len(words), 30) // 2, 34 + min(len(text) // 12, 20)]
        row = n << BITS
        keys += [row | k for k in found]
    return np.asarray(keys, np.uint64)


def _has_digit(text: str) -> bool:
    if text.isascii():
        return _ASCII_DIGIT.search(text) is not None
    return any(map(str.isdigit, text))
