"""Which headings stand above a block: titles, questions, lead-ins of lists, and the heads of a table's rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Table:
    columns: dict[int, str] = field(default_factory=dict)
    row: str = ""
    column: int = 0


class Outline:
    """Keep the headings in force while a page is read from top to bottom."""

    def __init__(self) -> None:
        self._levels: list[tuple[int, str]] = []
        self._all: tuple[str, ...] | None = ()
        self._tables: list[_Table] = []

    def push(self, level: int, text: str) -> None:
        """Put a heading in force; it ends those of its own level and below."""
        self.drop(level)
        self._levels.append((level, text))
        self._all = None

    def drop(self, level: int) -> None:
        """End every heading of `level` and below."""
        while self._levels and self._levels[-1][0] >= level:
            self._levels.pop()
            self._all = None

    def above(self, level: int = 99) -> tuple[str, ...]:
        """Return the headings in force above `level`, the outermost first."""
        if level < 99:
            return tuple(text for own, text in self._levels if own < level)
        if self._all is None:
            self._all = tuple(text for _, text in self._levels)
        return self._all

    def saved(self) -> list[tuple[int, str]]:
        """Return the state to give to `restore` when a part of the page ends."""
        return list(self._levels)

    def restore(self, saved: list[tuple[int, str]]) -> None:
        """Go back to the headings that stood before a part of the page began."""
        self._levels, self._all = saved, None

    def clear(self) -> None:
        """Forget the headings: a footer does not belong to the last section above it."""
        self._levels, self._all = [], ()

    def open_table(self) -> None:
        """Begin a table, perhaps inside another one."""
        self._tables.append(_Table())

    def close_table(self) -> None:
        """End the innermost table."""
        if self._tables:
            self._tables.pop()

    def open_row(self) -> None:
        """Begin a row of the innermost table."""
        if self._tables:
            self._tables[-1].row, self._tables[-1].column = "", 0

    def close_cell(self, span: int) -> None:
        """Step over a cell that is `span` columns wide."""
        if self._tables:
            self._tables[-1].column += span

    def head_cell(self, text: str) -> None:
        """Note a `th`: the head of its row when it stands first, and of its column."""
        if self._tables:
            table = self._tables[-1]
            if table.column == 0:
                table.row = text
            table.columns[table.column] = text

    def data_cell(self, text: str) -> tuple[str, ...]:
        """Return the heads of a `td`; a first cell without `th` heads the rest of its row."""
        if not self._tables:
            return ()
        table = self._tables[-1]
        column = table.columns.get(table.column, "")
        row = table.row if table.column else ""
        if table.column == 0 and not table.row:
            table.row = text
        return tuple(head for head in (column, row) if head)
