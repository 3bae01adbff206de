"""Training the cheap heads on a few dozen invented texts: same data, same bytes, and they learn."""

import json

import pytest

from promisecheck.errors import UsageError
from promisecheck.quality import evaluate, train_heads
from promisecheck.text import SentenceContext, load_readings
from promisecheck.text.features import SIZE, hash_texts
from promisecheck.text.heads import load_cheap

PROMISES = [
    ("Vi svarer inden for {} timer", "quantified", "speed"),
    ("Gratis levering hver gang, garanti nummer {}", "guarantee", "price"),
    ("Tilfredse kunder er vores mål i afdeling {}", "value", "quality"),
]
OTHERS = ["Kontakt afdeling {}", "Om os {}", "Varenummer {} i sort"]
PASSAGES = [
    ("Ventede {} timer i kø", "speed", "broken", "long-queue"),
    ("Sød betjening, {} stjerner", "personal", "kept", "friendly"),
    ("Jeg købte {} varer", "none", "none", "none"),
]


def write_folder(folder):
    sentences, incidents, pairs = [], [], []
    for n in range(12):
        for k, (text, kind, theme) in enumerate(PROMISES):
            sentences.append(
                {"id": f"s{n}-{k}", "company": f"c{n}", "language": "da", "text": text.format(n),
                 "is_promise": True, "kind": kind, "theme": theme, "sure": True}
            )  # fmt: skip
        for k, text in enumerate(OTHERS):
            sentences.append(
                {"id": f"n{n}-{k}", "company": f"c{n}", "language": "da", "text": text.format(n),
                 "is_promise": False, "kind": "none", "theme": "none", "sure": True}
            )  # fmt: skip
        for k, (text, theme, status, code) in enumerate(PASSAGES):
            body = text.format(n)
            part = {"start": 0, "end": len(body), "theme": theme, "status": status, "code": code}
            incidents.append({"id": f"i{n}-{k}", "language": "da", "text": body, "passages": [part]})
            label = {"broken": "contradicts", "kept": "supports", "none": "neutral"}[status]
            pairs.append({"promise_id": "s0-0", "incident_id": f"i{n}-{k}", "label": label, "sure": True})
    for name, rows in (("sentences", sentences), ("incidents", incidents), ("pairs", pairs)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    data = write_folder(tmp_path_factory.mktemp("data"))
    out = tmp_path_factory.mktemp("weights")
    return data, out, train_heads([data], out)


def test_the_same_data_gives_the_same_bytes(trained, tmp_path):
    data, out, _ = trained
    train_heads([data], tmp_path)
    for name in ("cheap.npz", "cheap.json"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_what_was_learned_holds_for_an_unseen_company(trained):
    readings = trained[2]
    promise, other = readings.read_sentences(
        [SentenceContext(text="Vi svarer inden for 99 timer"), SentenceContext(text="Om os 99")]
    )
    assert promise.promise > readings.threshold > other.promise
    assert max(promise.kinds, key=lambda k: promise.kinds[k]) == "quantified"
    assert max(promise.themes, key=lambda t: promise.themes[t]) == "speed"


def test_passages_and_pairs_are_learned(trained):
    readings = trained[2]
    passage = readings.read_passages(["Ventede 99 timer i kø"], ["da"])[0]
    assert max(passage.statuses, key=lambda s: passage.statuses[s]) == "broken"
    broken, silent = readings.read_pairs(
        [
            ("Vi svarer inden for 8 timer", "Ventede 99 timer i kø"),
            ("Vi svarer inden for 8 timer", "Jeg købte 99 varer"),
        ]
    )
    assert broken.breaks > silent.breaks


def themes_of(readings, text):
    return readings.read_sentences([SentenceContext(text=text)])[0].themes


def test_written_sentences_teach_what_no_real_one_names(trained, tmp_path):
    rows = [
        {"id": f"w{n}", "company": f"w{n}", "language": "da", "text": f"Dine data er trygge hos os {n}",
         "is_promise": True, "kind": "guarantee", "theme": "safety", "sure": True}
        for n in range(8)
    ]  # fmt: skip
    (tmp_path / "w.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    written = train_heads([trained[0]], tmp_path / "out", written=[tmp_path / "w.jsonl"])
    assert themes_of(trained[2], "Dine data er trygge hos os 99")["safety"] < 0.01
    assert themes_of(written, "Dine data er trygge hos os 99")["safety"] > 0.5
    assert themes_of(written, "Vi svarer inden for 99 timer")["speed"] > 0.5


def test_a_second_reader_counts_for_half(trained, tmp_path):
    rows = [
        {
            "sentence_id": f"s{n}-0",
            "is_promise": True,
            "kind": "quantified",
            "theme": "availability",
            "sure": True,
        }
        for n in range(12)
    ]
    (tmp_path / "again.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    both = themes_of(
        train_heads([trained[0], tmp_path / "again.jsonl"], tmp_path / "out"), "Vi svarer inden for 99 timer"
    )
    assert both["speed"] > both["availability"] > 0.2
    assert themes_of(trained[2], "Vi svarer inden for 99 timer")["availability"] < 0.01


def test_the_written_weights_are_what_load_readings_opens(trained):
    _, out, readings = trained
    assert load_readings(semantic=False, weights=out).version == readings.version
    assert load_cheap(out).threshold == readings.threshold


def test_scores_by_leaving_companies_out(trained):
    scores = {(s.task, s.part): s for s in evaluate([trained[0]])}
    assert scores[("sentence", "all")].f1 > 0.9
    assert scores[("sentence", "all")].rows == 72
    assert scores[("passage", "broken")].recall > 0.9


def test_training_without_labels_says_what_is_missing(tmp_path):
    with pytest.raises(UsageError, match="labelled sentences"):
        train_heads([tmp_path], tmp_path / "out")


def test_features_fit_the_shipped_size():
    assert hash_texts(["Vi svarer"]).columns.max() < SIZE
