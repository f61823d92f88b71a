"""Functions that are written as arguments and may have a receiver, whose members are names inside of them: `dog.apply { bark() }`.

Which of them has one is said by the type that is expected there, or by the library; one that has none holds nothing in the variable for it.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from tree_sitter import Node

from aelus.domain.facts import BLOCK_SCOPE, FREE, IMPLICIT, INSTANCE, LOCAL, MEMBER

if TYPE_CHECKING:
    from aelus.adapters.treesitter.lowering import Lowering

NESTED: Final = 4
"""Such functions inside each other whose receivers are looked at, and tests of receivers."""


class TestedReceiver(NamedTuple):
    """Where the receiver is known to be of a type."""

    start: int
    end: int
    written: Node
    scope: int


START: Final = attrgetter("start")


def of_receiver(lowering: Lowering, node: Node, target: int, scope: int) -> int:
    """A bare callee, or one of `this`, which may be a member of the receiver of a function around."""
    form, name, _ = lowering.expressions.entries[target]
    own = form == MEMBER and _is_of_this(lowering, node)
    if form not in (FREE, IMPLICIT) and not own:
        return target
    receivers = list(_receivers(lowering, scope))
    tested = _tested(lowering, node.start_byte) if lowering.tested_receivers else []
    members = [lowering.expressions.add(MEMBER, name, (receiver,)) for receiver in (*tested, *(receivers[:1] if own else receivers))]
    return lowering.union({target: None, **dict.fromkeys(members)})


def note_tested(lowering: Lowering, tested: TestedReceiver) -> None:
    """In a region, the receiver is an instance of a type: `when (this) { is Dog -> bark() }`."""
    insort(lowering.tested_receivers, tested, key=START)


def _tested(lowering: Lowering, position: int) -> list[int]:
    """Instances of the types that the receiver is tested to be of at a place."""
    behind = bisect_right(lowering.tested_receivers, position, key=START)
    around = [one for one in lowering.tested_receivers[max(behind - NESTED, 0) : behind] if position < one.end]
    return [lowering.expressions.add(INSTANCE, "", (lowering.lower_type(one.written, one.scope),)) for one in around]


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
