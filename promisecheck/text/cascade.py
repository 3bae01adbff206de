"""The readings that ship: the cheap heads first, the encoder where they may be wrong, both blended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from promisecheck.errors import UsageError
from promisecheck.text.encoder import Encoder
from promisecheck.text.heads import (
    Array,
    CheapReadings,
    pair_readings,
    passage_readings,
    sentence_readings,
)
from promisecheck.text.readings import PairReading, PassageReading, SentenceContext, SentenceReading

_LEAST = 1e-6


@dataclass(slots=True, kw_only=True)
class EncoderReadings:
    """Read with cheap heads and encoder together; keeps the Readings protocol."""

    cheap: CheapReadings
    encoder: Encoder
    version: str
    judges_pairs: bool = True

    @classmethod
    def open(cls, cheap: CheapReadings, folder: Path) -> EncoderReadings:
        """Return readings with the encoder of this folder; UsageError where its labels are not the cheap ones."""
        encoder = Encoder(folder)
        mine = {**cheap.sentences.heads, **cheap.passages.heads}
        theirs = {**encoder.card.heads, "theme": encoder.card.heads["topic"]}
        if any(tuple(theirs[name]) != labels for name, labels in mine.items()):
            raise UsageError(
                "encoder and cheap heads know different labels", where=str(folder), do="train both"
            )
        return cls(cheap=cheap, encoder=encoder, version=f"encoder-{encoder.version}+{cheap.version}")

    @property
    def threshold(self) -> float:
        """Return the probability from which a sentence counts as a promise."""
        return self.encoder.card.threshold

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        """Return one reading a sentence; the encoder is asked where the cheap head leaves room for a promise."""
        texts = [s.text for s in sentences]
        labels = self.cheap.sentences.heads
        heads = self.cheap.sentences.split(self.cheap.sentences.logits(texts))
        asked = np.flatnonzero(heads["promise"][:, 1] >= self.encoder.card.ask_from)
        if len(asked):
            said = self.encoder.texts([texts[n] for n in asked])
            heads["promise"][asked] = self._promise(heads["promise"][asked], said["promise"])
            for name in ("kind", "theme"):
                heads[name][asked] = self._blend(name, heads[name][asked], said[name])
        return sentence_readings(heads, labels)

    def read_passages(self, passages: Sequence[str], languages: Sequence[str]) -> list[PassageReading]:
        """Return one reading a passage; equal passages are read once."""
        distinct = list(dict.fromkeys(passages))
        row = {text: n for n, text in enumerate(distinct)}
        heads = self.passage_heads(distinct)
        read = passage_readings(heads, self.cheap.passages.heads)
        return [read[row[text]] for text in passages]

    def passage_heads(self, passages: Sequence[str]) -> dict[str, Array]:
        """Return the blended probabilities of status, theme and code, shape (passages, labels)."""
        heads = self.cheap.passages.split(self.cheap.passages.logits(passages))
        if not len(passages):
            return heads
        said = self.encoder.texts(passages)
        names = {"status": "status", "theme": "topic", "code": "code"}
        return {name: self._blend(of, heads[name], said[of]) for name, of in names.items()}

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """Return one reading a pair."""
        if not pairs:
            return []
        said = self.encoder.pairs(pairs)["pair"]
        return pair_readings(self._blend("pair", self.cheap.pair_probabilities(pairs), said))

    def _promise(self, cheap: Array, said: Array) -> Array:
        card = self.encoder.card
        share = card.blend["promise"]
        odds = share * _log_odds(said) + (1 - share) * _log_odds(cheap)
        yes = 1 / (1 + np.exp(-(card.slope * odds + card.shift)))
        return np.stack([1 - yes, yes], axis=1).astype(np.float32)

    def _blend(self, name: str, cheap: Array, said: Array) -> Array:
        share = self.encoder.card.blend.get(name, 1.0)
        if share >= 1.0:
            return said
        mixed = np.exp(share * np.log(said + _LEAST) + (1 - share) * np.log(cheap + _LEAST))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)


def _log_odds(two: Array) -> Array:
    return np.asarray(np.log(two[:, 1] + _LEAST) - np.log(two[:, 0] + _LEAST), np.float32)
