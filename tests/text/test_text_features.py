"""Hashing depends on the text alone, whatever stands beside it in a batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.text.features import CHARACTERS, SHAPE, SIZE, WORDS, hash_texts


def columns(texts: list[str], row: int, group: int | None = None) -> list[int]:
    hashed = hash_texts(texts)
    mask = hashed.rows == row
    if group is not None:
        mask &= hashed.groups == group
    return sorted(hashed.columns[mask].tolist())


def test_a_text_has_the_same_features_alone_and_in_a_batch():
    alone = columns(["Vi svarer inden for 24 timer."], 0)
    beside = columns(["", "Kontakt os", "Vi svarer inden for 24 timer.", "x" * 300], 2)
    assert alone == beside


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Svar inden 24 timer", "svar inden 48 timer"),  # case and the value of digits say nothing
        ("fri   frakt\n", "fri frakt"),
    ],
)
def test_texts_that_read_alike_share_their_word_features(left, right):
    assert columns([left], 0, WORDS) == columns([right], 0, WORDS)


def test_word_order_shows_in_the_pairs_only():
    one, two = set(columns(["aldrig vent"], 0, WORDS)), set(columns(["vent aldrig"], 0, WORDS))
    assert len(one & two) == 2
    assert len(one - two) == len(two - one) == 1


def test_an_empty_text_has_a_shape_and_no_word():
    groups = set(hash_texts([""]).groups.tolist())
    assert SHAPE in groups
    assert WORDS not in groups


def test_groups_of_a_row_have_the_length_their_share_says():
    hashed = hash_texts(["Gratis levering til hele landet", "Hej"])
    values = hashed.weighed(np.ones(SIZE, np.float32), (1.0, 0.5, 0.3))
    for row in (0, 1):
        characters = values[(hashed.rows == row) & (hashed.groups == CHARACTERS)]
        words = values[(hashed.rows == row) & (hashed.groups == WORDS)]
        assert np.sum(characters**2) == pytest.approx(1.0, rel=1e-4)
        assert np.sum(words**2) == pytest.approx(0.25, rel=1e-4)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_can_be_hashed(texts):
    hashed = hash_texts(["x", *texts])
    assert hashed.count == len(texts) + 1
    assert hashed.columns.max() < SIZE
    assert (np.diff(hashed.rows) >= 0).all()
