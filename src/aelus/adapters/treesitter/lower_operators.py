"""Operators: what the language itself makes of its operands, or the method that it calls of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lower_names import sign_of, union
from aelus.adapters.treesitter.lower_texts import OPERATED, joined, operation_of
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import CALL, CONSTANT, LITERAL, MAPPING, MEMBER, PROMOTED, SEQUENCE, UNION, UNKNOWN

ASSIGNS: Final = "="
PLAIN_FORMS: Final = frozenset({UNKNOWN, CONSTANT, LITERAL, SEQUENCE, MAPPING})
"""Expressions whose operators are the language's own."""


def operator(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a | b`: a union for the operators that the room lists; others call the method that they stand for, where the language has one."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        known = lowering.calls[identity] = _operator(lowering, node, form, scope)
    return known


def prefix(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`-x` and `!x` are operators, `*x` is the value that `x` points to; `**self` of a reference, what its type stands for (`text`)."""
    sign, inner = sign_of(node), lowering.inner_of(node, form)
    if sign is None or inner is None or lowering.raw(sign) != b"*":
        return operator(lowering, node, form, scope)
    value = lowering.lower(inner, scope)
    if not value or inner.type != node.type or not _is_borrowed_receiver(lowering, inner):
        return value
    return lowering.expressions.add(CALL, "", (lowering.expressions.add(MEMBER, form.text, (value,)),))


def _is_borrowed_receiver(lowering: Lowering, node: Node) -> bool:
    """Whether `*x` is the receiver itself: one that a method takes by reference, of a type that is none and no wrapper."""
    receiver = node.named_children[-1] if node.named_children else None
    if receiver is None or not node.text or lowering.raw(node)[:1] != b"*" or receiver.type != "self":
        return False
    around: Node | None = node
    while around is not None and around.child_by_field_name("parameters") is None:
        around = around.parent
    listed = around.child_by_field_name("parameters") if around is not None else None
    first = listed.named_children[0] if listed is not None and listed.named_children else None
    while around is not None and around.child_by_field_name("type") is None:
        around = around.parent
    owner = around.child_by_field_name("type") if around is not None else None
    if first is None or owner is None or not lowering.raw(first).startswith(b"&"):
        return False
    name = lowering.text(owner).partition("<")[0].strip()
    return lowering.form_of(owner) != "inner" and name not in lowering.rules.generic_wrappers


def assignment(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a = b` has the value of `b`; `a += b` is an operator."""
    sign = node.child_by_field_name("operator")
    if sign is not None and lowering.raw(sign) != b"=":
        return operator(lowering, node, form, scope)
    right = lowering.part(node, form, 1)
    return lowering.lower(right, scope) if right is not None else 0


def _operator(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    sign = node.child_by_field_name("operator") or node.child_by_field_name("operators") or sign_of(node)
    if sign is None:
        sign = next((child for child in node.children if not child.is_named), None)
    word = lowering.text(sign) if sign is not None else ""
    if form.text and word in form.text.split(" "):
        return _chosen(lowering, node, form, scope, word)
    written = _operands(lowering, node, form)
    if word == ASSIGNS:
        return lowering.value(written[-1], scope) if len(written) > 1 else 0
    operands = [lowering.value(part, scope) for part in written]
    if lowering.rules.null_literal and any(part.type == lowering.rules.null_literal for part in written):
        return 0
    known = [operation_of(lowering, operand) for operand in operands]
    if len(written) == 1 and sign is not None and sign.start_byte >= written[0].end_byte and f"postfix {word}" in lowering.rules.operators:
        # what stands behind its operand is told apart by a number that nothing asks for
        word, known = f"postfix {word}", [*known, lowering.expressions.add(LITERAL, "int")]
    operation = _operation(lowering, word, known[:2])
    if len(known) > 2:  # noqa: PLR2004 - operands of one operator
        signs = [lowering.text(child) for child in node.children if not child.is_named]
        pairs = zip(signs[1:], known[1:], known[2:], strict=False)
        lowering.chained[node.id] = [_operation(lowering, sign, [left, right]) for sign, left, right in pairs]
    return joined(lowering, word, written, operands, operation) if word in lowering.rules.composing else operation


def _chosen(lowering: Lowering, node: Node, form: Form, scope: int, word: str) -> int:
    """One of the operands, or what the method makes that the operator stands for where these are instances."""
    chosen, written = union(lowering, node, form, scope), _operands(lowering, node, form)
    if word not in lowering.rules.operators or any(part.type == lowering.rules.null_literal for part in written):
        return chosen
    call = _operation(lowering, word, [operation_of(lowering, lowering.value(part, scope)) for part in written])
    if lowering.expressions.entries[call][0] == CALL:
        lowering.chained[node.id] = [call]
        if lowering.expressions.entries[chosen][0] == UNION:
            lowering.composed.append((chosen, call))
    return chosen


def _operation(lowering: Lowering, word: str, operands: list[int]) -> int:
    """The call of the method that an operator stands for, where it may have one."""
    if word == "-" and len(operands) == 1 and lowering.expressions.entries[operands[0]][0] == CONSTANT:
        _, text, types = lowering.expressions.entries[operands[0]]
        return lowering.expressions.add(CONSTANT, f"-{text}", types)
    method = lowering.rules.operators.get(word if len(operands) > 1 else f"unary {word}")
    if not method or not operands:
        return _result(lowering, word, operands) if lowering.room.overloads else 0
    del operands[2:]
    if method.startswith("~"):
        operands.reverse()
        method = method[1:]
    if word in lowering.rules.results and not all(_may_be_instance(lowering, operand) for operand in operands):
        # a comparison with a literal is hardly one of the program's own, and there are many
        return _result(lowering, word, operands)
    outside = lowering.rules.outside_operators and _may_be_instance(lowering, operands[-1])
    if (
        outside
        or _may_be_instance(lowering, operands[0])
        or word in lowering.rules.literal_operators
        or (word in lowering.rules.container_operators and _is_container(lowering, operands[0]))
    ):
        return _operated(lowering, _method_call(lowering, method, operands), word, operands)
    reflected = lowering.rules.reflected_operators.get(word)
    if reflected and len(operands) > 1 and _may_be_instance(lowering, operands[1]):
        return _method_call(lowering, reflected, operands[::-1], operands)
    return _result(lowering, word, operands) if lowering.room.overloads else 0


def _operated(lowering: Lowering, call: int, word: str, operands: Sequence[int]) -> int:
    """The call of an operator's method, beside what the language's own operator yields where functions are told apart by it."""
    result = _result(lowering, word, operands) if lowering.rules.results else 0
    return lowering.expressions.add(UNION, OPERATED, (call, result)) if result else call


def _result(lowering: Lowering, word: str, operands: Sequence[int]) -> int:
    """What an operator of the language itself makes, where functions are told apart by it."""
    written = lowering.rules.results.get(word)
    if written:
        return lowering.expressions.add(LITERAL, written)
    return lowering.expressions.add(PROMOTED, "", tuple(operands)) if lowering.rules.results and all(operands) else 0


def _operands(lowering: Lowering, node: Node, form: Form) -> list[Node]:
    if form.fields or form.children:
        found = (lowering.part(node, form, position) for position in range(max(len(form.fields), len(form.children))))
        return [part for part in found if part is not None]
    return lowering.parts(node)


def _may_be_instance(lowering: Lowering, index: int) -> bool:
    return lowering.expressions.entries[index][0] not in PLAIN_FORMS


def _is_container(lowering: Lowering, index: int) -> bool:
    return lowering.expressions.entries[index][0] in (SEQUENCE, MAPPING)


def _method_call(lowering: Lowering, method: str, operands: Sequence[int], written: Sequence[int] = ()) -> int:
    """The method of the first operand is given the others, or all as they are `written` where it is a function of all of them."""
    add = lowering.expressions.add
    given = (written or operands) if lowering.rules.operators_take_all else operands[1:]
    return add(CALL, "", (add(MEMBER, method, (operands[0],)), *given))
