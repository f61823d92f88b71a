"""The commands of somebody whose `AELUS_URL` names a server, about what another tenant has there."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable

import pytest

from aelus.entrypoints.cli.arguments import command_line
from aelus.ports.errors import PortError
from isolation_world import Side, Tally, World
from keyed_service import listening

Run = Callable[[Side, str, str], Awaitable[str]]


def commands(theirs: Side) -> list[str]:
    marker, ids = theirs.marker, theirs.ids
    symbol = f"{marker}_price"
    return [
        f"search {symbol}",
        f"search {symbol} --json",
        f"search price --path shop/{marker}.py",
        "search net_price --repo shop --json",
        f"search price --repo {marker}",
        f"context what is {symbol}",
        f"context what is {symbol} --json",
        f"callers {symbol}",
        "callers net_price --json",
        f"callees {symbol} --json",
        f"impact {symbol}",
        "impact net_price --json",
        "repos",
        "repos --json",
        f"repos remove {ids['repository']}",
        f"repos remove {marker}",
        "jobs",
        "jobs --json",
        f"jobs cancel {ids['job']}",
        f"jobs retry {ids['job']}",
        "keys list",
        f"keys revoke {ids['key']}",
    ]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """All that a command says, its refusal too."""

    async def run(side: Side, caller: str, command: str) -> str:
        monkeypatch.setenv("AELUS_API_KEY", side.callers[caller].get("Authorization", "").removeprefix("Bearer "))
        given = command_line().parse_args(command.split())
        refusal = ""
        try:
            await importlib.import_module(f"aelus.entrypoints.cli.{given.command}").run(given)
        except PortError as refused:
            refusal = str(refused)
        said = capsys.readouterr()
        return said.out + said.err + refusal

    return run


async def test_no_command_tells_of_another_tenant(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally("commands")
    async with listening(world.use_cases) as address:
        monkeypatch.setenv("AELUS_URL", address)
        for command in commands(world.theirs):
            for caller in ("owner", "reader", "restricted"):
                said = await run(world.mine, caller, command)
                told = world.traces(_without(said, command), sent=frozenset(world.theirs.ids.values()))
                tally.check(not told, f"{command} by {caller}: {said[:300]}")
                tally.check(caller != "restricted" or world.mine.marker not in said, f"{command} by {caller}: not granted")
        found = await run(world.theirs, "owner", f"search {world.theirs.marker}_price")
        kept = await run(world.theirs, "owner", "repos")
    tally.check(world.theirs.marker in found, "its owner finds it")
    tally.check("shop" in kept, "its owner still has it")
    tally.close()


def _without(said: str, command: str) -> str:
    """What a command says without the words that it was given, which it may repeat."""
    for word in command.split():
        said = said.replace(word, "")
    return said
