"""`aelus export`."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import BinaryIO

from aelus.domain.graph import CodeNode, Edge
from aelus.entrypoints.cli.destination import destination
from aelus.entrypoints.cli.graph_lines import write_edges, write_nodes
from aelus.entrypoints.cli.service import TENANT, service

BATCH = 2000


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        items = await use.export_repository()(TENANT, given.repo)
        with destination(given.output) as output:
            async with aclosing(items):  # where the output ends early, its connection is still taken
                await _write(items, output)


async def _write(items: AsyncIterator[CodeNode | Edge], output: BinaryIO) -> None:
    """Nodes come before edges, so a batch of both is written in that order."""
    nodes: list[CodeNode] = []
    edges: list[Edge] = []
    async for item in items:
        if isinstance(item, CodeNode):
            nodes.append(item)
        else:
            edges.append(item)
        if len(nodes) + len(edges) >= BATCH:
            _flush(nodes, edges, output)
    _flush(nodes, edges, output)


def _flush(nodes: list[CodeNode], edges: list[Edge], output: BinaryIO) -> None:
    write_nodes(nodes, output)
    write_edges(edges, output)
    nodes.clear()
    edges.clear()
