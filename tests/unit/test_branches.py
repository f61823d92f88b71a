"""Which branches of conditional directives are left out."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter.branches import left_out

PREDEFINED = {"__unix__": 1, "__GNUC__": 12}
TAKEN = ["#if 1", "#ifdef __unix__", "#ifndef _WIN32", "#if !defined(_WIN32) && __GNUC__ >= 4", "#if 0x10 == 16UL", "#if (1 + 1) * 2 == 4"]
LEFT = ["#if 0", "#ifdef _WIN32", "#if _MSC_VER > 1900", "#if __has_feature(modules)", "#if defined _WIN32 || !defined(__unix__)"]


@pytest.mark.parametrize("condition", TAKEN)
def test_a_branch_whose_condition_holds_is_read(condition: str) -> None:
    source = f"{condition}\nint a;\n#else\nint b;\n#endif\n".encode()
    assert [source[start:end].strip() for start, end in left_out(source, PREDEFINED)] == [b"int b;"]


@pytest.mark.parametrize("condition", LEFT)
def test_a_branch_whose_condition_does_not_hold_is_left_out(condition: str) -> None:
    source = f"{condition}\nint a;\n#elif __unix__\nint b;\n#else\nint c;\n#endif\n".encode()
    assert [source[start:end].strip() for start, end in left_out(source, PREDEFINED)] == [b"int a;", b"int c;"]


def test_macros_of_the_file_are_known_behind_their_definition() -> None:
    source = b"#define FAST 2 /* yes */\n#if FAST < 2\na\n#endif\n#undef FAST\n#ifdef FAST\nb\n#endif\n"
    assert [source[start:end].strip() for start, end in left_out(source, {})] == [b"a", b"b"]


@pytest.mark.parametrize(
    "source", [b"#endif\n#else\n", b"#if (((\nx\n#endif", b"#if 1 +\nx\n", b"#if " + b"(" * 100_000 + b"\nx\n#endif\n"]
)
def test_what_is_no_condition_is_read(source: bytes) -> None:
    assert left_out(source, {}) == []
