"""What row level security costs a search: `python benchmarks/rls.py [FOLDER] [--tenants 6] [--rounds 7]`.

Every tenant indexes the same folder. The same searches run with row level security, and without it for the same role, round by round in
turn within one run; nothing is in the cache.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.domain.search import SearchFilter
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import Settings, load_settings
from machine import describe, table
from search import QUESTIONS

DEFAULT_FOLDER = Path(__file__).parents[1] / "src" / "aelus" / "domain"
_numbers = itertools.count()


async def prepare(settings: Settings, folder: Path, tenants: int) -> list[UUID]:
    async with open_service(settings) as use_cases:
        found = [(await use_cases.change_tenants().create(f"tenant {number}")).tenant.id for number in range(tenants)]
        for tenant in found:
            await use_cases.index_location()(tenant, str(folder))
    return found


async def measure(settings: Settings, tenants: list[UUID]) -> list[float]:
    """Milliseconds of each search, over connections that are new."""
    times = []
    async with open_service(settings) as use_cases:
        search = use_cases.uncached_search()
        for warming, tenant, question in itertools.product((True, False), tenants, QUESTIONS):
            began = time.perf_counter()
            await search(tenant, f"{question} {next(_numbers)}", where=SearchFilter(), limit=10)
            if not warming:
                times.append((time.perf_counter() - began) * 1000)
    return times


async def bypass(address: str, *, on: bool) -> None:
    connection = await asyncpg.connect(address, passfile="/dev/null")
    await connection.execute(f"alter role aelus_app {'bypassrls' if on else 'nobypassrls'}")
    await connection.close()


async def main(given: argparse.Namespace) -> None:
    """Print the table."""
    times: dict[bool, list[list[float]]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as temporary:
        settings = load_settings(home=Path(temporary, "home"), parser_processes=1)
        async with EmbeddedPostgres(settings.home) as server:
            address = await server.start()
            tenants = await prepare(settings, given.folder, given.tenants)
            for number in range(given.rounds):
                for without in (True, False) if number % 2 else (False, True):
                    await bypass(address, on=without)
                    times[without].append(await measure(settings, tenants))
    ratios = [statistics.median(on) / statistics.median(off) for on, off in zip(times[False], times[True], strict=True)]
    print(describe())
    print(
        table(
            [
                ("searches", f"{len(times[True][0]) * given.rounds:,} each way, {given.tenants} tenants"),
                ("with row level security", f"{statistics.median(itertools.chain(*times[False])):.2f} ms at the median"),
                ("without", f"{statistics.median(itertools.chain(*times[True])):.2f} ms"),
                ("cost", f"{(statistics.median(ratios) - 1) * 100:+.1f} % at the median of {given.rounds} rounds"),
                ("rounds", ", ".join(f"{(ratio - 1) * 100:+.1f} %" for ratio in ratios)),
            ]
        )
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--tenants", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=7)
    asyncio.run(main(parser.parse_args()))
