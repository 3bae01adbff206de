"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "promisecheck"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_module_is_short_and_says_what_belongs_in_it(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_functions_have_at_most_forty_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            assert node.end_lineno - node.lineno < 40, node.name


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("spacy", {"text"}),
        ("onnxruntime", {"text", "quality"}),
        ("tokenizers", {"text", "quality"}),
        ("sqlite3", {"store"}),
        ("sqlite_utils", {"store"}),
        ("requests", {"match", "nightly", "evidence"}),
        ("urllib3", {"crawl"}),
        ("selectolax", {"pages", "crawl"}),
        ("click", {"cli"}),
        ("rich", {"cli", "report"}),
    ],
)
def test_library_stays_in_its_room(library: str, rooms: set[str]) -> None:
    users = {path.relative_to(PACKAGE).parts[0] for path in MODULES if library in imports_of(path)}
    assert users and users <= rooms


def test_only_the_command_line_prints() -> None:
    for path in MODULES:
        if path.relative_to(PACKAGE).parts[0] == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit"), path


def test_no_forbidden_names() -> None:
    stems = {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not stems & {"utils", "helpers", "common", "base", "manager"}


def test_one_blind_except_at_most() -> None:
    blind = [p for p in MODULES if "except Exception" in p.read_text(encoding="utf-8")]
    assert [str(p.relative_to(PACKAGE)) for p in blind] == ["cli/app.py"]


def run(*command: str) -> None:
    tools = Path(sys.executable).parent
    done = subprocess.run(
        [str(tools / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.slow
def test_layers_hold() -> None:
    run("lint-imports")


@pytest.mark.slow
def test_types_hold() -> None:
    run("mypy", "--strict")


@pytest.mark.slow
def test_style_holds() -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
