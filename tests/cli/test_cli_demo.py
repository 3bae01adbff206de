"""The demo's findings are the ones that stand in corpora/demo/expected.json, and its five situations come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from promisecheck.cli.app import run

EXPECTED = Path(__file__).resolve().parent.parent.parent / "corpora" / "demo" / "expected.json"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Run the demo once; return company → quote → verdict and counts, as expected.json has them."""
    from promisecheck.store import Store

    out = tmp_path_factory.mktemp("demo")
    assert run(["demo", "--out", str(out)]) == 0
    assert (out / "report.html").stat().st_size > 50_000
    with Store.open(out / "demo.db", create=False) as store:
        promises = {promise.id: promise for promise in store.load_promises()}
        findings = store.load_findings()
    result: dict[str, dict[str, Any]] = {}
    for one in findings:
        entry = {"verdict": one.verdict, "broken": one.broken, "kept": one.kept}
        result.setdefault(one.company_id, {})[promises[one.promise_id].quote] = entry
    return result


def verdict(found: dict[str, dict[str, Any]], company: str, start: str) -> str:
    return next(entry["verdict"] for quote, entry in found[company].items() if start in quote)


@pytest.mark.slow
def test_findings_equal_the_expected_ones(found: dict[str, dict[str, Any]]) -> None:
    assert found == json.loads(EXPECTED.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("company", "start", "expected"),
    [
        ("lynghoej", "Let for kunden", "contradicted"),
        ("lynghoej", "Glade kunder er det, alting drejer sig om", "contradicted"),
        ("lynghoej", "Vi svarer på din mail inden for 24 timer", "contradicted"),
        ("aasund", "Vi lover, at mobilbilletten gælder i alle vores busser", "contradicted"),
        ("havterne", "At least 85 % of our flights land on time", "kept"),
        ("havterne", "Easy, joyful and reliable", "at-risk"),
        ("skarvnett", "Stabil og høy fart", "contradicted"),
    ],
)
def test_situations(found: dict[str, dict[str, Any]], company: str, start: str, expected: str) -> None:
    assert verdict(found, company, start) == expected


@pytest.mark.slow
def test_the_airport_train_has_nothing_against_it(found: dict[str, dict[str, Any]]) -> None:
    assert not [
        q for q, entry in found["vingtoget"].items() if entry["verdict"] in ("contradicted", "at-risk")
    ]
