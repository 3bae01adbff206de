"""A stream of opened elements, texts and closed elements → the blocks of a page, whatever parser the stream is from."""

from __future__ import annotations

from dataclasses import fields

from promisecheck.model import Block
from promisecheck.pages.links import Links
from promisecheck.pages.outline import Outline
from promisecheck.pages.places import (
    HEADING_LEVELS,
    INLINE,
    LEAD_IN_LEVEL,
    QUESTION_LEVEL,
    SKIPPED,
    Attributes,
    place_of,
    role_of,
)
from promisecheck.pages.runs import Run, squash

_SAVES_HEADINGS = frozenset(("nav", "footer", "consent", "noscript"))
_SCOPES_HEADINGS = frozenset(("article", "aside", "dialog"))
_CLOSES = frozenset(("td", "th", "table", "details", "dl", "ul", "ol"))
_NOTHING: Attributes = {}
# A frozen class looks each of its fields up by name to set it; by their slots that takes a third of the time.
_set_n, _set_start, _set_end, _set_role, _set_tag, _set_text, _set_headings, _set_hidden, _set_href = (
    getattr(Block, field.name).__set__ for field in fields(Block)
)


class _Frame:
    """Hold what one open element gives to the text inside it."""

    __slots__ = ("headings", "hidden", "href", "inline", "label", "landmark", "leaf", "outer_run", "tag")

    def __init__(self, tag: str, landmark: str, leaf: str, hidden: bool, href: str) -> None:
        self.tag = tag
        self.landmark = landmark
        self.leaf = leaf
        self.hidden = hidden
        self.href = href
        self.inline = False
        self.label = ""
        self.headings: list[tuple[int, str]] | None = None
        self.outer_run: Run | None = None


class BlockBuilder:
    """Build blocks from `open`, `text` and `close` calls in document order, then read `blocks` and `text`."""

    def __init__(self, base: str = "") -> None:
        self.language = ""
        self.title = ""
        self.canonical = ""
        self._links = Links(base)
        self.metas: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self._blocks: list[Block] = []
        self._texts: list[str] = []
        self._length = 0
        self._outline = Outline()
        self._stack: list[_Frame] = [_Frame("", "", "", False, "")]
        # Every open element, the plain inline ones as None: they give nothing to the text inside them.
        self._opened: list[_Frame | None] = []
        self._run = Run()
        self._waiting: list[tuple[str, str, str, bool, str]] = []
        self._asides = 0

    def open(self, tag: str, attributes: Attributes) -> bool:
        """Enter an element; false means: skip what is inside it, and do not close it."""
        if tag in INLINE:
            return self._open_inline(tag, attributes)
        if tag == "br":
            self._line_break()
            return False
        if tag in SKIPPED:
            if tag in ("base", "link"):
                self._note_address(tag, attributes)
            return False
        if tag in _SPECIAL:
            return _SPECIAL[tag](self, tag, attributes)
        self._open_block(tag, attributes)
        return True

    def text(self, text: str) -> None:
        """Take a piece of text as it stands in the markup."""
        pieces = self._run.pieces
        if pieces or not text.isspace():
            pieces.append(text)

    def close(self) -> None:
        """Leave the element entered last."""
        frame = self._opened.pop()
        if frame is None:
            self._run.leave()
            return
        self._stack.pop()
        if frame.inline:
            self._run.leave()
        elif frame.outer_run is not None:
            self._close_aside(frame, frame.outer_run)
        else:
            if self._run.pieces or self._waiting:
                self._flush(frame)
            if frame.tag in _CLOSES or frame.headings is not None:
                self._close_block(frame)
        if frame.label:
            self._wait(frame.label, f"{frame.tag}[aria-label]", frame)

    def add(
        self, role: str, tag: str, text: str, headings: tuple[str, ...] = (), hidden: bool = True
    ) -> None:
        """Append a block of text that stands outside the running text (metadata, JSON-LD)."""
        if text := squash(text):
            self._append(text, role, tag, headings, hidden, "")

    def finish(self) -> tuple[Block, ...]:
        """Flush what is open and return all blocks."""
        self._flush(self._stack[0])
        self._emit_waiting()
        return tuple(self._blocks)

    @property
    def page_text(self) -> str:
        """Return the blocks' texts joined by line feeds."""
        return "\n".join(self._texts)

    def _note_address(self, tag: str, attributes: Attributes) -> None:
        href = attributes.get("href") or ""
        if tag == "base":
            self._links.rebase(href)
        elif not self.canonical and "canonical" in (attributes.get("rel") or "").lower().split():
            self.canonical = self._links.resolve(href)

    def _open_inline(self, tag: str, attributes: Attributes) -> bool:
        here = self._stack[-1]
        if not attributes or not (frame := self._telling(tag, attributes, here)):
            self._run.enter(here.href)
            self._opened.append(None)
        elif frame.leaf == "button" and tag == "a":
            self._open_block(tag, attributes, frame.href)
        elif frame.hidden and not here.hidden:
            self._open_aside(frame)
        else:
            frame.inline = True
            self._run.enter(frame.href)
            self._push(frame)
        return True

    def _telling(self, tag: str, attributes: Attributes, here: _Frame) -> _Frame | None:
        """Return a frame for an inline element that gives something to the text inside it."""
        get = attributes.get
        place = place_of(tag, get("class"), get("id"), get("role"), get("style"))
        hidden = place.hidden or "hidden" in attributes
        label = get("aria-label") or ""
        if tag != "a":
            if not label and (here.hidden or not hidden):
                return None
            frame = _Frame(tag, here.landmark, here.leaf, hidden or here.hidden, here.href)
        else:
            leaf = "button" if place.button else here.leaf
            frame = _Frame(tag, here.landmark, leaf, hidden or here.hidden, get("href") or here.href)
        frame.label = label
        return frame

    def _push(self, frame: _Frame) -> None:
        self._stack.append(frame)
        self._opened.append(frame)

    def _open_aside(self, frame: _Frame) -> None:
        """Read an element apart, so that it does not break the sentence it stands in."""
        frame.outer_run = self._run
        self._run = Run()
        self._asides += 1
        self._push(frame)

    def _open_block(self, tag: str, attributes: Attributes, href: str = "") -> None:
        here = self._stack[-1]
        if self._run.pieces:
            self._flush(here)
        frame = _Frame(tag, here.landmark, here.leaf, here.hidden, href or here.href)
        if attributes:
            self._place(frame, here, attributes)
        elif tag != "div":
            self._place(frame, here, _NOTHING)
        self._push(frame)
        if tag in _OPENERS:
            _OPENERS[tag](self, frame)

    def _place(self, frame: _Frame, here: _Frame, attributes: Attributes) -> None:
        get, tag = attributes.get, frame.tag
        place = place_of(tag, get("class"), get("id"), get("role"), get("style"))
        if tag == "summary" and here.tag == "details":
            frame.hidden = self._stack[-2].hidden
        elif not here.hidden:
            closed = tag in ("details", "dialog") and "open" not in attributes
            frame.hidden = place.hidden or closed or "hidden" in attributes
        frame.leaf = place.leaf or here.leaf
        if place.landmark and here.landmark not in ("consent", "nav", "noscript"):
            self._enter_landmark(frame, place.landmark)
        frame.label = get("aria-label") or ""

    def _enter_landmark(self, frame: _Frame, landmark: str) -> None:
        if landmark in _SAVES_HEADINGS and frame.landmark != landmark:
            frame.headings = self._outline.saved()
            self._outline.clear()
        if not (frame.landmark == "footer" and landmark == "banner"):
            frame.landmark = landmark

    def _close_block(self, frame: _Frame) -> None:
        tag = frame.tag
        if frame.headings is not None:
            self._outline.restore(frame.headings)
        elif tag in ("td", "th"):
            self._outline.close_cell(1)
        elif tag == "table":
            self._outline.close_table()
        elif tag in ("details", "dl"):
            self._outline.drop(QUESTION_LEVEL)
        elif tag in ("ul", "ol"):
            self._outline.drop(LEAD_IN_LEVEL)

    def _line_break(self) -> None:
        if self._run.ends_with_break():
            self._flush(self._stack[-1])
        else:
            self._run.pieces.append("\n")
            self._run.broken = len(self._run.pieces)

    def _wait(self, text: str, tag: str, frame: _Frame) -> None:
        """Keep a text alternative back until the sentence it stands in has ended."""
        role = role_of(frame.landmark, "alt")
        self._waiting.append((squash(text), tag, role, frame.hidden, frame.href))
        if not self._run.pieces and not self._asides:
            self._emit_waiting()

    def _close_aside(self, frame: _Frame, outer: Run) -> None:
        if frame.leaf == "title":
            self.title = self.title or squash("".join(self._run.pieces))
        elif frame.leaf == "jsonld":
            self.scripts.append("".join(self._run.pieces))
        elif self._run.pieces:
            self._flush(frame)
        self._asides -= 1
        self._run = outer

    def _flush(self, frame: _Frame) -> None:
        """Turn the run of inline text that has just ended into blocks of `frame`."""
        owner = frame
        if frame.inline:
            owner = next(own for own in reversed(self._stack) if not own.inline)
        for text, href in self._run.take():
            if self._asides:
                role = role_of(owner.landmark, owner.leaf)
                self._waiting.append((text, owner.tag, role, owner.hidden, href or owner.href))
            else:
                self._emit(text, owner, href or owner.href)
        if self._waiting and not self._asides:
            self._emit_waiting()

    def _emit_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for text, tag, role, hidden, href in waiting:
            repeated = tag.endswith("]") and self._texts and text in self._texts[-1]
            if text and not repeated:
                self._append(text, role, tag, self._outline.above(), hidden, href)

    def _emit(self, text: str, frame: _Frame, href: str) -> None:
        outline, tag = self._outline, frame.tag
        role = role_of(frame.landmark, frame.leaf)
        if frame.leaf == "heading":
            level = HEADING_LEVELS.get(tag, 6)
            self._append(text, role, tag, outline.above(level), frame.hidden, href)
            outline.push(level, text)
        elif tag in ("summary", "dt"):
            self._append(text, role, tag, outline.above(QUESTION_LEVEL), frame.hidden, href)
            outline.push(QUESTION_LEVEL, text)
        elif tag == "th":
            outline.head_cell(text)
            self._append(text, role, tag, outline.above(), frame.hidden, href)
        elif frame.leaf == "cell":
            self._append(text, role, tag, outline.above() + outline.data_cell(text), frame.hidden, href)
        else:
            self._append(text, role, tag, outline.above(), frame.hidden, href)

    def _append(
        self, text: str, role: str, tag: str, headings: tuple[str, ...], hidden: bool, href: str
    ) -> None:
        start = self._length
        end = start + len(text)
        self._length = end + 1
        self._texts.append(text)
        block = object.__new__(Block)
        _set_n(block, len(self._blocks))
        _set_start(block, start)
        _set_end(block, end)
        _set_role(block, role)
        _set_tag(block, tag)
        _set_text(block, text)
        _set_headings(block, headings)
        _set_hidden(block, hidden)
        _set_href(block, self._links.resolve(href) if href else "")
        self._blocks.append(block)

    def _html(self, tag: str, attributes: Attributes) -> bool:
        self.language = self.language or (attributes.get("lang") or attributes.get("xml:lang") or "")
        self._open_block(tag, _NOTHING)
        return True

    def _script(self, tag: str, attributes: Attributes) -> bool:
        if "ld+json" not in (attributes.get("type") or "").lower():
            return False
        frame = _Frame(tag, "", "jsonld", True, "")
        self._open_aside(frame)
        return True

    def _meta(self, tag: str, attributes: Attributes) -> bool:
        name = attributes.get("name") or attributes.get("property") or ""
        self.metas.append((name.strip().lower(), attributes.get("content") or ""))
        return False

    def _image(self, tag: str, attributes: Attributes) -> bool:
        if alt := attributes.get("alt"):
            self._wait(alt, f"{tag}[alt]", self._stack[-1])
        return False

    def _input(self, tag: str, attributes: Attributes) -> bool:
        kind = (attributes.get("type") or "").lower()
        if kind == "image":
            return self._image(tag, attributes)
        if kind in ("submit", "button", "reset") and (value := attributes.get("value")):
            self._open_block("button", attributes)
            self.text(value)
            self.close()
        return False

    def _svg(self, tag: str, attributes: Attributes) -> bool:
        here = self._stack[-1]
        frame = _Frame(tag, here.landmark, "alt", here.hidden, here.href)
        frame.label = attributes.get("aria-label") or ""
        self._open_aside(frame)
        return True

    def _title(self, tag: str, attributes: Attributes) -> bool:
        if any(frame.tag == "svg" for frame in self._stack):
            self._open_block(tag, attributes)
            return True
        self._open_aside(_Frame(tag, "", "title", True, ""))
        return True

    def _table(self, frame: _Frame) -> None:
        self._outline.open_table()

    def _row(self, frame: _Frame) -> None:
        self._outline.open_row()

    def _list(self, frame: _Frame) -> None:
        if self._blocks and self._blocks[-1].text.endswith(":") and self._blocks[-1].role != "nav":
            self._outline.push(LEAD_IN_LEVEL, self._blocks[-1].text)

    def _scope(self, frame: _Frame) -> None:
        if frame.headings is None:
            frame.headings = self._outline.saved()


_SPECIAL = {
    "html": BlockBuilder._html,
    "script": BlockBuilder._script,
    "meta": BlockBuilder._meta,
    "img": BlockBuilder._image,
    "area": BlockBuilder._image,
    "input": BlockBuilder._input,
    "svg": BlockBuilder._svg,
    "title": BlockBuilder._title,
}
_OPENERS = {
    "table": BlockBuilder._table,
    "tr": BlockBuilder._row,
    "ul": BlockBuilder._list,
    "ol": BlockBuilder._list,
    **dict.fromkeys(_SCOPES_HEADINGS, BlockBuilder._scope),
}
