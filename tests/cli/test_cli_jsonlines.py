"""JSON lines: order, batches, and errors that name the line without losing what came before."""

from pathlib import Path

import pytest

from promisecheck.cli.jsonlines import BATCH, read_batches
from promisecheck.errors import InputError


def write(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_keeps_order_and_skips_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path, '{"id": 2, "text": "b"}', "", '{"id": 1, "text": "a"}')
    assert [[row["id"] for row in batch] for batch in read_batches(path, ("id", "text"))] == [[2, 1]]


def test_batches_bound_memory(tmp_path: Path) -> None:
    path = write(tmp_path, *(f'{{"id": {n}, "text": "x"}}' for n in range(BATCH + 3)))
    assert [len(batch) for batch in read_batches(path, ("id", "text"))] == [BATCH, 3]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        ('{"id": 1}', "line 2: no field 'text'"),
        ('{"id": 1, "text": 5}', "line 2: field 'text' is not a text"),
    ],
)
def test_bad_line_comes_after_the_good_ones(tmp_path: Path, line: str, says: str) -> None:
    batches = read_batches(write(tmp_path, '{"id": 0, "text": "a"}', line), ("id", "text"))
    assert next(batches) == [{"id": 0, "text": "a"}]
    with pytest.raises(InputError, match=says):
        next(batches)


def test_missing_file_and_bad_encoding(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_batches(str(tmp_path / "no.jsonl"), ("id",)))
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(InputError, match="not UTF-8"):
        list(read_batches(str(bad), ("id",)))
