"""What counts as made up for: an apology given, a call back made, money returned; not what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from promisecheck.findings.recovery import done_in, recovery_of, said_in
from promisecheck.model import Incident, Match, Signal


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Jeg ventede en uge. Til sidst fik jeg en undskyldning.", {"apologised"}),
        (
            "Medarbejderen undskyldte mange gange og ringede mig op dagen efter.",
            {"apologised", "called-back"},
        ),
        ("Beklaget over for kunden, tre gratis måneder givet.", {"apologised"}),
        ("Ringede til kunden og forklarede forsinkelsen.", {"called-back"}),
        ("Jeg blev ringet op to timer senere.", {"called-back"}),
        ("Jeg ringede tilbage tre gange uden held.", set()),
        ("Undskyld, men det kan I ikke være bekendt.", set()),
        ("Ikke engang en undskyldning fik jeg.", set()),
        ("Jeg kræver en undskyldning og pengene tilbage.", set()),
        ("De lovede at ringe mig op, men ringede aldrig.", set()),
        ("De ringede mig aldrig op.", set()),
        ("Jeg venter stadig på at blive ringet op.", set()),
        ("Vi fikk en unnskyldning på telefonen.", {"apologised"}),
        ("Ringt kunden og beklaget at farten har vært lav.", {"apologised", "called-back"}),
        ("De ringte meg tilbake samme dag.", {"called-back"}),
        ("Ingen unnskyldning, ingenting.", set()),
        ("Butiken bad om ursäkt och skickade en ny.", {"apologised"}),
        ("Handläggaren ringde upp mig dagen därpå.", {"called-back"}),
        ("Jag blev uppringd på kvällen.", {"called-back"}),
        ("Jag fick aldrig en ursäkt.", set()),
        ("Ingen ringde mig.", set()),
        ("They apologised and sent a new one.", {"apologised"}),
        ("The agent called me back within the hour.", {"called-back"}),
        ("I got an apology, but the parcel never came.", {"apologised"}),
        ("Nobody apologised.", set()),
        ("They never called me back.", set()),
        ("I expect an apology.", set()),
        ("", set()),
    ],
)
def test_what_the_text_says(text: str, done: set[str]) -> None:
    assert said_in(text) == done


@pytest.mark.parametrize(
    ("facts", "done"),
    [
        ({"refunded_at": "2026-11-02T10:00:00+01:00"}, {"refunded"}),
        ({"refunded": True, "apologised": "ja"}, {"refunded", "apologised"}),
        ({"refunded": False, "apologised": "nej", "compensation": 0}, set()),
        ({"called_back": 1}, {"called-back"}),
        ({"compensation": 250.0}, {"refunded"}),
        ({}, set()),
    ],
)
def test_what_the_columns_say(facts: dict[str, Any], done: set[str]) -> None:
    incident = Incident(company_id="c", source="s", external_id="1", details="Den kom ikke.", facts=facts)
    match = Match(promise_id="p", evidence_id=incident.id, evidence_kind="fact", outcome="breaks", score=1.0)
    assert recovery_of(match, done_in(incident)) == done | ({"any"} if done else set())


def test_what_the_signals_say() -> None:
    said = Signal(theme="guarantee", status="kept", code="redressed", quote="", start=0, end=0, score=0.9)
    incident = Incident(company_id="c", source="s", external_id="1")
    match = Match(
        promise_id="p",
        evidence_id=incident.id,
        evidence_kind="fact",
        outcome="breaks",
        score=1.0,
        signals=(said,),
    )
    assert recovery_of(match, done_in(incident)) == {"redressed", "any"}
