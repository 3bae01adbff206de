"""Run the command line with `python -m promisecheck.cli`."""

from promisecheck.cli.app import main

main()
