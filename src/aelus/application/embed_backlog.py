"""Make the vectors of what is indexed already, where a service makes them."""

from __future__ import annotations

import asyncio

from aelus.application.index_stages import KEPT_AT_ONCE
from aelus.domain.chunking import embedding_text
from aelus.domain.origin import request_id
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId, living
from aelus.ports.embedder import Embedder
from aelus.ports.errors import NotFound, PortError
from aelus.ports.queue import JobMessage, Queue, Task
from aelus.ports.tenant_store import TenantStore
from aelus.ports.vector_backlog import VectorBacklog


class EmbedBacklog:
    """The handler of messages that ask for vectors.

    It makes one portion and asks for the next: jobs, and the vectors of other tenants, wait for no more than that. What fails is asked for
    again by whoever looks for work that nobody does, however long a service is away; meanwhile the record of the index says why.
    """

    def __init__(self, *, tenants: TenantStore, backlog: VectorBacklog, embedder: Embedder, queue: Queue) -> None:
        self._tenants = tenants
        self._backlog = backlog
        self._embedder = embedder
        self._queue = queue

    @property
    def suits(self) -> bool:
        """Whether indexes are written before their vectors are made: what takes no service takes no time either."""
        return self._embedder.remote

    async def ask(self, tenant: TenantId, repository: RepositoryId) -> None:
        """Raises Unavailable: the queue does not answer."""
        await self._queue.publish(JobMessage(tenant=tenant, job=repository, task=Task.VECTORS, request_id=request_id()))

    async def __call__(self, message: JobMessage) -> None:
        """Make a portion, unless the tenant is deleted; it goes on when that is brought back.

        Raises as `Embedder` and `VectorBacklog` what does not pass by itself; what does is left for `recover`.
        """
        try:
            if (await self._tenants.get(message.tenant)).deleted_at is None and await self._portion(message.tenant, message.job):
                await self.ask(message.tenant, message.job)
        except NotFound:
            return
        except PortError as error:
            if not error.retryable:
                raise

    async def _portion(self, tenant: TenantId, repository: RepositoryId) -> int:
        """Returns how many chunks are left."""
        model = self._embedder.model
        chunks = await self._backlog.lacking(tenant, repository, model=model, limit=KEPT_AT_ONCE)
        if not chunks:
            return 0
        wanted = {chunk.content_hash: chunk for chunk in chunks}
        texts = await asyncio.to_thread(lambda: [embedding_text(chunk) for chunk in wanted.values()])
        try:
            made = await self._embedder.embed_documents(texts)
        except PortError as error:
            await self._backlog.refuse(tenant, repository, str(error))
            raise
        return await self._backlog.fill(tenant, repository, dict(zip(wanted, made, strict=True)), model=model)

    async def recover(self, *, silent_s: float) -> int:
        """Ask for the vectors that nobody has asked for within so many seconds; returns of how many repositories. Raises Unavailable."""
        count = 0
        for tenant in living(await self._tenants.list()) if self.suits else ():
            for repository in await self._backlog.due(tenant.id, silent_s=silent_s):
                await self.ask(tenant.id, repository)
                count += 1
        return count
