"""What one process has measured of itself, for Prometheus.

Routes and use cases are named as they are declared, never as they were called: strangers cannot make new time series.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aelus.domain.tenancy import TenantId
from aelus.ports.cache import Cache
from aelus.ports.errors import Unavailable
from aelus.ports.queue import Queue

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
ANSWER_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
JOB_S: Final = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What can be read off the parts of a service at any time."""

    connections: Callable[[], tuple[int, int, int]] = lambda: (0, 0, 0)
    """Of the pool: open, idle among them, allowed."""
    cache_bytes: Callable[[], int] = lambda: 0
    """Held by the cache of this process."""


class Metrics:
    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        from prometheus_client.platform_collector import PlatformCollector
        from prometheus_client.process_collector import ProcessCollector

        self.registry: CollectorRegistry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        to = self.registry
        self.requests = Histogram(
            "aelus_http_request_seconds", "Time to answer", ["method", "route", "status"], buckets=ANSWER_S, registry=to
        )
        self.requests_at_work = Gauge("aelus_http_requests_at_work", "Requests being answered", registry=to)
        self.use_cases = Histogram("aelus_use_case_seconds", "Time of a use case", ["use_case", "outcome"], buckets=ANSWER_S, registry=to)
        self.jobs = Histogram("aelus_job_seconds", "Time from a job's beginning to its end", ["state"], buckets=JOB_S, registry=to)
        self.job_waits = Histogram("aelus_job_wait_seconds", "Time that a job has waited to begin", buckets=JOB_S, registry=to)
        self.errors = Counter("aelus_errors", "Defects and services that were away", ["kind"], registry=to)
        self.tenant_requests = Counter("aelus_tenant_requests", "Requests of a tenant", ["tenant", "outcome"], registry=to)
        self.cache_requests = Counter("aelus_cache_requests", "What the cache was asked for", ["outcome"], registry=to)
        self.cache_bytes = Gauge("aelus_cache_bytes", "Held by the cache of this process", registry=to)
        self.connections = Gauge("aelus_database_connections", "Connections of the pool", ["state"], registry=to)
        self.queue_messages = Gauge("aelus_queue_messages", "Messages of a queue", ["queue", "state"], registry=to)
        self.queue_oldest_s = Gauge("aelus_queue_oldest_seconds", "Time that the oldest message has waited", ["queue"], registry=to)
        self.workers = Gauge("aelus_workers", "Worker processes that are alive", registry=to)

    async def text(self, queue: Queue, gauges: Gauges) -> bytes:
        """Everything, in Prometheus' text format, with the state of now."""
        from prometheus_client import generate_latest

        opened, idle, allowed = gauges.connections()
        for state, number in (("open", opened), ("idle", idle), ("allowed", allowed)):
            self.connections.labels(state).set(number)
        self.cache_bytes.set(gauges.cache_bytes())
        await self._read_queue(queue)
        return generate_latest(self.registry)

    async def _read_queue(self, queue: Queue) -> None:
        """A queue that is away shows no figures, which is the figure."""
        self.queue_messages.clear()
        self.queue_oldest_s.clear()
        self.workers.set(0)
        try:
            depths, workers = await queue.depths(), await queue.workers()
        except Unavailable:
            self.errors.labels("queue_away").inc()
            return
        self.workers.set(workers)
        for found in depths:
            self.queue_messages.labels(found.task.value, "waiting").set(found.waiting)
            self.queue_messages.labels(found.task.value, "at_work").set(found.at_work)
            self.queue_oldest_s.labels(found.task.value).set(found.oldest_s)


class _Process:
    """There is one set of measurements in a process, as there is one log."""

    metrics: Metrics | None = None


def measured() -> Metrics | None:
    """What this process measures with; None where nobody has asked for measurements."""
    return _Process.metrics


def measuring() -> Metrics:
    """The same, which begins with the first call."""
    if _Process.metrics is None:
        _Process.metrics = Metrics()
    return _Process.metrics


class MeteredCache:
    """A cache that counts what it was asked for."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def get(self, tenant: TenantId, key: str) -> bytes | None:
        found = await self._cache.get(tenant, key)
        metrics = measured()
        if metrics is not None:
            metrics.cache_requests.labels("miss" if found is None else "hit").inc()
        return found

    async def put(self, tenant: TenantId, key: str, value: bytes, *, ttl_s: float) -> None:
        await self._cache.put(tenant, key, value, ttl_s=ttl_s)

    async def forget(self, tenant: TenantId) -> None:
        await self._cache.forget(tenant)
