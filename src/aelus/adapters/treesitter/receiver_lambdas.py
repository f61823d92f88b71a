"""Functions that are written as arguments and may have a receiver, whose members are names inside of them: `dog.apply { bark() }`.

Which of them has one is said by the type that is expected there, or by the library; one that has none holds nothing in the variable for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from aelus.domain.facts import BLOCK_SCOPE, FREE, IMPLICIT, LOCAL, MEMBER

if TYPE_CHECKING:
    from aelus.adapters.treesitter.lowering import Lowering

CLIMB: Final = 96
"""Nodes between a name and the outermost such function around it, at most."""
NESTED: Final = 4
"""Such functions inside each other whose receivers are looked at."""


def of_receiver(lowering: Lowering, node: Node, target: int, scope: int) -> int:
    """A bare callee, or one of `this`, which may be a member of the receiver of a function around."""
    form, name, _ = lowering.expressions.entries[target]
    own = form == MEMBER and _is_of_this(lowering, node)
    if form not in (FREE, IMPLICIT) and not own:
        return target
    members = [lowering.expressions.add(MEMBER, name, (receiver,)) for receiver in _receivers(lowering, node, scope)]
    return lowering.union({target: None, **dict.fromkeys(members[:1] if own else members)})


def _is_of_this(lowering: Lowering, node: Node) -> bool:
    """Whether a call is written with the receiver's word."""
    callee = node.named_children[0] if node.named_children else node
    return bool(callee.named_children) and lowering.raw(callee.named_children[0]).decode() in lowering.rules.this_words


def _receivers(lowering: Lowering, node: Node, scope: int) -> Iterator[int]:
    """Variables of the receivers of the functions around, innermost first, up to one that has a name."""
    scopes, kinds = lowering.scopes, lowering.rules.receiver_functions
    current, own, found = node.parent, _function_scope(lowering, scope), 0
    for _ in range(CLIMB):
        if current is None or found == NESTED:
            return
        definition = lowering.definition_of_node.get(current.id)
        if definition is not None:
            if scopes.entries[own][2] != definition:
                return
            if current.type not in kinds:
                if lowering.rules.receiver_name in scopes.declared[own]:
                    yield lowering.expressions.add(LOCAL, lowering.rules.receiver_name, (own,))
                return
            yield lowering.expressions.add(LOCAL, lowering.rules.receiver_name, (own,))
            own, found = _function_scope(lowering, scopes.entries[own][1]), found + 1
        current = current.parent


def _function_scope(lowering: Lowering, scope: int) -> int:
    """The innermost scope around that is no block, be its variables its own or not."""
    entries = lowering.scopes.entries
    while entries[scope][0] == BLOCK_SCOPE:
        scope = entries[scope][1]
    return scope
