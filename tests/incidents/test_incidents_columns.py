from __future__ import annotations

import pytest

from promisecheck.errors import IncidentFileError
from promisecheck.incidents.columns import FIELDS, check_mapping, guess_mapping
from promisecheck.incidents.headers import HEADERS


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (
            ["Sagsnr.", "Oprettet", "Afsluttet", "Kanal", "Afdeling", "Beskrivelse"],
            ["external_id", "occurred_at", "closed_at", "channel", "party", "details"],
        ),
        (
            ["Ärende-nr", "Skapad datum", "Avslutad", "Kanal", "Avdelning", "Ämne", "Fritext"],
            ["external_id", "occurred_at", "closed_at", "channel", "party", "summary", "details"],
        ),
        (
            ["Saksnummer", "Opprettet dato", "Lukket", "Henvendelseskanal", "Enhet", "Melding"],
            ["external_id", "occurred_at", "closed_at", "channel", "party", "details"],
        ),
        (
            ["Ticket ID", "Created at", "Resolved At", "Channel", "Assigned team", "Description", "Status"],
            ["external_id", "occurred_at", "closed_at", "channel", "party", "details", "status"],
        ),
        (
            ["ventetid (min)", "Antal omstillinger", "Genåbnet", "Aftalt pris", "Opkrævet beløb", "Oppetid"],
            ["queue_minutes", "transfers", "reopened", "price_promised", "price_charged", "uptime"],
        ),
        (
            ["created_at", "first_reply_at", "deadline", "ordered_at", "delivered_at"],
            ["occurred_at", "first_reply_at", "deadline", "ordered_at", "delivered_at"],
        ),
        (
            [
                "Modtaget dato",
                "Tidspunkt for 1. svar",
                "Afsluttet d.",
                "Min. i kø",
                "Betalt beløb",
                "Sagens tekst",
            ],
            ["occurred_at", "first_reply_at", "closed_at", "queue_minutes", "price_charged", "details"],
        ),
        (
            ["Dato for modtagelse", "Dato for første svar", "Tidspunkt for afslutning", "Tid i kø (min)"],
            ["occurred_at", "first_reply_at", "closed_at", "queue_minutes"],
        ),
        (["Beskrivelsse", "Opretet"], ["details", "occurred_at"]),
    ],
)
def test_headers_tell(columns: list[str], fields: list[str]) -> None:
    assert guess_mapping(columns, []) == dict(zip(columns, fields, strict=True))


def test_each_field_guesses_its_own_name() -> None:
    assert all(guess_mapping([name], []) == {name: name} for name in FIELDS)


def test_every_header_word_means_a_field() -> None:
    assert set(HEADERS) == set(FIELDS)


def test_long_text_under_an_unknown_header_is_details() -> None:
    sample = [{"A": "x1", "Hvad skete der": "Jeg ringede tre gange og ingen svarede mig."}]
    assert guess_mapping(["A", "Hvad skete der"], sample) == {"Hvad skete der": "details"}


def test_a_column_of_words_is_no_date_and_no_number() -> None:
    sample = [
        {"Levering": "hjem", "Quote": "Great!", "Oprettet": ""},
        {"Levering": "", "Oprettet": "24.11.2026"},
    ]
    assert guess_mapping(["Leveret", "Quote", "Oprettet"], [{"Leveret": "hjem"}, *sample]) == {
        "Oprettet": "occurred_at"
    }


def test_a_mapping_by_hand_overrides() -> None:
    guessed = {"Oprettet": "occurred_at", "Kanal": "channel", "Tekst": "details"}
    given = {"Dato2": "occurred_at", "Kanal": "-", "Score": "fact:csat"}
    columns = ["Oprettet", "Dato2", "Kanal", "Tekst", "Score"]
    assert check_mapping(given, columns, "a.csv", guessed) == {
        "Dato2": "occurred_at",
        "Tekst": "details",
        "Score": "fact:csat",
    }


@pytest.mark.parametrize(
    ("given", "what", "do"),
    [
        ({"Oprett": "occurred_at"}, "has no column Oprett", "did you mean Oprettet?"),
        ({"Oprettet": "occured_at"}, "there is no field occured_at", "did you mean occurred_at?"),
        ({"Oprettet": "fact:"}, "there is no field fact:", "fields: external_id"),
        ({"zzz": "details"}, "has no column zzz", "columns: Oprettet"),
    ],
)
def test_an_unknown_name_is_answered_with_a_near_one(given: dict[str, str], what: str, do: str) -> None:
    with pytest.raises(IncidentFileError) as caught:
        check_mapping(given, ["Oprettet"], "a.csv", {})
    assert what in caught.value.what
    assert do in caught.value.do
    assert caught.value.where == "a.csv"
