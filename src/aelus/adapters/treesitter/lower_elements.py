"""Elements of markup among expressions: `<Name a={b}/>`."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import CALL, CONSTANT, LITERAL, MAPPING, OWN_ELEMENT, SPREAD_MAP, UNKNOWN

IDLE_FORMS: Final = frozenset({UNKNOWN, LITERAL, CONSTANT})
"""Expressions that are no functions."""


def element(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`<Name a={b}/>`: a call of a function of the program with its attributes; names in lower case are the language's own elements, which
    are given the values of theirs.
    """
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        name = lowering.part(node, form, 0)
        component = name is not None and (lowering.form_of(name) != "name" or not lowering.raw(name)[:1].islower())
        known = lowering.calls[identity] = 0 if name is None else (_element if component else _own_element)(lowering, node, name, scope)
    return known


def _own_element(lowering: Lowering, node: Node, name: Node, scope: int) -> int:
    given = [lowering.value(value, scope) for children, value in _attributes(lowering, node, name) if len(children) > 1]
    given = [value for value in given if lowering.expressions.entries[value][0] not in IDLE_FORMS]
    return lowering.expressions.add(CALL, "", (lowering.expressions.add(LITERAL, OWN_ELEMENT), *given)) if given else 0


def _attributes(lowering: Lowering, node: Node, name: Node) -> list[tuple[list[Node], Node]]:
    """Name and value of each attribute of an element, and the value without brackets."""
    found: list[tuple[list[Node], Node]] = []
    for attribute in [child for child in lowering.parts(node) if child != name]:
        children = lowering.parts(attribute)
        value = children[-1] if children else attribute
        while lowering.form_of(value) == "inner" and (inner := lowering.inner_of(value, lowering.forms[value.kind_id])):
            value = inner
        found.append((children, value))
    return found


def _element(lowering: Lowering, node: Node, name: Node, scope: int) -> int:
    parts: list[int] = []
    for children, value in _attributes(lowering, node, name):
        if lowering.form_of(value) == "spread":
            parts.append(lowering.expressions.add(SPREAD_MAP, "", (lowering.value(lowering.parts(value)[0], scope),)))
        elif len(children) > 1:
            key = lowering.expressions.add(CONSTANT, lowering.text(children[0]))
            parts.extend((key, lowering.value(value, scope)))
    return lowering.expressions.add(CALL, "", (lowering.value(name, scope), lowering.container(node, MAPPING, tuple(parts))))
