"""Many rows at once. COPY is refused under row level security, so rows travel as one array for each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load

BATCH: Final = 10_000


async def insert(connection: Connection, query: str, tenant: UUID, repository: UUID, records: Sequence[tuple[Any, ...]]) -> None:
    """Run an `insert_…` query of `index.sql` for the records, batch by batch; their columns are its parameters from the third on."""
    statement = load("index", query)
    for start in range(0, len(records), BATCH):
        columns = [list(column) for column in zip(*records[start : start + BATCH], strict=True)]
        await connection.execute(statement, tenant, repository, *columns)
