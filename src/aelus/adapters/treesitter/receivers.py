"""Receivers: `this`, what a class inherits, and those of classes around."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.inherited_literals import super_of_literal
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import GENERIC, INSTANCE, LITERAL, SUPER, TAKEN, THIS


def this(lowering: Lowering, _node: Node, _form: Form, scope: int) -> int:
    return lowering.scopes.receiver(THIS, scope)


def class_literal(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`A.class`: the class as a value, which is an instance of the type that the room names."""
    written = lowering.parts(node)
    named, add = lowering.lower_type(written[0], scope) if written else 0, lowering.expressions.add
    kind = lowering.scopes.resolve(scope, form.text.encode())
    if not named or lowering.expressions.entries[named][0] == LITERAL:
        return add(INSTANCE, "", (kind,))
    made = add(INSTANCE, "", (add(GENERIC, "", (kind, named)),))
    return lowering.union({made: None, add(TAKEN, "", (named,)): None})


def super_(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """What a class inherits, or has of the base that is named there."""
    named = lowering.parts(node) if form.text == "named" else []
    if named:
        return outer_base(lowering, lowering.text(named[0]), scope) or lowering.lower_type(named[0], scope)
    return lowering.scopes.receiver(SUPER, scope) or super_of_literal(lowering, node, scope)


def outer_receiver(lowering: Lowering, written: Node, scope: int) -> int:
    """`Outer.this`: the receiver of a class around."""
    definition = lowering.scopes.class_called(lowering.text(written), scope)
    if definition >= 0:
        return lowering.expressions.add(THIS, "", (definition,))
    return lowering.expressions.add(INSTANCE, "", (lowering.lower_type(written, scope),))


def outer_base(lowering: Lowering, name: str, scope: int) -> int:
    """`Outer.super`: what a class around inherits; 0 where the name is not that of one."""
    definition = lowering.scopes.class_called(name, scope)
    return lowering.expressions.add(SUPER, "", (definition,)) if definition >= 0 else 0
