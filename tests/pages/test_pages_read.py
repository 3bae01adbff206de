"""Charsets, metadata, what is no page, and markup made to hang a parser."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promisecheck.errors import UsageError
from promisecheck.model import Fetched
from promisecheck.pages import PageError, read_page
from promisecheck.pages.charset import decode

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fetched(body: bytes, kind: str = "text/html", status: int = 200, error: str = "") -> Fetched:
    return Fetched(
        company_id="c", url="http://a.test/", final_url="http://a.test/", fetched_at=AT, status=status,
        headers={"content-type": kind}, body=body, error=error,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Rødgrød på åen".encode(), ""),
        ("Rødgrød på åen".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ("Rødgrød på åen".encode("cp1252"), ""),
        (b"\xef\xbb\xbf" + "Rødgrød på åen".encode(), "text/html; charset=latin-1"),
        (b"\xff\xfe" + "Rødgrød på åen".encode("utf-16-le"), ""),
        (b"<meta charset=windows-1252>" + "Rødgrød på åen".encode("cp1252"), ""),
        ("Rødgrød på åen".encode(), "text/html; charset=iso-8859-1"),
        (("Rødgrød på åen" * 9).encode() + b"\xe5", "text/html; charset=utf-8"),
    ],
)
def test_charset(body, kind):
    assert "Rødgrød på åen" in decode(body, kind)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_decode_never_fails(body):
    assert isinstance(decode(body, "text/html; charset=utf-9"), str)


@pytest.mark.parametrize(
    ("body", "kind", "status", "error", "says"),
    [
        (b"%PDF-1.7 ...", "application/pdf", 200, "", "a damaged PDF"),
        (b"%PDF-1.7 ...", "text/html", 200, "", "a damaged PDF"),
        (b"<p>x</p>", "application/pdf", 200, "", "not an HTML page"),
        (b'{"a": 1}', "application/json", 200, "", "application/json"),
        (b"\x89PNG\r\n", "image/png", 200, "", "image/png"),
        (b"<p>x</p>", "text/html", 503, "", "503"),
        (b"", "text/html", 0, "timed out", "timed out"),
        (b"  ", "text/html", 200, "", "empty"),
    ],
)
def test_what_is_no_page_says_so(body, kind, status, error, says):
    with pytest.raises(PageError, match=says) as raised:
        read_page(fetched(body, kind, status, error))
    assert raised.value.where == "http://a.test/"
    assert raised.value.exit_code == 3


def test_plain_text_is_read_by_paragraphs():
    page = read_page(fetched(b"We reply\nwithin a day.\n\nAlways <free>.", "text/plain"))
    assert [b.text for b in page.blocks] == ["We reply within a day.", "Always <free>."]


def test_a_bad_selector_is_wrong_use():
    with pytest.raises(UsageError, match="no CSS selector"):
        read_page(fetched(b"<p>x</p>"), only=("p[",))


META = b"""<html><head><title>Butik</title><meta name="description" content="Svar inden 24 timer">
<meta property="og:description" content="Svar inden  24 timer"><meta name="viewport" content="x">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
{"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Hvad koster fragt?",
 "acceptedAnswer": {"@type": "Answer", "text": "<p>Fragt er <b>gratis</b>.</p>"}}]},
{"@type": "Offer", "shippingDetails": {"@type": "OfferShippingDetails",
 "shippingRate": {"@type": "MonetaryAmount", "value": 0, "currency": "DKK"},
 "deliveryTime": {"transitTime": {"minValue": 1, "maxValue": 3, "unitCode": "DAY"}}},
 "hasMerchantReturnPolicy": {"merchantReturnDays": 30, "returnFees": "https://schema.org/FreeReturn"}},
{"@type": "Store", "openingHours": "Mo-Fr 09:00-17:00", "slogan": "Let for kunden",
 "openingHoursSpecification": [{"dayOfWeek": ["https://schema.org/Monday", "Tuesday"],
 "opens": "09:00", "closes": "17:00"}]}]}</script><script type="application/ld+json">{broken</script></head></html>"""


def test_metadata():
    found = {b.tag: b for b in read_page(fetched(META)).blocks}
    texts = {tag: b.text for tag, b in found.items()}
    assert texts == {
        "title": "Butik",
        "description": "Svar inden 24 timer",
        "Question.name": "Hvad koster fragt?",
        "Answer.text": "Fragt er gratis.",
        "Offer.shippingDetails": "shippingDetails: shippingRate 0 DKK, transitTime 1–3 days",
        "Offer.hasMerchantReturnPolicy": (
            "hasMerchantReturnPolicy: merchantReturnDays 30, returnFees FreeReturn"
        ),
        "Store.openingHours": "openingHours: Mo-Fr 09:00-17:00",
        "Store.openingHoursSpecification": "openingHoursSpecification: Monday, Tuesday 09:00–17:00",
        "Store.slogan": "Let for kunden",
    }
    assert found["Answer.text"].headings == ("Hvad koster fragt?",)
    assert {b.role for b in found.values()} == {"meta", "jsonld"}


N = 200_000
PATHOLOGICAL = {
    "nested divs": "<div>" * N,
    "nested lists": "<ul><li>" * N,
    "unclosed formatting": "<b><i><a>x" * 60_000,
    "attributes on one tag": "<p " + " ".join(f"a{i}=1" for i in range(N)) + ">",
    "attributes holding brackets": "<p " + " ".join(f"a{i}='<>'" for i in range(N)) + ">",
    "open comments": "<!--" * 100_000,
    "open quotes": "<a b='" * N,
    "lone brackets": "<" * 2_000_000,
    "stray closers": "</p>" * N,
    "nested tables": "<table><tr><td>" * 30_000,
    "misnested": "<i><div></i>" * 60_000,
    "one long tag": "<a" + " " * 4_000_000,
    "open titles": "<title " * N,
    "deep json": '<script type="application/ld+json">' + "[" * 500_000 + "</script>",
    "entities": "&amp" * 500_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_markup_made_to_hang_is_read_in_time(name):
    began = time.process_time()
    page = read_page(fetched((PATHOLOGICAL[name] + "<p>We always reply.</p>").encode()))
    assert time.process_time() - began < 3
    assert all(page.text[b.start : b.end] == b.text for b in page.blocks)


@settings(deadline=None)
@given(st.text(alphabet="<>/abpdiv ='\"-!&;xø\n", max_size=120))
def test_any_markup_gives_blocks_that_stand_in_the_text(markup):
    page = read_page(fetched(b"<p>" + markup.encode()))
    assert page.text == "\n".join(b.text for b in page.blocks)
    assert all(page.text[b.start : b.end] == b.text != "" for b in page.blocks)


@pytest.mark.parametrize(
    ("body", "shell"),
    [
        (b"<div id=root></div><script src=a.js></script><noscript>You need scripts.</noscript>", True),
        (b"<body><app-root></app-root></body>", True),
        (b"<div class=x id='__next'> <!-- --> </div>", True),
        (b"<div id=root><p>We reply within a day.</p></div>", False),
        (b"<p>We reply within a day.</p>", False),
        (b"<div id=root></div>" + b"<p>We reply within a day, every day of the year.</p>" * 3, False),
    ],
)
def test_a_shell_that_scripts_fill_is_not_taken_for_a_page(body, shell):
    if shell:
        with pytest.raises(PageError, match="only in a browser"):
            read_page(fetched(body))
    else:
        assert "We reply" in read_page(fetched(body)).text


def _pdf(lines: list[str]) -> bytes:
    """Write a one-page PDF by hand: each line of text on a line of its own."""
    shown = " T* ".join("(" + line.replace("(", r"\(").replace(")", r"\)") + ") Tj" for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 50 800 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table, len(out),
    )  # fmt: skip


def test_a_pdf_is_read_by_paragraphs():
    lines = [
        "Vi leverer inden for fem hverdage efter at ordren er",
        "bekr\u00e6ftet.",
        "- Fri fragt over 499 kr.",
    ]
    page = read_page(fetched(_pdf(lines), "application/pdf"))
    assert [(b.tag, b.role, b.text) for b in page.blocks] == [
        ("pdf page 1", "text", "Vi leverer inden for fem hverdage efter at ordren er bekr\u00e6ftet."),
        ("pdf page 1", "text", "- Fri fragt over 499 kr."),
    ]


def test_a_pdf_without_text_says_so():
    with pytest.raises(PageError, match="probably scanned"):
        read_page(fetched(_pdf([]), "application/pdf"))
