"""Job records in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.quota_store import count_usage, holdings
from aelus.adapters.postgres.rows import job_of, job_values, result_text, trial_text
from aelus.domain.jobs import Job, JobId
from aelus.domain.quotas import Metric, Quota
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded, Unavailable

ADD_TRIES: Final = 5
"""A job that waits may begin between the attempt to add another one and the look for it."""


class PostgresJobStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId, job: Job, *, most: int | None = None) -> Job:
        values = (*job_values(job), job.created_at, job.started_at, job.ended_at, job.request_id, trial_text(job.trial))
        for _ in range(ADD_TRIES):
            async with self._database.tenant(tenant, doing=f"adding job {job.id}") as connection:
                status = await connection.execute(load("jobs", "add"), tenant, job.repository_id, job.id, *values)
                if status != "INSERT 0 0":
                    await self._count(connection, tenant, most)
                    return job
                row = await connection.fetchrow(load("jobs", "waiting"), tenant, job.repository_id)
            if row is not None:
                return job_of(row)
        raise Unavailable(f"The jobs of repository {job.repository_id} are taken as fast as they come.", "Ask again.")

    async def _count(self, connection: Connection, tenant: TenantId, most: int | None) -> None:
        await count_usage(connection, tenant, Metric.JOBS, 1)
        held = (await holdings(connection, tenant)).jobs
        if most is not None and held > most:
            raise QuotaExceeded(Quota.JOBS, most, held - 1)

    async def get(self, tenant: TenantId, job: JobId) -> Job:
        async with self._database.tenant(tenant, readonly=True, doing="reading a job") as connection:
            row = await connection.fetchrow(load("jobs", "get"), tenant, job)
        if row is None:
            raise NotFound(f"There is no job {job}.")
        return job_of(row)

    async def list(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        async with self._database.tenant(tenant, readonly=True, doing="listing jobs") as connection:
            return [job_of(row) for row in await connection.fetch(load("jobs", "list"), tenant, limit)]

    async def failed(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        async with self._database.tenant(tenant, readonly=True, doing="listing failed jobs") as connection:
            return [job_of(row) for row in await connection.fetch(load("jobs", "failed"), tenant, limit)]

    async def update(self, tenant: TenantId, job: Job) -> None:
        async with self._database.tenant(tenant, doing=f"updating job {job.id}") as connection:
            status = await connection.execute(
                load("jobs", "update"),
                tenant,
                job.id,
                *job_values(job),
                job.started_at,
                job.ended_at,
                result_text(job.result),
                job.retries,
                job.next_try_at,
            )
        if status == "UPDATE 0":
            known = await self.get(tenant, job.id)
            raise Conflict(f"Job {job.id} has ended: it is {known.state}.")

    async def silent(self, tenant: TenantId, *, waiting_s: float, running_s: float, now: datetime) -> Sequence[Job]:
        async with self._database.tenant(tenant, doing="looking for silent jobs") as connection:
            rows = await connection.fetch(load("jobs", "silent"), tenant, waiting_s, running_s, now)
        return sorted((job_of(row) for row in rows), key=lambda job: (job.created_at, job.id))
