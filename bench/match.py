"""Measure matching: invented incidents against invented promises, how time grows, memory, and a re-run with 1 % new.

    python bench/match.py [--incidents 10000 30000 100000] [--promises 300]

Nothing is read from a model: words, numbers and facts decide, as in an install without weights.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from datetime import UTC, datetime, timedelta

from promisecheck.clock import WorkCalendar
from promisecheck.findings import find
from promisecheck.match import MatchCache, Matches, match
from promisecheck.model import Incident, Measure, Promise

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OPENINGS = {
    "da": (
        "Hej.",
        "Nu er det nok.",
        "Jeg skriver om min sag.",
        "God dag til jer.",
        "Min mor på 82 er kunde hos jer.",
    ),
    "nb": ("Hei.", "Nå er det nok.", "Jeg skriver om saken min.", "Vi er en familie på fem."),
    "sv": ("Hej.", "Nu får det vara nog.", "Jag skriver om mitt ärende.", "Vi är en familj på fyra."),
    "en": ("Hello.", "Enough is enough.", "I am writing about my case.", "We are a family of five."),
}
SAID = {
    "da": (
        "Jeg ventede {n} minutter i telefonkø.", "Pakken kom efter {n} dage.", "De svarede aldrig på min mail.",
        "Medarbejderen var venlig og hjælpsom.", "Forbindelsen ryger hver aften.", "Regningen var forkert.",
        "Alt gik hurtigt og nemt.", "Jeg er blevet stillet om {n} gange.", "Prisen er fair.",
        "Kan I sende mig en kopi af aftalen?", "Jeg har skiftet adresse.", "Teknikeren dukkede aldrig op.",
    ),
    "nb": (
        "Jeg satt {n} minutter i telefonkø.", "Pakken kom etter {n} dager.", "Dere svarte aldri på e-posten min.",
        "Den ansatte var hyggelig og hjelpsom.", "Nettet er nede hver kveld.", "Fakturaen var feil.",
        "Alt gikk raskt og enkelt.", "Bussen var i rute.", "Kan dere sende en kopi av avtalen?",
    ),
    "sv": (
        "Jag satt {n} minuter i telefonkö.", "Paketet kom efter {n} dagar.", "Ni svarade aldrig på mitt mejl.",
        "Personalen var trevlig och hjälpsam.", "Uppkopplingen bryts varje kväll.", "Fakturan var fel.",
        "Allt gick snabbt och enkelt.", "Varan var trasig.", "Kan ni skicka en kopia av avtalet?",
    ),
    "en": (
        "I waited {n} minutes in the phone queue.", "The parcel came after {n} days.", "You never answered my email.",
        "The staff were friendly and helpful.", "The connection drops every night.", "The bill was wrong.",
        "Everything was quick and easy.", "The item was broken.", "Could you send me a copy of the contract?",
    ),
}  # fmt: skip
PROMISES = {
    "da": (
        ("speed", "quantified", "first-reply", "Vi svarer inden for {n} timer"),
        ("speed", "quantified", "delivery", "Levering på {n} hverdage"),
        ("availability", "quantified", "queue", "Højst {n} minutters ventetid i telefonen"),
        ("ease", "value", "", "Det er let at være kunde nr. {n}"),
        ("personal", "value", "", "Vi møder dig med et smil i butik {n}"),
    ),
    "sv": (
        ("quality", "guarantee", "", "Stabilt nät i område {n}"),
        ("reliability", "guarantee", "", "Fakturan stämmer alltid, avtal {n}"),
        ("quality", "value", "", "Hög kvalitet på alla varor i serie {n}"),
    ),
    "en": (
        ("price", "guarantee", "fee", "No hidden fees on plan {n}"),
        ("information", "guarantee", "", "We keep you informed on route {n}"),
        ("speed", "quantified", "resolution", "Every case solved within {n} days"),
        ("other", "value", "", "Satisfied customers in all {n} towns"),
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--promises", type=int, default=300)
    args = parser.parse_args()
    promises = invent_promises(args.promises)
    calendar = WorkCalendar(country="DK")
    first = 0.0
    for count in args.incidents:
        incidents = invent_incidents(count)
        cache = MatchCache()
        took, found = timed(match(promises, incidents, now=NOW, calendar=calendar, cache=cache))
        first = first or took / count
        print(
            f"{count:>7} incidents x {len(promises)} promises: {took:6.1f} s, {found} matches, "
            f"{1e3 * took / count:.3f} ms an incident ({took / count / first:.2f} of the first size), {memory()}"
        )
    share = len(incidents) // 100
    new = incidents[:-share] + invent_incidents(share, seed=2)
    again = match(promises, new, now=NOW, calendar=calendar, cache=cache, only_new=True)
    rerun, found = timed(again)
    print(
        f"again with 1 % new ({again.read} read anew, {found} matches): {rerun:.2f} s, "
        f"{100 * rerun / took:.1f} % of {took:.1f} s, {memory()}"
    )
    begin = time.process_time()
    findings = find(promises, match(promises, new, now=NOW, calendar=calendar, cache=cache), new, now=NOW)
    spent = time.process_time() - begin
    print(f"{len(findings)} findings from all matches, old and new: {spent:.1f} s, {memory()}")


def timed(matches: Matches) -> tuple[float, int]:
    begin = time.process_time()
    count = sum(1 for _ in matches)
    return time.process_time() - begin, count


def memory() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def invent_promises(count: int) -> list[Promise]:
    wordings = [(language, *one) for language, ones in PROMISES.items() for one in ones]
    promises = []
    for n in range(count):
        language, theme, kind, metric, wording = wordings[n % len(wordings)]
        number = 1 + n // len(wordings)
        unit = {"first-reply": "hour", "queue": "minute", "delivery": "working-day", "resolution": "day"}.get(
            metric
        )
        measure = Measure(kind="duration", compare="at-most", value=number, unit=unit) if unit else None
        quote = wording.format(n=number)
        promises.append(
            Promise(
                company_id="bench", theme=theme, kind=kind, url=f"https://bench.example/{n % 40}", language=language,
                quote=quote, start=0, end=len(quote), metric=metric, measure=measure,
            )  # type: ignore[arg-type]
        )  # fmt: skip
    return promises


def invent_incidents(count: int, seed: int = 1) -> list[Incident]:
    chance = random.Random(seed)
    incidents = []
    for n in range(count):
        language = chance.choice(("da", "nb", "sv", "en"))
        said = chance.sample(SAID[language], chance.randint(1, 4))
        sentences = [chance.choice(OPENINGS[language]), *said, f"Ref. {seed}-{n}."]
        opened = NOW - timedelta(hours=chance.randint(24, 9000))
        facts = {"first_reply_hours": round(chance.expovariate(1 / 20), 1)} if chance.random() < 0.3 else {}
        incidents.append(
            Incident(
                company_id="bench", source="log", external_id=f"{seed}-{n}", occurred_at=opened,
                closed_at=opened + timedelta(hours=30), language=language, party=chance.choice(("A", "B", "C")),
                channel=chance.choice(("mail", "phone", "chat")), facts=facts,
                details=" ".join(sentences).format(n=chance.randint(2, 60)),
            )
        )  # fmt: skip
    return incidents


if __name__ == "__main__":
    main()
