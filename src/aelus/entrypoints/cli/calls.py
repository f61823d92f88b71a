"""`aelus callers` and `aelus callees`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Final

from aelus.application.find_calls import Call, SymbolCalls
from aelus.domain.graph import CodeNode, EdgeKind
from aelus.domain.repository import RepositoryId
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, printable
from aelus.ports.graph_store import StoredNode

Names = Mapping[RepositoryId, str]
WORDS = {EdgeKind.INSTANTIATES: "constructs it, ", EdgeKind.DISPATCHES: "may reach it, "}
FEW: Final = 0.5
"""Confidence below which a call is one of several that the value of its callee may be."""
EMPTY = {"callers": "no caller is known", "callees": "no call is known"}


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        repositories = await use.find_repositories()(TENANT, given.repo)
        find = use.find_callers() if given.direction == "callers" else use.find_callees()
        found = await find(TENANT, given.symbol, repositories=repositories, limit=given.limit)
        names = {repository.id: repository.name for repository in await use.list_repositories().all(TENANT)}
    if given.json:
        sys.stdout.buffer.writelines(json_line(calls_object(symbol, given.direction, names)) for symbol in found)
    else:
        print("\n\n".join(_block(symbol, given.direction, names, Painter()) for symbol in found))


def calls_object(found: SymbolCalls, direction: str, names: Names) -> Mapping[str, object]:
    """One line of `--json`: a definition that the name may mean, and its calls."""
    stored = found.symbol
    return {
        "repository": names.get(stored.repository_id, ""),
        **node_object(stored.node),
        direction: [_call_object(call) for call in found.calls],
        "truncated": found.truncated,
    }


def _call_object(call: Call) -> Mapping[str, object]:
    edge = call.edge
    site = {"path": edge.path, "line": edge.line, "edge": edge.kind, "origin": edge.origin, "confidence": edge.confidence}
    return {**site, "node": node_object(call.other.node)}


def node_object(node: CodeNode) -> Mapping[str, object]:
    return {
        "id": node.id,
        "kind": node.kind,
        "qualified_name": node.qualified_name,
        "path": node.path,
        "start_line": node.start_line,
        "end_line": node.end_line,
    }


def headline(stored: StoredNode, names: Names, paint: Painter) -> str:
    """A definition: its name, its place, what it is and where."""
    node = stored.node
    place = paint(printable(f"{node.path}:{node.start_line}"), "path")
    about = paint(f"({node.kind} in {names.get(stored.repository_id, '')})", "faint")
    return f"{paint(printable(node.qualified_name), 'strong')}  {place}  {about}"


def _block(found: SymbolCalls, direction: str, names: Names, paint: Painter) -> str:
    lines = [headline(found.symbol, names, paint)]
    sites = [printable(f"{call.edge.path}:{call.edge.line}") for call in found.calls]
    width = min(max(map(len, sites), default=0), 60)
    lines += [_line(call, paint(f"{site:<{width}}", "path"), paint) for call, site in zip(found.calls, sites, strict=True)]
    if not found.calls:
        lines.append(f"  {EMPTY[direction]}")
    if found.truncated:
        lines.append(paint(f"  only the first {len(found.calls)} are shown; ask for more with --limit", "warn"))
    return "\n".join(lines)


def _line(call: Call, site: str, paint: Painter) -> str:
    edge = call.edge
    unsure = "one of several, " if edge.kind is EdgeKind.CALLS and edge.confidence < FEW else ""
    how = paint(f"{WORDS.get(edge.kind, unsure)}{edge.origin} {edge.confidence:.2f}", "faint")
    return f"  {site}  {printable(call.other.node.qualified_name)}  {how}"
