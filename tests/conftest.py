"""Fixtures that all tests share: a database server and a Redis for each process of the run, an empty database for each test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from aelus.adapters.postgres.database import Database, migrated
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from databases import EmptyDatabases, execute
from services import named, redis_server

# How long an example takes says nothing where other tests run at the same time; what may not take long is measured in processor time.
settings.register_profile("patient", settings.default, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.register_profile("fuzz", max_examples=3_400, deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
async def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Owner's address of a server that ends with the run."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("server"))
    address = await server.start()
    # Nobody needs what is in it behind the run.
    await execute(address, "alter system set fsync = off")
    await execute(address, "select pg_reload_conf()")
    yield address
    await server.stop()


@pytest.fixture(scope="session")
async def migrated_template(postgres_address: str) -> str:
    """Name of a migrated database to copy."""
    await execute(postgres_address, "create database migrated_template")
    await migrated(named(postgres_address, "migrated_template"))
    return "migrated_template"


@pytest.fixture(scope="session")
def empty_databases(postgres_address: str, migrated_template: str) -> EmptyDatabases:
    return EmptyDatabases(postgres_address, migrated_template)


@pytest.fixture
async def database_address(empty_databases: EmptyDatabases) -> AsyncIterator[str]:
    """Owner's address of a migrated database without rows."""
    async with empty_databases.lent() as address:
        yield address


@pytest.fixture
async def other_database_address(empty_databases: EmptyDatabases) -> AsyncIterator[str]:
    """Owner's address of a second one."""
    async with empty_databases.lent() as address:
        yield address


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """A migrated database without rows as the application opens it."""
    async with await Database.open(database_address, size=4) as opened:
        yield opened


@pytest.fixture(scope="session")
def redis_address() -> Iterator[str]:
    with redis_server() as address:
        yield address
