"""Bases of types, and what classes are made with beside them."""

from __future__ import annotations

from tree_sitter import Node

from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft
from aelus.adapters.treesitter.imported_names import is_type_word
from aelus.adapters.treesitter.lower_types import generic
from aelus.domain.facts import GENERIC, RECORD


def add_base(file: FileDraft, node: Node, draft: DefinitionDraft, types: list[int], scope: int) -> None:
    """Read one of the bases of a type, or what it is made with by keyword, as it is seen from a scope."""
    lowering, rules = file.lowering, file.rules
    if lowering.form_of(node) == "keyword":
        form = file.room.forms[node.kind_id]
        name, inner = lowering.part(node, form, 0), lowering.part(node, form, 1)
        if name is not None and inner is not None and lowering.text(name) == rules.metaclass_keyword:
            draft.metaclass = lowering.lower_type(inner, scope)
        elif name is not None and inner is not None:
            draft.keywords[lowering.text(name)] = lowering.lower(inner, scope)
        return
    if lowering.text(node).rpartition(".")[2] in rules.record_bases and is_type_word(lowering, node, scope):
        draft.modifiers.append(RECORD)
    base = _applied(file, node, scope) if rules.subscripted_bases else lowering.lower_type(node, scope)
    given = node.next_named_sibling if rules.type_arguments_field else None
    if base and given is not None and lowering.form_of(given) == "type_arguments":
        arguments = [lowering.lower_type(part, scope) for part in lowering.parts(given)]
        base = file.expressions.add(GENERIC, "", (base, *arguments))
    if base:
        types.append(base)


def _applied(file: FileDraft, node: Node, scope: int) -> int:
    """A base where types are written as values: `Base[A]` is a generic type with its arguments."""
    lowering = file.lowering
    if lowering.form_of(node) != "index":
        return lowering.lower_type(node, scope)
    noted = len(lowering.reads)
    base = generic(lowering, node, file.room.forms[node.kind_id], scope)
    del lowering.reads[noted:]
    return base
