"""Fit the weights of matching on labelled pairs, and show what they reach on promises held back.

    python bench/fit_match.py DATA… [--read]

DATA are folders or files of labelled pairs with the texts that they name (corpora/train/README.md). Without --read
the words alone are weighed; with it the trained readings and their pair head too, and only pairs are used whose
promise or incident the shipped encoder has not learned. Prints precision and recall by threshold, out of fold by
promise, then the weights for match/policy.py. Pairs labelled by hand weigh three times those labelled by id.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from promisecheck.match.claim import Claim, claim_of_text
from promisecheck.match.judge import facts_of
from promisecheck.match.policy import ASKED
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import weigh
from promisecheck.match.signals import read_incident
from promisecheck.quality.labelled import Labelled, PairLabel, fold_of, read_labelled
from promisecheck.text import Readings, load_readings

OUTCOMES = ("breaks", "keeps", "silent")
NAMES = (
    "bias", "broken", "kept", "mood", "general", "general_mood", "limit", "limit_broken", "limit_kept",
    "themed_broken", "themed_kept", "within", "pair_breaks", "pair_keeps",
)  # fmt: skip
# Lapses of these themes say nothing of a promise of the theme.
FAR = {
    "price": {"speed", "availability", "personal", "quality", "information"},
    "transparency": {"speed", "availability", "quality", "personal"},
    "speed": {"price", "quality", "transparency"},
    "availability": {"price", "quality", "transparency"},
    "information": {"price", "quality", "availability"},
    "ease": {"price", "quality", "information"},
    "reliability": {"price", "personal"},
    "personal": {"price", "quality"},
    "quality": {"price", "availability"},
    "safety": {"price", "speed", "availability", "personal", "information", "transparency", "ease", "guarantee"},
    "sustainability": {"price", "speed", "availability", "personal", "information", "transparency", "ease", "reliability"},
}  # fmt: skip
# Values that nearly any lapse speaks against.
BROAD = ("personal", "quality", "reliability", "ease", "safety")
FOLDS, TENTHS, HELD, BY_HAND, FIRMNESS = 5, 10, 0, 3.0, 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--read", action="store_true")
    chosen = parser.parse_args()
    labelled = read_labelled(chosen.data)
    pairs = list(labelled.pairs)
    if chosen.read:
        pairs = [p for p in pairs if HELD in (fold_of(p.source, TENTHS), fold_of(p.promise, TENTHS))]
    pairs += unrelated(labelled, most=len(pairs) // 2)
    facts, numbers, seen = features(pairs, load_readings(semantic=True) if chosen.read else None)
    labels = np.array([OUTCOMES.index(p.outcome) for p in pairs])
    hand = np.array(["+" not in p.id for p in pairs])
    drawn = np.array([p.id.startswith("drawn+") for p in pairs])
    weights = np.array([1.0 if p.sure else 0.5 for p in pairs]) * np.where(hand, BY_HAND, 1.0)
    said = out_of_fold(facts, labels, weights, pairs)
    show("by hand", said[hand], numbers[hand], labels[hand], seen[hand])
    by_id = ~hand & ~drawn
    show("by id", said[by_id], numbers[by_id], labels[by_id], seen[by_id])
    show_unrelated(said[drawn], numbers[drawn])
    model = LogisticRegression(C=FIRMNESS, max_iter=2000).fit(facts, labels, sample_weight=weights)
    for n, name in ((0, "BREAKS"), (1, "KEEPS")):
        values = [model.intercept_[n] - model.intercept_[2], *(model.coef_[n] - model.coef_[2])]
        print(name, ", ".join(f"{key}={value:.2f}" for key, value in zip(NAMES, values, strict=False)))


def unrelated(labelled: Labelled, most: int) -> list[PairLabel]:
    """Return pairs of a promise and an incident that are of far themes by their labels, both held back.

    Labelled pairs are nearly all about the same thing; in a log most are not.
    """
    lapses: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for passage in labelled.passages:
        if fold_of(passage.source, TENTHS) == HELD:
            texts[passage.source] = passage.whole
            lapses.setdefault(passage.source, set()).update(
                {passage.theme} if passage.status == "broken" else ()
            )
    promises = [
        s for s in labelled.sentences
        if s.promise and s.sure and s.theme in FAR and fold_of(s.text, TENTHS) == HELD
        and (s.kind != "value" or s.theme not in BROAD) and (s.again is None or s.again[2] == s.theme)
    ]  # fmt: skip
    pairs = [
        PairLabel(
            id=f"drawn+{promise.id}+{source}", promise=promise.text, incident=texts[source], source=source,
            outcome="silent", theme=promise.theme, sure=False,
        )
        for promise in promises
        for source, themes in lapses.items()
        if themes and themes <= FAR[promise.theme]
    ]  # fmt: skip
    return sorted(pairs, key=lambda pair: fold_of(pair.id, 1 << 30))[:most]


def features(
    pairs: Sequence[PairLabel], readings: Readings | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return facts (pairs, one a weight), what numbers say (-1 broken, 1 kept), and how strongly the theme is met."""
    claims: dict[str, Claim] = {}
    incidents: dict[str, IncidentReading] = {}
    heard = (
        [None] * len(pairs)
        if readings is None
        else readings.read_pairs([(p.promise, p.incident) for p in pairs])
    )
    found, numbers, seen = [], [], []
    for pair, said in zip(pairs, heard, strict=True):
        if pair.promise not in claims:
            claims[pair.promise] = claim_of_text(pair.promise, "", readings)
        if pair.incident not in incidents:
            incidents[pair.incident] = read_incident(pair.incident, "", readings, ASKED)
        evidence = weigh(claims[pair.promise], incidents[pair.incident])
        columns = facts_of(claims[pair.promise], evidence, said).columns()
        found.append(columns if readings is not None else columns[:-2])
        numbers.append(evidence.number)
        seen.append(evidence.broken)
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


def show_unrelated(said: np.ndarray, numbers: np.ndarray) -> None:
    """Print how many of a thousand unrelated pairs are taken for a broken promise."""
    for least in (0.5, 0.55, 0.6, 0.65, 0.7):
        wrong = ((said[:, 0] >= least) & (said[:, 0] >= said[:, 1])) | (numbers < 0)
        print(f"  unrelated, breaks from {least:.2f}: {1000 * wrong.mean():.0f} of 1,000 ({len(said)} pairs)")


def f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (truth & said).sum() / max(1, truth.sum() + said.sum()))


if __name__ == "__main__":
    main()
