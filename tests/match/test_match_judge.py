"""What one incident says of one promise: numbers before words, and the same thing or nothing."""

from __future__ import annotations

import pytest

from promisecheck.match import judge_pair

PAIRS = [
    ("sv", "Vi svarar inom 24 timmar.", "sv", "Jag fick svar på mitt mejl efter 9 dagar.", "breaks"),
    ("da", "Vi svarer inden for 24 timer.", "da", "Jeg venter stadig på svar.", "silent"),
    ("da", "Vi svarer inden for 24 timer.", "da", "Pakken kom to uger for sent.", "silent"),
    ("da", "Levering på 1-3 hverdage.", "da", "Den blev leveret efter tre uger.", "breaks"),
    ("da", "Levering på 1-3 hverdage.", "en", "It was delivered after five weeks, terrible.", "breaks"),
    ("da", "Ingen ventetid i telefonen.", "da", "Halvanden time i telefonkø, det er elendigt.", "breaks"),
    ("da", "Ingen ventetid i telefonen.", "da", "Leveringen var forsinket, og det er elendigt.", "silent"),
    ("nb", "Stabilt nett i hele landet.", "nb", "Nettet er nede hver kveld, helt håpløst.", "breaks"),
    ("nb", "Stabilt nett i hele landet.", "nb", "Selgeren i butikken var veldig sur.", "silent"),
    ("en", "Friendly staff every time.", "en", "The staff were rude and shouted at us.", "breaks"),
    ("en", "Friendly staff every time.", "en", "The staff were so kind and friendly!", "keeps"),
    ("en", "No hidden fees.", "en", "Suddenly they charged a hidden fee of £20. Awful.", "breaks"),
    ("en", "No hidden fees.", "sv", "Maten var kall och smakade illa.", "silent"),
    ("sv", "Snabb leverans.", "sv", "Blixtsnabb leverans, kom redan dagen efter!", "keeps"),
    ("da", "Det er nemt at opsige.", "da", "Det er umuligt at opsige, og I trækker stadig penge. Elendigt.", "breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("promise_language", "promise", "incident_language", "incident", "outcome"), PAIRS)
def test_outcome(
    promise_language: str, promise: str, incident_language: str, incident: str, outcome: str
) -> None:
    judgement = judge_pair(
        promise, incident, promise_language=promise_language, incident_language=incident_language
    )
    assert judgement.outcome == outcome, judgement
    if outcome != "silent":
        assert judgement.reasons
        assert judgement.score >= 0.5
    assert all(incident[s.start : s.end] == s.quote for s in judgement.signals)


def test_a_stated_time_is_named_in_the_reason() -> None:
    judgement = judge_pair(
        "Svar inden for 24 timer.", "Svaret kom efter 9 dage.", promise_language="da", incident_language="da"
    )
    assert judgement.reasons[0] == "The incident states 9 days; that is longer than the 24 hours promised."


def test_a_quoted_promise_is_no_elapsed_time() -> None:
    judgement = judge_pair(
        "Levering på 1-3 hverdage.", "I skriver levering på 1-3 hverdage.",
        promise_language="da", incident_language="da",
    )  # fmt: skip
    assert judgement.outcome == "silent"


def test_years_as_a_customer_are_no_elapsed_time() -> None:
    judgement = judge_pair(
        "Vi svarer inden for 24 timer.", "Jeg har været kunde i 10 år og fik svar.",
        promise_language="da", incident_language="da",
    )  # fmt: skip
    assert judgement.outcome != "breaks"


@pytest.mark.parametrize(
    ("promise", "incident"), [("", ""), ("Vi svarer.", ""), ("", "Elendigt."), ("?", "!")]
)
def test_empty_texts_are_silent(promise: str, incident: str) -> None:
    assert judge_pair(promise, incident).outcome == "silent"
