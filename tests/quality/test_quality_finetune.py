"""Fine-tuning, trimming and export on a base of a few thousand weights; needs the train extra."""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from promisecheck.quality.base_weights import BaseWeights  # noqa: E402
from promisecheck.quality.finetune import Example, Settings, batches, fine_tune, predict, schedule  # noqa: E402
from promisecheck.quality.trim import choose_pieces, trim, whole_pieces  # noqa: E402
from promisecheck.quality.trunk import Trunk  # noqa: E402

HIDDEN, WIDE, LAYERS = 32, 64, 2
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁vi", "▁svarer", "▁kontakt", "▁", "v", "i", "漢")


def tiny_base() -> BaseWeights:
    rng = np.random.default_rng(1)

    def some(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.1, shape).astype(np.float32)

    tensors = {"emb.pos": some(256 * HIDDEN), "emb.type": some(2 * HIDDEN)}
    tensors |= {"emb.ln.w": np.ones(HIDDEN, np.float32), "emb.ln.b": np.zeros(HIDDEN, np.float32)}
    for n in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            tensors |= {f"l{n}.{part}.w": some(HIDDEN, HIDDEN), f"l{n}.{part}.b": some(HIDDEN)}
        tensors |= {f"l{n}.fi.w": some(WIDE, HIDDEN), f"l{n}.fi.b": some(WIDE)}
        tensors |= {f"l{n}.fo.w": some(HIDDEN, WIDE), f"l{n}.fo.b": some(HIDDEN)}
        for norm in ("aln", "oln"):
            tensors |= {
                f"l{n}.{norm}.w": np.ones(HIDDEN, np.float32),
                f"l{n}.{norm}.b": np.zeros(HIDDEN, np.float32),
            }
    words = np.zeros((len(PIECES), 1), [("scale", "<f2"), ("nibbles", "u1", 16)])
    words["scale"] = 0.1
    words["nibbles"] = rng.integers(0, 256, (len(PIECES), 1, 16))
    return BaseWeights(
        hidden=HIDDEN, layers=LAYERS, heads=2, feed_forward=WIDE, positions=256, epsilon=1e-12, pieces=PIECES,
        piece_scores=np.array([0, 0, 0, 0, -1, -1, -1, -2, -3, -3, -3], np.float32),
        special={"bos": 0, "pad": 1, "eos": 2, "unknown": 3}, code_points={0xA0: " "}, tensors=tensors, words=words,
    )  # fmt: skip


def test_only_pieces_that_texts_or_forms_use_are_kept():
    whole = whole_pieces(tiny_base())
    kept = choose_pieces(whole, ["vi svarer"], [], [["kontakt", "kontakt"]], most=20)
    names = {PIECES[i] for i in kept}
    assert {"▁vi", "▁svarer", "▁kontakt", "v", "i"} <= names
    assert "漢" not in names


def test_the_cap_spares_what_training_texts_use():
    whole = whole_pieces(tiny_base())
    kept = choose_pieces(whole, ["vi svarer"], ["kontakt"], [], most=1)
    assert {"▁vi", "▁svarer"} <= {PIECES[i] for i in kept}
    assert "▁kontakt" not in {PIECES[i] for i in kept}


def test_trimmed_pieces_keep_their_vectors():
    base = tiny_base()
    pieces, words = trim(base, [4, 6])
    assert [p for p, _ in pieces.pieces] == ["<pad>", "<s>", "</s>", "<unk>", "▁vi", "▁kontakt"]
    assert np.array_equal(words[5], base.word_rows(np.array([6]))[0])


def test_a_head_learns_two_kinds_of_text_and_padding_changes_nothing():
    base = tiny_base()
    net = Trunk(base, base.word_rows(np.arange(len(PIECES))), {"promise": 2})
    examples = [
        Example(ids=(1, 4, 5, 2), targets={"promise": 1}),
        Example(ids=(1, 6, 2), targets={"promise": 0}),
    ] * 30
    settings = Settings(epochs=4, batch_tokens=64, rate=1e-3, head_rate=1e-2, frozen_layers=0)
    fine_tune(net, lambda epoch, rng: [examples], settings, lambda said: None)
    logits = predict(net, [(1, 4, 5, 2), (1, 6, 2)], "promise")
    assert logits[0, 1] > logits[0, 0]
    assert logits[1, 0] > logits[1, 1]
    alone = predict(net, [(1, 6, 2)], "promise")
    assert logits[1] == pytest.approx(alone[0], abs=0.05)


def test_frozen_layers_stay_as_they_were():
    base = tiny_base()
    net = Trunk(base, base.word_rows(np.arange(len(PIECES))), {"promise": 2})
    before = net.layers[0].qkv.weight.detach().clone()
    fine_tune(
        net, lambda epoch, rng: [[Example(ids=(1, 4, 2), targets={"promise": 1})] * 8],
        Settings(epochs=1, frozen_layers=1), lambda said: None,
    )  # fmt: skip
    assert torch.equal(before, net.layers[0].qkv.weight)


def test_batches_hold_every_example_once_and_stay_small():
    examples = [Example(ids=tuple(range(n)), targets={}) for n in range(1, 40)]
    made = batches(examples, 64, random.Random(1))
    assert sorted(len(e.ids) for batch in made for e in batch) == list(range(1, 40))
    assert all(
        len(batch) == 1 or max(len(e.ids) for e in batch) * len(batch) <= 64 + 4 * len(batch)
        for batch in made
    )


def test_the_rate_rises_then_falls():
    rates = [schedule(step, 100, 0.1) for step in range(100)]
    assert rates[0] < rates[9] == max(rates)
    assert rates[-1] < 0.03
