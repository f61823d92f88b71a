"""Room for an index that is being made, set aside before the work that would fill it."""

from __future__ import annotations

from aelus.application.fingerprints import chunk_count
from aelus.application.index_plan import IndexPlan
from aelus.domain.quotas import Quotas
from aelus.domain.source import SourceFile
from aelus.ports.index_store import IndexSession


class Room:
    """Args: most: what the tenant may have; None where there is no limit, and nothing need be set aside."""

    def __init__(self, session: IndexSession, plan: IndexPlan, most: Quotas | None) -> None:
        self._session = session
        self._most = most
        self._plan = plan
        self._vectors = 0
        self._size_bytes = sum(file.size_bytes for file in plan.revision.files)

    async def for_files(self) -> None:
        """For the files, before anything is done with them. Raises QuotaExceeded."""
        await self._reserve()

    async def for_kept_chunks(self, rechunked: frozenset[str]) -> None:
        """For chunks that are there and will stay. Raises QuotaExceeded."""
        self._vectors += sum(self._stored(file) for file in self._plan.code if file.path not in rechunked)
        await self._reserve()

    async def for_chunks(self, number: int) -> None:
        """For so many more, before they are embedded. Raises QuotaExceeded."""
        self._vectors += number
        await self._reserve()

    def _stored(self, file: SourceFile) -> int:
        state = self._plan.before.files.get(file.path)
        return chunk_count(state.chunk_hash) if state else 0

    async def _reserve(self) -> None:
        if self._most is not None:
            await self._session.reserve(vectors=self._vectors, size_bytes=self._size_bytes, most=self._most)
