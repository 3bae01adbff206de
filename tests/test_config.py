"""promisecheck.toml: what is read, and what each mistake is answered with."""

from pathlib import Path

import pytest

from promisecheck.config import STARTER, load_config
from promisecheck.errors import ConfigError
from promisecheck.plugins import Registry, did_you_mean


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "promisecheck.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_starter_is_valid(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, STARTER))
    assert config.database == "promisecheck.db"
    assert config.crawl.delay == 1.0
    assert config.company == ()


def test_reads_companies(tmp_path: Path) -> None:
    text = '[[company]]\nname = "Prøve A/S"\nurl = "https://example.com"\nincidents = ["a/*.csv"]\n[company.mapping]\nsag = "external_id"\n'
    (company,) = load_config(write(tmp_path, text)).company
    assert company.name == "Prøve A/S"
    assert company.incidents == ("a/*.csv",)
    assert company.mapping == {"sag": "external_id"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("databse = 'x'", "did you mean 'database'?"),
        ("[crawl]\ndelya = 2", "did you mean 'delay'?"),
        ("[crawl]\ndelay = 'soon'", "'soon' is not a float"),
        ("[[company]]\nname = 'A'", "missing url"),
        ("[[company]]\nname = 'A'\nurl = 'b'\nicidents = []", "company[1]"),
        ("not toml", "not valid TOML"),
        ("retention_days = true", "True is not a int"),
    ],
)
def test_names_the_mistake(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text))
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def test_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="promisecheck init"):
        load_config(tmp_path / "nothing.toml")


def test_same_text_same_hash(tmp_path: Path) -> None:
    path = write(tmp_path, "[crawl]\ndelay = 2\n")
    assert load_config(path).hash == load_config(path).hash
    assert load_config(path).hash != load_config(write(tmp_path, "[crawl]\ndelay = 3\n")).hash


def test_registry_loads_when_asked_and_names_the_near_one() -> None:
    registry: Registry[int] = Registry("number", "promisecheck.test-numbers")
    registry.add("seven", lambda: 7)
    assert registry.get("seven") == 7
    assert list(registry) == ["seven"]
    with pytest.raises(ConfigError.__mro__[1], match="did you mean 'seven'"):
        registry.get("sevn")


def test_advice_lists_all_where_none_is_near() -> None:
    assert did_you_mean("zzz", ["one", "two"]) == "use one of: one, two"
