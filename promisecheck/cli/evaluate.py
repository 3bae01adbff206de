"""`promisecheck evaluate`: how well the reading does on labelled texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.options import json_option, semantic_option
from promisecheck.cli.output import print_json, print_table
from promisecheck.errors import UsageError

if TYPE_CHECKING:
    from promisecheck.quality import Score

    Evaluate = Callable[[Path], list[Score]]


@click.command("evaluate")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--held-back",
    is_flag=True,
    help="Train the cheap heads anew and leave companies, sources and promises out.",
)
@click.option(
    "--floors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check the figures pinned in this file (JSON: section → file → figure → floor) instead; exit 1 where one is below.",
)
@semantic_option
@json_option
def command(
    paths: tuple[Path, ...], held_back: bool, floors: Path | None, semantic: bool | None, as_json: bool
) -> None:  # fmt: skip
    """Print precision, recall and F1 with 95 % intervals, per task, language, kind and theme.

    PATHS are labelled files or folders (see corpora/train/README.md); with --floors, the folders that its files
    lie under. Needs the extra train for --held-back.
    """
    try:
        from promisecheck.quality import evaluate
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"evaluating needs {missing.name}", do="pip install 'promisecheck[train]'"
        ) from missing
    from promisecheck.text import load_readings

    readings = None if held_back else load_readings(semantic=semantic)
    if floors is not None:
        _hold(floors, paths, lambda path: evaluate([path], readings), as_json)
        return
    scores = evaluate(paths, readings)
    if as_json:
        print_json("evaluate", scores)
    else:
        rows = [
            (s.task, s.part, f"{s.f1:.3f}", f"{s.low:.3f}–{s.high:.3f}", f"{s.precision:.3f}", f"{s.recall:.3f}",
             s.positive, s.rows)
            for s in scores
        ]  # fmt: skip
        print_table(("task", "part", "F1", "95 %", "precision", "recall", "positive", "rows"), rows)


def _hold(path: Path, folders: Sequence[Path], evaluate: Evaluate, as_json: bool) -> None:
    """Check every pinned figure whose file lies under one of the folders; end with 1 where one is too low."""
    from promisecheck.quality import check_floors, read_floors

    checks = [
        check
        for section in read_floors(path).values()
        for folder in folders
        for check in check_floors(section, folder, evaluate)
        if check.now is not None
    ]
    if not checks:
        raise UsageError(
            "pins no file that lies under these paths", where=str(path), do="name the folder of the files"
        )
    if as_json:
        print_json("floors", checks)
    else:
        rows = [
            (c.file, c.figure, f"{c.now:.3f}", f"{c.floor:.3f}", "" if c.holds else "below") for c in checks
        ]
        print_table(("file", "figure", "now", "floor", ""), rows)
    if not all(check.holds for check in checks):
        exit_with(1)
