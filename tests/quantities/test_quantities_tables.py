"""Read each language's table of phrases; almost all must be exact, and a reader sees which are not."""

import importlib.util
from functools import cache
from pathlib import Path

import pytest
import yaml

from promisecheck.quantities import Grammar, Quantity, find_measures

HERE = Path(__file__).parent
LANGUAGES = [path.stem.rsplit("_", 1)[1] for path in sorted(HERE.glob("test_quantities_phrases_*.py"))]


@cache
def grammar(language: str) -> Grammar:
    path = HERE.parents[1] / "rules" / language / "_language.yaml"
    return Grammar.from_mapping(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def phrases(language: str) -> list[tuple[str, str]]:
    path = HERE / f"test_quantities_phrases_{language}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[tuple[str, str]] = module.PHRASES
    return found


def shown(quantity: Quantity) -> str:
    measure = quantity.measure
    value = f"{measure.value:g}" + ("" if measure.high is None else f"-{measure.high:g}")
    special = measure.kind == "window" or (measure.kind == "count" and measure.unit == "day")
    lead = measure.kind if special else measure.compare
    return f"{'~' if quantity.vague else ''}{lead} {value} {measure.unit}"


def read(text: str, language: str) -> str:
    return "; ".join(shown(quantity) for quantity in find_measures(text, grammar(language))) or "-"


CASES = [(language, text, expected) for language in LANGUAGES for text, expected in phrases(language)]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_a_phrase_is_read_exactly(language: str, text: str, expected: str) -> None:
    assert read(text, language) == expected


@pytest.mark.parametrize(("language", "least"), [("da", 80), ("nb", 80), ("sv", 80), ("en", 80), ("nn", 20)])
def test_the_table_is_long_enough(language: str, least: int) -> None:
    assert len({text for text, _ in phrases(language)}) >= least
