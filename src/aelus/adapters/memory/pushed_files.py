"""Pushed files in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.pushes import FilePush, PushedState, folders_of, pushed_file
from aelus.domain.quotas import GIGABYTE, Quota, Quotas
from aelus.domain.repository import RepositoryId
from aelus.domain.source import SourceLimits
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, LimitExceeded, NotFound, QuotaExceeded


class MemoryPushedFiles:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def apply(
        self, tenant: TenantId, repository: RepositoryId, push: FilePush, *, limits: SourceLimits, most: Quotas | None = None
    ) -> bool:
        data = self._database.of(tenant)
        if repository not in data.repositories:
            raise NotFound(f"There is no repository {repository}.")
        before = data.pushed.get(repository, ("", {}))
        kept = {path: content for path, content in before[1].items() if path not in set(push.deleted)}
        after = {**kept, **push.files}
        _refuse(after, limits)
        others = sum(_size(files) for other, (_, files) in data.pushed.items() if other != repository)
        if most is not None and others + _size(after) > most.storage_bytes:
            raise QuotaExceeded(Quota.STORAGE_GB, most.storage_gb, (others + _size(before[1])) // GIGABYTE)
        data.pushed[repository] = (push.commit, after)
        return data.pushed[repository] != before

    async def state(self, tenant: TenantId, repository: RepositoryId) -> PushedState:
        commit, files = self._database.of(tenant).pushed.get(repository, ("", {}))
        return PushedState(commit=commit, files={path: pushed_file(content) for path, content in sorted(files.items())})

    async def read(self, tenant: TenantId, repository: RepositoryId, paths: Sequence[str]) -> Sequence[bytes | None]:
        _, files = self._database.of(tenant).pushed.get(repository, ("", {}))
        return [files.get(path) for path in paths]


def _size(files: Mapping[str, bytes]) -> int:
    return sum(map(len, files.values()))


def _refuse(files: Mapping[str, bytes], limits: SourceLimits) -> None:
    both = next((folder for path in files for folder in folders_of(path) if folder in files), None)
    if both is not None:
        raise Conflict(f"{both!r} would be a file and a folder.", "Remove the file in the same push.")
    if len(files) > limits.max_files or _size(files) > limits.max_total_bytes:
        raise LimitExceeded(
            f"The repository would have more than {limits.max_files} files (max_files) or {limits.max_total_bytes} bytes "
            "(max_repository_bytes).",
            "Remove files, or raise the limit.",
        )
