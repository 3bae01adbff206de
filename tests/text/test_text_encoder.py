"""The shipped encoder behind the cheap heads: loading, order, agreement, falling back."""

import shutil
import subprocess
import sys

import pytest

from promisecheck.errors import UsageError
from promisecheck.text import SentenceContext, load_readings
from promisecheck.text.cascade import EncoderReadings
from promisecheck.text.encoder import Encoder, EncoderCard, encoder_here
from promisecheck.text.load import WEIGHTS

pytestmark = pytest.mark.skipif(not encoder_here(WEIGHTS), reason="no encoder weights here")


@pytest.fixture(scope="module")
def readings() -> EncoderReadings:
    found = load_readings(semantic=True)
    assert isinstance(found, EncoderReadings)
    return found


def read(readings, *texts):
    return readings.read_sentences([SentenceContext(text=t) for t in texts])


@pytest.mark.parametrize(
    ("text", "theme", "kind"),
    [
        ("Vi svarer på alle mails inden for 24 timer.", "speed", "quantified"),
        ("Vi svarar på alla mejl inom 24 timmar.", "speed", "quantified"),
        ("Vi svarer på alle e-poster innen 24 timer.", "speed", "quantified"),
        ("We answer every email within 24 hours.", "speed", "quantified"),
        ("Du betaler ingen gebyrer hos os.", "price", "guarantee"),
    ],
)
def test_a_promise_is_found_in_every_language(readings, text, theme, kind):
    reading = read(readings, text)[0]
    assert reading.promise >= readings.threshold
    assert max(reading.themes, key=lambda t: reading.themes[t]) == theme
    assert max(reading.kinds, key=lambda k: reading.kinds[k]) == kind


@pytest.mark.parametrize("text", ["Om os", "Læs mere", "Kontakt", "Villkor", "", "12. mars 2021"])
def test_labels_without_content_are_no_promise(readings, text):
    assert read(readings, text)[0].promise < readings.threshold


def test_order_and_company_in_a_batch_change_nothing(readings):
    texts = ["Vi ringer altid tilbage samme dag.", "Om os", "Fri frakt på alla köp.", "x " * 300]
    alone = [read(readings, t)[0].promise for t in texts]
    assert [r.promise for r in read(readings, *texts)] == pytest.approx(alone, abs=1e-6)


def test_passages_sum_to_one_and_equal_ones_are_equal(readings):
    text = "Jeg ventede tre timer i telefonkø og blev stillet om to gange."
    first, second = readings.read_passages([text, text], ["da", ""])
    assert first == second
    assert sum(first.statuses.values()) == pytest.approx(1, abs=1e-4)
    assert max(first.statuses, key=lambda s: first.statuses[s]) == "broken"


def test_a_clear_lapse_speaks_against_the_promise_and_another_matter_does_not(readings):
    promise = "Vi svarer på alle henvendelser inden for 24 timer."
    breaks, silent = readings.read_pairs(
        [
            (promise, "Jeg skrev for tre uger siden og har stadig ikke fået noget svar. Elendigt."),
            (promise, "Flot farve på jakken, men ærmerne er lidt for lange til mig."),
        ]
    )
    assert breaks.breaks > 3 * breaks.keeps
    assert breaks.breaks > 1.5 * silent.breaks
    assert silent.silent > 0.5


def test_nothing_in_nothing_out(readings):
    assert readings.read_sentences([]) == []
    assert readings.read_passages([], []) == []
    assert readings.read_pairs([]) == []


def test_the_version_names_both_weights(readings):
    assert readings.version.startswith("encoder-")
    assert load_readings(semantic=False).version in readings.version


def test_without_the_encoder_the_cheap_heads_answer(tmp_path):
    for name in ("cheap.npz", "cheap.json"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    assert load_readings(weights=tmp_path).version.startswith("cheap-")
    with pytest.raises(UsageError, match="encoder cannot run here"):
        load_readings(semantic=True, weights=tmp_path)


def test_no_weights_at_all_are_named(tmp_path):
    with pytest.raises(UsageError, match="weights are missing"):
        load_readings(weights=tmp_path)


def test_the_card_is_read_as_it_was_written(tmp_path):
    card = EncoderCard.load(WEIGHTS / "encoder.json")
    card.save(tmp_path / "encoder.json")
    assert EncoderCard.load(tmp_path / "encoder.json") == card


def test_the_session_opens_at_the_first_question_only():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from promisecheck.text import load_readings; load_readings(); "
            "print('onnxruntime' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_an_encoder_of_other_labels_is_refused(tmp_path):
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    path = tmp_path / "weights" / "encoder.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"quantified"', '"counted"'), encoding="utf-8")
    with pytest.raises(UsageError, match="different labels"):
        load_readings(weights=tmp_path / "weights")


def test_all_weights_together_stay_under_forty_megabytes():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 40_000_000


def test_pieces_spell_everyday_text_without_unknowns():
    pieces = Encoder(WEIGHTS)._open()
    texts = [
        "Blåbærgrød på øen, ærligt talt",
        "Räksmörgås och smör",
        "Ein god dag på fjellet",
        "Naïve café – 50 %",
    ]
    assert all(3 not in ids for ids in pieces.encode(texts, 96))
