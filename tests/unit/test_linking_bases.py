"""What a class extends, and what it implements."""

from __future__ import annotations

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0)


def bases(path: str, source: str) -> set[tuple[EdgeKind, str, str]]:
    facts = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode())).facts
    assert facts is not None
    graph = link([SourceUnit(path, facts, "")], traits=PARSER.traits(), manifests={})
    kinds = {node.id: f"{node.kind} {node.name}" for node in graph.files[path].nodes}
    return {(e.kind, kinds[e.src], kinds[e.dst]) for e in graph.files[path].edges if e.kind in (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)}


def test_a_class_that_an_interface_adds_to_is_inherited_from() -> None:
    found = bases("a.ts", "class B { m() {} }\ninterface B { x: number }\nclass A extends B {}\n")
    assert (EdgeKind.INHERITS, "Class A", "Class B") in found
    assert not any(kind is EdgeKind.IMPLEMENTS for kind, _, _ in found)


def test_interfaces_among_the_bases_of_a_class_are_implemented() -> None:
    found = bases("a.cs", "interface I {}\nclass B {}\nclass A : B, I {}\n")
    assert found == {(EdgeKind.INHERITS, "Class A", "Class B"), (EdgeKind.IMPLEMENTS, "Class A", "Interface I")}
