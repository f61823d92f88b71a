"""Files that code loads by their paths, whose value is what they return (`require __DIR__ . "/a.php"`), and modules that are loaded."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.imported_names import full_name
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import CONSTANT, EXPORTS, FREE, IMPORT

PATH: Final = "#"
"""Before a module specifier that is a path."""
JOINED: Final = 2
"""Operands of a path that is put together."""


def loaded(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """What the file at a constant path yields, also one that begins with the folder of the file itself."""
    written = lowering.inner_of(node, form)
    while written is not None and lowering.form_of(written) == "inner":
        written = lowering.inner_of(written, form)
    path = _path(lowering, written, scope) if written is not None else ""
    return lowering.expressions.add(IMPORT, PATH + path) if path else 0


def _path(lowering: Lowering, written: Node, scope: int) -> str:
    parts = lowering.parts(written)
    if lowering.form_of(written) == "operator" and len(parts) == JOINED and lowering.text(parts[0]) in lowering.rules.own_folder:
        written = parts[1]
    kind, text, _ = lowering.expressions.entries[lowering.lower(written, scope)]
    return f"./{text.lstrip('/')}" if kind == CONSTANT else ""


def of_table(lowering: Lowering, table: int, name: str) -> int:
    """What a name is in a table that the language keeps itself: a module, a variable of the whole program; 0 in any other."""
    rules = lowering.rules
    if rules.loaded_modules and rules.keys_are_members and full_name(lowering, table) == rules.loaded_modules:
        return lowering.expressions.add(IMPORT, name)
    if rules.globals_word and full_name(lowering, table) == rules.globals_word:
        return lowering.expressions.add(FREE, name)
    return 0


def loaded_module(lowering: Lowering, table: int, key: int) -> int:
    """A module of the table of those that are loaded, which may be the file's own one; 0 for other subscripts."""
    rules, (kind, text, _) = lowering.rules, lowering.expressions.entries[key]
    if not rules.own_module or full_name(lowering, table) != rules.loaded_modules:
        return 0
    if kind == FREE and text == rules.own_module:
        return lowering.expressions.add(EXPORTS)
    return lowering.expressions.add(IMPORT, text) if kind == CONSTANT else 0
