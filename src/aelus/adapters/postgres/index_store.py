"""Writing an index to PostgreSQL: the difference, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Final

from aelus.adapters.postgres.bulk import insert
from aelus.adapters.postgres.chunk_writer import ChunkWriter
from aelus.adapters.postgres.database import Connection, Database, transaction_of
from aelus.adapters.postgres.errors import translated
from aelus.adapters.postgres.facts_cache import FactsCache
from aelus.adapters.postgres.facts_codec import decode_facts, encode_facts
from aelus.adapters.postgres.graph_writer import write_graph
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.quota_store import count_usage, holdings
from aelus.adapters.postgres.rows import Row, clean, counts_of, json_text, skipped_of, skipped_text
from aelus.adapters.postgres.vectors import add_vectors, drop_vectors, half_vectors
from aelus.domain.collector import collector_waits
from aelus.domain.facts import FileFacts
from aelus.domain.quotas import GIGABYTE, Metric, Quota, Quotas
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Vector
from aelus.domain.symbol_names import file_keys
from aelus.domain.tenancy import TenantId, whole
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded
from aelus.ports.index_store import FileState, IndexChange, IndexSnapshot, Written

MANY_ROWS: Final = 1_000
"""Rows written to one table behind which the planner's statistics may be far off."""


class PostgresIndexStore:
    def __init__(self, database: Database, facts: FactsCache | None = None) -> None:
        self._database = database
        self._facts = facts or FactsCache()

    @asynccontextmanager
    async def session(self, tenant: TenantId, repository: RepositoryId) -> AsyncIterator[PostgresIndexSession]:
        key = f"index {tenant} {repository}"
        async with self._database.connection() as locking:
            if not await locking.fetchval(load("index", "lock"), key):
                name = await PostgresIndexSession(locking, tenant, repository, self._facts).name()
                raise Conflict(f"The repository {name!r} is being indexed already.", "Wait until that has ended.")
            try:
                await PostgresIndexSession(locking, tenant, repository, self._facts).snapshot()
                # What is removed as unused must be unused by all of the tenant's repositories, whoever asks.
                session = PostgresIndexSession(locking, whole(tenant), repository, self._facts)
                try:
                    yield session
                finally:
                    await session.release()
            finally:
                await locking.execute(load("index", "unlock"), key)


class PostgresIndexSession:
    """Works on the one connection that holds the lock: a writer never waits for a second one while it has the first."""

    def __init__(self, connection: Connection, tenant: TenantId, repository: RepositoryId, facts: FactsCache) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self._tenant = tenant
        self._repository = repository
        self._facts = facts
        self._reserved = False
        """Whether room is set aside, by this session or by one before it that was cut off."""

    @asynccontextmanager
    async def _transaction(self, doing: str, *, readonly: bool = False) -> AsyncIterator[Connection]:
        async with self._turn:
            with translated(doing):
                async with transaction_of(self._connection, self._tenant, readonly=readonly):
                    yield self._connection

    async def name(self) -> str:
        async with self._transaction("reading a repository's name", readonly=True) as connection:
            name: str = (await self._row(connection, "repository"))["name"]
        return name

    async def snapshot(self) -> IndexSnapshot:
        async with self._transaction("reading an index", readonly=True) as connection:
            row = await self._row(connection, "repository")
            files = await connection.fetch(load("index", "files"), self._tenant, self._repository)
        self._reserved = self._reserved or bool(row["reserved_vectors"] or row["reserved_bytes"])
        return IndexSnapshot(
            commit=row["commit"] or "",
            parser_version=row["parser_version"],
            model=row["model"],
            files={file["path"]: FileState(**dict(file.items())) for file in files},
            skipped=skipped_of(row["skipped"]),
            counts=counts_of(row["counts"]),
            truncated=row["truncated"],
        )

    async def _row(self, connection: Connection, query: str) -> Row:
        row = await connection.fetchrow(load("index", query), self._tenant, self._repository)
        if row is None:
            raise NotFound(f"There is no repository {self._repository}.")
        return row

    async def facts(self, blob_hashes: Sequence[str], *, parser_version: str) -> Mapping[str, FileFacts]:
        known = self._facts.known(self._tenant, parser_version, blob_hashes)
        async with self._transaction("reading facts", readonly=True) as connection:
            rows = await connection.fetch(load("index", "facts"), self._tenant, parser_version, list(blob_hashes), list(known))
        stored = {row["blob_hash"]: row["data"] for row in rows if row["data"] is not None}
        read = await asyncio.to_thread(_decoded, stored)
        self._facts.keep(self._tenant, parser_version, read, stored)
        return {row["blob_hash"]: read.get(row["blob_hash"]) or known[row["blob_hash"]] for row in rows}

    async def missing_vectors(self, content_hashes: Sequence[str], *, model: str) -> Sequence[str]:
        wanted = list(dict.fromkeys(content_hashes))
        async with self._transaction("looking for vectors", readonly=True) as connection:
            rows = await connection.fetch(load("index", "known_vectors"), self._tenant, model, wanted)
        known = {row["content_hash"] for row in rows}
        return [content for content in wanted if content not in known]

    async def reserve(self, *, vectors: int, size_bytes: int, most: Quotas) -> None:
        async with self._transaction("setting room aside") as connection:
            before = await holdings(connection, self._tenant)
            await connection.execute(load("quotas", "reserve"), self._tenant, self._repository, vectors, size_bytes)
            after = await holdings(connection, self._tenant)
            if after.vectors > most.vectors:
                raise QuotaExceeded(Quota.VECTORS, most.vectors, before.vectors)
            if after.storage_bytes > most.storage_bytes:
                raise QuotaExceeded(Quota.STORAGE_GB, most.storage_gb, before.storage_bytes // GIGABYTE)
        self._reserved = True

    async def release(self) -> None:
        """Give up what is set aside; after a connection that was lost the next session does that."""
        if not self._reserved or self._connection.is_closed():
            return
        async with self._transaction("giving up room") as connection:
            await connection.execute(load("quotas", "reserve"), self._tenant, self._repository, 0, 0)

    async def keep_vectors(self, vectors: Mapping[str, Vector], *, model: str) -> None:
        async with self._transaction("keeping vectors") as connection:
            await add_vectors(connection, self._tenant, model, half_vectors(vectors))

    async def write(self, change: IndexChange) -> Written:
        chunks = ChunkWriter(self._tenant, self._repository, change)
        preparing = asyncio.create_task(asyncio.to_thread(chunks.prepare))
        encoding = asyncio.create_task(asyncio.to_thread(_encoded, change))
        try:
            async with self._transaction("writing an index") as connection:
                written = await self._write(connection, change, chunks, preparing, encoding)
            fresh = {one.state.blob_hash: one.facts for one in change.changed if one.facts is not None}
            self._facts.keep(self._tenant, change.parser_version, fresh, await encoding)
        finally:
            await asyncio.gather(preparing, encoding, return_exceptions=True)
        if max(written.nodes, written.edges, written.chunks) >= MANY_ROWS:
            async with self._transaction("learning what the tables hold") as connection:
                await connection.execute(load("index", "refresh_statistics"))
        return written

    async def _write(
        self,
        connection: Connection,
        change: IndexChange,
        chunks: ChunkWriter,
        preparing: Awaitable[None],
        encoding: Awaitable[Mapping[str, bytes]],
    ) -> Written:
        """While the database takes in the graph, the other threads make ready what comes behind it."""
        old = await self._row(connection, "repository_for_update")
        before = {row["path"]: row["blob_hash"] for row in await connection.fetch(load("index", "files"), self._tenant, self._repository)}
        await self._write_files(connection, change, before)
        nodes, edges = await write_graph(connection, self._tenant, self._repository, change, before)
        facts = await encoding
        await connection.execute(load("index", "add_facts"), self._tenant, change.parser_version, list(facts), list(facts.values()))
        await preparing
        written = await chunks.write(connection, old, before)
        await self._finish(connection, change, chunks.last_number)
        files = sum(bool(one.state.path and one.state.language) for one in change.changed)
        await count_usage(connection, self._tenant, Metric.FILES_INDEXED, files)
        await count_usage(connection, self._tenant, Metric.CHUNKS_WRITTEN, written)
        await self._drop_unused(connection, change, old, before, chunks.removed_contents)
        return Written(nodes=nodes, edges=edges, chunks=written)

    async def _write_files(self, connection: Connection, change: IndexChange, before: Mapping[str, str]) -> None:
        states = [one.state for one in change.changed]
        gone = [path for path in (*change.removed, *(state.path for state in states)) if path in before]
        if gone:
            await connection.execute(load("index", "remove_files"), self._tenant, self._repository, gone)
        records = [(clean(s.path), s.language, s.blob_hash, s.lines, s.graph_hash, s.chunk_hash) for s in states]
        await insert(connection, "insert_files", self._tenant, self._repository, records)
        keys = [(clean(state.path), key) for state in states if state.path for key in dict.fromkeys(file_keys(clean(state.path)))]
        await insert(connection, "insert_file_keys", self._tenant, self._repository, keys)

    async def _finish(self, connection: Connection, change: IndexChange, last_chunk: int) -> None:
        await connection.execute(
            load("index", "finish"),
            self._tenant,
            self._repository,
            change.commit,
            change.parser_version,
            change.model,
            json_text(asdict(change.counts)),
            skipped_text(change.skipped),
            last_chunk,
            change.truncated,
            bool(change.lacking),
        )

    async def _drop_unused(
        self, connection: Connection, change: IndexChange, old: Row, before: Mapping[str, str], contents: Sequence[str]
    ) -> None:
        touched = [before[path] for path in (*change.removed, *(one.state.path for one in change.changed)) if path in before]
        version = old["parser_version"] if old["parser_version"] != change.parser_version else ""
        model = old["model"] if old["model"] != change.model else ""
        if touched or version:
            await connection.execute(load("index", "drop_facts"), self._tenant, touched, version)
        if contents or model:
            unused = await connection.fetch(load("index", "unused_vectors"), self._tenant, list(contents), model)
            await drop_vectors(connection, self._tenant, unused)


def _encoded(change: IndexChange) -> dict[str, bytes]:
    with collector_waits():
        return {one.state.blob_hash: encode_facts(one.facts) for one in change.changed if one.facts is not None}


def _decoded(stored: Mapping[str, bytes]) -> dict[str, FileFacts]:
    with collector_waits():
        return {blob: decode_facts(data) for blob, data in stored.items()}
