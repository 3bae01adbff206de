"""Same scope or no finding: the thing, the case, the country and the order value that a promise reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from promisecheck.match import match
from promisecheck.match.claim import claim_of_text
from promisecheck.match.reach import Reach, groups_meant, groups_told, lies_outside
from promisecheck.match.site import Statement, judge_statement, sense_of
from promisecheck.model import Incident, Measure, Promise

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def promise(quote: str, language: str = "da", **more: object) -> Promise:
    fields = {
        "company_id": "c", "kind": "guarantee", "url": "https://c.example/", "language": language, "start": 0,
        "end": len(quote), "theme": "price", "quote": quote,
    }  # fmt: skip
    return Promise(**{**fields, **more})  # type: ignore[arg-type]


def outcome(made: Promise, text: str, language: str = "da", **more: object) -> str:
    fields = {
        "company_id": "c", "source": "log", "external_id": "1", "occurred_at": NOW - timedelta(days=9),
        "closed_at": NOW, "language": language, "details": text,
    }  # fmt: skip
    found = list(match([made], [Incident(**{**fields, **more})], now=NOW))  # type: ignore[arg-type]
    return found[0].outcome if found else "nothing"


SUBJECTS = [
    ("da", "Vi ombytter defekte varer uden beregning.", {"exchange"}, {"defect"}),
    ("da", "Går den i stykker, får du en ny.", {"exchange"}, {"defect"}),
    ("da", "Er bussen forsinket, betaler vi din taxa.", {"compensation"}, {"delay"}),
    ("da", "30 dages fuld fortrydelsesret.", {"return"}, set()),
    ("nb", "Ingen bindingstid.", {"binding"}, set()),
    ("sv", "Alltid fri retur.", {"return"}, set()),
    ("sv", "Går något sönder skickar vi en ny.", {"exchange"}, {"defect"}),
    ("en", "The router is included in the price.", {"included"}, set()),
    ("en", "If we cancel your flight, you have your money back.", {"money-back"}, {"cancel"}),
    ("en", "No templates, no robots.", {"standard-reply"}, set()),
    ("da", "Vores medarbejdere hjælper dig gerne, hvis du er i tvivl om billetten.", set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "subjects", "given"), SUBJECTS)
def test_what_a_promise_is_about_and_in_which_case(
    language: str, text: str, subjects: set[str], given: set[str]
) -> None:
    reach = claim_of_text(text, language, None).reach
    assert (given <= reach.given, set(reach.objects)) == (True, subjects)


EXCHANGE = promise("Vi ombytter defekte varer uden beregning.")
CALLBACK = promise("Vi ringer altid tilbage.", theme="availability")
RETURN = promise("30 dages fuld returret på alt.", theme="price")
SAME_THING = [
    (EXCHANGE, "Boksen var defekt, og de nægtede at ombytte den. De vil ikke ombytte noget.", "breaks"),
    (EXCHANGE, "Regningen er forkert, og der er kommet et skjult gebyr på 49 kr.", "nothing"),
    (EXCHANGE, "Boksen er defekt. Ingen kompensation fik jeg.", "nothing"),
    (RETURN, "Ingen kompensation for de dage, vi ikke havde net.", "nothing"),
    (RETURN, "De nægter at tage varen retur, selv om den er ubrugt, og vil ikke refundere.", "breaks"),
    (CALLBACK, "De lovede at ringe tilbage, men har aldrig ringet tilbage.", "breaks"),
    (CALLBACK, "Sad 55 minutter i telefonkø.", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "text", "expected"), SAME_THING)
def test_a_firm_promise_needs_the_same_thing(made: Promise, text: str, expected: str) -> None:
    assert outcome(made, text) == expected


CHARGED = {"price_promised": 199.0, "price_charged": 298.0}
CHARGES = [
    ("Prisen, du ser, er prisen, du betaler.", "Fakturaen er på 298.", "breaks"),
    ("Prisen ligger fast i seks måneder.", "Fakturaen er på 298.", "nothing"),
    ("Routeren er med i prisen.", "Fakturaen er på 298.", "nothing"),
    ("Ingen skjulte gebyrer.", "Der var en fejl, sagde de.", "nothing"),
    ("Ingen skjulte gebyrer.", "Der er lagt et gebyr oveni, som aldrig er nævnt.", "breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "text", "expected"), CHARGES)
def test_what_was_charged_measures_only_what_was_said_of_the_charge(
    quote: str, text: str, expected: str
) -> None:
    assert outcome(promise(quote), text, facts=CHARGED) == expected


DAYS = Measure(kind="duration", compare="between", value=1, high=3, unit="working-day")
SWEDEN = promise(
    "Leverans inom Sverige på 1–3 arbetsdagar", "sv", kind="quantified", metric="delivery", measure=DAYS
)
ABROAD = promise(
    "Till Norge och Danmark tar det 1–3 arbetsdagar.",
    "sv",
    kind="quantified",
    metric="delivery",
    measure=DAYS,
)
COUNTRIES = [
    (SWEDEN, "SE", 5, "breaks"), (SWEDEN, "NO", 5, "silent"), (SWEDEN, "", 5, "breaks"),
    (ABROAD, "NO", 2, "keeps"), (ABROAD, "SE", 2, "silent"), (ABROAD, "DK", 9, "breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "country", "days", "expected"), COUNTRIES)
def test_another_country_lies_outside(made: Promise, country: str, days: float, expected: str) -> None:
    facts = {"delivery_working_days": days, **({"country": country} if country else {})}
    assert outcome(made, "Utlämnad.", "sv", facts=facts) == expected


FREE = promise("Fri frakt över 499 kr.", "sv")
ORDERS = [(389.0, "nothing"), (899.0, "breaks"), (None, "breaks")]


@pytest.mark.parametrize(("order", "expected"), ORDERS)
def test_an_order_below_the_threshold_lies_outside(order: float | None, expected: str) -> None:
    facts = {} if order is None else {"order_value": order}
    text = "Fick betala frakt: en dold avgift på 49 kr för frakten."
    assert outcome(FREE, text, "sv", facts=facts) == expected


SPEED = promise("Du får altid den hastighed, du betaler for.", theme="quality")
MEASURED = [("", "breaks"), ("kabel", "breaks"), ("wifi", "nothing"), ("trådløst", "nothing")]


@pytest.mark.parametrize(("by", "expected"), MEASURED)
def test_a_speed_measured_over_the_air_says_nothing_of_the_line(by: str, expected: str) -> None:
    facts = {"speed_promised": 500.0, "speed_delivered": 40.0, **({"measured_by": by} if by else {})}
    assert outcome(SPEED, "Måling.", facts=facts) == expected


MENTIONED = [
    ("Du behøver ikke være tekniker.", "ease", "Teknikeren kom aldrig.", "nothing"),
    ("Let for kunden.", "ease", "Blev stillet om tre gange og sad 50 minutter i kø.", "breaks"),
]


@pytest.mark.parametrize(("quote", "theme", "text", "expected"), MENTIONED)
def test_a_value_is_not_about_what_it_merely_mentions(
    quote: str, theme: str, text: str, expected: str
) -> None:
    assert outcome(promise(quote, theme=theme, kind="value"), text) == expected


CHARGED_FOR = [
    ("Alltid fri retur", "Vid retur dras 49 kr av från återbetalningen.", "contradicts"),
    ("Alltid fri retur", "Frakten kostar 49 kr.", "compatible"),
    ("Alltid fri retur", "Fri frakt över 499 kr och alltid fri retur på allt.", "compatible"),
]


@pytest.mark.parametrize(("quote", "statement", "relation"), CHARGED_FOR)
def test_what_is_promised_free_and_charged_for_elsewhere(quote: str, statement: str, relation: str) -> None:
    made = promise(quote, "sv", strength="absolute")
    sense = sense_of(Statement(text=statement, language="sv", url="https://c.example/terms"))
    assert judge_statement(made, sense).relation == relation


def test_minutes_of_waiting_are_a_queue_in_the_chat_too() -> None:
    five = Measure(kind="duration", compare="at-most", value=5, unit="minute")
    made = promise("I chatten venter du højst 5 minutter.", metric="queue", measure=five, kind="quantified")
    assert outcome(made, "Hvor er koden?", facts={"queue_minutes": 3.0}, channel="Chat") == "keeps"
    assert outcome(made, "Hvor er koden?", facts={"queue_minutes": 9.0}, channel="Chat") == "breaks"


@pytest.mark.parametrize(
    ("quote", "language", "group"),
    [
        ("Gratis fragt for medlemmer.", "da", "members"),
        ("Fri frakt til alle våre medlemmer.", "nb", "members"),
        ("Free delivery for business customers.", "en", "business"),
        ("Rabatt för studenter.", "sv", "students"),
        ("Vores virksomhed holder, hvad den lover.", "da", ""),
        ("Vi svarer inden for 24 timer.", "da", ""),
    ],
)
def test_whom_a_promise_is_for(quote: str, language: str, group: str) -> None:
    assert "".join(groups_meant(quote, language)) == group


@pytest.mark.parametrize(
    ("promised", "column", "text", "outside"),
    [
        ("business", "Privat", "", True),
        ("business", "Erhverv", "", False),
        ("business", "", "Vi er en virksomhed med ti ansatte.", False),
        ("private", "", "Vi er en virksomhed med ti ansatte.", True),
        ("members", "ikke-medlem", "", True),
        ("members", "Erhverv", "", False),
        ("students", "pensionist", "", True),
        ("students", "", "I er en elendig virksomhed.", False),
        ("", "Erhverv", "", False),
    ],
)
def test_another_customer_group_lies_outside(promised: str, column: str, text: str, outside: bool) -> None:
    facts = {"customers": column} if column else {}
    reason = lies_outside(Reach(customers=promised), facts, frozenset(), groups_told(text, "da"))
    assert bool(reason) == outside
    if outside:
        assert reason.endswith(f"the promise is for {promised}.")
