"""Job records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.jobs import Job, JobId
from aelus.domain.tenancy import TenantId


class JobStore(Protocol):
    async def add(self, tenant: TenantId, job: Job) -> Job:
        """Record a job, or return the one of the same repository that is queued and not yet started."""
        ...

    async def get(self, tenant: TenantId, job: JobId) -> Job:
        """Raises NotFound."""
        ...

    async def list(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        """Newest first."""
        ...

    async def failed(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        """The last job of each repository, where it failed; newest first."""
        ...

    async def update(self, tenant: TenantId, job: Job) -> None:
        """Write the job as it now stands. A job that has ended is not changed any more: Raises Conflict. Raises NotFound."""
        ...

    async def unfinished(self, tenant: TenantId) -> Sequence[Job]:
        """Queued and running ones, oldest first: what a queue without memory must be told again after a restart."""
        ...
