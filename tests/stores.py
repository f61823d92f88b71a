"""All stores of one service, in memory or in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from aelus.adapters import memory
from aelus.adapters.cryptography import AesGcmCipher
from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.graph_store import PostgresGraphStore
from aelus.adapters.postgres.index_store import PostgresIndexStore
from aelus.adapters.postgres.job_store import PostgresJobStore
from aelus.adapters.postgres.repository_store import PostgresRepositoryStore
from aelus.adapters.postgres.secret_store import PostgresDeliveryStore, PostgresSecretStore
from aelus.adapters.postgres.tenant_store import PostgresTenantStore
from aelus.adapters.postgres.vector_store import PostgresVectorStore
from aelus.domain.repository import Repository
from aelus.domain.tenancy import Tenant
from aelus.ports.delivery_store import DeliveryStore
from aelus.ports.graph_store import GraphStore
from aelus.ports.index_store import IndexChange, IndexStore, Written
from aelus.ports.job_store import JobStore
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.secret_store import SecretStore
from aelus.ports.tenant_store import TenantStore
from aelus.ports.vector_store import VectorStore
from index_builder import NOW, repository


@dataclass(frozen=True, kw_only=True)
class Stores:
    tenants: TenantStore
    repositories: RepositoryStore
    indexes: IndexStore
    graph: GraphStore
    vectors: VectorStore
    jobs: JobStore
    secrets: SecretStore
    deliveries: DeliveryStore

    async def tenant(self) -> UUID:
        """A new tenant."""
        one = Tenant(id=uuid4(), name="one", created_at=NOW)
        await self.tenants.ensure(one)
        return one.id

    async def repository(self, tenant: UUID, name: str = "shop") -> Repository:
        """A new repository."""
        one = repository(name)
        await self.repositories.add(tenant, one)
        return one

    async def write(self, tenant: UUID, repository: Repository, change: IndexChange) -> Written:
        async with self.indexes.session(tenant, repository.id) as session:
            return await session.write(change)


def in_memory() -> Stores:
    state = memory.MemoryDatabase()
    return Stores(
        tenants=memory.MemoryTenantStore(state),
        repositories=memory.MemoryRepositoryStore(state),
        indexes=memory.MemoryIndexStore(state, memory.SystemClock()),
        graph=memory.MemoryGraphStore(state),
        vectors=memory.MemoryVectorStore(state),
        jobs=memory.MemoryJobStore(state),
        secrets=memory.MemorySecretStore(state),
        deliveries=memory.MemoryDeliveryStore(state),
    )


def in_postgres(database: Database) -> Stores:
    return Stores(
        tenants=PostgresTenantStore(database),
        repositories=PostgresRepositoryStore(database),
        indexes=PostgresIndexStore(database),
        graph=PostgresGraphStore(database),
        vectors=PostgresVectorStore(database),
        jobs=PostgresJobStore(database),
        secrets=PostgresSecretStore(database, AesGcmCipher(lambda: "a key for tests " * 2)),
        deliveries=PostgresDeliveryStore(database),
    )
