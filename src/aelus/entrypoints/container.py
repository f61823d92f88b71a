"""The composition root: the one place that knows adapters, opens what must be opened, and hands it to the use cases.

Adapters, and the container of all use cases, are imported where they are needed, so that a command loads only what it uses.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, cast

from aelus.application.check_readiness import Check
from aelus.application.parse_folder import ParseFolder
from aelus.domain.sift import Ignore
from aelus.domain.source import SourceLimits
from aelus.domain.tenancy import LOCAL_TENANT, Tenant
from aelus.entrypoints.embedders import KnownEmbedders
from aelus.entrypoints.late_tokens import LateProviders, LateTokenIssuer
from aelus.entrypoints.metrics import Gauges, MeteredCache
from aelus.entrypoints.settings import Settings
from aelus.ports.affinity import Affinity
from aelus.ports.cache import Cache
from aelus.ports.cipher import Cipher
from aelus.ports.clock import Clock
from aelus.ports.embedder import Embedder
from aelus.ports.identity_providers import IdentityProviders
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.pacer import Pacer
from aelus.ports.parser import Parser
from aelus.ports.queue import Queue
from aelus.ports.rate_limiter import RateLimiter
from aelus.ports.signing_key_store import SigningKeyStore
from aelus.ports.source_reader import SourceReader
from aelus.ports.token_issuer import TokenIssuer
from aelus.ports.watcher import Watcher

Secret = Callable[[], str]
SPARE_CONNECTIONS = 4
"""Beside those that each job at work holds as long as it indexes: for its record, and for whoever asks."""

if TYPE_CHECKING:
    from aelus.adapters.memory import MemoryDatabase
    from aelus.adapters.postgres.database import Database
    from aelus.adapters.postgres.diagnosis import DatabaseState
    from aelus.entrypoints.use_cases import Ports, UseCases


VOYAGE_MODEL = re.compile(r"(?P<model>voyage-[\w.-]+)/(?P<dimensions>256|512|1024|2048)/(?P<type>float|u?int8|u?binary)")


@asynccontextmanager
async def open_memory(settings: Settings, database: MemoryDatabase | None = None) -> AsyncIterator[UseCases]:
    """The use cases over an index in memory, which ends with the context: an empty one, unless one is given."""
    from aelus.adapters import memory

    secret = partial(str, secrets.token_hex())
    database, clock, queue = database or memory.MemoryDatabase(), memory.SystemClock(), memory.MemoryQueue()
    async with AsyncExitStack() as stack:
        open_ports = await _open_ports(settings, stack, clock)
        ports = open_ports(
            tenants=memory.MemoryTenantStore(database),
            users=memory.MemoryUserStore(database),
            keys=memory.MemoryKeyStore(database),
            grants=memory.MemoryGrantStore(database),
            operators=memory.MemoryOperatorStore(database),
            digests=_digests(secret),
            tokens=_tokens(memory.MemorySigningKeyStore(database), _cipher(secret), clock),
            revocations=memory.MemoryRevocationStore(database),
            repositories=memory.MemoryRepositoryStore(database),
            shards=memory.MemoryShardStore(database),
            indexes=memory.MemoryIndexStore(database, clock),
            graph=memory.MemoryGraphStore(database),
            vectors=memory.MemoryVectorStore(database),
            snapshots=memory.MemorySnapshots(),
            backlog=memory.MemoryVectorBacklog(database),
            jobs=memory.MemoryJobStore(database),
            secrets=memory.MemorySecretStore(database),
            deliveries=memory.MemoryDeliveryStore(database),
            pushed_files=memory.MemoryPushedFiles(database),
            queue=queue,
            checks={"queue": queue.healthy},
            queue_remembers=False,
            audit=memory.MemoryAuditLog(database),
            quotas=memory.MemoryQuotaStore(database),
            usage=memory.MemoryUsageStore(database),
            tally=memory.MemoryRequestTally(),
        )
        yield await _use_cases(ports)


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[UseCases]:
    """The use cases over PostgreSQL: the one of the settings, or the embedded one in the home folder.

    Raises Misconfigured or Unavailable when the database, the queue or the embedder cannot be opened.
    """
    from aelus.adapters.mapped_file import MappedRequestTally
    from aelus.adapters.memory import SystemClock
    from aelus.adapters.postgres.audit_log import PostgresAuditLog
    from aelus.adapters.postgres.facts_cache import FactsCache
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

    async with AsyncExitStack() as stack:
        database, secret, clock = await _database(settings, stack), _secret(settings), SystemClock()
        queue = await _queue(settings, stack)
        open_ports = await _open_ports(settings, stack, clock, connections=database.connections)
        ports = open_ports(
            tenants=PostgresTenantStore(database),
            users=PostgresUserStore(database),
            keys=PostgresKeyStore(database),
            grants=PostgresGrantStore(database),
            operators=PostgresOperatorStore(database),
            digests=_digests(secret),
            tokens=_tokens(PostgresSigningKeyStore(database), _cipher(secret), clock),
            revocations=PostgresRevocationStore(database),
            repositories=PostgresRepositoryStore(database),
            shards=PostgresShardStore(database),
            indexes=PostgresIndexStore(database, FactsCache(settings.facts_cache_bytes)),
            graph=PostgresGraphStore(database),
            vectors=PostgresVectorStore(database),
            snapshots=database.snapshot,
            backlog=PostgresVectorBacklog(database),
            jobs=PostgresJobStore(database),
            secrets=PostgresSecretStore(database, _cipher(secret)),
            deliveries=PostgresDeliveryStore(database),
            pushed_files=PostgresPushedFiles(database),
            queue=queue,
            checks={"database": _answers(database), **_queue_checks(queue, shared=settings.redis_url is not None)},
            queue_remembers=settings.redis_url is not None,
            audit=PostgresAuditLog(database),
            quotas=PostgresQuotaStore(database),
            usage=PostgresUsageStore(database),
            tally=MappedRequestTally(settings.home / "usage"),
        )
        yield await _use_cases(ports)


async def _open_ports(
    settings: Settings, stack: AsyncExitStack, clock: Clock, *, connections: Callable[[], tuple[int, int, int]] | None = None
) -> partial[Ports]:
    """All ports that are the same wherever the rows are kept; what keeps rows, and the queue, are still to be given."""
    from aelus.entrypoints.use_cases import Ports

    parser = await _parser(settings, stack)
    embedders = await _embedders(settings, stack)
    cache, gauges = await _cache(settings, stack)
    return partial(
        Ports,
        parser=parser,
        embedder=embedders.current,
        embedders=embedders,
        affinity=_affinity(),
        cache=cache,
        readers=_readers(settings, parser),
        ignore_of=_ignore,
        source_limits=_source_limits(settings),
        watcher=_watcher(settings),
        providers=_providers(settings),
        clock=clock,
        gauges=replace(gauges, connections=connections) if connections else gauges,
        lease_s=settings.lease_s,
        share_bytes=settings.share_bytes,
        memory_bytes=settings.max_memory_bytes,
        tenant_retention_days=settings.tenant_retention_days,
        audit_retention_days=settings.audit_retention_days,
        **await _limits(settings, stack),
    )


async def migrate(settings: Settings) -> tuple[str, ...]:
    """Bring the database up to date. Returns the names of the migrations that were applied; raises as `open_service`."""
    from aelus.adapters.postgres.database import migrated

    async with AsyncExitStack() as stack:
        _, owner_address = await _addresses(settings, stack)
        return tuple([migration.name for migration in await migrated(owner_address)])


async def describe_database(settings: Settings) -> DatabaseState:
    """Versions of the database, which is not changed. Raises as `open_service`."""
    from aelus.adapters.postgres.diagnosis import describe

    async with AsyncExitStack() as stack:
        _, owner_address = await _addresses(settings, stack)
        return await describe(owner_address)


@asynccontextmanager
async def open_parsing(settings: Settings) -> AsyncIterator[ParseFolder]:
    """`ParseFolder` alone: no store, no embedder."""
    async with AsyncExitStack() as stack:
        parser = await _parser(settings, stack)
        yield ParseFolder(readers=_readers(settings, parser), parser=parser)


async def _use_cases(ports: Ports) -> UseCases:
    from dependency_injector import providers

    from aelus.entrypoints.use_cases import UseCases

    await ports.tenants.ensure(Tenant(id=LOCAL_TENANT, name="local", created_at=ports.clock.now()))
    return UseCases(ports=providers.Object(ports))


async def _addresses(settings: Settings, stack: AsyncExitStack) -> tuple[str, str]:
    """Address of the database, and its address for the role that owns the tables."""
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        return address, settings.database_owner_url.get_secret_value() if settings.database_owner_url else address
    from aelus.adapters.postgres.embedded.server import EmbeddedPostgres

    server = EmbeddedPostgres(settings.home, least_free_bytes=settings.least_free_bytes)
    stack.push_async_callback(server.stop)
    address = await server.start()
    return address, address


async def _database(settings: Settings, stack: AsyncExitStack) -> Database:
    from aelus.adapters.postgres.database import Database

    address, owner_address = await _addresses(settings, stack)
    return await stack.enter_async_context(
        await Database.open(
            address, owner_address=owner_address, size=max(settings.database_pool_size, settings.workers + SPARE_CONNECTIONS)
        )
    )


def _answers(database: Database) -> Check:
    async def answers() -> bool:
        await database.check()
        return True

    return answers


def _queue_checks(queue: Queue, *, shared: bool) -> Mapping[str, Check]:
    """A queue inside the process needs nobody else, and its worker ends with the process."""
    if not shared:
        return {"queue": queue.healthy}

    async def workers() -> bool:
        return await queue.workers() > 0

    return {"redis": queue.healthy, "workers": workers}


async def _queue(settings: Settings, stack: AsyncExitStack) -> Queue:
    if settings.redis_url is None:
        from aelus.adapters.memory import MemoryQueue

        return MemoryQueue()
    from aelus.adapters.taskiq import TaskiqQueue

    return await stack.enter_async_context(TaskiqQueue(settings.redis_url.get_secret_value(), lease_s=settings.lease_s))


async def _parser(settings: Settings, stack: AsyncExitStack) -> Parser:
    from aelus.adapters.treesitter.parser import TreesitterParser
    from aelus.adapters.treesitter.work import Limits

    limits = Limits(file_bytes=settings.max_file_bytes, file_time_s=settings.max_parse_s)
    return await stack.enter_async_context(TreesitterParser(jobs=settings.parser_processes or None, limits=limits))


def _source_limits(settings: Settings) -> SourceLimits:
    return SourceLimits(max_file_bytes=settings.max_file_bytes, max_files=settings.max_files, max_total_bytes=settings.max_repository_bytes)


def _ignore(texts: Mapping[str, str]) -> Ignore:
    from aelus.adapters.git.own_ignore import OwnIgnore

    return OwnIgnore(texts)


def _readers(settings: Settings, parser: Parser) -> Sequence[SourceReader]:
    from aelus.adapters.folder import FolderReader
    from aelus.adapters.git import GitPolicy, GitReader

    manifests = {name for traits in parser.traits().values() for name in traits.manifests}
    documents = {traits.name for traits in parser.traits().values() if traits.document}
    limits = _source_limits(settings)
    policy = GitPolicy(
        allow_http=settings.git_allow_http,
        allow_ssh=settings.git_allow_ssh,
        allowed_private=settings.git_private_hosts,
        file_roots=settings.path_roots,
        max_fetch_bytes=settings.max_fetch_bytes,
        max_fetch_objects=settings.max_fetch_objects,
        max_fetch_s=settings.max_fetch_s,
    )
    return (
        GitReader(language_of=parser.language_of, manifests=manifests, documents=documents, limits=limits, policy=policy),
        FolderReader(language_of=parser.language_of, manifests=manifests, documents=documents, limits=limits),
    )


def _secret(settings: Settings) -> Secret | None:
    """The key of the settings; local data has one of its own."""
    from aelus.entrypoints.local_key import local_key

    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value
    return None if settings.database_url else partial(local_key, settings.home)


def _cipher(secret: Secret | None) -> Cipher:
    from aelus.adapters.cryptography import AesGcmCipher

    return AesGcmCipher(secret)


def _digests(secret: Secret | None) -> KeyedDigest:
    from aelus.adapters.cryptography import HmacDigest

    return HmacDigest(secret)


def _tokens(keys: SigningKeyStore, cipher: Cipher, clock: Clock) -> TokenIssuer:
    def make() -> TokenIssuer:
        from aelus.adapters.pyjwt import JwtIssuer

        return JwtIssuer(keys=keys, cipher=cipher, clock=clock)

    return LateTokenIssuer(make)


def _providers(settings: Settings) -> IdentityProviders:
    def make() -> IdentityProviders:
        from aelus.adapters.pyjwt import JwtProviders, TrustedIssuer

        return JwtProviders(
            [TrustedIssuer(**{**one.model_dump(exclude={"any_tenant"}), "jwks_url": one.jwks_url or ""}) for one in settings.oidc_issuers]
        )

    return LateProviders([one.issuer for one in settings.oidc_issuers], make)


def _watcher(settings: Settings) -> Watcher:
    from aelus.adapters.folder.folder_watcher import FolderWatcher

    return FolderWatcher(without=(settings.home,))


async def _embedders(settings: Settings, stack: AsyncExitStack) -> KnownEmbedders:
    """The one of the settings, and those that can still answer questions to indexes made before the settings changed."""
    pacer = await _pacer(settings, stack)
    current = _offline() if settings.voyage_api_key is None else _voyage(settings, stack, pacer)

    def earlier(model: str) -> Embedder | None:
        offline = _offline()
        if model == offline.model:
            return offline
        named = VOYAGE_MODEL.fullmatch(model)
        return _voyage(settings, stack, pacer, named) if named and settings.voyage_api_key else None

    return KnownEmbedders(current, earlier)


def _offline() -> Embedder:
    from aelus.adapters.offline import OfflineEmbedder

    return OfflineEmbedder()


def _affinity() -> Affinity:
    from aelus.adapters.offline import OfflineAffinity

    return OfflineAffinity()


def _voyage(settings: Settings, stack: AsyncExitStack, pacer: Pacer, named: re.Match[str] | None = None) -> Embedder:
    """Of the settings, or of the model that an index names."""
    from aelus.adapters.voyage import VoyageEmbedder

    assert settings.voyage_api_key is not None
    embedder = VoyageEmbedder(
        settings.voyage_api_key.get_secret_value(),
        pacer=pacer,
        model=named["model"] if named else settings.voyage_model,
        dimensions=int(named["dimensions"]) if named else settings.voyage_dimensions,
        output_type=cast("Any", named["type"]) if named else settings.voyage_output_type,
        base_url=settings.voyage_base_url,
    )
    stack.push_async_callback(embedder.aclose)
    return embedder


async def _cache(settings: Settings, stack: AsyncExitStack) -> tuple[Cache, Gauges]:
    if settings.redis_url is None:
        from aelus.adapters.memory import MemoryCache

        cache = MemoryCache()
        return MeteredCache(cache), Gauges(cache_bytes=lambda: cache.size_bytes)
    from aelus.adapters.redis import RedisCache

    return MeteredCache(await stack.enter_async_context(RedisCache(settings.redis_url.get_secret_value()))), Gauges()


class _Limits(TypedDict):
    limiter: RateLimiter
    own_limiter: RateLimiter
    key_share: float
    stranger_requests: int


async def _limits(settings: Settings, stack: AsyncExitStack) -> _Limits:
    from aelus.adapters.memory import MemoryRateLimiter

    own: RateLimiter = MemoryRateLimiter()
    limiter = own
    if settings.redis_url is not None:
        from aelus.adapters.redis import RedisRateLimiter

        limiter = await stack.enter_async_context(RedisRateLimiter(settings.redis_url.get_secret_value()))
    return _Limits(limiter=limiter, own_limiter=own, key_share=settings.key_share, stranger_requests=settings.stranger_requests)


async def _pacer(settings: Settings, stack: AsyncExitStack) -> Pacer:
    """Of the process where Redis is not there to be shared."""
    if settings.redis_url is None:
        from aelus.adapters.memory import MemoryPacer

        return MemoryPacer()
    from aelus.adapters.redis import RedisPacer

    return await stack.enter_async_context(RedisPacer(settings.redis_url.get_secret_value()))
