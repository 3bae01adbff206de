"""What reading promises needs: rule packs, trained readings and the thresholds that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from promisecheck.model import LANGUAGES
from promisecheck.packs import Pack, load_packs
from promisecheck.text import Readings, SentenceContext, SentenceReading, load_readings

# Danish and Norwegian are close enough that a confused language must not cost a hit.
_ALSO = {"da": ("da", "nb"), "nb": ("nb", "da"), "nn": ("nn",), "sv": ("sv",), "en": ("en",)}
_CACHE_LIMIT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Hold the scores that decide; `promise` None is the readings' own, fitted on companies held back from training.

    `with_rule`: of what a rule finds and the heads give less, real pages held fewer promises than other things (three
    in thirty), while written ones held more: the real ones decide.
    `rule_theme` (log odds) is what rules add to their theme: half of it for each theme that a rule names, half for that
    of the rule that decides. `rule_kind` is added to a probability.
    """  # fmt: skip

    promise: float | None = None
    with_rule: float = 0.15
    rule_theme: float = 3.0
    rule_kind: float = 0.35


@dataclass(slots=True, kw_only=True)
class Reader:
    """Hold packs and readings; sentences seen before on the same site are not read again."""

    packs: Mapping[str, Pack]
    readings: Readings
    thresholds: Thresholds = Thresholds()
    _seen: dict[SentenceContext, SentenceReading] = field(default_factory=dict)

    @property
    def least(self) -> float:
        """Return the score from which a sentence that no rule finds is a promise."""
        stated = self.thresholds.promise
        return getattr(self.readings, "threshold", 0.5) if stated is None else stated

    def packs_for(self, language: str) -> list[Pack]:
        """Return the packs to try on a sentence, the likeliest first."""
        return [self.packs[code] for code in _ALSO.get(language, tuple(self.packs)) if code in self.packs]

    def read(self, sentences: Sequence[SentenceContext]) -> list[SentenceReading]:
        """Return a reading for each sentence, asking the heads only for new ones."""
        found = {s: self._seen[s] for s in sentences if s in self._seen}
        new = [s for s in dict.fromkeys(sentences) if s not in found]
        if new:
            if len(self._seen) > _CACHE_LIMIT:
                self._seen.clear()
            fresh = dict(zip(new, self.readings.read_sentences(new), strict=True))
            self._seen.update(fresh)
            found.update(fresh)
        return [found[s] for s in sentences]


def open_reader(
    languages: Sequence[str] = LANGUAGES,
    *,
    rules: Sequence[Path] = (),
    semantic: bool | None = None,
    thresholds: Thresholds | None = None,
) -> Reader:
    """Load packs and readings once for many pages; `rules` are folders of further rule files."""
    return Reader(
        packs=load_packs(languages, extra=rules),
        readings=load_readings(semantic=semantic),
        thresholds=thresholds or Thresholds(),
    )
