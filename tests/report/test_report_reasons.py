"""Reasons of matching and findings are told in the reader's language; unknown ones stay as they are."""

from __future__ import annotations

import pytest

from promisecheck.model import Signal
from promisecheck.report.reasons import tell, tell_all
from promisecheck.report.speech import speech


@pytest.mark.parametrize(
    ("reason", "language", "told"),
    [
        ("It took 2.2 days; 24 hours was promised.", "da", "Det tog 2,2 dage; der var lovet 24 timer."),
        ("It took 9 days; 1-3 working days was promised.", "sv",
         "Det tog 9 dagar; 1–3 arbetsdagar var utlovat."),
        ("It took 1 hour; 1 working day was promised.", "nb", "Det tok 1 time; 1 virkedag var lovet."),
        ("It took 2.5 hours of opening hours; 24 hours was promised.", "da",
         "Det tog 2,5 timer i åbningstiden; der var lovet 24 timer."),
        ("298 was charged; 199 was agreed.", "da", "Der blev opkrævet 298; aftalt var 199."),
        ("Contradicts: Elsewhere the site says 5 days, where 1-3 working days is promised: “Op til 5 dage”.",
         "da", "Et andet sted på hjemmesiden står der 5 dage, hvor der her loves 1–3 hverdage: »Op til 5 dage«."),
        ("Kept in 15 of 21 measured cases (71.4 %; at least 95 % is needed).", "da",
         "Holdt i 15 af 21 målte sager (71,4 %; der skal mindst 95 % til)."),
        ("2 of 10 declared indicators speak against it, in 3 cases: transferred (2), long-queue (1).", "en",
         "2 of the 10 signs we look for speak against it, in 3 cases: "
         "sent from one to the next (2), long wait in the queue (1)."),
        ("1 case in the log broke it, 0 kept it.", "sv", "1 ärende i loggen gick emot löftet, 0 höll det."),
        ("3 cases came before the page was first read on 2026-11-24; it is assumed that the promise stood "
         "there then.", "nb",
         "3 saker kom før siden ble lest første gang 24. nov. 2026; vi går ut fra at løftet sto der da."),
        ("1 case came before the page was first read on 2026-11-24; it is assumed that the promise stood "
         "there then.", "da",
         "1 sag kom, før siden blev læst første gang 24. nov. 2026; vi går ud fra, at løftet stod der dengang."),
        ("It was 12 minutes late; up to 5 minutes counts as on time.", "sv",
         "Det var 12 minuter försenat; upp till 5 minuter räknas som i tid."),
        ("It was 1 minute late; up to 5 minutes counts as on time.", "da",
         "Det var 1 minut forsinket; op til 5 minutter regnes som til tiden."),
        ("still open, and in time", "da", "stadig åben og inden for fristen"),
        ("4 transfers were recorded; at most 1 was promised.", "da",
         "Der er noteret 4 omstillinger; der var lovet højst 1."),
        ("A firm promise takes 2 independent cases to contradict.", "en",
         "It takes 2 independent cases before a firm promise is called broken."),
        ("Something nobody has thought of.", "da", "Something nobody has thought of."),
        ("It took {0.__class__} days; 24 hours was promised.", "da",
         "It took {0.__class__} days; 24 hours was promised."),
    ],
)  # fmt: skip
def test_reason_is_told(reason: str, language: str, told: str) -> None:
    assert tell(reason, speech(language)).replace("\xa0", " ") == told


def test_reason_that_only_quotes_a_passage_is_left_out() -> None:
    signal = Signal(
        theme="ease", status="broken", code="transferred", quote="stillet\nom", start=0, end=10, score=0.9
    )
    site = "The promise leaves no room; elsewhere the site takes it back: “Dog ikke i ferien.”."
    reasons = (
        "Was sent from one to the next: “stillet om”.",
        "Was easy: “let”.",
        "Ended by its deadline.",
        site,
    )
    assert tell_all(reasons, [signal], speech("en")) == ("Ended by its deadline.", site)
    assert len(tell_all(reasons, [], speech("en"))) == 4
