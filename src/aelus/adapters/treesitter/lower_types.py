"""Types as they are written in annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.doc_types import split_outside
from aelus.adapters.treesitter.imported_names import is_type_word, type_word
from aelus.adapters.treesitter.lowering import ELEMENT_LIMIT, Lowering
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    GUARD,
    INDEX,
    INSTANCE,
    LOCAL,
    MAPPING,
    MEMBER,
    THIS,
    TYPE_OF,
    UNKNOWN,
)

WRITTEN_LIMIT: Final = 200
"""Characters of a type in a string that is read."""
WRITTEN_DEPTH: Final = 6
NAME_FORMS: Final = frozenset({LOCAL, FREE, MEMBER})
NAME_SEPARATOR: Final = re.compile(r"\.|::")


def annotation(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """A type; one that is written as a string is a dotted name, or nothing that could be known."""
    inner = lowering.inner_of(node, form)
    if inner is None:
        return 0
    kind = lowering.form_of(inner)
    if kind == "index":
        return generic(lowering, inner, form, scope)
    if kind == "string":
        return quoted(lowering, inner, scope)
    if kind == "name" and lowering.text(inner) in lowering.rules.self_types and is_type_word(lowering, inner, scope):
        return lowering.scopes.receiver(THIS, scope)
    return lowering.lower(inner, scope)


def quoted(lowering: Lowering, node: Node, scope: int) -> int:
    """A type that is written as a string."""
    text = lowering.text(node).strip("\"'")
    return _written(lowering, text, scope) if len(text) <= WRITTEN_LIMIT else 0


def _written(lowering: Lowering, text: str, scope: int, depth: int = 0) -> int:
    """A type inside a string: names, `A | B`, `A[B, C]`."""
    text = text.strip()
    alternatives = split_outside(text, "|")
    if depth > WRITTEN_DEPTH:
        return 0
    if len(alternatives) > 1:
        return lowering.union(dict.fromkeys(_written(lowering, part, scope, depth + 1) for part in alternatives))
    head, opened, rest = text.partition("[")
    if opened and rest.endswith("]"):
        arguments = [_written(lowering, part, scope, depth + 1) for part in split_outside(rest[:-1], ",")]
        return _applied(lowering, head, [_written(lowering, head, scope, depth + 1), *arguments])
    names = text.split(".")
    if not all(name.isidentifier() for name in names):
        return 0
    if text in lowering.rules.self_types:
        return lowering.scopes.receiver(THIS, scope)
    index = lowering.scopes.resolve(scope, names[0].encode())
    for name in names[1:]:
        index = lowering.expressions.add(MEMBER, name, (index,))
    return index


def type_name(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A type's name; a word like `var` names none."""
    raw = lowering.raw(node)
    return 0 if lowering.expressions.text(raw) in lowering.rules.inferred_types else lowering.scopes.resolve(scope, raw)


def declared_type(lowering: Lowering, captures: Mapping[str, Sequence[Node]], scope: int) -> int:
    """The type that something is declared to have; 0 where none is written."""
    written = captures.get("type")
    return dimensioned(lowering, lowering.lower_type(written[0], scope), captures.get("dimensions", ())) if written else 0


def dimensioned(lowering: Lowering, declared: int, brackets: Sequence[Node]) -> int:
    """What is declared with pairs of brackets behind its name: `T x[]`."""
    pairs = sum(lowering.raw(node).count(b"[") for node in brackets) if declared else 0
    for _ in range(min(pairs, DIMENSION_LIMIT)):
        declared = lowering.expressions.add(ARRAY, "", (declared,))
    return declared


DIMENSION_LIMIT: Final = 8
"""Arrays inside each other that are told apart."""
DOTTED: Final = "dotted"
"""Text of generic types whose names are parts of one."""
UNBOUND: Final = "unbound"
"""Text of generic types whose arguments may be left out, `T<,>`."""


def generic(lowering: Lowering, node: Node, form: Form, scope: int, depth: int = 0) -> int:
    """`T[A, B]`; what the room says is no type of its own (`Optional[A]`, `Union[A, B]`) is the type inside it."""
    children = lowering.parts(node)
    parts: list[int] = []
    for child in children:
        if parts and form.text == DOTTED and lowering.form_of(child) == "name":
            parts = [lowering.expressions.add(MEMBER, lowering.text(child), (parts[0],))]
            continue
        nested = lowering.parts(child) if lowering.form_of(child) == "type_arguments" else [child]
        left_out = child.child_count - 1 if form.text == UNBOUND and not nested else 0
        parts.extend([_argument(lowering, inner, form, scope, depth) for inner in nested] or [UNKNOWN] * left_out)
    return _applied(lowering, lowering.text(children[0]), parts) if parts else 0


def _word(lowering: Lowering, named: int, written: str) -> str:
    """Last name of a generic type; where types of the language are imported, the name of what it is."""
    return type_word(lowering, named) if lowering.rules.type_modules else NAME_SEPARATOR.split(written)[-1]


def _argument(lowering: Lowering, node: Node, form: Form, scope: int, depth: int) -> int:
    """A part of a generic type, which stands where values do if bases are subscripts: `class Tree(list["Tree"])`."""
    kind = lowering.form_of(node) if lowering.rules.subscripted_bases else ""
    if kind == "index":
        return generic(lowering, node, form, scope, depth + 1) if depth < WRITTEN_DEPTH else 0
    return quoted(lowering, node, scope) if kind == "string" else lowering.lower(node, scope)


def _applied(lowering: Lowering, name: str, parts: list[int]) -> int:
    """A generic type (the first part) with its arguments."""
    if len(parts) < 2:  # noqa: PLR2004 - no arguments
        return parts[0]
    written = _word(lowering, parts[0], name)
    if written in lowering.rules.generic_wrappers:
        return parts[1]
    if written in lowering.rules.type_functions:
        return _computed(lowering, lowering.rules.type_functions[written], parts[1])
    if written in lowering.rules.generic_functions or written in lowering.rules.loop_functions:
        loops = written in lowering.rules.loop_functions
        given = (0, lowering.expressions.add(FUNCTION_TYPE, "", (0, *parts[1:]))) if loops else (parts[-1],)
        return lowering.expressions.add(FUNCTION_TYPE, "", given)
    if written in lowering.rules.generic_unions:
        return lowering.union(dict.fromkeys(parts[1:]))
    return lowering.expressions.add(GENERIC, "", tuple(parts))


def is_named_type(lowering: Lowering, holder: int) -> bool:
    """Whether a subscript of it is a type where values stand, too: `Union[A, B]`."""
    rules = lowering.rules
    if not rules.type_modules or lowering.expressions.entries[holder][0] not in NAME_FORMS:
        return False
    word = type_word(lowering, holder)
    return word in rules.generic_unions or word in rules.generic_wrappers


def _value_of(lowering: Lowering, declared: int) -> int:
    """What has a type: the value whose type it is, or an instance."""
    form, _, parts = lowering.expressions.entries[declared]
    return parts[0] if form == TYPE_OF else lowering.expressions.add(INSTANCE, "", (declared,)) if declared else 0


def _computed(lowering: Lowering, word: str, declared: int) -> int:
    """What another type is made of: that of the result of a function, or the class that a value is."""
    value = _value_of(lowering, declared)
    if word == "call" and value:
        return lowering.expressions.add(TYPE_OF, "", (lowering.expressions.add(CALL, "", (value,)),))
    return value if word == "type" and lowering.expressions.entries[declared][0] == TYPE_OF else 0


def lookup_type(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`T["a"]`, `T[number]`, `T[K]`: the type of a member, of any element, or of the member that a type parameter stands for."""
    children = lowering.parts(node)
    value = _value_of(lowering, lowering.lower(children[0], scope)) if len(children) > 1 else 0
    if not value:
        return 0
    kind, name, _ = lowering.expressions.entries[lowering.lower(children[1], scope)]
    if kind == CONSTANT and not name.isdigit():
        return lowering.expressions.add(TYPE_OF, "", (lowering.expressions.add(MEMBER, name, (value,)),))
    if kind == CONSTANT or lowering.form_of(children[1]) in ("", "keys_of"):
        key = (lowering.expressions.add(CONSTANT, name),) if kind == CONSTANT else ()
        return lowering.expressions.add(TYPE_OF, "", (lowering.expressions.add(INDEX, "", (value, *key)),))
    if kind in (LOCAL, FREE) and lowering.form_of(children[1]) == "name":
        key = (lowering.lower(children[1], scope),)
        return lowering.expressions.add(TYPE_OF, "", (lowering.expressions.add(INDEX, "", (value, *key)),))
    return 0


def with_types(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`f::<T>`, `x.m::<T>`: a function with what is written for its type parameters."""
    function, listed = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if function is None:
        return 0
    named = lowering.lower(function, scope)
    arguments = [lowering.lower(part, scope) for part in lowering.parts(listed)] if listed is not None else []
    if not any(arguments):
        return named
    if lowering.form_of(function) in ("name", "scoped"):
        return lowering.expressions.add(GENERIC, "", (named, *arguments))
    kind, name, parts = lowering.expressions.entries[named]
    return lowering.expressions.add(MEMBER, name, (*parts, *arguments)) if kind == MEMBER else named


def generic_of(lowering: Lowering, index: int, node: Node, scope: int) -> int:
    """The generic type `index` with the arguments that stand behind its name in `node`."""
    children = lowering.parts(node)
    arguments = [lowering.lower(part, scope) for child in children[1:] for part in lowering.parts(child)]
    written = lowering.text(children[0])
    if written in lowering.rules.generic_wrappers:
        return arguments[0] if arguments else 0
    return lowering.expressions.add(GENERIC, "", (index, *arguments)) if any(arguments) else index


def map_type(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`map[K]V`: a generic type of the language itself."""
    arguments = [lowering.lower(part, scope) if (part := lowering.part(node, form, position)) else 0 for position in (0, 1)]
    return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(FREE, form.text), *arguments))


def tuple_type(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`(A, B)`: a generic type of the language itself."""
    parts: list[int] = []
    for child in lowering.parts(node):
        parameter = lowering.room.parameters.get(child.kind_id)
        written = lowering.part(child, parameter, 1) if parameter is not None else child
        parts.append(lowering.lower(written, scope) if written is not None else 0)
    return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(FREE, form.text), *parts)) if any(parts) else 0


def results(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`(a, b T, err error)`: a generic type of the language itself, with each type as often as it is named; a single one is itself."""
    types: list[int] = []
    named: list[str] = []
    for child in lowering.parts(node):
        parameter = lowering.room.parameters.get(child.kind_id)
        written = lowering.part(child, parameter, 1) if parameter is not None else child
        names = child.children_by_field_id(parameter.fields[0]) if parameter is not None else ()
        types.extend([lowering.lower(written, scope) if written is not None else 0] * max(len(names), 1))
        named.extend([lowering.text(name) for name in names] or [""])
    if len(types) < 2:  # noqa: PLR2004 - not several
        return types[0] if types else 0
    return (
        lowering.expressions.add(GENERIC, ",".join(named) if any(named) else "", (lowering.expressions.add(FREE, form.text), *types))
        if any(types)
        else 0
    )


def channel(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """A generic type of the language itself with one argument."""
    element = lowering.part(node, form, 0)
    inner = lowering.lower(element, scope) if element is not None else 0
    return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(FREE, form.text), inner))


def array(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    inner = lowering.part(node, form, 0)
    if inner is None:
        children = lowering.parts(node)
        inner = children[0] if children else None
    if inner is None:
        return 0
    made = lowering.lower(inner, scope)
    for _ in range(_dimensions(lowering, node, form)):
        made = lowering.expressions.add(ARRAY, "", (made,))
    return made


def _dimensions(lowering: Lowering, node: Node, form: Form) -> int:
    """How many arrays are inside each other that one node stands for: `T[][]`."""
    listed = lowering.part(node, form, 1)
    return max(lowering.raw(listed).count(b"["), 1) if listed is not None else 1


def function_type(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`(a: A) -> B`; with the text `types`, a parameter without a name is its type; with `receiver`, it may have one besides."""
    result, listed = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if form.text == "types":
        return _function_of_types(lowering, result, lowering.parts(listed) if listed is not None else (), scope)
    return _function(lowering, result, listed, scope, node.child_by_field_name("receiver"))


def _function_of_types(lowering: Lowering, result: Node | None, listed: Sequence[Node], scope: int) -> int:
    types = list[int]()
    for child in listed:
        parameter = lowering.room.parameters.get(child.kind_id)
        written = lowering.part(child, parameter, 1) if parameter is not None else child
        types.append(lowering.lower(written, scope) if written is not None else 0)
    returned = lowering.lower(result, scope) if result is not None else 0
    return lowering.expressions.add(FUNCTION_TYPE, "", (returned, *types))


def _function(lowering: Lowering, result: Node | None, listed: Node | None, scope: int, of: Node | None = None) -> int:
    """A type of functions: of what they return, of their receiver and their parameters."""
    parts = [lowering.lower(result, scope) if result is not None else 0]
    forms, receiver = lowering.room.parameters, ""
    if of is not None:
        receiver = lowering.rules.receiver_name
        parts.append(lowering.lower(of, scope))
    for child in lowering.parts(listed) if listed is not None else ():
        parameter = forms.get(child.kind_id)
        name = lowering.part(child, parameter, 0) if parameter is not None else None
        if parameter is None and not lowering.rules.receiver_functions:
            continue
        if name is not None and lowering.form_of(name) == "this":
            receiver = lowering.text(name)
        written = lowering.part(child, parameter, 1) if parameter is not None else child
        fields = parameter.fields if parameter is not None else ()
        names = child.children_by_field_id(fields[0]) if fields and fields[0] else ()
        parts.extend([lowering.lower(written, scope) if written is not None else 0] * max(1, len(names)))
    return lowering.expressions.add(FUNCTION_TYPE, receiver, tuple(parts))


def object_type(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`{a: A; b(): B; [key: string]: C}`: a mapping of instances of the types."""
    parts: list[int] = []
    children = lowering.parts(node)[:ELEMENT_LIMIT]
    clause = children[0].named_children[:1] if len(children) == 1 else []
    if clause and lowering.form_of(clause[0]) == "mapped":
        return _mapped(lowering, children[0], clause[0], scope)
    if len(children) == 1 and lowering.form_of(children[0]) == "function_type":
        return lowering.lower(children[0], scope)
    for child in children:
        entry = lowering.forms.get(child.kind_id)
        if entry is None or entry.name != "entry_type":
            continue
        name, written, listed = (lowering.part(child, entry, position) for position in range(3))
        key = lowering.expressions.add(CONSTANT, lowering.member_name(name)) if name is not None else 0
        if listed is not None:
            held = _function(lowering, written, listed, scope)
        else:
            held = lowering.lower(written, scope) if written is not None else 0
        parts.extend((key, lowering.expressions.add(INSTANCE, "", (held,)) if held else 0))
    return lowering.container(node, MAPPING, tuple(parts)) if any(parts[1::2]) else 0


def _mapped(lowering: Lowering, node: Node, clause: Node, scope: int) -> int:
    """`{[K in keyof T]: T[K]}` has the members of `T`, if only some as they are; `{[K in N]: V}` those of one type, which may name `K`."""
    keys, written = lowering.parts(clause)[-1], lowering.parts(node)[-1]
    value = lowering.unwrapped(written)
    over = lowering.parts(keys)[-1:] if lowering.form_of(keys) == "keys_of" else []
    if over and any(_looks_up(lowering, each, over[0]) for each in _alternatives(lowering, value)):
        return lowering.lower(over[0], scope)
    held = lowering.lower(written, scope)
    word = lowering.expressions.add(FREE, lowering.rules.mapping_word)
    return lowering.expressions.add(GENERIC, lowering.text(lowering.parts(clause)[0]), (word, 0, held)) if held else 0


def _alternatives(lowering: Lowering, value: Node) -> list[Node]:
    """The types that one is one of, as a union or by a condition."""
    form = lowering.forms.get(value.kind_id)
    if form is None or form.name != "union":
        return [value]
    named = [lowering.part(value, form, position) for position in range(len(form.fields))] if form.fields else lowering.parts(value)
    return [lowering.unwrapped(part) for part in named if part is not None]


def _looks_up(lowering: Lowering, value: Node, over: Node) -> bool:
    """Whether a type is that of a member of `over`."""
    parts = lowering.parts(value) if lowering.form_of(value) == "lookup_type" else []
    return bool(parts) and lowering.raw(parts[0]) == lowering.raw(over)


def predicate(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`x is T`, as the result of a function: whether the parameter is one."""
    name, written = lowering.part(node, form, 0), lowering.part(node, form, 1)
    declared = lowering.lower(written, scope) if written is not None else 0
    return lowering.expressions.add(INSTANCE, GUARD + lowering.text(name), (declared,)) if declared and name is not None else 0


def type_of(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """The type of a value: `typeof x`."""
    inner = lowering.inner_of(node, form)
    held = lowering.lower(inner, scope) if inner is not None else 0
    return lowering.expressions.add(TYPE_OF, "", (held,)) if held else 0


def type_arguments(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A single one, where it stands for itself: `<T>x`."""
    inner = lowering.parts(node)
    return lowering.lower(inner[0], scope) if len(inner) == 1 else 0


def assertion(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`x as T`: an instance of the type, or functions of that type; the value, where the type says nothing of it."""
    inner, written = lowering.part(node, form, 0), lowering.part(node, form, 1)
    declared = lowering.lower_type(written, scope) if written is not None else 0
    value = lowering.value(inner, scope) if inner is not None else 0
    if not declared:
        return value
    functions = value and written is not None and lowering.form_of(written) == "function_type"
    return lowering.expressions.add(INSTANCE, "", (declared, value) if functions else (declared,))
