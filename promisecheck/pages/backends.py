"""Parsers behind one call: each walks its own tree and tells a BlockBuilder what it meets, in document order."""

from __future__ import annotations

from typing import Any, Literal, cast, get_args

from promisecheck.pages.build import BlockBuilder
from promisecheck.pages.places import Attributes

Backend = Literal["lexbor", "lxml", "bs4"]
BACKENDS: tuple[Backend, ...] = get_args(Backend)


def walk(html: str, builder: BlockBuilder, backend: Backend = "lexbor") -> None:
    """Parse `html` with the named parser and feed the builder."""
    {"lexbor": _walk_lexbor, "lxml": _walk_lxml, "bs4": _walk_bs4}[backend](html, builder)


def _walk_lexbor(html: str, builder: BlockBuilder) -> None:
    from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

    root = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS).root
    enter, leave, text = builder.open, builder.close, builder.text
    ancestors: list[Any] = []
    node: Any = root
    while node is not None:
        child = None
        tag = node.tag
        if tag == "-text":
            text(node.text_content)
        elif tag[0] not in "-!" and enter(tag, node.attributes):
            child = node.first_child
            if child is None:
                leave()
        if child is not None:
            ancestors.append(node)
            node = child
            continue
        while (following := node.next) is None and ancestors:
            node = ancestors.pop()
            leave()
        node = following if ancestors or following is not None else None


def _walk_lxml(html: str, builder: BlockBuilder) -> None:
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = html.encode("utf-8", "replace")
    if not data.strip():
        return
    _tell_lxml(lxml_html.document_fromstring(data, parser=parser, ensure_head_body=True), builder)


def _tell_lxml(root: Any, builder: BlockBuilder) -> None:
    stack: list[Any] = []
    if _enter_lxml(root, builder):
        stack.append(iter(root))
    open_elements = [root]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            builder.close()
            done = open_elements.pop()
            if stack and done.tail:
                builder.text(done.tail)
        elif isinstance(child.tag, str) and _enter_lxml(child, builder):
            stack.append(iter(child))
            open_elements.append(child)
        elif child.tail:
            builder.text(child.tail)


def _enter_lxml(element: Any, builder: BlockBuilder) -> bool:
    if not builder.open(element.tag, element.attrib):
        return False
    if element.text:
        builder.text(element.text)
    return True


def _walk_bs4(html: str, builder: BlockBuilder) -> None:
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(html, "lxml", multi_valued_attributes=None)
    stack: list[Any] = [iter(soup.children)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            if stack:
                builder.close()
        elif isinstance(child, Tag):
            if builder.open(child.name, cast(Attributes, child.attrs)):
                stack.append(iter(child.children))
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            builder.text(str(child))
