"""What the trained heads say of sentences, passages and pairs: the values, and the protocol every backend keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceContext:
    """Hold one sentence as it stands on its page, with its neighbours in running order."""

    text: str
    before: str = ""
    after: str = ""
    heading: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceReading:
    """Hold calibrated probabilities: that it is a promise; then, if so, of each kind and theme."""

    promise: float
    kinds: Mapping[str, float]
    themes: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageReading:
    """Hold probabilities of one incident passage: status (broken, kept, none), theme (or none), code."""

    statuses: Mapping[str, float]
    themes: Mapping[str, float]
    codes: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReading:
    """Hold probabilities that the incident breaks the promise, keeps it, or says nothing of it."""

    breaks: float
    keeps: float
    silent: float


class Readings(Protocol):
    """Read sentences, incident passages and promise–incident pairs; order in is order out."""

    version: str

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        """Return one reading a sentence."""
        ...

    def read_passages(self, passages: Sequence[str], languages: Sequence[str]) -> list[PassageReading]:
        """Return one reading a passage; a language may be empty."""
        ...

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        """Return one reading a (promise, incident text) pair."""
        ...
