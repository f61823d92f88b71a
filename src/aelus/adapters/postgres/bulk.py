"""Many rows at once. COPY is refused under row level security, so rows travel as one array for each column."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final
from uuid import UUID

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load

BATCH: Final = 10_000


async def insert(connection: Connection, query: str, tenant: UUID, repository: UUID, records: Iterable[tuple[Any, ...]]) -> None:
    """Run an `insert_…` query of `index.sql` for the records, batch by batch; their columns are its parameters from the third on."""
    statement, left = load("index", query), iter(records)
    while batch := list(islice(left, BATCH)):
        columns = [list(column) for column in zip(*batch, strict=True)]
        await connection.execute(statement, tenant, repository, *columns)
