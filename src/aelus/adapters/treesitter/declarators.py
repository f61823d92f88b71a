"""Declarators: in languages of C's kind, what a declaration names is wrapped in what its value has to be used with: `int *(*f[3])(int)`."""

from __future__ import annotations

from typing import Final, NamedTuple

from tree_sitter import Node

from aelus.adapters.treesitter.room import Form, Room

DEPTH_LIMIT = 40
HOLDING: Final = frozenset({"pointer", "array"})
REFERRING: Final = frozenset({"pointer", "reference"})


class Declarator(NamedTuple):
    name: Node
    """The name, or a path whose last part is the name."""
    parameters: Node | None
    """Parameters, where the name is that of a function and not of a pointer to one."""
    points: bool
    """Whether it is a pointer to a function, so that the type before it is that of a result."""


def unwrapped(room: Room, node: Node) -> Declarator | None:
    """What a declarator names; None for one without a name."""
    parameters: Node | None = None
    points = False
    for _ in range(DEPTH_LIMIT):
        form = room.forms.get(node.kind_id)
        if form is None:
            return None
        if form.name not in ("declarator", "function_declarator"):
            return Declarator(node, parameters, points and parameters is None)
        if form.name == "function_declarator":
            points, parameters = True, node.child_by_field_id(form.fields[1])
        elif form.text in HOLDING:
            parameters = None
        inner = _inner(room, node, form)
        if inner is None:
            return None
        node = inner
    return None


def _inner(room: Room, node: Node, form: Form) -> Node | None:
    """What stands in a declarator."""
    inner = node.child_by_field_id(form.fields[0]) if form.fields and form.fields[0] else None
    return inner or next((child for child in node.named_children if child.kind_id in room.forms), None)


def kinds_of_initialized(room: Room, listed: Node) -> frozenset[str]:
    """Which of pointer, array and reference there are in the declarator that a list initializes."""
    node, kinds = listed.parent, set()
    for _ in range(DEPTH_LIMIT):
        form = room.forms.get(node.kind_id) if node is not None else None
        if node is None or form is None or form.name != "declarator":
            break
        kinds.add(form.text)
        node = _inner(room, node, form)
    return frozenset(kinds)


def is_pointed_at(room: Room, written: Node) -> bool:
    """Whether the declarator beside a type makes it that of what a pointer or an array holds."""
    node = written.parent
    for _ in range(DEPTH_LIMIT):
        node = node.child_by_field_name("declarator") if node is not None else None
        form = room.forms.get(node.kind_id) if node is not None else None
        if form is None or form.name != "declarator":
            return False
        if form.text in HOLDING:
            return True
    return False
