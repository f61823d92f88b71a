"""Nodes of the graph, and the source text behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aelus.application.find_calls import check_symbol
from aelus.application.known_filters import KnownFilters
from aelus.domain.chunks import Chunk
from aelus.domain.graph import DOCUMENT_KINDS, NodeId, NodeKind
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.graph_store import GraphStore, StoredNode
from aelus.ports.vector_store import VectorStore

MAX_FOUND = 200
CODE_KINDS = tuple(kind.value for kind in NodeKind if kind not in DOCUMENT_KINDS)


class ReadNode:
    def __init__(self, *, graph: GraphStore) -> None:
        self._graph = graph

    async def __call__(self, tenant: TenantId, node: NodeId) -> StoredNode:
        """Raises NotFound."""
        found = await self._graph.nodes(tenant, [node])
        if not found:
            raise NotFound(f"There is no node {node!r}.", "Its file may have changed since; search for it again.")
        return found[0]


class FindNodes:
    def __init__(self, *, graph: GraphStore, filters: KnownFilters) -> None:
        self._graph = graph
        self._filters = filters

    async def __call__(
        self,
        tenant: TenantId,
        name: str,
        *,
        kinds: Sequence[str] = (),
        repositories: Sequence[RepositoryId] = (),
        languages: Sequence[str] = (),
        path: str = "",
        limit: int = MAX_FOUND,
    ) -> Sequence[StoredNode]:
        """Definitions of this name, the closest match first; none is no error. Sections of documents only where their kind is asked for.

        Raises InvalidRequest.
        """
        check_symbol(name)
        kinds, languages = self._filters.kinds(kinds), self._filters.languages(languages)
        if not 1 <= limit <= MAX_FOUND:
            raise InvalidRequest(f"{limit} nodes cannot be asked for.", f"Ask for 1 to {MAX_FOUND}.")
        return await self._graph.find(
            tenant, name, repositories=repositories, kinds=kinds or CODE_KINDS, languages=languages, path=path, limit=limit
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSource:
    node: StoredNode
    start_line: int
    """1-based line of the first line of `text`."""
    text: str


class ReadSource:
    """The text of a node as it was indexed, put together from the chunks of its file."""

    def __init__(self, *, read: ReadNode, vectors: VectorStore) -> None:
        self._read = read
        self._vectors = vectors

    async def __call__(self, tenant: TenantId, node: NodeId) -> NodeSource:
        """Raises NotFound: no such node, or the index holds no text of it."""
        found = await self._read(tenant, node)
        first, last = found.node.start_line, found.node.end_line
        chunks = await self._vectors.of_file(tenant, found.repository_id, found.node.path) if found.node.path and first else ()
        if not chunks:
            raise NotFound(f"The {found.node.kind} {found.node.qualified_name!r} has no source text.", "Ask for one that lies in a file.")
        known = lines_of(chunks)
        text = "\n".join(known.get(line, "") for line in range(first, last + 1))
        return NodeSource(node=found, start_line=first, text=text)


def lines_of(chunks: Iterable[Chunk]) -> dict[int, str]:
    """Source lines by number: those between chunks are blank, and what follows a chunk's lines in its text is an outline.

    A line that was too long for one chunk is left out.
    """
    lines: dict[int, str] = {}
    last = 0
    for chunk in chunks:
        text = chunk.text.split("\n")[: chunk.end_line - chunk.start_line + 1]
        lines.update(dict.fromkeys(range(last + 1, chunk.start_line), ""))
        lines.update(enumerate(text, chunk.start_line))
        if chunk.start_line == chunk.end_line == last:
            del lines[last]
        last = chunk.end_line
    return lines
