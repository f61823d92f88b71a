"""From what a run found out to the one change that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aelus.application.fingerprints import chunk_count, chunk_hash
from aelus.application.index_plan import IndexPlan
from aelus.application.index_stages import HashedGraph
from aelus.application.source_intake import Intake
from aelus.domain.chunks import Chunk
from aelus.domain.facts import FileFacts
from aelus.domain.repository import IndexCounts
from aelus.domain.search import Vector
from aelus.domain.source import PASSING, SkippedFile, SourceFile
from aelus.ports.index_store import FileChange, FileState, IndexChange

NO_CHUNKS = chunk_hash(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The facts of every file that has some, and where they come from."""

    facts: Mapping[str, FileFacts]
    fresh: Intake
    """What this run parsed; the rest was stored."""
    manifests: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a run found out."""

    plan: IndexPlan
    parsed: Parsed
    graph: HashedGraph
    chunks: Mapping[str, Sequence[Chunk]]
    """Of the files that were chunked anew, by path."""
    unread: frozenset[str]
    """Files that changed between parsing and chunking."""

    def change(self, *, model: str, parser_version: str, vectors: Mapping[str, Vector]) -> IndexChange:
        """Say what differs from the stored index."""
        states = {state.path: state for state in self._states()}
        stored = self.plan.before.files
        skipped = tuple(sorted((*self.plan.skipped, *self.parsed.fresh.skipped), key=lambda file: file.path))
        fresh = self.parsed.fresh.facts
        return IndexChange(
            commit=self.plan.revision.commit,
            branch=self.plan.revision.branch,
            parser_version=parser_version,
            model=model,
            changed=[self._file(state) for path, state in states.items() if state != stored.get(path) or path in fresh],
            removed=sorted(stored.keys() - states.keys()),
            vectors=vectors,
            skipped=skipped,
            counts=self._counts(states, skipped),
            truncated=self.graph.graph.truncated,
        )

    def _counts(self, states: Mapping[str, FileState], skipped: Sequence[SkippedFile]) -> IndexCounts:
        return IndexCounts(
            files=len(self.parsed.facts),
            lines=sum(facts.lines for facts in self.parsed.facts.values()),
            nodes=self.graph.nodes,
            edges=self.graph.edges,
            chunks=sum(chunk_count(state.chunk_hash) for state in states.values()),
            skipped=len(skipped),
            size_bytes=sum(file.size_bytes for file in self.plan.revision.files),
        )

    def _states(self) -> Iterator[FileState]:
        rules, graph_hash = self.plan.rules, self.graph.hashes.get("", "")
        yield FileState(path="", language="", blob_hash=rules.graph, lines=0, graph_hash=graph_hash, chunk_hash=rules.kept_selection)
        unreadable = self.unread.union(file.path for file in self.parsed.fresh.skipped if file.reason in PASSING)
        for file in self.plan.revision.files:
            # A file that changed under the run's hands, or was given up for no fault of its own, must look changed to the next run.
            yield self._state(file, "" if file.path in unreadable else file.blob_hash)

    def _state(self, file: SourceFile, blob_hash: str) -> FileState:
        facts = self.parsed.facts.get(file.path)
        return FileState(
            path=file.path,
            language=file.language,
            blob_hash=blob_hash,
            lines=facts.lines if facts else 0,
            graph_hash=self.graph.hashes.get(file.path, ""),
            chunk_hash=self._chunk_hash(file.path) if facts else NO_CHUNKS,
        )

    def _chunk_hash(self, path: str) -> str:
        if path in self.chunks:
            return chunk_hash(self.chunks[path])
        before = self.plan.before.files.get(path)
        return before.chunk_hash if before else NO_CHUNKS

    def _file(self, state: FileState) -> FileChange:
        before = self.plan.before.files.get(state.path)
        same_graph = before is not None and before.graph_hash == state.graph_hash
        same_chunks = before is not None and before.chunk_hash == state.chunk_hash
        graph = self.graph.of(state.path)
        return FileChange(
            state=state,
            facts=self.parsed.fresh.facts.get(state.path),
            nodes=None if same_graph else graph.nodes,
            edges=None if same_graph else graph.edges,
            chunks=None if same_chunks else self.chunks.get(state.path, ()),
        )
