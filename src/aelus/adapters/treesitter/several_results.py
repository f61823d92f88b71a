"""Functions that return several values at once, where the language makes no container of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.facts import CALL, CONSTANT, INDEX

RESULT: Final = "#"
"""Beginning of the keys of all results but the first."""


def further_results(lowering: Lowering, node: Node, value: int, count: int = 1) -> Sequence[int]:
    """What stands for the results behind the first one of a call that is the last of several values; nothing for other values."""
    if lowering.form_of(node) != "call" or lowering.expressions.entries[value][0] != CALL:
        return ()
    add = lowering.expressions.add
    return [add(INDEX, "", (value, add(CONSTANT, f"{RESULT}{number + 1}"))) for number in range(count)]


def further_arguments(lowering: Lowering, node: Node, scope: int, count: int) -> list[int]:
    """What stands for the first of all further arguments, one by one (`...`)."""
    add, rest = lowering.expressions.add, lowering.scopes.resolve(scope, lowering.raw(node))
    return [add(INDEX, "", (rest, add(CONSTANT, str(number)))) for number in range(count)]


def several(lowering: Lowering, node: Node) -> list[Node]:
    """The values of a list of them, or the only one."""
    return lowering.parts(node) if lowering.form_of(node) == "list" else [node]
