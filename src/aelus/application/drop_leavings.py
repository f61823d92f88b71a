"""Remove facts that helpers have made for jobs that then failed, and that no later one has used."""

from __future__ import annotations

from aelus.domain.tenancy import living
from aelus.ports.shard_store import ShardStore
from aelus.ports.tenant_store import TenantStore


class DropLeavings:
    def __init__(self, *, shards: ShardStore, tenants: TenantStore) -> None:
        self._shards = shards
        self._tenants = tenants

    async def __call__(self) -> int:
        """Of all tenants that are not deleted; returns how many. Raises Unavailable."""
        return sum([await self._shards.drop_leavings(tenant.id) for tenant in living(await self._tenants.list())])
