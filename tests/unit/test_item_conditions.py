"""Which items attributes leave out, and under what conditions others stand."""

from __future__ import annotations

import pytest
from tree_sitter import Parser

from aelus.adapters.treesitter.item_conditions import items_left_out
from aelus.adapters.treesitter.room import room
from aelus.domain.conditions import decided

RUST = room("rust")
KEPT = ["unix", "all(unix, not(windows))", 'any(windows, target_os = "linux")', "not(any(miri, loom))", 'any(unix, feature = "std")']
LEFT = ["windows", "test", 'all(unix, target_arch = "wasm32")', "any()", 'all(windows, feature = "std")']
OPEN = [('feature = "std"', "feature=std"), ('not(feature = "a")', "not(feature=a)"), ('all(unix, feature = "a")', "all(unix,feature=a)")]


def known(word: str) -> bool | None:
    return {"on": True, "off": False}.get(word)


def modifiers(condition: str) -> list[tuple[bytes, str]]:
    source = f"#[cfg({condition})]\n#[inline]\npub fn f() {{ g(); }}\nfn h() {{}}\n".encode()
    assert RUST.attribute is not None
    root = Parser(RUST.grammar).parse(source).root_node
    return [(source[s:e], m) for s, e, m in items_left_out(source, root, RUST.attribute, RUST.predefined, RUST.switch)]


@pytest.mark.parametrize("condition", KEPT)
def test_an_item_is_kept_whose_condition_holds(condition: str) -> None:
    assert modifiers(condition) == []


@pytest.mark.parametrize("condition", LEFT)
def test_an_item_is_left_out_where_its_condition_does_not_hold(condition: str) -> None:
    assert modifiers(condition) == [(b"pub fn f() { g(); }", "left_out")]


@pytest.mark.parametrize(("condition", "kept"), OPEN)
def test_what_the_package_decides_is_kept_as_a_condition(condition: str, kept: str) -> None:
    assert modifiers(condition) == [(b"pub fn f() { g(); }", f"if {kept}")]


def test_a_condition_is_open_as_long_as_an_open_word_can_change_it() -> None:
    assert decided("all(on, open)", known) is None
    assert decided("any(on, open)", known) is True
    assert decided("not(all(off, open))", known) is True


def test_conditions_nest_without_end_and_are_decided() -> None:
    assert decided("not(" * 10_000 + "x" + ")" * 10_000, known) is not None
