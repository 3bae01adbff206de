"""Labelled folders: what a row holds says what it is; a bad row is named."""

import json

import pytest

from promisecheck.errors import InputError
from promisecheck.quality import read_labelled
from promisecheck.quality.labelled import fold_of

SENTENCE = {
    "id": "s1", "company": "Nordfiber", "language": "da", "text": "Vi svarer inden for en time.", "before": None,
    "after": "Ring til os", "is_promise": True, "kind": "quantified", "theme": "speed", "sure": True,
}  # fmt: skip
INCIDENT = {
    "id": "i1", "language": "da", "text": "Ventede en uge. Intet svar.",
    "passages": [{"start": 0, "end": 15, "theme": "speed", "status": "broken", "code": "no-reply"}],
}  # fmt: skip
PAIR = {
    "id": "p1",
    "promise": "Hurtigt svar",
    "incident": "Ventede en uge.",
    "label": "contradicts",
    "theme": "speed",
}
BY_ID = {"incident_id": "i1", "promise_id": "s1", "label": "contradicts", "sure": False}


def write(folder, name, *rows):
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    (folder / name).write_text(text + "\n", encoding="utf-8")


def test_sentences_passages_and_pairs_are_told_apart(tmp_path):
    write(tmp_path, "all.jsonl", SENTENCE, INCIDENT, PAIR)
    read = read_labelled([tmp_path])
    assert (read.sentences[0].promise, read.sentences[0].before) == (True, "")
    assert (read.passages[0].text, read.passages[0].status) == ("Ventede en uge.", "broken")
    assert read.pairs[0].outcome == "breaks"


def test_pairs_by_id_take_their_texts_from_the_other_rows(tmp_path):
    write(tmp_path, "a.jsonl", BY_ID)
    write(tmp_path, "b.jsonl", SENTENCE, INCIDENT)
    pair = read_labelled([tmp_path]).pairs[0]
    assert (pair.promise, pair.incident, pair.sure) == (SENTENCE["text"], INCIDENT["text"], False)


AGAIN = {"sentence_id": "s1", "is_promise": False, "kind": "none", "theme": "none", "sure": True}


def test_a_second_reading_that_differs_makes_the_sentence_unsure(tmp_path):
    write(tmp_path, "a.jsonl", AGAIN, SENTENCE)
    label = read_labelled([tmp_path]).sentences[0]
    assert (label.promise, label.again, label.sure) == (True, (False, "", ""), False)


def test_a_second_reading_with_another_theme_is_kept_beside_the_first(tmp_path):
    write(tmp_path, "a.jsonl", SENTENCE, {**AGAIN, "is_promise": True, "kind": "value", "theme": "ease"})
    label = read_labelled([tmp_path]).sentences[0]
    assert (label.theme, label.again, label.sure) == ("speed", (True, "value", "ease"), True)


def test_pairs_whose_texts_are_not_here_are_left_out(tmp_path):
    write(tmp_path, "a.jsonl", BY_ID)
    assert read_labelled([tmp_path]).pairs == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [("{", "not JSON"), ({"is_promise": True}, "lacks")],
)
def test_a_bad_row_names_file_and_line(tmp_path, row, says):
    write(tmp_path, "bad.jsonl", SENTENCE, row)
    with pytest.raises(InputError, match=says) as caught:
        read_labelled([tmp_path])
    assert caught.value.where == "bad.jsonl:2"


def test_a_company_keeps_its_fold():
    assert fold_of("Nordfiber") == fold_of("Nordfiber")
    assert {fold_of(f"company {n}") for n in range(60)} == {0, 1, 2, 3, 4}
