"""`aelus impact`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from aelus.application.assess_impact import Dependant, Impact
from aelus.entrypoints.cli.calls import Names, headline, node_object
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, printable
from aelus.ports.graph_store import StoredNode


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        within = await use.find_repositories()(TENANT, given.repo)
        found = await use.assess_impact()(TENANT, given.symbol, repositories=within, max_depth=given.depth, limit=given.limit)
        names = {repository.id: repository.name for repository in await use.list_repositories().all(TENANT)}
    if given.json:
        sys.stdout.buffer.write(json_line(impact_object(found, names)))
    else:
        print(_text(found, names, Painter()))


def impact_object(found: Impact, names: Names) -> Mapping[str, object]:
    """The object of `--json`."""
    return {
        "verdict": found.verdict,
        "definitions": [_stored_object(stored, names) for stored in found.definitions],
        "dependants": [_dependant_object(one, names) for one in found.dependants],
        "bounds": found.bounds,
    }


def _stored_object(stored: StoredNode, names: Names) -> Mapping[str, object]:
    return {"repository": names.get(stored.repository_id, ""), **node_object(stored.node)}


def _dependant_object(one: Dependant, names: Names) -> Mapping[str, object]:
    edge = one.edge
    site = {"path": edge.path, "line": edge.line, "edge": edge.kind, "origin": edge.origin}
    return {"depth": one.depth, **site, "confidence": round(one.confidence, 3), "node": _stored_object(one.node, names)}


def _text(found: Impact, names: Names, paint: Painter) -> str:
    changing = [headline(stored, names, paint) for stored in found.definitions]
    sites = [printable(f"{one.edge.path}:{one.edge.line}") for one in found.dependants]
    width = min(max(map(len, sites), default=0), 60)
    lines = [_line(one, paint(f"{site:<{width}}", "path"), paint) for one, site in zip(found.dependants, sites, strict=True)]
    verdict = f"depends on it: {found.verdict}"
    return "\n".join((*changing, verdict, *lines, *(paint(f"there may be more: {bound}", "warn") for bound in found.bounds)))


def _line(one: Dependant, site: str, paint: Painter) -> str:
    how = paint(f"{one.edge.kind} {one.confidence:.2f}", "faint")
    return f"  {one.depth}  {site}  {printable(one.node.node.qualified_name)}  {how}"
