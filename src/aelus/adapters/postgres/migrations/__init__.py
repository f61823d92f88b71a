"""The schema, as numbered files that are applied once and in order, whoever starts first."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import asyncpg

from aelus.ports.errors import ExtensionMissing, Misconfigured, SchemaTooNew, Unavailable

LOCK: Final = 0x61656C7573
"""Advisory lock of the migrations: "aelus" in ASCII."""
LOCK_WAIT_S: Final = 120.0
NAME: Final = re.compile(r"^(\d{4})_(\w+)\.sql$")
NO_TRANSACTION: Final = "-- no-transaction"
SERVER_VERSION: Final = 150_000
VECTOR_VERSION: Final = (0, 8)

LEDGER: Final = """
create schema if not exists aelus;
create table if not exists aelus.schema_migrations (
    number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.blake2b(self.sql.encode(), digest_size=16).hexdigest()


def known_migrations() -> Sequence[Migration]:
    """All that come with this version, in order."""
    found = [(NAME.match(entry.name), entry) for entry in files(__package__).iterdir()]
    migrations = [Migration(number=int(m.group(1)), name=m.group(2), sql=entry.read_text("utf-8")) for m, entry in found if m]
    return sorted(migrations, key=lambda migration: migration.number)


async def migrate(connection: asyncpg.Connection) -> Sequence[Migration]:
    """Bring the schema up to date; return what was applied now.

    Several processes may do this at once: one works, the others wait and find nothing left.

    Raises:
        ExtensionMissing: pgvector is not there, or too old.
        SchemaTooNew: the database was written by a newer version.
        Misconfigured: the server is too old, or an applied migration differs from the one that comes with this version.
    """
    await _check_server(connection)
    await _lock(connection)
    try:
        await connection.execute(LEDGER)
        rows = await connection.fetch("select number, checksum from aelus.schema_migrations")
        pending = _pending({row["number"]: row["checksum"] for row in rows})
        for migration in pending:
            await _apply(connection, migration)
    finally:
        await connection.execute("select pg_advisory_unlock($1)", LOCK)
    return pending


async def schema_version(connection: asyncpg.Connection) -> int:
    """Number of the newest applied migration; 0 for an empty database."""
    if await connection.fetchval("select to_regclass('aelus.schema_migrations')") is None:
        return 0
    return int(await connection.fetchval("select coalesce(max(number), 0) from aelus.schema_migrations"))


async def _check_server(connection: asyncpg.Connection) -> None:
    number = int(await connection.fetchval("show server_version_num"))
    if number < SERVER_VERSION:
        raise Misconfigured(f"The database server is PostgreSQL {number // 10_000}; 15 is the oldest that works.", "Upgrade the server.")
    version = await connection.fetchval("select default_version from pg_available_extensions where name = 'vector'")
    installed = await connection.fetchval("select extversion from pg_extension where extname = 'vector'")
    found = installed or version
    if found is None:
        raise ExtensionMissing("The database server has no pgvector.", "Install pgvector 0.8 or newer on the server.")
    if tuple(int(part) for part in found.split(".")[:2]) < VECTOR_VERSION:
        raise ExtensionMissing(f"The database has pgvector {found}; 0.8 is the oldest that works.", "Upgrade pgvector on the server.")


async def _lock(connection: asyncpg.Connection) -> None:
    """Poll for the lock: a waiting lock would hold a snapshot, and an index that is built concurrently waits for all snapshots."""
    deadline = asyncio.get_running_loop().time() + LOCK_WAIT_S
    while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable("Another process has been migrating the database for two minutes.", "Try again when it is done.")
        await asyncio.sleep(0.05)


def _pending(applied: Mapping[int, str]) -> Sequence[Migration]:
    known = known_migrations()
    newest = known[-1].number
    if applied and max(applied) > newest:
        raise SchemaTooNew(f"The database has schema {max(applied)}, this version of Aelus knows {newest}.", "Use the newer Aelus.")
    for migration in known:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise Misconfigured(
                f"Migration {migration.number} was applied in another form than this version has.", "Use the Aelus that made it."
            )
    return [migration for migration in known if migration.number not in applied]


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    record = "insert into aelus.schema_migrations (number, name, checksum) values ($1, $2, $3)"
    if migration.sql.startswith(NO_TRANSACTION):
        await connection.execute(migration.sql)
        await connection.execute(record, migration.number, migration.name, migration.checksum)
        return
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(record, migration.number, migration.name, migration.checksum)
