"""The use cases, wired to ports that are open already.

Kept synchronous: whatever must be opened and closed is opened by `container.py` and handed in as `Ports`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dependency_injector import containers, providers

from aelus.application.answer_search import AnswerSearch
from aelus.application.assess_impact import AssessImpact
from aelus.application.audit_trail import AuditTrail
from aelus.application.authenticate import Authenticate
from aelus.application.cached_search import CachedSearch
from aelus.application.cancel_job import CancelJob
from aelus.application.change_groups import ChangeGroups
from aelus.application.change_operators import ChangeOperators
from aelus.application.change_quotas import ChangeQuotas
from aelus.application.change_secret import ChangeSecret
from aelus.application.change_tenants import ChangeTenants, PurgeTenants
from aelus.application.change_users import ChangeUsers
from aelus.application.check_readiness import Check, CheckReadiness
from aelus.application.close_names import CloseNames
from aelus.application.drop_leavings import DropLeavings
from aelus.application.embed_backlog import EmbedBacklog
from aelus.application.export_repository import ExportRepository
from aelus.application.find_calls import REFERENCE_KINDS, FindCalls
from aelus.application.find_repository import FindRepositories
from aelus.application.get_repository import GetRepository
from aelus.application.index_location import IndexLocation
from aelus.application.index_repository import IndexRepository
from aelus.application.issue_key import IssueKey
from aelus.application.issue_token import IssueToken, RevokeToken
from aelus.application.known_filters import KnownFilters
from aelus.application.known_quotas import KnownQuotas
from aelus.application.limit_requests import LimitRequests
from aelus.application.list_left_out import ListLeftOut
from aelus.application.list_repositories import ListRepositories
from aelus.application.meter_requests import MeterRequests, ReadUsage
from aelus.application.pack_context import PackContext
from aelus.application.parse_folder import ParseFolder
from aelus.application.parse_shards import ParseShards
from aelus.application.pushed_source import PushedSource
from aelus.application.query_vectors import QueryVectors
from aelus.application.read_freshness import ReadFreshness
from aelus.application.read_jobs import ReadJobs
from aelus.application.read_members import ReadMembers
from aelus.application.read_node import FindNodes, ReadNode, ReadSource
from aelus.application.read_quotas import ReadQuotas
from aelus.application.read_tenants import ReadTenants
from aelus.application.receive_files import ReceiveFiles
from aelus.application.receive_push import ReceivePush
from aelus.application.recover_jobs import RecoverJobs
from aelus.application.refresh_models import RefreshModels
from aelus.application.register_repository import RegisterRepository
from aelus.application.remove_repository import RemoveRepository
from aelus.application.request_ingestion import RequestIngestion
from aelus.application.rerank_texts import RerankTexts
from aelus.application.retry_jobs import RetryJobs
from aelus.application.revoke_key import RevokeKey
from aelus.application.run_job import RunJob
from aelus.application.search_code import SearchCode
from aelus.application.share_parsing import ShareParsing
from aelus.application.traverse_graph import TraverseGraph
from aelus.application.update_repository import UpdateRepository
from aelus.application.watch_folder import WatchFolder
from aelus.domain.sift import Ignore
from aelus.domain.source import SourceLimits
from aelus.entrypoints.metrics import Gauges
from aelus.entrypoints.observation import observed
from aelus.entrypoints.release import release
from aelus.ports.affinity import Affinity
from aelus.ports.audit_log import AuditLog
from aelus.ports.cache import Cache
from aelus.ports.clock import Clock
from aelus.ports.delivery_store import DeliveryStore
from aelus.ports.embedder import Embedder
from aelus.ports.embedders import Embedders
from aelus.ports.grant_store import GrantStore
from aelus.ports.graph_store import Direction, GraphStore
from aelus.ports.identity_providers import IdentityProviders
from aelus.ports.index_store import IndexStore
from aelus.ports.job_store import JobStore
from aelus.ports.key_store import KeyStore
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.operator_store import OperatorStore
from aelus.ports.parser import Parser
from aelus.ports.pushed_files import PushedFiles
from aelus.ports.queue import Queue
from aelus.ports.quota_store import QuotaStore
from aelus.ports.rate_limiter import RateLimiter
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.request_tally import RequestTally
from aelus.ports.revocation_store import RevocationStore
from aelus.ports.secret_store import SecretStore
from aelus.ports.shard_store import ShardStore
from aelus.ports.snapshots import Snapshots
from aelus.ports.source_reader import SourceReader
from aelus.ports.tenant_store import TenantStore
from aelus.ports.token_issuer import TokenIssuer
from aelus.ports.usage_store import UsageStore
from aelus.ports.user_store import UserStore
from aelus.ports.vector_backlog import VectorBacklog
from aelus.ports.vector_store import VectorStore
from aelus.ports.watcher import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything that the use cases need from outside, opened."""

    tenants: TenantStore
    users: UserStore
    keys: KeyStore
    grants: GrantStore
    operators: OperatorStore
    digests: KeyedDigest
    tokens: TokenIssuer
    revocations: RevocationStore
    providers: IdentityProviders
    repositories: RepositoryStore
    indexes: IndexStore
    graph: GraphStore
    vectors: VectorStore
    snapshots: Snapshots
    backlog: VectorBacklog
    jobs: JobStore
    secrets: SecretStore
    deliveries: DeliveryStore
    pushed_files: PushedFiles
    queue: Queue
    parser: Parser
    embedder: Embedder
    embedders: Embedders
    affinity: Affinity
    cache: Cache
    readers: Sequence[SourceReader]
    ignore_of: Callable[[Mapping[str, str]], Ignore]
    source_limits: SourceLimits
    watcher: Watcher
    clock: Clock
    checks: Mapping[str, Check]
    audit: AuditLog
    audit_retention_days: float
    quotas: QuotaStore
    usage: UsageStore
    tally: RequestTally
    limiter: RateLimiter
    own_limiter: RateLimiter
    """Of this process alone."""
    key_share: float
    stranger_requests: int
    tenant_retention_days: float
    shards: ShardStore
    lease_s: float
    """Seconds without a sign of life after which a worker's work is another one's to take."""
    share_bytes: int
    """Source to parse from which on other workers are asked for help."""
    memory_bytes: int
    """What one run of indexing may take."""
    queue_remembers: bool
    """Whether the queue keeps its messages when the process ends."""
    gauges: Gauges = field(default_factory=Gauges)


def _sharing(ports: Ports) -> ShareParsing | None:
    """Help comes by a queue that other processes hear of."""
    if not ports.queue_remembers:
        return None
    return ShareParsing(shards=ports.shards, queue=ports.queue, parser=ports.parser, lease_s=ports.lease_s, least_bytes=ports.share_bytes)


def _edition(embedder: Embedder) -> str:
    return f"{release()} {embedder.model}"


class UseCases(containers.DeclarativeContainer):
    """One provider for each use case, under its own name."""

    ports = providers.Dependency(instance_of=Ports)
    provided = ports.provided

    audit_trail = providers.Singleton(AuditTrail, log=provided.audit, clock=provided.clock, retention_days=provided.audit_retention_days)
    known_quotas = providers.Singleton(KnownQuotas, quotas=provided.quotas)
    read_quotas = providers.Singleton(ReadQuotas, known=known_quotas, quotas=provided.quotas)
    change_quotas = providers.Singleton(observed(ChangeQuotas), quotas=provided.quotas, tenants=provided.tenants, known=known_quotas)
    meter_requests = providers.Singleton(MeterRequests, usage=provided.usage, tally=provided.tally, clock=provided.clock)
    read_usage = providers.Singleton(ReadUsage, usage=provided.usage, meter=meter_requests)
    limit_requests = providers.Singleton(
        LimitRequests,
        limiter=provided.limiter,
        own=provided.own_limiter,
        quotas=known_quotas,
        meter=meter_requests,
        key_share=provided.key_share,
        strangers=provided.stranger_requests,
    )

    register_repository = providers.Singleton(
        observed(RegisterRepository),
        repositories=provided.repositories,
        readers=provided.readers,
        clock=provided.clock,
        quotas=known_quotas,
    )
    update_repository = providers.Singleton(
        observed(UpdateRepository), repositories=provided.repositories, secrets=provided.secrets, readers=provided.readers
    )
    list_repositories = providers.Singleton(observed(ListRepositories), repositories=provided.repositories)
    list_left_out = providers.Singleton(observed(ListLeftOut), repositories=provided.repositories)
    get_repository = providers.Singleton(observed(GetRepository), repositories=provided.repositories)
    find_repositories = providers.Singleton(observed(FindRepositories), repositories=provided.repositories)
    remove_repository = providers.Singleton(observed(RemoveRepository), repositories=provided.repositories)

    authenticate = providers.Singleton(
        Authenticate,
        keys=provided.keys,
        operators=provided.operators,
        users=provided.users,
        grants=provided.grants,
        tenants=provided.tenants,
        tokens=provided.tokens,
        revocations=provided.revocations,
        providers=provided.providers,
        digests=provided.digests,
        clock=provided.clock,
    )
    issue_token = providers.Singleton(observed(IssueToken), keys=provided.keys, tokens=provided.tokens, clock=provided.clock)
    revoke_token = providers.Singleton(
        observed(RevokeToken),
        tokens=provided.tokens,
        providers=provided.providers,
        revocations=provided.revocations,
        clock=provided.clock,
    )
    issue_key = providers.Singleton(
        observed(IssueKey), keys=provided.keys, users=provided.users, digests=provided.digests, clock=provided.clock
    )
    revoke_key = providers.Singleton(observed(RevokeKey), keys=provided.keys, clock=provided.clock)
    change_users = providers.Singleton(observed(ChangeUsers), users=provided.users, clock=provided.clock)
    change_groups = providers.Singleton(observed(ChangeGroups), grants=provided.grants)
    read_members = providers.Singleton(ReadMembers, users=provided.users, keys=provided.keys, grants=provided.grants)
    change_operators = providers.Singleton(
        observed(ChangeOperators), operators=provided.operators, digests=provided.digests, clock=provided.clock
    )
    change_tenants = providers.Singleton(observed(ChangeTenants), tenants=provided.tenants, issue=issue_key, clock=provided.clock)
    read_tenants = providers.Singleton(ReadTenants, tenants=provided.tenants)
    purge_tenants = providers.Singleton(
        PurgeTenants,
        tenants=provided.tenants,
        cache=provided.cache,
        queue=provided.queue,
        clock=provided.clock,
        retention_days=provided.tenant_retention_days,
    )

    change_secret = providers.Singleton(observed(ChangeSecret), secrets=provided.secrets, repositories=provided.repositories)

    pushed_source = providers.Singleton(
        PushedSource, files=provided.pushed_files, parser=provided.parser, ignore_of=provided.ignore_of, limits=provided.source_limits
    )
    embed_backlog = providers.Singleton(
        observed(EmbedBacklog), tenants=provided.tenants, backlog=provided.backlog, embedder=provided.embedder, queue=provided.queue
    )
    index_repository = providers.Singleton(
        observed(IndexRepository),
        readers=provided.readers,
        pushed=pushed_source,
        parser=provided.parser,
        embedder=provided.embedder,
        indexes=provided.indexes,
        repositories=provided.repositories,
        secrets=provided.secrets,
        sharing=providers.Callable(_sharing, ports),
        vectors_later=embed_backlog,
        memory_bytes=provided.memory_bytes,
        quotas=known_quotas,
    )
    index_location = providers.Singleton(
        IndexLocation, register=register_repository, index=index_repository, repositories=provided.repositories
    )
    watch_folder = providers.Singleton(WatchFolder, index=index_location, watcher=provided.watcher)
    parse_folder = providers.Singleton(observed(ParseFolder), readers=provided.readers, parser=provided.parser)
    export_repository = providers.Singleton(observed(ExportRepository), graph=provided.graph, repositories=provided.repositories)

    query_vectors = providers.Singleton(QueryVectors, embedders=provided.embedders, cache=provided.cache)
    known_filters = providers.Singleton(KnownFilters, parser=provided.parser)
    uncached_search = providers.Singleton(
        SearchCode,
        vectors=provided.vectors,
        graph=provided.graph,
        vectors_of=query_vectors,
        repositories=provided.repositories,
        snapshots=provided.snapshots,
        affinity=provided.affinity,
        filters=known_filters,
    )
    search_code = providers.Singleton(
        observed(CachedSearch),
        search=uncached_search,
        cache=provided.cache,
        repositories=provided.repositories,
        edition=providers.Callable(_edition, provided.embedder),
    )
    answer_search = providers.Singleton(
        AnswerSearch, search=search_code, repositories=provided.repositories, vectors=provided.vectors, filters=known_filters
    )
    read_freshness = providers.Singleton(ReadFreshness, repositories=provided.repositories)
    pack_context = providers.Singleton(
        observed(PackContext), search=answer_search, freshness=read_freshness, graph=provided.graph, vectors=provided.vectors
    )
    close_names = providers.Singleton(CloseNames, graph=provided.graph, vectors=provided.vectors)
    find_callers = providers.Singleton(
        observed(FindCalls),
        graph=provided.graph,
        close_names=close_names,
        freshness=read_freshness,
        direction=providers.Object(Direction.IN),
    )
    find_callees = providers.Singleton(
        observed(FindCalls),
        graph=provided.graph,
        close_names=close_names,
        freshness=read_freshness,
        direction=providers.Object(Direction.OUT),
    )
    find_references = providers.Singleton(
        observed(FindCalls),
        graph=provided.graph,
        close_names=close_names,
        freshness=read_freshness,
        direction=providers.Object(Direction.IN),
        kinds=providers.Object(REFERENCE_KINDS),
    )
    assess_impact = providers.Singleton(observed(AssessImpact), graph=provided.graph, callers=find_callers, freshness=read_freshness)
    traverse_graph = providers.Singleton(observed(TraverseGraph), graph=provided.graph, freshness=read_freshness)
    read_node = providers.Singleton(observed(ReadNode), graph=provided.graph)
    find_nodes = providers.Singleton(observed(FindNodes), graph=provided.graph, filters=known_filters)
    rerank_texts = providers.Singleton(observed(RerankTexts), embedder=provided.embedder, affinity=provided.affinity)
    read_source = providers.Singleton(observed(ReadSource), read=read_node, vectors=provided.vectors)

    request_ingestion = providers.Singleton(
        observed(RequestIngestion),
        jobs=provided.jobs,
        repositories=provided.repositories,
        queue=provided.queue,
        clock=provided.clock,
        quotas=known_quotas,
    )
    receive_push = providers.Singleton(
        observed(ReceivePush),
        repositories=provided.repositories,
        secrets=provided.secrets,
        deliveries=provided.deliveries,
        request=request_ingestion,
        clock=provided.clock,
    )
    receive_files = providers.Singleton(
        observed(ReceiveFiles),
        files=provided.pushed_files,
        repositories=provided.repositories,
        jobs=provided.jobs,
        request=request_ingestion,
        clock=provided.clock,
        limits=provided.source_limits,
        quotas=known_quotas,
    )
    read_jobs = providers.Singleton(ReadJobs, jobs=provided.jobs)
    cancel_job = providers.Singleton(observed(CancelJob), jobs=provided.jobs, clock=provided.clock)
    retry_jobs = providers.Singleton(observed(RetryJobs), jobs=provided.jobs, request=request_ingestion)
    run_job = providers.Singleton(
        observed(RunJob), tenants=provided.tenants, jobs=provided.jobs, index=index_repository, clock=provided.clock
    )
    parse_shards = providers.Singleton(observed(ParseShards), shards=provided.shards, parser=provided.parser, lease_s=provided.lease_s)
    drop_leavings = providers.Singleton(observed(DropLeavings), shards=provided.shards, tenants=provided.tenants)
    recover_jobs = providers.Singleton(
        RecoverJobs, tenants=provided.tenants, jobs=provided.jobs, queue=provided.queue, clock=provided.clock
    )
    refresh_models = providers.Singleton(
        observed(RefreshModels),
        tenants=provided.tenants,
        repositories=provided.repositories,
        request=request_ingestion,
        embedders=provided.embedders,
    )
    check_readiness = providers.Singleton(CheckReadiness, checks=provided.checks)
    queue = provided.queue
