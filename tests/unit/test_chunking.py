from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.chunking import MAX_BYTES, TARGET_BYTES, embedding_text
from aelus.domain.graph import content_hash
from outlined_source import Block, OutlinedSource, chunks_of, function

NAMES = st.sampled_from(["a", "b", "total", "render"])
TEXTS = st.sampled_from(["", "x = 1", "# a remark", "return self.total + 'ä' * 3", "y = [" + "1, " * 40 + "]", "  }", "z" * 5000])
BODIES = st.recursive(
    st.lists(TEXTS, max_size=30).map(tuple),
    lambda inner: st.lists(st.one_of(TEXTS, st.builds(Block, st.sampled_from(["Class", "Function"]), NAMES, inner)), max_size=8).map(tuple),
    max_leaves=12,
)


def test_each_function_is_a_chunk_of_its_own() -> None:
    chunks = chunks_of(function("first"), "", function("second"))
    assert [(chunk.kind, chunk.qualified_name) for chunk in chunks] == [("Function", "shop.cart.first"), ("Function", "shop.cart.second")]
    assert chunks[0].node_id == "node of shop.cart.first"


def test_a_comment_above_a_function_belongs_to_it() -> None:
    _, second = chunks_of(function("first"), "", "# adds up", "# the prices", function("second"))
    assert second.text.startswith("# adds up\n# the prices\ndef second:")


def test_the_top_level_of_a_file_is_a_chunk_of_its_module() -> None:
    head, _ = chunks_of("import os", "import sys", "", "LIMIT = 1", "", function("first"))
    assert (head.kind, head.qualified_name, head.node_id) == ("Module", "shop.cart", "module")
    assert head.text.endswith("LIMIT = 1\ndef first:")


def test_a_small_class_is_one_chunk() -> None:
    (chunk,) = chunks_of(Block("Class", "Cart", (Block("Method", "add", ("x = 1",)), "", Block("Method", "total", ("x = 2",)))))
    assert (chunk.kind, chunk.qualified_name) == ("Class", "shop.cart.Cart")


def test_a_large_class_is_its_header_with_signatures_and_its_members() -> None:
    members = tuple(function(name, kind="Method") for name in ("add", "total", "clear"))
    header, *rest = chunks_of(Block("Class", "Cart", ('"""Holds articles."""', "", *members)))
    assert header.text == 'class Cart:\n    """Holds articles."""\n    def add:\n    def total:\n    def clear:'
    assert (header.start_line, header.end_line, header.node_id) == (1, 2, "node of shop.cart.Cart")
    assert [chunk.qualified_name.rpartition(".")[2] for chunk in rest[:3]] == ["add", "total", "clear"]


def test_even_tiny_functions_are_found_by_their_own_names() -> None:
    chunks = chunks_of(*(function(name, 1) for name in "abc"))
    assert [chunk.qualified_name for chunk in chunks] == ["shop.cart.a", "shop.cart.b", "shop.cart.c"]


def test_a_few_lines_between_definitions_go_with_the_one_before() -> None:
    first, second = chunks_of(function("first"), "registry.add(first)", function("second"))
    assert first.text.endswith("registry.add(first)")
    assert (first.qualified_name, second.qualified_name) == ("shop.cart.first", "shop.cart.second")


def test_a_long_function_is_cut_between_its_outer_statements() -> None:
    block = tuple(line for number in range(40) for line in (f"if ready_{number}:", "    first = prepare()", "    second = finish()"))
    first, second, *_ = chunks_of(Block("Function", "long", block))
    assert second.text.startswith("    if ready_")
    assert first.node_id == second.node_id == "node of shop.cart.long"


def test_a_function_within_a_long_one_is_found_by_its_own_name() -> None:
    chunks = chunks_of(Block("Function", "outer", (*["x = 1"] * 150, function("inner"), *["y = 1"] * 150)))
    assert "shop.cart.outer.inner" in {chunk.qualified_name for chunk in chunks}


def test_a_file_without_definitions_is_cut_by_size() -> None:
    chunks = chunks_of(*["value = compute(1, 2, 3)"] * 500)
    assert all(len(chunk.text) <= TARGET_BYTES for chunk in chunks)


def test_equal_texts_of_one_file_are_chunks_of_their_own() -> None:
    first, second = chunks_of(function("same"), "", function("same"))
    assert first.id != second.id
    assert first.content_hash == second.content_hash


def test_a_function_that_moves_down_keeps_its_id() -> None:
    (still,), (_, moved) = chunks_of(function("f")), chunks_of(*["import a_long_name"] * 20, "", function("f"))
    assert (still.id, still.start_line + 21) == (moved.id, moved.start_line)


def test_line_ends_and_byte_order_marks_do_not_change_the_text() -> None:
    outlined = OutlinedSource().write((function("f"), "", function("g")))
    windows = outlined.chunks(b"\xef\xbb\xbf" + outlined.text.replace("\n", "\r\n").encode())
    assert [chunk.text for chunk in windows] == [chunk.text for chunk in outlined.chunks()]


def test_a_binary_or_blank_file_has_no_chunks() -> None:
    assert OutlinedSource().chunks(b"\x7fELF\0") == ()
    assert OutlinedSource().chunks(b"\n  \n\n") == ()


def test_definitions_that_the_source_does_not_hold_do_no_harm() -> None:
    outlined = OutlinedSource().write((function("f"), function("g")))
    assert [chunk.text for chunk in outlined.chunks(b"x = 1\n")] == ["x = 1"]


def test_a_hash_names_what_is_embedded() -> None:
    (chunk,) = chunks_of(function("f"))
    assert embedding_text(chunk).startswith("shop/cart.py\nshop.cart.f\ndef f:")
    assert chunk.content_hash == content_hash(embedding_text(chunk).encode())


@given(BODIES)
def test_every_line_that_is_not_blank_is_in_a_chunk_and_in_no_two(parts: tuple[Block | str, ...]) -> None:
    outlined = OutlinedSource().write(parts)
    places = {(chunk.start_line, chunk.end_line) for chunk in outlined.chunks()}
    covered = [line for start, end in places for line in range(start, end + 1)]
    assert len(covered) == len(set(covered))
    assert {number for number, line in enumerate(outlined.lines, 1) if line.strip()} <= set(covered)


@given(BODIES)
def test_a_chunk_begins_with_its_lines_as_they_stand_in_the_file(parts: tuple[Block | str, ...]) -> None:
    outlined = OutlinedSource().write(parts)
    for chunk in outlined.chunks():
        stands = "\n".join(outlined.lines[chunk.start_line - 1 : chunk.end_line])
        assert chunk.text.startswith(stands) or (chunk.start_line == chunk.end_line and chunk.text in stands)


@given(BODIES)
def test_chunks_are_ordered_bounded_and_always_the_same(parts: tuple[Block | str, ...]) -> None:
    outlined = OutlinedSource().write(parts)
    chunks = outlined.chunks()
    assert [chunk.start_line for chunk in chunks] == sorted(chunk.start_line for chunk in chunks)
    assert all(0 < len(chunk.text.encode()) <= MAX_BYTES for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert outlined.chunks() == chunks
