"""Packages of folders in repositories that have no manifest: where the imports say which path the root has."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from types import MappingProxyType

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0)
FOLDERS = {"list/list.go": "package list\nfunc New() {}\n", "set/set.go": "package set\nfunc Add() {}\n"}


def called(*imported: str, beside: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Qualified names of what a file calls which imports these packages."""
    lines = "".join(f'import p{number} "{path}"\n' for number, path in enumerate(imported))
    calls = "".join(f"  p{number}.New()\n" for number in range(len(imported)))
    units = []
    for path, source in {**FOLDERS, **beside, "main.go": f"package main\n{lines}func main() {{\n{calls}}}\n"}.items():
        facts = PARSER.parse_one(ParseRequest(path=path, language="go", source=source.encode())).facts
        assert facts is not None
        units.append(SourceUnit(path, facts, ""))
    graph = link(units, traits=PARSER.traits(), manifests={})
    names = {node.id: node.qualified_name for file in graph.files.values() for node in file.nodes if node.path}
    return [names[edge.dst] for edge in graph.files["main.go"].edges if edge.kind is EdgeKind.CALLS and edge.dst in names]


def test_the_root_is_what_its_folders_are_imported_below() -> None:
    assert called("example.org/shop/list", "example.org/shop/set", "fmt") == ["example.org/shop/list.New"]


def test_a_package_that_is_not_checked_in_takes_no_others_away() -> None:
    assert called("example.org/shop/list", "example.org/shop/set", "example.org/shop/made") == ["example.org/shop/list.New"]


def test_one_folder_of_the_name_does_not_make_a_root() -> None:
    assert called("example.org/other/list") == []
    assert called("example.org/shop/set", "example.net/some/list") == []


def test_a_path_below_which_more_is_missing_is_another_repository() -> None:
    missing = [f"example.org/other/tree{number}" for number in range(2)]
    assert called("example.org/other/list", "example.org/other/set", *missing) == []


def test_of_several_paths_that_is_the_root_which_more_folders_are_below() -> None:
    assert called("example.org/zoo/list", "example.org/app/list", "example.org/app/set") == ["example.org/app/list.New"]


def test_of_paths_with_as_many_folders_none_is_the_root() -> None:
    both = [f"example.org/{root}/{folder}" for root in ("app", "zoo") for folder in ("list", "set")]
    assert called(*both) == []


def test_what_is_vendored_makes_no_root() -> None:
    vendored = {f"vendor/example.org/x/{folder}/a.go": f"package {folder}\nfunc Other() {{}}\n" for folder in ("list", "set")}
    assert called("example.org/x/list", "example.org/x/set", beside=vendored) == []


def test_a_path_of_very_many_parts_is_looked_at_in_bounded_memory() -> None:
    tracemalloc.start()
    try:
        assert called("a/" * 16_000 + "list", "example.org/shop/list", "example.org/shop/set") == ["example.org/shop/list.New"]
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()
