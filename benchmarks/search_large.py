"""Search over many repositories: `python benchmarks/search_large.py [REPOSITORIES [CHUNKS [HOME]]]`, by default 100 of 10,000 chunks each.

Chunks are passages of the Python standard library, in which a fifth of the longer identifiers is another one in every repository; their
vectors are those of the passages with noise. Each passage calls a few others of its repository, some of which are called much more than the
rest. All is written as an index is, and asked for in a process of its own, over the embedded PostgreSQL. Prints times of questions that no
cache has, CPU of the process and of the database, and what the process keeps in memory. What is in HOME already is not written again.
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
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline import OfflineEmbedder
from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin, content_hash
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.search import Vector
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.index_store import FileChange, FileState, IndexChange
from corpus import copy_standard_library
from machine import database_s, describe, table
from search import QUESTIONS

ROUNDS = 10
LINES = 25
OF_A_FILE = 20
NOISE = 0.05
CALLS = 4
"""Calls that a passage makes. Whom: the n-th of the repository with a chance of about 1 / n, as names are used in real code."""
CHANGED = 5
"""One identifier of so many is another one."""
Floats = NDArray[np.float32]
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
        id=identity, path=path, start_line=line, end_line=line + text.count("\n"), kind="Function", qualified_name=name, node_id=identity,
        language="python", text=text, content_hash=identity,
    )  # fmt: skip


def change_of(chunks: Sequence[Chunk], vectors: dict[str, Vector], model: str) -> IndexChange:
    files: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        files.setdefault(chunk.path, []).append(chunk)
    called = _Called(chunks)
    changed = [
        FileChange(state=_state(path, len(held)), facts=None, nodes=[*map(_node, held)], edges=[*called.by(held)], chunks=held)
        for path, held in files.items()
    ]
    counts = IndexCounts(files=len(files), chunks=len(chunks))
    return IndexChange(
        commit="", branch="", parser_version="1", model=model, changed=changed, removed=(), vectors=vectors, skipped=(), counts=counts
    )


class _Called:
    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._chance = random.Random(len(chunks))  # noqa: S311 -- a sample

    def by(self, callers: Sequence[Chunk]) -> Iterator[Edge]:
        for caller in callers:
            for line in range(CALLS):
                callee = self._chunks[int(len(self._chunks) ** self._chance.random()) - 1]
                yield Edge(EdgeKind.CALLS, caller.id, callee.id, caller.path, caller.start_line + line, Origin.IMPORT, 0.9)


def _node(chunk: Chunk) -> CodeNode:
    return CodeNode(
        id=chunk.id, kind=NodeKind.FUNCTION, name=chunk.qualified_name.rpartition(".")[2], qualified_name=chunk.qualified_name,
        path=chunk.path, start_line=chunk.start_line, end_line=chunk.end_line, language=chunk.language, content_hash=chunk.content_hash,
    )  # fmt: skip


def _state(path: str, chunks: int) -> FileState:
    return FileState(path=path, language="python", blob_hash=content_hash(path.encode()), lines=0, graph_hash="", chunk_hash=str(chunks))


async def fill(home: Path, repositories: int, chunks: int) -> None:
    """Write the repositories that are not there, one after the other."""
    with tempfile.TemporaryDirectory() as temporary:
        copy_standard_library(Path(temporary, "stdlib"), tests=True)
        texts = passages(Path(temporary, "stdlib"), chunks)
    words = sorted({word for _, text in texts for word in _LONG.findall(text)})
    embedder = OfflineEmbedder()
    base = np.array(await embedder.embed_documents([text for _, text in texts]), np.float32)
    async with open_service(load_settings(home=home)) as use:
        for number in range(repositories):
            if await use.ports().repositories.find(LOCAL_TENANT, f"r{number}") is None:
                made = chunks_of(number, texts, words)
                await write(use, number, made, noisy(base, made, number), embedder.model)
            print(f"\r{number + 1} of {repositories} written", end="", file=sys.stderr, flush=True)


def noisy(base: Floats, chunks: Sequence[Chunk], number: int) -> dict[str, Vector]:
    vectors = base + NOISE * np.random.default_rng(number).standard_normal(base.shape, np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {chunk.content_hash: array("f", row.tobytes()) for chunk, row in zip(chunks, vectors, strict=True)}


async def write(use: UseCases, number: int, chunks: Sequence[Chunk], vectors: dict[str, Vector], model: str) -> None:
    repository = Repository(id=uuid4(), name=f"r{number}", location=f"/r{number}", branch="", created_at=datetime.now(UTC))
    await use.ports().repositories.add(LOCAL_TENANT, repository)
    async with use.ports().indexes.session(LOCAL_TENANT, repository.id) as session:
        await session.write(change_of(chunks, vectors, model))


async def ask(home: Path) -> list[tuple[str, str]]:
    """Rows of the table."""
    async with open_service(load_settings(home=home)) as use:
        search, times = use.uncached_search(), []
        started = time.perf_counter()
        await search(LOCAL_TENANT, QUESTIONS[0])
        first = time.perf_counter() - started
        for question in QUESTIONS:
            await search(LOCAL_TENANT, question)
        worked, database = time.process_time(), database_s(home)
        for question in (f"{question} {number}" for number in range(ROUNDS) for question in QUESTIONS):
            started = time.perf_counter()
            await search(LOCAL_TENANT, question)
            times.append((time.perf_counter() - started) * 1000)
        worked, database = time.process_time() - worked, database_s(home) - database
    times.sort()
    return [
        ("searches", f"{len(times)}, one after the other"),
        ("p50", f"{statistics.median(times):.1f} ms"),
        ("p95", f"{times[int(len(times) * 0.95)]:.1f} ms"),
        ("slowest", f"{times[-1]:.1f} ms"),
        ("the very first", f"{first:.1f} s, which reads what is held of every repository"),
        ("CPU", f"{worked * 1000 / len(times):.1f} ms a search, and {database * 1000 / len(times):.1f} ms of the database"),
        ("memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB at most"),
    ]


def main(repositories: int, chunks: int, home: Path) -> None:
    """Print the table."""
    anew = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=anew) as apart:
        apart.submit(_filled, home, repositories, chunks).result()
    with ProcessPoolExecutor(1, mp_context=anew) as apart:
        rows = apart.submit(_asked, home).result()
    print(describe())
    print(table([("chunks", f"{repositories * chunks:,} in {repositories} repositories"), *rows]))


def _filled(home: Path, repositories: int, chunks: int) -> None:
    asyncio.run(fill(home, repositories, chunks))


def _asked(home: Path) -> list[tuple[str, str]]:
    return asyncio.run(ask(home))


if __name__ == "__main__":
    repositories, chunks = [int(number) for number in sys.argv[1:3]] + [100, 10_000][len(sys.argv[1:3]) :]
    with tempfile.TemporaryDirectory() as temporary:
        main(repositories, chunks, Path(*sys.argv[3:4] or [temporary]))
