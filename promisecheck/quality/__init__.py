"""Train the heads, score them, pin floors."""

from promisecheck.quality.evaluate import evaluate
from promisecheck.quality.floors import FloorCheck, check_floors, read_floors
from promisecheck.quality.labelled import Labelled, read_labelled
from promisecheck.quality.score import Score
from promisecheck.quality.train_heads import train_heads

__all__ = [
    "FloorCheck",
    "Labelled",
    "Score",
    "check_floors",
    "evaluate",
    "read_floors",
    "read_labelled",
    "train_heads",
]
