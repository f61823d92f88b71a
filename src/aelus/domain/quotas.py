"""How much a tenant may have, and how much it has used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

GIGABYTE: Final = 10**9


class Quota(StrEnum):
    VECTORS = "vectors"
    """Passages that are indexed, each with its vector."""
    REQUESTS_PER_SECOND = "requests_per_second"
    STORAGE_GB = "storage_gb"
    """Gigabytes of indexed files."""
    REPOSITORIES = "repositories"
    JOBS = "jobs"
    """Jobs that wait or are at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """The most that a tenant may have; by default what a new one gets."""

    vectors: int = 500_000
    requests_per_second: int = 50
    storage_gb: int = 100
    repositories: int = 10
    jobs: int = 100

    def of(self, quota: Quota) -> int:
        return int(getattr(self, quota.value))

    @property
    def storage_bytes(self) -> int:
        return self.storage_gb * GIGABYTE


HIGHEST: Final = Quotas(vectors=10_000_000, requests_per_second=10_000, storage_gb=10_000, repositories=1_000, jobs=10_000)
"""No quota is set higher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a tenant has now, with what is being made."""

    vectors: int = 0
    storage_bytes: int = 0
    repositories: int = 0
    jobs: int = 0


class Metric(StrEnum):
    """What is counted for each tenant and day."""

    REQUESTS = "requests"
    JOBS = "jobs"
    FILES_INDEXED = "files_indexed"
    CHUNKS_WRITTEN = "chunks_written"
    EMBEDDINGS = "embeddings"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEntry:
    """So much was used of something on a day, as one source has counted it. A source tells the whole amount again each time."""

    day: date
    metric: Metric
    source: UUID
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUsage:
    day: date
    amounts: Mapping[Metric, int]
    """Those that are not zero."""
