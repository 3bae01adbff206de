"""Sentences, languages and what the trained heads read: the only room that imports spaCy or an embedder."""

from promisecheck.text.language import identify_language, language_of_tag
from promisecheck.text.load import load_readings
from promisecheck.text.readings import (
    PairReading,
    PassageReading,
    Readings,
    SentenceContext,
    SentenceReading,
)
from promisecheck.text.sentences import split_sentences

__all__ = [
    "PairReading",
    "PassageReading",
    "Readings",
    "SentenceContext",
    "SentenceReading",
    "identify_language",
    "language_of_tag",
    "load_readings",
    "split_sentences",
]
