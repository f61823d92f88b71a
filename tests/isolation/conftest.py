"""One world for all attacks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from databases import fresh_database
from isolation_world import World, opened


@pytest.fixture(scope="session")
async def world(
    postgres_address: str, migrated_template: str, redis_address: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Over a Redis, which all tenants share for what is kept, counted and queued."""
    folder = tmp_path_factory.mktemp("isolation")
    async with fresh_database(postgres_address, migrated_template) as address, opened(address, folder, redis_address) as found:
        yield found
