"""Writing chunks with all that search needs of them: vectors, sign codes, posting rows."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID

import numpy as np
from asyncpg import BitString

from aelus.adapters.postgres.bulk import insert
from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.lexical import BLOCK, Document, Posting, merged, postings_of
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, chunk_of, chunk_row, clean
from aelus.adapters.postgres.sign_codes import sign_code
from aelus.adapters.postgres.vectors import add_vectors, half_vectors, hold_vectors
from aelus.domain.chunks import Chunk
from aelus.domain.search import Vector
from aelus.domain.terms import document_terms
from aelus.domain.trigrams import name_trigrams
from aelus.ports.index_store import IndexChange


class ChunkWriter:
    """One change's chunks. `prepare` does what needs no database; of a large change only for the first, so that memory stays bounded."""

    def __init__(self, tenant: UUID, repository: UUID, change: IndexChange) -> None:
        self._tenant = tenant
        self._repository = repository
        self._change = change
        self._wanted = {chunk.id: chunk for one in change.changed for chunk in one.chunks or ()}
        self._terms: dict[str, dict[str, float]] = {}
        self.last_number = -1
        self.removed_contents: list[str] = []

    def prepare(self) -> None:
        """Count terms."""
        self._terms = {identifier: document_terms(chunk) for identifier, chunk in islice(self._wanted.items(), PREPARED)}

    async def write(self, connection: Connection, old: Row, before: Mapping[str, str]) -> int:
        """Bring chunks and their search data up to date; return how many chunks that touched."""
        stored = await self._stored(connection, before)
        gone = {key: row for key, row in stored.items() if key not in self._wanted or not _is_same(self._wanted[key], row)}
        moved = [(row, self._wanted[key]) for key, row in stored.items() if key not in gone and _has_moved(self._wanted[key], row)]
        fresh = [chunk for key, chunk in self._wanted.items() if key not in stored or key in gone]
        self.last_number = old["last_chunk"] + len(fresh)
        numbered = list(enumerate(fresh, old["last_chunk"] + 1))
        await self._remove(connection, gone.values())
        for row, chunk in moved:
            values = (row["number"], chunk.start_line, chunk.end_line, chunk.node_id)
            await connection.execute(load("index", "move_chunk"), self._tenant, self._repository, *values)
        added = await add_vectors(connection, self._tenant, self._change.model, half_vectors(self._change.vectors))
        await insert(connection, "insert_chunks", self._tenant, self._repository, (chunk_row(*entry) for entry in numbered))
        await self._write_codes(connection, numbered, added, anew=old["model"] not in ("", self._change.model))
        await self._remove_postings(connection, list(gone.values()))
        await self._add_postings(connection, numbered)
        return len({*gone, *(chunk.id for chunk in fresh)}) + len(moved)

    async def _stored(self, connection: Connection, before: Mapping[str, str]) -> dict[str, Any]:
        changed = [one.state.path for one in self._change.changed if one.chunks is not None]
        paths = [path for path in (*self._change.removed, *changed) if path in before]
        if not paths:
            return {}
        rows = await connection.fetch(load("index", "chunks_of"), self._tenant, self._repository, paths)
        return {row["chunk_id"].hex: row for row in rows}

    async def _remove(self, connection: Connection, gone: Iterable[Any]) -> None:
        rows = list(gone)
        if rows:
            self.removed_contents = [row["content_hash"] for row in rows]
            await connection.execute(load("index", "remove_chunks"), self._tenant, self._repository, [row["number"] for row in rows])

    # --- sign codes ----------------------------------------------------------------------------------------------------------------------

    async def _write_codes(
        self, connection: Connection, numbered: Sequence[tuple[int, Chunk]], added: Collection[str], *, anew: bool
    ) -> None:
        """Codes of the new chunks; of all, when another model has other codes. Those that lack a vector get theirs with it.

        Raises Unavailable: a vector was dropped meanwhile.
        """
        contents = [(number, chunk.content_hash) for number, chunk in numbered]
        if anew:
            await connection.execute(load("index", "remove_codes"), self._tenant, self._repository)
            rows = await connection.fetch(load("index", "contents"), self._tenant, self._repository)
            contents = [(row["number"], row["content_hash"]) for row in rows]
        contents = [(number, content) for number, content in contents if content not in self._change.lacking]
        await hold_vectors(connection, self._tenant, self._change.model, {content for _, content in contents}.difference(added))
        codes = {content: sign_code(vector) for content, vector in self._change.vectors.items()}
        missing = list(dict.fromkeys(content for _, content in contents if content not in codes))
        codes.update(await self._stored_codes(connection, missing))
        records = [(number, codes[content]) for number, content in contents]
        await insert(connection, "insert_codes", self._tenant, self._repository, records)

    async def _stored_codes(self, connection: Connection, contents: Sequence[str]) -> dict[str, BitString]:
        if not contents:
            return {}
        rows = await connection.fetch(load("index", "embeddings"), self._tenant, self._change.model, contents)
        return {row["content_hash"]: sign_code(_vector(row["embedding"])) for row in rows}

    # --- postings ------------------------------------------------------------------------------------------------------------------------

    async def _remove_postings(self, connection: Connection, gone: Sequence[Any]) -> None:
        if not gone:
            return
        old = [Document(row["number"], document_terms(chunk_of(row)), name_trigrams(row["qualified_name"])) for row in gone]
        places: dict[int, list[int]] = {}
        for row in gone:
            places.setdefault(row["number"] // BLOCK, []).append(row["number"] % BLOCK)
        removed = {block: np.array(numbers) for block, numbers in places.items()}
        stored = await self._stored_postings(connection, {(row.term, row.block) for row in postings_of(old)})
        await self._replace_postings(connection, stored, [merged(row, None, removed[block]) for (_, block), row in stored.items()])

    async def _add_postings(self, connection: Connection, numbered: Sequence[tuple[int, Chunk]]) -> None:
        """A block at a time; the terms of the next are counted while the database takes in the rows of the one before."""
        blocks = [(block, list(chunks)) for block, chunks in groupby(numbered, key=lambda entry: entry[0] // BLOCK)]
        counting = [asyncio.create_task(asyncio.to_thread(self._postings, chunks)) for _, chunks in blocks[:1]]
        try:
            for place, (block, _) in enumerate(blocks, 1):
                rows = await counting.pop()
                counting += [asyncio.create_task(asyncio.to_thread(self._postings, chunks)) for _, chunks in blocks[place : place + 1]]
                await self._add_block(connection, rows, continued=block * BLOCK < numbered[0][0])
        finally:
            await asyncio.gather(*counting, return_exceptions=True)

    def _postings(self, numbered: Sequence[tuple[int, Chunk]]) -> list[Posting]:
        documents = (
            Document(number, self._terms.pop(chunk.id, {}) or document_terms(chunk), name_trigrams(clean(chunk.qualified_name)))
            for number, chunk in numbered
        )
        return list(postings_of(documents))

    async def _add_block(self, connection: Connection, rows: Sequence[Posting], *, continued: bool) -> None:
        """Add rows of one block, which older chunks may share."""
        stored = await self._stored_postings(connection, {(row.term, row.block) for row in rows}) if continued else {}
        new = ((stored.get((row.term, row.block)), row) for row in rows)
        await self._replace_postings(connection, stored, [merged(old, row, NOTHING) if old else row for old, row in new])

    async def _replace_postings(self, connection: Connection, stored: Mapping[tuple[int, int], Posting], rows: Iterable[Posting]) -> None:
        if stored:
            terms, blocks = [list(column) for column in zip(*stored, strict=True)]
            await connection.execute(load("index", "remove_postings"), self._tenant, self._repository, terms, blocks)
        await insert(connection, "insert_postings", self._tenant, self._repository, [row for row in rows if row.places])

    async def _stored_postings(self, connection: Connection, touched: set[tuple[int, int]]) -> dict[tuple[int, int], Posting]:
        if not touched:
            return {}
        terms, blocks = [sorted(set(column)) for column in zip(*touched, strict=True)]
        rows = await connection.fetch(load("index", "postings_of"), self._tenant, self._repository, terms, blocks)
        found = (Posting(row["term"], row["block"], row["places"], row["weights"]) for row in rows)
        return {(row.term, row.block): row for row in found if (row.term, row.block) in touched}


NOTHING: Final = np.zeros(0, np.int64)
PREPARED: Final = 2 * BLOCK
"""Chunks whose terms are counted while the database takes in the graph."""


def _vector(embedding: Any) -> Vector:
    return array("f", embedding.to_numpy().astype(np.float32).tobytes())


def _is_same(chunk: Chunk, row: Row) -> bool:
    """Whether the stored chunk says the same, wherever it stands."""
    same_words = clean(chunk.text) == row["text"] and clean(chunk.qualified_name) == row["qualified_name"]
    same_kind = chunk.content_hash == row["content_hash"] and chunk.kind == row["kind"] and chunk.language == row["language"]
    return bool(same_words and same_kind)


def _has_moved(chunk: Chunk, row: Row) -> bool:
    return (chunk.start_line, chunk.end_line, chunk.node_id) != (row["start_line"], row["end_line"], row["node_id"])
