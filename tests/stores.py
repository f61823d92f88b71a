"""All stores of one service, in memory or in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from aelus.adapters import memory
from aelus.adapters.cryptography import AesGcmCipher
from aelus.adapters.postgres.audit_log import PostgresAuditLog
from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.grant_store import PostgresGrantStore
from aelus.adapters.postgres.graph_store import PostgresGraphStore
from aelus.adapters.postgres.index_store import PostgresIndexStore
from aelus.adapters.postgres.job_store import PostgresJobStore
from aelus.adapters.postgres.key_store import PostgresKeyStore, PostgresOperatorStore
from aelus.adapters.postgres.pushed_files import PostgresPushedFiles
from aelus.adapters.postgres.quota_store import PostgresQuotaStore, PostgresUsageStore
from aelus.adapters.postgres.repository_store import PostgresRepositoryStore
from aelus.adapters.postgres.secret_store import PostgresDeliveryStore, PostgresSecretStore
from aelus.adapters.postgres.shard_store import PostgresShardStore
from aelus.adapters.postgres.tenant_store import PostgresTenantStore
from aelus.adapters.postgres.token_stores import PostgresRevocationStore, PostgresSigningKeyStore
from aelus.adapters.postgres.user_store import PostgresUserStore
from aelus.adapters.postgres.vector_backlog import PostgresVectorBacklog
from aelus.adapters.postgres.vector_store import PostgresVectorStore
from aelus.domain.identity import Role
from aelus.domain.members import User
from aelus.domain.repository import Repository
from aelus.domain.tenancy import Tenant
from aelus.ports.audit_log import AuditLog
from aelus.ports.delivery_store import DeliveryStore
from aelus.ports.grant_store import GrantStore
from aelus.ports.graph_store import GraphStore
from aelus.ports.index_store import IndexChange, IndexStore, Written
from aelus.ports.job_store import JobStore
from aelus.ports.key_store import KeyStore
from aelus.ports.operator_store import OperatorStore
from aelus.ports.pushed_files import PushedFiles
from aelus.ports.quota_store import QuotaStore
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.revocation_store import RevocationStore
from aelus.ports.secret_store import SecretStore
from aelus.ports.shard_store import ShardStore
from aelus.ports.signing_key_store import SigningKeyStore
from aelus.ports.snapshots import Snapshots
from aelus.ports.tenant_store import TenantStore
from aelus.ports.usage_store import UsageStore
from aelus.ports.user_store import UserStore
from aelus.ports.vector_backlog import VectorBacklog
from aelus.ports.vector_store import VectorStore
from index_builder import NOW, repository


@dataclass(frozen=True, kw_only=True)
class Stores:
    tenants: TenantStore
    users: UserStore
    audit: AuditLog
    quotas: QuotaStore
    usage: UsageStore
    keys: KeyStore
    grants: GrantStore
    operators: OperatorStore
    signing_keys: SigningKeyStore
    revocations: RevocationStore
    repositories: RepositoryStore
    indexes: IndexStore
    graph: GraphStore
    vectors: VectorStore
    snapshots: Snapshots
    backlog: VectorBacklog
    jobs: JobStore
    shards: ShardStore
    secrets: SecretStore
    deliveries: DeliveryStore
    pushed_files: PushedFiles

    async def tenant(self) -> UUID:
        """A new tenant."""
        one = Tenant(id=uuid4(), name="one", created_at=NOW)
        await self.tenants.ensure(one)
        return one.id

    async def user(self, tenant: UUID, name: str = "ada", role: Role = Role.MEMBER, **given: Any) -> User:
        """A new member."""
        one = User(id=uuid4(), name=name, role=role, created_at=NOW, **given)
        await self.users.add(tenant, one)
        return one

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
        users=memory.MemoryUserStore(state),
        audit=memory.MemoryAuditLog(state),
        quotas=memory.MemoryQuotaStore(state),
        usage=memory.MemoryUsageStore(state),
        keys=memory.MemoryKeyStore(state),
        grants=memory.MemoryGrantStore(state),
        operators=memory.MemoryOperatorStore(state),
        signing_keys=memory.MemorySigningKeyStore(state),
        revocations=memory.MemoryRevocationStore(state),
        repositories=memory.MemoryRepositoryStore(state),
        indexes=memory.MemoryIndexStore(state, memory.SystemClock()),
        graph=memory.MemoryGraphStore(state),
        vectors=memory.MemoryVectorStore(state),
        snapshots=memory.MemorySnapshots(),
        backlog=memory.MemoryVectorBacklog(state),
        jobs=memory.MemoryJobStore(state),
        shards=memory.MemoryShardStore(state),
        secrets=memory.MemorySecretStore(state),
        deliveries=memory.MemoryDeliveryStore(state),
        pushed_files=memory.MemoryPushedFiles(state),
    )


def in_postgres(database: Database) -> Stores:
    return Stores(
        tenants=PostgresTenantStore(database),
        users=PostgresUserStore(database),
        audit=PostgresAuditLog(database),
        quotas=PostgresQuotaStore(database),
        usage=PostgresUsageStore(database),
        keys=PostgresKeyStore(database),
        grants=PostgresGrantStore(database),
        operators=PostgresOperatorStore(database),
        signing_keys=PostgresSigningKeyStore(database),
        revocations=PostgresRevocationStore(database),
        repositories=PostgresRepositoryStore(database),
        indexes=PostgresIndexStore(database),
        graph=PostgresGraphStore(database),
        vectors=PostgresVectorStore(database),
        snapshots=database.snapshot,
        backlog=PostgresVectorBacklog(database),
        jobs=PostgresJobStore(database),
        shards=PostgresShardStore(database),
        secrets=PostgresSecretStore(database, AesGcmCipher(lambda: "a key for tests " * 2)),
        deliveries=PostgresDeliveryStore(database),
        pushed_files=PostgresPushedFiles(database),
    )
