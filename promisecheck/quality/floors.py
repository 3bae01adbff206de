"""Pinned scores: which figure of which labelled file must not fall below what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from promisecheck.errors import ConfigError
from promisecheck.quality.score import Score

Evaluate = Callable[[Path], list[Score]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorCheck:
    """Hold one pinned figure: what it is now (None where the file is not here), and the floor."""

    file: str
    figure: str
    floor: float
    now: float | None

    @property
    def holds(self) -> bool:
        """Return whether the figure is not below its floor; a file that is not here breaks no build."""
        return self.now is None or self.now >= self.floor


def read_floors(path: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Read pinned floors: a JSON object, section → file → figure → floor."""
    try:
        read: dict[str, dict[str, dict[str, float]]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ConfigError(f"cannot read the floors: {error}", where=str(path)) from error
    return read


def check_floors(
    pinned: Mapping[str, Mapping[str, float]], folder: Path, evaluate: Evaluate
) -> Iterator[FloorCheck]:
    """Yield one check a pinned figure; files are looked up under `folder`, each evaluated once.

    pinned: one section of the floors; a figure reads "task part measure", as in "sentence all f1".
    """
    for file, figures in pinned.items():
        path = folder / file
        now = figures_of(evaluate(path)) if path.exists() else {}
        for figure, floor in figures.items():
            if path.exists() and figure not in now:
                raise ConfigError(
                    f"no such figure: {figure}", where=file, do=f"one of {', '.join(sorted(now))}"
                )
            yield FloorCheck(file=file, figure=figure, floor=float(floor), now=now.get(figure))


def figures_of(scores: list[Score]) -> dict[str, float]:
    """Return every figure by its name."""
    return {
        f"{s.task} {s.part} {measure}": float(getattr(s, measure))
        for s in scores
        for measure in ("precision", "recall", "f1")
    }
