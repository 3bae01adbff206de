"""Progress of a long verb: a line on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LABELS = {"crawl": "crawled {} pages", "read": "read {} pages", "sites": "{} sites done", "judge": "judging"}


@contextmanager
def progress_line(name: str) -> Iterator[Callable[[str, int], None]]:
    """Give a function that shows the stage and how far it is; silent where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    with console.status(escape(name)) as status:

        def show(stage: str, done: int) -> None:
            status.update(escape(f"{name}: {LABELS.get(stage, stage).format(done)}"))

        yield show
