"""What the words of one passage say: phrases of the lexicon, their negation, and good or bad words near a touchpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from promisecheck.match.codes import CODES, DEFAULT_BROKEN, DEFAULT_KEPT
from promisecheck.match.phrasebook import Found
from promisecheck.match.policy import MatchPolicy

# Touchpoints where a good or bad word close by is about them; elsewhere it mostly belongs to something else.
_NEARBY = {
    "care": 4, "attitude": 4, "price": 3, "knowledge": 4, "network": 3, "comfort": 3, "product": 2, "delivery": 2,
}  # fmt: skip
_NEGATION_REACH = 3
_NEVER_REACH = 14
_CONDITION_REACH = 8
_WRITER_REACH = 2
_OF_STAFF = frozenset({"attitude", "knowledge"})
# Broad judgements that a concrete lapse in the same breath makes ironic ("super service, 3 hours in the queue").
_BROAD = frozenset({"helpful", "satisfied", "quick-reply", "friendly", "easy", "reliable", "other-kept"})


@dataclass(frozen=True, slots=True)
class Said:
    """Hold one code that tokens first to last say, with a score."""

    code: str
    first: int
    last: int
    score: float

    @property
    def status(self) -> str:
        """Return broken or kept."""
        return CODES[self.code].status

    @property
    def aspect(self) -> str:
        """Return the touchpoint that the code is about."""
        return CODES[self.code].aspect


def read_words(found: Sequence[Found], *, has_duration: bool, policy: MatchPolicy) -> list[Said]:
    """Return what the passage says, one code a touchpoint and status; `found` lies inside the passage."""
    found = _without_courtesies(found)
    labels = {item.label for item in found}
    negators = [item.first for item in found if item.label == "negators"]
    said = [
        _phrase(item, found, policy)
        for item in found
        if item.label.startswith("code:") and not _is_of_the_writer(item, found)
    ]
    said = _without_overlap(said)
    covered = {item.aspect for item in said}
    said += [item for item in _nearby(found, negators, policy) if item.aspect not in covered]
    if "irony" in labels or (has_duration and any(item.status == "broken" for item in said)):
        said = [item for item in said if item.status == "broken" or item.code not in _BROAD]
    if "unreal" in labels:
        said = [item for item in said if item.status == "broken"]
    return _strongest(_damped(_specific(said), labels, policy))


def _without_courtesies(found: Sequence[Found]) -> Sequence[Found]:
    """Drop what stands in "kind regards" and the like."""
    polite = [item for item in found if item.label == "courtesies"]
    return [
        item for item in found if not any(one.first <= item.last and item.first <= one.last for one in polite)
    ]


def _is_of_the_writer(item: Found, found: Sequence[Found]) -> bool:
    """Tell whether a phrase says of the writer what it elsewhere says of staff ("I am angry")."""
    of_staff = CODES[item.label.removeprefix("code:")].aspect in _OF_STAFF
    for one in found:
        if of_staff and one.label == "writer" and item.first - _WRITER_REACH <= one.first < item.last:
            return one.first not in item.words
    return False


def _phrase(item: Found, found: Sequence[Found], policy: MatchPolicy) -> Said:
    code = item.label.removeprefix("code:")
    negator = _negator(item, found, broken=CODES[code].status == "broken")
    conditional = any(
        other.label == "conditional" and item.first - _CONDITION_REACH <= other.first < item.first
        for other in found
    )
    factor = policy.conditional_factor if conditional else 1.0
    if negator is not None:
        first = min(negator, item.first)
        return Said(opposite(code), first, item.last, policy.flipped_score * factor)
    return Said(code, item.first, item.last, policy.phrase_score * factor)


def _negator(item: Found, found: Sequence[Found], *, broken: bool) -> int | None:
    """Return the token that negates a phrase, from before it or between its words; its own words do not.

    "Never" reaches far back to what went wrong: "never in ten years have I had a bad experience"; "zero times"
    stands behind it: "late for the plane zero times".
    """
    if any(one.label == "negators" and one.first in item.words for one in found):
        return None
    for one in found:
        gap = item.first - one.first
        if one.label == "negators" and (
            0 < gap <= _NEGATION_REACH or (not broken and item.first < one.first < item.last)
        ):
            return one.first
        if one.label == "never" and broken and 0 < gap <= _NEVER_REACH:
            return one.first
        if one.label == "zeros" and broken and 0 < one.first - item.last <= _NEGATION_REACH:
            return item.first
    return None


def opposite(code: str) -> str:
    """Return what the negation of a code says of the same touchpoint."""
    known = CODES[code]
    turned = DEFAULT_KEPT if known.status == "broken" else DEFAULT_BROKEN
    return turned.get(known.aspect, "other-kept" if known.status == "broken" else "other-broken")


def _without_overlap(said: Iterable[Said]) -> list[Said]:
    """Keep the longest of phrases that overlap; a longer one has read the shorter one's words in context."""
    kept: list[Said] = []
    for item in sorted(said, key=lambda one: one.first - one.last):
        if not any(item.first <= other.last and other.first <= item.last for other in kept):
            kept.append(item)
    return kept


def _nearby(found: Sequence[Found], negators: Sequence[int], policy: MatchPolicy) -> list[Said]:
    """Pair each touchpoint with the nearest good or bad word."""
    opinions = [item for item in found if item.label in ("good", "bad")]
    said: list[Said] = []
    for item in found:
        aspect = item.label.removeprefix("aspect:")
        if aspect == item.label or aspect not in _NEARBY or not opinions:
            continue
        nearest = min(opinions, key=lambda opinion: abs(opinion.first - item.first))
        if abs(nearest.first - item.first) > _NEARBY[aspect]:
            continue
        negated = any(nearest.first - _NEGATION_REACH <= n < nearest.first for n in negators)
        bad = (nearest.label == "bad") != negated
        defaults = DEFAULT_BROKEN if bad else DEFAULT_KEPT
        code = defaults.get(aspect)
        if code:
            span = sorted((item.first, item.last, nearest.first, nearest.last))
            said.append(Said(code, span[0], span[-1], policy.nearby_score))
    return said


def _specific(said: Sequence[Said]) -> list[Said]:
    """Drop "satisfied" and the like where the same breath says with what."""
    concrete = {item.status for item in said if item.aspect != "overall"}
    return [item for item in said if item.aspect != "overall" or item.status not in concrete]


def _damped(said: Iterable[Said], labels: set[str], policy: MatchPolicy) -> list[Said]:
    damped = []
    for item in said:
        factor = 1.0
        if "third_parties" in labels:
            factor *= policy.third_party_factor
        if "own_mistakes" in labels and item.status == "broken":
            factor *= policy.own_mistake_factor
        damped.append(Said(item.code, item.first, item.last, item.score * factor))
    return damped


def _strongest(said: Iterable[Said]) -> list[Said]:
    """Keep the strongest code a touchpoint and status, in reading order."""
    best: dict[tuple[str, str], Said] = {}
    for item in said:
        known = best.get((item.aspect, item.status))
        if known is None or item.score > known.score:
            best[item.aspect, item.status] = item
    return sorted(best.values(), key=lambda one: one.first)
