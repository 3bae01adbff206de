"""SARIF and JUnit XML by their schemas, in every state that a finding can be in, and by what code scanning takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from lxml import etree
from nightly_site import MAIL, Site, page

from promisecheck.model import Review
from promisecheck.nightly.junit import _text
from promisecheck.nightly.sarif import _place
from promisecheck.store import Store

HERE = Path(__file__).parent
SARIF = validator_for(json.loads((HERE / "sarif_schema.json").read_text(encoding="utf-8")))
JUNIT = etree.XMLSchema(etree.parse(HERE / "junit_schema.xsd"))


def results(nights: Any) -> list[dict[str, Any]]:
    """Run a night, validate both files, and return the results of the SARIF log."""
    sarif, junit = nights.folder / "out.sarif", nights.folder / "out.xml"
    nights.run("--sarif", str(sarif), "--junit", str(junit))
    log = json.loads(sarif.read_text(encoding="utf-8"))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    JUNIT.assertValid(etree.parse(junit))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for one in run["results"]:
        assert rules[one["ruleIndex"]] == one["ruleId"]
    return list(run["results"])


def test_every_state_is_valid(nights, site: Site) -> None:
    assert [one["baselineState"] for one in results(nights)] == ["new"]
    assert [one["baselineState"] for one in results(nights)] == ["unchanged"]
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    assert [one["baselineState"] for one in results(nights)] == ["updated"]
    with Store.open(nights.database) as store:
        (broken,) = store.load_findings(verdicts=["contradicted"])
        store.save_review(Review(
            finding_id=broken.id, decision="accepted-until", reason="new staff <from> & May\x07", reviewer="anna",
            decided_at=datetime.now(UTC), expires_at=datetime.now(UTC) + timedelta(days=2),
        ))  # fmt: skip
    assert [len(one["suppressions"]) for one in results(nights)] == [1]
    site.down = True
    assert [one["properties"]["seen"] for one in results(nights)] == [False]


def test_withdrawn_promise_is_absent(nights, site: Site) -> None:
    results(nights)
    site.pages["/kontakt.html"] = page("Kontakt", MAIL)
    results(nights)
    assert [one["baselineState"] for one in results(nights)] == ["absent"]


def test_failed_company_is_valid_too(nights) -> None:
    nights.log.unlink()
    assert results(nights) == []


def test_code_scanning_takes_every_place(nights) -> None:
    """GitHub takes paths only, wants a line, and wants three texts of a rule."""
    (one,) = results(nights)
    place = one["locations"][0]["physicalLocation"]
    host = nights.site.address.replace(":", "_")
    assert place["artifactLocation"]["uri"] == f"{host}/kontakt.html"
    assert place["region"]["startLine"] == 1
    log = json.loads((nights.folder / "out.sarif").read_text(encoding="utf-8"))
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://www.example.com/kontakt?x=1#y", "www.example.com/kontakt"),
        ("https://example.com", "example.com"),
        ("https://example.com/", "example.com"),
        ("http://localhost:3000/a/b/", "localhost_3000/a/b"),
        ("https://example.com/løfter og priser", "example.com/l%C3%B8fter%20og%20priser"),
        ("https://example.com/l%C3%B8fter", "example.com/l%C3%B8fter"),
        ("https://me:secret@example.com/x", "example.com/x"),
    ],
)
def test_address_becomes_a_path(url: str, place: str) -> None:
    assert _place(url) == place


def test_junit_holds_no_sign_that_xml_cannot() -> None:
    assert _text("a\x07b\ud800c\ufffed\n") == "a\ufffdb\ufffdc\ufffdd\n"
