"""Sweeps end to end: the same bytes however many processes, resumed after a stop, failures as rows."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest
from sweep_sites import serve_sites

from promisecheck.cli.app import run
from promisecheck.store import Store


def summary(folder: Path) -> list[dict[str, str]]:
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_and_two_processes_give_the_same_bytes(sweeps) -> None:
    with serve_sites(4) as addresses:
        sweeps.list(addresses)
        for out, workers in (("one", "1"), ("two", "2")):
            sweeps.dated(out)
            assert sweeps.run(out, "--workers", workers) == 1
    assert sweeps.files("one") == sweeps.files("two")
    rows = summary(sweeps.folder / "one")
    assert len(rows) == 4
    assert {row["status"] for row in rows} == {"complete"}
    assert rows[0]["speed"] == "1 of 1"


def test_a_company_that_fails_is_a_row_with_its_reason(sweeps) -> None:
    with serve_sites(2) as addresses:
        sweeps.list([*addresses, "127.0.0.1:9"])
        assert sweeps.run("out", "--fail-on", "never") == 3
    last = [row for row in summary(sweeps.folder / "out") if row["status"] == "failed"]
    assert len(last) == 1
    assert "127.0.0.1:9" in last[0]["reason"]


def test_second_run_checks_only_what_failed_and_changes_no_row(sweeps) -> None:
    with serve_sites(2) as addresses:
        sweeps.list(addresses)
        sweeps.run("out")
    before = sweeps.files("out")
    assert sweeps.run("out") == 1  # the sites are gone: nothing is asked again
    assert sweeps.files("out") == before
    with Store.open(sweeps.folder / "out" / "sweep.db") as store:
        assert len(store.load_companies()) == 2
        assert len(store.load_runs()) == 2


def test_another_clock_checks_every_company_again(sweeps) -> None:
    with serve_sites(1) as addresses:
        sweeps.list(addresses)
        assert sweeps.run("out") == 1
        config = sweeps.folder / "promisecheck.toml"
        verdict = '[verdict]\nhours = "opening"\nopening = ["mon-fri 9-10"]\n'
        config.write_text(config.read_text(encoding="utf-8") + verdict, encoding="utf-8")
        assert sweeps.run("out") == 0
        assert sweeps.run("out") == 0


def test_fresh_sweep_is_dated_anew(sweeps) -> None:
    with serve_sites(1) as addresses:
        sweeps.list(addresses)
        sweeps.dated("out")
        sweeps.run("out")
        sweeps.run("out", "--fresh")
    with Store.open(sweeps.folder / "out" / "sweep.db") as store:
        assert len(store.load_runs()) == 2
        assert len(store.load_findings()) == 1


def test_log_names_every_company_and_how_far_the_sweep_is(sweeps) -> None:
    log = sweeps.folder / "sweep.jsonl"
    with serve_sites(2) as addresses:
        sweeps.list([*addresses, "127.0.0.1:9"])
        sweeps.run("out", "--log-json", str(log))
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["done"], line["total"]) for line in lines] == [
        ("sweep", 0, 3), ("company", 1, 3), ("company", 2, 3), ("company", 3, 3),
    ]  # fmt: skip
    assert sorted(line["stage"] for line in lines) == ["complete", "complete", "failed", "start"]
    assert "ventede" not in log.read_text(encoding="utf-8")


def test_merging_a_shard_twice_changes_nothing(sweeps) -> None:
    with serve_sites(1) as addresses:
        sweeps.list(addresses)
        sweeps.run("out")
    (shard,) = (sweeps.folder / "out" / "shards").rglob("*.db")
    target = sweeps.folder / "all.db"
    counts = []
    for _ in range(2):
        with Store.open(target) as store:
            assert store.merge(shard) == 1
            assert [hit.kind for hit in store.search("timer")] == ["promise"]
        with sqlite3.connect(target) as db:
            tables = ("companies", "pages", "promises", "incidents", "matches", "findings", "runs", "bodies")
            counts.append([db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables])
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert counts[0] == counts[1]
    assert all(counts[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,url\n", "lists no company"),
        ("name,ulr\nA,http://a.example\n", "did you mean 'url'"),
        ("name\nA\n", "there is no column url"),
        ("url,country\nhttp://a.example,XX\n", "line 2"),
        ("url\nhttp://a.example\nhttp://a.example\n", "twice"),
        ("name,url\nA,\n", "not a web address"),
        ("url,languages\nhttp://a.example,dansk\n", "unknown language"),
    ],
)
def test_mistakes_in_the_list_exit_2(
    text: str, says: str, sweeps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "companies.csv").write_text(text, encoding="utf-8")
    (tmp_path / "promisecheck.toml").write_text("", encoding="utf-8")
    assert sweeps.run("out") == 2
    assert says in capsys.readouterr().err


def test_list_with_semicolons_and_mark_is_read(tmp_path: Path) -> None:
    from promisecheck.sweep.companies import read_companies

    path = tmp_path / "list.csv"
    path.write_text(
        "\ufeffName;URL;Country;incidents\nÅs;https://as.example;no;a.csv|b.csv\n", encoding="utf-8"
    )
    (one,) = read_companies(path)
    assert (one.company.name, one.company.country) == ("Ås", "NO")
    assert one.incidents == (tmp_path / "a.csv", tmp_path / "b.csv")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_list_as_excel_saves_it_is_read(encoding: str, tmp_path: Path) -> None:
    from promisecheck.sweep.companies import read_companies

    path = tmp_path / "list.csv"
    path.write_bytes(
        "name;url\r\nLynghøj & Åsund;http://a.example\r\n\r\nÖn;http://b.example\r\n".encode(encoding)
    )
    assert [one.company.name for one in read_companies(path)] == ["Lynghøj & Åsund", "Ön"]


def test_a_workbook_is_no_list(sweeps, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweeps.list(["a.example"])
    (tmp_path / "companies.csv").write_bytes(b"PK\x03\x04\0\0")
    assert sweeps.run("out") == 2
    assert "give a CSV file" in capsys.readouterr().err


def test_dask_needs_a_scheduler(sweeps, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweeps.list(["a.example"])
    assert sweeps.run("out", "--runner", "dask") == 2
    assert "--scheduler" in capsys.readouterr().err


def test_erasure_reaches_every_shard_and_export(sweeps) -> None:
    log = sweeps.folder / "log.csv"
    row = "A-9;05-09-2026 09:00;09-09-2026 09:00;Mail;Qvistorpe Zaunmark fik aldrig svar på sin mail.\n"
    log.write_text(log.read_text(encoding="utf-8") + row, encoding="utf-8")
    with serve_sites(2) as addresses:
        sweeps.list(addresses)
        sweeps.run("out")
    out = sweeps.folder / "out"

    def named() -> list[Path]:
        return [path for path in out.rglob("*") if path.is_file() and b"Zaunmark" in path.read_bytes()]

    assert len(named()) >= 4
    assert run(["incidents", "erase", "--subject", "Zaunmark", "--db", str(out / "sweep.db")]) == 0
    assert named() == []
