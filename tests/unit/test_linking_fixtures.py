"""Annotated sources say under a line of code what is linked there: `# ^ call -> a.b, a.c`, `# ^ nothing`.

An overload is named with its parameters as they are written: `call -> a.b(int x)`.
Each folder of `tests/fixtures/linking` is one repository. The expectation is exact: all `CALLS` and `INSTANTIATES` edges of the line above.
"""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import CodeNode, EdgeKind
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.ports.parser import ParseRequest

FIXTURES = Path(__file__).parent.parent / "fixtures" / "linking"
EXPECTATION = re.compile(r"^\s*(?:#|//|--)\s*\^\s*(?:(\w+) -> (.+)|nothing)$")
PARAMETERS = re.compile(r"\([^)]*\)")
NAME_SEPARATOR = re.compile(r",(?![^()]*\))")
KINDS = {
    "call": (EdgeKind.CALLS, EdgeKind.INSTANTIATES),
    "dispatch": (EdgeKind.DISPATCHES,),
    "import": (EdgeKind.IMPORTS,),
    "inherit": (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS),
    "override": (EdgeKind.OVERRIDES,),
    "read": (EdgeKind.REFERENCES,),
}
FILES = sorted(path for path in FIXTURES.rglob("*.*") if path.is_file())
CASES = [path.relative_to(FIXTURES).as_posix() for path in FILES if " ^ " in path.read_text()]


@cache
def sources(language: str) -> tuple[list[SourceUnit], dict[str, str]]:
    parser = TreesitterParser(jobs=0)
    root = FIXTURES / language
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    units, manifests = [], {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        if not (room := parser.language_of(name)):
            manifests[name] = path.read_text()
            continue
        outcome = parser.parse_one(ParseRequest(path=name, language=room, source=path.read_bytes()))
        assert outcome.facts is not None, outcome
        units.append(SourceUnit(name, outcome.facts, ""))
    return units, manifests


@cache
def linked(language: str) -> LinkedGraph:
    units, manifests = sources(language)
    return link(units, traits=TreesitterParser(jobs=0).traits(), manifests=manifests)


def expectations(text: str) -> dict[tuple[int, str], set[str]]:
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    code_line = 0
    for number, line in enumerate(text.splitlines(), 1):
        match = EXPECTATION.match(line)
        if match is None:
            code_line = number
        else:
            names = NAME_SEPARATOR.split(match.group(2) or "")
            found[code_line, match.group(1) or "call"] |= {name.strip() for name in names if name.strip()}
    return found


def with_parameters(node: CodeNode) -> str:
    constant = " const" if node.signature.endswith(") const") else ""
    parameters = PARAMETERS.search(node.signature)
    return node.qualified_name + (parameters.group() + constant if parameters else "")


@pytest.mark.parametrize("case", CASES)
def test_each_line_links_to_what_its_comment_says(case: str) -> None:
    language, _, path = case.partition("/")
    graph = linked(language)
    nodes = {node.id: node for file in graph.files.values() for node in file.nodes}
    wanted = expectations((FIXTURES / case).read_text())
    overloads = {name for names in wanted.values() for name in names if name.endswith((")", ") const"))}
    actual: dict[tuple[int, EdgeKind], set[str]] = defaultdict(set)
    for edge in graph.files[path].edges:
        name, node = with_parameters(nodes[edge.dst]), nodes[edge.dst]
        actual[edge.line, edge.kind].add(name if name in overloads else node.qualified_name)
    assert wanted
    shown = {key: set().union(*(actual[key[0], kind] for kind in KINDS[key[1]])) for key in wanted}
    assert shown == wanted


def test_what_the_body_of_a_class_calls_is_called_by_what_is_around_it() -> None:
    graph = linked("python")
    nodes = {node.id: node for file in graph.files.values() for node in file.nodes}
    calls = [edge for edge in graph.files["making.py"].edges if edge.kind is EdgeKind.INSTANTIATES]
    assert [nodes[edge.src].qualified_name for edge in calls if nodes[edge.dst].name == "Named"] == ["making"]


@pytest.mark.parametrize("language", sorted({case.partition("/")[0] for case in CASES}))
def test_what_linking_is_done_with_goes_with_it(language: str) -> None:
    (units, manifests), traits = sources(language), TreesitterParser(jobs=0).traits()
    link(units, traits=traits, manifests=manifests)  # what is kept for good is made by now
    gc.collect()
    gc.disable()
    try:
        link(units, traits=traits, manifests=manifests)
        left = gc.collect()
    finally:
        gc.enable()
    assert not left, "parts of linking keep each other in circles: have `ValueFlow.let_go` forget what is made late"
