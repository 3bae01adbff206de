"""Fit the weights of matching on labelled pairs, and show what they reach on promises and incidents held back.

    python bench/fit_match.py PAIRS.jsonl…

Each line holds promise, promise_language, incident, incident_language, label (contradicts, supports, neutral).
Prints precision and recall of "breaks" by threshold, out of fold by promise and by incident, then the weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from promisecheck.match.claim import Claim, claim_of_text
from promisecheck.match.reading import IncidentReading
from promisecheck.match.signal import weigh
from promisecheck.match.signals import read_incident

LABELS = ("contradicts", "supports", "neutral")
NAMES = (
    "bias", "broken", "kept", "mood", "general", "general_mood", "limit", "limit_broken", "limit_kept",
)  # fmt: skip
FOLDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    pairs = [row for path in parser.parse_args().files for row in rows(path)]
    facts, numbers = features(pairs)
    labels = np.array([LABELS.index(row["label"]) for row in pairs])
    weights = np.array([0.5 if row.get("sure") is False else 1.0 for row in pairs])
    show(out_of_fold(facts, labels, weights, pairs), numbers, labels)
    model = LogisticRegression(max_iter=300).fit(facts, labels, sample_weight=weights)
    for n, name in ((0, "BREAKS"), (1, "KEEPS")):
        values = [model.intercept_[n] - model.intercept_[2], *(model.coef_[n] - model.coef_[2])]
        print(name, ", ".join(f"{key}={value:.2f}" for key, value in zip(NAMES, values, strict=True)))


def rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def features(pairs: Sequence[dict[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    claims: dict[str, Claim] = {}
    incidents: dict[str, IncidentReading] = {}
    found, numbers = [], []
    for row in pairs:
        promise, incident = row["promise"], row["incident"]
        if promise not in claims:
            claims[promise] = claim_of_text(promise, row.get("promise_language", ""), None)
        if incident not in incidents:
            incidents[incident] = read_incident(incident, row.get("incident_language", ""), None)
        claim = claims[promise]
        evidence = weigh(claim, incidents[incident])
        general, limit = float(claim.general), float(claim.limit is not None)
        found.append([
            evidence.broken, evidence.kept, evidence.mood, general, general * evidence.mood,
            limit, limit * evidence.broken, limit * evidence.kept,
        ])  # fmt: skip
        numbers.append(evidence.number)
    return np.array(found), np.array(numbers)


def out_of_fold(
    facts: np.ndarray, labels: np.ndarray, weights: np.ndarray, pairs: Sequence[dict[str, str]]
) -> np.ndarray:
    """Return probabilities from models that saw neither the promise nor the incident of the pair."""
    promise = np.array([fold(row["promise"]) for row in pairs])
    incident = np.array([fold(row["incident"]) for row in pairs])
    said = np.zeros((len(pairs), len(LABELS)))
    for a in range(FOLDS):
        for b in range(FOLDS):
            held = (promise == a) & (incident == b)
            seen = (promise != a) & (incident != b)
            if held.any():
                model = LogisticRegression(max_iter=300)
                said[held] = model.fit(facts[seen], labels[seen], sample_weight=weights[seen]).predict_proba(
                    facts[held]
                )
    return said


def fold(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


def show(said: np.ndarray, numbers: np.ndarray, labels: np.ndarray) -> None:
    for least in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
        breaks = ((said[:, 0] >= least) & (said[:, 0] >= said[:, 1])) | (numbers < 0)
        right = (breaks & (labels == 0)).sum()
        wrong = (breaks & (labels == 1)).sum()
        print(
            f"breaks from {least:.2f}: p {right / max(1, breaks.sum()):.3f} r {right / (labels == 0).sum():.3f}, "
            f"{wrong} supports called breaks, n {len(labels)}"
        )


if __name__ == "__main__":
    main()
