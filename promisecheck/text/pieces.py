"""Cut texts into the encoder's pieces: the same ids at training time and at run time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PAD, START, END, UNKNOWN = 0, 1, 2, 3
_SPACES = re.compile(" {2,}")


class Pieces:
    """Turn texts into piece ids with a Unigram model; 0 pads, 1 opens and 2 closes a text."""

    def __init__(self, pieces: Sequence[tuple[str, float]], code_points: Mapping[int, str]) -> None:
        from tokenizers import Tokenizer, models, pre_tokenizers

        self.pieces = list(pieces)
        self.code_points = dict(code_points)
        self._tokenizer: Any = Tokenizer(models.Unigram(self.pieces, unk_id=UNKNOWN))
        self._tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")

    def __len__(self) -> int:
        return len(self.pieces)

    def clean(self, text: str) -> str:
        """Return the text as the Unigram model wants it: NFKC by code point, single spaces."""
        return _SPACES.sub(" ", text.translate(self.code_points)).strip(" ")

    def cut(self, texts: Sequence[str], longest: int) -> list[list[int]]:
        """Return the ids of each text without the opening and closing piece, at most `longest`."""
        cleaned = [self.clean(text) for text in texts]
        return [encoding.ids[:longest] for encoding in self._tokenizer.encode_batch(cleaned)]

    def encode(self, texts: Sequence[str], longest: int) -> list[list[int]]:
        """Return opening piece, pieces and closing piece of each text, at most `longest` ids in all."""
        return [[START, *ids, END] for ids in self.cut(texts, longest - 2)]

    def encode_pairs(self, pairs: Sequence[tuple[str, str]], longest: int) -> list[list[int]]:
        """Return both texts with a closing piece after each; the second is cut where it is too long."""
        first = self.cut([a for a, _ in pairs], longest // 2)
        second = self.cut([b for _, b in pairs], longest)
        return [
            [START, *a, END, END, *b[: longest - len(a) - 4], END] for a, b in zip(first, second, strict=True)
        ]

    def save(self, path: Path) -> None:
        """Write pieces, scores and code point map as JSON."""
        data = {
            "pieces": [[piece, round(score, 5)] for piece, score in self.pieces],
            "code_points": {str(k): v for k, v in sorted(self.code_points.items())},
        }
        path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """Read what `save` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls([(p, s) for p, s in data["pieces"]], {int(k): v for k, v in data["code_points"].items()})
