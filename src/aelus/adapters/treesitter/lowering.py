"""From syntax nodes to the expression algebra, driven by the room's table of forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.expressions import Expressions
from aelus.adapters.treesitter.room import Form, Room
from aelus.adapters.treesitter.scopes import INNER_KINDS, Scopes
from aelus.domain.facts import (
    ARRAY,
    AWAIT,
    CALL,
    CONSTANT,
    DEFINITION,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    IMPORT,
    INDEX,
    INSTANCE,
    ITERATE,
    LITERAL,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    SPREAD,
    SPREAD_MAP,
    SUPER,
    THIS,
    UNION,
)

DEPTH_LIMIT: Final = 100
"""Nesting of expressions that is followed; deeper parts are unknown. Nested calls do not count: the inner ones are lowered first."""
CONSTANT_LIMIT: Final = 64
"""Bytes of a literal that is kept as a key or name."""
ELEMENT_LIMIT: Final = 512
"""Elements of a literal or call that are kept; a data table holds no functions behind that."""

Read = tuple[int, int, int, int]
"""(expression, start byte, byte at its end, scope)."""


class Lowering:
    """Lowers the expressions of one file."""

    def __init__(self, room: Room, source: bytes, expressions: Expressions, scopes: Scopes, symbols: set[tuple[int, str]]) -> None:
        self._room = room
        self._rules = room.rules
        self._forms = room.forms
        self._names = room.names
        self._source = source
        self._expressions = expressions
        self._scopes = scopes
        self._symbols = symbols
        self.scope_of_node: dict[int, int] = {}
        self.definition_of_node: dict[int, int] = {}
        self.kinds_of_definitions: set[int] = set()
        self.reads: list[Read] = []
        self.imported: list[tuple[str, int, int]] = []
        """(module, start byte, scope) of imports that are made by a call."""
        self._known: dict[int, int] = {}
        self._worth: dict[int, bool] = {}
        self._depth = 0

    def text(self, node: Node) -> str:
        """Source text of a name."""
        return self._expressions.text(self._source[node.start_byte : node.end_byte])

    def lower(self, node: Node, scope: int) -> int:
        """Index of the expression that a node stands for."""
        kind = node.kind_id
        if kind in self._names:
            return self._scopes.resolve(scope, self._source[node.start_byte : node.end_byte])
        if kind in self.kinds_of_definitions and (definition := self.definition_of_node.get(node.id)) is not None:
            return self._expressions.add(DEFINITION, "", (definition,))
        form = self._forms.get(kind)
        if form is None or self._depth > DEPTH_LIMIT:
            return 0
        self._depth += 1
        index = LOWERINGS.get(form.name, Lowering._nothing)(self, node, form, scope)
        self._depth -= 1
        return index

    def value(self, node: Node, scope: int) -> int:
        """As `lower`, for a node whose value is used: names are noted as read."""
        index = self.lower(node, scope)
        worth = self._worth.get(index)
        if worth is None:
            worth = self._worth[index] = self._is_worth_noting(index)
        if worth:
            self.reads.append((index, node.start_byte, node.end_byte, scope))
        return index

    def _is_worth_noting(self, index: int) -> bool:
        """Whether reading it may lead to a definition: variables of functions do not."""
        form, text, parts = self._expressions.entries[index]
        if form == LOCAL:
            return (parts[0], text) in self._symbols or self._scopes.entries[parts[0]][0] not in INNER_KINDS
        if form == FREE:
            return self._room.package_scope
        return form == IMPLICIT or (form == MEMBER and parts[0] != 0)

    def part(self, node: Node, form: Form, position: int) -> Node | None:
        """A part of a node, by field or by position."""
        if position < len(form.fields):
            field = form.fields[position]
            return node.child_by_field_id(field) if field else None
        if position < len(form.children):
            children = self.parts(node)
            return children[form.children[position]] if form.children[position] < len(children) else None
        return None

    def parts(self, node: Node) -> list[Node]:
        """Named children without comments."""
        comments = self._room.comments
        return [child for child in node.named_children if child.kind_id not in comments]

    def form_of(self, node: Node) -> str:
        """Name of the node's form; empty where the room says none."""
        form = self._forms.get(node.kind_id)
        return "" if form is None else form.name

    def _nothing(self, _node: Node, _form: Form, _scope: int) -> int:
        """Forms that have a meaning only inside others: keywords, pairs, keys."""
        return 0

    # --- names ---------------------------------------------------------------------------------------------------------------------------

    def _name(self, node: Node, _form: Form, scope: int) -> int:
        return self._scopes.resolve(scope, self._source[node.start_byte : node.end_byte])

    def _member(self, node: Node, form: Form, scope: int) -> int:
        holder, name = self.part(node, form, 0), self.part(node, form, 1)
        if holder is None or name is None:
            return 0
        if self._rules.exports_words and self.text(node) in self._rules.exports_words:
            return self._scopes.resolve(scope, self._source[node.start_byte : node.end_byte])
        return self._expressions.add(MEMBER, self.text(name), (self.lower(holder, scope),))

    def _dotted(self, node: Node, _form: Form, scope: int) -> int:
        """`a.b.c` as one node with names as children."""
        children = self.parts(node)
        index = self.lower(children[0], scope) if children else 0
        for child in children[1:]:
            index = self._expressions.add(MEMBER, self.text(child), (index,))
        return index

    def _this(self, _node: Node, _form: Form, scope: int) -> int:
        return self._scopes.receiver(THIS, scope)

    def _super(self, _node: Node, _form: Form, scope: int) -> int:
        return self._scopes.receiver(SUPER, scope)

    # --- calls ---------------------------------------------------------------------------------------------------------------------------

    def call(self, node: Node, scope: int) -> int:
        """A call or construction, lowered once however often it is met."""
        identity = node.id
        known = self._known.get(identity)
        if known is None:
            form = self._forms.get(node.kind_id)
            known = 0 if form is None else LOWERINGS[form.name](self, node, form, scope)
            self._known[identity] = known
        return known

    def _call(self, node: Node, form: Form, scope: int) -> int:
        return self._apply(CALL, node, form, scope)

    def _new(self, node: Node, form: Form, scope: int) -> int:
        return self._apply(NEW, node, form, scope)

    def _apply(self, kind: int, node: Node, form: Form, scope: int) -> int:
        identity = node.id
        known = self._known.get(identity)
        if known is None:
            known = self._known[identity] = self._make_call(kind, node, form, scope)
        return known

    def _make_call(self, kind: int, node: Node, form: Form, scope: int) -> int:
        callee = self.part(node, form, 0)
        if callee is None:
            return 0
        name = self.text(callee) if callee.kind_id in self._names else ""
        if name and name == self._rules.super_call:
            return self._scopes.receiver(SUPER, scope)
        listed = self.part(node, form, 1)
        parts, keywords = self._arguments(listed, scope) if listed is not None else ([], "")
        if name and name in self._rules.import_calls:
            imported = self._import_call(node, parts, scope)
            if imported:
                return imported
        return self._expressions.add(kind, keywords, (self._callee(node, callee, form, scope), *parts))

    def _callee(self, node: Node, callee: Node, form: Form, scope: int) -> int:
        """What is called: a third part is the object whose member it is, or the body of an anonymous class."""
        holder = self.part(node, form, 2)
        if holder is not None:
            definition = self.definition_of_node.get(holder.id)
            if definition is not None:
                return self._expressions.add(DEFINITION, "", (definition,))
            return self._expressions.add(MEMBER, self.text(callee), (self.lower(holder, scope),))
        if self._rules.callee_is_member and callee.kind_id in self._names:
            return self._scopes.resolve_member(scope, self.text(callee))
        return self.lower(callee, scope)

    def _import_call(self, node: Node, parts: Sequence[int], scope: int) -> int:
        if len(parts) != 1:
            return 0
        form, module, _ = self._expressions.entries[parts[0]]
        if form != CONSTANT:
            return 0
        self.imported.append((module, node.start_byte, scope))
        return self._expressions.add(IMPORT, module)

    def _arguments(self, listed: Node, scope: int) -> tuple[list[int], str]:
        """Positional arguments, then those by keyword with their names."""
        forms, value = self._forms, self.value
        alone = forms.get(listed.kind_id)
        if alone is not None and alone.name != "arguments":
            return [value(listed, scope)], ""
        positional, keywords, names = list[int](), list[int](), list[str]()
        for child in self.parts(listed)[:ELEMENT_LIMIT]:
            form = forms.get(child.kind_id)
            if form is not None and form.name == "keyword":
                name, inner = self.part(child, form, 0), self.part(child, form, 1)
                if name is not None and inner is not None:
                    names.append(self.text(name))
                    keywords.append(value(inner, scope))
            else:
                positional.append(value(child, scope))
        return positional + keywords, ",".join(names)

    # --- operators -----------------------------------------------------------------------------------------------------------------------

    def _index(self, node: Node, form: Form, scope: int) -> int:
        holder, key = self.part(node, form, 0), self.part(node, form, 1)
        if holder is None:
            return 0
        index = self.lower(holder, scope)
        return self._expressions.add(INDEX, "", (index,) if key is None else (index, self.lower(key, scope)))

    def _inner(self, node: Node, form: Form, scope: int) -> int:
        inner = self.inner_of(node, form)
        return self.lower(inner, scope) if inner is not None else 0

    def inner_of(self, node: Node, form: Form) -> Node | None:
        """The one part of a node that only wraps it."""
        inner = self.part(node, form, 0)
        if inner is None and not form.fields:
            children = self.parts(node)
            inner = children[-1] if children else None
        return inner

    def _wrapped(self, kind: int, node: Node, form: Form, scope: int) -> int:
        inner = self.inner_of(node, form)
        index = self.value(inner, scope) if inner is not None else 0
        return self._expressions.add(kind, "", (index,)) if index else 0

    def _await(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(AWAIT, node, form, scope)

    def _spread(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(SPREAD, node, form, scope)

    def _spread_map(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(SPREAD_MAP, node, form, scope)

    def _instance(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(INSTANCE, node, form, scope)

    def _iterate(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(ITERATE, node, form, scope)

    def _union(self, node: Node, form: Form, scope: int) -> int:
        chosen = [part for position in range(max(len(form.fields), len(form.children))) if (part := self.part(node, form, position))]
        return self._alternatives(chosen or self.parts(node), scope)

    def _alternatives(self, nodes: Sequence[Node], scope: int) -> int:
        return self.union(dict.fromkeys([self.value(node, scope) for node in nodes]))

    def union(self, alternatives: dict[int, None]) -> int:
        """One of several; those that are unknown say nothing."""
        parts = tuple([index for index in alternatives if index])
        if len(parts) < 2:  # noqa: PLR2004 - one alternative is no choice
            return parts[0] if parts else 0
        return self._expressions.add(UNION, "", parts)

    def _operator(self, node: Node, form: Form, scope: int) -> int:
        """`a | b`: a union for the operators that the room lists; the value of another operator is unknown, its operands are read."""
        operator = node.child_by_field_name("operator")
        if operator is not None and self.text(operator) in form.text.split(" "):
            return self._union(node, form, scope)
        for position in range(len(form.fields)):
            operand = self.part(node, form, position)
            if operand is not None:
                self.value(operand, scope)
        return 0

    # --- literals ------------------------------------------------------------------------------------------------------------------------

    def _sequence(self, node: Node, _form: Form, scope: int) -> int:
        return self._expressions.add(SEQUENCE, "", tuple([self.value(child, scope) for child in self.parts(node)[:ELEMENT_LIMIT]]))

    def _list(self, node: Node, form: Form, scope: int) -> int:
        """Several values side by side; a single one is itself."""
        children = self.parts(node)
        return self.lower(children[0], scope) if len(children) == 1 else self._sequence(node, form, scope)

    def _comprehension(self, node: Node, form: Form, scope: int) -> int:
        body = self.part(node, form, 0)
        if body is None:
            return 0
        scope = self.scope_of_node.get(node.id, scope)
        inner = self._forms.get(body.kind_id)
        if inner is not None and inner.name == "pair":
            return self._expressions.add(MAPPING, "", self._pair(body, inner, scope))
        return self._expressions.add(SEQUENCE, "", (self.value(body, scope),))

    def _mapping(self, node: Node, _form: Form, scope: int) -> int:
        parts: list[int] = []
        for child in self.parts(node)[:ELEMENT_LIMIT]:
            parts.extend(self._entry(child, scope))
        return self._expressions.add(MAPPING, "", tuple(parts))

    def _entry(self, node: Node, scope: int) -> tuple[int, ...]:
        definition = self.definition_of_node.get(node.id)
        if definition is not None:
            return self._method(node, definition, scope)
        form = self._forms.get(node.kind_id)
        if form is None:
            return ()
        if form.name == "pair":
            return self._pair(node, form, scope)
        if form.name in ("spread", "spread_map"):
            index = self._spread_map(node, form, scope)
            return (index,) if index else ()
        if form.name == "shorthand":
            raw = self._source[node.start_byte : node.end_byte]
            index = self._scopes.resolve(scope, raw)
            return self._expressions.add(CONSTANT, self._expressions.text(raw)), index
        return ()

    def _method(self, node: Node, definition: int, scope: int) -> tuple[int, int]:
        name = node.child_by_field_name("name")
        return self.key(name, scope) if name is not None else 0, self._expressions.add(DEFINITION, "", (definition,))

    def _pair(self, node: Node, form: Form, scope: int) -> tuple[int, int]:
        key, inner = self.part(node, form, 0), self.part(node, form, 1)
        if key is None or inner is None:
            return 0, 0
        return self.key(key, scope), self.value(inner, scope)

    def key(self, node: Node, scope: int) -> int:
        """A key that is written as a bare name is that name where the language says so."""
        form = self._forms.get(node.kind_id)
        if form is not None and form.name == "property":
            return self._expressions.add(CONSTANT, self.text(node)[:CONSTANT_LIMIT])
        return self.lower(node, scope)

    def _composite(self, node: Node, form: Form, scope: int) -> int:
        """`T{…}`: a sequence or mapping where the type is one, else an instance."""
        written, body = self.part(node, form, 0), self.part(node, form, 1)
        if written is None or body is None:
            return 0
        kind = self._forms.get(written.kind_id)
        name = "" if kind is None else kind.name
        if name == "array":
            return self._sequence(body, form, scope)
        if name == "map_type":
            return self._mapping(body, form, scope)
        for child in self.parts(body)[:ELEMENT_LIMIT]:
            self._entry(child, scope)
        return self._expressions.add(NEW, "", (self.lower(written, scope),))

    def _string(self, node: Node, form: Form, _scope: int) -> int:
        if node.end_byte - node.start_byte <= CONSTANT_LIMIT + 2:
            children = node.named_children
            content = [child for child in children if child.type.endswith(("_content", "_fragment", "_literal"))]
            if len(content) == 1 and len(children) <= 3:  # noqa: PLR2004 - start, content, end
                return self._expressions.add(CONSTANT, self.text(content[0]))
            if not children and form.text:
                return self._expressions.add(CONSTANT, self.text(node).strip("\"'`"))
        return self._expressions.add(LITERAL, form.text)

    def _number(self, node: Node, form: Form, _scope: int) -> int:
        if node.end_byte - node.start_byte > CONSTANT_LIMIT:
            return self._expressions.add(LITERAL, form.text)
        return self._expressions.add(CONSTANT, self.text(node))

    def _literal(self, _node: Node, form: Form, _scope: int) -> int:
        return self._expressions.add(LITERAL, form.text)

    # --- types ---------------------------------------------------------------------------------------------------------------------------

    def _annotation(self, node: Node, form: Form, scope: int) -> int:
        """A type; one that is written as a string is a dotted name, or nothing that could be known."""
        inner = self.inner_of(node, form)
        if inner is None:
            return 0
        if self.form_of(inner) != "string":
            return self.lower(inner, scope)
        names = self.text(inner).strip("\"'").split(".")
        if not all(name.isidentifier() for name in names):
            return 0
        index = self._scopes.resolve(scope, names[0].encode())
        for name in names[1:]:
            index = self._expressions.add(MEMBER, name, (index,))
        return index

    def _type_name(self, node: Node, _form: Form, scope: int) -> int:
        """A type's name; a word like `var` names none."""
        raw = self._source[node.start_byte : node.end_byte]
        return 0 if self._expressions.text(raw) in self._rules.inferred_types else self._scopes.resolve(scope, raw)

    def _generic(self, node: Node, _form: Form, scope: int) -> int:
        parts: list[int] = []
        for child in self.parts(node):
            nested = self.parts(child) if self.form_of(child) == "type_arguments" else [child]
            parts.extend([self.lower(inner, scope) for inner in nested])
        return self._expressions.add(GENERIC, "", tuple(parts)) if len(parts) > 1 else sum(parts)

    def _map_type(self, node: Node, form: Form, scope: int) -> int:
        """`map[K]V`: a generic type of the language itself."""
        arguments = [self.lower(part, scope) if (part := self.part(node, form, position)) else 0 for position in (0, 1)]
        return self._expressions.add(GENERIC, "", (self._expressions.add(FREE, form.text), *arguments))

    def _array(self, node: Node, form: Form, scope: int) -> int:
        inner = self.part(node, form, 0)
        if inner is None:
            children = self.parts(node)
            inner = children[0] if children else None
        return self._expressions.add(ARRAY, "", (self.lower(inner, scope),)) if inner is not None else 0

    def _function_type(self, node: Node, form: Form, scope: int) -> int:
        result = self.part(node, form, 0)
        return self._expressions.add(FUNCTION_TYPE, "", (self.lower(result, scope) if result is not None else 0,))


LOWERINGS: Final[dict[str, Callable[[Lowering, Node, Form, int], int]]] = {
    "name": Lowering._name,
    "member": Lowering._member,
    "dotted": Lowering._dotted,
    "this": Lowering._this,
    "super": Lowering._super,
    "call": Lowering._call,
    "new": Lowering._new,
    "index": Lowering._index,
    "inner": Lowering._inner,
    "await": Lowering._await,
    "spread": Lowering._spread,
    "spread_map": Lowering._spread_map,
    "instance": Lowering._instance,
    "iterate": Lowering._iterate,
    "union": Lowering._union,
    "operator": Lowering._operator,
    "sequence": Lowering._sequence,
    "list": Lowering._list,
    "comprehension": Lowering._comprehension,
    "mapping": Lowering._mapping,
    "composite": Lowering._composite,
    "string": Lowering._string,
    "number": Lowering._number,
    "literal": Lowering._literal,
    "annotation": Lowering._annotation,
    "type_name": Lowering._type_name,
    "generic": Lowering._generic,
    "map_type": Lowering._map_type,
    "array": Lowering._array,
    "function_type": Lowering._function_type,
}
