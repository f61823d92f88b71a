"""Keys that are no names and no places: what has them is linked to its end, and so is what stands beside them."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter import Limits, TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import SourceUnit, link
from aelus.domain.numbers import natural
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0, limits=Limits(file_time_s=60))
LARGE = "9" * 5_000
NAMED_MAP = "package a\ntype M map[string]func()\nfunc (m M) run() {{}}\nfunc g() {{}}\nfunc f() {{\n  y := M{{{0}: g}}\n  y.run()\n}}\n"
STRUCT = (
    "package a\ntype T struct{{ f func() }}\nfunc g() {{}}\nfunc h() {{}}\nfunc m() {{\n  x := T{{{0}: g, f: h}}\n  x.f()\n  x.f()\n}}\n"
)


def called(path: str, source: str) -> list[str]:
    """Names of what is called, by line."""
    facts = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode())).facts
    assert facts is not None
    file = link([SourceUnit(path, facts, "")], traits=PARSER.traits(), manifests={}).files[path]
    names = {node.id: node.name for node in file.nodes}
    return [names.get(edge.dst, "?") for edge in file.edges if edge.kind is EdgeKind.CALLS]


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("", -1), ("²", -1), ("٣", -1), ("-1", -1), ("1a", -1), (LARGE, -1)])
def test_a_number_is_written_in_decimal_digits(text: str, number: int) -> None:
    assert natural(text) == number


@pytest.mark.parametrize("key", ['"²"', '"a,b"', '","', f'"{LARGE}"', LARGE, '""', '"²,²"'])
def test_a_key_of_a_go_literal_that_is_no_field_hides_nothing(key: str) -> None:
    assert called("a.go", NAMED_MAP.format(key)) == ["run"]
    assert set(called("a.go", STRUCT.format(key))) <= {"g", "h"}


def test_a_field_beside_keys_with_commas_keeps_what_it_is_given() -> None:
    assert called("a.go", STRUCT.format('"a,b"')) == ["h", "h"]


@pytest.mark.parametrize("key", ['"a,b":', '"a,b" =>', '"²":', '",":', f'"{LARGE}":'])
def test_arguments_by_odd_names_leave_the_others_in_place(key: str) -> None:
    source = f"def g; end\ndef f(x, k: 1, **rest)\n  x.call\nend\ndef m\n  f(-> {{ g }}, {key} 1, k: 2)\nend\n"
    assert "f" in called("a.rb", source)


def test_odd_keys_of_subscripts_and_slices_are_no_places() -> None:
    script = "const l = [f, g];\nfunction f() {{}}\nfunction g() {{}}\nfunction m() {{ l['²'](); l[{0}](); l.slice({0})[0](); l[1](); }}\n"
    assert "g" in called("a.js", script.format(LARGE))
    python = f"def f(): pass\ndef m(*a):\n  l = [f]\n  l[{LARGE}]()\n  l[{LARGE}:][0]()\n  l[:-{LARGE}][0]()\n  l[0]()\n  a[{LARGE}]()\n"
    assert "f" in called("a.py", python)
    texts = f'def f(): pass\ndef m():\n  f("{{{LARGE}}}".format(1)); f("{{²}}".format(1))\n'
    assert "f" in called("b.py", texts)
    assert "f" in called("a.lua", f'function f() end\nfunction m(...) select("²", ...); select({LARGE}, ...); f() end\n')


def test_very_large_numbers_of_macros_are_read_past() -> None:
    source = f"#define X {LARGE}\n#define Y 0x{LARGE}\n#if X > Y\n#endif\nvoid f(void) {{}}\nvoid m(void) {{ f(); }}\n"
    assert called("a.c", source) == ["f"]


def test_a_literal_hides_only_what_the_one_spread_in_it_surely_has() -> None:
    functions = "function f() {}\nfunction g() {}\n"
    deleted = "const a = { k: g };\ndelete a.k;\nconst b = { k: f, ...a };\nb.k();\n"
    assert "f" in called("a.js", functions + deleted)
    assert called("a.js", f"{functions}const b = {{ k: f, ...{{ k: g }} }};\nb.k();\n") == ["g"]


@pytest.mark.parametrize("numbers", [1, 3, 4, 9])
def test_a_variable_of_many_numbers_may_hold_a_name(numbers: int) -> None:
    stores = "".join(f"  if (n == {number}) i = {number};\n" for number in range(numbers))
    body = f'  let i = 0;\n{stores}  i = "k";\n  o[i]();\n'
    assert "f" in called("a.js", f"function f() {{}}\nconst o = {{ k: f }};\nfunction m(n) {{\n{body}}}\n")


def test_names_that_look_like_those_of_generic_types_stay_what_they_are() -> None:
    source = 'import * as m from "ext";\nm["a`1"]();\nm["a`2"]();\nm["x`²"]();\n'
    facts = PARSER.parse_one(ParseRequest(path="a.js", language="javascript", source=source.encode())).facts
    assert facts is not None
    graph = link([SourceUnit("a.js", facts, "")], traits=PARSER.traits(), manifests={})
    assert {node.name for node in graph.files[""].nodes} >= {"a`1", "a`2", "x`²"}
