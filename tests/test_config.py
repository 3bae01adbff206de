"""promisecheck.toml: what is read, and what each mistake is answered with."""

import re
from dataclasses import fields
from datetime import time
from pathlib import Path

import pytest

from promisecheck.config import (
    STARTER,
    CompanyConfig,
    Config,
    CrawlConfig,
    NotifyConfig,
    SourceConfig,
    VerdictConfig,
    load_config,
    read_opening,
)  # fmt: skip
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


def test_reads_sources_of_incidents(tmp_path: Path) -> None:
    text = (
        '[[company]]\nname = "A"\nurl = "b"\n[[company.source]]\nname = "crm"\ndatabase = "crm.db"\nquery = "SELECT 1"\n'
        '[[company.source]]\nfiles = "x/*.csv"\nmapping = { no = "external_id" }\n'
    )
    crm, files = load_config(write(tmp_path, text)).company[0].source
    assert (crm.name, crm.query) == ("crm", "SELECT 1")
    assert files.mapping == {"no": "external_id"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[notify]\non = ['nwe']", "did you mean 'new'?"),
        ("[notify]\nlanguage = 'dk'", "'dk' is none of the values"),
        ("[verdict]\nhours = 'office'", "use one of: wall, opening"),
        ("[[company]]\nname = 'A'\nurl = 'b'\n[[company.source]]\nqeury = 'x'", "did you mean 'query'?"),
        ("[[company]]\nname = 'A'\nurl = 'b'\nsource = 'x'", "is not a list"),
        ("crawl = 3", "crawl"),
    ],
)
def test_names_the_mistake_in_a_value(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text))
    assert says in str(caught.value)


def _sections() -> dict[str, type]:
    kinds = (Config, CrawlConfig, VerdictConfig, NotifyConfig, CompanyConfig, SourceConfig)
    return dict(zip(("", "crawl", "verdict", "notify", "company", "company.source"), kinds, strict=True))


@pytest.mark.parametrize("section", list(_sections()))
def test_reference_names_every_key(section: str) -> None:
    """Compare docs/reference/config.md with the dataclasses, section by section."""
    text = (Path(__file__).parent.parent / "docs/reference/config.md").read_text(encoding="utf-8")
    parts = re.split(r"^## \[+([a-z.]+)\]+$", text, flags=re.MULTILINE)
    found = dict(zip(["", *parts[1::2]], parts[0::2], strict=True))
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", found[section], flags=re.MULTILINE))
    nested = {"crawl", "verdict", "notify", "company"}
    assert listed == {field.name for field in fields(_sections()[section])} - nested


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (["mon-fri 09:00-17:00"], {day: (time(9), time(17)) for day in range(5)}),
        (["Mon-Fri 8-16:30", "sat 10 - 14"], {**{day: (time(8), time(16, 30)) for day in range(5)}, 5: (time(10), time(14))}),
        (["mon-sun 0-24"], {day: (time(0), time(0)) for day in range(7)}),
        ([], {}),
    ],
)  # fmt: skip
def test_opening_hours_are_read(lines: list[str], hours: dict[int, tuple[time, time]]) -> None:
    assert read_opening(lines) == hours


@pytest.mark.parametrize(
    "line", ["fri-mon 9-17", "man-fre 9-17", "mon 17-9", "mon 9-25", "mon 9:60-10", "always"]
)
def test_wrong_opening_hours_name_file_and_line(line: str, tmp_path: Path) -> None:
    path = write(tmp_path, f'[verdict]\nopening = ["{line}"]\n')
    with pytest.raises(ConfigError, match="are no opening hours") as caught:
        load_config(path)
    assert caught.value.where == f"{path}: verdict: opening"


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
