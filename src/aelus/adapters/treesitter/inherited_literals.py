"""Literals that inherit what others have: `{__proto__: a}`, and `super` in their methods."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import CONSTANT, INDEX, INHERITED, SPREAD_MAP


def super_of_literal(lowering: Lowering, node: Node, scope: int) -> int:
    """What the literal inherits whose method says `super`, in its body and not in its name; unknown outside of literals."""
    child, literal = node, node.parent if lowering.rules.inherited_key else None
    around = _around(lowering, scope) if literal is not None else frozenset()
    while literal is not None and (lowering.form_of(literal) != "mapping" or lowering.definition_of_node.get(child.id) not in around):
        child, literal = literal, literal.parent
    if literal is None:
        return 0
    method = lowering.definition_of_node[child.id]
    while lowering.scopes.entries[scope][2] != method:
        scope = lowering.scopes.entries[scope][1]
    while lowering.scopes.entries[scope][2] == method:
        scope = lowering.scopes.entries[scope][1]
    known = lowering.literals.get(literal.id, 0) or lowering.value(literal, scope)
    return lowering.expressions.add(INDEX, "", (known, lowering.expressions.add(CONSTANT, INHERITED)))


def _around(lowering: Lowering, scope: int) -> frozenset[int]:
    """Definitions that a scope lies in."""
    found = set[int]()
    while scope >= 0:
        found.add(lowering.scopes.entries[scope][2])
        scope = lowering.scopes.entries[scope][1]
    return frozenset(found)


def inherited(lowering: Lowering, node: Node, form: Form, scope: int) -> tuple[int, ...]:
    """`{__proto__: a, b: c}`: the literal has what `a` has, as far as it says nothing else."""
    word, key, inner = lowering.rules.inherited_key, lowering.part(node, form, 0), lowering.part(node, form, 1)
    if not word or key is None or inner is None or lowering.raw(key) != word.encode():
        return ()
    held = lowering.value(inner, scope)
    return lowering.expressions.add(SPREAD_MAP, "", (held,)), lowering.expressions.add(CONSTANT, INHERITED), held
