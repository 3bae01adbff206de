"""One run of inline text: where links and neighbouring elements begin and end in it, and when it is more than one block."""

from __future__ import annotations

import itertools
import re

# Soft hyphens, zero-width characters and byte order marks are invisible; left in, they break words apart.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0e-\x1b\x7f]")
_BETWEEN_LINKS = " \t\r\n\u00a0|·•/,–—-›»"
_ENDS_PART = re.compile(r"[^\W\d_]$|[.!?:)%]$")
_BEGINS_PART = re.compile(r"[A-ZÆØÅÄÖÉ0-9]")
# "24" beside "timer" in an element of its own is drawn apart; "1" beside "st" is one word.
_NUMBER_AND_WORD = re.compile(r"^\d(?!(?:st|nd|rd|th|er|de|te)\b)[^\W\d_]{2}")


def squash(text: str) -> str:
    """Make every stretch of white space one space, and drop what cannot be seen."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_INVISIBLE.sub("", text).split())


class Run:
    """Gather inline text until a block ends it."""

    __slots__ = ("_depth", "_href", "_joints", "_left_at", "_open_at", "_segments", "broken", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.broken = -1
        self._segments: list[tuple[int, int, str]] = []
        self._joints: list[int] = []
        self._depth = 0
        self._open_at = 0
        self._left_at = -1
        self._href = ""

    def enter(self, href: str) -> None:
        """Note that an inline element begins here; `href` is the link it is or stands in."""
        at = len(self.pieces)
        if at and at == self._left_at:
            self._joints.append(at)
        if self._depth == 0:
            self._open_at, self._href = at, href
        elif not self._href:
            self._href = href
        self._depth += 1

    def leave(self) -> None:
        """Note that an inline element ends here."""
        self._depth -= 1
        self._left_at = len(self.pieces)
        if self._depth == 0 and self._left_at > self._open_at:
            self._segments.append((self._open_at, self._left_at, self._href))

    def ends_with_break(self) -> bool:
        """Return whether a line break was the last thing to be seen."""
        return self.broken >= 0 and not "".join(self.pieces[self.broken :]).strip()

    def take(self) -> list[tuple[str, str]]:
        """Return the run's blocks as (text, href) and begin anew inside the same elements."""
        pieces, segments, joints = self.pieces, self._segments, self._joints
        if not segments and not self._depth:
            self.pieces, self.broken, self._left_at = [], -1, -1
            if joints:
                self._joints = []
            whole = squash(pieces[0] if len(pieces) == 1 else "".join(pieces))
            return [(whole, "")] if whole else []
        if self._depth and len(pieces) > self._open_at:
            segments.append((self._open_at, len(pieces), self._href))
        self.pieces, self._segments, self._joints = [], [], []
        self.broken, self._open_at, self._left_at = -1, 0, -1
        if not segments:
            whole = squash(pieces[0] if len(pieces) == 1 else "".join(pieces))
            return [(whole, "")] if whole else []
        return _blocks(pieces, segments, joints)


def _blocks(
    pieces: list[str], segments: list[tuple[int, int, str]], joints: list[int]
) -> list[tuple[str, str]]:
    if segments[0][2] or segments[-1][2]:
        links = [
            (squash("".join(pieces[start:end])), href) for start, end, href in segments if href
        ]  # fmt: skip
        if not _outside(pieces, segments):
            return [link for link in links if link[0]]
    parts = _parts(pieces, joints) if joints else [squash("".join(pieces))]
    return [(part, "") for part in parts if part]


def _outside(pieces: list[str], segments: list[tuple[int, int, str]]) -> str:
    """Return what stands in no link, without separators."""
    at, rest = 0, []
    for start, end, href in segments:
        rest += pieces[at:start]
        if not href:
            rest += pieces[start:end]
        at = end
    rest += pieces[at:]
    return "".join(rest).strip(_BETWEEN_LINKS)


def _parts(pieces: list[str], joints: list[int]) -> list[str]:
    """Split where two elements touch with no white space and each side stands for itself."""
    edges = [0, *joints, len(pieces)]
    parts: list[str] = []
    spaced = False
    for start, end in itertools.pairwise(edges):
        raw = "".join(pieces[start:end])
        text = squash(raw)
        apart = spaced or raw[:1].isspace()
        spaced = raw[-1:].isspace() or (apart and not text)
        if not text:
            continue
        if not parts:
            parts.append(text)
        elif apart:
            parts[-1] += " " + text
        elif not (_ENDS_PART.search(parts[-1]) and _BEGINS_PART.match(text)):
            parts[-1] += f" {text}" if _NUMBER_AND_WORD.search(f"{parts[-1][-1]}{text[:12]}") else text
        elif " " in parts[-1] and " " in text:
            parts.append(text)
        else:
            parts[-1] += " " + text
    return parts
