"""Programs of very many structs of functions are linked to their end."""

from __future__ import annotations

import itertools

from aelus.adapters.treesitter import Limits, TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0, limits=Limits(file_time_s=60))


def linked(path: str, source: str) -> LinkedGraph:
    facts = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode())).facts
    assert facts is not None
    return link([SourceUnit(path, facts, "")], traits=PARSER.traits(), manifests={})


def calls(graph: LinkedGraph) -> int:
    return sum(edge.kind is EdgeKind.CALLS for file in graph.files.values() for edge in file.edges)


def test_structs_that_are_assigned_to_each_other_in_layers_are_looked_at_once() -> None:
    names = [[f"v{layer}_{number}" for number in range(11)] for layer in range(20)]
    declared = "".join(f"struct S *{name};\n" for layer in names for name in layer)
    passed = "".join(f"{to} = {of};\n" for one, other in itertools.pairwise(names) for to in one for of in other)
    stored = "".join(f"{name}->f = p; {name}->f();\n" for layer in names for name in layer)
    head = "struct S { void (*f)(void); };\nvoid p(void) {}\nvoid q(void) {}\nstruct S a = {p}, b = {q};\n"
    graph = linked("a.c", f"{head}{declared}void go(void) {{\n{passed}{stored}{names[-1][0]} = &a;\n}}\n")
    assert calls(graph) >= 220
