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

NESTED: Final = 4
"""Such functions inside each other whose receivers are looked at."""


def of_receiver(lowering: Lowering, node: Node, target: int, scope: int) -> int:
    """A bare callee, or one of `this`, which may be a member of the receiver of a function around."""
    form, name, _ = lowering.expressions.entries[target]
    own = form == MEMBER and _is_of_this(lowering, node)
    if form not in (FREE, IMPLICIT) and not own:
        return target
    members = [lowering.expressions.add(MEMBER, name, (receiver,)) for receiver in _receivers(lowering, scope)]
    return lowering.union({target: None, **dict.fromkeys(members[:1] if own else members)})


def _is_of_this(lowering: Lowering, node: Node) -> bool:
    """Whether a call is written with the receiver's word."""
    callee = node.named_children[0] if node.named_children else node
    return bool(callee.named_children) and lowering.raw(callee.named_children[0]).decode() in lowering.rules.this_words


def _receivers(lowering: Lowering, scope: int) -> Iterator[int]:
    """Variables of the receivers of the functions around, innermost first, up to one that has a name."""
    scopes, own = lowering.scopes, _function_scope(lowering, scope)
    for _ in range(NESTED):
        _, around, definition = scopes.entries[own]
        written = definition in scopes.written_arguments
        if written or (definition >= 0 and lowering.rules.receiver_name in scopes.declared[own]):
            yield lowering.expressions.add(LOCAL, lowering.rules.receiver_name, (own,))
        if not written:
            return
        own = _function_scope(lowering, around)


def _function_scope(lowering: Lowering, scope: int) -> int:
    """The innermost scope around that is no block, be its variables its own or not."""
    entries = lowering.scopes.entries
    while entries[scope][0] == BLOCK_SCOPE:
        scope = entries[scope][1]
    return scope
