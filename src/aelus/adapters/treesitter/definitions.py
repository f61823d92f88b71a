"""Definitions: opened when their place is met, filled in when all names of the file are declared."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.bases import add_base
from aelus.adapters.treesitter.bindings import Bindings
from aelus.adapters.treesitter.counted_constants import CountedConstants
from aelus.adapters.treesitter.doc_definitions import DocDefinitions
from aelus.adapters.treesitter.documentation import documentation, signature
from aelus.adapters.treesitter.draft import CLASS_KINDS, FUNCTION_KINDS, DefinitionDraft, FileDraft, Place
from aelus.adapters.treesitter.implied_methods import ImpliedMethods
from aelus.adapters.treesitter.lower_names import nested_names, receiver_of
from aelus.adapters.treesitter.lower_types import dimensioned
from aelus.adapters.treesitter.modifiers import add_modifiers, outer_modifiers
from aelus.adapters.treesitter.parameters import Parameters
from aelus.adapters.treesitter.scopes import BLOCK_SCOPE, CLASS_SCOPE, FUNCTION_SCOPE
from aelus.adapters.treesitter.type_parameters import TypeParameters
from aelus.domain.facts import (
    CALL,
    CALL_REFERENCE,
    CONSTANT,
    DECORATED,
    DEFINITION,
    EXPANDED,
    FREE,
    IMPLICIT,
    LOCAL,
    MACRO,
    MEMBER,
    RECORD,
    THIS,
)
from aelus.domain.graph import content_hash

NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT, MEMBER})
KINDS: Final = {
    "function": "Function",
    "method": "Method",
    "constructor": "Constructor",
    "class": "Class",
    "interface": "Interface",
    "struct": "Struct",
    "enum": "Enum",
    "trait": "Trait",
    "alias": "TypeAlias",
    "field": "Field",
    "variable": "Variable",
    "constant": "Constant",
    "namespace": "Namespace",
    "macro": "Macro",
}
CLASS_DETAILS: Final = frozenset({"class", "interface", "struct", "enum", "trait"})
VALUE_DETAILS: Final = frozenset({"alias", "field", "variable", "constant"})
"""Definitions without a scope of their own."""
CLASS_NAME: Final = "<class>"
"""Stands for the name of the class around, as the name of its constructors."""
NAMING_KINDS: Final = frozenset({"Interface", "TypeAlias", "Namespace"})
"""Definitions that leave a name the value that it has besides."""
METHOD_KINDS: Final = frozenset({"Method", "Constructor"})


class Definitions:
    """The definitions of one file."""

    def __init__(self, draft: FileDraft, bindings: Bindings) -> None:
        self._draft = draft
        self._room = draft.room
        self._rules = draft.rules
        self._lowering = draft.lowering
        self._scopes = draft.scopes
        self._bindings = bindings
        self._waiting: list[Node] = []
        self._undeclared: list[tuple[int, DefinitionDraft]] = []
        """(number, definition) of those whose name no scope declares."""
        self.parameters = Parameters(draft, bindings)
        self.type_parameters = TypeParameters(draft)
        self.documented = DocDefinitions(draft)
        self._implied = ImpliedMethods(draft)
        self._counted = CountedConstants(draft.rules.counter) if draft.rules.counter else None
        self._decorators: list[tuple[int, Node]] = []
        self._on_members: list[Node] = []
        """Decorators inside of what they belong to, which has no scope of its own."""
        self.sections: list[tuple[int, int, Node]] = []
        """(first byte, class, word) of statements that say how visible what follows is, in source order."""
        self._joined: dict[tuple[int, str], int] = {}
        """(scope, name) of what may be written in several parts → the scope that these share."""
        self._sections_of: dict[int, tuple[list[int], list[str]]] | None = None
        self._payloads: list[tuple[int, Node, int]] = []
        self._applied: dict[int, list[tuple[int, Node]]] = {}
        """Decorators that are called with their definition, outermost first."""

    # --- opening -------------------------------------------------------------------------------------------------------------------------

    def open(self, place: Place, scope: int, parent: int, outside: int) -> int:
        """Begin a definition that is met; return its number."""
        detail, captures, number = place.role.detail, place.captures, len(self._draft.definitions)
        names, settings = captures.get("name"), place.role.settings
        if names and detail in CLASS_DETAILS and self._lowering.form_of(names[0]) == "nested":
            captures["receiver"], captures["name"] = names, nested_names(self._lowering, names[0])[-1:]
            names = captures["name"]
        if names:
            written = self._lowering.member_name(names[0]).removeprefix(settings.get("strip", ""))
            name = settings.get("prefix", "") + written + settings.get("suffix", "")
        else:
            name = settings.get("name") or f"<{self._rules.anonymous if detail == 'function' else detail}>"
        macro = self._draft.macro_at(place.start) if detail == "namespace" else ""
        name = macro or name
        whole = captures["whole"][0] if "whole" in captures else place.node
        draft = DefinitionDraft(
            kind=self._kind(detail, name, scope),
            name=name,
            parent=parent,
            scope=scope,
            start=place.start,
            end=max(whole.end_byte, -place.end),
            name_start=names[0].start_byte if names else place.start,
            span_start=whole.start_byte,
            head_start=whole.start_byte,
            outside=outside,
            captures=captures,
            extends_around=settings.get("extends") == "around",
            holds=settings.get("holds", ""),
            receiver_name=settings.get("self", ""),
            has_block=settings.get("block") == "yes",
            returned_member=settings.get("returns", ""),
            stored_member=settings.get("stores", ""),
        )
        self._draft.definitions.append(draft)
        self._lowering.definition_of_node[place.node.id] = number
        self._lowering.kinds_of_definitions.add(place.node.kind_id)
        if self._draft.rules.receiver_functions and place.node.type in self._draft.rules.receiver_functions:
            self._draft.scopes.written_arguments.add(number)
        if detail not in VALUE_DETAILS:
            self._open_body(draft, place, number)
        self._declare_name(number, draft, place, named=bool(names) or "name" in settings)
        for node in captures.get("inner", ()):
            self._scopes.declare_inner(draft.body, self._lowering.text(node))
        self._take_waiting(draft, number)
        modifiers = place.role.settings.get("modifiers")
        if modifiers:
            draft.modifiers.extend(modifiers.split(" "))
        if macro:
            draft.modifiers.append(MACRO)
        draft.modifiers.extend(outer_modifiers(self._lowering, captures))
        draft.modifiers.extend(self._draft.conditions(draft.name_start))
        return number

    def _open_body(self, draft: DefinitionDraft, place: Place, number: int) -> None:
        joined = (draft.scope, draft.name) if "joins" in place.role.settings else None
        known = self._joined.get(joined, -1) if joined else -1
        kind = CLASS_SCOPE if place.role.detail in CLASS_DETAILS else FUNCTION_SCOPE
        draft.body = self._scopes.open(kind, draft.scope, number) if known < 0 else known
        if joined:
            self._joined[joined] = draft.body
        self._scopes.receive(draft.body, place.role.settings.get("receiver", ""))
        if "receiver" in draft.captures and self._rules.visible_namespaces and draft.kind not in CLASS_KINDS:
            self._scopes.outside.add(draft.body)
        self._scopes.name(draft.body, draft.name, draft.kind, number)
        variables = place.role.settings.get("variables")
        if variables == "own":
            self._scopes.closed.add(draft.body)
        elif variables == "outer":
            self._scopes.sharing.add(draft.body)
        bodies = draft.captures.get("body")
        if bodies:
            draft.body_node = bodies[0]

    def _kind(self, detail: str, name: str, scope: int) -> str:
        if self._scopes.entries[scope][0] == CLASS_SCOPE:
            if detail in ("function", "method"):
                around = self._draft.definitions[self._scopes.entries[scope][2]].name
                constructs = name in self._rules.constructors or (name == around and CLASS_NAME in self._rules.constructors)
                return "Constructor" if constructs else "Method"
            if detail == "variable":
                return "Field"
        return KINDS[detail]

    def _declare_name(self, number: int, draft: DefinitionDraft, place: Place, *, named: bool) -> None:
        elsewhere = "receiver" in place.captures or "target" in place.captures
        declares = place.role.settings.get("declares", "block" if named and not elsewhere else "own")
        if declares in ("own", "nowhere"):
            draft.scope = draft.body if draft.body >= 0 else draft.scope
        else:
            draft.scope = self._scopes.target_scope(draft.scope, declares)
        if declares == "nowhere":
            self._undeclared.append((number, draft))
        elif draft.kind == "Constructor" and CLASS_NAME in self._rules.constructors:
            return  # inside the class, too, the name that they share means the class
        elif draft.kind == "Method" and self._rules.callee_is_member:
            self._scopes.methods.add((draft.scope, draft.name))
        elif named and "receiver" not in place.captures:
            self._scopes.declare(draft.scope, draft.name)
            if place.role.settings.get("bare") == "no":
                self._scopes.behind_path.add((draft.scope, draft.name))
            if draft.kind not in NAMING_KINDS and (self._rules.functions_rebind or draft.kind not in FUNCTION_KINDS):
                self._note_bound(draft, place)
        self._draft.symbols.add((draft.scope, draft.name))

    def _note_bound(self, draft: DefinitionDraft, place: Place) -> None:
        if draft.kind in FUNCTION_KINDS:
            self._lowering.versioned.note_function(draft.scope, draft.name, place.node, -place.end)
        else:
            self._lowering.versioned.note(draft.scope, draft.name, place.node, -place.end)

    # --- decorators ----------------------------------------------------------------------------------------------------------------------

    def decorate(self, place: Place, parent: int) -> None:
        """A decorator belongs to the definition around it, before whose name it stands, or else to the next one."""
        if place.role.detail == "around":
            if parent >= 0 and -place.end <= self._draft.definitions[parent].name_start:
                draft = self._draft.definitions[parent]
                draft.head_start = -place.end
                self._decorators.append((parent, place.node))
            elif place.node.parent is not None:
                self._on_members.append(place.node)
        else:
            self._waiting.append(place.node)

    def _take_waiting(self, draft: DefinitionDraft, number: int) -> None:
        if self._waiting and self._waiting[-1].end_byte <= draft.start:
            draft.span_start = min(draft.span_start, self._waiting[0].start_byte)
            self._decorators.extend((number, node) for node in self._waiting)
            self._waiting.clear()

    def _add_decorator(self, number: int, node: Node) -> None:
        draft = self._draft.definitions[number]
        inner = self._lowering.parts(node)
        if not inner:
            return
        decorator = self._named_decorator(inner[0], draft.outside)
        listed = inner[1:] if self._lowering.form_of(inner[0]) == "inner" else []
        draft.decorators.extend((decorator, *(self._named_decorator(each, draft.outside) for each in listed)))
        word = self._lowering.text(inner[0]).partition("(")[0].rpartition(".")[2].strip()
        if draft.kind in CLASS_KINDS and word in self._rules.record_decorators:
            draft.modifiers.append(RECORD)
        modifier = self._rules.decorator_modifiers.get(word)
        if modifier:
            draft.modifiers.append(modifier)
        elif decorator and self._rules.decorators_called:
            held = self._draft.expressions.add(DEFINITION, "", (number,))
            called = self._draft.expressions.add(CALL, "", (decorator, held))
            outside = self._draft.definition_of_scope(draft.outside)
            self._draft.references.append((CALL_REFERENCE, called, self._draft.line(inner[0].end_byte - 1), inner[0].start_byte, outside))
        elif decorator and self._rules.decorators_apply:
            self._applied.setdefault(number, []).append((decorator, inner[0]))

    def _named_decorator(self, node: Node, scope: int) -> int:
        """What decorates; a class may be named without the end that its name has for that."""
        decorator, suffix = self._lowering.value(node, scope), self._rules.decorator_suffix
        form, name, parts = self._draft.expressions.entries[decorator]
        if not suffix or form not in NAME_FORMS or name.endswith(suffix):
            return decorator
        whole = f"{name}{suffix}"
        longer = (
            self._draft.expressions.add(MEMBER, whole, parts) if form == MEMBER else self._lowering.scopes.resolve(scope, whole.encode())
        )
        return self._lowering.union({longer: None, decorator: None})

    def _fill_name(self, number: int, draft: DefinitionDraft) -> None:
        """What the name of a definition holds, where that is not the definition itself from everywhere."""
        for node in draft.captures.get("inner", ()):
            inner = self._draft.expressions.add(LOCAL, self._lowering.text(node), (draft.body,))
            self._draft.flow(inner, self._draft.expressions.add(DEFINITION, "", (number,)))
        for node in draft.captures.get("target", ()):
            self._bindings.bind(node, self._draft.expressions.add(DEFINITION, "", (number,)), draft.outside, 0, -1)
        applied = self._applied.get(number, ())
        variable = self._draft.expressions.add(LOCAL, draft.name, (draft.scope,)) if applied or self._lowering.versions else 0
        version = self._lowering.versioned.bound_at(variable, draft.start) if variable in self._lowering.versions else 0
        if not applied and not version:
            return
        held = self._draft.expressions.add(DEFINITION, "", (number,))
        for decorator, node in reversed(applied):
            held = self._draft.expressions.add(DECORATED, "", (decorator, held))
            outside = self._draft.definition_of_scope(draft.outside)
            self._draft.references.append((CALL_REFERENCE, held, self._draft.line(node.end_byte - 1), node.start_byte, outside))
        if applied:
            self._draft.flow(variable, held)
        self._draft.flow(version, held)

    def _result_types(self, captures: Mapping[str, list[Node]]) -> list[Node]:
        """The declared result behind the parameters, where queries are shared with a grammar that has none."""
        if not self._rules.result_field or "parameters" not in captures:
            return []
        function = captures["parameters"][0].parent
        result = function.child_by_field_name(self._rules.result_field) if function is not None else None
        return [result] if result is not None else []

    # --- filling in ----------------------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        """Lower what the definitions say in their heads."""
        self.parameters.fill()
        for number, draft in self._undeclared:
            if draft.name in self._scopes.declared[draft.scope]:
                draft.scope = self._scopes.open(FUNCTION_SCOPE, draft.body, number)
        for variable, node, scope in self._payloads:
            self._draft.declare(variable, self._lowering.lower_type(node, scope))
        held = self._lowering.definition_of_node
        members = [(held[around.id], node) for node in self._on_members if (around := node.parent) is not None and around.id in held]
        for number, node in (*self._decorators, *members):
            self._add_decorator(number, node)
        for number, draft in enumerate(self._draft.definitions):
            self._fill_name(number, draft)
            self._fill_types(draft)
            self._add_receiver(draft)
            if draft.parent >= 0:
                self._implied.fill(number, draft)
            if draft.body < 0:
                self._fill_value(draft)

    def _fill_types(self, draft: DefinitionDraft) -> None:
        captures, lower = draft.captures, self._lowering.lower_type
        scope = draft.scope if draft.body < 0 else draft.outside if self._rules.head_outside and not draft.type_parameters else draft.body
        if draft.kind == "Field" and draft.parent >= 0 and self._draft.definitions[draft.parent].kind == "Enum":
            scope = self._payload_scope(draft.parent)
        for node in captures.get("type") or self._result_types(captures):
            draft.returns = dimensioned(self._lowering, lower(node, scope), captures.get("dimensions", ()))
        seen = draft.body if draft.type_parameters and draft.body >= 0 else draft.outside
        for key, types in (("base", draft.bases), ("interface", draft.interfaces)):
            for node in captures.get(key, ()):
                add_base(self._draft, node, draft, types, seen)
            for listed in captures.get(f"{key}s", ()):
                for node in self._lowering.parts(listed):
                    add_base(self._draft, node, draft, types, seen)
        if draft.extends_around and draft.parent >= 0:
            draft.bases.append(self._draft.expressions.add(DEFINITION, "", (draft.parent,)))
        for node in captures.get("receiver", ()) or captures.get("implementing", ()):
            self._fill_receiver(draft, node)
        if self._rules.doc_types and draft.kind != "TypeAlias":
            self.documented.fill_definition(draft)

    def _fill_receiver(self, draft: DefinitionDraft, node: Node) -> None:
        """The type that the definition belongs to, which stands outside of it."""
        if self._lowering.form_of(node) != "nested":
            draft.receiver = self._lowering.lower_type(node, draft.outside)
        elif draft.kind in CLASS_KINDS:
            draft.receiver = receiver_of(self._lowering, node, draft.outside)
            return
        else:
            draft.receiver = receiver_of(self._lowering, node, draft.body)
            names = nested_names(self._lowering, node)
            constructs = CLASS_NAME in self._rules.constructors and self._plain_name(names[-2:][0]) == draft.name
            draft.kind = "Constructor" if constructs else "Method"
        if draft.receiver_name:
            self._draft.flow(draft.parameters[0][1], draft.receiver)

    def inherit(self, place: Place, scope: int, definition: int) -> None:
        """A base of the class around, which stands among its members or in one of them."""
        while definition >= 0 and self._draft.definitions[definition].kind not in CLASS_KINDS:
            definition = self._draft.definitions[definition].parent
        if definition >= 0:
            draft = self._draft.definitions[definition]
            types = draft.interfaces if place.role.detail == "implements" else draft.bases
            for node in place.captures["base"]:
                add_base(self._draft, node, draft, types, scope if place.role.settings.get("within") else draft.outside)

    def _payload_scope(self, definition: int) -> int:
        """Scope in which the types of what variants hold are read: the variants are no names of types."""
        draft = self._draft.definitions[definition]
        if draft.payload_scope < 0:
            draft.payload_scope = self._scopes.open(BLOCK_SCOPE, draft.body, definition)
        return draft.payload_scope

    def declare_payload(self, place: Place, _scope: int, definition: int) -> None:
        """Fields without a name, of a tuple struct or of a variant, are members by their numbers: `0`, `Variant.0`."""
        if definition < 0:
            return
        draft, names = self._draft.definitions[definition], place.captures.get("name")
        prefix = f"{self._lowering.text(names[0])}." if names else ""
        inside = self._payload_scope(definition)
        for number, node in enumerate(node for node in self._lowering.parts(place.node) if self._lowering.form_of(node)):
            variable = self._scopes.declare(draft.body, f"{prefix}{number}")
            self._payloads.append((variable, node, inside))

    def implement(self, place: Place, scope: int, _definition: int) -> None:
        """A type implements an interface, as a statement beside its definition says; without `@type` some do that are not known."""
        written = place.captures
        implementing, interface = (self._lowering.lower_type(written[p][0], scope) if p in written else 0 for p in ("type", "base"))
        if interface and (implementing or "type" not in written):
            self._draft.implementations.append((implementing, interface, self._draft.line(place.start)))

    def _plain_name(self, node: Node) -> str:
        return self._lowering.text(node).partition("<")[0].strip()

    def _add_receiver(self, draft: DefinitionDraft) -> None:
        """The first parameter of a method holds the instance, or the class for a class method; a declared receiver its type."""
        if draft.receiver and self._rules.receiver_word and draft.kind not in CLASS_KINDS:
            self._draft.declare(self._scopes.declare(draft.body, self._rules.receiver_word), draft.receiver)
            return
        if draft.receiver and self._rules.receiver_parameter and draft.parameters and "static" not in draft.modifiers:
            self._draft.declare(draft.parameters[0][1], draft.receiver)
            return
        if draft.receiver and "self" in draft.captures:
            variable = self._scopes.declare(draft.body, self._lowering.text(draft.captures["self"][0]))
            self._draft.declare(variable, draft.receiver)
        if self._rules.receiver_parameter and draft.kind in METHOD_KINDS and draft.parameters and "static" not in draft.modifiers:
            form = DEFINITION if "classmethod" in draft.modifiers else THIS
            self._draft.flow(draft.parameters[0][1], self._draft.expressions.add(form, "", (draft.parent,)))
            if draft.parent >= 0 and self._draft.definitions[draft.parent].kind == "Trait":
                self._draft.declare(draft.parameters[0][1], self._draft.expressions.add(DEFINITION, "", (draft.parent,)))

    def _fill_value(self, draft: DefinitionDraft) -> None:
        """A field or variable: its declared type and its first value."""
        if draft.kind == "TypeAlias":
            return
        variable = self._scopes.declare(draft.scope, draft.name)
        self._draft.declare(variable, draft.returns)
        scope = draft.scope
        for node in draft.captures.get("value", ()):
            self._draft.flow(variable, self._lowering.value(node, scope))
        self._fill_counted(draft, variable)
        if draft.holds and draft.parent >= 0:
            form = THIS if draft.holds == "instance" else DEFINITION
            self._draft.flow(variable, self._draft.expressions.add(form, "", (draft.parent,)))

    def _fill_counted(self, draft: DefinitionDraft, variable: int) -> None:
        """A constant that stands for its place among others is that number."""
        names = draft.captures.get("name", ())
        around = names[0].parent if names and draft.kind == "Constant" and self._counted is not None else None
        number = self._counted.value(around, self._draft.source) if around is not None and self._counted is not None else None
        if number is not None:
            self._draft.flow(variable, self._draft.expressions.add(CONSTANT, str(number)))

    # --- results -------------------------------------------------------------------------------------------------------------------------

    def plain(self) -> list[tuple[object, ...]]:
        """All of them, as plain `facts.Definition`s."""
        return [self._plain(draft) for draft in self._draft.definitions]

    def _plain(self, draft: DefinitionDraft) -> tuple[object, ...]:
        file, source = self._draft, self._draft.source
        add_modifiers(self._rules, source, draft)
        start, end, first, last, made = file.span(draft.span_start, draft.end)
        if made:
            draft.modifiers.append(EXPANDED)
        return (
            draft.kind,
            draft.name,
            draft.parent,
            draft.scope,
            draft.body,
            first,
            last,
            start,
            end,
            file.line(draft.name_start),
            signature(source, draft),
            documentation(file, draft),
            self._visibility(draft),
            tuple(draft.modifiers),
            tuple(draft.decorators),
            tuple(draft.bases),
            tuple(draft.interfaces),
            tuple(draft.parameters),
            draft.returns,
            draft.receiver,
            content_hash(source[draft.span_start : draft.end]),
            draft.metaclass,
            tuple(draft.type_parameters),
            self._draft.expressions.add(CALL, ",".join(draft.keywords), (0, *draft.keywords.values())) if draft.keywords else 0,
        )

    def _visibility(self, draft: DefinitionDraft) -> str:
        rules, name = self._rules, draft.name
        section = self._section(draft) if self.sections else ""
        if section:
            return rules.visibility_words.get(section, section)
        for modifier in draft.modifiers:
            if modifier in rules.visibility_words:
                return rules.visibility_words[modifier]
        if rules.private_prefixes and name.startswith(rules.private_prefixes) and not (name.startswith("__") and name.endswith("__")):
            return "private"
        if rules.lower_case_visibility and not name[:1].isupper():
            return rules.lower_case_visibility
        return rules.visibility

    def _section(self, draft: DefinitionDraft) -> str:
        """What the last section before a member says; the default of its class where there is none."""
        if draft.parent < 0 or self._draft.definitions[draft.parent].kind not in ("Class", "Struct"):
            return ""
        around = self._draft.definitions[draft.parent]
        if draft.scope != around.body and draft.kind != "Method":
            return ""
        starts, words = self._words_of_sections(draft.parent)
        number = bisect_left(starts, draft.start)
        return (words[number - 1] if number else "") or self._rules.section_defaults.get(around.kind, "")

    def _words_of_sections(self, definition: int) -> tuple[list[int], list[str]]:
        """First bytes of a class' sections, and their words."""
        if self._sections_of is None:
            self._sections_of = {}
            for start, owner, node in self.sections:
                starts, words = self._sections_of.setdefault(owner, ([], []))
                starts.append(start)
                words.append(self._lowering.text(node))
        return self._sections_of.get(definition, ([], []))
