"""Train the cheap heads from folders of labelled texts; the same data gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from promisecheck.errors import UsageError
from promisecheck.model import THEMES
from promisecheck.quality.labelled import (
    Labelled,
    PairLabel,
    PassageLabel,
    SentenceLabel,
    fold_of,
    read_labelled,
)
from promisecheck.text.features import SHAPES, SIZE, hash_texts
from promisecheck.text.heads import (
    OUTCOMES,
    Array,
    CheapReadings,
    LinearHeads,
    PairHead,
    load_cheap,
    save_cheap,
)

FOLDS = 5
FIRMNESS = {"promise": 10.0, "kind": 5.0, "theme": 5.0, "status": 5.0, "code": 5.0}
UNSURE = 0.5  # weight of a label its reader marked as unsure
WRITTEN = 0.5  # weight of a sentence written for the purpose
LEAST_TEXTS = 2  # a column counts when this many training texts have it
STATUSES = ("broken", "kept", "none")
KINDS = ("quantified", "guarantee", "value")


def train_heads(folders: Iterable[Path], out: Path, *, written: Iterable[Path] = ()) -> CheapReadings:
    """Train on every labelled text under these folders, write the weights to `out`, return what they read.

    written: folders of texts written for the purpose; their sentences weigh half (they raised every score on real
    companies left out, docs/quality.md), their passages and pairs are not learned (they raised none).
    """  # fmt: skip
    save_cheap(out, fit_readings(read_labelled(folders), read_labelled(written).sentences))
    return load_cheap(out)


def fit_readings(labelled: Labelled, written: Sequence[SentenceLabel] = ()) -> CheapReadings:
    """Return cheap readings fitted on all of these labels, calibrated on held-back real companies."""
    if not labelled.sentences or not labelled.passages:
        raise UsageError("training needs labelled sentences and labelled passages")
    held = held_back_log_odds(labelled.sentences, written)
    truth = np.array([s.promise for s in labelled.sentences])
    slope, shift = platt(held, truth)
    threshold = best_threshold(sigmoid(slope * held + shift), truth)
    sentences = _calibrated(fit_sentences(labelled.sentences, written), slope, shift)
    passages = fit_passages(labelled.passages)
    readings = CheapReadings(
        sentences=sentences, passages=passages, version="",
        pairs=PairHead(weights=np.zeros((8, 3), np.float32), bias=np.zeros(3, np.float32)), threshold=threshold,
    )  # fmt: skip
    return replace(readings, pairs=fit_pairs(readings, labelled)) if labelled.pairs else readings


def fit_sentences(rows: Sequence[SentenceLabel], written: Sequence[SentenceLabel] = ()) -> LinearHeads:
    """Return the heads promise, kind and theme; kind and theme learn from promises only, from both readers."""
    everything = [*rows, *written]
    weight = _weights(rows, written)
    # What a second reader took for a promise of another kind or theme counts as one more, of half the weight.
    for row in rows:
        if row.again and row.again[0] and row.again != (row.promise, row.kind, row.theme):
            everything.append(replace(row, promise=True, kind=row.again[1], theme=row.again[2]))
    weight = np.concatenate([weight, np.full(len(everything) - len(weight), UNSURE)])
    once = np.arange(len(rows) + len(written))
    promises = np.array([n for n, row in enumerate(everything) if row.promise])
    about = [everything[n] for n in promises]
    return _fit(
        [row.text for row in everything],
        {
            "promise": (("no", "yes"), once, np.array([int(everything[n].promise) for n in once])),
            "kind": (KINDS, promises, np.array([KINDS.index(row.kind) for row in about])),
            "theme": (THEMES, promises, np.array([THEMES.index(row.theme) for row in about])),
        },
        weight,
    )


def _weights(rows: Sequence[SentenceLabel], written: Sequence[SentenceLabel]) -> NDArray[np.float64]:
    weight = np.array([1.0 if row.sure else UNSURE for row in (*rows, *written)])
    weight[len(rows) :] *= WRITTEN
    return weight


def fit_passages(rows: Sequence[PassageLabel]) -> LinearHeads:
    """Return the heads status, theme and code."""
    everything = np.arange(len(rows))
    themes = (*THEMES, "guarantee", "none")
    codes = tuple(sorted({row.code for row in rows} | {"none"}))
    return _fit(
        [row.text for row in rows],
        {
            "status": (STATUSES, everything, np.array([STATUSES.index(row.status) for row in rows])),
            "theme": (themes, everything, np.array([themes.index(row.theme) for row in rows])),
            "code": (codes, everything, np.array([codes.index(row.code) for row in rows])),
        },
        np.ones(len(rows)),
    )


def _fit(
    texts: Sequence[str],
    heads: dict[str, tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]],
    weight: NDArray[np.float64],
) -> LinearHeads:
    matrix, columns, idf = _matrix(texts)
    weights, biases = [], []
    for name, (labels, rows, targets) in heads.items():
        w, b = _regress(matrix[rows], targets, weight[rows], len(labels), FIRMNESS[name])
        weights.append(w)
        biases.append(b)
    return LinearHeads(
        columns=columns, idf=idf, weights=np.concatenate(weights, axis=1), bias=np.concatenate(biases),
        heads={name: labels for name, (labels, _, _) in heads.items()},
    )  # fmt: skip


def _matrix(texts: Sequence[str]) -> tuple[Any, NDArray[np.int64], Array]:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, unused-ignore]

    hashed = hash_texts(texts)
    seen = np.bincount(hashed.columns, minlength=SIZE)
    columns = np.flatnonzero((seen >= LEAST_TEXTS) | (np.arange(SIZE) < SHAPES))
    idf = np.log((1 + len(texts)) / (1 + seen[columns])) + 1
    # 16-bit idf is what is shipped, so training must see the same numbers
    heads = LinearHeads(
        columns=columns, idf=idf.astype(np.float16).astype(np.float32),
        weights=np.zeros((len(columns), 1), np.float32), bias=np.zeros(1, np.float32), heads={},
    )  # fmt: skip
    rows, picked, values = heads.features(texts)
    return csr_matrix((values, (rows, picked)), shape=(len(texts), len(columns))), columns, heads.idf


def _regress(
    matrix: Any, targets: NDArray[np.int64], weight: NDArray[np.float64], labels: int, firmness: float
) -> tuple[Array, Array]:
    """Return (columns, labels) weights and biases; a label that never occurs gets a bias far below."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=firmness, max_iter=300, tol=1e-4).fit(matrix, targets, sample_weight=weight)
    weights = np.zeros((matrix.shape[1], labels), np.float32)
    bias = np.full(labels, -9.0, np.float32)
    if len(model.classes_) == 2:
        weights[:, model.classes_[1]] = model.coef_[0]
        bias[model.classes_] = [0.0, float(model.intercept_[0])]
    else:
        weights[:, model.classes_] = model.coef_.T
        bias[model.classes_] = model.intercept_
    return weights, bias


def held_back_log_odds(rows: Sequence[SentenceLabel], written: Sequence[SentenceLabel] = ()) -> Array:
    """Return the log odds of a promise for every sentence of `rows`, by heads that never saw its company."""
    fold = np.array([fold_of(row.company, FOLDS) for row in rows])
    out = np.zeros(len(rows), np.float32)
    for k in sorted(set(fold.tolist())):
        real = [row for row, f in zip(rows, fold, strict=True) if f != k]
        train = [*real, *written]
        test = np.flatnonzero(fold == k)
        matrix, columns, idf = _matrix([row.text for row in train])
        truth = np.array([int(row.promise) for row in train])
        w, b = _regress(matrix, truth, _weights(real, written), 2, FIRMNESS["promise"])
        heads = LinearHeads(columns=columns, idf=idf, weights=w, bias=b, heads={"promise": ("no", "yes")})
        logits = heads.logits([rows[int(n)].text for n in test])
        out[test] = logits[:, 1] - logits[:, 0]
    return out


def fit_pairs(readings: CheapReadings, labelled: Labelled) -> PairHead:
    """Return the pair head, fitted on facts from passage heads that never saw the incident."""
    from sklearn.linear_model import LogisticRegression

    facts, targets, weights = [], [], []
    for k in range(FOLDS):
        rows = [row for row in labelled.pairs if fold_of(row.source, FOLDS) == k]
        if not rows:
            continue
        seen = [row for row in labelled.passages if fold_of(row.source, FOLDS) != k]
        facts.append(replace(readings, passages=fit_passages(seen)).facts(_texts(rows)))
        targets += [OUTCOMES.index(row.outcome) for row in rows]
        weights += [1.0 if row.sure else UNSURE for row in rows]
    model = LogisticRegression(C=1.0, max_iter=500).fit(
        np.concatenate(facts), targets, sample_weight=np.array(weights)
    )
    return PairHead(weights=model.coef_.T.astype(np.float32), bias=model.intercept_.astype(np.float32))


def _texts(rows: Sequence[PairLabel]) -> list[tuple[str, str]]:
    return [(row.promise, row.incident) for row in rows]


def _calibrated(heads: LinearHeads, slope: float, shift: float) -> LinearHeads:
    weights, bias = heads.weights.copy(), heads.bias.copy()
    weights[:, :2] *= slope
    bias[:2] *= slope
    bias[1] += shift
    return LinearHeads(columns=heads.columns, idf=heads.idf, weights=weights, bias=bias, heads=heads.heads)


def platt(log_odds: Array, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and shift that make sigmoid(slope * log odds + shift) a calibrated probability."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(log_odds[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(probability: Array, truth: NDArray[np.bool_]) -> float:
    """Return the threshold with the highest F1, the middle one of a plateau."""
    steps = np.arange(0.10, 0.901, 0.01)
    scores = np.array([f1(truth, probability >= t) for t in steps])
    return float(np.round(np.median(steps[scores >= scores.max() - 0.002]), 2))


def f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Return the F1 of a yes/no answer."""
    both = int((truth & said).sum())
    return 2 * both / max(1, int(truth.sum()) + int(said.sum()))


def sigmoid(x: NDArray[np.floating]) -> Array:
    """Return 1 / (1 + exp(-x))."""
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)
