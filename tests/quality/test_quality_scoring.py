"""Scores, calibration and floors on numbers small enough to check by hand."""

import numpy as np
import pytest

from promisecheck.errors import ConfigError
from promisecheck.quality import check_floors, read_floors
from promisecheck.quality.calibrate import (
    asked_from,
    blend_share,
    expected_threshold,
    geometric,
    log_loss,
    temperature,
)
from promisecheck.quality.score import Answer, score
from promisecheck.quality.train_heads import best_threshold, f1, platt, sigmoid


def answers(*rows):
    return [Answer(truth=truth, said=said, group=group) for truth, said, group in rows]


def test_precision_recall_and_f1():
    made = score(
        "sentence",
        "all",
        answers((True, True, "a"), (True, False, "a"), (False, True, "b"), (True, True, "b")),
    )
    assert (made.precision, made.recall, made.f1) == (0.6667, 0.6667, 0.6667)
    assert made.low <= made.f1 <= made.high
    assert (made.rows, made.positive) == (4, 3)


def test_nothing_to_score_is_zero_and_no_error():
    assert score("sentence", "nn", []).f1 == 0.0


def test_one_group_has_no_spread():
    made = score("sentence", "all", answers((True, True, "a"), (False, True, "a")))
    assert made.low == made.high == made.f1


def test_the_threshold_lies_where_f1_is_highest():
    truth = np.array([False] * 5 + [True] * 5)
    probability = np.array([0.1, 0.1, 0.2, 0.2, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9], np.float32)
    assert 0.3 < best_threshold(probability, truth) <= 0.45
    assert f1(truth, probability >= 0.4) == 1.0


def test_the_expected_threshold_is_half_the_expected_f1():
    probability = np.array([0.02] * 60 + [0.3] * 10 + [0.45] * 10 + [0.95] * 20, np.float32)
    assert 0.30 < expected_threshold(probability) <= 0.45


def test_platt_scaling_brings_odds_to_the_observed_share():
    log_odds = np.array([-4.0] * 50 + [4.0] * 50, np.float32)
    truth = np.array([False] * 40 + [True] * 10 + [True] * 40 + [False] * 10)
    slope, shift = platt(log_odds, truth)
    assert sigmoid(slope * log_odds + shift)[[0, -1]] == pytest.approx([0.2, 0.8], abs=0.01)


def test_an_overconfident_head_is_cooled():
    logits = np.array([[4.0, 0.0]] * 10, np.float32)
    truth = np.array([0] * 7 + [1] * 3)
    assert temperature(logits, truth) > 3


def test_a_useless_cheap_head_gets_little_of_the_blend():
    said = np.array([[0.9, 0.1], [0.1, 0.9]] * 20, np.float32)
    noise = np.array([[0.1, 0.9], [0.9, 0.1]] * 20, np.float32)
    truth = np.array([0, 1] * 20)
    assert blend_share(said, noise, truth) == 1.0
    assert log_loss(geometric(said, said, 0.5), truth) == pytest.approx(log_loss(said, truth), abs=1e-4)


def test_the_encoder_is_not_asked_where_asking_finds_nothing():
    cheap = np.array([0.01] * 90 + [0.12] + [0.6] * 9, np.float32)
    truth = cheap > 0.1
    assert asked_from(cheap, truth, truth) == pytest.approx(0.12, abs=0.005)


def test_a_promise_that_only_the_encoder_sees_keeps_the_door_open():
    cheap = np.array([0.01] * 5 + [0.6] * 5, np.float32)
    assert asked_from(cheap, np.ones(10, bool), np.ones(10, bool)) <= 0.01


def one_right(path):
    return [score("sentence", "all", answers((True, True, "a")))]


def all_wrong(path):
    return [score("sentence", "all", answers((True, False, "a")))]


@pytest.mark.parametrize(
    ("evaluate", "floor", "holds", "now"),
    [(one_right, 0.9, True, 1.0), (one_right, 1.0, True, 1.0), (all_wrong, 0.5, False, 0.0)],
)
def test_a_floor_holds_at_its_value_and_above(tmp_path, evaluate, floor, holds, now):
    (tmp_path / "da.jsonl").write_text("", encoding="utf-8")
    check = next(check_floors({"da.jsonl": {"sentence all f1": floor}}, tmp_path, evaluate))
    assert (check.holds, check.now) == (holds, now)


def test_a_file_that_is_not_here_is_said_to_be_unchecked(tmp_path):
    check = next(check_floors({"da.jsonl": {"sentence all f1": 0.9}}, tmp_path, one_right))
    assert check.holds
    assert check.now is None


def test_a_figure_that_does_not_exist_is_refused(tmp_path):
    (tmp_path / "da.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="no such figure"):
        list(check_floors({"da.jsonl": {"sentence xx f1": 0.9}}, tmp_path, one_right))


def test_floors_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "floors.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot read the floors"):
        read_floors(tmp_path / "floors.json")
