"""Names, members, receivers, and forms that pass on what is inside them."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import AWAIT, INDEX, INSTANCE, ITERATE, MEMBER, SPREAD, SPREAD_MAP, SUPER, THIS


def name(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    return lowering.scopes.resolve(scope, lowering.raw(node))


def member(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    fields = form.fields
    holder = node.child_by_field_id(fields[0]) if fields else lowering.part(node, form, 0)
    attribute = node.child_by_field_id(fields[1]) if fields else lowering.part(node, form, 1)
    if holder is None or attribute is None:
        return 0
    words = lowering.rules.exports_words
    if words and node.end_byte - node.start_byte < 100 and lowering.text(node) in words:  # noqa: PLR2004 - no such word is longer
        return lowering.scopes.resolve(scope, lowering.raw(node))
    index = lowering.lower_kind(holder, holder.kind_id, scope)
    return lowering.expressions.add(MEMBER, lowering.text(attribute), (index,))


def dotted(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`a.b.c` as one node with names as children."""
    children = lowering.parts(node)
    index = lowering.lower(children[0], scope) if children else 0
    for child in children[1:]:
        index = lowering.expressions.add(MEMBER, lowering.text(child), (index,))
    return index


def this(lowering: Lowering, _node: Node, _form: Form, scope: int) -> int:
    return lowering.scopes.receiver(THIS, scope)


def super_(lowering: Lowering, _node: Node, _form: Form, scope: int) -> int:
    return lowering.scopes.receiver(SUPER, scope)


def index(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    holder, key = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if holder is None:
        return 0
    found = lowering.lower(holder, scope)
    return lowering.expressions.add(INDEX, "", (found,) if key is None else (found, lowering.lower(key, scope)))


def inner(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    found = lowering.inner_of(node, form)
    return lowering.lower(found, scope) if found is not None else 0


def _wrapped(lowering: Lowering, kind: int, node: Node, form: Form, scope: int) -> int:
    found = lowering.inner_of(node, form)
    expression = lowering.value(found, scope) if found is not None else 0
    return lowering.expressions.add(kind, "", (expression,)) if expression else 0


def await_(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, AWAIT, node, form, scope)


def spread(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, SPREAD, node, form, scope)


def spread_map(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, SPREAD_MAP, node, form, scope)


def instance(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, INSTANCE, node, form, scope)


def iterate(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, ITERATE, node, form, scope)


def union(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    count = max(len(form.fields), len(form.children))
    chosen = [part for position in range(count) if (part := lowering.part(node, form, position))] if count else lowering.parts(node)
    return lowering.union(dict.fromkeys([lowering.value(part, scope) for part in chosen]))


def operator(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a | b`: a union for the operators that the room lists; the value of another operator is unknown, its operands are read."""
    sign = node.child_by_field_name("operator")
    if sign is not None and lowering.text(sign) in form.text.split(" "):
        return union(lowering, node, form, scope)
    for position in range(len(form.fields)):
        operand = lowering.part(node, form, position)
        if operand is not None:
            lowering.value(operand, scope)
    return 0
