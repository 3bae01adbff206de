"""Which of our languages a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_TAGS = {
    "da": "da", "nb": "nb", "no": "nb", "nn": "nn", "sv": "sv", "en": "en", "dk": "da", "se": "sv",
}  # fmt: skip
# Words that settle short texts between the close neighbours; none of them is a word of the others.
_MARKS = {
    "da": "og er af hvad ikke hvordan også kunne blev vores jer deres hvis uden efter bliver meget fra til selvfølgelig "
    "døgnet gerne igen hverdage hjælper fået nogle noget mig dig inden jeres spørgsmål levering åbent",
    "nb": "og er av hva ikke hvordan også kunne ble våre deres hvis uten etter blir mye fra til selvfølgelig noen noe meg deg "
    "virkedager hjelper fått spørsmål levering åpent dere gjerne igjen",
    "nn": "og er av kva ikkje korleis også kunne vart vår dykkar dersom utan etter blir mykje frå til noko nokon meg deg "
    "ein eit vi me kvardag hjelper fått spørsmål tilbod vere",
    "sv": "och är av vad inte hur också kunde blev våra er deras om utan efter blir mycket från till självklart någon något mig dig "
    "vardagar hjälper fått frågor leverans öppet ni gärna igen för att",
    "en": "and is of what not how also could was our your their if without after will very from to the we you are for with",
}  # fmt: skip
_LETTERS = {"da": "æø", "nb": "æø", "nn": "æø", "sv": "äö"}
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _mark_weights() -> dict[str, dict[str, float]]:
    lists = {language: set(words.split()) for language, words in _MARKS.items()}
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            shared = sum(word in other for other in lists.values())
            weights.setdefault(word, {})[language] = 1.0 / shared
    return weights


def language_of_tag(tag: str) -> str:
    """Return our code for an HTML `lang` value ("nb-NO" gives nb, "no" gives nb), or "" for another language."""
    return _TAGS.get(tag.strip().lower().replace("_", "-").split("-")[0], "")


def identify_language(text: str, prior: str = "") -> str:
    """Return da, nb, nn, sv or en, or "" where the text is in none of them or too short to say.

    `prior` (a page's `lang`) decides where the words do not.
    """
    scores = _marks(text)
    for language, weight in _detected(text):
        if language not in _TAGS.values():
            if weight > 0.8 and len(text) >= 40:
                return ""
            continue
        scores[language] = scores.get(language, 0.0) + 4.0 * weight * min(1.0, len(text) / 40)
    if prior:
        scores[prior] = scores.get(prior, 0.0) + 2.0
    known = {k: v for k, v in scores.items() if k in _TAGS.values()}
    if not known:
        return prior
    return max(known.items(), key=lambda item: (item[1], item[0] == prior, item[0]))[0]


def _marks(text: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    lowered = text[:2000].lower()
    weights = _mark_weights()
    words = _WORD.findall(lowered)
    for word in words:
        for language, weight in weights.get(word, {}).items():
            scores[language] = scores.get(language, 0.0) + weight
    total = sum(scores.values())
    scores = {k: 3.0 * v / total for k, v in scores.items()} if total else {}
    for language, letters in _LETTERS.items():
        if any(ch in lowered for ch in letters):
            scores[language] = scores.get(language, 0.0) + 0.5
    return scores


def _detected(text: str) -> Iterable[tuple[str, float]]:
    detector = _detector()
    cleaned = text[:2000]
    if not cleaned.replace("\n", " ").isprintable():
        cleaned = "".join(ch for ch in cleaned if ch.isprintable() or ch.isspace())
    if len(cleaned) < 4:
        return []
    return detector(cleaned)  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _detector() -> Any:
    try:
        import pycld2
    except ImportError:
        return _lingua()

    def detect(text: str) -> list[tuple[str, float]]:
        try:
            reliable, _, details = pycld2.detect(text, bestEffort=True)
        except pycld2.error:
            return []
        found = []
        for _, code, percent, _ in details:
            language = "nb" if code == "no" else code
            if code != "un" and percent:
                found.append((language, percent / 100.0 * (1.0 if reliable else 0.4)))
        return found

    return detect


def _lingua() -> Any:
    from lingua import Language, LanguageDetectorBuilder

    names = {
        "DANISH": "da",
        "BOKMAL": "nb",
        "NYNORSK": "nn",
        "SWEDISH": "sv",
        "ENGLISH": "en",
        "GERMAN": "de",
        "FINNISH": "fi",
    }
    built = LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in names)).build()

    def detect(text: str) -> list[tuple[str, float]]:
        best = built.detect_language_of(text)
        return [(names[best.name], 1.0)] if best else []

    return detect
