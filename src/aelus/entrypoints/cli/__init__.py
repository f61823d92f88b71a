"""The command `aelus`.

A room of its own for each command; what a command needs is imported when it runs, so that `aelus --help` costs little more than Python's
own start. That is also why the arguments are read by argparse: its import took 0.07 s where cyclopts took 0.56 s and typer 0.36 s, cold.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aelus.entrypoints.cli.arguments import command_line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    parser = command_line()
    given = parser.parse_args(arguments)
    if given.command is None:
        parser.print_help(sys.stderr)
        return 2
    from aelus.entrypoints.cli.outcome import run_command

    return run_command(given)
