"""Sentences of blocks: what is taken for one statement, and in whose language."""

from datetime import UTC, datetime

import pytest

from promisecheck.model import Block, Page
from promisecheck.promises.sentence import sentences_of_page, sentences_of_text

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page(*texts: str, language: str) -> Page:
    built, at = [], 0
    for n, text in enumerate(texts):
        built.append(Block(n=n, start=at, end=at + len(text), role="text", tag="p", text=text))
        at += len(text) + 1
    return Page(
        company_id="c", url="https://example.com/", fetched_at=NOW, language=language, title="",
        text="\n".join(texts), blocks=tuple(built), snapshot="s",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ingen kø. Ingen tastevalg.", ["Ingen kø. Ingen tastevalg."]),
        ("No menus. No robots. No queue.", ["No menus. No robots. No queue."]),
        ("Ingen kø. Vi svarer selv.", ["Ingen kø.", "Vi svarer selv."]),
        ("Nogle ord. Ring nu!", ["Nogle ord.", "Ring nu!"]),
        ("Vi kommer. " + "Vi " + "går " * 20 + "hjem.", ["Vi kommer.", "Vi " + "går " * 20 + "hjem."]),
        ("Fri fragt • Fri retur", ["Fri fragt", "Fri retur"]),
    ],
)
def test_short_sentences_that_begin_alike_are_one_statement(text: str, expected: list[str]) -> None:
    assert [s.context.text for s in sentences_of_text(text, "da")] == expected


def test_quotes_are_verbatim_and_know_their_neighbours() -> None:
    shown = page("Levering", "Vi sender i dag. Du får besked.", "***", language="da")
    found = sentences_of_page(shown)
    assert [shown.text[s.start : s.end] for s in found] == [s.context.text for s in found]
    assert [(s.context.before, s.context.after) for s in found] == [
        ("", "Vi sender i dag."),
        ("Levering", "Du får besked."),
        ("Vi sender i dag.", ""),
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Vi hjelper deg gjerne hele uken", "da", "da"),
        ("Åbent hver dag – home delivery included", "da", "da"),
        ("We deliver to your door on the same day you order.", "da", "en"),
        (
            "Vi svarar på alla frågor inom ett dygn, även på helgerna, och du behöver aldrig vänta i någon telefonkö hos oss.",
            "da",
            "sv",
        ),
    ],
)
def test_a_short_block_is_in_its_pages_language(text: str, language: str, expected: str) -> None:
    assert [s.context.language for s in sentences_of_page(page(text, language=language))] == [expected]
