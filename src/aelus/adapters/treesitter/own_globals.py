"""The table of global variables: files that have one of their own, and variables that hold the program's.

Source: Lua 5.1 Reference Manual, 5.3 "Modules".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.draft import FileDraft, Found, Place
from aelus.domain.facts import CONSTANT, EXPORTS, FREE, MAPPING

NAMES: Final = 4_000
"""Names that one file keeps; more are left to the program."""
PARTS: Final = 8
"""Dots in the name of a module that are followed."""


class OwnGlobals:
    """What one file assigns to and does not declare is its own behind a call that says so: it makes them members of a module."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._word = draft.rules.module_call
        self._own = draft.rules.module_variable
        """Variable that holds the module's table."""
        self._call: Place | None = None
        self._names: dict[str, int] = {}
        """Name → the variable of the file."""
        self._table = 0

    def declare(self, calls: Sequence[Found], bindings: Sequence[Found]) -> None:
        """Declare such names, and note what else the table of the program's variables is called. Call it when all others are declared."""
        globals_word = self._draft.rules.globals_word.encode()
        for place, scope, _ in bindings if globals_word and globals_word in self._draft.source else ():
            self._note_table(place, scope)
        if not self._word or self._word.encode() not in self._draft.source:
            return
        self._call = next((place for place, scope, definition in calls if not scope and definition < 0 and self._opens(place)), None)
        if self._call is not None:
            self._declare_behind(self._call.start, bindings)
            if self._own and self._own.encode() in self._draft.source and self._draft.scopes.is_free(0, self._own):
                self._table = self._draft.scopes.declare(0, self._own)

    def _note_table(self, place: Place, scope: int) -> None:
        """A variable that is bound to the table and to nothing else."""
        values, targets = place.captures.get("value"), place.captures.get("target", [])
        text = self._draft.lowering.text
        if values and len(targets) == 1 and text(values[0]) == self._draft.rules.globals_word:
            self._draft.scopes.imported[self._draft.scopes.declare(scope, text(targets[0]))] = self._draft.rules.globals_word

    def _opens(self, place: Place) -> bool:
        callee = place.captures.get("callee")
        return callee is not None and self._draft.lowering.text(callee[0]) == self._word

    def _declare_behind(self, start: int, bindings: Sequence[Found]) -> None:
        scopes = self._draft.scopes
        for node, scope in self._targets(start, bindings):
            name = self._draft.lowering.text(node)
            if len(self._names) < NAMES and scopes.is_free(scope, name):
                self._names[name] = scopes.declare(0, name)

    def _targets(self, start: int, bindings: Sequence[Found]) -> Iterator[tuple[Node, int]]:
        """Names that are assigned to behind a place, with the scopes where they are."""
        lowering = self._draft.lowering
        for place, scope, _ in bindings:
            for target in place.captures.get("target", ()) if place.start > start else ():
                for node in lowering.parts(target) if lowering.form_of(target) == "list" else [target]:
                    if lowering.form_of(node) == "name":
                        yield node, scope
        for draft in self._draft.definitions:
            for target in draft.captures.get("target", ()) if draft.start > start else ():
                if lowering.form_of(target) == "name":
                    yield target, draft.outside

    def emit(self) -> None:
        """Let the module have them, under the name that it is given as well."""
        if self._call is None:
            return
        add = self._draft.expressions.add
        parts = tuple(part for name, variable in self._names.items() for part in (add(CONSTANT, name), variable))
        module = add(EXPORTS)
        self._draft.flow(module, self._draft.lowering.container(self._call.node, MAPPING, parts))
        if self._table:
            self._draft.flow(self._table, module)
        given = self._draft.expressions.entries[self._draft.lowering.lower(self._call.node, 0)][2][1:2]
        form, text, _ = self._draft.expressions.entries[given[0]] if given else ("", "", ())
        if form == CONSTANT:
            self._name(text, module)

    def _name(self, text: str, module: int) -> None:
        """Let a variable of the whole program hold a module, or a table where that is behind a dot."""
        expressions = self._draft.expressions
        head, *rest = text.split(".", PARTS)
        for name in reversed(rest):
            module = expressions.fresh(MAPPING, "", (expressions.add(CONSTANT, name), module))
        self._draft.flow(expressions.add(FREE, head), module)
