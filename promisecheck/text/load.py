"""Find the shipped weights and open the best readings that this machine can run."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from promisecheck.errors import UsageError
from promisecheck.text.cascade import EncoderReadings
from promisecheck.text.encoder import encoder_here
from promisecheck.text.heads import CheapReadings, load_cheap
from promisecheck.text.readings import Readings

WEIGHTS = Path(__file__).parent / "weights"


@lru_cache(maxsize=4)
def load_readings(semantic: bool | None = None, weights: Path = WEIGHTS) -> Readings:
    """Return the readings of these weights; loaded once a process.

    semantic: None takes the encoder where onnxruntime and its weights are there, True insists on it
    (UsageError where they are not), False keeps to the cheap heads.
    """
    cheap = _cheap(weights)
    if semantic is False:
        return cheap
    if encoder_here(weights):
        return EncoderReadings.open(cheap, weights)
    if semantic:
        raise UsageError(
            "the encoder cannot run here", where=str(weights), do="install onnxruntime and tokenizers"
        )
    return cheap


@lru_cache(maxsize=4)
def _cheap(weights: Path) -> CheapReadings:
    if not (weights / "cheap.npz").is_file():
        raise UsageError("the trained weights are missing", where=str(weights), do="run promisecheck train")
    return load_cheap(weights)
