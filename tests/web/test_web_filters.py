"""Filters read from an address and written back are the same."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from promisecheck.web.filters import Filters

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z")), max_size=20)
NAMES = [name for name, value in asdict(Filters()).items() if value == ""]


@given(st.dictionaries(st.sampled_from([n for n in NAMES if n != "severity"]), TEXT), st.integers(1, 999))
def test_written_filters_read_back(values: dict[str, str], page: int) -> None:
    filters = Filters(**values, page=page)
    assert Filters.read(dict(parse_qsl(filters.write().removeprefix("?")))) == filters


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=300), max_size=8))
def test_any_address_can_be_read(query: dict[str, str]) -> None:
    assert Filters.read(query).page >= 1


def test_empty_filters_write_nothing() -> None:
    assert Filters().write() == ""
    assert not Filters(order="newest", page=3).narrowed
    assert Filters(theme="ease").write(page=2) == "?theme=ease&page=2"
