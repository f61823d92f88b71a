"""From a syntax tree to facts: the room's queries find the places, this says what they mean.

The work goes in three sweeps over the matches in source order: open scopes and definitions, declare names, then lower and emit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tree_sitter import Node, QueryCursor, Tree

from aelus.adapters.treesitter.documentation import docstring_of, signature_of
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Role, Room
from aelus.adapters.treesitter.scopes import BLOCK_SCOPE, CLASS_SCOPE, FUNCTION_SCOPE, Expressions, Scopes
from aelus.domain.facts import (
    ARRAY,
    CALL,
    CALL_REFERENCE,
    CONSTANT,
    DEFINITION,
    ENTER,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INDEX,
    INSTANCE,
    ITERATE,
    KEYS,
    LOCAL,
    MEMBER,
    NEW,
    READ_REFERENCE,
    RETURN,
    SEQUENCE,
    SPREAD,
    THIS,
    TYPE_REFERENCE,
    UNION,
    YIELD,
    Declared,
    Definition,
    Export,
    FileFacts,
    Flow,
    Import,
    Parameter,
    Reference,
)
from aelus.domain.graph import content_hash

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
    "lambda": "Function",
}
CLASS_DETAILS: Final = frozenset({"class", "interface", "struct", "enum", "trait"})
FUNCTION_DETAILS: Final = frozenset({"function", "method", "constructor", "lambda"})
ELEMENTS: Final = {"each": ITERATE, "keys": KEYS, "enter": ENTER, "instance": INSTANCE}
CALL_FORMS: Final = frozenset({CALL, NEW})
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT, MEMBER})
COMPOUND_TYPES: Final = frozenset({UNION, GENERIC, ARRAY, FUNCTION_TYPE})


class Place(NamedTuple):
    """One match of the queries."""

    start: int
    end: int
    rank: int
    node: Node
    role: Role
    captures: dict[str, list[Node]]


class Draft:
    """A definition while its file is read."""

    def __init__(self, *, kind: str, name: str, parent: int, scope: int, node: Node, name_node: Node) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.scope = scope
        self.body = -1
        self.node = node
        self.outer = node
        self.name_node = name_node
        self.captures: dict[str, list[Node]] = {}
        self.modifiers: list[str] = []
        self.decorators: list[int] = []
        self.bases: list[int] = []
        self.interfaces: list[int] = []
        self.parameters: list[Parameter] = []
        self.returns = 0
        self.receiver = 0


class Extraction:
    """Reads one file."""

    def __init__(self, room: Room, source: bytes) -> None:
        self._room = room
        self._source = source
        self._rules = room.settings
        self._expressions = Expressions()
        self._scopes = Scopes(self._expressions, members_visible=bool(self._rules.get("members_visible")))
        self._lowering = Lowering(room, source, self._expressions, self._scopes)
        self._drafts: list[Draft] = []
        self._around: list[tuple[int, int]] = []
        self._flows: list[Flow] = []
        self._declared: list[Declared] = []
        self._references: list[Reference] = []
        self._imports: list[Import] = []
        self._exports: list[Export] = []
        self._fields: set[tuple[int, str]] = set()
        self._pending: list[tuple[Draft, int, Node | None, Node | None]] = []
        self._table: list[tuple[int, str, tuple[int, ...]]] = []

    def facts(self, tree: Tree) -> FileFacts:
        """The facts of the file."""
        root = tree.root_node
        places = self._places(root)
        self._open(places)
        self._declare(places)
        self._emit(places)
        self._emit_reads()
        return FileFacts(
            language=self._room.name,
            package="",
            docstring=docstring_of(root, self._room, self._source, body=root),
            lines=self._source.count(b"\n") + (not self._source.endswith(b"\n") and bool(self._source)),
            scopes=tuple(self._scopes.entries),
            definitions=tuple(self._definition(draft) for draft in self._drafts),
            expressions=tuple(self._expressions.table),
            flows=tuple(self._flows),
            declared=tuple(self._declared),
            references=tuple(self._references),
            imports=tuple(self._imports),
            exports=tuple(self._exports),
            syntax_errors=int(root.has_error),
        )

    def _places(self, root: Node) -> list[Place]:
        roles = self._room.roles
        places: list[Place] = []
        for pattern, captures in QueryCursor(self._room.query).matches(root):
            role = roles[pattern]
            node = captures[role.capture][0]
            rank = 0 if role.category in ("definition", "scope") else 1
            places.append(Place(node.start_byte, -node.end_byte, rank, node, role, captures))
        places.sort(key=lambda place: place[:3])
        return places

    # --- first sweep: scopes and definitions ---------------------------------------------------------------------------------------------

    def _open(self, places: list[Place]) -> None:
        stack: list[tuple[int, int, int]] = [(1 << 62, 0, -1)]
        for place in places:
            while place.start >= stack[-1][0]:
                stack.pop()
            _, scope, definition = stack[-1]
            self._around.append((scope, definition))
            if place.rank:
                continue
            if place.role.category == "scope":
                opened = self._scopes.open(BLOCK_SCOPE if place.role.detail == "block" else FUNCTION_SCOPE, scope, definition)
                self._lowering.scope_of_node[place.node.id] = opened
                stack.append((-place.end, opened, definition))
            else:
                stack.append(self._open_definition(place, scope, definition))

    def _open_definition(self, place: Place, scope: int, parent: int) -> tuple[int, int, int]:
        detail = place.role.detail
        name_node = place.captures.get("name", [place.node])[0]
        name = f"<{detail}>" if name_node is place.node else self._lowering.text(name_node)
        number = len(self._drafts)
        draft = Draft(kind=self._kind(detail, name, scope), name=name, parent=parent, scope=scope, node=place.node, name_node=name_node)
        draft.captures = place.captures
        self._drafts.append(draft)
        self._lowering.definition_of_node[place.node.id] = number
        if name_node is not place.node:
            self._scopes.declare(scope, name)
        draft.body = self._scopes.open(CLASS_SCOPE if detail in CLASS_DETAILS else FUNCTION_SCOPE, scope, number)
        return -place.end, draft.body, number

    def _kind(self, detail: str, name: str, scope: int) -> str:
        if detail == "function" and self._scopes.entries[scope].kind == CLASS_SCOPE:
            return "Constructor" if name in self._rules.get("constructors", ()) else "Method"
        return KINDS[detail]

    # --- second sweep: names ---------------------------------------------------------------------------------------------------------------

    def _declare(self, places: list[Place]) -> None:
        for place, (scope, _) in zip(places, self._around, strict=True):
            if place.role.category == "outer":
                for target in place.captures["target"]:
                    self._scopes.declare_outside(scope, self._lowering.text(target), everywhere=place.role.detail == "global")
        for place, (scope, _) in zip(places, self._around, strict=True):
            if place.role.category == "bind":
                for target in place.captures["target"]:
                    self._declare_target(target, scope)
            elif place.role.category == "import":
                self._declare_import(place, scope)
        for draft in self._drafts:
            for listed in draft.captures.get("parameters", ()):
                self._read_parameters(draft, listed)

    def _declare_target(self, target: Node, scope: int) -> None:
        form = self._room.forms.get(target.kind_id)
        if form is None:
            return
        if form.name == "name":
            self._scopes.declare(scope, self._lowering.text(target))
        elif form.name in ("sequence", "spread", "inner"):
            for child in self._lowering.parts(target):
                self._declare_target(child, scope)

    def _declare_import(self, place: Place, scope: int) -> None:
        name = self._bound_name(place)
        if name:
            self._scopes.declare(scope, name)

    def _bound_name(self, place: Place) -> str:
        """The name that an import binds; empty for a wildcard."""
        text = self._lowering.text
        if "alias" in place.captures:
            return text(place.captures["alias"][0])
        if "name" in place.captures:
            return text(place.captures["name"][0])
        return "" if "wildcard" in place.captures else text(place.captures["module"][0]).partition(".")[0]

    def _read_parameters(self, draft: Draft, listed: Node) -> None:
        kind = "positional"
        single = self._room.parameters.get(listed.kind_id)
        for child in [listed] if single is not None else self._lowering.parts(listed):
            form = self._room.parameters.get(child.kind_id)
            if form is None:
                continue
            if form.name == "keyword_only":
                kind = "keyword"
                continue
            parameter = self._read_parameter(draft, child, kind)
            draft.parameters.append(parameter)
            if parameter.kind == "rest":
                kind = "keyword"

    def _read_parameter(self, draft: Draft, node: Node, kind: str) -> Parameter:
        form = self._room.parameters[node.kind_id]
        name_node, type_node = self._lowering.part(node, form, 0), self._lowering.part(node, form, 1)
        if form.name == "typed_child" or (name_node is None and node.named_child_count):
            inner = node.named_children[0]
            nested = self._room.parameters.get(inner.kind_id)
            kind = nested.name if nested is not None and nested.name.startswith("rest") else kind
            name_node = inner.named_children[0] if inner.named_child_count else inner
        if form.name in ("rest", "rest_map"):
            kind = form.name
        name = self._lowering.text(name_node if name_node is not None else node)
        variable = self._scopes.declare(draft.body, name)
        self._pending.append((draft, len(draft.parameters), type_node, self._lowering.part(node, form, 2)))
        return Parameter(name, variable, 0, 0, kind)

    # --- third sweep: meaning --------------------------------------------------------------------------------------------------------------

    def _emit(self, places: list[Place]) -> None:
        for draft, position, type_node, default in self._pending:
            self._emit_parameter(draft, position, type_node, default)
        for number in range(len(self._drafts)):
            self._emit_definition(number)
        emitters = {
            "bind": self._emit_bind,
            "return": self._emit_return,
            "yield": self._emit_return,
            "reference": self._emit_reference,
            "import": self._emit_import,
            "export": self._emit_export,
        }
        for place, (scope, definition) in zip(places, self._around, strict=True):
            emit = emitters.get(place.role.category)
            if emit is not None:
                emit(place, scope, definition)

    def _emit_parameter(self, draft: Draft, position: int, type_node: Node | None, default: Node | None) -> None:
        lowering, parameter = self._lowering, draft.parameters[position]
        declared = lowering.lower(type_node, draft.scope) if type_node is not None else 0
        value = lowering.value(default, draft.scope) if default is not None else 0
        draft.parameters[position] = parameter._replace(type=declared, default=value)
        if declared and parameter.kind not in ("rest", "rest_map"):
            self._declared.append(Declared(parameter.variable, declared))
        self._flow(parameter.variable, value)

    def _emit_definition(self, number: int) -> None:
        draft = self._drafts[number]
        captures, lowering = draft.captures, self._lowering
        self._find_wrapper(draft)
        for node in captures.get("type", ()):
            draft.returns = lowering.lower(node, draft.scope)
        for listed in captures.get("bases", ()):
            draft.bases.extend(base for child in lowering.parts(listed) if (base := self._base(child, draft.scope)))
        for node in captures.get("base", ()):
            draft.bases.append(lowering.lower(node, draft.scope))
        for listed in captures.get("interfaces", ()):
            draft.interfaces.extend(lowering.lower(child, draft.scope) for child in lowering.parts(listed))
        self._add_receiver(number, draft)

    def _base(self, node: Node, scope: int) -> int:
        form = self._room.forms.get(node.kind_id)
        return 0 if form is None or form.name == "keyword" else self._lowering.lower(node, scope)

    def _find_wrapper(self, draft: Draft) -> None:
        parent = draft.node.parent
        if parent is None or parent.kind_id not in self._room.wrappers:
            return
        draft.outer = parent
        for child in parent.named_children:
            if child.kind_id in self._room.decorators:
                inner = child.named_children
                if inner:
                    self._add_decorator(draft, inner[0])

    def _add_decorator(self, draft: Draft, node: Node) -> None:
        decorator = self._lowering.value(node, draft.scope)
        draft.decorators.append(decorator)
        if decorator:
            number = self._lowering.definition_of_node[draft.node.id]
            self._expressions.add(CALL, "", (decorator, self._expressions.add(DEFINITION, "", (number,))))
        name = self._lowering.text(node).partition("(")[0].rpartition(".")[2].strip()
        modifier = self._rules.get("decorator_modifiers", {}).get(name)
        if modifier:
            draft.modifiers.append(modifier)

    def _add_receiver(self, number: int, draft: Draft) -> None:
        """The first parameter of a method holds the instance, or the class for a class method."""
        if not self._rules.get("receiver_parameter") or draft.kind not in ("Method", "Constructor") or not draft.parameters:
            return
        if "static" not in draft.modifiers:
            form = DEFINITION if "classmethod" in draft.modifiers else THIS
            self._flow(draft.parameters[0].variable, self._expressions.add(form, "", (draft.parent,)))

    def _flow(self, target: int, source: int) -> None:
        if target and source:
            self._flows.append(Flow(target, source))

    def _emit_bind(self, place: Place, scope: int, definition: int) -> None:
        lowering, detail = self._lowering, place.role.detail
        nodes = place.captures.get("value")
        value = lowering.value(nodes[0], scope) if nodes else 0
        if value and detail in ELEMENTS:
            value = self._expressions.add(ELEMENTS[detail], "", (value,))
        types = place.captures.get("type")
        declared = lowering.lower(types[0], scope) if types else 0
        for target in place.captures["target"]:
            self._bind(target, value, scope, declared, place, definition)

    def _bind(self, node: Node, value: int, scope: int, declared: int, place: Place, definition: int) -> None:
        form = self._room.forms.get(node.kind_id)
        if form is None:
            return
        if form.name == "sequence":
            self._unpack(node, value, scope, place, definition)
        elif form.name == "spread":
            rest = self._expressions.add(SEQUENCE, "", (self._expressions.add(SPREAD, "", (value,)),)) if value else 0
            for child in self._lowering.parts(node):
                self._bind(child, rest, scope, 0, place, definition)
        elif form.name == "inner":
            for child in self._lowering.parts(node):
                self._bind(child, value, scope, declared, place, definition)
        else:
            target = self._lowering.lower(node, scope)
            self._flow(target, value)
            if declared:
                self._declared.append(Declared(target, declared))
            self._define_variable(node, target, scope, declared, place, definition)

    def _unpack(self, node: Node, value: int, scope: int, place: Place, definition: int) -> None:
        for position, child in enumerate(self._lowering.parts(node)):
            form = self._room.forms.get(child.kind_id)
            if form is not None and form.name == "spread":
                self._bind(child, value, scope, 0, place, definition)
            else:
                key = self._expressions.add(CONSTANT, str(position))
                element = self._expressions.add(INDEX, "", (value, key)) if value else 0
                self._bind(child, element, scope, 0, place, definition)

    def _define_variable(self, node: Node, target: int, scope: int, declared: int, place: Place, definition: int) -> None:
        """Variables of files and classes are definitions, and so is what a method sets on its receiver."""
        form, text, parts = self._key(target)
        if form == LOCAL and place.role.detail == "assign":
            kind = self._scopes.entries[parts[0]].kind
            if kind == CLASS_SCOPE:
                self._add_variable("Field", text, node, place, parts[0], self._scopes.entries[parts[0]].definition, declared)
            elif parts[0] == 0:
                self._add_variable("Constant" if text.isupper() else "Variable", text, node, place, 0, -1, declared)
        elif form == MEMBER and definition >= 0:
            owner = self._receiver_class(parts[0], definition)
            if owner >= 0:
                self._add_variable("Field", text, node, place, self._drafts[owner].body, owner, declared)

    def _key(self, index: int) -> tuple[int, str, tuple[int, ...]]:
        if len(self._table) <= index:
            self._table = list(self._expressions.table)
        return self._table[index]

    def _receiver_class(self, holder: int, definition: int) -> int:
        """Class of the method whose receiver the expression is, or -1."""
        form, _, parts = self._key(holder)
        if form == THIS:
            return parts[0]
        while definition >= 0:
            draft = self._drafts[definition]
            if draft.kind in ("Method", "Constructor") and draft.parameters and self._rules.get("receiver_parameter"):
                return draft.parent if draft.parameters[0].variable == holder and "static" not in draft.modifiers else -1
            definition = draft.parent
        return -1

    def _add_variable(self, kind: str, name: str, node: Node, place: Place, scope: int, parent: int, declared: int) -> None:
        if (scope, name) in self._fields:
            return
        self._fields.add((scope, name))
        self._scopes.declared[scope].add(name)
        draft = Draft(kind=kind, name=name, parent=parent, scope=scope, node=place.node, name_node=node)
        draft.returns = declared
        self._drafts.append(draft)

    def _emit_return(self, place: Place, scope: int, definition: int) -> None:
        while definition >= 0 and self._drafts[definition].kind not in ("Function", "Method", "Constructor"):
            definition = self._drafts[definition].parent
        if definition < 0:
            return
        if place.role.category == "yield" and "generator" not in self._drafts[definition].modifiers:
            self._drafts[definition].modifiers.append("generator")
        nodes = place.captures.get("value")
        if nodes:
            form = YIELD if place.role.category == "yield" else RETURN
            value = self._lowering.value(nodes[0], scope)
            self._flow(self._expressions.add(form, "", (definition,)) if value else 0, value)

    def _emit_reference(self, place: Place, scope: int, definition: int) -> None:
        if place.role.detail == "call":
            expression = self._lowering.lower(place.node, scope)
            if self._expressions.forms[expression] in CALL_FORMS:
                line = self._callee_line(place.node)
                self._references.append(Reference(CALL_REFERENCE, expression, line, place.start, definition))
        else:
            for node in place.captures["value"]:
                self._refer_to_type(node, scope, definition)

    def _refer_to_type(self, node: Node, scope: int, definition: int) -> None:
        expression = self._lowering.lower(node, scope)
        pending = [expression]
        while pending:
            current = pending.pop()
            form, _, parts = self._key(current)
            if form in NAME_FORMS:
                self._references.append(Reference(TYPE_REFERENCE, current, node.start_point[0] + 1, node.start_byte, definition))
            elif form in COMPOUND_TYPES:
                pending.extend(parts)

    def _callee_line(self, node: Node) -> int:
        form = self._room.forms[node.kind_id]
        callee = self._lowering.part(node, form, 0)
        inner = self._room.forms.get(callee.kind_id) if callee is not None else None
        if callee is not None and inner is not None and inner.name == "member":
            name = self._lowering.part(callee, inner, 1)
            if name is not None:
                return int(name.start_point[0]) + 1
        return int(node.start_point[0]) + 1

    def _emit_import(self, place: Place, scope: int, definition: int) -> None:
        text, captures = self._lowering.text, place.captures
        module = text(captures["module"][0])
        name = "*" if "wildcard" in captures else text(captures["name"][0]) if "name" in captures else ""
        line = int(place.node.start_point[0]) + 1
        bound = self._bound_name(place)
        variable = self._expressions.add(LOCAL, bound, (self._owner(scope, bound),)) if bound else 0
        if not name and "alias" not in captures and "." in module:
            self._imports.append(Import(variable, bound, "", line, definition, ()))
            variable = 0
        self._imports.append(Import(variable, module, name, line, definition, ()))

    def _owner(self, scope: int, name: str) -> int:
        index = self._scopes.declare(scope, name)
        return self._key(index)[2][0]

    def _emit_export(self, place: Place, scope: int, definition: int) -> None:
        raise NotImplementedError

    def _emit_reads(self) -> None:
        seen: set[tuple[int, int]] = set()
        for index, node, scope in self._lowering.reads:
            form, _, parts = self._key(index)
            if form == FREE or (form == LOCAL and self._scopes.entries[parts[0]].kind == FUNCTION_SCOPE):
                continue
            if (index, node.start_byte) not in seen:
                seen.add((index, node.start_byte))
                definition = self._scopes.entries[scope].definition
                self._references.append(Reference(READ_REFERENCE, index, int(node.end_point[0]) + 1, node.start_byte, definition))

    # --- results ---------------------------------------------------------------------------------------------------------------------------

    def _definition(self, draft: Draft) -> Definition:
        outer, source = draft.outer, self._source
        body = draft.captures.get("body", (None,))[0]
        return Definition(
            kind=draft.kind,
            name=draft.name,
            parent=draft.parent,
            scope=draft.scope,
            body=draft.body,
            start_line=int(outer.start_point[0]) + 1,
            end_line=int(outer.end_point[0]) + 1,
            start_byte=outer.start_byte,
            end_byte=outer.end_byte,
            line=int(draft.name_node.start_point[0]) + 1,
            signature=signature_of(source, draft.node, body),
            docstring=docstring_of(draft.node, self._room, source, body=body) if body is not None else "",
            visibility=self._visibility(draft.name),
            modifiers=tuple(draft.modifiers),
            decorators=tuple(draft.decorators),
            bases=tuple(draft.bases),
            interfaces=tuple(draft.interfaces),
            parameters=tuple(draft.parameters),
            returns=draft.returns,
            receiver=draft.receiver,
            content_hash=content_hash(source[outer.start_byte : outer.end_byte]),
        )

    def _visibility(self, name: str) -> str:
        prefix = self._rules.get("private_prefix")
        hidden = prefix and name.startswith(prefix) and not (name.startswith("__") and name.endswith("__"))
        return "private" if hidden else "public"
