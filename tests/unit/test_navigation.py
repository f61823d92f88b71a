from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from aelus import Aelus
from aelus.application.assess_impact import AssessImpact
from aelus.application.find_calls import FindCalls
from aelus.application.reports import IndexReport
from aelus.application.traverse_graph import MAX_EDGES, TraverseGraph, Walk
from aelus.domain.graph import Edge, EdgeKind, Origin
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.graph_store import Direction, GraphStore
from sample_project import FILES

pytestmark = pytest.mark.usefixtures("indexed")


async def node_named(use_cases: UseCases, name: str) -> str:
    found = await use_cases.find_nodes()(LOCAL_TENANT, name)
    return found[0].node.id


class GraphBesideAWriter:
    """A graph store: the first time that edges are read, somebody has just written another index."""

    def __init__(self, graph: GraphStore, write: Callable[[], Awaitable[object]]) -> None:
        self._graph = graph
        self._write = write
        self._written = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)

    async def edges(self, *args: Any, **options: Any) -> Sequence[Edge]:
        if not self._written:
            self._written = True
            await self._write()
        return await self._graph.edges(*args, **options)


@pytest.fixture
def written(aelus: Aelus, use_cases: UseCases, project: Path) -> GraphStore:
    async def write() -> None:
        (project / "shop/prices.py").write_text("# moved\n" + FILES["shop/prices.py"])
        await aelus.index(project)

    return cast("GraphStore", GraphBesideAWriter(use_cases.ports().graph, write))


async def test_calls_are_read_from_one_state_of_the_index(written: GraphStore, use_cases: UseCases) -> None:
    freshness = use_cases.read_freshness()
    callers = FindCalls(graph=written, close_names=use_cases.close_names(), freshness=freshness, direction=Direction.IN)
    before = (await use_cases.find_callers()(LOCAL_TENANT, "net_price"))[0].symbol.node
    found = await callers(LOCAL_TENANT, "net_price")
    assert found[0].symbol.node.start_line == before.start_line + 1
    assert found == await use_cases.find_callers()(LOCAL_TENANT, "net_price")


async def test_impact_is_read_from_one_state_of_the_index(written: GraphStore, use_cases: UseCases) -> None:
    assess = AssessImpact(graph=written, callers=use_cases.find_callers(), freshness=use_cases.read_freshness())
    assert await assess(LOCAL_TENANT, "net_price") == await use_cases.assess_impact()(LOCAL_TENANT, "net_price")


async def test_a_walk_is_read_from_one_state_of_the_index(written: GraphStore, use_cases: UseCases) -> None:
    traverse = TraverseGraph(graph=written, freshness=use_cases.read_freshness())
    start = await node_named(use_cases, "net_price")
    assert await traverse(LOCAL_TENANT, start) == await use_cases.traverse_graph()(LOCAL_TENANT, start)


def test_a_walk_answers_with_a_bounded_number_of_edges() -> None:
    nodes = [str(number) for number in range(MAX_EDGES + 9)]
    edges = [Edge(EdgeKind.CALLS, "0", node, "a.py", 1, Origin.LEXICAL, 0.9) for node in nodes[1:]]
    walk = Walk(start="0", limit=2000)
    for start in range(0, len(edges), 3000):
        walk.advance(edges[start : start + 3000], Direction.OUT)
    assert (len(walk.edges), walk.truncated) == (MAX_EDGES, True)


async def test_callers_are_found_in_other_files(aelus: Aelus) -> None:
    found = await aelus.callers("net_price")
    assert sorted(call.other.node.name for call in found[0].calls) == ["pay", "total"]


async def test_callees_are_found_with_their_lines(aelus: Aelus) -> None:
    found = await aelus.callees("pay")
    calls = {(call.other.node.name, call.edge.line) for call in found[0].calls if call.edge.kind is EdgeKind.CALLS}
    assert {("total", 7), ("net_price", 7)} <= calls


async def test_a_class_calls_what_its_constructors_call(aelus: Aelus, project: Path) -> None:
    text = "def opened(): pass\ndef closed(): pass\nclass Desk:\n    def __init__(self): opened()\n    def close(self): closed()\n"
    (project / "shop/desk.py").write_text(text)
    await aelus.index(project)
    found = await aelus.callees("Desk")
    assert [call.other.node.name for call in found[0].calls] == ["opened"]


async def test_what_is_called_is_not_listed_as_what_may_be(aelus: Aelus, project: Path) -> None:
    text = "interface Opts { done: () => void }\nfunction run({ done }: Opts) { done(); }\nrun({ done: () => 1 });\n"
    (project / "shop/runs.ts").write_text(text)
    await aelus.index(project)
    assert [call.edge.kind for call in (await aelus.callees("shop/runs.run"))[0].calls] == [EdgeKind.CALLS]


async def test_a_name_in_another_case_stands_in_where_nothing_is_written_so(aelus: Aelus, project: Path) -> None:
    (project / "shop/walks.py").write_text("class Route:\n    def Walk(self): pass\ndef walk(): pass\n")
    await aelus.index(project)
    asked = {name: [each.symbol.node.name for each in await aelus.callers(name)] for name in ("walk", "Walk", "WALK")}
    assert (asked["walk"], asked["Walk"], sorted(asked["WALK"])) == (["walk"], ["Walk"], ["Walk", "walk"])


async def test_a_construction_is_told_from_a_call(aelus: Aelus) -> None:
    found = await aelus.callers("Cart")
    assert {call.edge.kind for call in found[0].calls} == {EdgeKind.INSTANTIATES}


async def test_calls_beyond_the_limit_are_cut_off_and_said_to_be(aelus: Aelus) -> None:
    found = await aelus.callers("net_price", limit=1)
    assert (len(found[0].calls), found[0].truncated) == (1, True)


async def test_an_unknown_name_brings_the_closest(aelus: Aelus) -> None:
    with pytest.raises(NotFound, match="net_price"):
        await aelus.callers("nett_price")


@pytest.mark.parametrize("name", ["", " ", "x" * 501])
async def test_a_name_that_cannot_be_is_refused(aelus: Aelus, name: str) -> None:
    with pytest.raises(InvalidRequest):
        await aelus.callers(name)


@pytest.mark.parametrize("limit", [0, -1, 1001])
async def test_a_limit_out_of_range_is_refused(aelus: Aelus, limit: int) -> None:
    with pytest.raises(InvalidRequest):
        await aelus.callers("pay", limit=limit)


async def test_an_unknown_repository_brings_the_closest(aelus: Aelus) -> None:
    with pytest.raises(NotFound, match="project"):
        await aelus.callers("pay", repositories=["projct"])


async def test_a_traversal_goes_as_deep_as_asked(use_cases: UseCases) -> None:
    start = await node_named(use_cases, "net_price")
    traverse = use_cases.traverse_graph()
    one = await traverse(LOCAL_TENANT, start, kinds=[EdgeKind.CALLS], direction=Direction.IN, max_depth=1)
    assert sorted(found.node.name for found in one.nodes) == ["net_price", "pay", "total"]


async def test_a_traversal_names_the_edges_it_walked(use_cases: UseCases) -> None:
    start = await node_named(use_cases, "net_price")
    found = await use_cases.traverse_graph()(LOCAL_TENANT, start, kinds=[EdgeKind.CALLS], direction=Direction.IN, max_depth=10)
    assert len(found.edges) == 3
    assert not found.truncated


async def test_a_traversal_with_too_many_nodes_is_cut_off_and_said_to_be(use_cases: UseCases) -> None:
    start = await node_named(use_cases, "net_price")
    found = await use_cases.traverse_graph()(LOCAL_TENANT, start, direction=Direction.BOTH, max_depth=5, limit=3)
    assert (len(found.nodes), found.truncated) == (3, True)


async def test_source_is_the_text_of_the_node(use_cases: UseCases) -> None:
    found = await use_cases.read_source()(LOCAL_TENANT, await node_named(use_cases, "Cart.total"))
    assert found.text == "    def total(self) -> float:\n        return sum(net_price(item) for item in self.items)"


async def test_source_of_a_class_has_its_blank_lines(use_cases: UseCases) -> None:
    found = await use_cases.read_source()(LOCAL_TENANT, await node_named(use_cases, "Cart"))
    assert (found.start_line, found.text.count("\n")) == (4, 5)


async def test_what_lies_in_no_file_has_no_source(use_cases: UseCases) -> None:
    nodes = await use_cases.find_nodes()(LOCAL_TENANT, "shop", kinds=["Folder"])
    with pytest.raises(NotFound, match="no source text"):
        await use_cases.read_source()(LOCAL_TENANT, nodes[0].node.id)


async def test_search_finds_by_words(aelus: Aelus, indexed: IndexReport) -> None:
    hits = await aelus.search("take the tax off a price")
    assert (hits[0].chunk.path, hits[0].repository) == ("shop/prices.py", indexed.repository)
