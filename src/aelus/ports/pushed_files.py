"""The files of repositories that are pushed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.pushes import FilePush, PushedState
from aelus.domain.quotas import Quotas
from aelus.domain.repository import RepositoryId
from aelus.domain.source import SourceLimits
from aelus.domain.tenancy import TenantId


class PushedFiles(Protocol):
    async def apply(
        self, tenant: TenantId, repository: RepositoryId, push: FilePush, *, limits: SourceLimits, most: Quotas | None = None
    ) -> bool:
        """Apply a push as a whole: readers see the files before it or after it. Returns whether anything is different now.

        `most` is what the tenant may have; pushed files of all of its repositories are within its storage.

        Raises:
            NotFound: there is no such repository.
            Conflict: a path would be a file and a folder.
            LimitExceeded: the repository would have more files or bytes than allowed.
            QuotaExceeded: the tenant would have more bytes than it may.
        """
        ...

    async def state(self, tenant: TenantId, repository: RepositoryId) -> PushedState:
        """The files as they are now; none where nothing was pushed."""
        ...

    async def read(self, tenant: TenantId, repository: RepositoryId, paths: Sequence[str]) -> Sequence[bytes | None]:
        """The content of each path now, in order; None for one that is not there."""
        ...
