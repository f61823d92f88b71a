"""Chunks that searches found lately, held in memory by repository and version as `held` holds what all of them need.

An index of one version has the same chunks for whoever may see it. Which versions those are, row level security says in the transaction
that asks; what is not held is read in it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import array_text, chunk_of
from aelus.domain.chunks import Chunk

MAX_BYTES: Final = 32 * 1024 * 1024
"""Of all chunks held, some 20,000."""
_FIELDS_BYTES: Final = 700
"""Of a chunk without its text."""

Place = tuple[Any, int]
"""Repository and number of a chunk."""


@dataclass(slots=True)
class _Shelf:
    """Chunks of one version of a repository, by number."""

    version: int
    chunks: dict[int, Chunk] = field(default_factory=dict)
    size_bytes: int = 0


class HeldChunks:
    """What was asked for last; the repository that was asked least lately goes first."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._shelves: OrderedDict[tuple[UUID, Any], _Shelf] = OrderedDict()
        self.size_bytes = 0
        """Of all that is held."""

    async def of(self, connection: Connection, tenant: UUID, versions: Mapping[Any, int], places: Sequence[Place]) -> list[Chunk | None]:
        """The chunks at these places, none where there is none.

        `versions` are those that the connection's transaction sees, of all repositories of the places.
        """
        repositories = dict.fromkeys([repository for repository, _ in places])
        shelves = {repository: self._shelf((tenant, repository), versions[repository]) for repository in repositories}
        missing = [place for place in places if place[1] not in shelves[place[0]].chunks]
        if missing:
            repositories_of, numbers = zip(*missing, strict=True)
            asked = array_text(repositories_of), array_text(numbers)
            for row in await connection.fetch(load("search", "numbered"), tenant, *asked):
                self._hold((tenant, row["repository_id"]), shelves[row["repository_id"]], row["number"], chunk_of(row))
        found = [shelves[repository].chunks.get(number) for repository, number in places]
        while self.size_bytes > self._max_bytes:
            self.size_bytes -= self._shelves.popitem(last=False)[1].size_bytes
        return found

    def _shelf(self, key: tuple[UUID, Any], version: int) -> _Shelf:
        """As the one that was asked for last, in place of that of another version."""
        shelf = self._shelves.get(key)
        if shelf is None or shelf.version != version:
            self.size_bytes -= shelf.size_bytes if shelf else 0
            shelf = self._shelves[key] = _Shelf(version)
        self._shelves.move_to_end(key)
        return shelf

    def _hold(self, key: tuple[UUID, Any], shelf: _Shelf, number: int, chunk: Chunk) -> None:
        """Others read meanwhile: they may have held it already, or have put the shelf away."""
        if number in shelf.chunks:
            return
        size_bytes = len(chunk.text) + _FIELDS_BYTES
        shelf.chunks[number] = chunk
        shelf.size_bytes += size_bytes
        if self._shelves.get(key) is shelf:
            self.size_bytes += size_bytes
