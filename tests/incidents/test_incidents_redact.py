from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promisecheck.incidents import redact_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("skriv til a.b+c@firma-navn.dk nu", "skriv til [email] nu"),
        ("CPR 010190-1234.", "CPR [cpr]."),
        ("cpr 0101901234", "cpr [cpr]"),
        ("fødselsnummer 010190 12345", "fødselsnummer [fnr]"),
        ("personnummer 19811218-9876", "personnummer [personnummer]"),
        ("personnummer 811218-9876", "personnummer [personnummer]"),
        ("kort 4111 1111 1111 1111 trukket", "kort [card] trukket"),
        ("IBAN DK50 0040 0440 1162 43", "IBAN [iban]"),
        ("ring 22 33 44 55", "ring [phone]"),
        ("ring 2233-4455", "ring [phone]"),
        ("call 02036336151", "call [phone]"),
        ("på Kungsgatan 140-142, Malmö", "på [address], Malmö"),
        ("ring +47 912 34 567 i dag", "ring [phone] i dag"),
        ("på 070-123 45 67", "på [phone]"),
        ("bor Nørregade 12, 2. th, 8000 Aarhus", "bor [address]"),
        ("bor på Storgatan 12, 111 22 Stockholm", "bor på [address]"),
        ("bor i Storgata 5B, 0155 Oslo", "bor i [address]"),
        ("Hej Mette, tak", "Hej [name], tak"),
        ("Hej Hans, tak", "Hej [name], tak"),
        ("Tak.\nVenlig hilsen\nKarla Vindstrup", "Tak.\nVenlig hilsen\n[name]"),
        ("Mvh Ditte", "Mvh [name]"),
        ("jag heter Sixten Bro och", "jag heter [name] och"),
        ("My name is Joan Smith.", "My name is [name]."),
        ("talte med Anders Jensen i dag", "talte med [name] i dag"),
        ("Mettes kollega", "[name]s kollega"),
    ],
)
def test_what_is_personal_becomes_a_tag(text: str, expected: str) -> None:
    assert redact_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vi ventede 24 timer. Mvh. Kundeservice",
        "Hej Kundeservice, jeg har ventet siden 24. november",
        "ordre 45678912 blev ikke leveret",
        "fakturanr. 12345678 lød på 1 299 kr.",
        "det kostede 12 345 678 kr. i alt",
        "den 24-11-2026 kl. 14.05 og 2026-11-24 14:05:00",
        "Hans pakke kom ikke, og Inga dolda avgifter",
        "Even if I called 3 times",
        "Svar inden for 1-2 hverdage",
        "10.000.000 brugere",
        "åbent 06.00 – 24.00, fre 0800-2100, 2026–2036",
        "org.nr 922 997 454",
        "",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact_text(text) == text


@given(st.text(max_size=80))
def test_nothing_makes_it_raise_and_twice_is_once(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once).count("[") >= once.count("[")
