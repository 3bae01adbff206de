"""Score readings on labelled files and by leaving companies, sources and promises out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from promisecheck.quality.labelled import (
    Labelled,
    PairLabel,
    PassageLabel,
    SentenceLabel,
    fold_of,
    read_labelled,
)
from promisecheck.quality.score import Answer, Score, score
from promisecheck.quality.train_heads import FOLDS, fit_readings
from promisecheck.text.readings import (
    PairReading,
    PassageReading,
    Readings,
    SentenceContext,
    SentenceReading,
)

THRESHOLD = 0.5  # for readings that state none of their own


def evaluate(paths: Iterable[Path], readings: Readings | None = None) -> list[Score]:
    """Return the scores of these readings on every labelled text under these files and folders.

    Without readings the cheap heads are trained anew for each fold and answer only for companies, sources
    and promises that they have not seen.
    """
    labelled = read_labelled(paths)
    if readings is None:
        return _scores(labelled, _held_back(labelled))
    return _scores(labelled, [(labelled, readings)])


def _held_back(labelled: Labelled) -> list[tuple[Labelled, Readings]]:
    parts: list[tuple[Labelled, Readings]] = []
    for k in range(FOLDS):
        seen = Labelled(
            sentences=tuple(s for s in labelled.sentences if fold_of(s.company) != k),
            passages=tuple(p for p in labelled.passages if fold_of(p.source) != k),
            pairs=tuple(p for p in labelled.pairs if k not in (fold_of(p.source), fold_of(p.promise))),
        )
        held = Labelled(
            sentences=tuple(s for s in labelled.sentences if fold_of(s.company) == k),
            passages=tuple(p for p in labelled.passages if fold_of(p.source) == k),
            pairs=tuple(p for p in labelled.pairs if k == fold_of(p.source) == fold_of(p.promise)),
        )
        parts.append((held, fit_readings(seen)))
    return parts


def _scores(labelled: Labelled, parts: Sequence[tuple[Labelled, Readings]]) -> list[Score]:
    sentences = [pair for part, readings in parts for pair in _read_sentences(part.sentences, readings)]
    passages = [pair for part, readings in parts for pair in _read_passages(part.passages, readings)]
    pairs = [pair for part, readings in parts for pair in _read_pairs(part.pairs, readings)]
    return [*_sentence_scores(sentences), *_passage_scores(passages), *_pair_scores(pairs)]


def _read_sentences(
    rows: Sequence[SentenceLabel], readings: Readings
) -> list[tuple[SentenceLabel, SentenceReading, bool]]:
    contexts = [
        SentenceContext(text=r.text, before=r.before, after=r.after, language=r.language) for r in rows
    ]
    least = float(getattr(readings, "threshold", THRESHOLD))
    said = readings.read_sentences(contexts) if rows else []
    return [(row, reading, reading.promise >= least) for row, reading in zip(rows, said, strict=True)]


def _read_passages(
    rows: Sequence[PassageLabel], readings: Readings
) -> list[tuple[PassageLabel, PassageReading]]:
    said = readings.read_passages([r.text for r in rows], [r.language for r in rows]) if rows else []
    return list(zip(rows, said, strict=True))


def _read_pairs(rows: Sequence[PairLabel], readings: Readings) -> list[tuple[PairLabel, PairReading]]:
    said = readings.read_pairs([(r.promise, r.incident) for r in rows]) if rows else []
    return list(zip(rows, said, strict=True))


def top(probabilities: Mapping[str, float]) -> str:
    """Return the likeliest label."""
    return max(probabilities, key=lambda label: probabilities[label])


def outcome_of(reading: PairReading) -> str:
    """Return the likeliest outcome."""
    return top({"breaks": reading.breaks, "keeps": reading.keeps, "silent": reading.silent})


def _sentence_scores(rows: Sequence[tuple[SentenceLabel, SentenceReading, bool]]) -> list[Score]:
    if not rows:
        return []
    parts: dict[str, list[Answer]] = {}
    for row, _, said in rows:
        names = ["all", row.language, *(["clear"] if row.sure else [])]
        for name in names:
            parts.setdefault(name, []).append(Answer(truth=row.promise, said=said, group=row.company))
    made = [score("sentence", part, answers) for part, answers in sorted(parts.items())]
    found = [(row, reading) for row, reading, said in rows if row.promise and said]
    kinds = [(row.kind, top(reading.kinds), row.company) for row, reading in found]
    themes = [(row.theme, top(reading.themes), row.company) for row, reading in found]
    return [*made, *_label_scores("kind", kinds), *_label_scores("theme", themes)]


def _passage_scores(rows: Sequence[tuple[PassageLabel, PassageReading]]) -> list[Score]:
    status = [(row.status, top(reading.statuses), row.source) for row, reading in rows]
    theme = [(row.theme, top(reading.themes), row.source) for row, reading in rows if row.status != "none"]
    return _label_scores("passage", status) + _label_scores("passage theme", theme)


def _pair_scores(rows: Sequence[tuple[PairLabel, PairReading]]) -> list[Score]:
    triples = [(row.outcome, outcome_of(reading), row.source) for row, reading in rows]
    return _label_scores("pair", triples)


def _label_scores(task: str, triples: Sequence[tuple[str, str, str]]) -> list[Score]:
    """Return one score a label; of the part `all` the recall is the share of right answers."""
    if not triples:
        return []
    right = [Answer(truth=True, said=truth == said, group=group) for truth, said, group in triples]
    made = [score(task, "all", right)]
    for label in sorted({truth for truth, _, _ in triples}):
        answers = [Answer(truth=t == label, said=s == label, group=g) for t, s, g in triples]
        made.append(score(task, label, answers))
    return made
