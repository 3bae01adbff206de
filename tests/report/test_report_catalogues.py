"""Everything said to a reader is in the catalogues of all languages, with the same values in it."""

from __future__ import annotations

import re
from dataclasses import replace
from gettext import NullTranslations
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from report_values import ALL_MATCHES, COMPANY, FINDINGS, INCIDENTS, PROMISES, review, view

import promisecheck
from promisecheck.model import THEMES, VERDICTS, Company, Measure
from promisecheck.report import UI_LANGUAGES, pick_language
from promisecheck.report.html import render_html
from promisecheck.report.journey import STAGES
from promisecheck.report.speech import speech
from promisecheck.report.view import STATES

ROOT = Path(promisecheck.__file__).parent
KEYWORDS: Any = {"say": None, "plural": (1, 2), "template": None}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]


def catalogue(language: str) -> Catalog:
    with (files("promisecheck.report") / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


CATALOGUES = {language: catalogue(language) for language in UI_LANGUAGES}


def said() -> set[str]:
    found = set()
    for room in ("report", "web"):
        for _, _, message, _, _ in extract_from_dir(ROOT / room, METHODS, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    have = {m.id if isinstance(m.id, str) else m.id[0] for m in CATALOGUES[language] if m.string}
    assert said() - have == set()


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_no_message_is_stale(language: str) -> None:
    plain = {
        m.id if isinstance(m.id, str) else m.id[0] for m in CATALOGUES[language] if m.id and not m.context
    }
    assert plain - said() == set()


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    return {(m.context, str(m.id)) for m in catalog if m.context}


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_every_group_is_whole(language: str) -> None:
    have = keys(CATALOGUES[language])
    assert have == keys(CATALOGUES["en"])
    for group, members in (("verdict", VERDICTS), ("theme", THEMES), ("stage", STAGES), ("state", STATES)):
        assert {(group, key) for key in members} <= have
    assert all(m.string for m in CATALOGUES[language])


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_translations_hold_the_same_values(language: str) -> None:
    for message in CATALOGUES[language]:
        if not message.id or message.context:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = {name for text in ids for name in fields_of(text)}
        for text in strings:
            assert fields_of(str(text)) <= wanted, message.id
            assert wanted - fields_of(str(text)) <= {"n"}, message.id


@pytest.mark.parametrize(
    ("wanted", "language"),
    [(["da-DK", "en"], "da"), (["nn-NO"], "nb"), (["no"], "nb"), (["fi", "sv-FI"], "sv"), (["fi"], ""), ([], "")],
)  # fmt: skip
def test_language_of_a_browser(wanted: list[str], language: str) -> None:
    assert pick_language(wanted) == language


@pytest.mark.parametrize(
    ("measure", "language", "words"),
    [
        (Measure(kind="duration", compare="at-most", value=24, unit="hour"), "sv", "24 timmar"),
        (
            Measure(kind="duration", compare="between", value=1, high=2, unit="working-day"),
            "da",
            "1–2 hverdage",
        ),
        (Measure(kind="money", compare="at-most", value=199, unit="DKK"), "da", "199 kr."),
        (Measure(kind="money", compare="at-most", value=19.5, unit="GBP"), "en", "£19.50"),
        (Measure(kind="percent", compare="at-least", value=99.9, unit="percent"), "nb", "99,9 %"),
        (Measure(kind="percent", compare="at-least", value=95, unit="percent"), "en", "95%"),
        (Measure(kind="window", compare="exactly", value=168, unit="week"), "da", "168 timer om ugen"),
        (Measure(kind="count", compare="at-most", value=1, unit="times"), "en", "1 time"),
    ],
)
def test_measures_in_words(measure: Measure, language: str, words: str) -> None:
    assert speech(language).measure(measure).replace("\xa0", " ") == words


class Pseudo(NullTranslations):
    """Answer every message in brackets, so that a string outside the catalogues shows."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


class Texts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skip = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag == "style"
        shown = ("title", "aria-label", "alt", "placeholder")
        self.found += [value or "" for name, value in attrs if name in shown]

    def handle_endtag(self, tag: str) -> None:
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.found.append(data)


def outside(html: str) -> list[str]:
    """Return the words of a page that are neither bracketed nor digits: nested brackets go inside out."""
    left = []
    for text in Texts(html).found:
        while "⟦" in text:
            shorter = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
            if shorter == text:
                break
            text = shorter
        left += [word for word in re.findall(r"[^\W\d_]{2,}", text) if not re.match(r"[Ѐ-ӿ]+$", word)]
    return left


def test_no_words_outside_the_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo = speech("sv")
    fake = replace(pseudo, translations=Pseudo(), locale="en_GB")
    for module in ("dossier", "report.html"):
        monkeypatch.setattr(f"promisecheck.{module}.speech", lambda _: fake)
    made = view(**_in_cyrillic())
    words = set(outside(render_html(made)))
    months = {"Jul", "Aug", "Sept", "Oct", "Nov", "May", "hours", "minutes", "and", "promisecheck", "run"}
    assert words - months == set()


def _in_cyrillic() -> dict[str, Any]:
    """Return the values of `view` with every text of theirs in letters that no catalogue uses."""
    word = "слово"
    promises = [
        replace(item, quote=word * (n + 1), url=word, snapshot="0", headings=(word,), rule_id=None)
        for n, item in enumerate(PROMISES)
    ]
    new = {old.id: item.id for old, item in zip(PROMISES, promises, strict=True)}
    findings = [
        replace(
            item, promise_id=new[item.promise_id], why=(word,), smallest_true_promise=word,
            by_party=tuple(replace(share, name=word) for share in item.by_party),
            excluded=tuple(replace(left, reason=word) for left in item.excluded),
        )
        for item in FINDINGS
    ]  # fmt: skip
    incidents = {
        key: replace(
            item, source=word, external_id=word, channel=word, party=word, summary=word, details=word * 9
        )
        for key, item in INCIDENTS.items()
    }
    matches = [
        replace(
            item, promise_id=new[item.promise_id], reasons=(word,),
            signals=tuple(replace(signal, quote=word, start=0, end=5) for signal in item.signals),
        )
        for item in ALL_MATCHES
    ]  # fmt: skip
    company: Company = replace(COMPANY, name=word)
    decided = replace(review("confirmed"), reason=word, reviewer=word, finding_id=findings[0].id)
    return {
        "companies": [company], "promises": promises, "findings": findings, "incidents": incidents,
        "matches": matches, "reviews": [decided], "first_seen": {},
    }  # fmt: skip
