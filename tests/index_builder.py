"""Builds what an index holds, for tests of stores."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from aelus.domain.chunks import Chunk
from aelus.domain.facts import UNKNOWN, Expression, FileFacts, Scope
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin, content_hash
from aelus.domain.jobs import Job, JobState, Progress, Stage
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.search import Vector
from aelus.ports.index_store import FileChange, FileState, IndexChange

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MODEL = "test-model"


def identifier(*parts: object) -> str:
    return content_hash(repr(parts).encode())


def repository(name: str = "shop") -> Repository:
    return Repository(id=uuid4(), name=name, location=f"/code/{name}", branch="", created_at=NOW)


def job(repository: UUID, *, minute: int = 0) -> Job:
    """One that waits."""
    return Job(
        id=uuid4(),
        repository_id=repository,
        state=JobState.QUEUED,
        stage=Stage.READ,
        progress=Progress(),
        attempts=0,
        error="",
        file_errors=(),
        created_at=NOW + timedelta(minutes=minute),
        started_at=None,
        ended_at=None,
    )


def node(path: str, name: str, line: int = 1, owner: object = "") -> CodeNode:
    return CodeNode(
        id=identifier(owner, path, name),
        kind=NodeKind.FUNCTION,
        name=name,
        qualified_name=f"{path.partition('.')[0]}.{name}",
        path=path,
        start_line=line,
        end_line=line + 1,
        start_byte=line * 10,
        end_byte=line * 10 + 9,
        language="python",
        signature=f"def {name}()",
        decorators=("cache", "log.timed"),
    )


def edge(source: CodeNode, target: CodeNode, line: int = 1, kind: EdgeKind = EdgeKind.CALLS) -> Edge:
    return Edge(kind, source.id, target.id, source.path, line, Origin.IMPORT, 0.97)


def chunk(path: str, name: str, text: str, line: int = 1, *, owner: object = "") -> Chunk:
    return Chunk(
        id=identifier(owner, path, name, text),
        path=path,
        start_line=line,
        end_line=line + text.count("\n"),
        kind="Function",
        qualified_name=f"{path.partition('.')[0]}.{name}",
        node_id="",
        language="python",
        text=text,
        content_hash=identifier(path, name, text),
    )


def facts(lines: int = 3) -> FileFacts:
    return FileFacts(
        "python", "", "A ü docstring", lines, (Scope("module", -1, -1),), (), (Expression(UNKNOWN, "", ()),), (), (), (), (), (), 0
    )


def vector(*values: float) -> Vector:
    length = sum(value * value for value in values) ** 0.5 or 1.0
    return array("f", [value / length for value in (*values, *[0.0] * (16 - len(values)))])


@dataclass
class Content:
    """One file's content in an index."""

    path: str
    nodes: Sequence[CodeNode] = ()
    edges: Sequence[Edge] = ()
    chunks: Sequence[Chunk] = ()
    vectors: dict[str, Vector] = field(default_factory=dict)
    version: str = "1"

    def change(self) -> FileChange:
        blob = identifier(self.path, self.version)
        state = FileState(path=self.path, language="python", blob_hash=blob, lines=3, graph_hash=self.version, chunk_hash=self.version)
        return FileChange(state=state, facts=facts(), nodes=self.nodes, edges=self.edges, chunks=self.chunks)


def change(contents: Iterable[Content], removed: Sequence[str] = (), *, model: str = MODEL) -> IndexChange:
    files = list(contents)
    chunks = [one for content in files for one in content.chunks]
    vectors = {one.content_hash: vector(float(len(one.text) % 7 + 1), float(ord(one.text[0]) % 5), 1.0) for one in chunks}
    for content in files:
        vectors.update(content.vectors)
    return IndexChange(
        commit="c" * 40,
        branch="main",
        parser_version="p1",
        model=model,
        changed=[content.change() for content in files],
        removed=removed,
        vectors=vectors,
        skipped=(),
        counts=IndexCounts(files=len(files), nodes=sum(len(content.nodes) for content in files)),
    )


def small(owner: object = "") -> list[Content]:
    """Two files that call each other."""
    pay, price = node("cart.py", "pay", owner=owner), node("prices.py", "price_of", owner=owner)
    return [
        Content("", nodes=(CodeNode(id=identifier(owner), kind=NodeKind.REPOSITORY, name="shop", qualified_name="shop", path=""),)),
        Content(
            "cart.py", (pay,), (edge(pay, price, 2),), (chunk("cart.py", "pay", "def pay(cart):\n    total = sum(cart)", owner=owner),)
        ),
        Content("prices.py", (price,), (), (chunk("prices.py", "price_of", "def price_of(name):\n    return TABLE[name]", owner=owner),)),
    ]
