"""What is done to a source before the grammar reads it: directives and macros of no meaning are blanked at the same width."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter.conditionals import without_conditionals, without_empty_macros


def squeezed(source: bytes) -> bytes:
    return b" ".join(source.split())


def test_positions_stay() -> None:
    source = b"#ifdef A\nint a;\n#else\nint b;\n#endif\n"
    read = without_conditionals(source)
    assert len(read) == len(source)
    assert read.index(b"int b") == source.index(b"int b")


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (b"#ifdef A\nf();\n#else\ng();\n#endif\n", b"f(); g();"),
        (b"#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n}\n", b"if (a) { }"),
        (b"x = y\n#ifdef A\n+ f()\n#else\n+ g()\n#endif\n;", b"x = y + f() ;"),
        (b"#if 0\n'\n#else\nf();\n#endif\n", b"f();"),
        (b"#if 1\nf();\n#else\ng();\n#endif\n", b"f();"),
        (b'#if A\nf("}");\n#elif B\n#if C\ng();\n#endif\n#endif\n', b'f("}"); g();'),
        (b"#if defined(A) && \\\n defined(B)\nf();\n#endif\n", b"f();"),
        (b"#endif\n#else\nf();\n", b"f();"),
        (b"#if A\nf();\n", b"f();"),
    ],
)
def test_branches_are_read_where_they_fit(source: bytes, read: bytes) -> None:
    assert squeezed(without_conditionals(source)) == read


def test_macros_that_stand_for_nothing_are_blanked() -> None:
    source = b"#define API\n#define HOT __attribute__((hot))\n#define ONE 1\nAPI HOT int f(int a) { return ONE; }"
    assert squeezed(without_empty_macros(source)).endswith(b"#define ONE 1 int f(int a) { return ONE; }")
