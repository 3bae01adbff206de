"""Read one fetched answer into a Page: decode, guard, walk, add metadata, name the language."""

from __future__ import annotations

from collections.abc import Sequence

from promisecheck.errors import IncompleteError
from promisecheck.model import Block, Fetched, Page
from promisecheck.pages.backends import Backend, walk
from promisecheck.pages.build import BlockBuilder
from promisecheck.pages.charset import decode
from promisecheck.pages.guard import tame
from promisecheck.pages.metadata import add_jsonld, add_metas
from promisecheck.pages.select import select
from promisecheck.pages.shell import is_shell

_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_NOT_TEXT = (b"{", b"[", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b")
_SAMPLE = 2_500


class PageError(IncompleteError):
    """Report an answer that holds no page: not HTML, or no answer at all."""


def read_page(
    fetched: Fetched, *, backend: Backend = "lexbor", only: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Page:
    """Return the page with every block of visible text, hidden ones labelled.

    `only` and `ignore` are CSS selectors that keep or drop parts of the page. Raises PageError where
    the answer is an error, is empty, or is neither HTML nor plain text nor (with pypdf) PDF.
    """
    kind = _kind(fetched)
    builder = BlockBuilder(base=fetched.final_url or fetched.url)
    if kind == "application/pdf":
        _fill_from_pdf(builder, fetched)
    else:
        html = decode(fetched.body, _header(fetched, "content-type"))
        html = tame(_paragraphs(html) if kind == "text/plain" else html)
        if only or ignore:
            html = select(html, only=only, ignore=ignore, where=fetched.url)
        _fill(builder, html, backend)
        if is_shell(html, builder.finish()):
            do = "it is listed as not checked"
            raise PageError("its text appears only in a browser that runs scripts", where=fetched.url, do=do)
    blocks = builder.finish()
    return Page(
        company_id=fetched.company_id,
        url=fetched.final_url or fetched.url,
        fetched_at=fetched.fetched_at,
        language=_language(builder.language, blocks),
        title=builder.title,
        text=builder.page_text,
        blocks=blocks,
        snapshot=fetched.sha256,
        canonical=builder.canonical,
    )


def _fill(builder: BlockBuilder, html: str, backend: Backend) -> None:
    walk(html, builder, backend)
    builder.finish()
    builder.title = builder.title or next((text for name, text in builder.metas if name == "og:title"), "")
    add_metas(builder.title, builder.metas, builder.add)
    for script in builder.scripts:
        add_jsonld(script, builder.add)


def _fill_from_pdf(builder: BlockBuilder, fetched: Fetched) -> None:
    from promisecheck.pages.pdf import PdfError, read_pdf

    try:
        for number, paragraph in read_pdf(fetched.body):
            builder.add("text", f"pdf page {number}", paragraph, (), False)
    except PdfError as error:
        raise PageError(str(error), where=fetched.url, do="it is listed as not checked") from error


def _kind(fetched: Fetched) -> str:
    """Return what the body is: HTML, plain text or PDF; raises PageError where it is none of them."""
    if fetched.error or not 200 <= fetched.status < 300:
        why = fetched.error or f"the server answered {fetched.status}"
        raise PageError(why, where=fetched.url, do="nothing is concluded from this page")
    kind = _header(fetched, "content-type").partition(";")[0].strip().lower()
    start = fetched.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise PageError("the page is empty", where=fetched.url)
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    readable = kind in ("", "text/plain", *_HTML_TYPES)
    if not readable or b"\0\0\0" in start or start.startswith(_NOT_TEXT):
        named = kind or "binary data"
        raise PageError(f"not an HTML page ({named})", where=fetched.url, do="it is listed as not checked")
    return "text/plain" if kind == "text/plain" and not start.startswith(b"<") else "text/html"


def _header(fetched: Fetched, name: str) -> str:
    return next((value for key, value in fetched.headers.items() if key.lower() == name), "")


def _paragraphs(text: str) -> str:
    """Wrap plain text as markup, one paragraph for each stretch between blank lines."""
    from html import escape

    return "".join(f"<p>{escape(part)}</p>" for part in text.replace("\r\n", "\n").split("\n\n"))


def _language(declared: str, blocks: Sequence[Block]) -> str:
    """Name the language by the visible text, with what the markup declares as the prior."""
    from promisecheck.text.language import identify_language

    prior = declared.strip().lower().replace("_", "-").partition("-")[0]
    prior = "nb" if prior == "no" else prior
    sample, length = [], 0
    for block in blocks:
        if block.role not in ("nav", "consent", "jsonld", "alt") and length < _SAMPLE:
            sample.append(block.text)
            length += len(block.text)
    return identify_language("\n".join(sample), prior=prior)
