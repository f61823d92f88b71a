"""From syntax nodes to the expression algebra: what all forms share.

What one form means is a function in `lower_names`, `lower_operators`, `lower_calls`, `lower_values` or `lower_types`; `lowerings` is the
table of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tree_sitter import Node

from aelus.adapters.treesitter.expressions import Expressions
from aelus.adapters.treesitter.receiver_lambdas import TestedReceiver, of_receiver
from aelus.adapters.treesitter.room import Form, Room
from aelus.adapters.treesitter.scopes import INNER_KINDS, Scopes
from aelus.adapters.treesitter.versions import Versions
from aelus.domain.facts import CONSTANT, DEFINITION, FREE, IMPLICIT, INSTANCE, LITERAL, LOCAL, MEMBER, UNION

SIGN: Final = re.compile(rb"(\w+)\s+(?!\w)")
"""The word in front of an operator's sign."""
DEPTH_LIMIT: Final = 100
"""Nesting of expressions that is followed; deeper parts are unknown. Nested calls do not count: the inner ones are lowered first."""
CONSTANT_LIMIT: Final = 64
"""Bytes of a literal that is kept as a key or name."""
NAME_SEPARATOR: Final = ","
"""Between the names of what is given by name, which have none in them."""
ELEMENT_LIMIT: Final = 512
"""Elements of a literal or call that are kept; a data table holds no functions behind that."""

UNBOUND: Final = (FREE, IMPLICIT)
"""Names that may be those of members."""
CONSTANT_FORMS: Final = frozenset({CONSTANT, LITERAL})

Read = tuple[int, int, int, int]
"""(expression, start byte, byte at its end, scope)."""


class Region(NamedTuple):
    """Where a member or subscript holds what was assigned to it."""

    start: int
    end: int
    scope: int
    """Scope of the function that the assignment stands in."""
    version: int
    """`LOCAL` expression that holds what was assigned."""


class Lowering:
    """Lowers the expressions of one file."""

    def __init__(
        self, room: Room, dispatch: Dispatch, source: bytes, expressions: Expressions, scopes: Scopes, symbols: set[tuple[int, str]]
    ) -> None:
        self.room = room
        self.rules = room.rules
        self.forms = room.forms
        self.names = room.names
        self.comments = room.comments
        self.source = source
        self.expressions = expressions
        self.scopes = scopes
        self.scope_of_node, self.definition_of_node = dict[int, int](), dict[int, int]()
        self.kinds_of_definitions: set[int] = set()
        self.casts: bool = "local" in room.rules.doc_types and b"*/" in source
        """Whether comments may say types of what stands in brackets behind them."""
        self.reads: list[Read] = []
        self.receiving = _receiving_names(room.rules.receiving_variables, source)
        self.imported: list[tuple[str, int, int]] = []
        """(module, start byte, scope) of imports that are made by a call."""
        self.tested_receivers: list[TestedReceiver] = []
        self.called_for: dict[int, int] = {}
        """Value → call, of calls that are read as the value that they give."""
        self.calls: dict[int, int] = {}
        """Calls that are lowered, by node."""
        self.chained: dict[int, list[int]] = {}
        """Node of a chain of comparisons → the operations behind the first one."""
        self.made: set[int] = set()
        """Expressions of classes that calls make."""
        self.versioned = Versions(room, expressions, scopes, self.definition_of_node)
        self.versions = self.versioned.sites
        """Variables that have versions."""
        self._version = self.versioned.at
        self.parameters: dict[int, list[tuple[str, int, int, int, str]]] = {}
        """Scope of a method → its parameters, as in `DefinitionDraft`, in languages that pass them on."""
        self.reparsed: dict[int, Node] = {}
        """First byte of a macro's arguments → root of the tree that has them as code."""
        self.composed: list[tuple[int, int]] = []
        """(place, value) of what composite literals put into the instances that they make, and of what operators yield."""
        self.untyped: dict[int, tuple[int, int]] = {}
        """First byte of what composite literals make without naming its type → (what is made, scope)."""
        self.typed: list[tuple[int, int]] = []
        """(container, type) of composite literals that are containers."""
        self.literals: dict[int, int] = {}
        """Containers that are lowered, by node."""
        self.paths: dict[int, list[Region]] = {}
        """Members and subscripts that are read right behind an assignment to them."""
        self._dispatch = dispatch
        self._resolved = scopes.resolved
        self.symbols = symbols
        self.variables: set[tuple[int, str]] = set()
        """Those of the symbols that are assigned to."""
        self._worth: dict[int, bool] = {0: False}
        self._depth = 0

    def raw(self, node: Node) -> bytes:
        """Source bytes of a node."""
        return self.source[node.start_byte : node.end_byte]

    def text(self, node: Node) -> str:
        """Source text of a name."""
        return self.expressions.text(self.source[node.start_byte : node.end_byte])

    def spelled(self, node: Node) -> str:
        """A name, without the space in front of an operator's sign."""
        word = SIGN.match(self.raw(node)) if node.kind_id in self.room.signed_names else None
        return self.expressions.text(word[1] + b"".join(self.raw(node)[word.end() :].split())) if word is not None else self.text(node)

    def member_name(self, node: Node) -> str:
        """The name of a member that may be written as a string, or computed from one."""
        form, inner = self.form_of(node), node
        if form == "inner":
            inner = self.inner_of(node, self.forms[node.kind_id]) or node
            form = self.form_of(inner)
        if form == "name" and inner is node:
            return self.spelled(node)
        content = [child for child in inner.named_children if child.type.endswith("_fragment")] if form == "string" else []
        return self.text(content[0] if len(content) == 1 else node)

    def key(self, expression: int) -> int:
        """A key as a constant where it is a member of what the language has for that: `Symbol.iterator`."""
        form, text, parts = self.expressions.entries[expression]
        if form != MEMBER or not self.rules.keys_word or self.expressions.entries[parts[0]][:2] != (FREE, self.rules.keys_word):
            return expression
        return self.expressions.add(CONSTANT, f"[{self.rules.keys_word}.{text}]")

    def resolve(self, raw: bytes, position: int, scope: int) -> int:
        """What a name means that is read at a byte."""
        known = self.scopes.resolve(scope, raw)
        return known if known not in self.versions else self._version(known, position, scope)

    def lower(self, node: Node, scope: int) -> int:
        """Index of the expression that a node stands for."""
        return self.lower_kind(node, node.kind_id, scope)

    def lower_kind(self, node: Node, kind: int, scope: int) -> int:
        """As `lower`, where the node's kind is known already."""
        if kind in self.names:
            raw = self.source[node.start_byte : node.end_byte]
            known = self._resolved.get((scope, raw))
            if known is None:
                known = self.scopes.resolve(scope, raw)
            if kind in self.room.received_names and self.expressions.entries[known][0] in UNBOUND and not raw[:1].isupper():
                return self._received(node, known, scope)
            return known if known not in self.versions else self._version(known, node.start_byte, scope)
        if kind in self.kinds_of_definitions and (definition := self.definition_of_node.get(node.id)) is not None:
            defined = self.expressions.add(DEFINITION, "", (definition,))
            return self.expressions.add(INSTANCE, "", (defined,)) if node.type in self.rules.instance_literals else defined
        entry = self._dispatch.get(kind)
        if entry is None or self._depth > DEPTH_LIMIT:
            return 0
        function, form = entry
        self._depth += 1
        index = function(self, node, form, scope)
        self._depth -= 1
        return index

    def _received(self, node: Node, known: int, scope: int) -> int:
        """A name that no variable has, which may be a member of an enum around, or of a receiver."""
        name = self.text(node)
        around = self.scopes.enclosing_enum(scope) if name in self.rules.enum_calls else -1
        if around >= 0:
            return self.expressions.add(MEMBER, name, (self.expressions.add(DEFINITION, "", (around,)),))
        return of_receiver(self, node, known, scope)

    def marks(self, written: Node, name: tuple[int, int]) -> list[int]:
        """What a type is declared as besides: constant (`const T`), pointed at (`T *x`), an array of it (`T x[2]`).

        `name`: its first byte, the byte behind it.
        """
        word, around = self.rules.constant_word.encode(), written.parent
        if not word or around is None:
            return []
        marks = (
            [self.expressions.add(LITERAL, word.decode())] if word in self.source[around.start_byte : written.start_byte].split() else []
        )
        start, end = name
        before = self.source[min(max(written.end_byte, start - 16), start) : start].rstrip(b" =").removesuffix(word).rstrip()
        points, holds = before.rstrip(b"& ").endswith(b"*"), self.source[end : end + 2].lstrip().startswith(b"[")
        if points or holds:
            marks.append(self.expressions.add(LITERAL, "*"))
            if not points:
                marks.append(self.expressions.add(LITERAL, "[]"))
            return marks
        wrapped = self.raw(written).partition(b"<")[0].rpartition(b"::")[2].decode() in self.rules.generic_wrappers
        if wrapped or before.endswith(b"&"):
            marks.append(self.expressions.add(LITERAL, "&"))
        if wrapped:
            marks.append(self.expressions.add(LITERAL, "->"))
        return marks

    def whole(self, node: Node, scope: int) -> int:
        """As `lower`, for an access that is made whatever is known of what it yields."""
        if not self.paths or self.form_of(node) not in ("index", "member"):
            return self.lower(node, scope)
        paths, self.paths = self.paths, {}
        index = self.lower(node, scope)
        self.paths = paths
        return index

    def stored(self, index: int, node: Node, scope: int) -> int:
        """What a path is known to hold where it is read, or the path."""
        start, innermost, version = node.start_byte, -1, index
        for region in self.paths.get(index, ()):
            if innermost < region.start <= start < region.end and self.scopes.function_scope(scope) == region.scope:
                innermost, version = region.start, region.version
        if version != index:
            self.reads.append((index, start, node.end_byte, scope))
        return version

    def lower_type(self, node: Node, scope: int) -> int:
        """As `lower`, for a type: its names are no values that are read."""
        noted = len(self.reads)
        index = self.lower(node, scope)
        del self.reads[noted:]
        return index

    def value(self, node: Node, scope: int) -> int:
        """As `lower`, for a node whose value is used: names are noted as read."""
        return self.value_kind(node, node.kind_id, scope)

    def value_kind(self, node: Node, kind: int, scope: int) -> int:
        """As `value`, where the node's kind is known already."""
        index = self.lower_kind(node, kind, scope)
        worth = self._worth.get(index)
        if worth is None:
            worth = self._worth[index] = self._is_worth_noting(index)
        if worth:
            self.reads.append((index, node.start_byte, node.end_byte, scope))
        return index

    def _is_worth_noting(self, index: int) -> bool:
        """Whether reading it may lead to a definition: variables of functions do not."""
        form, text, parts = self.expressions.entries[index]
        if form == LOCAL:
            return (parts[0], text) in self.symbols or self.scopes.entries[parts[0]][0] not in INNER_KINDS
        if form == FREE:
            return self.room.package_scope
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
        comments = self.comments
        return [child for child in node.named_children if child.kind_id not in comments]

    def inner_of(self, node: Node, form: Form) -> Node | None:
        """The one part of a node that only wraps it."""
        inner = self.part(node, form, 0)
        if inner is None and not form.fields:
            children = self.parts(node)
            inner = children[-1] if children else None
            words = node.children[-1:]
            if words and not words[0].is_named and words[0].kind_id in self.forms:
                return words[0]
        return inner

    def unwrapped(self, node: Node) -> Node:
        """The node inside all that only wraps it."""
        while (form := self.forms.get(node.kind_id)) is not None and form.name == "inner":
            inner = self.inner_of(node, form)
            if inner is None:
                break
            node = inner
        return node

    def form_of(self, node: Node) -> str:
        """Name of the node's form; empty where the room says none."""
        form = self.forms.get(node.kind_id)
        return "" if form is None else form.name

    def container(self, node: Node, form: int, parts: tuple[int, ...], text: str = "") -> int:
        """A literal container. Each is one of its own, except for tables of constants, which nothing of the program is put into."""
        entries = self.expressions.entries
        if parts and all(entries[part][0] in CONSTANT_FORMS for part in parts):
            return self.expressions.add(form, text, parts)
        index = self.literals.get(node.id)
        if index is None:
            index = self.literals[node.id] = self.expressions.fresh(form, text, parts)
        return index

    def union(self, alternatives: dict[int, None]) -> int:
        """One of several; those that are unknown say nothing."""
        entries = self.expressions.entries
        flat = [part for index in alternatives if index for part in (entries[index][2] if entries[index][0] == UNION else (index,))]
        parts = tuple(dict.fromkeys(flat))[:ELEMENT_LIMIT]
        if len(parts) > 1:
            return self.expressions.add(UNION, "", parts)
        return parts[0] if parts else 0


REST: Final = b"..."
"""Variable of all further arguments, where the grammar has no name for them."""
Lower = Callable[[Lowering, Node, Form, int], int]
Dispatch = Mapping[int, tuple[Lower, Form]]


def _receiving_names(pattern: str, source: bytes) -> frozenset[str]:
    """Names of variables for functions with a receiver."""
    return frozenset(re.findall(pattern, source.decode(errors="replace"))) if pattern else frozenset()
