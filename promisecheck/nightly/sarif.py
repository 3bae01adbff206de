"""Findings as SARIF 2.1.0, with the baseline state of each: for code scanning and other pipelines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from promisecheck import __version__
from promisecheck.nightly.night import Night
from promisecheck.nightly.standing import Standing
from promisecheck.report.speech import Speech, speech
from promisecheck.report.words import headline

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"contradicted": "error", "at-risk": "warning"}
NO_RULE = "promise"


def write_sarif(night: Night, path: Path) -> None:
    """Write the contradicted and endangered promises of a night."""
    path.write_text(json.dumps(sarif_of(night), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def sarif_of(night: Night) -> dict[str, Any]:
    """Return the SARIF log; it holds no word of any incident."""
    shown = [one for company in night.companies for one in company.standings if _is_shown(one)]
    say = speech("en")
    rules = sorted({_rule_id(one) for one in shown})
    driver = {
        "name": "promisecheck", "version": __version__, "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"promisecheck/{night.run.id}"},
        "results": [_result(one, rules.index(_rule_id(one)), say) for one in shown],
    }  # fmt: skip
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule_id: str) -> dict[str, Any]:
    """Return a rule with all that code scanning asks for."""
    theme = rule_id.split(".")[1] if rule_id.count(".") else rule_id
    return {
        "id": rule_id, "shortDescription": {"text": f"Broken promise ({theme})"},
        "fullDescription": {"text": f"A service promise on the website ({theme}) that the incident log contradicts."},
        "help": {"text": "Keep the promise, or change the words on the page; `promisecheck review` shows the cases."},
        "properties": {"tags": ["service-promise", theme]},
    }  # fmt: skip


def _place(url: str) -> str:
    """Return a page's address as a path: code scanning takes no other address than a file's."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].replace(":", "_")
    return quote(unquote(f"{host}{parts.path or '/'}").rstrip("/") or host)


def _is_shown(standing: Standing) -> bool:
    return standing.state == "absent" or standing.finding.verdict in LEVELS


def _rule_id(standing: Standing) -> str:
    return (
        standing.promise.rule_id or f"{standing.promise.language or 'any'}.{standing.promise.theme}.{NO_RULE}"
    )


def _result(standing: Standing, rule: int, say: Speech) -> dict[str, Any]:
    finding, promise = standing.finding, standing.promise
    said = headline(finding, promise, (), say)
    return {
        "ruleId": _rule_id(standing), "ruleIndex": rule,
        "level": LEVELS.get(finding.verdict, "note"), "baselineState": standing.state,
        "message": {"text": f"“{promise.quote}” — {said} {promise.url}"},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": _place(promise.url)},
            "region": {"startLine": 1, "snippet": {"text": promise.quote}},
        }}],
        "partialFingerprints": {"findingId/v1": finding.id},
        "suppressions": _suppressions(standing),
        "properties": {
            "company": finding.company_id, "url": promise.url, "start": promise.start, "end": promise.end,
            "verdict": finding.verdict, "theme": promise.theme,
            "severity": finding.severity, "broken": finding.broken, "relevant": finding.relevant,
            "seen": standing.seen,
        },
    }  # fmt: skip


def _suppressions(standing: Standing) -> Iterable[Mapping[str, str]]:
    review = standing.suppressed
    if review is None:
        return []
    until = f" (until {review.expires_at:%Y-%m-%d})" if review.expires_at else ""
    return [{"kind": "external", "status": "accepted", "justification": f"{review.reason}{until}"}]
