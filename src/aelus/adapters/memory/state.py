"""What the memory stores of one service share: everything of every tenant, in plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from aelus.domain.access_tokens import SigningKey
from aelus.domain.audit import AuditEntry
from aelus.domain.chunks import Chunk
from aelus.domain.credentials import ApiKey, OperatorKey
from aelus.domain.facts import FileFacts
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.jobs import Job
from aelus.domain.members import Group, User
from aelus.domain.quotas import Holdings, Metric, Quotas
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.search import Vector
from aelus.domain.secrets import SecretPurpose
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import Tenant, visible_repositories, whole
from aelus.ports.index_store import FileState
from aelus.ports.shard_store import Shard

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIndex:
    """All that is stored for one file."""

    state: FileState
    nodes: tuple[CodeNode, ...] = ()
    edges: tuple[Edge, ...] = ()
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryIndex:
    """The index of a repository. A write puts a new one in its place, so that a reader never sees a mixture."""

    commit: str = ""
    parser_version: str = ""
    model: str = ""
    files: dict[str, FileIndex] = field(default_factory=dict)
    skipped: tuple[SkippedFile, ...] = ()
    counts: IndexCounts = field(default_factory=IndexCounts)
    truncated: bool = False


@dataclass(slots=True)
class TenantData:
    repositories: MutableMapping[UUID, Repository] = field(default_factory=dict)
    indexes: MutableMapping[UUID, RepositoryIndex] = field(default_factory=dict)
    jobs: MutableMapping[UUID, Job] = field(default_factory=dict)
    job_written: dict[UUID, float] = field(default_factory=dict)
    """Job → when it was last written, by the monotonic clock in seconds."""
    facts: dict[tuple[str, str], FileFacts] = field(default_factory=dict)
    """(blob hash, parser version) → facts."""
    vectors: dict[tuple[str, str], Vector] = field(default_factory=dict)
    """(model, content hash) → vector."""
    secrets: MutableMapping[tuple[UUID, SecretPurpose], str] = field(default_factory=dict)
    deliveries: MutableMapping[tuple[UUID, str], datetime] = field(default_factory=dict)
    """(repository, delivery) → when it came."""
    pushed: MutableMapping[UUID, tuple[str, dict[str, bytes]]] = field(default_factory=dict)
    """Repository → what its state is called, and its files."""
    users: dict[UUID, User] = field(default_factory=dict)
    keys: dict[UUID, tuple[ApiKey, bytes]] = field(default_factory=dict)
    """Key → itself and its digest."""
    groups: dict[UUID, Group] = field(default_factory=dict)
    members: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    """Group → users."""
    grants: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    """User or group → repositories."""
    revoked_tokens: dict[str, datetime] = field(default_factory=dict)
    """Token → when it would have expired."""
    shards: dict[tuple[UUID, int], tuple[Shard, float]] = field(default_factory=dict)
    """(job, number) → shard, and until when it is taken, by the monotonic clock in seconds."""
    audit: list[AuditEntry] = field(default_factory=list)
    quotas: Quotas = field(default_factory=Quotas)
    reserved: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    """Repository → vectors and bytes that are set aside for the index that is being made."""
    usage: dict[tuple[date, Metric, UUID], int] = field(default_factory=dict)
    """(day, what, source) → how much."""
    asked_for_vectors: dict[UUID, float] = field(default_factory=dict)
    """Repository with chunks that lack vectors → when these were last asked for, by the monotonic clock in seconds."""
    writing: set[UUID] = field(default_factory=set)
    """Repositories that a session is open for."""

    def seen_with(self, repositories: Collection[UUID]) -> TenantData:
        """The same, for those to whom only these repositories are open: what belongs to another one is not there."""
        return replace(
            self,
            repositories=_Visible(self.repositories, lambda key, _: key in repositories),
            indexes=_Visible(self.indexes, lambda key, _: key in repositories),
            jobs=_Visible(self.jobs, lambda _, job: job.repository_id in repositories),
            secrets=_Visible(self.secrets, lambda key, _: key[0] in repositories),
            deliveries=_Visible(self.deliveries, lambda key, _: key[0] in repositories),
            pushed=_Visible(self.pushed, lambda key, _: key in repositories),
        )

    def is_meant(self, repository: UUID, wanted: Sequence[UUID]) -> bool:
        """Whether a repository is one of the wanted ones; where none is named, all but the further branches of others are."""
        return repository in wanted if wanted else self.repositories[repository].branch_of is None

    def holdings(self) -> Holdings:
        """What the tenant has, with what is set aside."""
        held = [self._held(repository) for repository in self.repositories]
        return Holdings(
            vectors=sum(vectors for vectors, _ in held),
            storage_bytes=sum(size_bytes for _, size_bytes in held),
            repositories=sum(one.branch_of is None for one in self.repositories.values()),
            jobs=sum(not job.state.ended for job in self.jobs.values()),
        )

    def _held(self, repository: UUID) -> tuple[int, int]:
        counts = self.indexes[repository].counts if repository in self.indexes else IndexCounts()
        vectors, size_bytes = self.reserved.get(repository, (0, 0))
        return max(vectors, counts.chunks), max(size_bytes, counts.size_bytes)

    def meter(self, metric: Metric, amount: int) -> None:
        """Count something that was used just now."""
        if amount:
            self.usage[datetime.now(UTC).date(), metric, uuid4()] = amount

    def drop_unused(self) -> None:
        """Facts and vectors that no index refers to any more."""
        indexes = self.indexes.values()
        blobs = {(file.state.blob_hash, index.parser_version) for index in indexes for file in index.files.values()}
        contents = {(index.model, chunk.content_hash) for index in indexes for file in index.files.values() for chunk in file.chunks}
        self.facts = {key: facts for key, facts in self.facts.items() if key in blobs}
        self.vectors = {key: vector for key, vector in self.vectors.items() if key in contents}


class _Visible(MutableMapping[K, V]):
    """A part of another mapping, which it writes to."""

    def __init__(self, everything: MutableMapping[K, V], is_visible: Callable[[K, V], bool]) -> None:
        self._everything = everything
        self._is_visible = is_visible

    def __getitem__(self, key: K) -> V:
        value = self._everything[key]
        if not self._is_visible(key, value):
            raise KeyError(key)
        return value

    def __setitem__(self, key: K, value: V) -> None:
        self._everything[key] = value

    def __delitem__(self, key: K) -> None:
        self[key]
        del self._everything[key]

    def __iter__(self) -> Iterator[K]:
        return (key for key, value in self._everything.items() if self._is_visible(key, value))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class MemoryDatabase:
    """The data of all tenants. The stores take a tenant's part and never look at another one's."""

    def __init__(self) -> None:
        self.tenants: dict[UUID, Tenant] = {}
        self.operators: dict[UUID, tuple[OperatorKey, bytes]] = {}
        self.signing_keys: list[SigningKey] = []
        self.audit: list[AuditEntry] = []
        """Of operators."""
        self._data: dict[UUID, TenantData] = {}

    def of(self, tenant: UUID) -> TenantData:
        """The data of a tenant, as far as it is open to whoever asks."""
        data, visible = self._data.setdefault(whole(tenant), TenantData()), visible_repositories(tenant)
        return data if visible is None else data.seen_with(visible)

    def forget(self, tenant: UUID) -> None:
        """All of a tenant."""
        self.tenants.pop(tenant, None)
        self._data.pop(tenant, None)
