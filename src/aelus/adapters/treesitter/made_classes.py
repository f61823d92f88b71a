"""Classes that a call makes: `namedtuple("P", "x y")`, `type("C", (Base,), {"run": run})`."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft
from aelus.adapters.treesitter.scopes import CLASS_SCOPE
from aelus.domain.facts import CONSTANT, DEFINITION, FREE, RECORD, SEQUENCE

NAMED: Final = "fields"
"""What is given behind the name of the class: the names of its fields."""
ARGUMENTS: Final = {NAMED: 2, "members": 3}
"""How a class is made → number of arguments that it takes at least."""
NAME: Final = re.compile(rb"[^\W\d]\w*")


class MadeClasses:
    """Finds the classes that calls make, and their members."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._lowering = draft.lowering
        self._makers = draft.rules.class_makers

    def make(self, call: Node, callee: Node, scope: int, definition: int) -> None:
        """Let a call stand for the class that it makes, where it makes one."""
        how = self._makers.get(self._lowering.text(callee).rpartition(".")[2])
        listed = call.child_by_field_name("arguments") if how is not None else None
        if how is None or listed is None:
            return
        given = [
            child for child in self._lowering.parts(listed) if self._lowering.form_of(child) not in ("keyword", "spread", "spread_map")
        ]
        builtin = self._draft.expressions.entries[self._lowering.lower(callee, scope)][0] == FREE
        if len(given) < ARGUMENTS[how] or (how != NAMED and (not builtin or len(given) > ARGUMENTS[how])):
            return
        number = self._open(given[0], call, scope, definition)
        if how == NAMED:
            self._add_fields(given[1], number)
        else:
            self._add_bases(given[1], number, scope)
            self._add_members(given[2], number, scope)
        made = self._lowering.calls[call.id] = self._draft.expressions.add(DEFINITION, "", (number,))
        self._lowering.made.add(made)

    def _open(self, name: Node, call: Node, scope: int, definition: int) -> int:
        form, text, _ = self._draft.expressions.entries[self._lowering.lower(name, scope)]
        number = len(self._draft.definitions)
        body = self._draft.scopes.open(CLASS_SCOPE, scope, number)
        self._add("Class", text if form == CONSTANT else "<class>", call, definition, body)
        self._draft.definitions[number].body = body
        return number

    def _add(self, kind: str, name: str, node: Node, parent: int, scope: int) -> None:
        start = node.start_byte
        self._draft.symbols.add((scope, name))
        self._draft.definitions.append(
            DefinitionDraft(
                kind=kind,
                name=name,
                parent=parent,
                scope=scope,
                start=start,
                end=node.end_byte,
                name_start=start,
                span_start=start,
                head_start=start,
                outside=scope,
            )
        )

    def _add_member(self, name: str, node: Node, number: int) -> int:
        body = self._draft.definitions[number].body
        self._add("Field", name, node, number, body)
        return self._draft.scopes.declare(body, name)

    def _add_fields(self, written: Node, number: int) -> None:
        """Fields by their names: in one text, or as a list of names or of pairs of a name and a type."""
        self._draft.definitions[number].modifiers.append(RECORD)
        sequence = self._lowering.form_of(written) == "sequence"
        for node in self._lowering.parts(written) if sequence else [written]:
            pair = self._lowering.form_of(node) == "sequence"
            named = next(iter(self._lowering.parts(node)), node) if pair else node
            if self._lowering.form_of(named) != "string":
                continue
            for name in NAME.findall(self._lowering.raw(named).strip(b"rRuUbB").strip(b"\"'")):
                self._add_member(self._draft.expressions.text(name), named, number)
                self._draft.definitions[-1].modifiers.append(RECORD)

    def _add_bases(self, written: Node, number: int, scope: int) -> None:
        form, _, parts = self._draft.expressions.entries[self._lowering.lower(written, scope)]
        self._draft.definitions[number].bases.extend(part for part in parts if form == SEQUENCE and part)

    def _add_members(self, written: Node, number: int, scope: int) -> None:
        """Members from a mapping, or from the arguments of a call that makes one."""
        listed = written.child_by_field_name("arguments") or written
        for entry in self._lowering.parts(listed):
            form = self._lowering.forms.get(entry.kind_id)
            if form is None or form.name not in ("pair", "keyword"):
                continue
            key, value = self._lowering.part(entry, form, 0), self._lowering.part(entry, form, 1)
            if key is None or value is None:
                continue
            kind, name, _ = self._draft.expressions.entries[self._lowering.lower(key, scope)] if form.name == "pair" else (CONSTANT, "", ())
            name = name or self._lowering.text(key)
            if kind == CONSTANT:
                self._draft.flow(self._add_member(name, entry, number), self._lowering.value(value, scope))
