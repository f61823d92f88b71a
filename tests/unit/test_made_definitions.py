"""What macros of a preprocessor make, within bounds."""

from __future__ import annotations

from aelus.adapters.treesitter.macros.made_definitions import with_made_definitions


def test_a_macro_is_not_used_in_what_it_makes() -> None:
    made, _ = with_made_definitions(b"#define A(x) A(x) B(x)\n#define B(x) int f_##x; A(x)\nA(one)\n")
    assert made.count(b"int f_one;") == 1


def test_uses_of_macros_in_each_other_end() -> None:
    source = b"#define A(x) B(x) B(x)\n#define B(x) A(x) A(x)\n" + b"A(1)\n" * 2000
    assert len(with_made_definitions(source)[0]) < 4 * len(source)


def test_a_macro_of_another_file_stays() -> None:
    assert with_made_definitions(b"DEFINE_LIST(ints)\n") == (b"DEFINE_LIST(ints)\n", None)


def test_what_stands_behind_a_macro_without_text_keeps_its_place() -> None:
    source = b"#define EMPTY(a)\n#define SPACE(a) \n#define MAKE(a) int a;\nEMPTY(b)\nSPACE(b)\nMAKE(b)\nint end;\n"
    made, places = with_made_definitions(source)
    assert places is not None
    assert source[places.origin(made.index(b"end")) :].startswith(b"end;")
