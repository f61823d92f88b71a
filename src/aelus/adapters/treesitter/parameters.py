"""Parameters of functions: declared with the names of the file, read when all of these are known."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.bindings import Bindings
from aelus.adapters.treesitter.declarators import unwrapped
from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft
from aelus.adapters.treesitter.lower_types import dimensioned
from aelus.adapters.treesitter.lowering import REST
from aelus.adapters.treesitter.room import Form
from aelus.adapters.treesitter.scopes import FUNCTION_SCOPE
from aelus.domain.facts import ARRAY, BLOCK, ITERATE, LITERAL

Written = tuple[Node | None, Node | None, Node | None]
"""What is written of a parameter beside its name: type, default, pairs of brackets behind the name."""
Pending = tuple[DefinitionDraft, int, Written, Node | None, int]
"""Parameter that is to be read: its function, number, what is written, pattern in place of a name, first byte of the name."""


DEFAULT: Final = "<default>"


class Parameters:
    """The parameters of one file's functions."""

    def __init__(self, draft: FileDraft, bindings: Bindings) -> None:
        self._draft = draft
        self._room = draft.room
        self._rules = draft.rules
        self._lowering = draft.lowering
        self._scopes = draft.scopes
        self._bindings = bindings
        self._pending: list[Pending] = []
        self._receivers: list[tuple[int, int, Node]] = []
        """(variable, scope, type) of receivers that are written as parameters."""

    def fill(self) -> None:
        """Lower types and defaults."""
        for pending in self._pending:
            self._fill_parameter(pending)
        for variable, scope, written in self._receivers:
            self._draft.declare(variable, self._lowering.lower_type(written, scope))

    def declare(self) -> None:
        """Declare the parameters of all functions."""
        for draft in self._draft.definitions:
            if "receiver" in draft.captures and self._rules.receiver_word:
                self._scopes.declare(draft.body, self._rules.receiver_word)
            if "self" in draft.captures:
                self._scopes.declare(draft.body, self._lowering.text(draft.captures["self"][0]))
            if draft.receiver_name:
                variable = self._scopes.declare(draft.body, draft.receiver_name)
                draft.parameters.append((draft.receiver_name, variable, 0, 0, "positional"))
            for listed in draft.captures.get("parameters", ()):
                self._read_parameters(draft, listed)
            if self._rules.arguments_word:
                self._add_all(draft)
            if draft.has_block:
                self._add_block(draft)
                self._lowering.parameters[draft.body] = draft.parameters

    def _add_all(self, draft: DefinitionDraft) -> None:
        """A name that every function has for all its arguments together, where the body uses it."""
        word, body, scopes = self._rules.arguments_word, draft.body_node, self._scopes
        if body is None or draft.body in scopes.borrowing or scopes.entries[draft.body][0] != FUNCTION_SCOPE:
            return
        if self._draft.source.find(word.encode(), body.start_byte, body.end_byte) >= 0 and word not in scopes.declared[draft.body]:
            draft.parameters.append((word, scopes.declare(draft.body, word), 0, 0, "all"))

    def _add_block(self, draft: DefinitionDraft) -> None:
        """The block has a name of its own, also where a parameter is written for it."""
        variable = self._scopes.declare(draft.body, BLOCK)
        written = [parameter[1] for parameter in draft.parameters if parameter[4] == "block"]
        if written:
            self._draft.flow(variable, written[0])
        else:
            draft.parameters.append((BLOCK, variable, 0, 0, "block"))

    def _read_parameters(self, draft: DefinitionDraft, listed: Node) -> None:
        forms, keyword_only = self._room.parameters, False
        rest = self._read_rest(listed) if self._rules.rest_word else None
        for node in [listed] if listed.kind_id in forms else self._lowering.parts(listed):
            form = forms.get(node.kind_id)
            if form is None or node == rest:
                continue
            if form.name == "keyword_only":
                keyword_only = True
                continue
            kind = self._read_parameter(draft, node, form, "keyword" if keyword_only else "positional")
            keyword_only = keyword_only or kind == "rest"
        if self._rules.rest_mark and any(child.type == self._rules.rest_mark for child in listed.children[-2:]):
            draft.parameters.append(("", self._rest_variable(draft), 0, 0, "rest"))
        if rest is not None:
            written = listed.child_by_field_name("type")
            element = written.child_by_field_name("type") if written is not None else None
            self._add_parameter(draft, rest, "rest", (element or written, None, None))

    def _read_rest(self, listed: Node) -> Node | None:
        """The name of a last parameter that takes all further arguments, which stands in the list itself behind a word."""
        name, written = listed.child_by_field_name("name"), listed.child_by_field_name("type")
        behind = any(child.type == self._rules.rest_word for child in listed.children)
        return name if behind and written is not None else None

    def _read_parameter(self, draft: DefinitionDraft, node: Node, form: Form, kind: str) -> str:
        written, default = self._lowering.part(node, form, 1), self._lowering.part(node, form, 2) or _behind(node, form.text)
        names, brackets = self._parameter_names(node, form), self._lowering.part(node, form, 3)
        before = node.prev_named_sibling if self._rules.rest_word else None
        if before is not None and self._lowering.text(before) == self._rules.rest_word:
            kind = "rest"
        if not names and self._lowering.text(node) in self._rules.unnamed_parameters:
            return kind
        if names and self._lowering.form_of(names[0]) == "this":
            self._add_receiver(draft, names[0], written)
            return kind
        for name in names:
            kind = self._add_parameter(draft, name, kind if form.name == "plain" else form.name, (written, default, brackets))
        if not names:
            self._add_unnamed(draft, kind if form.name == "plain" else form.name, (written, default, brackets))
        return kind

    def _add_receiver(self, draft: DefinitionDraft, name: Node, written: Node | None) -> None:
        """What the function is called on, written as if it were its first parameter."""
        self._scopes.receiving.add(draft.body)
        variable = self._scopes.declare(draft.body, self._lowering.text(name))
        if written is not None:
            self._receivers.append((variable, draft.body, written))

    def _add_unnamed(self, draft: DefinitionDraft, kind: str, rest: Written) -> str:
        """A parameter without a name; it has a variable where its declaration says more than a type."""
        variable = self._scopes.declare(draft.body, f"<{len(draft.parameters)}>") if self._rules.constant_word and rest[0] else 0
        variable = self._rest_variable(draft) if kind == "rest" else variable
        draft.parameters.append(("", variable, 0, 0, kind))
        self._pending.append((draft, len(draft.parameters) - 1, rest, None, -1))
        return kind

    def _rest_variable(self, draft: DefinitionDraft) -> int:
        """What holds all further arguments, where functions of the library say what is in it."""
        return self._scopes.declare(draft.body, REST.decode()) if self._rules.rest_calls and draft.body >= 0 else 0

    def _parameter_names(self, node: Node, form: Form) -> list[Node]:
        """Names, or patterns in place of one; empty for a parameter that has only a type."""
        if form.fields and form.fields[0]:
            return node.children_by_field_id(form.fields[0])
        if form.children:
            name = self._lowering.part(node, form, 0)
            return [] if name is None else [name]
        if self._lowering.form_of(node) in ("mapping", "sequence"):
            return [node]
        return self._lowering.parts(node)[:1] or [node]

    def _add_parameter(self, draft: DefinitionDraft, name: Node, kind: str, rest: Written) -> str:
        nested = self._room.parameters.get(name.kind_id)
        if nested is not None and nested.name != "plain":
            kind, name = nested.name, (self._lowering.parts(name) or [name])[-1]
        if self._lowering.form_of(name) in ("declarator", "function_declarator"):
            found = unwrapped(self._room, name)
            if found is None:
                return self._add_unnamed(draft, kind, rest)
            name = found.name
        if self._lowering.form_of(name) == "inner":
            name = self._lowering.inner_of(name, self._room.forms[name.kind_id]) or name
        pattern = None if self._lowering.form_of(name) in ("name", "varargs", "") else name
        text = f"<{len(draft.parameters)}>" if pattern is not None else self._lowering.text(name)
        variable = self._scopes.declare(draft.body, text)
        if pattern is not None:
            self._bindings.declare_target(pattern, draft.body, 0)
        else:
            self._lowering.versioned.note_parameter(draft.body, text, name, draft.body_node)
        if kind == "rest" and pattern is None and self._rules.packs:
            variable = self._pack(draft, text, variable)
        draft.parameters.append(("" if pattern is not None else text, variable, 0, 0, kind))
        self._pending.append((draft, len(draft.parameters) - 1, rest, pattern, name.start_byte))
        return kind

    def _pack(self, draft: DefinitionDraft, text: str, variable: int) -> int:
        """The variable of all that a pack is given; the name means one of them, where it is not expanded."""
        pack = self._scopes.packs[variable] = self._scopes.declare(draft.body, f"{text}{self._rules.rest_mark}")
        self._draft.flow(variable, self._draft.expressions.add(ITERATE, "", (pack,)))
        return pack

    def _fill_parameter(self, pending: Pending) -> None:
        draft, number, (written, default, brackets), pattern, position = pending
        lowering = self._lowering
        scope = draft.outside if self._rules.head_outside else draft.body
        declared = lowering.lower_type(written, draft.body if draft.type_parameters else scope) if written is not None else 0
        declared = dimensioned(lowering, declared, [brackets] if brackets is not None else ())
        value = self._default(default, scope)
        name, variable, _, _, kind = draft.parameters[number]
        if variable in self._lowering.versions and (version := self._lowering.versioned.bound_at(variable, position)):
            self._draft.flow(variable, version)
            self._draft.declare(variable, declared if kind == "positional" else 0)
            variable = version
        draft.parameters[number] = (name, variable, declared, value, kind)
        if declared and kind == "rest" and self._rules.rest_types == "element":
            declared = self._draft.expressions.add(ARRAY, "", (declared,))
        if kind != "rest_map":
            self._draft.declare(variable, declared)
            if declared and written is not None and self._rules.constant_word:
                end = position if position >= 0 else _end_of_type(written, default)
                self._declare_marks(variable, written, (end, end + len(name.encode())))
        self._draft.flow(variable, value)
        if pattern is not None:
            self._bindings.bind(pattern, variable, draft.body, 0, self._scopes.entries[draft.body][2])

    def _default(self, default: Node | None, scope: int) -> int:
        """Value of a default; where overloads are told apart, it is known that there is one."""
        if default is None:
            return 0
        return self._lowering.value(default, scope) or (self._draft.expressions.add(LITERAL, DEFAULT) if self._room.overloads else 0)

    def _declare_marks(self, variable: int, written: Node, name: tuple[int, int]) -> None:
        for mark in self._lowering.marks(written, name):
            self._draft.declare(variable, mark)


def _behind(node: Node, sign: str) -> Node | None:
    """What stands behind a sign in a parameter, or right behind that."""
    child = next((child for child in (*node.children, node.next_sibling) if child and child.type == sign), None) if sign else None
    return child.next_named_sibling if child is not None else None


def _end_of_type(written: Node, default: Node | None) -> int:
    """Byte behind a parameter without a name."""
    if default is not None:
        return default.start_byte
    return written.parent.end_byte if written.parent is not None else written.end_byte
