"""Macros by example: what a file's own macros make is read where they are invoked."""

from __future__ import annotations

import pytest
from tree_sitter import Parser

from aelus.adapters.treesitter.macros.expansion import GROWTH_BYTES, expanded
from aelus.adapters.treesitter.macros.made_definitions import with_made_definitions
from aelus.adapters.treesitter.room import room
from aelus.adapters.treesitter.work import Limits, parse_file
from aelus.domain.facts import EXPANDED, Definition, FileFacts

GETTERS = """macro_rules! getter {
    ($name:ident, $type:ty) => {
        fn $name(&self) -> &$type { &self.$name }
    };
}
struct Point { x: u8, y: u8 }
impl Point { getter!(x, u8); getter!(y, u8); }
"""
CASES = """macro_rules! each { ($value:expr, |$name:ident| $body:expr) => { match $value {
    Any::A($name) => $body,
    Any::B($name) => $body,
} }; }
fn run(any: Any) -> u8 {
    each!(any,
        |it| it.size())
}
"""
LARGE = "x" * 1000


def facts(text: str) -> FileFacts:
    return parse_file("rust", text.encode(), Limits())


def named(found: FileFacts, name: str) -> list[Definition]:
    return [definition for definition in found.definitions if definition.name == name]


def text_of(source: str) -> str:
    known = room("rust")
    assert known.macros is not None
    parser = Parser(known.grammar)
    return expanded(source.encode(), parser.parse(source.encode()), known.macros.query, parser.parse)[0].decode()


def test_a_macro_makes_definitions_that_stand_where_the_macro_does() -> None:
    (getter,) = named(facts(GETTERS), "x")[1:]
    assert (getter.kind, getter.start_line, getter.end_line, getter.line) == ("Method", 3, 3, 7)
    assert EXPANDED in getter.modifiers


def test_what_a_macro_is_given_stands_where_it_is_written() -> None:
    calls = [reference.line for reference in facts(CASES).references if reference.kind == "call"]
    assert calls == [6, 7, 7]


def test_a_call_of_the_macro_itself_stays() -> None:
    assert text_of(CASES).count("each!(/**/);") == 1


def test_the_lines_of_a_file_are_those_that_are_written() -> None:
    assert facts(CASES).lines == CASES.count("\n")


def test_what_no_rule_matches_stays_as_it_is() -> None:
    source = "macro_rules! m { (a) => { f() }; }\nfn g() { m!(b); }\n"
    assert text_of(source) == source


@pytest.mark.parametrize(
    ("pattern", "given", "body", "made"),
    [
        ("$($x:expr),* $(,)?", "1, f(2, 3),", "[$($x),*]", "[ 1 , (f(2, 3)) ]"),
        ("$t:ty = $v:expr", "Vec<Vec<u8>> = h", "a::<$t>($v)", "a::< Vec<Vec<u8>> >( h )"),
        ("$($k:ident => $v:tt);+", "a => [1]; b => 'c'", "$(k($k, $v);)+", "k( a ,  [1] );k( b ,  'c' );"),
        ("$v:vis $n:ident", "pub(crate) a", "{ $v fn $n() {} }", "{  pub(crate)  fn  a () {} }"),
        ("$f:literal $l:lifetime", "-1 'a", "z($f)", "z( -1 )"),
        ("{$p:pat => $b:block}", "{Some(x) | None => { y }}", "match v { $p => $b }", "match v {  Some(x) | None  =>  { y }  }"),
    ],
)
def test_fragments_end_where_the_language_says(pattern: str, given: str, body: str, made: str) -> None:
    text = text_of(f"macro_rules! m {{ ({pattern}) => {{ {body} }}; }}\nfn g() -> u8 {{ m!({given}) }}\n")
    assert made in text


@pytest.mark.parametrize(
    "rule",
    [
        "() => { m!(); m!() };",
        "($($t:tt)*) => { m!($($t)* $($t)*) };",
        "($($a:tt)*) => { $( $( $a )* )* };",
        "(" + "$(" * 200 + ")*" * 200 + ") => {};",
        f"($a:tt) => {{ {LARGE * 40} }};",
    ],
)
def test_a_macro_that_grows_without_end_is_left_at_some_point(rule: str) -> None:
    source = f"macro_rules! m {{ {rule} }}\nfn g() {{ " + "m!(a); " * 1500 + "m!(); }\n"
    assert len(text_of(source)) <= len(source) + 3 * GROWTH_BYTES


def test_uses_that_multiply_in_each_macro_and_end_in_nothing_are_read_to_a_bound() -> None:
    levels = b"".join(b"#define M%d(x) %s\n" % (level, b" ".join([b"M%d(x)" % (level + 1)] * 100)) for level in range(7))
    source, _ = with_made_definitions(b"#define M7(x)\n" + levels + b"M0(a)\nint y;\n" * 100)
    assert b"int y;" in source


def test_all_rows_of_a_long_list_are_made() -> None:
    rows = b" ".join(b"X(n%d)" % number for number in range(700))
    source, _ = with_made_definitions(b"#define LIST(X) %s\n#define ROW(n) int n;\nLIST(ROW)\n" % rows)
    assert b"int n699;" in source
