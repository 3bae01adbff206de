"""The top command: help that loads nothing heavy, versions, near words, and the small verbs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from promisecheck.cli.app import VERBS, run


def test_help_names_every_verb_and_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom promisecheck.cli.app import run\nassert run(['--help']) == 0\n"
        "heavy = {'spacy', 'numpy', 'requests', 'lxml', 'selectolax', 'sqlite_utils', 'onnxruntime', 'jinja2'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"  {verb}" in done.stdout for verb in VERBS)


def test_unknown_verb_is_answered_with_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2
    assert "did you mean 'check'?" in capsys.readouterr().err


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "--help"]) == 0
    assert "Usage: promisecheck" in capsys.readouterr().out


def test_version_with_rules_and_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-v", "--version"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["promisecheck", "python", "rules", "weights"]


def test_init_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "a")]) == 0
    assert (tmp_path / "a" / "promisecheck.toml").exists()
    assert run(["init", str(tmp_path / "a")]) == 2
    assert "exists already" in capsys.readouterr().err


def test_extract_reads_standard_input_and_keeps_what_came_before_an_error(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": "Vi svarer inden for 24 timer."}) for n in range(3)] + ["broken"]
    done = subprocess.run(
        [sys.executable, "-m", "promisecheck.cli", "extract", "-", "--no-semantic"],
        input="\n".join(lines), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "standard input, line 4" in done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == [0, 1, 2]
    assert all(row["quote"] == "Vi svarer inden for 24 timer." for row in found)


def test_judge_and_signals_write_one_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = {
        "id": "p",
        "promise": "Vi svarer inden for 24 timer.",
        "incident": "Jeg fik først svar efter 9 dage.",
    }
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(pair) + "\n", encoding="utf-8")
    assert run(["judge", str(path), "--no-semantic"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert (judged["id"], judged["outcome"]) == ("p", "breaks")
    path.write_text(json.dumps({"id": "s", "text": pair["incident"]}) + "\n", encoding="utf-8")
    assert run(["signals", str(path), "--no-semantic"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["id"] == "s"
    assert all(read_quote(pair["incident"], s) for s in read["signals"])


def read_quote(text: str, signal: dict[str, object]) -> bool:
    return text[signal["start"] : signal["end"]] == signal["quote"]  # type: ignore[misc]


def test_rules_list_show_and_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--language", "da", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema_version"] == 1
    first = listed["data"][0]["rule"]
    assert run(["rules", "show", first]) == 0
    assert "references:" in capsys.readouterr().out
    assert run(["rules", "show", first + "x"]) == 2
    assert f"did you mean '{first}'" in capsys.readouterr().err
    assert run(["rules", "new", "da.speed.call-back-soon", "--to", str(tmp_path)]) == 0
    assert (tmp_path / "da" / "speed-call-back-soon.yaml").exists()


def test_completion_script_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "bash"]) == 0
    assert "_PROMISECHECK_COMPLETE" in capsys.readouterr().out


def test_incident_columns_are_shown(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incidents", "columns", str(log), "--json"]) == 0
    mapping = json.loads(capsys.readouterr().out)["data"]["mapping"]
    assert mapping["Sagsnr"] == "external_id"
    assert mapping["Første svar"] == "first_reply_at"


def test_columns_that_are_not_read_are_named_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Sagsnr;Oprettet;Tekst;Reolplads\n1;01-09-2026;Ventede.;Privat\n", encoding="utf-8")
    assert run(["incidents", "columns", str(path)]) == 0
    told = capsys.readouterr().err
    assert "not read: Reolplads\n" in told
    assert '--map "Reolplads=FIELD"' in told and "queue_minutes" in told and "occurred_at" not in told


def test_import_list_search_and_backup(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = str(tmp_path / "t.db")
    assert run(["incidents", "import", str(log), "--company", "prøve", "--db", db]) == 0
    assert "4 new" in capsys.readouterr().out
    assert run(["incidents", "import", str(log), "--company", "prøve", "--db", db]) == 0
    assert "0 new, 0 updated, 4 unchanged" in capsys.readouterr().out
    assert run(["incidents", "list", "--db", db, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["data"]) == 4
    assert run(["db", "search", "fire", "dage", "--db", db, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["data"]) == 1
    assert run(["db", "search", "xylofon", "--db", db]) == 0
    assert capsys.readouterr() == ("", "nothing holds all of these words\n")
    assert run(["db", "backup", str(tmp_path / "copy.db"), "--db", db]) == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
