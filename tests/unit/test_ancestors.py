"""What is around a node is the same whatever was asked for before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tree_sitter import Node, Tree
from tree_sitter_language_pack import get_parser

from aelus.adapters.treesitter.ancestors import Ancestors

SOURCE = Path(__file__).parent.parent / "fixtures/linking/typescript/unions.ts"
LIMIT = 5
Order = Callable[[Sequence[Node]], Sequence[Node]]
ORDERS: dict[str, Order] = {
    "as they stand": lambda nodes: nodes,
    "backwards": lambda nodes: nodes[::-1],
    "here and there": lambda nodes: [nodes[number * 101 % len(nodes)] for number in range(len(nodes))],
}


def tree() -> Tree:
    return get_parser("typescript").parse(SOURCE.read_bytes())


def nodes_below(root: Node) -> list[Node]:
    found, waiting = list[Node](), [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(node.children))
    return found


def climbed(node: Node) -> list[int]:
    found, around = list[int](), node.parent
    while around is not None and len(found) < LIMIT:
        found.append(around.id)
        around = around.parent
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_ancestors_are_the_parents_one_after_another(order: str) -> None:
    parsed = tree()
    ancestors = Ancestors()
    ancestors.enter(parsed.root_node)
    for node in ORDERS[order](nodes_below(parsed.root_node)):
        assert [around.id for around in ancestors.of(node, LIMIT)] == climbed(node)


def test_a_node_of_another_tree_has_its_own_ancestors() -> None:
    parsed, other = tree(), tree()
    ancestors = Ancestors()
    ancestors.enter(parsed.root_node)
    for node in nodes_below(other.root_node):
        assert [around.id for around in ancestors.of(node, LIMIT)] == climbed(node)
