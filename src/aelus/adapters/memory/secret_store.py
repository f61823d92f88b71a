"""Secrets that end with the process, and what has been delivered to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.repository import RepositoryId
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import TenantId
from aelus.ports.delivery_store import KEPT_DAYS
from aelus.ports.errors import NotFound


class MemorySecretStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def put(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose, secret: str) -> None:
        data = self._database.of(tenant)
        if repository not in data.repositories:
            raise NotFound(f"There is no repository {repository}.")
        data.secrets[repository, purpose] = secret

    async def get(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> str | None:
        return self._database.of(tenant).secrets.get((repository, purpose))

    async def forget(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> None:
        self._database.of(tenant).secrets.pop((repository, purpose), None)


class MemoryDeliveryStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def knows(self, tenant: TenantId, repository: RepositoryId, delivery: str) -> bool:
        return (repository, delivery) in self._database.of(tenant).deliveries

    async def remember(self, tenant: TenantId, repository: RepositoryId, delivery: str, *, at: datetime) -> None:
        data = self._database.of(tenant)
        if repository not in data.repositories:
            raise NotFound(f"There is no repository {repository}.")
        oldest = at - timedelta(days=KEPT_DAYS)
        data.deliveries = {key: moment for key, moment in data.deliveries.items() if moment >= oldest}
        data.deliveries.setdefault((repository, delivery), at)
