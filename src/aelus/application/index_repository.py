"""Bring the index of a repository up to date."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import replace
from functools import partial

from aelus.application.embed_backlog import EmbedBacklog
from aelus.application.index_memory import DEFAULT_MEMORY_BYTES, check_memory
from aelus.application.index_plan import IndexPlan, IndexRules, known_revision, plan_index, rules_of
from aelus.application.index_run import IndexRun, Share
from aelus.application.known_quotas import KnownQuotas
from aelus.application.progress import Report, Stopwatch, Tracker, ignore
from aelus.application.pushed_source import PushedSource
from aelus.application.reports import IndexReport
from aelus.application.share_parsing import ShareParsing
from aelus.application.source_intake import reader_of
from aelus.domain.file_patterns import narrowed
from aelus.domain.jobs import JobId, Stage, Trial
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.secrets import FOR_ITS_SERVER, Credential, read_credential
from aelus.domain.source import Revision
from aelus.domain.tenancy import TenantId
from aelus.ports.embedder import Embedder
from aelus.ports.errors import Unavailable
from aelus.ports.index_store import IndexSnapshot, IndexStore
from aelus.ports.parser import Parser
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.secret_store import SecretStore
from aelus.ports.source_reader import SourceReader, SourceTree


class IndexRepository:
    """Reads, parses, links, chunks and embeds what has changed, and writes the difference at once.

    Cancelled or failed at any point, it leaves the index as it was.
    """

    def __init__(
        self,
        *,
        readers: Sequence[SourceReader],
        pushed: PushedSource,
        parser: Parser,
        embedder: Embedder,
        indexes: IndexStore,
        repositories: RepositoryStore,
        secrets: SecretStore,
        quotas: KnownQuotas,
        sharing: ShareParsing | None = None,
        vectors_later: EmbedBacklog | None = None,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
    ) -> None:
        self._quotas = quotas
        self._readers = readers
        self._pushed = pushed
        self._parser = parser
        self._embedder = embedder
        self._indexes = indexes
        self._repositories = repositories
        self._secrets = secrets
        self._sharing = sharing
        self._vectors_later = vectors_later
        self._memory_bytes = memory_bytes

    async def __call__(
        self,
        tenant: TenantId,
        repository_id: RepositoryId,
        *,
        report: Report = ignore,
        trial: Trial | None = None,
        job: JobId | None = None,
    ) -> IndexReport:
        """Index; or only count what an index would hold, and write nothing, where there is a `trial`. Other workers may help with a `job`.

        Where a service makes the vectors, and no older ones serve meanwhile, a job does not wait for it: what is indexed is found by words
        and names at once, and by meaning when its vectors have been made (`EmbedBacklog`).

        Raises:
            NotFound: there is no such repository.
            Conflict: it is being indexed by somebody else.
            LocationNotFound, LimitExceeded: its source cannot be opened, or takes more memory than is allowed. Nothing was written.
            NothingToIndex: its source holds no code, and there is no index to clear.
            QuotaExceeded: the index would have more vectors or bytes than the tenant may have.
            Unavailable, Misconfigured: a service is away or set up wrongly.
        """
        watch, tracker = Stopwatch(), Tracker(report)
        repository = _tried(await self._repositories.get(tenant, repository_id), trial)
        credential = await self._credential(tenant, repository.branch_of or repository_id)
        most = await self._quotas(tenant)
        async with self._indexes.session(tenant, repository_id) as session, AsyncExitStack() as stack:
            tracker(Stage.READ, 0, 1)
            with watch("read"):
                before = await session.snapshot()
                tree = await stack.enter_async_context(self._open(tenant, repository, credential, before))
            embed_later = trial is None and job is not None and self._embeds_later(before)
            run = IndexRun(
                plan=self._plan(before, narrowed(tree.revision, repository.file_patterns), repository),
                repository=repository,
                session=session,
                tree=tree,
                parser=self._parser,
                embedder=self._embedder,
                watch=watch,
                tracker=tracker,
                share=self._share(tenant, job),
                most=most,
                embed_later=embed_later,
            )
            done = await run(dry_run=trial is not None)
        if done.lacking and self._vectors_later is not None:
            with suppress(Unavailable):  # then whoever looks for work that nobody does finds it
                await self._vectors_later.ask(tenant, repository_id)
        return done

    def _embeds_later(self, before: IndexSnapshot) -> bool:
        """Not after a change of models: the old vectors serve until all of the new ones are there."""
        later = self._vectors_later
        return later is not None and later.suits and before.model in ("", self._embedder.model)

    def _share(self, tenant: TenantId, job: JobId | None) -> Share | None:
        return None if self._sharing is None or job is None else partial(self._sharing, tenant, job)

    def _open(
        self, tenant: TenantId, repository: Repository, credential: Credential | None, before: IndexSnapshot
    ) -> AbstractAsyncContextManager[SourceTree]:
        if repository.takes_pushes:
            return self._pushed.open(tenant, repository)
        reader = reader_of(self._readers, repository.location)
        known = known_revision(before, repository, self._rules(repository)) if before.model == self._embedder.model else None
        return reader.open(repository.location, repository.branch, credential=credential, known=known)

    def _rules(self, repository: Repository) -> IndexRules:
        selection = "" if repository.takes_pushes else reader_of(self._readers, repository.location).selection
        return rules_of(repository, parser_version=self._parser.version, selection=selection)

    async def _credential(self, tenant: TenantId, repository: RepositoryId) -> Credential | None:
        """Read before the session begins, which holds a connection: a run that waited for a second one might wait for ever."""
        kept, key, hosts = [await self._secrets.get(tenant, repository, purpose) for purpose in FOR_ITS_SERVER]
        if kept is None and key is None:
            return None
        return replace(read_credential(kept) if kept else Credential(), private_key=key or "", known_hosts=hosts or "")

    def _plan(self, before: IndexSnapshot, revision: Revision, repository: Repository) -> IndexPlan:
        plan = plan_index(
            before=before, revision=revision, repository=repository, rules=self._rules(repository), model=self._embedder.model
        )
        if not plan.same_files:
            check_memory(plan.code, repository, limit_bytes=self._memory_bytes)
        return plan


def _tried(repository: Repository, trial: Trial | None) -> Repository:
    """The repository as the dry run is to see it."""
    if trial is None:
        return repository
    branch = repository.branch if trial.branch is None else trial.branch
    patterns = repository.file_patterns if trial.file_patterns is None else trial.file_patterns
    return replace(repository, branch=branch, file_patterns=patterns)
