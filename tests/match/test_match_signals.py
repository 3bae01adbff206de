"""What incidents say, in four languages: negation, irony, turns, third parties, slips of the pen, spans."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from promisecheck.match import CODES, read_signals
from promisecheck.text import PairReading, PassageReading, SentenceContext, SentenceReading

SAID = [
    ("da", "Jeg stod i kø i halvanden time.", {"long-queue"}),
    ("da", "Ingen ventetid overhovedet, dejligt.", {"quick-answer"}),
    ("da", "Jeg har aldrig ventet i jeres telefon.", {"quick-answer"}),
    ("da", "Super service, 3 timer i kø.", {"long-queue"}),
    ("da", "Pakken kom aldrig frem.", {"not-delivered"}),
    ("da", "Det hele gik uden problemer.", {"easy"}),
    ("da", "Maden var god, men tjeneren var sur og uforskammet.", {"good-quality", "rude"}),
    ("da", "Blev stillet om fra afdeling til afdeling.", {"transferred"}),
    ("da", "Trukket to gange på samme regning.", {"wrong-bill"}),
    ("da", "Forbindelsen ryger hele tiden.", {"unstable-service"}),
    ("da", "Det er umuligt at opsige abonnementet.", {"cannot-cancel"}),
    ("da", "Har ringet fem gange uden held.", {"contacted-again"}),
    ("nb", "Jeg satt i telefonkø i to timer.", {"long-queue"}),
    ("nb", "De svarer aldri på e-post.", {"no-reply"}),
    ("nb", "Bussen var i rute og sjåføren var hyggelig.", {"on-time", "friendly"}),
    ("nb", "Nettet er ustabilt hver kveld.", {"unstable-service"}),
    ("nb", "Dekninga er elendig her.", {"unstable-service"}),
    ("nb", "Kundeservice var veldig hjelpsom.", {"helpful"}),
    ("sv", "Jag satt i telefonkö i två timmar.", {"long-queue"}),
    ("sv", "Paketet kom aldrig fram.", {"not-delivered"}),
    ("sv", "Snabb leverans och trevligt bemötande!", {"delivered-on-time", "friendly"}),
    ("sv", "De vägrar återbetala.", {"refund-missing"}),
    ("sv", "Enkelt att beställa, men varan var trasig.", {"easy", "defective"}),
    ("sv", "Inga problem alls.", {"reliable"}),
    ("da", "Jeg har ikke haft andet end problemer.", {"dissatisfied"}),
    ("da", "Jeg har talt med fire forskellige medarbejdere.", {"transferred"}),
    ("nb", "Jeg har snakket med tre forskjellige personer.", {"transferred"}),
    ("en", "I spoke to four different people.", {"transferred"}),
    ("en", "They never answered my emails.", {"no-reply"}),
    ("en", "No waiting time at all.", {"quick-answer"}),
    ("en", "The driver was rude.", {"rude"}),
    ("en", "Fast delivery, but the box was damaged.", {"delivered-on-time", "defective"}),
    ("en", "I was charged twice.", {"wrong-bill"}),
    ("en", "I had to call four times about the same thing.", {"contacted-again"}),
    ("nn", "Eg har venta i tre veker og har enno ikkje fått pakka.", {"late-delivery"}),
]  # fmt: skip


SILENT = [
    ("da", "Venlig hilsen Bodil"),
    ("en", "Kind regards, Tom"),
    ("sv", "Med vänliga hälsningar, Sven"),
    ("nb", "Vennlig hilsen Kari"),
    ("da", "Kan varmt anbefales."),
    ("en", "Highly recommended!"),
    ("da", "Jeg er sur."),
    ("en", "I don't know what to do."),
    ("da", "Jeg blev opmærksom på et brev."),
]


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_courtesies_recommendations_and_the_writers_own_state_are_no_signals(
    language: str, text: str
) -> None:
    assert read_signals(text, language) == []


def test_satisfied_gives_way_to_what_one_is_satisfied_with() -> None:
    assert {s.code for s in read_signals("Meget tilfreds, hurtig levering.", "da")} == {"delivered-on-time"}
    assert {s.code for s in read_signals("Jeg er meget tilfreds.", "da")} == {"satisfied"}


@pytest.mark.parametrize(("language", "text", "codes"), SAID)
def test_codes(language: str, text: str, codes: set[str]) -> None:
    signals = read_signals(text, language)
    assert codes <= {signal.code for signal in signals}
    expected = {CODES[code].status for code in codes}
    assert {signal.status for signal in signals} == expected


@pytest.mark.parametrize(("language", "text", "codes"), SAID)
def test_spans_are_verbatim(language: str, text: str, codes: set[str]) -> None:
    text = f"{text}\n\nP.S. 😡 {text}"
    for signal in read_signals(text, language):
        assert text[signal.start : signal.end] == signal.quote
        assert signal.theme == CODES[signal.code].theme
        assert 0 < signal.score <= 1


def test_the_language_may_be_left_out() -> None:
    assert "no-reply" in {
        signal.code for signal in read_signals("They have never replied to my emails about this.")
    }


def test_two_languages_in_one_text() -> None:
    text = "The technician was very friendly and helpful with my problem. Men pakken kom aldrig frem til os."
    codes = {signal.code for signal in read_signals(text, "en")}
    assert {"friendly", "not-delivered"} <= codes


def test_doubled_letters_and_foreign_keyboards_still_match() -> None:
    assert {"long-queue"} <= {s.code for s in read_signals("Stod i køø i 2 timer", "da")}
    assert {"long-queue"} <= {s.code for s in read_signals("Stod i kö i 2 timer", "da")}


def test_a_measure_goes_with_the_nearest_signal() -> None:
    (signal,) = (
        s for s in read_signals("Jeg ventede 45 minutter i telefonkø.", "da") if s.code == "long-queue"
    )
    assert signal.measure is not None
    assert (signal.measure.value, signal.measure.unit) == (45.0, "minute")


def test_what_another_company_did_is_not_told() -> None:
    assert [signal.code for signal in read_signals("Pakken kom for sent.", "da")] == ["late-delivery"]
    assert not read_signals("Pakken kom for sent med PostNord.", "da")


class FixedPassages:
    """Read every passage alike."""

    version = "fixed"
    judges_pairs = False

    def __init__(self, statuses: dict[str, float], themes: dict[str, float]) -> None:
        self._reading = PassageReading(statuses=statuses, themes=themes, codes={"other-broken": 0.9})

    def read_sentences(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        return []

    def read_passages(self, passages: Sequence[str], languages: Sequence[str]) -> list[PassageReading]:
        return [self._reading for _ in passages]

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PairReading]:
        return []


def test_a_named_touchpoint_helps_a_reader_that_is_unsure_of_the_theme() -> None:
    unsure = FixedPassages(
        {"broken": 0.9, "kept": 0.05, "none": 0.05}, {"quality": 0.2, "price": 0.15, "none": 0.65}
    )
    (signal,) = read_signals("Så kom sagen om prisen til sidst.", "da", unsure)
    assert (signal.theme, signal.status) == ("price", "broken")


def test_a_sure_theme_stands_instead_of_the_lexicons() -> None:
    sure = FixedPassages({"broken": 0.9, "kept": 0.05, "none": 0.05}, {"information": 0.8, "none": 0.2})
    assert {signal.theme for signal in read_signals("De løj om dækningen.", "da", sure)} == {"information"}


def test_ones_own_mistake_is_no_lapse_of_theirs() -> None:
    assert read_signals("Pakken kom aldrig frem.", "da")
    assert not read_signals("Det var min egen fejl, at pakken aldrig kom frem.", "da")


def test_what_might_happen_is_no_lapse() -> None:
    assert read_signals("Min mobil gik i stykker.", "da")
    assert not read_signals("Der er forsikring, hvis min mobil går i stykker.", "da")


def test_never_reaches_far() -> None:
    (signal,) = read_signals("Jeg har aldrig i de ti år hos dem haft en dårlig oplevelse.", "da")
    assert signal.status == "kept"


def test_a_negation_between_the_words_turns_praise() -> None:
    (signal,) = read_signals("Dækningen er ikke helt så god.", "da")
    assert (signal.code, signal.status) == ("unstable-service", "broken")


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "😡", "12345", "x" * 5000, "\x00", "(((((", "a-b'c’d " * 500]
)
def test_odd_input_is_read(text: str) -> None:
    for signal in read_signals(text):
        assert text[signal.start : signal.end] == signal.quote
