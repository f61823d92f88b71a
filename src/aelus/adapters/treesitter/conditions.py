"""Where a test is known to have succeeded: behind `a && …`, in the branch that it guards, and after a branch that leaves when it fails.

A room names its operators and the statements that leave a block under `[rules.conditions]`; branches are found by the fields that grammars
give them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from tree_sitter import Node

BODIES: Final = ("body", "consequence")
ALTERNATIVE: Final = "alternative"
CLIMB_LIMIT: Final = 40
"""How much of what is around a test is looked at."""
CHOICE: Final = 3
"""Parts of a choice that has no fields: one value, the condition, the other value."""
Region = tuple[int, int]
"""(first byte, byte behind the end)."""


class Conditions:
    """The regions of one language's tests."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._and = frozenset(words.get("and", ()))
        self._or = frozenset(words.get("or", ()))
        self._not = frozenset(words.get("not", ()))
        self._exits = frozenset(words.get("exits", ()))
        self._wrappers = frozenset(words.get("wrappers", ()))
        self._asserts = frozenset(words.get("asserts", ()))
        self._blocks = frozenset(words.get("blocks", ()))
        self._further = frozenset(words.get("further", ()))
        self._choices = frozenset(words.get("choices", ()))
        self._filters = frozenset(words.get("filters", ()))

    def regions(self, test: Node, around: Sequence[Node], *, fails: bool = False) -> Iterator[Region]:
        """Regions in which the test has succeeded, or failed. `around`: what stands around it, nearest first."""
        current, succeeds = test, not fails
        for level, parent in enumerate(around):
            word = self._operator(parent)
            if word in self._not:
                succeeds = not succeeds
            elif word in (self._and if succeeds else self._or):
                right = parent.child_by_field_name("right") or parent.named_children[-1]
                if right.id != current.id:
                    yield right.start_byte, right.end_byte
            elif parent.type not in self._wrappers:
                yield from self._branches(around[level:], current, succeeds=succeeds)
                return
            current = parent

    def _operator(self, node: Node) -> str:
        """The operator of an expression; one without a field for it begins with it, or is known by its kind."""
        sign = node.child_by_field_name("operator") or (node.children[0] if node.children and not node.children[0].is_named else None)
        return sign.type if sign is not None else node.type

    def _branches(self, around: Sequence[Node], condition: Node, *, succeeds: bool) -> Iterator[Region]:
        """Regions of the statement or expression whose condition it is, the first one around it."""
        parent, outer = around[0], around[1] if len(around) > 1 else None
        if parent.type in self._asserts:
            if succeeds:
                yield from self._behind(around)
            return
        if parent.type in self._choices:
            yield from _chosen(parent.named_children, condition, succeeds=succeeds)
            return
        if parent.type in self._filters and outer is not None:
            yield from _filtered(parent, outer) if succeeds else ()
            return
        guarded = parent.child_by_field_name("condition")
        body = next((found for field in BODIES if (found := parent.child_by_field_name(field))), None)
        if guarded is None or guarded.id != condition.id or body is None:
            return
        if succeeds:
            yield body.start_byte, body.end_byte
        elif parent.child_by_field_name(ALTERNATIVE) is not None:
            yield body.end_byte, parent.end_byte
        elif parent.type in self._further and outer is not None:
            yield parent.end_byte, outer.end_byte
        elif self._leaves(body):
            yield from self._behind(around)

    def _leaves(self, body: Node) -> bool:
        """Whether what stands behind a statement is not reached through its body."""
        statements = [child for child in body.named_children if not child.type.endswith("comment")]
        last = statements[-1] if statements and body.type not in self._exits else body
        if last.type in self._blocks and last.named_children:
            last = last.named_children[-1]
        inner = last.named_children[0] if last.named_children and last.type not in self._exits else last
        return last.type in self._exits or inner.type in self._exits

    def _behind(self, around: Sequence[Node]) -> Iterator[Region]:
        """From the end of a statement, the first that is one of those around, to that of its block."""
        for node, parent in pairwise(around):
            if node.type.endswith("statement") or parent.type in self._blocks:
                yield node.end_byte, parent.end_byte
                return


def _chosen(parts: Sequence[Node], condition: Node, *, succeeds: bool) -> Iterator[Region]:
    """The part that `a if condition else b` has its value from."""
    if len(parts) == CHOICE and parts[1].id == condition.id:
        chosen = parts[0] if succeeds else parts[-1]
        yield chosen.start_byte, chosen.end_byte


def _filtered(clause: Node, around: Node) -> Iterator[Region]:
    """What a comprehension makes of the elements that a clause lets pass: its first part, and what stands behind the clause."""
    made = around.named_children[0]
    yield made.start_byte, made.end_byte
    yield clause.end_byte, around.end_byte
