"""Findings as JUnit XML: a suite for each company, a case for each promise, a failure where it is broken."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from promisecheck.nightly.night import CompanyNight, Night
from promisecheck.nightly.standing import Standing
from promisecheck.report.speech import Speech, speech
from promisecheck.report.words import headline

# XML 1.0 has no way to write these, not even as references.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(night: Night, path: Path) -> None:
    """Write the promises of a night as test cases."""
    tree = ElementTree(junit_of(night))
    indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def junit_of(night: Night) -> Element:
    """Return the root element; counts of suites are those of the cases in them."""
    root = Element("testsuites", name="promisecheck")
    say = speech("en")
    for company in night.companies:
        _suite(root, company, say)
    # Some readers know no skipped count of all suites together.
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    return root


def _suite(root: Element, company: CompanyNight, say: Speech) -> None:
    took = _took(company)
    suite = SubElement(
        root, "testsuite", name=_text(company.company.name), id=_text(company.company.id), time=took
    )
    if company.failure:
        case = SubElement(
            suite, "testcase", name="the website is checked", classname=_text(company.company.id), time="0"
        )
        SubElement(case, "error", message=_text(company.failure))
    for standing in company.standings:
        if standing.state != "absent":
            _case(suite, standing, say)
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))


def _case(suite: Element, standing: Standing, say: Speech) -> None:
    finding, promise = standing.finding, standing.promise
    case = SubElement(
        suite,
        "testcase",
        name=_text(promise.quote),
        classname=_text(f"{finding.company_id}.{promise.theme}"),
        time="0",
        file=_text(promise.url),
    )
    said = _text(headline(finding, promise, (), say))
    if standing.suppressed is not None:
        SubElement(case, "skipped", message=_text(f"accepted: {standing.suppressed.reason}"))
    elif finding.verdict == "contradicted":
        failure = SubElement(case, "failure", message=said, type=finding.verdict)
        failure.text = _text(f"{promise.quote}\n{promise.url}\nfinding {finding.id}, {standing.state}")
    elif not standing.seen:
        SubElement(case, "skipped", message="not seen: the page could not be read")
    elif finding.verdict in ("no-evidence", "not-measurable", "not-checked"):
        SubElement(case, "skipped", message=said)


def _took(company: CompanyNight) -> str:
    run = company.result.run if company.result else None
    if run is None or run.finished_at is None:
        return "0"
    return f"{max(0.0, (run.finished_at - run.started_at).total_seconds()):.3f}"


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
