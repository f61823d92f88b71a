"""Connections: a pool that works as the application's role, and transactions that belong to one tenant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from pgvector.asyncpg import register_vector

from aelus.adapters.postgres.errors import translated
from aelus.adapters.postgres.migrations import Migration, migrate
from aelus.domain.origin import request_id
from aelus.domain.tenancy import visible_repositories, whole
from aelus.ports.errors import Misconfigured

Connection = PoolConnectionProxy
APPLICATION_ROLE: Final = "aelus_app"
OPERATOR_ROLE: Final = "aelus_operator"
CONNECT_S: Final = 10.0
ACQUIRE_S: Final = 60.0
"""How long a connection of the pool is waited for."""
MAX_REQUEST: Final = 57
"""Characters of a request's id that a session's name has room for."""
READ: Final = "begin isolation level repeatable read read only"
WRITE: Final = "begin isolation level read committed read write"
NOT_LASTING: Final = "set local synchronous_commit = off"
PLANNED_ONCE: Final = "; ".join(
    ["set local plan_cache_mode = auto", *[f"set local enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin")]]
)
"""For reads that look rows up by keys, a handful at a time: planning them anew takes as long as doing them. Such a plan goes by indexes
alone, so that it is as good for full tables as for the empty ones that it may have been made before."""
SETTINGS: Final = {
    "search_path": "aelus, public",
    "application_name": "aelus",
    "timezone": "UTC",
    "jit": "off",
    # A plan made once for all values, and before the tables have statistics, took 70 times as long as one made for the values at hand.
    "plan_cache_mode": "force_custom_plan",
}
OPTIONS: Final[dict[str, Any]] = {"passfile": "/dev/null/none", "timeout": CONNECT_S, "server_settings": SETTINGS}


@dataclass(slots=True, kw_only=True)
class _Shared:
    """A transaction that several reads of one tenant take turns in."""

    database: Database
    connection: Connection
    tenant: UUID
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    read: dict[object, Any] = field(default_factory=dict)
    ended: bool = False

    def serves(self, database: Database, tenant: UUID) -> bool:
        """Not whoever sees more of the tenant, or less."""
        same_tenant = tenant == self.tenant and visible_repositories(tenant) == visible_repositories(self.tenant)
        return self.database is database and same_tenant and not self.ended


_SHARED: Final[ContextVar[_Shared | None]] = ContextVar("shared", default=None)


class Database:
    """A migrated database. `open` makes one."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, address: str, *, owner_address: str = "", size: int = 8) -> Self:
        """Migrate with the owner's address (the same one, if none is given) and open a pool.

        Raises:
            Misconfigured: the address is wrong or refused, the server or the schema does not fit.
            Unavailable: the database does not answer.
        """
        await migrated(owner_address or address)
        with translated("connecting"):
            pool = await asyncpg.create_pool(checked_address(address), min_size=1, max_size=size, init=_prepare, reset=_end, **OPTIONS)
        return cls(pool)

    async def close(self) -> None:
        """Close all connections, waiting for those at work."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def tenant(
        self, tenant: UUID, *, readonly: bool = False, lasting: bool = True, doing: str = "working"
    ) -> AsyncIterator[Connection]:
        """One transaction of a tenant. A read-only one sees a single state of the database throughout.

        One that is not `lasting` does not wait until it is on disk: where the database dies within a second, it may be undone as a whole.

        The tenant ends with the transaction, however that ends: a pooled connection never carries it over. Within `snapshot` what is read
        takes turns in its transaction.
        """
        shared = _SHARED.get()
        if readonly and shared is not None and shared.serves(self, tenant):
            async with shared.turn:
                # Whoever is left over from a read that failed waited here until the transaction had ended.
                if not shared.ended:
                    with translated(doing):
                        yield shared.connection
                    return
        async with self._transaction(tenant, readonly=readonly, settings="" if lasting else NOT_LASTING, doing=doing) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, tenant: UUID, *, readonly: bool, settings: str, doing: str) -> AsyncIterator[Connection]:
        with translated(doing):
            acquired = self._pool.acquire(timeout=ACQUIRE_S)
            async with acquired as connection, transaction_of(connection, tenant, readonly=readonly, settings=settings):
                yield connection

    @asynccontextmanager
    async def snapshot(self, tenant: UUID) -> AsyncIterator[None]:
        """Have all that is read for the tenant within share one transaction: one state of the database, and no further connection.

        Satisfies `ports.snapshots.Snapshots`.
        """
        around = _SHARED.get()
        if around is not None and around.serves(self, tenant):
            yield
            return
        async with self._transaction(tenant, readonly=True, settings=PLANNED_ONCE, doing="reading") as connection:
            shared = _Shared(database=self, connection=connection, tenant=tenant)
            token = _SHARED.set(shared)
            try:
                yield
            finally:
                _SHARED.reset(token)
                # A read that nobody waits for any more, since another one failed, ends before the connection goes back to the pool.
                try:
                    async with shared.turn:
                        pass
                finally:
                    shared.ended = True

    def read_before(self, tenant: UUID) -> dict[object, Any]:
        """What reads of the tenant leave for each other, as long as they see one state of the database."""
        shared = _SHARED.get()
        return shared.read if shared is not None and shared.serves(self, tenant) else {}

    @asynccontextmanager
    async def operator(self, *, doing: str = "working") -> AsyncIterator[Connection]:
        """One transaction of an operator, who sees the list of tenants, whose which repository is, and nothing else of theirs."""
        with translated(doing):
            async with self._pool.acquire(timeout=ACQUIRE_S) as connection, connection.transaction():
                await connection.execute("; ".join(filter(None, (f"set local role {OPERATOR_ROLE}", _named()))))
                yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without tenant, for what concerns no tenant's rows: locks, health."""
        with translated("working"):
            async with self._pool.acquire(timeout=ACQUIRE_S) as connection:
                try:
                    yield connection
                finally:
                    if not connection.is_closed():
                        await connection.reset()

    def connections(self) -> tuple[int, int, int]:
        """Open ones, those of them that are idle, and how many there may be."""
        return self._pool.get_size(), self._pool.get_idle_size(), self._pool.get_max_size()

    async def check(self) -> None:
        """Raises Unavailable when the database does not answer now."""
        async with self.connection() as connection:
            await connection.fetchval("select 1", timeout=CONNECT_S)


@asynccontextmanager
async def transaction_of(connection: Connection, tenant: UUID, *, readonly: bool = False, settings: str = "") -> AsyncIterator[None]:
    """As `Database.tenant`, on a connection that is held already, with further settings for the transaction."""
    await connection.execute("; ".join(filter(None, (READ if readonly else WRITE, _settings_of(tenant), settings, _named()))))
    try:
        yield
    except BaseException:
        await _end(connection)
        raise
    await connection.execute("commit")


def _settings_of(tenant: UUID) -> str:
    """The tenant, and which of its repositories are there for whoever asks."""
    settings = f"set local aelus.tenant_id = '{whole(tenant)}'"
    visible = visible_repositories(tenant)
    return settings if visible is None else f"{settings}; set local aelus.repositories = '{{{','.join(map(str, visible))}}}'"


async def migrated(address: str) -> Sequence[Migration]:
    """Bring a database up to date; return what was applied. Raises as `Database.open`."""
    with translated("migrating"):
        connection = await asyncpg.connect(checked_address(address), **OPTIONS)
        try:
            return await migrate(connection)
        finally:
            await connection.close()


def _named() -> str:
    """Have the session bear the id of the request while it works for it. An id is letters, digits and `._-`: nothing to escape."""
    request = request_id()
    return f"set local application_name = 'aelus {request[:MAX_REQUEST]}'" if request else ""


def checked_address(address: str) -> str:
    """The address, when it has the form of one. Raises Misconfigured."""
    if not _is_address(address):
        raise Misconfigured(
            "The database's address is not of the form postgresql://user:password@host/database.", "Check AELUS_DATABASE_URL."
        )
    return address


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("postgresql", "postgres") and (parts.port is None or bool(parts.port))
    except ValueError:
        return False


async def _prepare(connection: Any) -> None:
    """A new connection learns pgvector's types and becomes the application's role, which resetting does not undo."""
    await register_vector(connection)
    await connection.execute(f"set role {APPLICATION_ROLE}")


async def _end(connection: Any) -> None:
    """Nothing of a transaction is left, however it ended. All settings are made for one transaction, so there is nothing else to reset."""
    if not connection.is_closed() and connection.is_in_transaction():
        await connection.execute("rollback")
