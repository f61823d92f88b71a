"""Aelus inside another program: index a folder, search it, ask who calls a function.

Run it with a folder, a question and the name of a function:

    python docs/examples/embed.py src "where are files parsed" chunk_file
"""

from __future__ import annotations

import asyncio
import sys

from aelus import Aelus
from aelus.ports.errors import PortError


async def main(folder: str, question: str, function: str) -> None:
    async with Aelus.in_memory() as aelus:
        report = await aelus.index(folder)
        print(f"{report.counts.files} files, {report.counts.nodes} nodes, {report.counts.edges} edges")

        for hit in await aelus.search(question, k=3):
            print(f"{hit.score:.3f}  {hit.chunk.path}:{hit.chunk.start_line}  {hit.chunk.qualified_name}")

        for found in await aelus.callers(function):
            for call in found.calls:
                print(f"{found.symbol.node.qualified_name} is called by {call.other.node.qualified_name}, line {call.edge.line}")


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except PortError as error:
        sys.exit(str(error))
