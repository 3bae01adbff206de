"""The phrase language: what each mark finds, what is refused, and that no text makes it slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promisecheck.packs.phrases import PhraseError, Word, parse_phrase

WORDS = {"we": "we | our team", "all": "@we | everybody"}


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("free delivery", "We give free delivery.", "free delivery"),
        ("free delivery", "free, delivery", "free, delivery"),
        ("free delivery", "free deliveryman", None),
        ("free delivery", "carefree delivery", None),
        ("free delivery", "free! delivery", None),
        ("(free|fast) delivery", "so fast delivery", "fast delivery"),
        ("(at once|the same day)", "sent the same day", "the same day"),
        ("[totally] free", "totally free", "totally free"),
        ("[totally] free", "quite free", "free"),
        ("delivered [quite|very] fast", "delivered very fast", "delivered very fast"),
        ("delivered [quite|very] fast", "delivered fast", "delivered fast"),
        ("deliver*", "deliveries", "deliveries"),
        ("*fee", "a booking-fee", "fee"),
        ("*gebyr", "et fakturagebyr", "fakturagebyr"),
        ("*forsik*", "ansvarsforsikring", "ansvarsforsikring"),
        ("answer ... day", "answer all your mails every day", "answer all your mails every day"),
        ("answer ... day", "answer all your mails on one day", None),
        ("answer {0,2} day", "answer every single day", "answer every single day"),
        ("answer {2} day", "answer that same old day", None),
        ("answer {2,3} day", "answer every day", None),
        ("answer ... day", "answer ca. 1.299 mails/day a day", "answer ca. 1.299 mails/day a day"),
        ("@we answer", "our team answer", "our team answer"),
        ("@all answer", "Everybody answer", "everybody answer"),
        ("^ free {1,2} $", "• Free parking", "free parking"),
        ("^ free {1,2} $", "a free parking", None),
        ("^ support $", "support", "support"),
        ("^ support $", "support team", None),
        ("24/7 support", "24/7 support", "24/7 support"),
        ("don't wait", "don't wait", "don't wait"),
        ("a+ (b.)", "the a+ b. mark", "a+ b."),
        ("kl. ti", "kl. ti", "kl. ti"),
        ("ØL og vand", "øl og vand", "øl og vand"),
    ],
)
def test_phrase_finds(phrase: str, text: str, found: str | None) -> None:
    match = parse_phrase(phrase, WORDS).pattern.search(text.lower())
    assert (match and match.group(1)) == found


@pytest.mark.parametrize(
    ("phrase", "what"),
    [
        ("", "holds no word"),
        ("...", "holds no word"),
        ("<duration>", "no word that must be there"),
        ("[free]", "holds no word that must be there"),
        ("... free", "a word on both sides"),
        ("free ...", "a word on both sides"),
        ("(free|... fast)", "a word on both sides"),
        ("(free|)", "holds no word"),
        ("(free", "'(' is not closed"),
        ("[free", "'[' is not closed"),
        ("free)", "')' closes nothing"),
        ("free | fast", "'|' closes nothing"),
        ("free < fast", "cannot read '<'"),
        ("<days> free", "<days> is not one of <duration>"),
        ("@they answer", "@they is not among the words of this language (all, we)"),
        ("free {9} day", "is no gap of at most 8 words"),
        ("free {4,2} day", "is no gap of at most 8 words"),
        ("free {a} day", "{a} is no gap"),
        ("fr*ee", "a star stands before or after a word"),
        ("* day", "a star stands before or after a word"),
        ("free ^ day", "may only stand at the start"),
        ("a ... b ... c ... d ... e", "more than 3 gaps"),
        ("a " * 301, "longer than 600 characters"),
        ("(" * 9 + "a" + ")" * 9, "nested too deeply"),
        ("[a] " * 12 + "z", "too many ways"),
        ("(a|a*|*a) {0,8} (a|a*) {0,8} (a*|*a) {0,8} z", "too many ways"),
    ],
)
def test_phrase_is_refused(phrase: str, what: str) -> None:
    with pytest.raises(PhraseError) as error:
        parse_phrase(phrase, WORDS)
    assert what in str(error.value)


def test_words_that_name_each_other_in_a_circle_are_refused() -> None:
    with pytest.raises(PhraseError, match="nested too deeply"):
        parse_phrase("@a", {"a": "@b", "b": "@a"})


@pytest.mark.parametrize(
    ("phrase", "anchors"),
    [
        ("a delivery", (Word("delivery"),)),
        ("[immediate] reply", (Word("reply"),)),
        ("(free|fast) on", (Word("free"), Word("fast"))),
        ("garant* nu", (Word("garant", open_end=True),)),
        ("24/7 ja", (Word("24"),)),
        ("svar ... <duration>", (Word("svar"),)),
    ],
)
def test_anchor_is_the_most_selective_word_that_must_be_there(phrase: str, anchors: tuple[Word, ...]) -> None:
    assert parse_phrase(phrase).anchors == anchors


def test_companions_are_the_other_words_that_must_be_there() -> None:
    phrase = parse_phrase("we {0,4} (answer|reply) [always] promptly")
    assert phrase.anchors == (Word("promptly"),)
    assert phrase.companions == ((Word("we"),), (Word("answer"), Word("reply")))


@pytest.mark.parametrize("phrase", ["a {0,8} b {0,8} c {0,8} d", "a* {0,8} *b*", "[a] [a] [a] [a] [a] z"])
@pytest.mark.parametrize("text", ["a " * 2000, "a-" * 2000, "a b c " * 660, "a" * 4000, "a.a " * 1000])
def test_no_text_makes_a_phrase_slow(phrase: str, text: str) -> None:
    pattern = parse_phrase(phrase).pattern
    began = time.process_time()
    pattern.search(text)
    assert time.process_time() - began < 2


@given(st.text(alphabet="ab *()[]|^$<>{}@.,0123'/-æ", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_source_is_a_phrase_or_a_phrase_error(source: str) -> None:
    try:
        phrase = parse_phrase(source, {"a": "ab | ba"})
    except PhraseError:
        return
    phrase.pattern.search("ab ba a b")
    assert phrase.anchors
