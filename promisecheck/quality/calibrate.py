"""Turn raw outputs on held-back texts into the encoder's card: temperatures, blends, threshold, who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promisecheck.quality.train_heads import f1, platt, sigmoid
from promisecheck.text.encoder import EncoderCard
from promisecheck.text.heads import Array, probabilities

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
_LOST = 0.001  # the F1 that may be lost by not asking the encoder about hopeless sentences
_LEAST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Hold one head's answers on held-back texts: encoder logits, cheap probabilities, the truth."""

    logits: Array
    cheap: Array | None
    truth: NDArray[np.int64]


def calibrate(heads: Mapping[str, tuple[str, ...]], held: Mapping[str, HeldBack]) -> EncoderCard:
    """Return the card that fits these held-back answers best; `held` needs the head `promise`."""
    temperatures = {name: temperature(h.logits, h.truth) for name, h in held.items()}
    blend = {
        name: blend_share(probabilities(h.logits / temperatures[name]), h.cheap, h.truth)
        for name, h in held.items()
        if h.cheap is not None
    }
    promise = held["promise"]
    assert promise.cheap is not None
    said = probabilities(promise.logits / temperatures["promise"])
    share = blend["promise"]
    odds = share * _odds(said) + (1 - share) * _odds(promise.cheap)
    truth = promise.truth.astype(bool)
    slope, shift = platt(odds, truth)
    probability = sigmoid(slope * odds + shift)
    threshold = expected_threshold(probability)
    return EncoderCard(
        heads=heads, temperatures={k: round(v, 3) for k, v in temperatures.items()}, blend=blend,
        slope=round(slope, 4), shift=round(shift, 4), threshold=threshold,
        ask_from=asked_from(promise.cheap[:, 1], probability >= threshold, truth),
    )  # fmt: skip


def temperature(logits: Array, truth: NDArray[np.int64]) -> float:
    """Return the temperature with the least log loss."""
    steps = np.exp(np.linspace(-1.0, 1.2, 45))
    losses = [log_loss(probabilities((logits / t).astype(np.float32)), truth) for t in steps]
    return float(steps[int(np.argmin(losses))])


def blend_share(said: Array, cheap: Array | None, truth: NDArray[np.int64]) -> float:
    """Return the encoder's share in a geometric blend with the least log loss."""
    if cheap is None:
        return 1.0
    losses = [log_loss(geometric(said, cheap, share), truth) for share in _SHARES]
    return _SHARES[int(np.argmin(losses))]


def geometric(said: Array, cheap: Array, share: float) -> Array:
    """Return the normalised weighted geometric mean of two sets of probabilities."""
    mixed = np.exp(share * np.log(said + _LEAST) + (1 - share) * np.log(cheap + _LEAST))
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), np.float32)


def log_loss(probability: Array, truth: NDArray[np.int64]) -> float:
    """Return the mean negative log probability of the truth."""
    return float(-np.log(probability[np.arange(len(truth)), truth] + _LEAST).mean())


def expected_threshold(probability: Array) -> float:
    """Return where the expected F1 of calibrated probabilities is highest; steadier than counting hits."""
    steps = np.arange(0.10, 0.901, 0.01)
    said = [probability >= t for t in steps]
    scores = [2 * probability[s].sum() / max(1e-6, s.sum() + probability.sum()) for s in said]
    return round(float(steps[int(np.argmax(scores))]), 2)


def asked_from(cheap: Array, said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Return the highest cheap probability below which the encoder need not be asked: F1 stays."""
    least = f1(truth, said) - _LOST
    steps = np.arange(0.20, 0.0, -0.005)
    return next((round(float(t), 3) for t in steps if f1(truth, said & (cheap >= t)) >= least), 0.0)


def _odds(two: Array) -> Array:
    return np.asarray(np.log(two[:, 1] + _LEAST) - np.log(two[:, 0] + _LEAST), np.float32)
