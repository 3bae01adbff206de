"""Choose the pieces of the base that Danish, Norwegian, Swedish and English texts use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from promisecheck.quality.base_weights import BaseWeights
from promisecheck.text.pieces import Pieces

LANGUAGES = ("da", "nb", "nn", "sv", "en")
LEAST_FORMS = 2  # a piece must help to spell this many dictionary forms ...
LEAST_OTHER = 1  # ... or be seen this often in other texts; training texts keep all they use


def whole_pieces(base: BaseWeights) -> Pieces:
    """Return the tokeniser of the untrimmed base, with ids as in the base."""
    scored = [(p, float(s)) for p, s in zip(base.pieces, base.piece_scores, strict=True)]
    return Pieces(scored, base.code_points)


def dictionary_forms(languages: Sequence[str] = LANGUAGES) -> Iterable[list[str]]:
    """Yield, a language at a time, the sorted word forms of the lemma dictionaries."""
    from simplemma.strategies import DefaultDictionaryFactory

    factory = DefaultDictionaryFactory()
    for language in languages:
        yield sorted(factory.get_dictionary(language))


def choose_pieces(
    whole: Pieces, training: Sequence[str], others: Sequence[str], forms: Iterable[list[str]], most: int
) -> list[int]:
    """Return the base ids to keep, ascending: seen in training texts, then by how often the rest helps."""
    longest = 1 << 20
    seen = {i for ids in whole.cut(training, longest) for i in ids}
    count: Counter[int] = Counter(i for ids in whole.cut(others, longest) for i in ids)
    wanted: Counter[int] = Counter({i: n for i, n in count.items() if n >= LEAST_OTHER})
    for words in forms:
        spelled = Counter(i for ids in whole.cut(words, longest) for i in set(ids))
        wanted.update({i: n for i, n in spelled.items() if n >= LEAST_FORMS})
    single = {i for i, (piece, _) in enumerate(whole.pieces) if len(piece) == 1 and ord(piece) < 0x250}
    kept = {i for i in seen | single if i > 3}
    for i, _ in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
        if len(kept) >= most:
            break
        if i > 3:
            kept.add(i)
    return sorted(kept)


def trim(base: BaseWeights, kept: Sequence[int]) -> tuple[Pieces, NDArray[np.float32]]:
    """Return the trimmed tokeniser and its word vectors; ids 0 to 3 are pad, start, end, unknown."""
    special = base.special
    order = [special["pad"], special["bos"], special["eos"], special["unknown"], *kept]
    scored = [(base.pieces[i], float(base.piece_scores[i])) for i in order]
    points = {k: v for k, v in base.code_points.items() if k < 0x3000 or 0xFB00 <= k < 0xFFF0}
    return Pieces(scored, points), base.word_rows(np.asarray(order, dtype=np.int64))
