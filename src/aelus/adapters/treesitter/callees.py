"""What is called: with type arguments, by a word between two operands, or as if a variable were a member."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import GENERIC, LOCAL, MEMBER, SEQUENCE


def pair(lowering: Lowering, node: Node, form: Form, scope: int, called: int) -> int:
    """`a to b`: what the language's own pairs are made with, or the call of a function of that name, if the program has one."""
    if form.text != "infix" or not lowering.rules.pairing_word:
        return called
    word, right, left = (lowering.part(node, form, position) for position in range(3))
    if word is None or left is None or right is None or lowering.text(word) != lowering.rules.pairing_word:
        return called
    made = lowering.container(node, SEQUENCE, (lowering.value(left, scope), lowering.value(right, scope)))
    either = lowering.union({made: None, called: None})
    lowering.called_for[either] = called
    return either


def receiving(lowering: Lowering, target: int, scope: int) -> int:
    """`m.block()`: a variable for functions with a receiver is called as if it were a member of that."""
    form, name, _ = lowering.expressions.entries[target]
    if form != MEMBER or name not in lowering.receiving:
        return target
    found = lowering.scopes.resolve(scope, name.encode())
    return found if lowering.expressions.entries[found][0] == LOCAL else target


def typed(lowering: Lowering, target: int, given: Node | None, scope: int) -> int:
    """What is called or made, with its type arguments."""
    types = tuple([lowering.lower(part, scope) for part in lowering.parts(given)]) if given is not None and target else ()
    form, name, parts = lowering.expressions.entries[target]
    if not types:
        return target
    return (
        lowering.expressions.add(MEMBER, name, (*parts, *types))
        if form == MEMBER and lowering.rules.typed_calls
        else lowering.expressions.add(GENERIC, "", (target, *types))
    )
