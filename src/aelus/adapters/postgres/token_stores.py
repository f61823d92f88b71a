"""Signing keys and refused tokens in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row
from aelus.domain.access_tokens import SigningKey
from aelus.domain.tenancy import TenantId


class PostgresSigningKeyStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def live(self, now: datetime) -> Sequence[SigningKey]:
        async with self._database.operator(doing="reading signing keys") as connection:
            return [_key(row) for row in await connection.fetch(load("keys", "signing_keys"), now)]

    async def renew(self, key: SigningKey, *, unless_since: datetime) -> Sequence[SigningKey]:
        async with self._database.operator(doing="renewing signing keys") as connection:
            await connection.execute(load("keys", "lock_signing_keys"))
            found = [_key(row) for row in await connection.fetch(load("keys", "signing_keys"), key.created_at)]
            if not found or found[0].created_at < unless_since:
                await connection.execute(load("keys", "drop_signing_keys"), key.created_at)
                values = (key.id, key.public, key.sealed, key.created_at, key.expires_at)
                await connection.execute(load("keys", "add_signing_key"), *values)
                found = [key, *found]
        return found


class PostgresRevocationStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def revoke(self, tenant: TenantId, token_id: str, *, expires_at: datetime, now: datetime) -> None:
        async with self._database.tenant(tenant, doing="revoking a token") as connection:
            await connection.execute(load("keys", "drop_expired_tokens"), tenant, now)
            await connection.execute(load("keys", "revoke_token"), tenant, token_id, expires_at)

    async def is_revoked(self, tenant: TenantId, token_id: str) -> bool:
        async with self._database.tenant(tenant, readonly=True, doing="looking for a revoked token") as connection:
            return bool(await connection.fetchval(load("keys", "is_revoked"), tenant, token_id))


def _key(row: Row) -> SigningKey:
    return SigningKey(
        id=row["key_id"], public=row["public"], sealed=row["sealed"], created_at=row["created_at"], expires_at=row["expires_at"]
    )
