"""What keeping tenants and repositories apart costs a search: `python benchmarks/isolation.py [FOLDER …]`.

Indexes the folders (by default four parts of the Python standard library, and all of it once more) for one tenant, and asks the same
questions in turn: with row level security switched off, with it, and as somebody to whom all of the repositories, or half of them, are open
one by one. The ways take turns within each round, so that a busy machine slows all of them alike. Nothing that was found is kept.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.domain.tenancy import LOCAL_TENANT, TenantId, TenantView
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from corpus import copy_standard_library
from machine import describe, table
from search import QUESTIONS

ROUNDS = 15
PARTS = ("asyncio", "email", "unittest", "importlib")
TABLES = "select relname from pg_class where relnamespace = 'aelus'::regnamespace and relrowsecurity"


async def switch(connection: asyncpg.Connection, tables: list[str], *, on: bool) -> None:
    for name in tables:
        await connection.execute(f"alter table aelus.{name} {'enable' if on else 'disable'} row level security")


async def one_round(use: UseCases, tenant: TenantId, question: str) -> float:
    """Milliseconds of one search."""
    started = time.perf_counter()
    await use.uncached_search()(tenant, question, limit=10)
    return (time.perf_counter() - started) * 1000


async def measure(use: UseCases, connection: asyncpg.Connection, ways: Mapping[str, TenantId]) -> dict[str, list[float]]:
    tables = [row["relname"] for row in await connection.fetch(TABLES)]
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, tenant in ways.items():
            await switch(connection, tables, on=name != "without")
            for question in QUESTIONS:
                spent = await one_round(use, tenant, question)
                if number:
                    took[name].append(spent)
    await switch(connection, tables, on=True)
    return took


async def main(folders: list[str]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary, "home")
        if not folders:
            library = Path(temporary, "stdlib")
            copy_standard_library(library, tests=False)
            folders = [*(str(library / part) for part in PARTS), str(library)]
        async with EmbeddedPostgres(home) as server, open_service(load_settings(home=home)) as use:
            reports = [await use.index_location()(LOCAL_TENANT, folder, name=Path(folder).name, branch="") for folder in folders]
            known = [report.repository_id for report in reports]
            ways: dict[str, TenantId] = {
                "without": LOCAL_TENANT,
                "tenants": LOCAL_TENANT,
                "all granted": TenantView(LOCAL_TENANT, known),
                "half granted": TenantView(LOCAL_TENANT, known[::2]),
            }
            connection = await asyncpg.connect(await server.start(), passfile="/dev/null")
            took = await measure(use, connection, ways)
            await connection.close()
    base = statistics.median(took["without"])
    print(describe())
    print(f"{sum(report.counts.chunks for report in reports):,} chunks in {len(reports)} repositories\n")
    medians = {name: statistics.median(times) for name, times in took.items()}
    print(table([(name, f"{median:.1f} ms, {median / base:.2f} of without") for name, median in medians.items()]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
