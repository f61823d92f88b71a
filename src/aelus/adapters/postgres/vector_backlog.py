"""Vectors that are still to be made, in PostgreSQL: a chunk that has no sign code has no vector that search knows of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.adapters.postgres.bulk import insert
from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import chunk_of, clean, uuid_of
from aelus.adapters.postgres.sign_codes import sign_code
from aelus.adapters.postgres.vectors import add_vectors, half_vectors
from aelus.domain.chunks import Chunk
from aelus.domain.repository import MAX_VECTORS_ERROR, RepositoryId
from aelus.domain.search import Vector
from aelus.domain.tenancy import TenantId


class PostgresVectorBacklog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def lacking(self, tenant: TenantId, repository: RepositoryId, *, model: str, limit: int) -> Sequence[Chunk]:
        async with self._database.tenant(tenant, readonly=True, doing="looking for passages without vectors") as connection:
            return [chunk_of(row) for row in await connection.fetch(load("backlog", "lacking"), tenant, repository, model, limit)]

    async def fill(self, tenant: TenantId, repository: RepositoryId, vectors: Mapping[str, Vector], *, model: str) -> int:
        async with self._database.tenant(tenant, doing="keeping vectors") as connection:
            # Whoever writes the index locks the row first too: none of its chunks comes or goes while they get their codes.
            known = await connection.fetchrow(load("index", "repository_for_update"), tenant, repository)
            if known is None or known["model"] != model:
                return 0
            rows = await connection.fetch(load("backlog", "without_code"), tenant, repository, list(vectors))
            await _add(connection, tenant, repository, [(row["number"], row["content_hash"]) for row in rows], vectors, model)
            left = int(await connection.fetchval(load("backlog", "left"), tenant, repository))
            if left and not rows:
                return 0
            await connection.execute(load("backlog", "filled"), tenant, repository, left)
            return left

    async def refuse(self, tenant: TenantId, repository: RepositoryId, error: str) -> None:
        async with self._database.tenant(tenant, doing="keeping why vectors are not made") as connection:
            await connection.execute(load("backlog", "refuse"), tenant, repository, clean(error)[:MAX_VECTORS_ERROR])

    async def due(self, tenant: TenantId, *, silent_s: float) -> Sequence[RepositoryId]:
        async with self._database.tenant(tenant, doing="looking for vectors to be made") as connection:
            return [uuid_of(row["repository_id"]) for row in await connection.fetch(load("backlog", "due"), tenant, silent_s)]


async def _add(
    connection: Connection,
    tenant: TenantId,
    repository: RepositoryId,
    contents: Sequence[tuple[int, str]],
    vectors: Mapping[str, Vector],
    model: str,
) -> None:
    held = {content: vectors[content] for _, content in contents}
    await add_vectors(connection, tenant, model, half_vectors(held))
    codes = {content: sign_code(vector) for content, vector in held.items()}
    await insert(connection, "insert_codes", tenant, repository, [(number, codes[content]) for number, content in contents])
