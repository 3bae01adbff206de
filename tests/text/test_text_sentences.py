"""Sentences of real-looking blocks, and the languages they are written in."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promisecheck.text import identify_language, language_of_tag, split_sentences


def sentences(text: str, language: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "Vi åbner kl. 8.30 hver dag. Velkommen!", ["Vi åbner kl. 8.30 hver dag.", "Velkommen!"]),
        ("da", "Fragten koster 49 kr. Betal med kort.", ["Fragten koster 49 kr.", "Betal med kort."]),
        ("da", "Prisen er 49 kr. pr. måned.", ["Prisen er 49 kr. pr. måned."]),
        ("da", "Ring f.eks. Tirsdag eller onsdag.", ["Ring f.eks. Tirsdag eller onsdag."]),
        ("da", "Fri fragt • Hurtig levering • Nem retur", ["Fri fragt", "Hurtig levering", "Nem retur"]),
        ("nb", "Butikken åpner 17. mai kl. 10. Ikke før!", ["Butikken åpner 17. mai kl. 10.", "Ikke før!"]),
        ("nb", "Får du svar? Ja, samme dag.", ["Får du svar?", "Ja, samme dag."]),
        ("sv", "Vi har bl.a. Skor och väskor. Fri frakt!", ["Vi har bl.a. Skor och väskor.", "Fri frakt!"]),
        ("en", "Call us, e.g. by phone. We answer.", ["Call us, e.g. by phone.", "We answer."]),
        ("da", 'Ord. "Huset" er vores. Slut.', ["Ord.", '"Huset" er vores.', "Slut."]),
        ("da", "Loven gælder. § 4 Levering", ["Loven gælder.", "§ 4 Levering"]),
        ("nb", "Vi følger NS 3420. Vi måler alt.", ["Vi følger NS 3420.", "Vi måler alt."]),
        ("nb", "Ring 00 00 12 34. Vi svarer.", ["Ring 00 00 12 34.", "Vi svarer."]),
        (
            "nb",
            "Gebyr 175,- inkl. mva. Du betaler ikke mer.",
            ["Gebyr 175,- inkl. mva.", "Du betaler ikke mer."],
        ),
        ("sv", "Tvätt, tork osv.) Det går bra!", ["Tvätt, tork osv.)", "Det går bra!"]),
        ("sv", "Läs mer.. Boka nu.", ["Läs mer..", "Boka nu."]),
        ("sv", "✔️ Fast pris ✅ Fri frakt", ["Fast pris", "Fri frakt"]),
        ("en", "Calls, letters etc. You pay once.", ["Calls, letters etc.", "You pay once."]),
        ("en", "We came. – Not late.", ["We came.", "– Not late."]),
        ("en", "One line", ["One line"]),
        ("en", "  \n ", []),
    ],
)
def test_splits(language: str, text: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_offsets_rise_and_hold_every_word(text: str) -> None:
    spans = split_sentences(text, "da")
    assert all(a < b for a, b in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "prior", "expected"),
    [
        ("Vi svarer på alle henvendelser hurtigst muligt, også i weekenden.", "", "da"),
        ("Vi svarer på alle henvendelser så raskt som mulig, også i helgene hvis dere ringer.", "", "nb"),
        ("Me svarar på alle førespurnader så raskt som mogleg, men ikkje i helgane.", "", "nn"),
        ("Vi svarar på alla frågor så snabbt vi kan, även på helgerna.", "", "sv"),
        ("We answer every question as fast as we can, also at weekends.", "", "en"),
        ("Wir beantworten alle Fragen so schnell wie möglich, auch am Wochenende.", "", ""),
        ("Levering", "nb", "nb"),
        ("", "sv", "sv"),
    ],
)
def test_names_the_language(text: str, prior: str, expected: str) -> None:
    assert identify_language(text, prior) == expected


@pytest.mark.parametrize(
    ("tag", "code"), [("da-DK", "da"), ("no", "nb"), ("nn_NO", "nn"), ("en-GB", "en"), ("de", ""), ("", "")]
)
def test_reads_lang_attributes(tag: str, code: str) -> None:
    assert language_of_tag(tag) == code
