"""The shipped readings stay above the pinned floors, on our own corpora and on real files where they are."""

import os
from pathlib import Path

import pytest

from promisecheck.quality import check_floors, evaluate, read_floors
from promisecheck.text import load_readings

CORPORA = Path(__file__).parents[2] / "corpora"
FLOORS = read_floors(CORPORA / "floors.json")
REAL = os.environ.get("PROMISECHECK_REAL_DATA", "")


def shipped(path):
    return evaluate([path], load_readings())


@pytest.mark.parametrize("file", sorted(FLOORS["corpora"]))
def test_our_own_texts(file):
    below = [c for c in check_floors({file: FLOORS["corpora"][file]}, CORPORA, shipped) if not c.holds]
    assert below == []


@pytest.mark.skipif(not REAL, reason="PROMISECHECK_REAL_DATA names no folder")
@pytest.mark.parametrize("file", sorted(FLOORS["real"]))
def test_real_texts(file):
    below = [c for c in check_floors({file: FLOORS["real"][file]}, Path(REAL), shipped) if not c.holds]
    assert below == []
