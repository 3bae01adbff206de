"""A registry of named parts (judges, readers, report formats) that other packages can add to by entry points."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from promisecheck.errors import UsageError

Part = TypeVar("Part")


class Registry(Generic[Part]):
    """Hold parts of one sort by name; `group` is the entry-point group that other packages use."""

    def __init__(self, sort: str, group: str) -> None:
        self.sort = sort
        self.group = group
        self._loaders: dict[str, Callable[[], Part]] = {}

    def add(self, name: str, loader: Callable[[], Part]) -> None:
        """Register a part; the loader runs only when the part is asked for."""
        self._loaders[name] = loader

    def names(self) -> list[str]:
        """Return the names of all parts, our own and those installed beside us."""
        return sorted({*self._loaders, *(point.name for point in entry_points(group=self.group))})

    def get(self, name: str) -> Part:
        """Return a part by name, or raise UsageError that names the near ones."""
        if name in self._loaders:
            return self._loaders[name]()
        for point in entry_points(group=self.group):
            if point.name == name:
                return point.load()  # type: ignore[no-any-return]
        raise UsageError(f"no {self.sort} called {name!r}", do=did_you_mean(name, self.names()))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return advice that names the nearest known word, or all of them."""
    names = tuple(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(names)}"
