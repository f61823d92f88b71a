"""Modifiers of methods that are declared outside of their types: how they take the receiver, and which interface they implement."""

from __future__ import annotations

from collections.abc import Iterator

from aelus.adapters.treesitter.draft import Captures
from aelus.adapters.treesitter.lowering import Lowering


def outer_modifiers(lowering: Lowering, captures: Captures) -> Iterator[str]:
    """By the receiver's type, and `of INTERFACE` by the last name of what is implemented: `fmt::Display` is `of Display`."""
    if lowering.rules.receiver_modifiers and "receiver" in captures:
        modifier = lowering.rules.receiver_modifiers.get(captures["receiver"][0].type)
        if modifier:
            yield modifier
    for node in captures.get("of", ()):
        yield f"of {lowering.text(node).partition('<')[0].rpartition(lowering.rules.package_separator)[2]}"
