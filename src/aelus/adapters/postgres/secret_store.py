"""Secrets of repositories in PostgreSQL, sealed, and the deliveries that have come."""

from __future__ import annotations

from datetime import datetime, timedelta

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.domain.repository import RepositoryId
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import TenantId
from aelus.ports.cipher import Cipher
from aelus.ports.delivery_store import KEPT_DAYS


class PostgresSecretStore:
    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def put(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose, secret: str) -> None:
        sealed = self._cipher.seal(secret, context=_context(tenant, repository, purpose))
        async with self._database.tenant(tenant, doing=f"keeping a secret of repository {repository}") as connection:
            await connection.execute(load("secrets", "put"), tenant, repository, purpose.value, sealed)

    async def get(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> str | None:
        async with self._database.tenant(tenant, readonly=True, doing="reading a secret") as connection:
            sealed = await connection.fetchval(load("secrets", "get"), tenant, repository, purpose.value)
        return None if sealed is None else self._cipher.open(sealed, context=_context(tenant, repository, purpose))

    async def forget(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> None:
        async with self._database.tenant(tenant, doing="forgetting a secret") as connection:
            await connection.execute(load("secrets", "forget"), tenant, repository, purpose.value)


class PostgresDeliveryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def knows(self, tenant: TenantId, repository: RepositoryId, delivery: str) -> bool:
        async with self._database.tenant(tenant, readonly=True, doing="looking for a delivery") as connection:
            return bool(await connection.fetchval(load("secrets", "knows_delivery"), tenant, repository, delivery))

    async def remember(self, tenant: TenantId, repository: RepositoryId, delivery: str, *, at: datetime) -> None:
        async with self._database.tenant(tenant, doing=f"remembering a delivery for repository {repository}") as connection:
            await connection.execute(load("secrets", "drop_old_deliveries"), tenant, at - timedelta(days=KEPT_DAYS))
            await connection.execute(load("secrets", "remember_delivery"), tenant, repository, delivery, at)


def _context(tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> str:
    return f"{tenant} {repository} {purpose.value}"
