"""`aelus doctor`: one line for each thing that Aelus needs."""

from __future__ import annotations

import argparse
import functools
import importlib
import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.terminal import Painter
from aelus.entrypoints.container import describe_database, open_memory, open_service
from aelus.entrypoints.settings import Settings, load_settings
from aelus.ports.errors import Misconfigured, PortError, SchemaTooNew, Unavailable
from aelus.ports.parser import ParseRequest

COMPILED = ("asyncpg", "numpy", "orjson", "pydantic_core", "tree_sitter", "tree_sitter_language_pack")
MIN_FREE_BYTES = 1024**3


class Finding(NamedTuple):
    check: str
    ok: bool
    detail: str
    """What was found, or what is wrong and what to do about it."""


async def run(given: argparse.Namespace) -> int:
    findings: list[Finding] = []
    async for finding in _findings():
        findings.append(finding)
        if given.json:
            sys.stdout.buffer.write(json_line(finding._asdict()))
        else:
            print(_line(finding, Painter()), flush=True)
    return 0 if all(finding.ok for finding in findings) else 1


async def _findings() -> AsyncIterator[Finding]:
    yield await _found("python", _python)
    yield await _found("packages", _packages)
    try:
        settings = load_settings()
    except PortError as error:
        yield Finding("settings", ok=False, detail=str(error))
        return
    for name, check in _checks(settings):
        yield await _found(name, functools.partial(check, settings))


def _checks(settings: Settings) -> Sequence[tuple[str, Callable[[Settings], Awaitable[str]]]]:
    checks = [("home", _home), ("grammars", _grammars), ("embedder", _embedder), ("database", _database)]
    return [*checks, ("redis", _queue)] if settings.redis_url is not None else checks


async def _found(name: str, check: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, ok=True, detail=await check())
    except PortError as error:
        return Finding(name, ok=False, detail=str(error))
    except (ImportError, OSError) as error:
        return Finding(name, ok=False, detail=f"{error}. Install Aelus again, or correct what the message names.")


async def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


async def _packages() -> str:
    for name in COMPILED:
        importlib.import_module(name)
    return f"{', '.join(COMPILED)} can be loaded"


async def _home(settings: Settings) -> str:
    nearest = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Misconfigured(f"{settings.home} cannot be written to.", "Set AELUS_HOME to a folder of your own.")
    free_bytes = shutil.disk_usage(nearest).free
    if free_bytes < MIN_FREE_BYTES:
        left = f"{settings.home} has {_gibibytes(free_bytes)} left."
        raise Misconfigured(left, "Make room, or set AELUS_HOME to a folder on another disk.")
    _refuse_strangers(settings.home)
    return f"{settings.home}, {_gibibytes(free_bytes)} free"


def _refuse_strangers(home: Path) -> None:
    if home.exists() and home.stat().st_mode & 0o022:
        raise Misconfigured(f"Others may write to {home}.", f"Run: chmod go-w {home}")


async def _grammars(settings: Settings) -> str:
    async with open_memory(settings) as use:
        parser = use.ports().parser
        names = sorted(parser.traits())

        async def empty_files() -> AsyncIterator[ParseRequest]:
            for name in names:
                yield ParseRequest(path=name, language=name, source=b"\n")

        failed = [outcome.path async for outcome in parser.parse(empty_files()) if outcome.facts is None]
    if failed:
        raise Misconfigured(f"The grammars of {', '.join(failed)} cannot be loaded.", "Install Aelus again.")
    return ", ".join(names)


async def _embedder(settings: Settings) -> str:
    async with open_memory(settings) as use:
        embedder = use.ports().embedder
        vector = await embedder.embed_query("how is the index kept current")
    return f"{embedder.model}, {len(vector)} dimensions"


async def _database(settings: Settings) -> str:
    state = await describe_database(settings)
    if not state.vector:
        raise Misconfigured("The database server has no pgvector.", "Install pgvector 0.8 or newer on the server.")
    if state.schema > state.newest:
        raise SchemaTooNew(f"The database has schema {state.schema}; this version knows {state.newest}.", "Use the newer Aelus.")
    where = "of the settings" if settings.database_url else "embedded"
    pending = f", {state.newest - state.schema} migrations to apply (aelus migrate)" if state.schema < state.newest else ""
    return f"{where}, PostgreSQL {state.server}, pgvector {state.vector}, schema {state.schema}{pending}"


async def _queue(settings: Settings) -> str:
    async with open_service(settings) as use:
        readiness = await use.check_readiness()()
    if not readiness.checks["redis"]:
        raise Unavailable("Redis does not answer.", "Check that it runs and that AELUS_REDIS_URL is right.")
    return "answers"


def _gibibytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024**3:.1f} GiB"


def _line(finding: Finding, paint: Painter) -> str:
    state = paint("ok    ", "good") if finding.ok else paint("failed", "bad")
    return f"{state}  {finding.check:<9} {finding.detail}"
