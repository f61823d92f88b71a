"""The schema is made once, by whoever comes first, and never silently differs from what this version expects."""

from __future__ import annotations

import asyncio

import pytest

from aelus.adapters.postgres.database import migrated
from aelus.adapters.postgres.migrations import known_migrations
from aelus.ports.errors import Misconfigured
from databases import execute
from services import named


async def test_starters_at_once_apply_each_migration_once(postgres_address: str) -> None:
    await execute(postgres_address, "create database started_at_once")
    address = named(postgres_address, "started_at_once")
    applied = await asyncio.gather(*[migrated(address) for _ in range(6)])
    assert sorted(one.number for found in applied for one in found) == [one.number for one in known_migrations()]
    await execute(postgres_address, "drop database started_at_once with (force)")


async def test_a_migrated_database_needs_nothing_more(database_address: str) -> None:
    assert await migrated(database_address) == []


async def test_a_migration_that_was_applied_in_another_form_is_refused(database_address: str) -> None:
    await execute(database_address, "update aelus.schema_migrations set checksum = 'other' where number = 1")
    with pytest.raises(Misconfigured, match="Migration 1 was applied in another form"):
        await migrated(database_address)
