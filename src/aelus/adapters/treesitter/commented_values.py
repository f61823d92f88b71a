"""Comments that a pattern takes for a value: what they stand beside is meant."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.draft import Captures


class CommentedValues:
    """The values of one file that comments stand in the place of."""

    def __init__(self, comments: frozenset[int]) -> None:
        self._comments = comments
        self._beside: dict[int, Node] = {}
        """Comment → the value behind it, or before it at the end; a comment where there are only comments."""
        self._taken: set[tuple[int, ...]] = set()

    def replace(self, pattern: int, main: Node, captures: Captures) -> bool:
        """Capture the value in the comment's place; false where that pattern has captured it for a comment before."""
        comment = captures["value"][0]
        if comment.id not in self._beside:
            self._note(_around(main, comment))
        found = self._beside.get(comment.id, comment)
        captures["value"] = [found]
        key = (pattern, *(nodes[0].id for nodes in captures.values()))
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def _note(self, around: Node | None) -> None:
        """Note what all comments of a node stand beside."""
        children = around.named_children if around is not None else []
        values = [child for child in children if child.kind_id not in self._comments] or children
        position = 0
        for child in children:
            while position < len(values) - 1 and values[position].start_byte < child.start_byte:
                position += 1
            self._beside[child.id] = values[position]


def _around(main: Node, comment: Node) -> Node | None:
    """What a comment stands in, which is looked for inside of what the pattern is about."""
    around: Node | None = main
    while around is not None and (inner := around.child_with_descendant(comment)) is not None and inner.id != comment.id:
        around = inner
    return comment.parent if around is None or around.id == comment.id else around
