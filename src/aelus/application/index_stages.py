"""The steps of indexing after parsing: link and hash, chunk, embed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from aelus.application.fingerprints import graph_hash
from aelus.application.progress import Stopwatch, Tracker
from aelus.domain.chunking import chunk_file, embedding_text
from aelus.domain.chunks import Chunk
from aelus.domain.collector import collector_waits
from aelus.domain.facts import FileFacts
from aelus.domain.graph import CodeNode
from aelus.domain.jobs import Stage
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking import FileGraph, LinkedGraph, SourceUnit, link
from aelus.domain.repository import Repository
from aelus.domain.search import Vector
from aelus.domain.source import SourceFile
from aelus.ports.embedder import Embedder
from aelus.ports.index_store import IndexSession

KEPT_AT_ONCE = 384
"""Vectors of a service that are kept together: a few calls."""
EMPTY_GRAPH = FileGraph(nodes=(), edges=())


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedGraph:
    graph: LinkedGraph
    hashes: Mapping[str, str]
    """`graph_hash` by path."""

    def of(self, path: str) -> FileGraph:
        return self.graph.files.get(path, EMPTY_GRAPH)

    @property
    def nodes(self) -> int:
        return sum(len(file.nodes) for file in self.graph.files.values())

    @property
    def edges(self) -> int:
        return sum(len(file.edges) for file in self.graph.files.values())


def link_files(
    files: Sequence[SourceFile],
    facts: Mapping[str, FileFacts],
    manifests: Mapping[str, str],
    *,
    traits: Mapping[str, LanguageTraits],
    repository: str,
    branch: str,
) -> LinkedGraph:
    """Link the files that have facts. Takes seconds of one core for a large repository."""
    units = [SourceUnit(path=file.path, facts=facts[file.path], blob_hash=file.blob_hash) for file in files if file.path in facts]
    with collector_waits():
        return link(units, traits=traits, manifests=manifests, repository=repository, branch=branch)


def hash_graph(graph: LinkedGraph) -> HashedGraph:
    return HashedGraph(graph=graph, hashes={path: graph_hash(file.nodes, file.edges) for path, file in graph.files.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRequest:
    path: str
    source: bytes
    facts: FileFacts
    nodes: Sequence[CodeNode]


def chunk_files(requests: Sequence[ChunkRequest], repository: Repository) -> dict[str, Sequence[Chunk]]:
    """Chunks by path."""
    return {
        request.path: chunk_file(
            path=request.path,
            source=request.source,
            facts=request.facts,
            nodes=request.nodes,
            repository=repository.id.hex,
            branch=repository.branch,
        )
        for request in requests
    }


class EmbeddingStage:
    """Embeds, batch after batch, the texts that the tenant has no vector of; or only names them, where that is done `later`."""

    def __init__(self, *, session: IndexSession, embedder: Embedder, watch: Stopwatch, tracker: Tracker, later: bool = False) -> None:
        self._session = session
        self._embedder = embedder
        self._watch = watch
        self._tracker = tracker
        self._later = later
        self.lacking: set[str] = set()
        """Content hashes of what is embedded later."""
        self._seen: set[str] = set()
        self._waiting: dict[str, Chunk] = {}
        self.vectors: dict[str, Vector] = {}

    async def embed(self, chunks: Sequence[Chunk]) -> None:
        """Embed those of the chunks whose content is new. Raises what the embedder raises.

        What would not fill a call to a service waits for the next chunks, or for `finish`.
        """
        fresh = {chunk.content_hash: chunk for chunk in chunks if chunk.content_hash not in self._seen}
        self._seen.update(fresh)
        with self._watch("embed"):
            missing = await self._session.missing_vectors(list(fresh), model=self._embedder.model)
            if self._later:
                self.lacking.update(missing)
                return
            self._waiting.update((name, fresh[name]) for name in missing)
            await self._send(least=KEPT_AT_ONCE if self._embedder.remote else 1)

    async def finish(self) -> None:
        """Embed what still waits. Raises as `embed`."""
        with self._watch("embed"):
            await self._send(least=1)

    async def _send(self, *, least: int) -> None:
        """Portions are what is lost at most when a service fails; all at once where there is none."""
        size = KEPT_AT_ONCE if self._embedder.remote else max(1, len(self._waiting))
        while len(self._waiting) >= least:
            portion = {name: self._waiting.pop(name) for name in list(islice(self._waiting, size))}
            texts = await asyncio.to_thread(lambda chunks: [embedding_text(chunk) for chunk in chunks], list(portion.values()))
            await self._keep(dict(zip(portion, await self._embedder.embed_documents(texts), strict=True)))
        self._tracker(Stage.EMBED, len(self.vectors), len(self._seen), embeddings_created=len(self.vectors))

    async def _keep(self, vectors: Mapping[str, Vector]) -> None:
        self.vectors.update(vectors)
        if self._embedder.remote:
            await self._session.keep_vectors(vectors, model=self._embedder.model)
