"""Which items attributes leave out."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter.item_conditions import items_left_out
from aelus.adapters.treesitter.room import room

RUST = room("rust")
KEPT = ["unix", 'feature = "std"', "all(unix, not(windows))", 'any(windows, target_os = "linux")', "not(any(miri, loom))"]
LEFT = ["windows", "test", 'not(feature = "std")', 'all(unix, target_arch = "wasm32")', "any()"]


@pytest.mark.parametrize(("condition", "left"), [*((c, False) for c in KEPT), *((c, True) for c in LEFT)])
def test_an_item_is_left_out_where_its_condition_does_not_hold(condition: str, left: bool) -> None:  # noqa: FBT001 - a parameter
    source = f"#[cfg({condition})]\npub fn f() {{ g(); }}\nfn h() {{}}\n".encode()
    assert RUST.attribute is not None
    spans = items_left_out(source, RUST.attribute, RUST.predefined)
    assert [source[start:end].strip() for start, end in spans] == ([b"pub fn f()"] if left else [])
