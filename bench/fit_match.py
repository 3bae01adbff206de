"""Fit the weights of matching on labelled pairs, and show what they reach on promises held back.

    python bench/fit_match.py DATA… [--read]

DATA are folders or files of labelled pairs with the texts that they name (corpora/train/README.md). Without --read
the words alone are weighed; with it the trained readings and their pair head too, and only pairs are used whose
promise or incident the shipped encoder has not learned. Prints precision and recall by threshold, out of fold by
promise, then the weights for match/policy.py. Pairs labelled by hand weigh three times those labelled by id.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from promisecheck.match.claim import Claim, claim_of_text
from promisecheck.match.policy import ASKED
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import weigh
from promisecheck.match.signals import read_incident
from promisecheck.quality.labelled import PairLabel, fold_of, read_labelled
from promisecheck.text import Readings, load_readings

OUTCOMES = ("breaks", "keeps", "silent")
NAMES = (
    "bias", "broken", "kept", "mood", "general", "general_mood", "limit", "limit_broken", "limit_kept",
    "pair_breaks", "pair_keeps",
)  # fmt: skip
FOLDS, TENTHS, HELD, BY_HAND, FIRMNESS = 5, 10, 0, 3.0, 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--read", action="store_true")
    chosen = parser.parse_args()
    pairs = list(read_labelled(chosen.data).pairs)
    if chosen.read:
        pairs = [p for p in pairs if HELD in (fold_of(p.source, TENTHS), fold_of(p.promise, TENTHS))]
    facts, numbers, seen = features(pairs, load_readings(semantic=True) if chosen.read else None)
    labels = np.array([OUTCOMES.index(p.outcome) for p in pairs])
    hand = np.array(["+" not in p.id for p in pairs])
    weights = np.array([1.0 if p.sure else 0.5 for p in pairs]) * np.where(hand, BY_HAND, 1.0)
    said = out_of_fold(facts, labels, weights, pairs)
    show("by hand", said[hand], numbers[hand], labels[hand], seen[hand])
    show("by id", said[~hand], numbers[~hand], labels[~hand], seen[~hand])
    model = LogisticRegression(C=FIRMNESS, max_iter=2000).fit(facts, labels, sample_weight=weights)
    for n, name in ((0, "BREAKS"), (1, "KEEPS")):
        values = [model.intercept_[n] - model.intercept_[2], *(model.coef_[n] - model.coef_[2])]
        print(name, ", ".join(f"{key}={value:.2f}" for key, value in zip(NAMES, values, strict=False)))


def features(
    pairs: Sequence[PairLabel], readings: Readings | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return facts (pairs, 8 or 10), what numbers say (-1 broken, 1 kept), and how strongly the theme is met."""
    claims: dict[str, Claim] = {}
    incidents: dict[str, IncidentReading] = {}
    found, numbers, seen = [], [], []
    for pair in pairs:
        if pair.promise not in claims:
            claims[pair.promise] = claim_of_text(pair.promise, "", readings)
        if pair.incident not in incidents:
            incidents[pair.incident] = read_incident(pair.incident, "", readings, ASKED)
        claim = claims[pair.promise]
        evidence = weigh(claim, incidents[pair.incident])
        general, limit = float(claim.general), float(claim.limit is not None)
        found.append([
            evidence.broken, evidence.kept, evidence.mood, general, general * evidence.mood,
            limit, limit * evidence.broken, limit * evidence.kept,
        ])  # fmt: skip
        numbers.append(evidence.number)
        seen.append(evidence.broken)
    if readings is not None:
        said = readings.read_pairs([(p.promise, p.incident) for p in pairs])
        for row, s in zip(found, said, strict=True):
            silent = max(s.silent, 1e-4)
            row += [math.log(max(s.breaks, 1e-4) / silent), math.log(max(s.keeps, 1e-4) / silent)]
    return np.array(found), np.array(numbers), np.array(seen)


def out_of_fold(
    facts: np.ndarray, labels: np.ndarray, weights: np.ndarray, pairs: Sequence[PairLabel]
) -> np.ndarray:
    """Return probabilities from models that did not see the promise of the pair."""
    fold = np.array([fold_of(p.promise, FOLDS) for p in pairs])
    said = np.zeros((len(pairs), len(OUTCOMES)))
    for k in range(FOLDS):
        model = LogisticRegression(C=FIRMNESS, max_iter=2000)
        model.fit(facts[fold != k], labels[fold != k], sample_weight=weights[fold != k])
        said[fold == k] = model.predict_proba(facts[fold == k])
    return said


def show(part: str, said: np.ndarray, numbers: np.ndarray, labels: np.ndarray, seen: np.ndarray) -> None:
    """Print macro F1 and, by threshold, what is said to be broken and kept."""
    top = said.argmax(axis=1)
    shares = [f1(labels == n, top == n) for n in range(3)]
    print(
        f"{part}: {len(labels)} pairs, F1 {' '.join(f'{s:.3f}' for s in shares)}, macro {np.mean(shares):.3f}"
    )
    for n, name, steps in ((0, "breaks", (0.4, 0.5, 0.55, 0.6, 0.7)), (1, "keeps", (0.35, 0.4, 0.45, 0.5))):
        for least in steps:
            chosen = (said[:, n] >= least) & (said[:, n] >= said[:, 1 - n])
            right, opposite = (chosen & (labels == n)).sum(), (chosen & (labels == 1 - n)).sum()
            print(
                f"  {name} from {least:.2f}: p {right / max(1, chosen.sum()):.3f} "
                f"r {right / max(1, (labels == n).sum()):.3f}, {opposite} of the opposite"
            )
    for least in (0.6, 0.7, 0.75, 0.8):
        unseen = (said[:, 0] >= least) & (seen < ASKED.touch_min) & (numbers >= 0)
        print(
            f"  breaks without a signal from {least:.2f}: {unseen.sum()}, right {(unseen & (labels == 0)).sum()}"
        )
    print(f"  numbers broken: {(numbers < 0).sum()}, right {((numbers < 0) & (labels == 0)).sum()}")


def f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (truth & said).sum() / max(1, truth.sum() + said.sum()))


if __name__ == "__main__":
    main()
