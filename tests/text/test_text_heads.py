"""The shipped cheap heads, and linear heads of a few weights."""

import numpy as np
import pytest

from promisecheck.text import SentenceContext, load_readings
from promisecheck.text.features import SIZE
from promisecheck.text.heads import LinearHeads, load_cheap, pair_facts, save_cheap

CHEAP = load_readings(semantic=False)


def read(text: str) -> float:
    return CHEAP.read_sentences([SentenceContext(text=text)])[0].promise


@pytest.mark.parametrize(
    "text",
    [
        "Vi svarer på alle henvendelser inden for 24 timer.",
        "Du får pengene tilbage, hvis du ikke er tilfreds.",
        "Vi svarar alltid samma dag.",
        "Fri frakt på alla beställningar.",
        "Vi garanterer rask levering til hele landet.",
        "We always reply within 24 hours.",
    ],
)
def test_plain_promises_are_found(text):
    assert read(text) >= CHEAP.threshold


@pytest.mark.parametrize(
    "text", ["Om os", "Kontakt", "Menu", "Åpningstider", "Read more", "1. Definitioner", ""]
)
def test_labels_without_content_are_not(text):
    assert read(text) < CHEAP.threshold


def test_each_reading_sums_to_one_and_keeps_the_order():
    texts = ["Hej", "Vi ringer altid tilbage samme dag.", "Om os"]
    readings = CHEAP.read_sentences([SentenceContext(text=t) for t in texts])
    for reading in readings:
        assert sum(reading.kinds.values()) == pytest.approx(1, abs=1e-5)
        assert sum(reading.themes.values()) == pytest.approx(1, abs=1e-5)
    assert max(range(3), key=lambda n: readings[n].promise) == 1


def test_a_batch_reads_as_one_by_one():
    texts = [f"Vi leverer inden for {n} dage, ring til os" for n in range(700)]
    together = CHEAP.read_sentences([SentenceContext(text=t) for t in texts])
    assert together[699].promise == pytest.approx(read(texts[699]), abs=1e-5)


def test_nothing_in_nothing_out():
    assert CHEAP.read_sentences([]) == []
    assert CHEAP.read_passages([], []) == []
    assert CHEAP.read_pairs([]) == []


def test_pairs_sum_to_one():
    reading = CHEAP.read_pairs([("Vi svarer inden for 24 timer.", "Jeg har ventet i tre uger. Intet svar.")])[
        0
    ]
    assert reading.breaks + reading.keeps + reading.silent == pytest.approx(1, abs=1e-5)


def test_weights_written_and_read_again_say_the_same(tmp_path):
    save_cheap(tmp_path, CHEAP)
    again = load_cheap(tmp_path)
    save_cheap(tmp_path / "second", again)
    assert (tmp_path / "cheap.npz").read_bytes() == (tmp_path / "second" / "cheap.npz").read_bytes()
    text = "Vi ringer altid tilbage."
    assert again.promise_logits([text])[0] == pytest.approx(CHEAP.promise_logits([text])[0], abs=0.05)


def test_heads_without_a_known_column_answer_with_their_bias():
    heads = LinearHeads(
        columns=np.array([SIZE - 1]),
        idf=np.ones(1, np.float32),
        weights=np.zeros((1, 2), np.float32),
        bias=np.array([0.5, -0.5], np.float32),
        heads={"promise": ("no", "yes")},
    )
    assert heads.logits(["a", "b"]).tolist() == [[0.5, -0.5], [0.5, -0.5]]


def test_pair_facts_look_for_the_promised_theme():
    themes = np.array([[1.0, 0.0]], np.float32)
    statuses = np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1]], np.float32)
    about = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    elsewhere = np.array([[0.0, 1.0], [0.0, 1.0]], np.float32)
    owner = np.array([0, 0])
    near = pair_facts(themes, statuses, about, owner, 1)
    far = pair_facts(themes, statuses, elsewhere, owner, 1)
    assert near.shape == (1, 8)
    assert near[0, 2] == pytest.approx(0.9)
    assert far[0, 2] == 0.0
