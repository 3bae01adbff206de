"""Score ways of reading promises by leaving companies out: n-grams, frozen vectors of the base, both; and a learning curve.

    python bench/reading.py DATA… [--written DIR] [--folds 5] [--curve]

DATA are folders of labelled sentences (corpora/train/README.md says how they look). Every fold is read by heads that
never saw its companies; thresholds are chosen on the training companies. The sentences of --written join every
training set and are never tested on. Prints one row a way: F1 of all, of the sure
ones, of each language, and the accuracy of theme and kind on true promises. Needs the extra train.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from promisecheck.model import THEMES
from promisecheck.quality.labelled import SentenceLabel, fold_of, read_labelled
from promisecheck.quality.train_heads import KINDS, best_threshold, f1

LANGUAGES = ("da", "nb", "sv", "en")
Features = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[csr_matrix, csr_matrix]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--written", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--curve", action="store_true")
    chosen = parser.parse_args()
    rows = read_labelled(chosen.data).sentences
    extra = read_labelled([chosen.written]).sentences if chosen.written else ()
    rows, real = (*rows, *extra), len(rows)
    vectors = frozen([row.text for row in rows])
    ways = {
        "n-grams": grams(rows),
        "frozen vectors": dense(vectors),
        "both": joined(grams(rows), dense(vectors)),
    }
    for name, features in ways.items():
        print(line(name, rows, features, chosen.folds, real), flush=True)
    if chosen.curve:
        for share in (0.125, 0.25, 0.5, 0.75):
            name = f"both, {share:.1%} of companies"
            print(line(name, rows, ways["both"], chosen.folds, real, share), flush=True)


def frozen(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the base's pooled vectors, standardised."""
    from promisecheck.quality.base_weights import read_base
    from promisecheck.quality.finetune import pooled_vectors
    from promisecheck.quality.trim import trim, whole_pieces
    from promisecheck.quality.trunk import Trunk

    base = read_base()
    seen = {i for ids in whole_pieces(base).cut(list(texts), 1 << 20) for i in ids if i > 3}
    pieces, words = trim(base, sorted(seen))
    net = Trunk(base, words, {"promise": 2})
    ids = pieces.encode(texts, 96)
    start = time.process_time()
    made = pooled_vectors(net, ids).numpy()
    print(f"{len(texts)} texts embedded in {time.process_time() - start:.0f} s CPU", flush=True)
    return np.asarray((made - made.mean(0)) / made.std(0), np.float32)


def grams(rows: Sequence[SentenceLabel]) -> Features:
    texts = np.array([row.text for row in rows], dtype=object)

    def make(train: NDArray[np.int64], test: NDArray[np.int64]) -> tuple[csr_matrix, csr_matrix]:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        seen = hstack([letters.fit_transform(texts[train]), words.fit_transform(texts[train])]).tocsr()
        return seen, hstack([letters.transform(texts[test]), words.transform(texts[test])]).tocsr()

    return make


def dense(vectors: NDArray[np.float32]) -> Features:
    scaled = csr_matrix(vectors / np.sqrt(vectors.shape[1]))
    return lambda train, test: (scaled[train], scaled[test])


def joined(first: Features, second: Features) -> Features:
    def make(train: NDArray[np.int64], test: NDArray[np.int64]) -> tuple[csr_matrix, csr_matrix]:
        (a, b), (c, d) = first(train, test), second(train, test)
        return hstack([a, c]).tocsr(), hstack([b, d]).tocsr()

    return make


def line(
    name: str, rows: Sequence[SentenceLabel], features: Features, folds: int, real: int, share: float = 1.0
) -> str:
    """Return one printed row: every company of the first `real` rows read by heads that never saw it."""
    truth = np.array([row.promise for row in rows])
    fold = np.array([fold_of(row.company, folds) if n < real else -1 for n, row in enumerate(rows)])
    used = np.array([fold_of("curve " + row.company, 1000) < 1000 * share for row in rows])
    said, right = np.zeros(len(rows), bool), {"theme": [0, 0], "kind": [0, 0]}
    for k in range(folds):
        train, test = np.flatnonzero((fold != k) & used), np.flatnonzero(fold == k)
        x, z = features(train, test)
        said[test] = promises(x, z, truth[train])
        for field, labels in (("theme", THEMES), ("kind", KINDS)):
            score_labels(right[field], rows, train, test, x, z, field, labels)
    tested = fold >= 0
    parts = [("all", tested), ("clear", tested & np.array([row.sure for row in rows]))]
    parts += [(code, tested & np.array([row.language == code for row in rows])) for code in LANGUAGES]
    shown = " ".join(f"{part} {f1(truth[m], said[m]):.3f}" for part, m in parts)
    return f"{name}: {shown} theme {right['theme'][0] / right['theme'][1]:.3f} kind {right['kind'][0] / right['kind'][1]:.3f}"


def promises(x: csr_matrix, z: csr_matrix, truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what is said of the test rows, at the threshold that was best inside the training rows."""
    half = np.arange(len(truth)) % 2 == 0
    inner = LogisticRegression(C=4, max_iter=300).fit(x[half], truth[half]).predict_proba(x[~half])[:, 1]
    least = best_threshold(np.asarray(inner, np.float32), truth[~half])
    model = LogisticRegression(C=4, max_iter=300).fit(x, truth)
    return np.asarray(model.predict_proba(z)[:, 1] >= least)


def score_labels(
    right: list[int], rows: Sequence[SentenceLabel], train: NDArray[np.int64], test: NDArray[np.int64],
    x: csr_matrix, z: csr_matrix, field: str, labels: Sequence[str],
) -> None:  # fmt: skip
    """Count right labels of true promises into `right`: (right, all)."""
    inside = [n for n, i in enumerate(train) if rows[i].promise]
    outside = [n for n, i in enumerate(test) if rows[i].promise]
    target = [getattr(rows[train[n]], field) for n in inside]
    model = LogisticRegression(C=4, max_iter=300).fit(x[inside], target)
    said = model.predict(z[outside])
    right[0] += sum(s == getattr(rows[test[n]], field) for s, n in zip(said, outside, strict=True))
    right[1] += len(outside)
    assert set(target) <= set(labels)


if __name__ == "__main__":
    main()
