"""How the place of a block bears on its sentences."""

from datetime import UTC, datetime

import pytest

from promisecheck.model import Block, Page
from promisecheck.promises.context import standing_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page(
    *blocks: tuple[str, str, tuple[str, ...]], url: str = "https://example.com/om", title: str = "Om os"
) -> Page:
    built, at = [], 0
    for n, (role, text, headings) in enumerate(blocks):
        tag = "blockquote" if role == "quote" else "p"
        role = "text" if role == "quote" else role
        built.append(
            Block(n=n, start=at, end=at + len(text), role=role, tag=tag, text=text, headings=headings)
        )
        at += len(text) + 1
    text = "\n".join(block.text for block in built)
    return Page(
        company_id="c",
        url=url,
        fetched_at=NOW,
        language="da",
        title=title,
        text=text,
        blocks=tuple(built),
        snapshot="s",
    )


@pytest.mark.parametrize(
    ("blocks", "index", "barred"),
    [
        ([("consent", "Vi passer på dine data", ())], 0, "consent banner"),
        ([("quote", "De svarede altid samme dag", ())], 0, "customer's words"),
        ([("text", "“De ringede tilbage inden for en time!”", ())], 0, "customer's words"),
        ([("text", "”Alltid snabbt svar” – Lena, Borås", ())], 0, "customer's words"),
        ([("text", "De svarede samme dag", ("Det siger vores kunder",))], 0, "customer's words"),
        (
            [("text", "★★★★★", ()), ("text", "Svarede på en time", ()), ("text", "Mette K.", ())],
            1,
            "customer's words",
        ),
        (
            [("text", "Jeg anbefaler dem altid", ()), ("text", "Grethe, kunde siden 2009", ())],
            0,
            "customer's words",
        ),
        ([("text", "Ingen binding", ()), ("text", "Ring, så lenge du er kunde.", ())], 0, ""),
        ([("text", "Du svarer kundene samme dag", ("Vi søker en montør",))], 0, "job advertisement"),
        ([("text", "Du packar noga", ("Jobba hos oss", "Så här är du"))], 0, "job advertisement"),
        ([("text", "Vi tilbyder en god kantine", ("Ledige stillinger",))], 0, "job advertisement"),
        ([("text", "Vi svarer inden for 24 timer", ("Kontakt",))], 0, ""),
    ],
)
def test_bars_what_others_say(
    blocks: list[tuple[str, str, tuple[str, ...]]], index: int, barred: str
) -> None:
    assert standing_of(page(*blocks), index).barred == barred


def test_lead_in_makes_promises_of_its_bullets() -> None:
    shown = page(
        ("text", "Vi lover dig:", ()),
        ("list", "Svar samme dag", ()),
        ("list", "Fast pris", ()),
        ("text", "Ring nu", ()),
    )
    assert [standing_of(shown, n).shift > 0 for n in range(4)] == [False, True, True, False]


def test_list_under_a_plain_lead_in_stays_as_it_is() -> None:
    shown = page(("text", "Du skal bruge:", ()), ("list", "Et gyldigt pas", ()))
    assert standing_of(shown, 1).shift == 0


def test_terms_and_buttons_lower_the_odds() -> None:
    terms = page(
        ("text", "Levering sker til kantsten", ()), url="https://example.com/handelsbetingelser.html"
    )
    assert standing_of(terms, 0).shift < 0
    assert standing_of(page(("button", "Køb nu", ())), 0).shift < 0


@pytest.mark.parametrize(
    ("url", "role", "barred"),
    [
        ("https://example.com/job.html", "text", "job advertisement"),
        ("https://example.com/karriere/montoer", "text", "job advertisement"),
        ("https://example.com/bliv-chauffoer.html", "text", "job advertisement"),
        ("https://example.com/job.html", "footer", ""),
        ("https://example.com/blivende-vaerdier", "text", ""),
    ],
)
def test_job_pages_state_no_promises_but_their_footers_may(url: str, role: str, barred: str) -> None:
    assert standing_of(page((role, "Vi svarer samme dag", ()), url=url), 0).barred == barred
