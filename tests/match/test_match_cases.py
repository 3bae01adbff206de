"""The cases that a careful reader keeps apart: whose mistake it was, who did it, how long it took, what was put right."""

from __future__ import annotations

import pytest

from promisecheck.match import judge_pair
from promisecheck.match.signals import read_incident

REPLY = "Vi svarer inden for 24 timer."
DELIVERY = "Levering på 1-3 hverdage."
QUEUE = "Du venter højst 5 minutter i telefonen."
STABLE = "Stabilt internet uden udfald."

SILENT_ON = [
    # the customer's own mistake
    (DELIVERY, "Det var min egen fejl, at pakken aldrig kom frem: jeg havde tastet forkert adresse."),
    ("Your parcel always arrives.", "It was my own fault that the parcel never came, I had typed the wrong address."),
    # what another company did
    (QUEUE, "Jeg har siddet 40 minutter i kø hos elnetselskabet. Det var ikke jer."),
    (STABLE, "Hos mit gamle teleselskab var nettet elendigt."),
    # how long it took is not told
    (DELIVERY, "Jeg venter stadig på pakken."),
    (REPLY, "Jeg venter på svar."),
    ("Leverans inom 3 arbetsdagar.", "Jag väntar fortfarande på paketet."),
    ("We reply within 24 hours.", "I am still waiting for a reply."),
    # another touchpoint
    (REPLY, "Maden var kold, og betjeningen var sur."),
    ("Friendly staff.", "The connection drops every night."),
    # what might happen, and a quoted promise
    (STABLE, "Hvad nu hvis nettet ryger?"),
    (REPLY, "I skriver, at I svarer inden for 24 timer. Kan jeg ringe i stedet?"),
    # how long a notice or an offer runs was not waited
    (REPLY, "De gav mig 8 dages tilbud og 90 dages opsigelse på mail."),
    (DELIVERY, "Der er 30 dages returret på pakken."),
    ("Leverans inom 3 arbetsdagar.", "Paketet har 30 dagars öppet köp."),
    # whether the condition was met is not told
    ("Har vi varen hjemme, sender vi den samme dag.", "Varen blev sendt efter tre uger."),
    # how long one has been a customer
    (REPLY, "Jeg har været kunde i 12 år."),
]  # fmt: skip

BROKEN_BY = [
    (REPLY, "Jeg fik først svar efter 9 dage."),
    (REPLY, "Jeg fik svar efter 9 dage, men I beklagede og gav mig en måned gratis."),
    (DELIVERY, "Pakken kom efter 14 dage."),
    (QUEUE, "Jeg sad 52 minutter i telefonkø. Alle var søde."),
    (STABLE, "Prisen er god, men forbindelsen ryger hver aften og er elendig."),
    ("Stabil uppkoppling.", "Bra pris men uppkopplingen är usel och bryts varje kväll."),
    ("No hidden fees.", "A hidden fee of 49 was put on my bill that nobody had told me about."),
]

KEPT_BY = [
    (DELIVERY, "Fik pakken efter to dage."),
    ("We reply within 24 hours.", "I got an answer after two hours."),
    ("Vi har venlige medarbejdere.", "Medarbejderen var utrolig venlig og hjælpsom."),
    ("Hurtig levering.", "Lynhurtig levering, pakken kom dagen efter."),
    ("Nöjda kunder är viktigt för oss.", "Snabb leverans och trevligt bemötande, jag är mycket nöjd!"),
    ("Easy to order.", "It was very easy to order on the website, no problems at all."),
]


@pytest.mark.parametrize(("promise", "incident"), SILENT_ON)
def test_silent(promise: str, incident: str) -> None:
    assert judge_pair(promise, incident).outcome != "breaks"


@pytest.mark.parametrize(("promise", "incident"), BROKEN_BY)
def test_breaks(promise: str, incident: str) -> None:
    assert judge_pair(promise, incident).outcome == "breaks"


@pytest.mark.parametrize(("promise", "incident"), KEPT_BY)
def test_keeps(promise: str, incident: str) -> None:
    assert judge_pair(promise, incident).outcome == "keeps"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Vi har rejst med jer i ti år og er kommet for sent nul gange."),
        ("sv", "Har åkt med er i åratal och kommit för sent noll gånger."),
        ("en", "I have used your train for years and was late zero times."),
        ("nb", "Har tatt toget hver uke i elleve år og kommet for sent til flyet null ganger."),
    ],
)
def test_zero_times_is_no_lapse(language, text):
    signals = read_incident(text, language, None).signals
    assert [s.status for s in signals if s.status == "broken"] == []
