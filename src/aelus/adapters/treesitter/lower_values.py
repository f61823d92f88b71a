"""Literals: sequences, mappings, strings, numbers."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.declarators import REFERRING, is_pointed_at, kinds_of_initialized
from aelus.adapters.treesitter.inherited_literals import inherited
from aelus.adapters.treesitter.lower_texts import interpolated
from aelus.adapters.treesitter.lowering import CONSTANT_LIMIT, ELEMENT_LIMIT, NAME_SEPARATOR, Lowering
from aelus.adapters.treesitter.room import Form
from aelus.adapters.treesitter.several_results import further_results
from aelus.domain.facts import (
    ARRAY,
    CAST,
    CONSTANT,
    DEFINITION,
    EVERYWHERE,
    FREE,
    INDEX,
    INSTANCE,
    LITERAL,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    RETURN,
    SEQUENCE,
    SETTER,
    SPREAD,
    SPREAD_MAP,
    UNION,
)
from aelus.domain.numbers import natural

FRACTION: Final = re.compile(rb"^(?!0[xX])[\d_']*(?:\.|[\d_']+[eE][-+\d])")
"""How a number begins that is none of the whole ones."""
DIGITS: Final = b"0123456789_.e+-"
GROUP_KEY: Final = "Key"
PATTERN_DEPTH: Final = 8
"""Initializers inside each other whose fields are followed."""
FIELD_LIMIT: Final = 64
"""Fields of one literal whose values tell its instance apart from others."""
PLAIN_STRING: Final = re.compile(rb"[bBrRuU]{0,2}([\"'`])([^\\\n\"'`{$]+)\1")
"""A string whose text is its value in every language that has it; others are read by their parts."""
MARK: Final = 3
"""Characters of the longest mark that texts of bytes begin with."""
MARKED_PLACES: Final = ("arguments", "operator")
"""Where it counts whether a value is an address."""


def sequence(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    children = lowering.parts(node)[:ELEMENT_LIMIT]
    parts = tuple([lowering.value(child, scope) for child in children])
    names = [_borne(lowering, child) for child in children] if form.text else []
    return lowering.container(node, SEQUENCE, parts, ",".join(names) if any(names) else "")


def _borne(lowering: Lowering, node: Node) -> str:
    """The name of a part of a tuple: one that is written, or the last one of the value."""
    written = node.child_by_field_name("name") or next(iter(node.named_children), node)
    name = lowering.text(written).rpartition(".")[2]
    return name if name.isidentifier() else ""


def values(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """Several values side by side; a single one is itself."""
    children = lowering.parts(node)
    return lowering.lower(children[0], scope) if len(children) == 1 else sequence(lowering, node, form, scope)


def comprehension(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    body = lowering.part(node, form, 0)
    if body is None:
        return 0
    scope = lowering.scope_of_node.get(node.id, scope)
    inner = lowering.forms.get(body.kind_id)
    if inner is not None and inner.name == "pair":
        return lowering.container(node, MAPPING, _pair(lowering, body, inner, scope))
    return lowering.container(node, SEQUENCE, (lowering.value(body, scope),), EVERYWHERE)


def mapping(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    parts: list[int] = []
    for child in lowering.parts(node)[:ELEMENT_LIMIT]:
        parts.extend(_entry(lowering, child, scope))
    return lowering.container(node, MAPPING, tuple(parts))


def members(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`new { a, b.C, D = e }`: what it has bears the names that are written, or those of what is put in."""
    parts: list[int] = []
    names = [child for child in lowering.parts(node)[:ELEMENT_LIMIT] if child.next_sibling is not None and child.next_sibling.type == "="]
    for child in lowering.parts(node)[:ELEMENT_LIMIT]:
        before = child.prev_sibling.prev_sibling if child.prev_sibling is not None and child.prev_sibling.type == "=" else None
        if child not in names:
            name = before if before is not None else child
            parts.append(lowering.expressions.add(CONSTANT, lowering.text(name).rpartition(".")[2]))
            parts.append(lowering.value(child, scope))
    return lowering.container(node, MAPPING, tuple(parts))


def grouped(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`group a by b`: what is grouped, which has its key as a member."""
    known = lowering.literals.get(node.id)
    if known is None:
        children, add = lowering.parts(node), lowering.expressions.add
        listed = lowering.expressions.fresh(SEQUENCE, EVERYWHERE, (lowering.value(children[0], scope),))
        keyed = lowering.expressions.fresh(MAPPING, "", (add(CONSTANT, GROUP_KEY), lowering.value(children[-1], scope)))
        known = lowering.literals[node.id] = add(UNION, "", (listed, keyed))
    return known


def _entry(lowering: Lowering, node: Node, scope: int) -> tuple[int, ...]:
    definition = lowering.definition_of_node.get(node.id)
    if definition is not None:
        return _method(lowering, node, definition, scope)
    form = lowering.forms.get(node.kind_id)
    if form is None:
        return ()
    if form.name == "pair":
        return inherited(lowering, node, form, scope) or _pair(lowering, node, form, scope)
    if form.name == "shorthand":
        return _shorthand(lowering, node, scope)
    inner = lowering.inner_of(node, form) if form.name in ("spread", "spread_map") else None
    return (lowering.expressions.add(SPREAD_MAP, "", (lowering.value(inner, scope),)),) if inner is not None else ()


def _shorthand(lowering: Lowering, node: Node, scope: int) -> tuple[int, int]:
    raw = lowering.raw(node)
    found = lowering.resolve(raw, node.start_byte, scope)
    lowering.reads.append((found, node.start_byte, node.end_byte, scope))
    return lowering.expressions.add(CONSTANT, lowering.expressions.text(raw)), found


def _method(lowering: Lowering, node: Node, definition: int, scope: int) -> tuple[int, int]:
    """A method of a literal; one that runs when the entry is read is there by what it returns."""
    name = node.child_by_field_name("name")
    words = {lowering.rules.modifier_names.get(child.type) for child in node.children if not child.is_named}
    form = RETURN if "property" in words else DEFINITION
    key = _key(lowering, name, scope) if name is not None else 0
    if "setter" in words and name is not None:
        key = lowering.expressions.add(CONSTANT, lowering.member_name(name) + SETTER)
    return key, lowering.expressions.add(form, "", (definition,))


def _pair(lowering: Lowering, node: Node, form: Form, scope: int) -> tuple[int, int]:
    key, inner = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if key is None or inner is None:
        return 0, 0
    value = lowering.value(inner, scope)
    for further in reversed(_designators(node)[1:]):
        value = lowering.container(further, MAPPING, (_key(lowering, further, scope), value))
    return _key(lowering, key, scope), value


def _designators(node: Node) -> list[Node]:
    """`[0].a.b = c`: the way to a place inside the places of a literal."""
    return node.children_by_field_name("designator")


def _key(lowering: Lowering, node: Node, scope: int) -> int:
    """A key that is written as a bare name is that name where the language says so."""
    if lowering.form_of(node) == "property":
        name = node.named_child(0) if node.named_child_count else None
        return lowering.expressions.add(CONSTANT, lowering.text(name or node)[:CONSTANT_LIMIT])
    return lowering.key(lowering.lower(node, scope))


def new_array(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`new T[n]`, `new T[]{a, b}`: an array of the type, and of what it is made with."""
    element, listed = lowering.part(node, form, 0), lowering.part(node, form, 1)
    declared = lowering.lower_type(element, scope) if element is not None else 0
    made = lowering.expressions.add(INSTANCE, "", (lowering.expressions.add(ARRAY, "", (declared,)),)) if declared else 0
    return lowering.union({made: None, lowering.value(listed, scope) if listed is not None else 0: None})


def array_literal(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """One syntax for lists and mappings: a mapping if it has keys. Elements without a key are numbered."""
    parts: list[int] = []
    keyed = False
    for position, child in enumerate(lowering.parts(node)[:ELEMENT_LIMIT]):
        inner = lowering.forms.get(child.kind_id)
        children = lowering.parts(child)
        if inner is not None and inner.name == "spread":
            parts.append(lowering.expressions.add(SPREAD_MAP, "", (lowering.value(children[0], scope),)) if children else 0)
            keyed = True
        elif len(children) > 1:
            keyed = True
            parts.extend((_key(lowering, children[0], scope), lowering.value(children[1], scope)))
        else:
            parts.extend((lowering.expressions.add(CONSTANT, str(position)), lowering.value(children[0] if children else child, scope)))
    if keyed:
        return lowering.container(node, MAPPING, tuple(parts))
    return lowering.container(node, SEQUENCE, tuple(parts[1::2]))


def table(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`{f, name = g, [key] = h, ...}`: elements without a key are numbered from 1; a call at the end gives all its results."""
    parts: list[int] = []
    position = 0
    entries = [child for child in lowering.parts(node)[:ELEMENT_LIMIT] if child.named_child_count]
    for child in entries:
        children = lowering.parts(child)
        if not children:
            continue
        if len(children) > 1 and child.children[0].type == "[":
            key = lowering.lower(children[0], scope)
        elif len(children) > 1:
            key = lowering.expressions.add(CONSTANT, lowering.text(children[0])[:CONSTANT_LIMIT])
        else:
            position += 1
            key = 0 if lowering.form_of(children[0]) == "varargs" else lowering.expressions.add(CONSTANT, str(position))
        parts.extend((key, lowering.value(children[-1], scope)))
    if entries and entries[-1].named_child_count == 1:
        for further in further_results(lowering, entries[-1].named_children[0], parts[-1]):
            parts.extend((lowering.expressions.add(CONSTANT, str(position + 1)), further))
    return lowering.container(node, MAPPING, tuple(parts))


def varargs(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`...`: all further arguments as arguments, some of them anywhere else."""
    around = node.parent
    rest = lowering.scopes.resolve(scope, lowering.raw(node))
    passed = around is not None and lowering.form_of(around) == "arguments"
    return lowering.expressions.add(SPREAD if passed else INDEX, "", (rest,))


def initializer(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`{a, b}`, `{.x = a}`."""
    return mapping(lowering, node, form, scope) if _is_keyed(lowering, node) else sequence(lowering, node, form, scope)


def _is_keyed(lowering: Lowering, node: Node) -> bool:
    return lowering.form_of(node) == "initializer" and any(lowering.form_of(child) == "pair" for child in node.named_children[:1])


def _store_entries(lowering: Lowering, holder: int, listed: list[Node], scope: int, depth: int = 0) -> bool:
    """`.x = a, .y = {.z = b}`: fields of the instance; false where the keys are those of an array."""
    for child in listed:
        keys, inner = _designators(child), child.child_by_field_name("value")
        if not keys or inner is None or lowering.form_of(keys[0]) != "property":
            return depth > 0
        place = holder
        for key in keys[:PATTERN_DEPTH]:
            place = _designated(lowering, place, key, scope)
        if _is_keyed(lowering, inner) and depth < PATTERN_DEPTH:
            _store_entries(lowering, place, lowering.parts(inner)[:ELEMENT_LIMIT], scope, depth + 1)
        else:
            lowering.composed.append((place, lowering.value(inner, scope)))
    return True


def _designated(lowering: Lowering, holder: int, key: Node, scope: int) -> int:
    """The field or element that a designator names."""
    named = _key(lowering, key, scope)
    if lowering.form_of(key) != "property":
        return lowering.expressions.add(INDEX, "", (holder, named))
    return lowering.expressions.add(MEMBER, lowering.expressions.entries[named][1], (holder,))


def constructed(lowering: Lowering, declared: int, node: Node, scope: int) -> int:
    """`T x = {…}`, `T x(…)`: an instance, and what it holds by position where it is no class with a constructor."""
    listed = lowering.parts(node)[:ELEMENT_LIMIT]
    add = lowering.expressions.add
    kinds = kinds_of_initialized(lowering.room, node)
    if kinds & REFERRING:
        return lowering.lower(node, scope) if "array" in kinds or len(listed) != 1 else lowering.value(listed[0], scope)
    if _is_keyed(lowering, node):
        made = lowering.expressions.fresh(NEW, "", (declared,))
        if _store_entries(lowering, made, listed, scope):
            return made
        return lowering.union({made: None, lowering.lower(node, scope): None})
    parts = (declared, *(lowering.value(child, scope) for child in listed))
    if lowering.form_of(node) == "initializer":
        return lowering.union({lowering.expressions.fresh(NEW, "", parts): None, lowering.lower(node, scope): None})
    return add(NEW, "", parts)


def braced(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`(T){…}`, `T{…}`: an instance that is made with what stands in braces; of an array, these alone."""
    written, body = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if written is None or body is None:
        return 0
    if written.child_by_field_name("declarator") is not None:
        return lowering.lower(body, scope)
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        declared = lowering.lower_type(written, scope)
        known = lowering.calls[identity] = constructed(lowering, declared, body, scope)
    return known


def address(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`&x`, `*p`: the value itself; as an argument or operand where functions are told apart by types, it is marked which of them it is."""
    inner = lowering.inner_of(node, form)
    value = lowering.lower(inner, scope) if inner is not None else 0
    around = node.parent
    if not value or not lowering.room.overloads or around is None or lowering.form_of(around) not in MARKED_PLACES:
        return value
    mark = "*" if lowering.source[node.start_byte : node.start_byte + 1] == b"&" else "&"
    return lowering.expressions.add(UNION, "", (value, lowering.expressions.add(LITERAL, mark)))


def pointed(lowering: Lowering, node: Node, value: int) -> int:
    """The value of an expression, marked if that is what a pointer points to."""
    if not value or lowering.form_of(node) != "address" or lowering.raw(node)[:1] != b"*":
        return value
    return lowering.expressions.add(UNION, "", (value, lowering.expressions.add(LITERAL, "&")))


def cast_to(lowering: Lowering, node: Node, scope: int) -> int:
    """The type of `static_cast<T>(x)`; 0 for other calls."""
    function = node.child_by_field_name("function")
    name = function.child_by_field_name("name") if function is not None else None
    given = function.child_by_field_name("arguments") if function is not None else None
    if name is None or given is None or lowering.text(name) not in lowering.rules.casts or not given.named_children:
        return 0
    return lowering.lower_type(given.named_children[0], scope)


def cast(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`(T)x`: an instance of the type, and the value, where the type says nothing of it."""
    written, inner = lowering.part(node, form, 0), lowering.part(node, form, 1)
    declared = lowering.lower_type(written, scope) if written is not None else 0
    value = lowering.value(inner, scope) if inner is not None else 0
    if is_number(lowering, declared):
        return declared
    return lowering.expressions.add(INSTANCE, CAST, (declared, value)) if declared else value


def is_number(lowering: Lowering, declared: int) -> bool:
    """Whether a type is one of the language's own, where functions are told apart by it: no pointer, which may be one to anything."""
    form, text, _ = lowering.expressions.entries[declared]
    return lowering.room.overloads and form == LITERAL and not text.endswith("*")


def composite(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`T{…}`: a sequence or mapping where the type is one, else an instance."""
    written, body = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if written is None or body is None:
        return 0
    return _composed(lowering, written, body, scope)


def _composed(lowering: Lowering, written: Node, body: Node, scope: int) -> int:
    written = lowering.unwrapped(written)
    form = lowering.forms.get(written.kind_id)
    kind = form.name if form is not None else ""
    if form is not None and kind in ("array", "map_type"):
        is_mapping = kind == "map_type"
        types = lowering.part(written, form, 0) if is_mapping else None, lowering.part(written, form, 1 if is_mapping else 0)
        made = _collection(lowering, body, types, scope)
        lowering.typed.append((made, lowering.lower_type(written, scope)))
        return made
    entries = [
        entry for place, child in enumerate(lowering.parts(body)[:ELEMENT_LIMIT]) for entry in _put_in(lowering, place, child, scope)
    ]
    named = [entry for entry in entries if NAME_SEPARATOR not in entry[0]]
    apart = [entry for entry in named if lowering.expressions.entries[entry[1]][0] not in (CONSTANT, LITERAL)][:FIELD_LIMIT]
    made = lowering.expressions.add(
        NEW, NAME_SEPARATOR.join(name for name, _ in apart), (lowering.lower(written, scope), *[value for _, value in apart])
    )
    for name, value in entries:
        if value and (natural(name) < 0 or lowering.expressions.entries[value][0] not in (CONSTANT, LITERAL)):
            lowering.composed.append((_place_of(lowering, made, name), value))
    return made


def _put_in(lowering: Lowering, place: int, child: Node, scope: int) -> list[tuple[str, int]]:
    """What a literal gives a field, by its name or, where it has none, by its place; no name has what gives all other fields."""
    entries = lowering.expressions.entries
    if child.kind_id not in lowering.forms:
        return [("", 0)]
    entry = _entry(lowering, child, scope)
    if len(entry) > 1 and entries[entry[0]][0] in (CONSTANT, LOCAL, FREE):
        return [(entries[entry[0]][1], entry[1])]
    return [] if entry else [(str(place), lowering.value(child, scope))]


def _place_of(lowering: Lowering, made: int, name: str) -> int:
    """The field of an instance, or its place."""
    add = lowering.expressions.add
    return add(INDEX, "", (made, add(CONSTANT, name))) if natural(name) >= 0 else add(MEMBER, name, (made,))


def _collection(lowering: Lowering, body: Node, types: tuple[Node | None, Node | None], scope: int) -> int:
    """The elements of a composite literal; those that are composed themselves may leave their type out."""
    parts: list[int] = []
    keyed = False
    for position, child in enumerate(lowering.parts(body)[:ELEMENT_LIMIT]):
        form = lowering.forms.get(child.kind_id)
        pair = form is not None and form.name == "pair"
        keyed = keyed or pair
        key = lowering.part(child, form, 0) if form is not None and pair else None
        value = lowering.part(child, form, 1) if form is not None and pair else child
        parts.append(_key_of(lowering, key, types[0], scope) if key is not None else lowering.expressions.add(CONSTANT, str(position)))
        parts.append(_element(lowering, value, types[1], scope) if value is not None else 0)
    return lowering.container(body, MAPPING if keyed else SEQUENCE, tuple(parts if keyed else parts[1::2]))


def _key_of(lowering: Lowering, node: Node, written: Node | None, scope: int) -> int:
    """A key that is made may leave its type out as well."""
    composed = written is not None and lowering.form_of(lowering.unwrapped(node)) == "sequence"
    return _element(lowering, node, written, scope) if composed else lowering.lower(node, scope)


def _element(lowering: Lowering, node: Node, element: Node | None, scope: int) -> int:
    inner = lowering.unwrapped(node)
    if element is None or lowering.form_of(inner) != "sequence":
        return lowering.value(node, scope)
    made = _composed(lowering, element, inner, scope)
    form, _, parts = lowering.expressions.entries[made]
    if form == NEW and lowering.expressions.entries[parts[0]][0] != DEFINITION:
        lowering.untyped[inner.start_byte] = (made, scope)
    return made


def string(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    start, end = node.start_byte, node.end_byte
    written, _, of_bytes = form.text.partition("|")
    if of_bytes and lowering.source[start : start + MARK].decode("latin-1").lower().startswith(lowering.rules.byte_strings):
        written = of_bytes
    if end - start <= CONSTANT_LIMIT + 2:
        raw = lowering.source[start:end]
        plain = PLAIN_STRING.fullmatch(raw)
        if plain is not None:
            text = lowering.expressions.text(plain.group(2))
            if lowering.rules.typed_keys and plain.group(2).isdigit():
                text = f'"{text}"'
            return constant(lowering, text, written, typed=bool(of_bytes) and written == of_bytes)
        content = [child for child in node.named_children if child.type.endswith(("_content", "_fragment", "_literal"))]
        if len(content) == 1 and node.named_child_count <= 3:  # noqa: PLR2004 - start, content, end
            return constant(lowering, lowering.text(content[0]), written, typed=bool(of_bytes) and written == of_bytes)
        if lowering.rules.interpolation and node.named_child_count > 2 and (made := interpolated(lowering, node, scope)):  # noqa: PLR2004 - the same
            return made
    return lowering.expressions.add(LITERAL, written)


def number(lowering: Lowering, node: Node, form: Form, _scope: int) -> int:
    raw = lowering.raw(node)
    whole, _, broken = form.text.partition("|")
    written = broken if broken and FRACTION.search(raw.lstrip(b"+-")) else whole
    suffixes = lowering.rules.number_suffixes
    if suffixes:
        written = suffixes.get(raw.lower().lstrip(DIGITS).decode(), written)
    return lowering.expressions.add(LITERAL, written) if len(raw) > CONSTANT_LIMIT else constant(lowering, raw.decode(), written)


def constant(lowering: Lowering, text: str, written: str, *, typed: bool = False) -> int:
    """A constant; with its type where functions are told apart by it, or where its text says another one."""
    types = (lowering.expressions.add(LITERAL, written),) if (lowering.room.overloads or typed) and written else ()
    return lowering.expressions.add(CONSTANT, text, types)


def symbol(lowering: Lowering, node: Node, _form: Form, _scope: int) -> int:
    """`:name`: a name as a value."""
    return constant(lowering, lowering.text(node)[1:][:CONSTANT_LIMIT], "")


def literal(lowering: Lowering, node: Node, form: Form, _scope: int) -> int:
    return lowering.expressions.add(LITERAL, form.text or lowering.text(node) + ("*" if is_pointed_at(lowering.room, node) else ""))
