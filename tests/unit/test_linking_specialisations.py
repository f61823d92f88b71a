"""Which of the specialisations of a template a call means: all, unless their type arguments are certain to differ."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0)
SOURCE = """template <typename T> struct V {}; struct A {}; struct B {}; typedef int number;
template <typename T> struct H { void run() {} };
template <> struct H<V<int>> { void run() {} };
template <> struct H<int> { void run() {} };
template <typename T, typename U = int> struct K { void run() {} };
template <> struct K<char, int> { void run() {} };
template <typename T> struct P { void run() {} };
template <> struct P<A> { void run() {} };
"""
MEANT = {
    "H<V<int>>": {2, 3, 4},
    "H<number>": {2, 3, 4},
    "H<int>": {4},
    "K<char>": {5, 6},
    "K<char, int>": {6},
    "K<char, char>": {5},
    "P<A>": {8},
    "P<B>": {7},
    "P<int>": {7},
    "P<Unknown>": {7, 8},
}


@pytest.mark.parametrize("written", MEANT)
def test_specialisations_are_left_out_if_their_arguments_are_certain_to_differ(written: str) -> None:
    assert _called(f"{SOURCE}void go() {{ {written} h; h.run(); }}\n") == MEANT[written]


PARTIAL = """struct A {};
template <typename T> struct H { void run() {} };
template <typename T> struct H<T*> { void run() {} };
template <> struct H<void*> { void run() {} };
template <typename K, typename V> struct P { void run() {} };
template <typename V> struct P<int, V> { void run() {} };
struct Box { H<int> plain; H<int*> pointers; };
"""
PARTS = {
    "H<int> h; h.run();": {2},
    "H<int*> h; h.run();": {3},
    "H<void*> h; h.run();": {4},
    "H<A*> h; h.run();": {2, 3},
    "P<int, char> p; p.run();": {6},
    "P<char, int> p; p.run();": {5},
    "Box b; b.plain.run();": {2},
    "Box b; b.pointers.run();": {3},
}


@pytest.mark.parametrize("body", PARTS)
def test_a_partial_specialisation_is_chosen_where_its_pattern_matches(body: str) -> None:
    assert _called(f"{PARTIAL}void go() {{ {body} }}\n") == PARTS[body]


def test_a_pattern_of_many_parts_ends_in_bounded_time() -> None:
    parameters = ", ".join(f"typename T{number}" for number in range(25))
    pattern = "*".join(f"T{number}" for number in range(25))
    special = f"template <{parameters}> struct H<{pattern}> {{ void run() {{}} }};\n"
    assert _called(f"template <typename T> struct H {{ void run() {{}} }};\n{special}void go() {{ H<int{'*' * 60}> h; h.run(); }}\n")


def _called(source: str) -> set[int]:
    """First lines of the functions `run` that are called."""
    facts = PARSER.parse_one(ParseRequest(path="a.cpp", language="cpp", source=source.encode())).facts
    assert facts is not None
    graph = link([SourceUnit("a.cpp", facts, "")], traits=PARSER.traits(), manifests={})
    lines = {node.id: node.start_line for file in graph.files.values() for node in file.nodes if node.name == "run"}
    edges = [edge for file in graph.files.values() for edge in file.edges if edge.kind is EdgeKind.CALLS]
    return {lines[edge.dst] for edge in edges if edge.dst in lines}
