"""Commands of the command line, run in this process: importing everything takes longer than most of them do."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import NamedTuple

from aelus.entrypoints.cli import main


class Outcome(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Outcome]


def run_here(*arguments: str, **environment: str) -> Outcome:
    """Run a command with these settings and no others."""
    said, complained = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with environment_of(environment), redirect_stdout(said), redirect_stderr(complained):
        code = _exit_code(arguments)
    said.flush()
    return Outcome(code, said.buffer.getvalue().decode(), complained.getvalue())


def _exit_code(arguments: tuple[str, ...]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


@contextmanager
def environment_of(given: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(without_settings(before), **given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def without_settings(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(("AELUS_", "VOYAGE_"))}
