"""Secrets as they lie in the database."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aelus.adapters.cryptography import AesGcmCipher
from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.secret_store import PostgresSecretStore
from aelus.domain.secrets import SecretPurpose
from aelus.entrypoints.local_key import local_key
from aelus.ports.errors import Misconfigured
from stores import in_postgres

SECRET = "ghp_planted_secret_planted_secret"
PURPOSE = SecretPurpose.CREDENTIAL


def store(database: Database, key: str) -> PostgresSecretStore:
    return PostgresSecretStore(database, AesGcmCipher(lambda: key))


async def test_the_database_holds_no_secret_that_can_be_read(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop = (await stores.repository(tenant)).id
    sealed = []
    for _ in range(2):
        await stores.secrets.put(tenant, shop, PURPOSE, SECRET)
        async with database.tenant(tenant) as connection:
            sealed.append(await connection.fetchval("select sealed from secrets"))
    assert sealed[0] != sealed[1]
    assert not any(SECRET.encode() in text for text in sealed)


async def test_another_key_opens_nothing(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop = (await stores.repository(tenant)).id
    await store(database, "a" * 32).put(tenant, shop, PURPOSE, SECRET)
    with pytest.raises(Misconfigured, match="AELUS_SECRET_KEY"):
        await store(database, "b" * 32).get(tenant, shop, PURPOSE)


async def test_a_sealed_secret_that_is_moved_to_another_repository_is_not_opened(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop, store_ = (await stores.repository(tenant)).id, (await stores.repository(tenant, "store")).id
    await stores.secrets.put(tenant, shop, PURPOSE, SECRET)
    async with database.tenant(tenant) as connection:
        await connection.execute("insert into secrets select tenant_id, $1, purpose, sealed from secrets", store_)
    with pytest.raises(Misconfigured):
        await stores.secrets.get(tenant, store_, PURPOSE)


async def test_without_a_key_nothing_is_kept(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop = (await stores.repository(tenant)).id
    with pytest.raises(Misconfigured, match="AELUS_SECRET_KEY"):
        await PostgresSecretStore(database, AesGcmCipher(None)).put(tenant, shop, PURPOSE, SECRET)


def test_many_that_need_the_local_key_at_once_get_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        keys = {future.result() for future in [pool.submit(local_key, tmp_path) for pool in (one, other) for _ in range(5)]}
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
