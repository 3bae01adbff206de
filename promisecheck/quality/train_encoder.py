"""Train the encoder from folders of labelled texts: trim, fine-tune, calibrate on held-back texts, export."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from promisecheck.model import THEMES
from promisecheck.quality.base_weights import BaseWeights, read_base
from promisecheck.quality.calibrate import HeldBack, calibrate
from promisecheck.quality.export import export
from promisecheck.quality.finetune import Example, Settings, fine_tune, pooled_vectors, predict
from promisecheck.quality.labelled import (
    Labelled,
    PairLabel,
    PassageLabel,
    SentenceLabel,
    fold_of,
    read_labelled,
)
from promisecheck.quality.train_heads import KINDS, STATUSES, UNSURE, fit_readings
from promisecheck.quality.trim import choose_pieces, dictionary_forms, trim, whole_pieces
from promisecheck.quality.trunk import Trunk
from promisecheck.text.encoder import LONGEST_PAIR, LONGEST_TEXT, EncoderCard
from promisecheck.text.heads import OUTCOMES, Array
from promisecheck.text.pieces import Pieces

TOPICS = (*THEMES, "guarantee", "none")
INFERENCE = ("contradiction", "entailment", "neutral")
MOST_PIECES = 38_000
TRAINED_PAIR = 128  # ids of a pair while training; longer ones are cut
HELD, TENTHS = 0, 10  # this tenth of companies, incidents and promises is never learned; it makes the card
Tell = Callable[[str], None]


_SETTINGS = Settings(epochs=5, batch_tokens=768)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold what a training run needs beside its data."""

    settings: Settings = _SETTINGS
    inference_rows: int = 1500
    pairs_an_epoch: int = 2500
    """Real pairs labelled by id that are drawn for an epoch, beside all those labelled by hand."""
    written_an_epoch: int = 1500
    """Written pairs, and as many written passages, that are drawn for an epoch."""
    seed: int = 7


def train_encoder(
    folders: Iterable[Path],
    out: Path,
    *,
    written: Iterable[Path] = (),
    inference: Path | None = None,
    others: Iterable[Path] = (),
    plan: Plan | None = None,
    tell: Tell = lambda said: None,
) -> EncoderCard:
    """Write encoder.onnx, encoder.json and pieces.json to `out` and return the card.

    folders: real texts. written: folders of texts written for the purpose; of their sentences only kind and theme
    are learned, since written pages hold another share of promises than real ones.
    inference: JSON lines with premise, hypothesis, label (an intermediate step for the pair head).
    others: files of further texts, a line each, that help to choose the pieces.
    A tenth of companies, incidents and promises is kept from training; the card (temperatures, blends,
    threshold) is measured on it.
    """  # fmt: skip
    plan = plan or Plan()
    labelled, extra = read_labelled(folders), read_labelled(written)
    base = read_base()
    pieces, words = trim(base, _kept(base, labelled, inference, others))
    out.mkdir(parents=True, exist_ok=True)
    pieces.save(out / "pieces.json")
    heads = head_labels(labelled)
    torch.manual_seed(plan.seed)
    net = Trunk(base, words, {name: len(labels) for name, labels in heads.items()})
    sample = random.Random(plan.seed).sample(labelled.sentences, min(400, len(labelled.sentences)))
    net.standardise(pooled_vectors(net, pieces.encode([s.text for s in sample], LONGEST_TEXT)))
    learn_inference(net, pieces, inference, plan, tell)
    learn(net, pieces, heads, seen_by(labelled), extra, plan, tell, lambda epoch: _keep(net, out))
    card = card_from(net, pieces, heads, labelled, extra.sentences)
    export(net, out / "encoder.onnx")
    card.save(out / "encoder.json")
    return card


def _keep(net: Trunk, out: Path) -> None:
    """Write the weights beside the rest, so that a run that is cut off has not learned in vain."""
    torch.save(net.state_dict(), out / "trunk.pt")


def head_labels(labelled: Labelled) -> dict[str, tuple[str, ...]]:
    """Return the labels of every head, in the order of the outputs."""
    codes = tuple(sorted({p.code for p in labelled.passages} | {"none"}))
    return {
        "promise": ("no", "yes"), "kind": KINDS, "theme": THEMES, "status": STATUSES, "topic": TOPICS,
        "code": codes, "pair": OUTCOMES,
    }  # fmt: skip


def _held(group: str) -> bool:
    return fold_of(group, TENTHS) == HELD


def seen_by(labelled: Labelled) -> Labelled:
    """Return the rows whose company, source and promise are outside the held-back tenth."""
    return Labelled(
        sentences=tuple(s for s in labelled.sentences if not _held(s.company)),
        passages=tuple(p for p in labelled.passages if not _held(p.source)),
        pairs=tuple(p for p in labelled.pairs if not _held(p.source) and not _held(p.promise)),
    )


def held_by(labelled: Labelled) -> Labelled:
    """Return the rows that stay unseen; pairs count where the incident is unseen and the promise is, too,
    or was written for the purpose."""
    return Labelled(
        sentences=tuple(s for s in labelled.sentences if _held(s.company)),
        passages=tuple(p for p in labelled.passages if _held(p.source)),
        pairs=tuple(p for p in labelled.pairs if _held(p.source) and (_held(p.promise) or "+" not in p.id)),
    )


def _kept(base: BaseWeights, labelled: Labelled, inference: Path | None, others: Iterable[Path]) -> list[int]:
    training = {t for s in labelled.sentences for t in (s.text, s.before, s.after)}
    training |= {p.whole for p in labelled.passages} | {
        t for p in labelled.pairs for t in (p.promise, p.incident)
    }
    more = [line for path in others for line in path.read_text(encoding="utf-8").splitlines()]
    more += [t for row in _inference(inference, None) for t in row[:2]]
    return choose_pieces(whole_pieces(base), sorted(training - {""}), more, dictionary_forms(), MOST_PIECES)


def _inference(path: Path | None, rows: int | None) -> list[tuple[str, str, str]]:
    """Return (hypothesis, premise, label) in a fixed shuffled order."""
    if path is None:
        return []
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    random.Random(3).shuffle(read)
    return [(row["hypothesis"], row["premise"], row["label"]) for row in read[:rows]]


def learn_inference(net: Trunk, pieces: Pieces, inference: Path | None, plan: Plan, tell: Tell) -> None:
    """Train the pair head, and the trunk with it, on natural-language inference."""
    rows = inference_examples(pieces, _inference(inference, plan.inference_rows))
    if rows:
        fine_tune(net, lambda epoch, rng: [rows], replace(plan.settings, epochs=1, rate=8e-5), tell)


def learn(
    net: Trunk, pieces: Pieces, heads: dict[str, tuple[str, ...]], rows: Labelled, written: Labelled, plan: Plan,
    tell: Tell, after_epoch: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Train all heads: every real sentence, passage and hand-labelled pair an epoch, and a draw of the rest."""
    passages = passage_examples(pieces, rows.passages, heads["code"])
    pairs = pair_examples(pieces, rows.pairs)
    by_hand = [e for e, row in zip(pairs, rows.pairs, strict=True) if "+" not in row.id]
    by_id = [e for e, row in zip(pairs, rows.pairs, strict=True) if "+" in row.id]
    more_passages = passage_examples(pieces, written.passages, heads["code"])
    more_pairs = pair_examples(pieces, written.pairs)
    subjects = subject_examples(pieces, written.sentences)

    def make(epoch: int, rng: random.Random) -> list[list[Example]]:
        return [
            sentence_examples(pieces, rows.sentences, rng),
            subjects,
            passages + _drawn(more_passages, plan.written_an_epoch, rng),
            by_hand
            + _drawn(by_id, plan.pairs_an_epoch, rng)
            + _drawn(more_pairs, plan.written_an_epoch, rng),
        ]

    fine_tune(net, make, plan.settings, tell, after_epoch)


def _drawn(examples: Sequence[Example], most: int, rng: random.Random) -> list[Example]:
    return rng.sample(list(examples), min(most, len(examples)))


def sentence_examples(pieces: Pieces, rows: Sequence[SentenceLabel], rng: random.Random) -> list[Example]:
    """Return one example a sentence, two of half the weight where two readers said different things.

    Some are in lower case or end otherwise, so that neither decides.
    """
    ids = pieces.encode([_varied(row.text, rng) for row in rows], LONGEST_TEXT)
    made = []
    for row, cut in zip(rows, ids, strict=True):
        first = (row.promise, row.kind, row.theme)
        said = [first] if row.again in (None, first) else [first, row.again]
        weight = (1.0 if row.sure else UNSURE) / len(said)
        made += [
            Example(ids=tuple(cut), weight=weight, targets=_targets(*reading)) for reading in said if reading
        ]
    return made


def _targets(promise: bool, kind: str, theme: str) -> dict[str, int]:
    if not promise:
        return {"promise": 0}
    return {"promise": 1, **_subject(kind, theme)}


def _subject(kind: str, theme: str) -> dict[str, int]:
    return {"kind": KINDS.index(kind), "theme": THEMES.index(theme)}


def subject_examples(pieces: Pieces, rows: Sequence[SentenceLabel]) -> list[Example]:
    """Return examples of what promises written for the purpose are about, and not of what is a promise.

    Written pages hold another share of promises than real ones: only kind and theme are learned from them.
    """
    promises = [row for row in rows if row.promise]
    ids = pieces.encode([row.text for row in promises], LONGEST_TEXT)
    return [
        Example(ids=tuple(cut), targets=_subject(row.kind, row.theme), weight=1.0 if row.sure else UNSURE)
        for row, cut in zip(promises, ids, strict=True)
    ]


def _varied(text: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.06:
        return text.lower()
    if draw < 0.10:
        return text.rstrip(".!")
    return text.rstrip(".!") + "." if draw < 0.12 else text


def passage_examples(pieces: Pieces, rows: Sequence[PassageLabel], codes: Sequence[str]) -> list[Example]:
    """Return one example a passage with its status, topic and code."""
    ids = pieces.encode([row.text for row in rows], LONGEST_TEXT)
    return [
        Example(
            ids=tuple(cut),
            targets={
                "status": STATUSES.index(row.status),
                "topic": TOPICS.index(row.theme),
                "code": codes.index(row.code) if row.code in codes else -1,
            },
        )
        for row, cut in zip(rows, ids, strict=True)
    ]  # fmt: skip


def pair_examples(pieces: Pieces, rows: Sequence[PairLabel]) -> list[Example]:
    """Return one example a promise–incident pair."""
    ids = pieces.encode_pairs([(row.promise, row.incident) for row in rows], TRAINED_PAIR)
    return [
        Example(
            ids=tuple(cut), targets={"pair": OUTCOMES.index(row.outcome)}, weight=1.0 if row.sure else UNSURE
        )
        for row, cut in zip(rows, ids, strict=True)
    ]


def inference_examples(pieces: Pieces, rows: Sequence[tuple[str, str, str]]) -> list[Example]:
    """Return inference rows as pairs: a contradicted hypothesis is a broken promise."""
    ids = pieces.encode_pairs([(hypothesis, premise) for hypothesis, premise, _ in rows], LONGEST_TEXT)
    return [
        Example(ids=tuple(cut), targets={"pair": INFERENCE.index(label)}, weight=0.7)
        for cut, (_, _, label) in zip(ids, rows, strict=True)
    ]


def card_from(
    net: Trunk, pieces: Pieces, heads: dict[str, tuple[str, ...]], labelled: Labelled,
    written: Sequence[SentenceLabel] = (),
) -> EncoderCard:  # fmt: skip
    """Return the card measured on the held-back tenth, with cheap heads that never saw it either."""
    cheap = fit_readings(seen_by(labelled), written)
    rows = held_by(labelled)
    made: dict[str, HeldBack] = {}
    texts = pieces.encode([s.text for s in rows.sentences], LONGEST_TEXT)
    said = cheap.sentences.split(cheap.sentences.logits([s.text for s in rows.sentences]))
    promises = [n for n, s in enumerate(rows.sentences) if s.promise]
    truth = np.array([int(s.promise) for s in rows.sentences])
    made["promise"] = HeldBack(logits=predict(net, texts, "promise"), cheap=said["promise"], truth=truth)
    for name, labels in (("kind", KINDS), ("theme", THEMES)):
        logits = predict(net, [texts[n] for n in promises], name)
        truth = np.array([labels.index(getattr(rows.sentences[n], name)) for n in promises])
        made[name] = HeldBack(logits=logits, cheap=said[name][promises], truth=truth)
    texts = pieces.encode([p.text for p in rows.passages], LONGEST_TEXT)
    said = cheap.passages.split(cheap.passages.logits([p.text for p in rows.passages]))
    for name, field in (("status", "status"), ("topic", "theme"), ("code", "code")):
        truth = np.array([heads[name].index(getattr(p, field)) for p in rows.passages])
        aligned = _aligned(said[field], cheap.passages.heads[field], heads[name])
        made[name] = HeldBack(logits=predict(net, texts, name), cheap=aligned, truth=truth)
    both = [(p.promise, p.incident) for p in rows.pairs]
    logits = predict(net, pieces.encode_pairs(both, LONGEST_PAIR), "pair")
    truth = np.array([OUTCOMES.index(p.outcome) for p in rows.pairs])
    # no blend: the cheap pair head lowers the encoder's, and matching weighs it together with the words
    made["pair"] = HeldBack(logits=logits, cheap=None, truth=truth)
    return calibrate(heads, made)


def _aligned(probability: Array, labels: Sequence[str], wanted: Sequence[str]) -> Array:
    """Return the columns in the wanted order; a label the head does not know has probability 0."""
    out = np.zeros((len(probability), len(wanted)), np.float32)
    for n, label in enumerate(wanted):
        if label in labels:
            out[:, n] = probability[:, labels.index(label)]
    return out
