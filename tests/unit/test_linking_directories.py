"""Packages of folders in repositories that have no manifest: where the imports say which path the root has."""

from __future__ import annotations

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0)
FOLDERS = {"list/list.go": "package list\nfunc New() {}\n", "set/set.go": "package set\nfunc Add() {}\n"}


def called(*imported: str) -> list[str]:
    """Qualified names of what a file calls which imports these packages."""
    lines = "".join(f'import p{number} "{path}"\n' for number, path in enumerate(imported))
    calls = "".join(f"  p{number}.New()\n" for number in range(len(imported)))
    units = []
    for path, source in {**FOLDERS, "main.go": f"package main\n{lines}func main() {{\n{calls}}}\n"}.items():
        facts = PARSER.parse_one(ParseRequest(path=path, language="go", source=source.encode())).facts
        assert facts is not None
        units.append(SourceUnit(path, facts, ""))
    graph = link(units, traits=PARSER.traits(), manifests={})
    names = {node.id: node.qualified_name for file in graph.files.values() for node in file.nodes if node.path}
    return [names[edge.dst] for edge in graph.files["main.go"].edges if edge.kind is EdgeKind.CALLS and edge.dst in names]


def test_the_root_is_what_its_folders_are_imported_below() -> None:
    assert called("example.org/shop/list", "fmt") == ["example.org/shop/list.New"]


def test_a_path_below_which_something_is_missing_is_another_repository() -> None:
    assert called("example.org/other/list", "example.org/other/tree") == []


def test_of_several_paths_that_is_the_root_which_more_folders_are_below() -> None:
    assert called("example.org/zoo/list", "example.org/app/list", "example.org/app/set") == ["example.org/app/list.New"]
