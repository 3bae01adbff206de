"""Precision, recall and F1 with bootstrap intervals: the only arithmetic of an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 500
SEED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hold one yes/no answer with its truth; `group` is what is drawn as a whole (a company, a source)."""

    truth: bool
    said: bool
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Hold one line of an evaluation: of which task and part, the figures, the 95 % interval of F1."""

    task: str
    part: str
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    rows: int
    positive: int


def score(task: str, part: str, answers: Iterable[Answer]) -> Score:
    """Return the figures of these answers; groups are drawn with replacement for the interval."""
    rows = list(answers)
    groups = sorted({a.group for a in rows})
    place = {group: n for n, group in enumerate(groups)}
    table = np.zeros((max(1, len(groups)), 3), np.int64)  # found, said, true
    for a in rows:
        table[place[a.group]] += (a.truth and a.said, a.said, a.truth)
    both, said, true = (int(v) for v in table.sum(axis=0))
    low, high = _interval(table)
    return Score(
        task=task, part=part, precision=round(both / max(1, said), 4), recall=round(both / max(1, true), 4),
        f1=round(2 * both / max(1, said + true), 4), low=low, high=high, rows=len(rows), positive=true,
    )  # fmt: skip


def _interval(table: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    drawn = table[rng.integers(0, len(table), (DRAWS, len(table)))].sum(axis=1)
    values = 2 * drawn[:, 0] / np.maximum(1, drawn[:, 1] + drawn[:, 2])
    low, high = np.quantile(values, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def best_of(named: Sequence[tuple[str, float]]) -> str:
    """Return the name with the highest value, the first of equals."""
    return max(named, key=lambda pair: pair[1])[0]
