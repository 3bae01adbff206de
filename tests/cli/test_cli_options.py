"""Flags become settings: what is on the command line is added to what the config file says."""

from __future__ import annotations

from pathlib import Path

from promisecheck.cli.options import crawl_settings


def test_hosts_to_render_come_from_flags_and_file(tmp_path: Path) -> None:
    file = tmp_path / "promisecheck.toml"
    file.write_text('[crawl]\nrender = ["shells"]\n', encoding="utf-8")
    settings = crawl_settings(None, None, None, (), ("www.eksempel.dk",), None, file)
    assert settings.render == ("shells", "www.eksempel.dk")
