"""The graph as JSON lines. A repository has hundreds of thousands of them, so edges are joined from ready pieces."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import BinaryIO

import orjson

from aelus.domain.graph import CodeNode, Edge

NEWLINE = orjson.OPT_APPEND_NEWLINE


def write_nodes(nodes: Iterable[CodeNode], output: BinaryIO) -> None:
    output.writelines([_node_line(node) for node in nodes])


def write_edges(edges: Iterable[Edge], output: BinaryIO) -> None:
    """Ids, kinds and origins are of our own making and need no escaping; the path is a stranger's."""
    lines = [
        "".join(
            (
                '{"type":"edge","kind":"',
                kind,
                '","src":"',
                src,
                '","dst":"',
                dst,
                '","path":',
                _quoted(path),
                ',"line":',
                str(line),
                ',"origin":"',
                origin,
                '","confidence":',
                str(confidence),
                "}\n",
            )
        )
        for kind, src, dst, path, line, origin, confidence in edges
    ]
    output.write("".join(lines).encode())


def json_line(value: object) -> bytes:
    """One line of JSON. File names that are no UTF-8 keep their bytes as lone surrogates, which only escapes can carry."""
    try:
        return orjson.dumps(value, option=NEWLINE)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), default=str).encode() + b"\n"


def _node_line(node: CodeNode) -> bytes:
    return json_line(
        {
            "type": "node",
            "id": node.id,
            "kind": node.kind,
            "qualified_name": node.qualified_name,
            "name": node.name,
            "path": node.path,
            "start_line": node.start_line,
            "end_line": node.end_line,
            "language": node.language,
            "start_byte": node.start_byte,
            "end_byte": node.end_byte,
            "signature": node.signature,
            "docstring": node.docstring,
            "visibility": node.visibility,
            "decorators": node.decorators,
            "content_hash": node.content_hash,
        }
    )


@lru_cache(maxsize=4096)
def _quoted(path: str) -> str:
    return json_line(path).decode().rstrip("\n")
