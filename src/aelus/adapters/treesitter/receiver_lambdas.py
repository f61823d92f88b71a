"""Functions that are written as arguments and have a receiver, whose members are names inside of them: `dog.apply { bark() }`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from aelus.domain.facts import FREE, IMPLICIT, MEMBER, UNION

if TYPE_CHECKING:
    from aelus.adapters.treesitter.lowering import Lowering

CLIMB: Final = 24
"""Nodes between a name and the function around it, at most."""
WRAPPERS: Final = 3
"""Nodes between such a function and the call that it is given to."""


def of_receiver(lowering: Lowering, node: Node, target: int, scope: int) -> int:
    """A bare callee, which may be a member of the receiver of the function around."""
    form, name, _ = lowering.expressions.entries[target]
    if form not in (FREE, IMPLICIT) or not _has_receiver(lowering, node):
        return target
    receiver = lowering.scopes.resolve(scope, lowering.room.rules.receiver_name.encode())
    member = lowering.expressions.add(MEMBER, name, (receiver,))
    return lowering.expressions.add(UNION, "", (target, member))


def _has_receiver(lowering: Lowering, node: Node) -> bool:
    """Whether the function around is given to a call of one of the names."""
    current: Node | None = node
    for _ in range(CLIMB):
        current = current.parent if current is not None else None
        if current is None:
            return False
        if current.id in lowering.definition_of_node:
            return any(word in lowering.room.rules.receiver_lambdas for word in _called(lowering, current))
    return False


def _called(lowering: Lowering, function: Node) -> list[str]:
    """The last name of what a function is given to."""
    current: Node | None = function.parent
    for _ in range(WRAPPERS):
        if current is None or lowering.form_of(current) == "call":
            break
        current = current.parent
    if current is None or lowering.form_of(current) != "call" or not current.named_children:
        return []
    return [lowering.text(current.named_children[0]).rpartition(".")[2]]
