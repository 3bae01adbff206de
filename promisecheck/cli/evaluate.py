"""`promisecheck evaluate`: how well the reading does on labelled texts."""

from __future__ import annotations

import json
from pathlib import Path

import click

from promisecheck.cli.app import exit_with
from promisecheck.cli.options import json_option, semantic_option
from promisecheck.cli.output import print_json, print_table, say
from promisecheck.errors import UsageError


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
    help="Exit 1 where a figure is below the one in this file (JSON: figure → floor).",
)
@semantic_option
@json_option
def command(
    paths: tuple[Path, ...], held_back: bool, floors: Path | None, semantic: bool | None, as_json: bool
) -> None:  # fmt: skip
    """Print precision, recall and F1 with 95 % intervals, per task, language, kind and theme.

    PATHS are labelled files or folders (see corpora/train/README.md). Needs the extra train for --held-back.
    """
    try:
        from promisecheck.quality import evaluate
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"evaluating needs {missing.name}", do="pip install 'promisecheck[train]'"
        ) from missing
    from promisecheck.text import load_readings

    scores = evaluate(paths, None if held_back else load_readings(semantic=semantic))
    if as_json:
        print_json("evaluate", scores)
    else:
        rows = [
            (s.task, s.part, f"{s.f1:.3f}", f"{s.low:.3f}–{s.high:.3f}", f"{s.precision:.3f}", f"{s.recall:.3f}",
             s.positive, s.rows)
            for s in scores
        ]  # fmt: skip
        print_table(("task", "part", "F1", "95 %", "precision", "recall", "positive", "rows"), rows)
    if floors is not None:
        _hold(floors, {f"{s.task} {s.part} f1": s.f1 for s in scores})


def _hold(path: Path, figures: dict[str, float]) -> None:
    low = [
        (name, floor)
        for name, floor in json.loads(path.read_text(encoding="utf-8")).items()
        if figures.get(name, 0.0) < floor
    ]
    for name, floor in low:
        say(f"{name}: {figures.get(name, 0.0):.3f} is below its floor {floor:.3f}")
    if low:
        exit_with(1)
