"""What a room blanks before the grammar reads a file."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.blanks import Blanks
from aelus.adapters.treesitter.room import load
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0)
HEADER = "extern int f P_((int a, int (*back)(int)));\nextern int *\ng P_((int a));\n"
SOURCES = {
    "a.h": HEADER,
    "f.c": '#include "a.h"\nint f(int a, int (*back)(int)) { return *g(a); }\nint *g(int a) { return 0; }\n',
    "m.c": '#include "a.h"\n#define W(x) x\nint run(void) { return W((1)) + f(1, 0); }\n',
}
MACROS = b"""
OPEN_ROOM
struct LIB_API Box { int put(int a) LIB_NOEXCEPT; };
LIB_INLINE static int
count(int a);
extern int LIB_CALL take(void); LIB_API int give(void);
LIB_DECLARE(box, int)
int (*f)() = g;
LIB_API
LIB_CONST int *last(void);
"""


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_patterns_find_on_marked_lines_what_they_find_anywhere(language: str) -> None:
    blanks = load(language)["blanks"]
    marked = Blanks({"patterns": blanks["patterns"], "mark": blanks["mark"]}).blank(MACROS)
    assert marked == Blanks({"patterns": blanks["patterns"]}).blank(MACROS)
    assert b"LIB_CONST" not in marked
    assert len(marked) == len(MACROS)


@pytest.mark.parametrize("suffix", ["", "pp"])
def test_a_prototype_whose_parameters_a_macro_is_given_is_one(suffix: str) -> None:
    units = []
    for name, source in SOURCES.items():
        path = name if name.endswith(".h") else name + suffix
        outcome = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode()))
        assert outcome.facts is not None
        units.append(SourceUnit(path, outcome.facts, ""))
    graph = link(units, traits=PARSER.traits(), manifests={})
    nodes = {node.id: (node.name, node.path) for file in graph.files.values() for node in file.nodes}
    found = {(edge.line, nodes[edge.dst]) for file in graph.files.values() for edge in file.edges if edge.kind is EdgeKind.CALLS}
    assert {(2, ("g", "f.c" + suffix)), (3, ("f", "f.c" + suffix))} <= found
