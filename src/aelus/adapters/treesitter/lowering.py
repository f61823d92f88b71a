"""From syntax nodes to the expression algebra, driven by the room's table of forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.room import Form, Room
from aelus.adapters.treesitter.scopes import Expressions, Scopes
from aelus.domain.facts import (
    ARRAY,
    AWAIT,
    CALL,
    CONSTANT,
    DEFINITION,
    FUNCTION_TYPE,
    GENERIC,
    IMPORT,
    INDEX,
    INSTANCE,
    LITERAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    SPREAD,
    SPREAD_MAP,
    SUPER,
    THIS,
    UNION,
    UNKNOWN,
)

DEPTH_LIMIT: Final = 150
"""Nesting of expressions that is followed; deeper parts are unknown."""
CONSTANT_LIMIT: Final = 64
"""Characters of a literal that is kept as a key or name."""
ELEMENT_LIMIT: Final = 512
"""Elements of a literal that are kept; a data table holds no functions behind that."""


class Lowering:
    """Lowers the expressions of one file."""

    def __init__(self, room: Room, source: bytes, expressions: Expressions, scopes: Scopes) -> None:
        self._room = room
        self._forms = room.forms
        self._source = source
        self._expressions = expressions
        self._scopes = scopes
        self.scope_of_node: dict[int, int] = {}
        self.definition_of_node: dict[int, int] = {}
        self.reads: list[tuple[int, Node, int]] = []
        self._known: dict[int, int] = {}
        self._depth = 0
        self._lowerings: dict[str, Callable[[Node, Form, int], int]] = {
            "name": self._name,
            "member": self._member,
            "call": self._call,
            "new": self._new,
            "index": self._index,
            "inner": self._inner,
            "await": self._await,
            "annotation": self._annotation,
            "sequence": self._sequence,
            "mapping": self._mapping,
            "union": self._union,
            "union_type": self._union_type,
            "spread": self._spread,
            "spread_map": self._spread_map,
            "string": self._string,
            "number": self._number,
            "literal": self._literal,
            "comprehension": self._comprehension,
            "generic": self._generic,
            "array": self._array,
            "function_type": self._function_type,
            "this": self._this,
            "super": self._super,
            "instance": self._instance,
            "import": self._import,
            "dotted": self._dotted,
        }

    def text(self, node: Node) -> str:
        """Source text of a node."""
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def lower(self, node: Node, scope: int) -> int:
        """Index of the expression that a node stands for."""
        form = self._forms.get(node.kind_id)
        if form is not None and form.name == "name":
            return self._scopes.resolve(scope, self.text(node))
        definition = self.definition_of_node.get(node.id)
        if definition is not None:
            return self._expressions.add(DEFINITION, "", (definition,))
        if form is None or self._depth > DEPTH_LIMIT:
            return 0
        known = self._known.get(node.id)
        if known is None:
            self._depth += 1
            known = self._known[node.id] = self._lowerings[form.name](node, form, self.scope_of_node.get(node.id, scope))
            self._depth -= 1
        return known

    def value(self, node: Node, scope: int) -> int:
        """As `lower`, for a node whose value is used: names are noted as read."""
        index = self.lower(node, scope)
        if self._forms_of(index) in (MEMBER, *READ_FORMS):
            self.reads.append((index, node, scope))
        return index

    def _forms_of(self, index: int) -> int:
        return self._expressions.forms[index]

    def part(self, node: Node, form: Form, position: int) -> Node | None:
        """A part of a node, by field or by position."""
        if position < len(form.fields) and form.fields[position]:
            return node.child_by_field_id(form.fields[position])
        if position < len(form.children):
            children = node.named_children
            return children[form.children[position]] if form.children[position] < len(children) else None
        return None

    def parts(self, node: Node) -> list[Node]:
        """Named children without comments."""
        comments = self._room.comments
        return [child for child in node.named_children if child.kind_id not in comments]

    def _name(self, node: Node, _form: Form, scope: int) -> int:
        return self._scopes.resolve(scope, self.text(node))

    def _member(self, node: Node, form: Form, scope: int) -> int:
        holder, name = self.part(node, form, 0), self.part(node, form, 1)
        if holder is None or name is None:
            return 0
        return self._expressions.add(MEMBER, self.text(name), (self.lower(holder, scope),))

    def _dotted(self, node: Node, _form: Form, scope: int) -> int:
        """`a.b.c` as one node with names as children."""
        children = self.parts(node)
        index = self.lower(children[0], scope) if children else 0
        for child in children[1:]:
            index = self._expressions.add(MEMBER, self.text(child), (index,))
        return index

    def _call(self, node: Node, form: Form, scope: int) -> int:
        return self._apply(CALL, node, form, scope)

    def _new(self, node: Node, form: Form, scope: int) -> int:
        return self._apply(NEW, node, form, scope)

    def _apply(self, kind: int, node: Node, form: Form, scope: int) -> int:
        callee, listed = self.part(node, form, 0), self.part(node, form, 1)
        if callee is None:
            return 0
        if self._room.settings.get("super_call") == self.text(callee):
            return self._super(node, form, scope)
        positional, keywords, names = self._arguments(listed, scope) if listed is not None else ((), (), "")
        return self._expressions.add(kind, names, (self.lower(callee, scope), *positional, *keywords))

    def _arguments(self, listed: Node, scope: int) -> tuple[Sequence[int], Sequence[int], str]:
        form = self._forms.get(listed.kind_id)
        if form is not None:
            return (self.value(listed, scope),), (), ""
        positional, keywords, names = [], [], []
        for child in self.parts(listed)[:ELEMENT_LIMIT]:
            form = self._forms.get(child.kind_id)
            if form is not None and form.name == "keyword":
                name, inner = self.part(child, form, 0), self.part(child, form, 1)
                if name is not None and inner is not None:
                    names.append(self.text(name))
                    keywords.append(self.value(inner, scope))
            else:
                positional.append(self.value(child, scope))
        return positional, keywords, ",".join(names)

    def _index(self, node: Node, form: Form, scope: int) -> int:
        holder, key = self.part(node, form, 0), self.part(node, form, 1)
        if holder is None:
            return 0
        parts = (self.lower(holder, scope),) if key is None else (self.lower(holder, scope), self.lower(key, scope))
        return self._expressions.add(INDEX, "", parts)

    def _inner(self, node: Node, form: Form, scope: int) -> int:
        inner = self.part(node, form, 0)
        if inner is None:
            children = self.parts(node)
            inner = children[-1] if children else None
        return self.lower(inner, scope) if inner is not None else 0

    def _annotation(self, node: Node, form: Form, scope: int) -> int:
        """A type; one that is written as a string is a dotted name, or nothing that could be known."""
        children = self.parts(node)
        inner = self._forms.get(children[0].kind_id) if children else None
        if inner is None or inner.name != "string":
            return self._inner(node, form, scope)
        names = self.text(children[0]).strip("\"'").split(".")
        if not all(name.isidentifier() for name in names):
            return 0
        index = self._scopes.resolve(scope, names[0])
        for name in names[1:]:
            index = self._expressions.add(MEMBER, name, (index,))
        return index

    def _wrapped(self, kind: int, node: Node, form: Form, scope: int) -> int:
        inner = self._inner(node, form, scope)
        return self._expressions.add(kind, "", (inner,)) if inner else 0

    def _await(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(AWAIT, node, form, scope)

    def _spread(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(SPREAD, node, form, scope)

    def _spread_map(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(SPREAD_MAP, node, form, scope)

    def _instance(self, node: Node, form: Form, scope: int) -> int:
        return self._wrapped(INSTANCE, node, form, scope)

    def _array(self, node: Node, form: Form, scope: int) -> int:
        inner = self.part(node, form, 0) or (self.parts(node) or [None])[0]
        return self._expressions.add(ARRAY, "", (self.lower(inner, scope),)) if inner is not None else 0

    def _sequence(self, node: Node, _form: Form, scope: int) -> int:
        return self._expressions.add(SEQUENCE, "", tuple([self.value(child, scope) for child in self.parts(node)[:ELEMENT_LIMIT]]))

    def _comprehension(self, node: Node, form: Form, scope: int) -> int:
        body = self.part(node, form, 0)
        if body is None:
            return 0
        inner = self._forms.get(body.kind_id)
        if inner is not None and inner.name == "pair":
            return self._expressions.add(MAPPING, "", tuple(self._pair(body, inner, scope)))
        return self._expressions.add(SEQUENCE, "", (self.value(body, scope),))

    def _mapping(self, node: Node, _form: Form, scope: int) -> int:
        parts: list[int] = []
        for child in self.parts(node)[:ELEMENT_LIMIT]:
            form = self._forms.get(child.kind_id)
            if form is not None and form.name == "pair":
                parts.extend(self._pair(child, form, scope))
            elif form is not None and form.name in ("spread_map", "spread"):
                parts.append(self._spread_map(child, form, scope))
            elif form is not None and form.name == "shorthand":
                parts.extend((self._expressions.add(CONSTANT, self.text(child)), self._scopes.resolve(scope, self.text(child))))
            elif child.id in self.definition_of_node:
                parts.extend(self._method(child, scope))
        return self._expressions.add(MAPPING, "", tuple(parts))

    def _method(self, node: Node, scope: int) -> tuple[int, int]:
        name = node.child_by_field_name("name")
        return self._key(name, scope) if name is not None else 0, self.lower(node, scope)

    def _pair(self, node: Node, form: Form, scope: int) -> tuple[int, int]:
        key, inner = self.part(node, form, 0), self.part(node, form, 1)
        if key is None or inner is None:
            return 0, 0
        return self._key(key, scope), self.value(inner, scope)

    def _key(self, node: Node, scope: int) -> int:
        """A key that is written as a bare name is that name where the language says so."""
        form = self._forms.get(node.kind_id)
        if form is not None and form.name == "property":
            return self._expressions.add(CONSTANT, self.text(node)[:CONSTANT_LIMIT])
        return self.lower(node, scope)

    def _union(self, node: Node, form: Form, scope: int) -> int:
        chosen = [part for position in range(max(len(form.fields), len(form.children))) if (part := self.part(node, form, position))]
        return self._alternatives(chosen or self.parts(node), scope)

    def _alternatives(self, nodes: Sequence[Node], scope: int) -> int:
        parts = tuple(dict.fromkeys(index for node in nodes if (index := self.value(node, scope))))
        if len(parts) == 1:
            return parts[0]
        return self._expressions.add(UNION, "", parts) if parts else 0

    def _union_type(self, node: Node, form: Form, scope: int) -> int:
        """`a | b`: a union among types; another operator is nothing that could be known."""
        operator = node.child_by_field_name("operator")
        if form.text and operator is not None and self.text(operator) != form.text:
            return 0
        return self._union(node, form, scope)

    def _string(self, node: Node, form: Form, _scope: int) -> int:
        if node.end_byte - node.start_byte > CONSTANT_LIMIT + 2:
            return self._expressions.add(LITERAL, form.text)
        children = node.named_children
        content = [child for child in children if child.type in ("string_content", "string_fragment")]
        if len(content) == 1 and len(children) <= 3:
            return self._expressions.add(CONSTANT, self.text(content[0]))
        return self._expressions.add(LITERAL, form.text)

    def _number(self, node: Node, form: Form, _scope: int) -> int:
        if node.end_byte - node.start_byte > CONSTANT_LIMIT:
            return self._expressions.add(LITERAL, form.text)
        return self._expressions.add(CONSTANT, self.text(node))

    def _literal(self, _node: Node, form: Form, _scope: int) -> int:
        return self._expressions.add(LITERAL, form.text)

    def _generic(self, node: Node, _form: Form, scope: int) -> int:
        parts: list[int] = []
        for child in self.parts(node):
            form = self._forms.get(child.kind_id)
            nested = self.parts(child) if form is not None and form.name == "type_arguments" else [child]
            parts.extend(self.lower(inner, scope) for inner in nested)
        return self._expressions.add(GENERIC, "", tuple(parts)) if len(parts) > 1 else (parts[0] if parts else 0)

    def _function_type(self, node: Node, form: Form, scope: int) -> int:
        result = self.part(node, form, 0)
        return self._expressions.add(FUNCTION_TYPE, "", (self.lower(result, scope),)) if result is not None else 0

    def _this(self, _node: Node, _form: Form, scope: int) -> int:
        definition = self._scopes.enclosing_class(scope)
        return self._expressions.add(THIS, "", (definition,)) if definition >= 0 else 0

    def _super(self, _node: Node, _form: Form, scope: int) -> int:
        definition = self._scopes.enclosing_class(scope)
        return self._expressions.add(SUPER, "", (definition,)) if definition >= 0 else 0

    def _import(self, node: Node, form: Form, scope: int) -> int:
        return UNKNOWN


IMPORT_FORM: Final = IMPORT
READ_FORMS: Final = (1, 2, 3)
