"""Speed of the offline embedder: `python benchmarks/embed.py FOLDER [--chunks N]`.

Chunks are pieces of about 600 bytes of the folder's files.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from itertools import islice
from pathlib import Path

from aelus.adapters.offline import OfflineEmbedder

SUFFIXES = {".py", ".ts", ".js", ".java", ".c", ".h", ".cc", ".cpp", ".go", ".rs", ".php", ".lua", ".cs"}
CHUNK = 600
QUESTIONS = (
    "where are retries with exponential backoff implemented",
    "parse a date string with a time zone",
    "how is a connection returned to the pool",
    "getUserById",
    "which function writes the lock file and what happens when it is held by another process",
)


def chunks_below(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return found


async def measure(chunks: list[str]) -> None:
    started = time.perf_counter()
    embedder = OfflineEmbedder()
    print(f"start: {(time.perf_counter() - started) * 1e3:.0f} ms")
    for run in ("cold", "warm"):
        wall, busy = time.perf_counter(), time.process_time()
        await embedder.embed_documents(chunks)
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        print(f"{run}: {len(chunks)} chunks in {wall:.2f} s, {len(chunks) / wall:,.0f} chunks/s ({len(chunks) / busy:,.0f} per CPU second)")
    times = [await timed(embedder, question) for _ in range(200) for question in QUESTIONS]
    print(f"query: median {statistics.median(times):.3f} ms, p99 {statistics.quantiles(times, n=100)[98]:.3f} ms")


async def timed(embedder: OfflineEmbedder, question: str) -> float:
    started = time.perf_counter()
    await embedder.embed_query(question)
    return (time.perf_counter() - started) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chunks", type=int, default=20_000)
    arguments = parser.parse_args()
    asyncio.run(measure(list(islice(chunks_below(arguments.folder), arguments.chunks))))


if __name__ == "__main__":
    main()
