"""How a command ends: its exit code, and one line about what went wrong. No traceback reaches anybody who did not ask for it."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import sys
import traceback
from collections.abc import Iterator

from aelus.ports.errors import InvalidRequest, PortError

DONE, FAILED, USAGE, INTERRUPTED, READER_GONE = 0, 1, 2, 130, 141


def run_command(given: argparse.Namespace) -> int:
    """Run the module of this command to its exit code."""
    try:
        module = importlib.import_module(f"aelus.entrypoints.cli.{given.command}")
        code: int = asyncio.run(module.run(given)) or DONE
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _say("interrupted; nothing was left half-written.", INTERRUPTED)
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:  # noqa: BLE001 the outermost loop of the command line: whatever it was becomes one line
        return _fail(error)
    return code


def _fail(error: Exception) -> int:
    leaf = next(_leaves(error))
    if isinstance(leaf, BrokenPipeError):
        return _reader_gone()
    if _debugging():
        traceback.print_exception(error)
    return _say(_words(leaf), USAGE if type(leaf) is InvalidRequest else FAILED)


def _words(error: Exception) -> str:
    if isinstance(error, PortError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    detail = " ".join(str(error).split())[:300]
    return f"an error that Aelus did not expect: {type(error).__name__}: {detail} Set AELUS_DEBUG=1 to see where it comes from."


def _leaves(error: BaseException) -> Iterator[Exception]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    elif isinstance(error, Exception):
        yield error


def _say(text: str, code: int) -> int:
    from aelus.entrypoints.cli.terminal import printable

    print(f"aelus: {printable(text)}", file=sys.stderr)
    return code


def _reader_gone() -> int:
    """Whoever read standard output has closed it; Python's own flush at exit must not complain about that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE


def _debugging() -> bool:
    from aelus.entrypoints.settings import debugging

    return debugging()
