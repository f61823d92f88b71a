"""What names and dotted names mean that imports bind, whatever the file calls them: `t.Union` behind `import typing as t`."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.facts import FREE, LOCAL, MEMBER

PARTS: Final = 8
"""Parts of a dotted name that is looked at."""


def full_name(lowering: Lowering, index: int) -> str:
    """The dotted name of what an import or nothing in the file binds; empty for all that the file binds otherwise."""
    entries, members = lowering.expressions.entries, list[str]()
    for _ in range(PARTS):
        form, name, parts = entries[index]
        if form != MEMBER:
            head = lowering.scopes.imported.get(index, "") if form == LOCAL else name if form == FREE else ""
            return ".".join((head, *reversed(members))) if head else ""
        members.append(name)
        index = parts[0]
    return ""


def type_word(lowering: Lowering, index: int) -> str:
    """Last name of what an expression means, where that is a name alone or one of a module with types of the language."""
    name, modules = full_name(lowering, index), lowering.rules.type_modules
    module, _, word = name.rpartition(".")
    return word if module in modules or lowering.expressions.entries[index][0] != MEMBER else ""


def is_type_word(lowering: Lowering, written: Node, scope: int) -> bool:
    """Whether a word for types has its meaning in the language where it is written."""
    return not lowering.rules.type_modules or type_word(lowering, lowering.lower_type(written, scope)) != ""
