"""Vectors that repositories share, while one is written and another goes."""

from __future__ import annotations

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.vectors import hold_vectors
from index_builder import MODEL, change, small
from stores import in_postgres


async def test_a_vector_that_a_writer_holds_is_not_dropped(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop, copy = await stores.repository(tenant), await stores.repository(tenant, "copy")
    await stores.write(tenant, shop, change(small()))
    held, other = (small()[place].chunks[0].content_hash for place in (1, 2))
    async with database.tenant(tenant, doing="holding a vector") as connection:
        await hold_vectors(connection, tenant, MODEL, {held})
        await stores.repositories.remove(tenant, shop.id)
    async with stores.indexes.session(tenant, copy.id) as session:
        assert await session.missing_vectors([held, other], model=MODEL) == [other]
