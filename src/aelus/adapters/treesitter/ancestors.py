"""What stands around the nodes of a tree.

`Node.parent` goes down from the root each time, which a deep tree makes dear. The way down to the node that was asked for last is
kept here: nodes that are asked for in source order cost what lies between them.
"""

from __future__ import annotations

from tree_sitter import Node


class Ancestors:
    """The way down to one node of a tree after another."""

    def __init__(self) -> None:
        self._way: list[Node] = []
        """The root first; empty while there is none."""

    def enter(self, root: Node) -> None:
        """Begin with a tree."""
        self._way = [root]

    def of(self, node: Node, limit: int) -> list[Node]:
        """What is around a node, nearest first; those of another tree are looked up from their root."""
        self._leave(node)
        if not self._reach(node):
            del self._way[1:]
            if not self._reach(node):
                del self._way[1:]
                return _climbed(node, limit)
        nearest = self._way[-limit:]
        nearest.reverse()
        return nearest

    def _leave(self, node: Node) -> None:
        """Go up to what is around the node; of nodes with its own extent it may be one."""
        way, start, end = self._way, node.start_byte, node.end_byte
        while len(way) > 1 and (way[-1].start_byte > start or way[-1].end_byte < end):
            way.pop()
        for level in range(len(way) - 1, 0, -1):
            around = way[level]
            if around.start_byte != start or around.end_byte != end:
                return
            if around.id == node.id:
                del way[level:]
                return

    def _reach(self, node: Node) -> bool:
        """Go down to what the node is a child of."""
        way = self._way
        inner = way[-1].child_with_descendant(node) if way else None
        while inner is not None and inner.id != node.id:
            way.append(inner)
            inner = inner.child_with_descendant(node)
        return inner is not None


def _climbed(node: Node, limit: int) -> list[Node]:
    found = list[Node]()
    around = node.parent
    while around is not None and len(found) < limit:
        found.append(around)
        around = around.parent
    return found
