"""Signatures: one clean line each."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.ports.parser import ParseRequest

DEEP = "(" * 3_000 + "int" + ")" * 3_000
PARSER = TreesitterParser(jobs=0)


def signatures(path: str, source: str) -> list[str]:
    facts = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode())).facts
    assert facts is not None
    return [definition.signature for definition in facts.definitions]


@pytest.mark.parametrize(
    ("path", "source", "signature"),
    [
        ("a.ts", "type Back<T> = (e: Error | null, value?: T) => void;", "type Back<T> = (e: Error | null, value?: T) => void"),
        ("a.ts", "type O =\n  // text\n  | string\n  | number;", "type O = | string | number"),
        ("a.ts", "export type List = Array<Set<string>>;", "type List = Array<Set<string>>"),
        ("a.ts", 'function f(\n  a: A, // it\n  /* how */ u = "http://x",\n): void {}', 'function f(a: A, u = "http://x"): void'),
        ("a.js", "/**\n * @typedef { import('./o.js').Option } Option\n */\nvar a = 1;", "@typedef { import('./o.js').Option } Option"),
        ("a.js", "const {\n  one, // old\n  two,\n} = given;", "{ one, two, } = given"),
        ("a.py", "Big = Union[\n    str,  # text\n    int,\n]\n", "Big = Union[str, int]"),
        ("a.py", "type Pair[T] = tuple[\n    T,\n    T,\n]  # both\n", "type Pair[T] = tuple[T, T]"),
        ("a.py", "def f(\n    a: int,  # first\n    b: int = 2,\n) -> int:\n    pass\n", "def f(a: int, b: int = 2) -> int"),
        ("a.py", "Big: TypeAlias = Union[\n    str,\n    int,\n]\n", "Big: TypeAlias = Union[str, int]"),
        ("a.h", "typedef unsigned long size_type;", "typedef unsigned long size_type"),
        ("a.h", "typedef int (*dump_t)(char *b, /* its */ size_t n);", "typedef int (*dump_t)(char *b, size_t n)"),
        ("a.h", "typedef enum { A, B } json_type;", "enum json_type"),
        ("a.cpp", "using Map = std::map<std::string,\n                     int>;", "using Map = std::map<std::string, int>"),
        ("a.rs", "type Big =\n    HashMap<String,\n            Vec<u8>>;", "type Big = HashMap<String, Vec<u8>>"),
        ("a.kt", "typealias Names = List<String>", "typealias Names = List<String>"),
    ],
)  # fmt: skip
def test_a_signature_is_one_clean_line(path: str, source: str, signature: str) -> None:
    assert signature in signatures(path, source)


@pytest.mark.parametrize("source", [f"type Deep = {DEEP}; // end", "type Wide = " + " | // x\n".join(["int"] * 50_000) + ";"])
def test_a_head_of_any_size_is_cut(source: str) -> None:
    assert all(len(one) <= 400 for one in signatures("a.ts", source))
