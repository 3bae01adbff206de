"""What an import says of a file, in the reader's language; what is not known here stays English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from promisecheck.errors import PromisecheckError
from promisecheck.incidents import RowProblem
from promisecheck.report import Speech, Template, tell_by, template

LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Hold one thing that an import says: of which line (0: of the file), what is so, and what to do."""

    line: int = 0
    what: str
    do: str = ""


def notices_of(problems: Sequence[RowProblem], say: Speech) -> tuple[Notice, ...]:
    """Return the rows that could not be read, in the reader's language."""
    return tuple(Notice(line=one.line, what=tell(one.what, say), do=tell(one.do, say)) for one in problems)


def wrong_of(error: PromisecheckError, say: Speech) -> str:
    """Return what is wrong with a file and what to do, in the reader's language and without its folder."""
    what, do = tell(error.what, say), tell(error.do, say)
    return say.say("{what} ({do})", what=what, do=do) if do else what


def tell(text: str, say: Speech) -> str:
    """Return one thing that an import says in the reader's language, or as it is where it is not known."""
    return text if len(text) > LONGEST else tell_by(_known(), text, say) or text


@lru_cache(maxsize=1)
def _known() -> tuple[Template, ...]:
    return (*_of_reading(), *_of_rows(), *_of_files(), *_to_do())


def _of_reading() -> tuple[Template, ...]:
    return (
        template("cells are separated by {separator}"),
        template("sheet {quote}"),
        template("{column}: month before day, as {value} shows"),
        template("{column}: day before month, as {value} shows"),
        template("{column}: day before month, though {odd} does not fit ({value} does)"),
        template("{column}: day before month, as is usual in the Nordic countries"),
    )


def _of_rows() -> tuple[Template, ...]:
    return (
        template("{column}: a value of {count} characters cannot be read"),
        template("{column}: “{value}” cannot be read"),
        template("the row has 1 cell where the header has {most}"),
        template("the row has {count} cells where the header has {most}"),
        template("a quotation mark is opened and not closed"),
        template("a quoted cell runs over several lines and the cells do not add up"),
        template("the line is not JSON: {error}"),
        template("the line is no JSON object"),
    )


def _of_files() -> tuple[Template, ...]:
    return (
        template("not a kind of file that is read here"),
        template("the file is empty"),
        template("holds no rows"),
        template("holds no incidents"),
        template("holds no JSON objects"),
        template("is not a text file"),
        template("is not JSON: {error}"),
        template("is an old .xls file"),
        template("is a SQLite database"),
        template("is XML or HTML"),
        template("cannot be read as XLSX: {error}"),
        template("cannot be read: {error}"),
        template("breaks off: {error}"),
        template("unpacks to more than 2 GiB"),
        template("no column tells what it holds ({names})"),
    )


def _to_do() -> tuple[Template, ...]:
    return (
        template("write it as 2026-11-24 14:05"),
        template("{field} takes a number"),
        template("close the quotation mark, or double it inside a cell"),
        template("put cells that hold a separator in quotation marks"),
        template("complete the row"),
        template("write one JSON object on each line"),
        template("write a list of objects"),
        template("export the incidents again"),
        template("export it again"),
        template("copy it again"),
        template("export it as CSV"),
        template("save it as .xlsx or as CSV"),
        template("save it again as .xlsx, or export it as CSV"),
        template("give a table as CSV, JSONL or XLSX"),
        template("give a CSV, JSONL, XLSX, XES or SQLite file"),
        template("name its table of incidents"),
        template("name them, for instance COLUMN=details"),
        template("send one of: {names}"),
    )
