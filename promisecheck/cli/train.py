"""`promisecheck train`: rebuild the weights from labelled folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from promisecheck.cli.output import say
from promisecheck.errors import UsageError


@click.command("train")
@click.option(
    "--data", "folders", multiple=True, required=True, type=click.Path(exists=True, path_type=Path),
    help="A folder or file of labelled sentences, incidents or pairs (repeatable); see corpora/train/README.md.",
)  # fmt: skip
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the weights.",
)
@click.option(
    "--written", multiple=True, type=click.Path(exists=True, path_type=Path),
    help="Texts written for the purpose (repeatable): their sentences weigh half in the heads; the encoder learns "
    "pairs, passages, kinds and themes from them.",
)  # fmt: skip
@click.option("--encoder", is_flag=True, help="Train the encoder too (about an hour on two cores).")
@click.option(
    "--inference", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Natural-language inference (JSON lines) for the encoder's intermediate step.",
)  # fmt: skip
@click.option(
    "--texts", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Further plain texts that help the encoder choose its pieces (repeatable).",
)  # fmt: skip
def command(
    folders: tuple[Path, ...], out: Path, written: tuple[Path, ...], encoder: bool, inference: Path | None,
    texts: tuple[Path, ...],
) -> None:  # fmt: skip
    """Train the cheap heads on labelled folders, and with --encoder the encoder; the same data gives the same heads.

    Needs the extra train: pip install 'promisecheck[train]'.
    """
    with _needs_the_extra():
        from promisecheck.quality import train_heads
    readings = train_heads(folders, out, written=written)
    click.echo(f"{out}: heads {readings.version}")
    if encoder:
        _train_encoder(folders, written, out, inference, texts)


@contextmanager
def _needs_the_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"training needs {missing.name}", do="pip install 'promisecheck[train]'"
        ) from missing


def _train_encoder(
    folders: tuple[Path, ...], written: tuple[Path, ...], out: Path, inference: Path | None,
    texts: tuple[Path, ...],
) -> None:  # fmt: skip
    with _needs_the_extra():
        from promisecheck.quality.train_encoder import train_encoder
    train_encoder(folders, out, written=written, inference=inference, others=texts, tell=say)
    click.echo(f"{out}: encoder")
