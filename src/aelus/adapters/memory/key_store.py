"""Keys of tenants and of operators in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.credentials import ApiKey, KeyId, OperatorKey, StoredKey
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound


class MemoryKeyStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId, key: ApiKey, digest: bytes) -> None:
        data = self._database.of(tenant)
        if tenant not in self._database.tenants or (key.user_id is not None and key.user_id not in data.users):
            raise NotFound("There is no such tenant or member.")
        data.keys[key.id] = (key, digest)

    async def get(self, tenant: TenantId, key: KeyId) -> ApiKey:
        return self._of(tenant, key)[0]

    async def list(self, tenant: TenantId, *, after: KeyId | None = None, limit: int = 100) -> Sequence[ApiKey]:
        found = sorted((key for key, _ in self._database.of(tenant).keys.values()), key=lambda key: key.id)
        return [key for key in found if after is None or key.id > after][:limit]

    async def replace(self, tenant: TenantId, key: ApiKey, digest: bytes | None = None) -> None:
        known, kept = self._of(tenant, key.id)
        changed = replace(known, name=key.name, prefix=key.prefix, lifetime=replace(key.lifetime, created_at=known.lifetime.created_at))
        self._database.of(tenant).keys[key.id] = (changed, digest or kept)

    async def find(self, prefix: str) -> StoredKey | None:
        live = [tenant.id for tenant in self._database.tenants.values() if tenant.deleted_at is None]
        found = ((tenant, entry) for tenant in live for entry in self._database.of(tenant).keys.values())
        return next((StoredKey(tenant=tenant, key=key, digest=digest) for tenant, (key, digest) in found if key.prefix == prefix), None)

    def _of(self, tenant: TenantId, key: KeyId) -> tuple[ApiKey, bytes]:
        found = self._database.of(tenant).keys.get(key)
        if found is None:
            raise NotFound(f"There is no key {key}.")
        return found


class MemoryOperatorStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._operators = database.operators

    async def add(self, key: OperatorKey, digest: bytes) -> None:
        self._operators[key.id] = (key, digest)

    async def find(self, prefix: str) -> tuple[OperatorKey, bytes] | None:
        return next((entry for entry in self._operators.values() if entry[0].prefix == prefix), None)

    async def list(self) -> Sequence[OperatorKey]:
        return sorted((key for key, _ in self._operators.values()), key=lambda key: (key.lifetime.created_at, key.id))

    async def replace(self, key: OperatorKey) -> None:
        await self.get(key.id)
        self._operators[key.id] = (key, self._operators[key.id][1])

    async def get(self, key: KeyId) -> OperatorKey:
        if key not in self._operators:
            raise NotFound(f"There is no key {key}.")
        return self._operators[key][0]
