"""What Datasette is told of a redacted copy: labels, facets, order, and every table and column in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

VERDICTS = (
    "contradicted: the cases speak against it; at-risk: some do, too few to say so; kept: what was measured bears "
    "it out; no-evidence: the log says nothing of it; not-measurable: it names nothing that can be counted; "
    "not-checked: its page or the log could not be read"
)
TABLES: dict[str, dict[str, Any]] = {
    "companies": {
        "description": "The companies whose websites were read.",
        "label_column": "name",
        "sort": "name",
        "columns": {"home_url": "Where the crawl began.", "country": "Whose holidays count."},
    },
    "promises": {
        "description": "What the websites promise, word for word as it stands on the page.",
        "label_column": "quote",
        "facets": ["company_id", "theme", "kind", "strength"],
        "sort_desc": "last_seen",
        "columns": {
            "quote": "The sentence as it stands on the page.",
            "kind": "quantified: with a number; guarantee: a commitment; value: how the company wants to be.",
            "strength": "absolute: without exception; firm; hedged: with a reservation such as “normally”.",
            "metric": "What would have to be measured to check it.",
            "measure": "The number promised, as JSON.",
            "score": "How sure the reading is that this is a promise, from 0 to 1.",
            "withdrawn_on": "The day from which it stood on the website no more.",
        },
    },
    "incidents": {
        "description": "What customers met, as logged; personal data is covered as well as that can be done by rules.",
        "label_column": "about",
        "facets": ["company_id", "party", "channel", "theme"],
        "sort_desc": "occurred_on",
        "columns": {
            "id": "A running number of this file: it leads to nothing elsewhere.",
            "about": "Its first words.",
            "log": "Which log it came from, without the file's name.",
            "party": "Who served the customer: a department, a partner.",
            "facts": "What was measured of it, as JSON.",
        },
    },
    "signals": {
        "description": "What single passages of the incidents say.",
        "label_column": "quote",
        "facets": ["code", "status", "theme"],
        "sort_desc": "score",
        "columns": {
            "status": "broken: it speaks against promises of its theme; kept: it speaks for them.",
            "code": "What went wrong, or well.",
            "quote": "The passage, with what was covered in the incident covered here, too.",
            "score": "How sure the reading is, from 0 to 1.",
        },
    },
    "matches": {
        "description": "What each incident, or the website's own text, says of each promise.",
        "label_column": "reasons",
        "facets": ["outcome", "evidence_kind", "company_id"],
        "sort_desc": "score",
        "columns": {
            "incident_id": "The incident; empty where the website's own text is the evidence.",
            "evidence_kind": "fact: a measured number; incident: the customer's words; site: the website's own text.",
            "outcome": "breaks: it speaks against the promise; keeps: for it; silent: looked at and not counted.",
            "reasons": "Why, in plain sentences.",
        },
    },
    "findings": {
        "description": "The one conclusion on each promise, the most serious first.",
        "label_column": "promise",
        "facets": ["verdict", "theme", "company_id"],
        "sort_desc": "severity",
        "columns": {
            "promise": "The promise in its own words.",
            "verdict": VERDICTS,
            "severity": "How serious it is: the higher, the sooner it should be looked at.",
            "broken": "Cases counted in which the promise was not kept.",
            "kept": "Cases counted in which it was kept.",
            "relevant": "All cases counted: broken and kept.",
            "rate": "The share kept, from 0 to 1.",
            "low": "The lowest true share that is likely, with so many cases.",
            "high": "The highest true share that is likely.",
            "left_out": "What was looked at and not counted, how often, and why.",
            "indicators": "What speaks against a promise of how the company wants to be, with the number of incidents.",
            "smallest_true_promise": "What could honestly be promised instead.",
        },
    },
    "reviews": {
        "description": "What people decided about the findings; who decided is left out.",
        "label_column": "decision",
        "facets": ["decision"],
        "sort_desc": "decided_on",
        "columns": {
            "decision": "confirmed, dismissed (no contradiction), accepted-until a day, or fixed.",
            "withdrawn_on": "The day on which the decision was taken back.",
        },
    },
}


def metadata_path(database: Path) -> Path:
    """Return where the metadata of a redacted copy is kept: beside it."""
    return database.with_name(f"{database.stem}.metadata.json")


def metadata_of(database: Path) -> dict[str, Any]:
    """Return the metadata of a redacted copy, by the name under which Datasette shows it."""
    tables = {
        "description": "What websites promise, what customers met, and what was concluded.",
        "tables": TABLES,
    }
    return {
        "title": "Promises and what customers met",
        "description": "A redacted copy: names, numbers and addresses of persons are covered, case numbers left out.",
        "databases": {database.stem: tables},
    }
