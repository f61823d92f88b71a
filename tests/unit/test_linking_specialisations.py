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
    source = f"{SOURCE}void go() {{ {written} h; h.run(); }}\n"
    facts = PARSER.parse_one(ParseRequest(path="a.cpp", language="cpp", source=source.encode())).facts
    assert facts is not None
    graph = link([SourceUnit("a.cpp", facts, "")], traits=PARSER.traits(), manifests={})
    lines = {node.id: node.start_line for file in graph.files.values() for node in file.nodes if node.name == "run"}
    edges = [edge for file in graph.files.values() for edge in file.edges if edge.kind is EdgeKind.CALLS]
    assert {lines[edge.dst] for edge in edges if edge.dst in lines} == MEANT[written]
