"""The reference of the verbs says what the verbs say."""

from pathlib import Path

from promisecheck.cli.reference import reference

ROOT = Path(__file__).resolve().parent.parent.parent


def test_reference_is_fresh() -> None:
    assert (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8") == reference()
