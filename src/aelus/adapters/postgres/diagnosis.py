"""What the owner of a database wants to know of it before anything is changed."""

from __future__ import annotations

from typing import NamedTuple

import asyncpg

from aelus.adapters.postgres.database import OPTIONS, checked_address
from aelus.adapters.postgres.errors import translated
from aelus.adapters.postgres.migrations import known_migrations, schema_version
from aelus.adapters.postgres.queries import load


class DatabaseState(NamedTuple):
    server: str
    """Version of PostgreSQL."""
    vector: str
    """Version of pgvector; empty where the server has none."""
    schema: int
    """Newest applied migration; 0 for an empty database."""
    newest: int
    """Newest migration of this version of Aelus."""


async def describe(address: str) -> DatabaseState:
    """Look, and change nothing. Raises Misconfigured, Unavailable."""
    with translated("looking at its versions"):
        connection = await asyncpg.connect(checked_address(address), **OPTIONS)
        try:
            found = await connection.fetchrow(load("diagnosis", "versions"))
            schema = await schema_version(connection)
        finally:
            await connection.close()
    assert found is not None
    vector = found["installed_vector"] or found["available_vector"] or ""
    return DatabaseState(server=found["server"], vector=vector, schema=schema, newest=known_migrations()[-1].number)
