"""How long an answer takes tells nothing of what is there: the database is asked the same for another tenant's object as for nobody's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asyncpg.connection import LoggedQuery

from aelus.domain.identity import Caller, Scope
from aelus.entrypoints.http.operation import Operation
from aelus.entrypoints.http.operations import OPERATIONS
from isolation_world import Tally, World
from request_samples import Ids, asks_for_objects, nobodys, sample

ASKING = [one for one in OPERATIONS if asks_for_objects(one) and one.admission is not Caller.OPERATOR]
TRIES = 4
NAMES = re.compile(r"'[^']*'")
"""Of the session, the tenant and what is open to it: they differ from request to request."""


@contextmanager
def told(world: World) -> Iterator[list[str]]:
    """The statements that the service's connections are asked meanwhile."""
    statements: list[str] = []

    def tell(query: LoggedQuery) -> None:
        statements.append(NAMES.sub("''", query.query))

    database: Any = world.use_cases.ports().repositories
    connections = [holder._con for holder in database._database._pool._holders if holder._con is not None]
    for connection in connections:
        connection.add_query_logger(tell)
    yield statements
    for connection in connections:
        connection.remove_query_logger(tell)


async def statements_of(world: World, operation: Operation, ids: Ids, headers: dict[str, str]) -> list[str]:
    """In no order: some are asked side by side."""
    with told(world) as statements:
        await world.ask(sample(operation, ids), headers)
        await asyncio.sleep(0)
    return sorted(statements)


async def difference(world: World, operation: Operation, ids: Ids, headers: dict[str, str]) -> set[str]:
    """What is asked for these ids and not for nobody's, or the other way round.

    Who asks, and what their quotas are, is looked up every few seconds, whatever is asked for: a difference shows each time.
    """
    found = set()
    for _ in range(TRIES):
        unknown = await statements_of(world, operation, nobodys(), headers)
        known = await statements_of(world, operation, ids, headers)
        found = set(unknown) ^ set(known) or ({"another number of statements"} if len(unknown) != len(known) else set())
        if not found:
            break
    return found


async def test_another_tenants_object_is_looked_for_as_long_as_nobodys(world: World) -> None:
    tally = Tally("timing")
    for operation in ASKING:
        for name in ("owner", "reader", "restricted"):
            differs = await difference(world, operation, world.theirs.ids, world.mine.callers[name])
            tally.check(not differs, f"{operation.name} by {name}: {differs}")
    tally.close()


async def test_what_was_not_granted_is_looked_for_as_long_as_nobodys(world: World) -> None:
    for operation in [one for one in ASKING if isinstance(one.admission, Scope)]:
        ids = {**nobodys(), **world.mine.ids}
        assert not await difference(world, operation, ids, world.mine.callers["restricted"]), operation.name


async def test_statements_are_seen_at_all(world: World) -> None:
    """Otherwise nothing would be compared above."""
    [own] = [operation for operation in ASKING if operation.name == "getNode"]
    seen = await statements_of(world, own, world.mine.ids, world.mine.callers["owner"])
    assert any("from nodes" in statement for statement in seen)
