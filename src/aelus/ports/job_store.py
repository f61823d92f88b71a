"""Job records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aelus.domain.jobs import Job, JobId
from aelus.domain.tenancy import TenantId


class JobStore(Protocol):
    async def add(self, tenant: TenantId, job: Job, *, most: int | None = None) -> Job:
        """Record a job, or return the one of the same repository that is queued and not yet started. Dry runs stand beside each other.

        Raises QuotaExceeded when `most` jobs of the tenant have not ended, however many are added at once.
        """
        ...

    async def get(self, tenant: TenantId, job: JobId) -> Job:
        """Raises NotFound."""
        ...

    async def list(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        """Newest first."""
        ...

    async def failed(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        """The last job of each repository, where it failed, but for dry runs; newest first."""
        ...

    async def update(self, tenant: TenantId, job: Job) -> None:
        """Write the job as it now stands, if only to say that somebody is at it.

        Raises:
            Conflict: it has ended, and is not changed any more.
            NotFound: there is no such job.
        """
        ...

    async def silent(self, tenant: TenantId, *, waiting_s: float, running_s: float, now: datetime) -> Sequence[Job]:
        """Jobs that have not ended and that nobody has written for a while, queued or running ones; oldest first.

        Those whose next try is later than `now` are left out.

        They count as written by that, so that of several callers one is told of each.
        """
        ...
