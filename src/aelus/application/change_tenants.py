"""The life of tenants: made with a first key, deleted so that it can be undone, purged when that time is over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from aelus.application.issue_key import IssuedKey, IssueKey, NewKey, check_name
from aelus.domain.identity import LOCAL, Role
from aelus.domain.tenancy import LOCAL_TENANT, Tenant, TenantId
from aelus.ports.cache import Cache
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict
from aelus.ports.queue import Queue
from aelus.ports.tenant_store import TenantStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTenant:
    tenant: Tenant
    key: IssuedKey
    """The first one, of an owner."""


class ChangeTenants:
    """For operators alone."""

    def __init__(self, *, tenants: TenantStore, issue: IssueKey, clock: Clock) -> None:
        self._tenants = tenants
        self._issue = issue
        self._clock = clock

    async def __call__(self, tenant: TenantId, *, name: str | None = None, deleted: bool | None = None) -> Tenant:
        """Rename, delete or bring back. Deleted, it is there until it is purged, and none of its credentials opens anything.

        Raises NotFound, InvalidRequest, Conflict: it is the local one, which is not deleted.
        """
        known = await self._tenants.get(tenant)
        if deleted and tenant == LOCAL_TENANT:
            raise Conflict("The local tenant cannot be deleted.", "Remove its repositories instead.")
        since = known.deleted_at if deleted is None or (deleted and known.deleted_at) else (self._clock.now() if deleted else None)
        changed = replace(known, name=known.name if name is None else check_name(name), deleted_at=since)
        await self._tenants.replace(changed)
        return changed

    async def create(self, name: str) -> NewTenant:
        """A tenant with an owner's key. Raises InvalidRequest, Misconfigured: the service has no key to digest with."""
        tenant = Tenant(id=uuid4(), name=check_name(name), created_at=self._clock.now())
        await self._tenants.ensure(tenant)
        key = await self._issue(tenant.id, NewKey(name="first key", role=Role.OWNER), by=LOCAL)
        return NewTenant(tenant=tenant, key=key)


class PurgeTenants:
    """Args: retention_days: how long a deleted tenant can be brought back."""

    def __init__(self, *, tenants: TenantStore, cache: Cache, queue: Queue, clock: Clock, retention_days: float) -> None:
        self._tenants = tenants
        self._cache = cache
        self._queue = queue
        self._clock = clock
        self._retention = timedelta(days=retention_days)

    async def __call__(self) -> int:
        """Purge those that were deleted long enough ago; returns how many. Raises Unavailable."""
        now, purged = self._clock.now(), 0
        due = [one for one in await self._tenants.list() if one.deleted_at is not None and now - one.deleted_at >= self._retention]
        for tenant in due:
            with suppress(Conflict):  # it was brought back while others were purged
                await self._purge(tenant.id)
                purged += 1
        return purged

    async def one(self, tenant: TenantId) -> None:
        """Purge a tenant that is deleted, at once. Raises NotFound, Conflict: it is not deleted. Unavailable: something is left."""
        if (await self._tenants.get(tenant)).deleted_at is None:
            raise Conflict(f"Tenant {tenant} is not deleted.", "Delete it first.")
        await self._purge(tenant)

    async def _purge(self, tenant: TenantId) -> None:
        await self._queue.forget(tenant)
        await self._cache.forget(tenant)
        await self._tenants.purge(tenant)
