"""The small Nordic encoder: 8-bit ONNX weights run by onnxruntime on one thread, loaded when first asked."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from promisecheck.text.heads import Array, probabilities
from promisecheck.text.pieces import Pieces

LONGEST_TEXT = 96
LONGEST_PAIR = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderCard:
    """Hold what stands beside the weights: labels and temperature of each head, and how to blend.

    blend: share of the encoder's log odds against the cheap head's, per task; slope and shift calibrate the
    blended log odds of a promise; ask_from: cheap probability from which a sentence is worth asking about.
    """

    heads: Mapping[str, tuple[str, ...]]
    temperatures: Mapping[str, float]
    blend: Mapping[str, float]
    slope: float
    shift: float
    ask_from: float
    threshold: float

    @classmethod
    def load(cls, path: Path) -> EncoderCard:
        """Read encoder.json."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**data, "heads": {name: tuple(labels) for name, labels in data["heads"].items()}})

    def save(self, path: Path) -> None:
        """Write encoder.json."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def encoder_here(folder: Path) -> bool:
    """Return whether this machine has onnxruntime, tokenizers and the encoder's files."""
    files = ("encoder.onnx", "encoder.json", "pieces.json")
    modules = ("onnxruntime", "tokenizers")
    return all((folder / name).is_file() for name in files) and all(map(importlib.util.find_spec, modules))


class Encoder:
    """Give the logits of every head for texts and pairs; the session opens at the first question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = EncoderCard.load(folder / "encoder.json")
        self._pieces: Pieces | None = None
        self._session: Any = None

    @property
    def version(self) -> str:
        """Return a hash of the weights and the card."""
        digest = hashlib.sha256((self.folder / "encoder.json").read_bytes())
        with (self.folder / "encoder.onnx").open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:12]

    def texts(self, texts: Sequence[str]) -> dict[str, Array]:
        """Return the probabilities of every head for single texts."""
        return self._split(self._run(self._open().encode(texts, LONGEST_TEXT)))

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Array]:
        """Return the probabilities of every head for pairs read together."""
        return self._split(self._run(self._open().encode_pairs(pairs, LONGEST_PAIR)))

    def _open(self) -> Pieces:
        if self._pieces is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            self._session = onnxruntime.InferenceSession(
                str(self.folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._pieces = Pieces.load(self.folder / "pieces.json")
        return self._pieces

    def _run(self, rows: Sequence[Sequence[int]]) -> Array:
        """Return the raw outputs, shape (rows, outputs).

        One text a run: the activations are scaled to 8 bits per run, so companions in a batch would change
        what a text is read as, and a promise would come and go from one crawl to the next.
        """
        width = sum(len(labels) for labels in self.card.heads.values())
        out = np.zeros((len(rows), width), np.float32)
        for n, row in enumerate(rows):
            out[n] = self._session.run(None, {"ids": np.asarray([row], np.int64)})[0][0]
        return out

    def _split(self, logits: Array) -> dict[str, Array]:
        out: dict[str, Array] = {}
        start = 0
        for name, labels in self.card.heads.items():
            scaled = logits[:, start : start + len(labels)] / self.card.temperatures.get(name, 1.0)
            out[name] = probabilities(scaled)
            start += len(labels)
        return out
