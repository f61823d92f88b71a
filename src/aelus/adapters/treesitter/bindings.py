"""What gives names their values: assignments, loops, destructuring."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.annotations import Annotations
from aelus.adapters.treesitter.derivations import attribute, derived
from aelus.adapters.treesitter.doc_types import found, lower_doc_type
from aelus.adapters.treesitter.documentation import comment_before, ends_with_comment, statement_of
from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft, Place
from aelus.adapters.treesitter.imported_names import is_type_word
from aelus.adapters.treesitter.lower_types import declared_type, quoted
from aelus.adapters.treesitter.lower_values import constructed
from aelus.adapters.treesitter.narrowing import Narrowing
from aelus.adapters.treesitter.parts import bind_part, nested_assignments, positions, take_apart
from aelus.adapters.treesitter.scopes import CLASS_SCOPE
from aelus.adapters.treesitter.several_results import RESULT, further_results, several
from aelus.adapters.treesitter.stores import Stores, note_filled
from aelus.domain.facts import (
    CALL,
    CALL_REFERENCE,
    CONSTANT,
    IMPLICIT,
    INDEX,
    ITERATE,
    KEYS,
    LEFT_OUT,
    LOCAL,
    MEMBER,
    OPERATION_REFERENCE,
    SLICE,
    STORE_REFERENCE,
    THIS,
    UNION,
)

WORD: Final = re.compile(r"@\w+")
STORED_FORMS: Final = frozenset({MEMBER, INDEX})
DEFINING: Final = ("assign", "attribute")
"""Bindings whose names are definitions where they are the file's or a class's own."""
METHOD_KINDS: Final = frozenset({"Method", "Constructor"})
PATTERN_DEPTH: Final = 50
FIRST: Final = "0"
ANY_PLACE: Final = "?"
"""A key that is not known."""

PATTERNS: Final = frozenset({"sequence", "places", "list", "mapping", "inner", "spread", "spread_map", "default"})
CLAUSES: Final = frozenset({"variant", "record", "argument"}) | PATTERNS
NAMING: Final = frozenset({"name", "shorthand", "symbol", "property"})
"""Forms of targets that are a name."""


class Bindings:
    """The flows of one file."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._rules = draft.rules
        self._lowering = draft.lowering
        self._scopes = draft.scopes
        self._expressions = draft.expressions
        self._versions = draft.lowering.versioned
        self.stores = Stores(draft.room, draft.lowering)
        self._place: Place | None = None
        self._assigned: list[tuple[Place, int]] = []
        self._given: list[tuple[Place, int]] = []
        self.narrowing = Narrowing(draft)
        word = WORD.match(self._rules.doc_types.get("local", ""))
        self._documents = word is not None and word.group().encode() in draft.source
        """Whether comments of the file may say types of what is bound behind them."""
        self.annotations = Annotations(draft)

    # --- names ---------------------------------------------------------------------------------------------------------------------------

    def declare(self, place: Place, scope: int) -> None:
        """Declare the names that a binding introduces."""
        name = place.role.settings.get("name")
        if place.role.detail in ("member", "step"):
            if place.role.detail == "member":
                self._draft.stored.update((place.node.id, *nested_assignments(self._draft, place.captures["value"][0])))
            return
        if place.role.detail == "given":
            self._given.append((place, scope))
            return
        if name:
            self._scopes.declare(scope, name)
            return
        declares = place.role.settings.get("declares", self._rules.assignments)
        if "target" in place.role.settings:
            return
        if declares == "none":
            self._assigned.append((place, scope))
        else:
            owner = self._scopes.target_scope(scope, declares)
            values = place.captures.get("value")
            end = values[0].end_byte if values else 0
            for capture in ("target", "key"):
                for target in place.captures.get(capture, ()):
                    self._note_written(place, target)
                    self.declare_target(target, owner, end)
                    if self._rules.stored_paths and end and place.role.detail == "assign":
                        self.stores.note(target, scope, end)

    def _note_written(self, place: Place, target: Node) -> None:
        """A target that looks like a call reads nothing, unless an operator stands with it."""
        if self._rules.setter_suffix and place.node.child_by_field_name("operator") is None:
            self._draft.stored.add(target.id)

    def declare_target(self, target: Node, scope: int, end: int, depth: int = 0) -> None:
        """Declare the names of a target, which may be a pattern; they have their values from byte `end` on."""
        form = self._lowering.form_of(target)
        if form in NAMING:
            name = self._name_of(target)
            if self._rules.upper_case_patterns and name[:1].isupper():
                return
            self._scopes.declare(scope, name)
            self._versions.note(scope, name, target, max(end, target.end_byte))
        elif form == "pair":
            parts = self._draft.room.forms[target.kind_id]
            value = self._lowering.part(target, parts, 1) or self._lowering.part(target, parts, 0)
            if value is not None and depth < PATTERN_DEPTH:
                self.declare_target(value, scope, end, depth + 1)
        elif form == "default":
            self.declare_target(target.named_children[0], scope, end, depth + 1)
        elif form in ("variant", "record") and depth < PATTERN_DEPTH:
            for child in self._lowering.parts(target)[1:]:
                self.declare_target(child, scope, end, depth + 1)
        elif form in ("sequence", "places", "list", "mapping", "spread", "spread_map", "inner") and depth < PATTERN_DEPTH:
            for child in self._lowering.parts(target):
                self.declare_target(child, scope, end, depth + 1)

    def _name_of(self, node: Node) -> str:
        """The name that a target is, or that it gives as a value."""
        return (
            self._expressions.entries[self._lowering.lower(node, 0)][1]
            if self._lowering.form_of(node) == "symbol"
            else self._lowering.text(node)
        )

    def note_assigned(self) -> None:
        """Note assignments to names that are declared elsewhere. Call it when all names are declared."""
        for place, scope in self._given:
            self._scopes.declare_given(scope, self._lowering.text(place.captures["target"][0]))
        if not self._draft.room.blocks:
            return
        for place, scope in self._assigned:
            values = place.captures.get("value")
            for target in place.captures.get("target", ()):
                self._note_target(target, scope, values[0].end_byte if values else 0)

    def _note_target(self, target: Node, scope: int, end: int, depth: int = 0) -> None:
        form = self._lowering.form_of(target)
        if form in ("name", "shorthand"):
            self._versions.note_assignment(self._scopes.resolve(scope, self._lowering.raw(target)), scope, target, end)
        elif form in ("sequence", "places", "list", "mapping", "spread", "inner", "pair", "default", "argument") and depth < PATTERN_DEPTH:
            for child in self._lowering.parts(target):
                self._note_target(child, scope, end, depth + 1)

    # --- values --------------------------------------------------------------------------------------------------------------------------

    def emit(self, place: Place, scope: int, definition: int) -> None:
        """Note what flows where."""
        if "left_out" not in place.role.settings or LEFT_OUT not in self._draft.conditions(place.start):
            self._emit(place, scope, definition)

    def _emit(self, place: Place, scope: int, definition: int) -> None:
        if place.role.detail == "given":
            return
        if name := place.role.settings.get("name"):
            self._emit_named(self._scopes.declare(scope, name), place, scope)
            return
        if place.role.detail in ("element", "step") or (place.node.id in self._draft.stored and place.role.detail in ("assign", "member")):
            bind_part(self._draft, place, scope, definition)
            return
        listed, written = place.captures.get("value"), place.captures.get("type")
        if listed and written and self._lowering.form_of(listed[0]) in ("arguments", "initializer"):
            self._emit_constructed(place, scope, definition)
            return
        if self._rules.several_results and place.role.detail in ("assign", "each"):
            self._emit_several(place, scope, definition)
            return
        nodes, types = place.captures.get("value"), place.captures.get("type")
        value = self._value_of(place, nodes[0], scope) if nodes else 0
        declared = declared_type(self._lowering, place.captures, scope)
        self._place = place
        for node in place.captures.get("key", ()):
            self.bind(node, self._expressions.add(KEYS, "", (value,)) if value else 0, scope, 0, definition)
        if place.role.settings.get("adds"):
            value = self._expressions.add(UNION, "", (self._lowering.value(place.captures["target"][0], scope), value))
        value = (
            attribute(self._lowering, place, value)
            if place.role.detail == "attribute"
            else derived(self._lowering, place, definition, value)
        )
        declared = declared or self._documented(place, scope)
        for node in self._targets(place):
            self.bind(node, value, scope, declared, definition)
            if declared and types and self._rules.constant_word:
                self._declare_marks(node, types[0], scope)
        self._place = None

    def _emit_named(self, variable: int, place: Place, scope: int) -> None:
        """A variable that the text does not name: it has a type, or is one that is written around it."""
        if "type" in place.captures:
            self._draft.declare(variable, self._lowering.lower_type(place.captures["type"][0], scope))
            return
        self._draft.flow(variable, self._lowering.lower_type(place.captures["value"][0], self._scopes.entries[scope][1]))

    def _value_of(self, place: Place, node: Node, scope: int) -> int:
        """What is assigned: the value, one of the several that it is, or the member of the holder that bears the name."""
        scope = self._scopes.entries[scope][1] if "head" in place.role.settings else scope
        holder = self._scopes.receiver(THIS, scope) if place.role.settings.get("of") == "receiver" else 0
        for named in place.captures.get("holder", ()):
            holder = self._lowering.lower_type(named, scope)
        if holder:
            return self._expressions.add(MEMBER, self._name_of(node), (holder,))
        if place.role.settings.get("reads") == "type" and is_type_word(self._lowering, place.captures["when"][0], scope):
            return quoted(self._lowering, node, scope)
        part, value = place.role.settings.get("part", ""), self._lowering.value(node, scope)
        if part and self._lowering.unwrapped(node).kind_id in self._draft.room.paired_values:
            return value if part == FIRST else 0
        return self._expressions.add(INDEX, "", (value, self._expressions.add(CONSTANT, part))) if part and value else value

    def _documented(self, place: Place, scope: int) -> int:
        """The type that a comment before a binding declares for its one target."""
        targets = place.captures.get("target", ())
        if not self._documents or len(targets) != 1:
            return 0
        start = statement_of(place.node).start_byte
        if not ends_with_comment(self._draft, start):
            return 0
        written = found(self._rules.doc_types, "local", comment_before(self._draft, start))
        kind = written.get(self._lowering.text(targets[0]), written.get("", ""))
        return lower_doc_type(self._lowering, kind, scope) if kind else 0

    def _targets(self, place: Place) -> list[Node]:
        """The targets; of `v, ok := m[k]`, the one that the value reaches: the other says whether there is one."""
        targets, values = place.captures.get("target", []), place.captures.get("value", [])
        pairs = self._draft.room.paired_values
        if not pairs or len(targets) != 1 or not values or self._lowering.form_of(targets[0]) != "list":
            return targets
        names, listed = self._lowering.parts(targets[0]), several(self._lowering, values[0])
        paired = len(names) > 1 and len(listed) == 1 and self._lowering.unwrapped(listed[0]).kind_id in pairs
        return names[:1] if paired else targets

    def _declare_marks(self, node: Node, written: Node, scope: int) -> None:
        variable = self._target(scope, self._lowering.raw(node))
        for mark in self._lowering.marks(written, (node.start_byte, node.end_byte)):
            self._draft.declare(variable, mark)

    def _emit_constructed(self, place: Place, scope: int, definition: int) -> None:
        """`T x(…)`, `T x = {…}`."""
        self._place = place
        declared = self._lowering.lower_type(place.captures["type"][0], scope)
        value = constructed(self._lowering, declared, place.captures["value"][0], scope)
        for node in place.captures["target"]:
            self.bind(node, value, scope, declared, definition)
            if declared and self._rules.constant_word:
                self._declare_marks(node, place.captures["type"][0], scope)
        self._place = None

    def _emit_several(self, place: Place, scope: int, definition: int) -> None:
        """`a, b = f()`: the last value may be several."""
        self._place = place
        lowering, listed = self._lowering, [part for node in place.captures.get("value", ()) for part in several(self._lowering, node)]
        values = [lowering.value(node, scope) for node in listed]
        # `local a, b = ...` takes the further arguments by their places
        rest = self._scopes.resolve(scope, lowering.raw(listed[-1])) if listed and lowering.form_of(listed[-1]) == "varargs" else 0
        if place.role.detail == "each" and values:
            values = [self._next_of(place, listed[0], values, definition)]
        targets = [part for node in place.captures["target"] for part in several(self._lowering, node) if self._lowering.form_of(part)]
        for position, node in enumerate(targets):
            behind = position - len(values) + 1
            value = (
                self._expressions.add(INDEX, "", (rest, self._expressions.add(CONSTANT, str(behind))))
                if rest and behind >= 0
                else 0
                if not values
                else values[position]
                if behind <= 0
                else self._expressions.add(INDEX, "", (values[-1], self._expressions.add(CONSTANT, f"{RESULT}{behind}")))
            )
            self.bind(node, value, scope, 0, definition)
        if self._rules.annotations and len(targets) == 1 and ends_with_comment(self._draft, place.start):
            self.annotations.annotate(lowering.lower(targets[0], scope), comment_before(self._draft, place.start))
        self._place = None

    def _next_of(self, place: Place, node: Node, values: list[int], definition: int) -> int:
        """What an iterator yields: a function that is called again and again, or the elements that the library says."""
        given = values if len(values) > 1 else (*values, *further_results(self._lowering, node, values[0], 2))
        call = self._expressions.add(CALL, "", tuple(given))
        self._draft.references.append((CALL_REFERENCE, call, self._draft.line(place.start), place.start, definition))
        return self._lowering.union({call: None, self._expressions.add(ITERATE, "", (values[0],)): None})

    def bind(self, node: Node, value: int, scope: int, declared: int, definition: int, depth: int = 0) -> None:
        """Let a value flow into a target, which may be a pattern."""
        form = self._lowering.form_of(node)
        if form in CLAUSES and depth < PATTERN_DEPTH:
            (self._bind_places if form == "places" else self._bind_pattern)(node, form, value, (scope, declared, definition, depth + 1))
        elif form in NAMING:
            name = self._name_of(node)
            if self._rules.upper_case_patterns and name[:1].isupper():
                return
            target = self._target(scope, name.encode())
            self._bind_name(target, node, value, declared, definition)
            if self._expressions.entries[target][0] == IMPLICIT and self._rules.accessors:
                line = self._draft.line(node.end_byte - 1)
                self._draft.references.append((STORE_REFERENCE, target, line, node.start_byte, definition))
        elif form and form != "scoped":
            target = self._lowering.lower(node, scope)
            note_filled(self._draft, node, form, definition)
            if self._draft.room.calling_names and self._expressions.entries[target][0] == CALL:
                target = self._expressions.entries[target][2][0]
                self._note_setter(target, node, value, definition)
            if self._expressions.entries[target][0] == SLICE and value:
                target = self._expressions.add(INDEX, "", (self._expressions.entries[target][2][0], 0))
                value = self._expressions.add(ITERATE, "", (value,))
            self._draft.flow(*self.stores.made_on_demand(target))
            self._bind_name(target, node, value, declared, definition)
            self._draft.flow(self.stores.version_at(node), value)
            if self._expressions.entries[target][0] in STORED_FORMS and self._rules.accessors:
                line = self._draft.line(node.end_byte - 1)
                self._draft.references.append((STORE_REFERENCE, target, line, node.start_byte, definition))
                if self._place is None or self._place.node.child_by_field_name("operator") is None:
                    self._draft.stored.add(node.id)

    def _note_setter(self, member: int, node: Node, value: int, definition: int) -> None:
        """What is assigned to a member is given to the method that has its name and a mark behind it, or to what declares both."""
        form, name, parts = self._expressions.entries[member]
        if self._rules.setter_suffix and form == MEMBER:
            setter = self._expressions.add(MEMBER, f"{name}{self._rules.setter_suffix}|{name}", parts)
            call = self._expressions.add(CALL, "", (setter, value))
            self._draft.references.append((OPERATION_REFERENCE, call, self._draft.line(node.end_byte - 1), node.start_byte, definition))

    def _target(self, scope: int, name: bytes) -> int:
        """The variable that a name means which is bound in a scope: a field where it stands among the members of a class."""
        text = self._expressions.text(name)
        if self._place is not None and self._place.role.settings.get("target") == "member":
            return self._scopes.resolve_initialized(scope, text)
        if self._scopes.entries[scope][0] == CLASS_SCOPE and text in self._scopes.declared[scope]:
            return self._expressions.add(LOCAL, text, (scope,))
        return self._scopes.resolve(scope, name)

    def _bind_pattern(self, node: Node, form: str, value: int, rest: tuple[int, int, int, int]) -> None:
        scope, declared, definition, depth = rest
        children = self._lowering.parts(node)
        if form in ("mapping", "record"):
            for child in children[form == "record" :]:
                self._bind_entry(child, value, scope, definition, depth)
        elif form == "variant":
            self._bind_variant(children, value, scope, definition, depth)
        elif form == "default":
            default = self._lowering.value(children[-1], scope)
            for source in (value, default):
                self.bind(children[0], source, scope, 0, definition, depth)
        elif form == "sequence" or (form == "list" and len(children) > 1):
            behind, calls = False, take_apart(self._draft, children, value, scope, definition)
            for position, child in zip(positions(node, children), children, strict=True):
                spread = self._lowering.form_of(child) == "spread"
                place = str(position - len(children) if behind else position)
                key = f"{position}:{position + 1 - len(children) or ''}" if spread else place
                self._bind_element(child, value, SLICE if spread else INDEX, key, scope, definition, depth)
                if calls:
                    self.bind(child, calls[position], scope, 0, definition, depth)
                behind = behind or spread
        else:
            for child in children:
                self.bind(child, value, scope, declared, definition, depth)

    def _bind_places(self, node: Node, _form: str, value: int, rest: tuple[int, int, int, int]) -> None:
        """`[$a, , $b]`, `["key" => $a]`: targets by their places, of which some are left out, or by keys."""
        scope, _, definition, depth = rest
        position, key = 0, ""
        for child in node.children:
            if child.type == ",":
                position, key = position + 1, ""
            elif child.next_sibling is not None and child.next_sibling.type == "=>":
                key = self._expressions.entries[self._lowering.lower(child, scope)][1] or ANY_PLACE
            elif child.is_named and key != ANY_PLACE:
                self._bind_element(child, value, INDEX, key or str(position), scope, definition, depth)

    def _bind_element(self, node: Node, value: int, form: int, key: str, scope: int, definition: int, depth: int) -> None:
        if value and form == SLICE:
            value = self._expressions.add(SLICE, key, (value,))
        elif value:
            value = self._expressions.add(INDEX, "", (value, self._expressions.add(CONSTANT, key)))
        self.bind(node, value, scope, 0, definition, depth)

    def _bind_variant(self, children: list[Node], value: int, scope: int, definition: int, depth: int) -> None:
        """`Variant(a, b)`: what the variant holds."""
        name = self._lowering.text(children[0]).rpartition(self._rules.package_separator)[2] if children else ""
        key, add = self._rules.variant_keys.get(name), self._expressions.add
        for number, child in enumerate(children[1:]):
            if key is not None:
                held = add(INDEX, "", (value, add(CONSTANT, key)))
            else:
                held = add(MEMBER, str(number) if name[:1].islower() else f"{name}.{number}", (value,))
            self.bind(child, held if value else 0, scope, 0, definition, depth)

    def _bind_entry(self, node: Node, value: int, scope: int, definition: int, depth: int) -> None:
        """`{a, b: c, d = e, ...rest}`: members of the value."""
        form = self._lowering.form_of(node)
        key, target = node, node
        if form == "pair":
            parts = self._draft.room.forms[node.kind_id]
            key = self._lowering.part(node, parts, 0) or node
            target = self._lowering.part(node, parts, 1) or key
        elif form == "default":
            key = node.named_children[0]
        elif form in ("spread", "spread_map"):
            for rest in self._lowering.parts(node)[-1:]:
                self.bind(rest, value, scope, 0, definition, depth)
            return
        member = self._expressions.add(MEMBER, self._lowering.text(key), (value,)) if value else 0
        if member and self._rules.accessors:
            self._draft.references.append((OPERATION_REFERENCE, member, self._draft.line(key.end_byte - 1), key.start_byte, definition))
        self.bind(target, member, scope, 0, definition, depth)

    def _bind_name(self, target: int, node: Node, value: int, declared: int, definition: int) -> None:
        if value == target and value:
            value = self._outer(target)
        version = self._versions.bound_at(target, node.start_byte) if target in self._lowering.versions else 0
        if version:
            self._draft.flow(version, value)
            self._draft.declare(version, declared)
            value = version
        self._draft.flow(target, value)
        self._draft.declare(target, declared)
        if declared and "local" in self._rules.doc_types and self._expressions.entries[target][0] == MEMBER:
            self._define_documented(target, node, declared)
        if target and self._place is not None and self._place.role.detail in DEFINING and value not in self._lowering.made:
            self._define(target, node, declared, definition)

    def _outer(self, variable: int) -> int:
        """What a name means around the scope that declares it: `local print = print`."""
        form, name, parts = self._expressions.entries[variable]
        return self._scopes.resolve(self._scopes.entries[parts[0]][1], name.encode()) if form == LOCAL else variable

    # --- variables that are definitions ---------------------------------------------------------------------------------------------------

    def _define(self, target: int, node: Node, declared: int, definition: int) -> None:
        """Variables of files and classes are definitions, and so is what a method sets on its receiver."""
        form, text, parts = self._expressions.entries[target]
        if form == LOCAL:
            kind, _, owner = self._scopes.entries[parts[0]]
            if kind == CLASS_SCOPE:
                self._add_variable("Field", text, node, parts[0], owner, declared)
            elif parts[0] in self._scopes.namespaces:
                self._add_variable("Variable", text, node, parts[0], owner, declared)
            elif parts[0] == 0:
                constant = self._rules.constants == "upper" and text.isupper()
                self._add_variable("Constant" if constant else "Variable", text, node, 0, -1, declared)
        elif form == MEMBER and self._rules.receiver_fields and definition >= 0:
            owner = self._class_of_receiver(parts[0], definition)
            if owner >= 0:
                self._add_variable("Field", text, node, self._draft.definitions[owner].body, owner, declared)

    def _define_documented(self, target: int, node: Node, declared: int) -> None:
        """What a method sets on its receiver is a field where a comment says its type."""
        _, text, parts = self._expressions.entries[target]
        form, _, owner = self._expressions.entries[parts[0]]
        if form == THIS:
            self._add_variable("Field", text, node, self._draft.definitions[owner[0]].body, owner[0], declared)

    def _class_of_receiver(self, holder: int, definition: int) -> int:
        """Class of the method whose receiver the expression is, or -1."""
        form, _, parts = self._expressions.entries[holder]
        if form == THIS:
            return parts[0]
        while definition >= 0 and self._rules.receiver_parameter:
            draft = self._draft.definitions[definition]
            if draft.kind in METHOD_KINDS and draft.parameters:
                return draft.parent if draft.parameters[0][1] == holder and "static" not in draft.modifiers else -1
            definition = draft.parent
        return -1

    def _add_variable(self, kind: str, name: str, node: Node, scope: int, parent: int, declared: int) -> None:
        if (scope, name) in self._draft.symbols or self._place is None:
            return
        self._draft.symbols.add((scope, name))
        self._lowering.variables.add((scope, name))
        self._scopes.declared[scope].add(name)
        start, end = self._place.start, -self._place.end
        draft = DefinitionDraft(
            kind=kind,
            name=name,
            parent=parent,
            scope=scope,
            start=start,
            end=end,
            name_start=node.start_byte,
            span_start=start,
            head_start=start,
            outside=scope,
            captures={"bound": [node]},
            returns=declared,
        )
        self._draft.definitions.append(draft)

    def emit_property(self, place: Place, scope: int, definition: int) -> None:
        """A parameter that is a field at the same time."""
        owner = self._scopes.enclosing_class(scope)
        if owner < 0:
            return
        name = place.captures["name"][0]
        text = self._lowering.text(name).removeprefix(self._rules.variable_prefix)
        declared = declared_type(self._lowering, place.captures, scope)
        self._place = place
        body = self._draft.definitions[owner].body
        self._add_variable("Field", text, name, body, owner, declared)
        self._draft.declare(self._scopes.declare(body, text), declared)
        self._place = None
        member = self._expressions.add(MEMBER, text, (self._expressions.add(THIS, "", (owner,)),))
        self._draft.flow(member, self._lowering.lower(name, self._draft.definitions[definition].body if definition >= 0 else scope))
