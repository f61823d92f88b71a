"""Fixtures that all tests share: one database server and one Redis for the run, a fresh database for each test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from hypothesis import settings

from aelus.adapters.postgres.database import Database, migrated
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from databases import fresh_database
from services import named, redis_server

settings.register_profile("thorough", max_examples=1000)
settings.register_profile("fuzz", max_examples=3_400)


@pytest.fixture(scope="session")
async def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Owner's address of a server that ends with the run."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("server"))
    yield await server.start()
    await server.stop()


@pytest.fixture(scope="session")
async def migrated_template(postgres_address: str) -> str:
    """Name of a migrated database to copy."""
    connection = await asyncpg.connect(postgres_address)
    await connection.execute("create database migrated_template")
    await connection.close()
    await migrated(named(postgres_address, "migrated_template"))
    return "migrated_template"


@pytest.fixture
async def database_address(postgres_address: str, migrated_template: str) -> AsyncIterator[str]:
    """Owner's address of a fresh, migrated database."""
    async with fresh_database(postgres_address, migrated_template) as address:
        yield address


@pytest.fixture
async def other_database_address(postgres_address: str, migrated_template: str) -> AsyncIterator[str]:
    """Owner's address of a second one."""
    async with fresh_database(postgres_address, migrated_template) as address:
        yield address


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """A fresh, migrated database as the application opens it."""
    async with await Database.open(database_address, size=4) as opened:
        yield opened


@pytest.fixture(scope="session")
def redis_address() -> Iterator[str]:
    with redis_server() as address:
        yield address
