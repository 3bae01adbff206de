"""The command line: one file a verb; the only place that prints and exits."""

from promisecheck.cli.app import main

__all__ = ["main"]
