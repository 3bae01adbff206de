"""The reference of all verbs as Markdown: `python -m promisecheck.cli.reference > docs/reference/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from promisecheck.cli.app import VERBS, app

HEAD = """# Verbs

Written by `python -m promisecheck.cli.reference`; a test fails when it is stale.
"""


def reference() -> str:
    """Return the help of every verb, one section each."""
    names = app.context_settings["help_option_names"]
    parent = click.Context(
        app, info_name="promisecheck", max_content_width=100, terminal_width=100, help_option_names=names
    )
    sections = [HEAD]
    for name in VERBS:
        command = app.get_command(parent, name)
        assert command is not None
        sections += list(_sections(command, parent, name))
    return "\n".join(sections)


def _sections(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    path = context.command_path
    yield f"## {path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _sections(found, context, child)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
