"""Parts of a job at work that other workers may take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aelus.domain.facts import FileFacts
from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardFile:
    path: str
    language: str
    blob_hash: str
    source: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some files to be parsed."""

    number: int
    files: tuple[ShardFile, ...]


class ShardStore(Protocol):
    """A shard is taken for a while: one whose taker is not heard of again is another one's to take, and what is done twice is kept once."""

    async def add(self, tenant: TenantId, job: JobId, shards: Sequence[Shard]) -> None:
        """Offer shards of a job, beside those that are there. Shards of jobs that have ended are removed. Raises NotFound: no such job."""
        ...

    async def take(self, tenant: TenantId, job: JobId, *, lease_s: float) -> Shard | None:
        """One that nobody has, or had longer than allowed; None where there is none."""
        ...

    async def finish(
        self, tenant: TenantId, job: JobId, number: int, facts: Mapping[str, FileFacts] | None = None, *, parser_version: str = ""
    ) -> None:
        """It is done: remove it, and keep the facts of its files by blob hash."""
        ...

    async def left(self, tenant: TenantId, job: JobId) -> Sequence[int]:
        """Numbers of the shards that are not done, in order."""
        ...

    async def drop(self, tenant: TenantId, job: JobId) -> None:
        """Remove all that is left of a job, but the facts that were kept for it."""
        ...

    async def drop_leavings(self, tenant: TenantId) -> int:
        """Remove facts that no index refers to: what was parsed for jobs that never came to write one. Returns how many.

        Nothing is removed while a job of the tenant has not ended: it may be about to use them.
        """
        ...
