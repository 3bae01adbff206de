"""Write a file whole or not at all: beside its place first, readable by its owner only, and then in one step into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from promisecheck.errors import StoreError


@contextmanager
def whole_file(target: Path, what: str, *, replace: bool = False) -> Iterator[Path]:
    """Give the path to write to, which takes the place of `target` at the end; an error leaves nothing behind.

    Raises StoreError where the target exists, unless it is to be replaced, and where it cannot be written.
    """
    if target.exists() and not replace:
        raise StoreError("exists already", where=str(target), do=f"name a new file for the {what}")
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.chmod(0o600)
        unfinished.replace(target)
    except (sqlite3.Error, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"{what} failed: {error}", where=str(target), do="check space and rights") from error
