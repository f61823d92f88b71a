"""Search over many repositories: `python benchmarks/search_large.py [REPOSITORIES [CHUNKS]]`, by default 100 of 10,000 chunks each.

Chunks are passages of the Python standard library, in which a fifth of the longer identifiers is another one in every repository; their
vectors are those of the passages with noise. They are written as an index is, without a graph, and asked for in this process, over the
embedded PostgreSQL. Prints times of questions that no cache has, and what the process keeps in memory.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np

from aelus.adapters.offline import OfflineEmbedder
from aelus.domain.chunks import Chunk
from aelus.domain.graph import content_hash
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.search import Vector
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.index_store import FileChange, FileState, IndexChange
from corpus import copy_standard_library
from machine import describe, table
from search import QUESTIONS

ROUNDS = 10
LINES = 25
OF_A_FILE = 20
NOISE = 0.05
CHANGED = 5
"""One identifier of so many is another one."""
_LONG = re.compile(r"[A-Za-z_]\w{5,}")
_DEFINED = re.compile(r"(?:def|class) (\w+)")


def passages(folder: Path, count: int) -> list[tuple[str, str]]:
    """Paths and texts, repeated where the library has too few."""
    texts = [(path.relative_to(folder).as_posix(), piece) for path in sorted(folder.rglob("*.py")) for piece in _pieces(path)]
    random.Random(1).shuffle(texts)  # noqa: S311 -- a sample
    return [texts[place % len(texts)] for place in range(count)]


def _pieces(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for start in range(0, len(lines), LINES):
        piece = "\n".join(lines[start : start + LINES])
        if piece.strip():
            yield piece[:1600]


def chunks_of(number: int, texts: Sequence[tuple[str, str]], words: Sequence[str]) -> list[Chunk]:
    """The chunks of one repository."""
    replaced = words[number % CHANGED :: CHANGED]
    swaps = dict(zip(replaced, random.Random(number).sample(words, len(replaced)), strict=True))  # noqa: S311 -- a sample
    changed = ((path, _LONG.sub(lambda word: swaps.get(word.group(), word.group()), text)) for path, text in texts)
    return [_chunk(number, place, path, text) for place, (path, text) in enumerate(changed)]


def _chunk(number: int, place: int, path: str, text: str) -> Chunk:
    path = f"src/{place // OF_A_FILE}/{path}"
    defined = _DEFINED.search(text)
    name = f"{path.removesuffix('.py').replace('/', '.')}.{defined.group(1) if defined else f'part{place}'}"
    line = 1 + place % OF_A_FILE * LINES
    identity = content_hash(f"{number}\0{place}\0{text}".encode())
    return Chunk(
        id=identity, path=path, start_line=line, end_line=line + text.count("\n"), kind="Function", qualified_name=name, node_id="",
        language="python", text=text, content_hash=identity,
    )  # fmt: skip


def change_of(chunks: Sequence[Chunk], vectors: dict[str, Vector], model: str) -> IndexChange:
    files: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        files.setdefault(chunk.path, []).append(chunk)
    changed = [FileChange(state=_state(path, len(held)), facts=None, nodes=(), edges=(), chunks=held) for path, held in files.items()]
    counts = IndexCounts(files=len(files), chunks=len(chunks))
    return IndexChange(
        commit="", branch="", parser_version="1", model=model, changed=changed, removed=(), vectors=vectors, skipped=(), counts=counts
    )


def _state(path: str, chunks: int) -> FileState:
    return FileState(path=path, language="python", blob_hash=content_hash(path.encode()), lines=0, graph_hash="", chunk_hash=str(chunks))


async def fill(use: UseCases, repositories: int, chunks: int) -> None:
    """Write the repositories, one after the other."""
    with tempfile.TemporaryDirectory() as temporary:
        copy_standard_library(Path(temporary, "stdlib"), tests=True)
        texts = passages(Path(temporary, "stdlib"), chunks)
    words = sorted({word for _, text in texts for word in _LONG.findall(text)})
    embedder, chance = OfflineEmbedder(), np.random.default_rng(1)
    base = np.array(await embedder.embed_documents([text for _, text in texts]), np.float32)
    for number in range(repositories):
        made = chunks_of(number, texts, words)
        noisy = base + NOISE * chance.standard_normal(base.shape, np.float32)
        noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
        vectors: dict[str, Vector] = {chunk.content_hash: array("f", row.tobytes()) for chunk, row in zip(made, noisy, strict=True)}
        repository = Repository(id=uuid4(), name=f"r{number}", location=f"/r{number}", branch="", created_at=datetime.now(UTC))
        await use.ports().repositories.add(LOCAL_TENANT, repository)
        async with use.ports().indexes.session(LOCAL_TENANT, repository.id) as session:
            await session.write(change_of(made, vectors, embedder.model))
        print(f"\r{number + 1} of {repositories} written", end="", file=sys.stderr, flush=True)


async def asked(use: UseCases) -> tuple[list[float], float]:
    """Milliseconds of every search, rising, and of this process' own work for one."""
    search, times = use.uncached_search(), []
    for question in QUESTIONS:
        await search(LOCAL_TENANT, question)
    worked = time.process_time()
    for question in (f"{question} {number}" for number in range(ROUNDS) for question in QUESTIONS):
        started = time.perf_counter()
        await search(LOCAL_TENANT, question)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times), (time.process_time() - worked) * 1000 / len(times)


async def main(repositories: int, chunks: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home:
        async with open_service(load_settings(home=Path(home))) as use:
            await fill(use, repositories, chunks)
            times, worked = await asked(use)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(describe())
    rows = [
        ("chunks", f"{repositories * chunks:,} in {repositories} repositories"),
        ("searches", f"{len(times)}, one after the other"),
        ("p50", f"{statistics.median(times):.1f} ms"),
        ("p95", f"{times[int(len(times) * 0.95)]:.1f} ms"),
        ("slowest", f"{times[-1]:.1f} ms"),
        ("processor time", f"{worked:.1f} ms a search, without the database's"),
        ("memory", f"{peak // 1024:,} MB at most, the filling included"),
    ]
    print(table(rows))


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    asyncio.run(main(*given, *(100, 10_000)[len(given) :]))
