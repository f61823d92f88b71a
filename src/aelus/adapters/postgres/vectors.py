"""Vectors of a tenant's texts: they are shared by all of its repositories, which come and go while others are written.

Who writes chunks holds their vectors until it commits. Who drops vectors passes by those that are held, locks the others, and looks again
whether they are used, by a second statement that sees what was committed meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

import numpy as np
from pgvector import HalfVector

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.quota_store import count_usage
from aelus.adapters.postgres.rows import Row
from aelus.domain.quotas import Metric
from aelus.domain.search import Vector
from aelus.ports.errors import Unavailable

BATCH: Final = 2_000


def half_vectors(vectors: Mapping[str, Vector]) -> Iterator[tuple[str, HalfVector]]:
    """As they are stored, with their content hashes."""
    return ((content, HalfVector(np.frombuffer(vector, np.float32))) for content, vector in vectors.items())


async def add_vectors(connection: Connection, tenant: UUID, model: str, vectors: Iterable[tuple[str, HalfVector]]) -> set[str]:
    """Those that are there already stay. Returns the content hashes of the others, which nobody else sees before the commit."""
    left, added = iter(vectors), set[str]()
    while batch := list(islice(left, BATCH)):
        contents, embeddings = [list(column) for column in zip(*batch, strict=True)]
        rows = await connection.fetch(load("index", "add_vectors"), tenant, model, contents, embeddings)
        added.update(row["content_hash"] for row in rows)
    await count_usage(connection, tenant, Metric.EMBEDDINGS, len(added))
    return added


async def hold_vectors(connection: Connection, tenant: UUID, model: str, contents: Collection[str]) -> None:
    """Keep others from dropping them until the transaction ends. Raises Unavailable: some were dropped before."""
    if not contents:
        return
    rows = await connection.fetch(load("index", "hold_vectors"), tenant, model, list(contents))
    if lost := len(contents) - len(rows):
        raise Unavailable(f"{lost} vectors were removed with another repository before this one was written.", "Index it again.")


async def drop_vectors(connection: Connection, tenant: UUID, unused: Sequence[Row]) -> None:
    """Those of the locked rows that are unused even now."""
    if unused:
        models, contents = [row["model"] for row in unused], [row["content_hash"] for row in unused]
        await connection.execute(load("index", "drop_vectors"), tenant, models, contents)
