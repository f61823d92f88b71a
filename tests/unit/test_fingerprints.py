from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aelus.application.fingerprints import chunk_count, chunk_hash, graph_hash
from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin

NODE = CodeNode(id="0" * 32, kind=NodeKind.FUNCTION, name="f", qualified_name="m.f", path="m.py", decorators=("cache",))
EDGE = Edge(EdgeKind.CALLS, "0" * 32, "1" * 32, "m.py", 3, Origin.LEXICAL, 0.9)
CHUNK = Chunk(
    id="c",
    path="m.py",
    start_line=1,
    end_line=2,
    kind="Function",
    qualified_name="m.f",
    node_id="n",
    language="x",
    text="f",
    content_hash="h",
)


def other(value: object) -> Any:
    return {int: 7, float: 0.5, tuple: ("x",)}.get(type(value), "other")


@pytest.mark.parametrize("field", [field for field in CodeNode._fields if field != "path"])
def test_each_field_of_a_node_counts(field: str) -> None:
    changed = NODE._replace(**{field: other(getattr(NODE, field))})
    assert graph_hash([changed], [EDGE]) != graph_hash([NODE], [EDGE])


@pytest.mark.parametrize("field", Edge._fields)
def test_each_field_of_an_edge_counts(field: str) -> None:
    changed = EDGE._replace(**{field: other(getattr(EDGE, field))})
    assert graph_hash([NODE], [changed]) != graph_hash([NODE], [EDGE])


def test_the_order_of_edges_counts() -> None:
    second = EDGE._replace(line=4)
    assert graph_hash([], [EDGE, second]) != graph_hash([], [second, EDGE])


def test_a_hash_of_chunks_tells_their_number() -> None:
    assert chunk_count(chunk_hash([CHUNK, CHUNK])) == 2


def test_an_absent_hash_counts_no_chunks() -> None:
    assert chunk_count("") == 0


@pytest.mark.parametrize("field", ["id", "content_hash", "start_line", "end_line", "node_id", "kind", "qualified_name"])
def test_each_field_of_a_chunk_counts(field: str) -> None:
    assert chunk_hash([replace(CHUNK, **{field: other(getattr(CHUNK, field))})]) != chunk_hash([CHUNK])
