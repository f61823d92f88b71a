"""Who owns what: tenants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

TenantId = UUID


class TenantView(UUID):
    """A tenant as somebody sees it to whom only some of its repositories are open: for them there are no others.

    It is the tenant's id and goes wherever that goes, so that what is not open is left out where data is read, not of what was read.
    """

    __slots__ = ("repositories",)
    repositories: frozenset[UUID]

    def __init__(self, tenant: TenantId, repositories: Iterable[UUID]) -> None:
        super().__init__(int=tenant.int)
        object.__setattr__(self, "repositories", frozenset(repositories))

    def __reduce__(self) -> tuple[type[TenantView], tuple[TenantId, frozenset[UUID]]]:
        return TenantView, (UUID(int=self.int), self.repositories)


def visible_repositories(tenant: TenantId) -> frozenset[UUID] | None:
    """The only repositories that are there for whoever asks; None for all of the tenant."""
    return tenant.repositories if isinstance(tenant, TenantView) else None


def whole(tenant: TenantId) -> TenantId:
    """The tenant with all of its repositories, for what is done on its behalf and not on that of the one who asks."""
    return UUID(int=tenant.int)


LOCAL_TENANT: Final = UUID("00000000-0000-4000-8000-000000000001")
"""The one tenant of a service that one person runs for themselves. It takes the same path through the database as any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    id: TenantId
    name: str
    created_at: datetime
    deleted_at: datetime | None = None
    """Since when its credentials open nothing. After a while it is purged; until then it can be brought back."""


def living(tenants: Iterable[Tenant]) -> Iterator[Tenant]:
    """Those that are not deleted."""
    return (tenant for tenant in tenants if tenant.deleted_at is None)
