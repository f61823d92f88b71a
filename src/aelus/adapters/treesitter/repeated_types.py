"""Declarations that repeat the type of the one before them: `const (A T = iota; B; C)`."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

TYPE: Final = "type"
VALUE: Final = "value"


class RepeatedTypes:
    """Finds the types of declarations that have neither a type nor a value of their own, group by group."""

    def __init__(self) -> None:
        self._groups: dict[int, dict[int, Node]] = {}

    def of(self, declaration: Node) -> Node | None:
        """The type that a declaration repeats."""
        group = declaration.parent
        if group is None or any(declaration.child_by_field_name(field) is not None for field in (TYPE, VALUE)):
            return None
        known = self._groups.get(group.id)
        if known is None:
            known = self._groups[group.id] = _repeated(group)
        return known.get(declaration.id)


def _repeated(group: Node) -> dict[int, Node]:
    found: dict[int, Node] = {}
    written: Node | None = None
    for member in group.named_children:
        if member.child_by_field_name(VALUE) is not None:
            written = member.child_by_field_name(TYPE)
        elif written is not None:
            found[member.id] = written
    return found
