"""`promisecheck completion`: the shell completion script."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell; for bash: eval "$(promisecheck completion bash)"."""
    from click.shell_completion import get_completion_class

    from promisecheck.cli.app import app

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(app, {}, "promisecheck", "_PROMISECHECK_COMPLETE").source())
