"""Every visible block, with its role, its headings and its place, from each parser alike."""

from datetime import UTC, datetime

import pytest

from promisecheck.model import Fetched, Page
from promisecheck.pages import BACKENDS, read_page

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def page(markup: str, backend: str = "lexbor", **options) -> Page:
    fetched = Fetched(
        company_id="c", url="http://shop.test/d/", final_url="http://shop.test/d/", fetched_at=AT, status=200,
        headers={"Content-Type": "text/html"}, body=markup.encode(), sha256="s",
    )  # fmt: skip
    return read_page(fetched, backend=backend, **options)


def blocks(markup: str, backend: str = "lexbor") -> list[tuple[str, str, str]]:
    return [(b.role, b.tag, b.text) for b in page(markup, backend).blocks]


CASES = {
    "inline elements do not split": (
        "<p>Vi svarer <a href=/k>inden</a> for <em>24</em> timer</p>",
        [("text", "p", "Vi svarer inden for 24 timer")],
    ),
    "one line break is white space": ("<p>Åbent<br>hver dag</p>", [("text", "p", "Åbent hver dag")]),
    "two line breaks end a block": (
        "<p>Altid åbent<br> <br>Ring til os</p>",
        [("text", "p", "Altid åbent"), ("text", "p", "Ring til os")],
    ),
    "loose text around a block": (
        "<div>Før<p>Midt</p>Efter</div>",
        [("text", "div", "Før"), ("text", "p", "Midt"), ("text", "div", "Efter")],
    ),
    "touching elements that each stand alone": (
        "<div class=usp><span>Fri fragt over 499 kr.</span><span>30 dages retur</span></div>",
        [("banner", "div", "Fri fragt over 499 kr."), ("banner", "div", "30 dages retur")],
    ),
    "touching elements with white space inside": (
        "<p><em>Vi svarer altid </em><a href=/x>inden for et døgn</a><em> </em><b>også</b> <i>i</i><u> juli</u></p>",
        [("text", "p", "Vi svarer altid inden for et døgn også i juli")],
    ),
    "a number and its unit": (
        "<div><b>24</b><span>timer</span></div><p><b>1</b><sup>st</sup></p>",
        [("text", "div", "24 timer"), ("text", "p", "1st")],
    ),
    "a drop cap": ("<p><span>V</span>i svarer</p>", [("text", "p", "Vi svarer")]),
    "links only": (
        "<footer><a href=/a>Fragt</a> | <a href=/b>Retur</a></footer>",
        [("footer", "footer", "Fragt"), ("footer", "footer", "Retur")],
    ),
    "alt text waits for the end of the sentence": (
        "<p>Vi er <img src=x alt='Åbent døgnet rundt'> her for dig</p>",
        [("text", "p", "Vi er her for dig"), ("alt", "img[alt]", "Åbent døgnet rundt")],
    ),
    "hidden inline text stands apart": (
        "<p>Fri <b style='display: none'>ikke</b> fragt</p>",
        [("text", "p", "Fri fragt"), ("text", "b", "ikke")],
    ),
    "aria-label that repeats the text": (
        "<button aria-label='Luk'>Luk</button>",
        [("button", "button", "Luk")],
    ),
    "aria-label with its own words": (
        "<button aria-label='Ring til os nu'>☎</button>",
        [("button", "button", "☎"), ("alt", "button[aria-label]", "Ring til os nu")],
    ),
    "buttons": (
        "<p>Tekst <a class='btn' href=/k>Køb nu</a></p><input type=submit value=Send>",
        [("text", "p", "Tekst"), ("button", "a", "Køb nu"), ("button", "button", "Send")],
    ),
    "cells": (
        "<table><tr><th>Land<th>Tid<tr><td>DK<td>1-2 dage</table>",
        [("cell", "th", "Land"), ("cell", "th", "Tid"), ("cell", "td", "DK"), ("cell", "td", "1-2 dage")],
    ),
    "lists": ("<ul><li>En<li><p>To</p></ul>", [("list", "li", "En"), ("list", "p", "To")]),
    "navigation": (
        "<nav><ul><li><a href=/om>Om os</a></ul></nav>",
        [("nav", "li", "Om os")],
    ),
    "consent by class": (
        "<div id='cookie-banner'><p>Vi bruger cookies</p></div>",
        [("consent", "p", "Vi bruger cookies")],
    ),
    "noscript": (
        "<noscript><p>Slå scripts til</p></noscript>",
        [("noscript", "p", "Slå scripts til")],
    ),
    "scripts, styles and templates are not text": (
        "<style>p{}</style><script>x()</script><template><p>t</p></template><p>Ja</p>",
        [("text", "p", "Ja")],
    ),
    "soft hyphens and zero-width spaces": (
        "<p>leverings&shy;tid\u200b: 2&nbsp;dage</p>",
        [("text", "p", "leveringstid: 2 dage")],
    ),
    "svg text is an alternative": (
        "<a href=/x><svg><title>Pil</title></svg> Læs mere</a>",
        [("text", "body", "Læs mere"), ("alt", "title", "Pil")],
    ),
    "entities": ("<p>Fri fragt &amp; retur &lt;3</p>", [("text", "p", "Fri fragt & retur <3")]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CASES)
def test_blocks(name, backend):
    markup, expected = CASES[name]
    assert blocks(f"<html><body>{markup}</body></html>", backend) == expected


SITE = """<!doctype html><html lang="da"><head><title>Fjordnet</title></head><body>
<header><h1>Let for kunden</h1><p>Altid en hånd</p></header>
<main><h2>Vi lover</h2><p>Du får altid:</p><ul><li>svar inden 24 timer</li></ul>
<h2>Spørgsmål</h2><details><summary>Hvornår kommer I?</summary><p>Inden to hverdage.</p></details>
<details open><summary>Koster det?</summary><p>Nej, aldrig.</p></details>
<table><tr><th>Land<th>Tid<tr><td>Danmark<td>1-2 dage</table></main>
<footer><p>Åbent 24/7</p></footer></body></html>"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_headings_hidden_and_offsets(backend):
    read = page(SITE, backend)
    by_text = {b.text: b for b in read.blocks}
    assert by_text["svar inden 24 timer"].headings == ("Let for kunden", "Vi lover", "Du får altid:")
    answer = by_text["Inden to hverdage."]
    assert (answer.role, answer.hidden) == ("faq", True)
    assert answer.headings == ("Let for kunden", "Spørgsmål", "Hvornår kommer I?")
    assert not by_text["Nej, aldrig."].hidden and not by_text["Hvornår kommer I?"].hidden
    assert by_text["1-2 dage"].headings[-2:] == ("Tid", "Danmark")
    assert by_text["Åbent 24/7"].headings == ()
    assert (by_text["Altid en hånd"].role, by_text["Let for kunden"].role) == ("banner", "heading")
    assert all(read.text[b.start : b.end] == b.text for b in read.blocks)
    assert read.text == "\n".join(b.text for b in read.blocks)
    assert [b.n for b in read.blocks] == list(range(len(read.blocks)))
    assert (read.title, read.language, read.snapshot) == ("Fjordnet", "da", "s")


def test_links_are_absolute():
    found = page("<base href='/x/'><p><a href='y.html'>Y</a></p><p><a href='javascript:z()'>Z</a></p>")
    assert [(b.text, b.href) for b in found.blocks] == [("Y", "http://shop.test/x/y.html"), ("Z", "")]


def test_only_and_ignore():
    markup = "<body><main><p>Ja</p><p class=ad>Reklame</p></main><p>Nej</p></body>"
    assert page(markup, only=("main",), ignore=(".ad",)).text == "Ja"
