"""One run of indexing: from an open source tree to the one write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from aelus.application.gathered_facts import GatheredFacts
from aelus.application.index_change import Findings, Parsed
from aelus.application.index_plan import IndexPlan
from aelus.application.index_stages import ChunkRequest, EmbeddingStage, HashedGraph, chunk_files, hash_graph, link_files
from aelus.application.one_ahead import OneAhead
from aelus.application.progress import Stopwatch, Tracker
from aelus.application.reports import IndexReport
from aelus.application.room import Room
from aelus.application.share_parsing import Theirs
from aelus.application.source_intake import Intake, SourceIntake, batches
from aelus.domain.chunks import Chunk
from aelus.domain.facts import FileFacts
from aelus.domain.jobs import Stage
from aelus.domain.quotas import Quotas
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.source import SkippedFile, SourceFile
from aelus.ports.embedder import Embedder
from aelus.ports.index_store import FileChange, FileState, IndexChange, IndexSession, Written
from aelus.ports.parser import Parser
from aelus.ports.source_reader import SourceTree

Share = Callable[[Sequence[SourceFile], SourceIntake, Theirs], Awaitable[Intake | None]]
"""Parses files together with other workers; None where it is not worth it."""


class IndexRun:
    """Holds what the steps of one run share; used once."""

    def __init__(
        self,
        *,
        plan: IndexPlan,
        repository: Repository,
        session: IndexSession,
        tree: SourceTree,
        parser: Parser,
        embedder: Embedder,
        watch: Stopwatch,
        tracker: Tracker,
        most: Quotas | None,
        share: Share | None = None,
        embed_later: bool = False,
    ) -> None:
        self._plan = plan
        self._room = Room(session, plan, most)
        self._repository = repository
        self._session = session
        self._parser = parser
        self._model = embedder.model
        self._watch = watch
        self._tracker = tracker
        self._intake = SourceIntake(tree=tree, parser=parser, watch=watch, tracker=tracker, keep_sources=True)
        self._embedding = EmbeddingStage(session=session, embedder=embedder, watch=watch, tracker=tracker, later=embed_later)
        self._unread: set[str] = set()
        self._share = share

    async def __call__(self, *, dry_run: bool) -> IndexReport:
        if self._plan.same_files:
            return await self._refresh(dry_run=dry_run)
        if not dry_run:
            await self._room.for_files()
        parsed = await self._parse()
        graph = await self._link(parsed)
        chunks = await self._chunk(parsed, graph, embed=not dry_run)
        found = Findings(plan=self._plan, parsed=parsed, graph=graph, chunks=chunks, unread=frozenset(self._unread))
        change = replace(
            found.change(model=self._model, parser_version=self._parser.version, vectors=self._embedding.vectors),
            lacking=frozenset(self._embedding.lacking),
        )
        written = Written() if dry_run else await self._write(change)
        report = self._report(change.counts, change.skipped, written, truncated=graph.graph.truncated)
        return replace(report, given_up=graph.graph.given_up, lacking=len(change.lacking))

    async def _refresh(self, *, dry_run: bool) -> IndexReport:
        """Nothing that the graph is made of has changed; the commit or the list of skipped files may have."""
        before, skipped = self._plan.before, self._plan.skipped
        counts = replace(before.counts, skipped=len(skipped))
        selection = replace(before.files[""], chunk_hash=self._plan.rules.kept_selection)
        kept, now = (before.commit, before.skipped, before.files[""]), (self._plan.revision.commit, skipped, selection)
        if not dry_run and kept != now:
            await self._write(self._nothing_but(skipped, counts, selection))
        self._tracker(Stage.DONE, 1, 1, files_processed=counts.files, files_total=counts.files)
        return self._report(counts, skipped, Written(), truncated=before.truncated)

    async def _parse(self) -> Parsed:
        known = await self._known_facts(self._plan.code)
        unknown = [file for file in self._plan.code if file.path not in known]
        mine, theirs = await self._parse_together(unknown)
        known |= theirs
        unknown = [file for file in unknown if file.path not in known and file.path not in mine]
        fresh = await self._intake.parse(unknown, already=len(known) + len(mine))
        fresh.facts.update(mine)
        manifests = await self._intake.texts(self._plan.manifests)
        return Parsed(facts={**known, **fresh.facts}, fresh=fresh, manifests=manifests)

    async def _parse_together(self, files: Sequence[SourceFile]) -> tuple[Mapping[str, FileFacts], Mapping[str, FileFacts]]:
        """With the help of other workers, where there may be some and it is worth it: facts by path that were made here, and by others."""
        if self._share is None:
            return {}, {}
        async with GatheredFacts(self._known_facts) as others:
            with self._watch("parse"):
                intake = await self._share(files, self._intake, others.note)
        return (intake.facts if intake is not None else {}), others.facts

    async def _known_facts(self, files: Sequence[SourceFile]) -> dict[str, FileFacts]:
        """Stored facts by path: of files with the same bytes, wherever they lie."""
        with self._watch("read"):
            stored = await self._session.facts(list({file.blob_hash for file in files}), parser_version=self._parser.version)
        found = ((file, stored.get(file.blob_hash)) for file in files)
        return {file.path: facts for file, facts in found if facts is not None and facts.language == file.language}

    async def _link(self, parsed: Parsed) -> HashedGraph:
        self._tracker(Stage.LINK, 0, 1)
        with self._watch("link"):
            graph = await asyncio.to_thread(self._link_now, parsed)
        self._tracker(Stage.LINK, 1, 1, nodes_created=graph.nodes, edges_created=graph.edges)
        return graph

    def _link_now(self, parsed: Parsed) -> HashedGraph:
        linked = link_files(
            self._plan.code,
            parsed.facts,
            parsed.manifests,
            traits=self._parser.traits(),
            repository=self._repository.id.hex,
            branch=self._repository.branch,
        )
        return hash_graph(linked)

    async def _chunk(self, parsed: Parsed, graph: HashedGraph, *, embed: bool) -> dict[str, Sequence[Chunk]]:
        """Chunk what may have changed, a batch of files at a time, while the batch before is embedded."""
        chunks: dict[str, Sequence[Chunk]] = {}
        files = self._files_to_chunk(parsed, graph)
        if embed:
            await self._room.for_kept_chunks(frozenset(file.path for file in files))
        async with OneAhead() as behind:
            async for requests in self._chunk_requests(files, parsed, graph):
                with self._watch("chunk"):
                    batch = await asyncio.to_thread(chunk_files, requests, self._repository)
                chunks.update(batch)
                if embed:
                    await self._room.for_chunks(sum(map(len, batch.values())))
                    await behind.submit(self._embedding.embed([chunk for found in batch.values() for chunk in found]))
        await self._embedding.finish()
        return chunks

    def _files_to_chunk(self, parsed: Parsed, graph: HashedGraph) -> list[SourceFile]:
        plan, hashes = self._plan, graph.hashes
        return [file for file in plan.code if file.path in parsed.facts and plan.rechunks(file, hashes.get(file.path, ""))]

    async def _chunk_requests(self, files: Sequence[SourceFile], parsed: Parsed, graph: HashedGraph) -> AsyncIterator[list[ChunkRequest]]:
        for batch in batches(files):
            yield [
                ChunkRequest(path=file.path, source=source, facts=parsed.facts[file.path], nodes=graph.of(file.path).nodes)
                for file, source in await self._sources(batch, parsed.fresh)
            ]

    async def _sources(self, files: Sequence[SourceFile], fresh: Intake) -> list[tuple[SourceFile, bytes]]:
        """Bytes of the files: those held since parsing are let go, the others are read once more."""
        held = [(file, fresh.sources.pop(file.path)) for file in files if file.path in fresh.sources]
        known = {file.path for file, _ in held}
        again = [pair async for pair in self._intake.read([file for file in files if file.path not in known])]
        self._unread.update(file.path for file, source in again if source is None)
        return held + [(file, source) for file, source in again if source is not None]

    def _nothing_but(self, skipped: Sequence[SkippedFile], counts: IndexCounts, selection: FileState) -> IndexChange:
        return IndexChange(
            commit=self._plan.revision.commit,
            branch=self._plan.revision.branch,
            parser_version=self._parser.version,
            model=self._model,
            changed=(FileChange(state=selection, facts=None, nodes=None, edges=None, chunks=None),),
            removed=(),
            vectors={},
            skipped=skipped,
            counts=counts,
            truncated=self._plan.before.truncated,
        )

    async def _write(self, change: IndexChange) -> Written:
        self._tracker(Stage.WRITE, 0, 1)
        with self._watch("write"):
            written = await self._session.write(change)
        self._tracker(Stage.DONE, 1, 1)
        return written

    def _report(self, counts: IndexCounts, skipped: Sequence[SkippedFile], written: Written, *, truncated: bool) -> IndexReport:
        return IndexReport(
            repository_id=self._repository.id,
            repository=self._repository.name,
            commit=self._plan.revision.commit,
            changes=self._plan.changes,
            counts=counts,
            skipped_files=tuple(skipped),
            written=written,
            truncated=truncated,
            seconds=self._watch.seconds(),
        )
