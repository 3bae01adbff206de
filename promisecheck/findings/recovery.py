"""What was done to make up for a broken case: by its columns, by its signals, and by what its text says."""

from __future__ import annotations

import re

from promisecheck.model import Incident, Match

SIGNALLED = ("refunded", "redressed")
# The key that counts the cases in which anything was done; the others can be more than one a case.
ANY = "any"
LONGEST = 20_000
_COLUMNS = {
    "refunded": ("refunded_at", "refunded", "refund", "compensation"),
    "apologised": ("apologised", "apologized", "apology"),
    "called-back": ("called_back", "called_back_at", "callback"),
}
_NO = frozenset({"", "0", "no", "nej", "nei", "false", "none", "ingen", "n"})
_APOLOGISED = re.compile(
    r"\b(?:undskyldning|undskyldte|undskyldt|unnskyldning|unnskyldte|unnskyldt|beklaget|beklagede|beklagade|beklagat|"
    r"vi beklager|vi beklagar|(?:bad|bett|bad kunden|bett kunden) om ursäkt|en ursäkt|ursäktade|"
    r"apologi[sz]ed|apology|apologies|said sorry)\b",
    re.IGNORECASE,
)
_CUSTOMER = r"(?:mig|os|meg|oss|kunden|ham|hende|henne|honom|me|us|him|her|them|(?:the )?customer)"
_CALLED = re.compile(
    rf"\b(?:ringede|ringte|ringde|ringet|ringt)(?: (?:til|til|opp|upp|op))?(?: {_CUSTOMER})\b|"
    r"\b(?:blev|ble|er) (?:ringet|ringt|uppringd|oppringt)\b|\bblev uppringd\b|"
    rf"\b(?:called|rang|phoned) {_CUSTOMER} back\b|\b(?:was|were|got) called back\b|\b(?:got|received) a (?:call ?back)\b",
    re.IGNORECASE,
)
# What takes it back in the same clause: it did not happen, is asked for, or was no more than an excuse.
_NOT = re.compile(
    r"\b(?:ikke|ingen|intet|aldrig|aldri|uden|uten|utan|mangler|saknar|venter|väntar|forvent\w*|förvänt\w*|kræve\w*|"
    r"kreve\w*|kräv\w*|vil have|vil ha|vill ha|burde|borde|kunne|kunde|skulle|hverken|verken|varken|dårlig|dålig|lovede|"
    r"lovet|lovade|inte|not|no|nobody|never|without|nor|neither|demand\w*|expect\w*|await\w*|waiting|owe[ds]?|should|could|"
    r"would|deserve\w*|promised|poor|hvis|om de|if|før|innan|until)\b|n[’']t\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.!?;:\n]| (?:men|but|og så|och sen|and then) ")
_SAID = (("apologised", _APOLOGISED), ("called-back", _CALLED))


def recovery_of(match: Match, done: frozenset[str]) -> frozenset[str]:
    """Return what was done about one broken case (refunded, redressed, apologised, called-back), and ANY with it.

    `done` is what its incident says for itself (`done_in`).
    """
    signalled = frozenset(signal.code for signal in match.signals if signal.code in SIGNALLED)
    every = signalled | done
    return every | {ANY} if every else every


def done_in(incident: Incident) -> frozenset[str]:
    """Return what an incident's columns and text say was done."""
    columns = {code for code, names in _COLUMNS.items() if any(_is_yes(incident, name) for name in names)}
    return frozenset(columns | said_in(incident.text))


def said_in(text: str) -> set[str]:
    """Return which of apologised and called-back a text says were done: an apology asked for is none."""
    short = text[:LONGEST]
    if not any(pattern.search(short) for _, pattern in _SAID):
        return set()
    clauses = [clause for clause in _CLAUSE.split(short) if clause and not _NOT.search(clause)]
    return {code for code, pattern in _SAID if any(pattern.search(clause) for clause in clauses)}


def _is_yes(incident: Incident, name: str) -> bool:
    value = incident.facts.get(name)
    return (
        bool(value)
        if isinstance(value, bool | int | float)
        else str(value or "").strip().casefold() not in _NO
    )
