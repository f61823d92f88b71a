"""Texts that are put together and may be names: `"visit_" + kind`, `f"visit_{kind}"`, `"visit_%s" % kind`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import CONSTANT_LIMIT, Lowering
from aelus.domain.facts import (
    CALL,
    CASE_MARKS,
    COMPOSED,
    CONSTANT,
    INDEX,
    LOCAL,
    MEMBER,
    UNION,
    UNKNOWN_PART,
    change_case,
)

NAME: Final = re.compile(rf"(?=.*\w)[\w…{''.join(CASE_MARKS)}]+")
"""Texts of which a name can come."""
INSERTED: Final = re.compile(r"%[sdr]")
"""Where the operator for texts inserts a value."""
PART_LIMIT: Final = 4
CASES: Final = dict(zip(("capitalize", "uncapitalize", "upper", "lower"), CASE_MARKS, strict=True))
"""What a function does with the letters of a text → mark for that behind a part of a text."""


def joined(lowering: Lowering, sign: str, nodes: Sequence[Node], operands: Sequence[int], operation: int) -> int:
    """What an operator makes of a text and something else; the operation, where that is no name."""
    form = lowering.rules.composing.get(sign)
    if form is None or not any(
        lowering.form_of(node) == "string" or _is_composed(lowering, index) for node, index in zip(nodes, operands, strict=False)
    ):
        return operation
    if form == "insert":
        entry = lowering.expressions.entries[operands[0]]
        if entry[0] != CONSTANT:
            return operation
        given = lowering.parts(nodes[1]) if lowering.form_of(nodes[1]) == "sequence" else [nodes[1]]
        texts = INSERTED.split(entry[1])
        if len(texts) != len(given) + 1:
            return operation
        values = operands[1:] if given == [nodes[1]] else lowering.expressions.entries[operands[1]][2]
        pieces: list[str | int] = [texts[0]]
        for value, text in zip(values, texts[1:], strict=True):
            pieces.extend((value, text))
        return _composed(lowering, pieces, operation) or operation
    return _composed(lowering, operands, operation) or operation


OPERATED: Final = "operator"
"""Text of a union of the call of an operator's method and what the language's own operator yields."""


def interpolated(lowering: Lowering, node: Node, scope: int) -> int:
    """A text with expressions inside; 0 where it is no name."""
    pieces: list[str | int] = []
    for child in node.named_children:
        if child.type.endswith(("_content", "_fragment")):
            pieces.append(lowering.text(child))
        elif child.type == lowering.rules.interpolation:
            inner = child.child_by_field_name("expression")
            pieces.append(lowering.lower(inner, scope) if inner is not None and child.named_child_count == 1 else 0)
    return _composed(lowering, pieces, 0)


def changed(lowering: Lowering, word: str, given: Sequence[int], call: int) -> int:
    """What a function makes of the text that it is given; 0 where it is no name."""
    how = lowering.rules.text_functions[word]
    entries = lowering.expressions.entries
    if not given:
        return 0
    form, text, _ = entries[given[0]]
    if how == "insert":
        texts = INSERTED.split(text) if form == CONSTANT else []
        if len(texts) != len(given):
            return 0
        pieces: list[str | int] = [texts[0]]
        for value, behind in zip(given[1:], texts[1:], strict=True):
            pieces.extend((value, behind))
        return _composed(lowering, pieces, call)
    if form == CONSTANT:
        return lowering.expressions.add(CONSTANT, change_case(CASES[how], text))
    if form not in (LOCAL, CALL, MEMBER, INDEX):
        return 0
    return lowering.expressions.add(COMPOSED, f"{UNKNOWN_PART}{CASES[how]}", (call, given[0]))


def _is_composed(lowering: Lowering, index: int) -> bool:
    return lowering.expressions.entries[index][0] == COMPOSED


def _composed(lowering: Lowering, pieces: Sequence[str | int], operation: int) -> int:
    """One text of constants and other values; 0 where no name can come of it."""
    entries, texts, parts = lowering.expressions.entries, list[str](), list[int]()
    for piece in pieces:
        form, text, inner = entries[piece] if isinstance(piece, int) else (CONSTANT, piece, ())
        if form == COMPOSED:
            parts.extend(inner[1:])
        elif form != CONSTANT:
            text = UNKNOWN_PART
            parts.append(piece if isinstance(piece, int) else 0)
        texts.append(text)
    text = "".join(texts)
    if not NAME.fullmatch(text) or len(text) > CONSTANT_LIMIT or len(parts) > PART_LIMIT or text.count(UNKNOWN_PART) != len(parts):
        return 0
    return lowering.expressions.add(COMPOSED, text, (operation, *parts)) if parts else lowering.expressions.add(CONSTANT, text)


def operation_of(lowering: Lowering, index: int) -> int:
    """The operation that a text comes of, or that may be one of the language itself, where an operand is asked what it can be."""
    form, text, parts = lowering.expressions.entries[index]
    return parts[0] if form == COMPOSED or (form == UNION and text == OPERATED) else index
