"""What an id survives and what changes it."""

from __future__ import annotations

import time

import pytest

from promisecheck.model import Promise, gist


def promise(quote: str) -> Promise:
    return Promise(company_id="a", theme="speed", kind="quantified", url="http://a.example", language="da",
                   quote=quote, start=0, end=len(quote), metric="first-reply")  # fmt: skip


PLAIN = "Skriv til kundeservice@example.com, så svarer vi inden for 24 timer."


@pytest.mark.parametrize(
    "quote",
    [
        "Skriv til [email\u00a0protected], så svarer vi inden for 24 timer.",
        "Skriv til kundeservice [at] example [dot] com, så svarer vi inden for 24 timer.",
        "Skriv til kundeservice(a)example.com, så svarer vi inden for 24 timer.",
        "SKRIV til  help@example.org,\nså svarer vi inden for 24 timer.",
    ],
)
def test_an_obfuscated_mail_address_keeps_the_id(quote: str) -> None:
    assert promise(quote).id == promise(PLAIN).id


@pytest.mark.parametrize(
    "quote", ["Let for kunden", "Let for kunden.", "LET FOR KUNDEN!", "Let for kunden ."]
)
def test_a_full_stop_is_no_other_promise(quote: str) -> None:
    assert promise(quote).id == promise("Let for kunden").id


@pytest.mark.parametrize(
    "quote", [PLAIN.replace("24", "48"), PLAIN.replace("timer", "dage"), "Skriv til os (24 timer i døgnet)."]
)
def test_other_words_change_it(quote: str) -> None:
    assert promise(quote).id != promise(PLAIN).id


@pytest.mark.parametrize("text", ["a" * 200_000 + "@", "a@" * 50_000, "[at] " * 50_000, "a@b." * 50_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.process_time()
    gist(text)
    assert time.process_time() - began < 2.0
