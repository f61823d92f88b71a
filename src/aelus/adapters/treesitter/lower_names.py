"""Names, members, receivers, and forms that pass on what is inside them."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.doc_types import found as found_types
from aelus.adapters.treesitter.doc_types import lower_doc_type
from aelus.adapters.treesitter.loaded_files import loaded_module, of_table
from aelus.adapters.treesitter.lower_types import generic, generic_of, is_named_type
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.receiver_lambdas import of_receiver
from aelus.adapters.treesitter.receivers import outer_base, outer_receiver
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import (
    AWAIT,
    BLOCK,
    CALL,
    CLASS_SCOPE,
    CONSTANT,
    EVERYWHERE,
    FREE,
    GENERIC,
    IMPLICIT,
    IMPORT,
    INDEX,
    INSTANCE,
    ITERATE,
    LOCAL,
    MEMBER,
    NEW,
    RETURNED,
    SENT,
    SEQUENCE,
    SLICE,
    SPREAD,
    SPREAD_MAP,
    SUPER,
    TAKEN,
    THIS,
)

OPENING: Final = ord("(")
CAST_LIMIT: Final = 400
"""Bytes before a bracket in which a comment says what is inside."""
DOTTED: Final = re.compile(r"\w+(?:\.\w+)+")
PROJECTION_LIMIT: Final = 8
"""Names behind a type parameter that are read."""
MODULE_WORDS: Final = frozenset({"crate", "self", "super"})
WHOLE: Final = re.compile(r"-?\d+")
KEYS: Final = 8
"""Keys of one subscript."""
FROM: Final = frozenset({"from", "*", "yield from"})
"""Marks of a `yield` of all that another generator yields."""


def name(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    if form.text == "call" and lowering.text(node) == lowering.rules.construct_word and (made := lowering.scopes.receiver(THIS, scope)):
        return lowering.expressions.add(NEW, "", (called_on(lowering, made),))
    found = lowering.resolve(lowering.raw(node), node.start_byte, scope)
    if form.text == "call" and (variable := _of_body(lowering, found, scope)):
        return variable
    if form.text == "call" and _is_called(lowering, found):
        target = of_receiver(lowering, node, found, scope) if lowering.rules.receiver_functions else found
        return lowering.expressions.add(CALL, "", (target,))
    return found


def called_on(lowering: Lowering, receiver: int) -> int:
    """The class that a method is called on which makes an instance of its receiver, whatever that is; any other expression as it is."""
    kind, _, parts = lowering.expressions.entries[receiver]
    return lowering.expressions.add(THIS, lowering.rules.construct_word, parts) if kind == THIS else receiver


def _of_body(lowering: Lowering, found: int, scope: int) -> int:
    """The variable of the body of a class which a name means that is read there; 0 for other names."""
    kind, text, _ = lowering.expressions.entries[found]
    around = lowering.scopes.function_scope(scope) if kind == IMPLICIT else 0
    declared = lowering.scopes.entries[around][0] == CLASS_SCOPE and text in lowering.scopes.declared[around]
    defined = (around, text) in lowering.symbols and (around, text) not in lowering.variables
    return lowering.expressions.add(LOCAL, text, (around,)) if declared and not defined else 0


def word(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A text that the grammar has left as it is: the name that it is, if it is one and no more."""
    raw = lowering.raw(node).strip()
    return lowering.resolve(raw, node.start_byte, scope) if raw.isalnum() or raw.replace(b"_", b"").isalnum() else 0


def suffixed(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`3_km`: the call of the operator that the suffix names, with the literal in front of it."""
    parts = lowering.parts(node)
    if len(parts) != 2:  # noqa: PLR2004 - literal and suffix
        return 0
    operator = lowering.resolve(f"{form.text}{lowering.text(parts[1])}".encode(), node.start_byte, scope)
    return lowering.expressions.add(CALL, "", (operator, lowering.value(parts[0], scope)))


def _is_called(lowering: Lowering, found: int) -> bool:
    """Whether a bare name, where those of functions are calls, is no variable."""
    kind, text, parts = lowering.expressions.entries[found]
    if kind == LOCAL:
        return (parts[0], text) in lowering.symbols and (parts[0], text) not in lowering.variables
    return kind in (IMPLICIT, FREE)


def own(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A member of the receiver, by a name with a mark in it (`@a`)."""
    receiver = lowering.scopes.receiver(THIS, scope)
    return lowering.expressions.add(MEMBER, lowering.text(node), (receiver,)) if receiver else 0


def super_method(lowering: Lowering, _node: Node, _form: Form, scope: int) -> int:
    """A call of the method that the one around overrides, with what this one was given."""
    member = overridden(lowering, scope)
    if not member:
        return 0
    given: list[int] = []
    named: dict[str, int] = {}
    for name, variable, _, _, kind in lowering.parameters.get(lowering.scopes.method_scope(scope), ()):
        if kind in ("rest", "rest_map"):
            given.append(lowering.expressions.add(SPREAD if kind == "rest" else SPREAD_MAP, "", (variable,)))
        elif kind == "positional":
            given.append(variable)
        else:
            named[BLOCK if kind == "block" else name] = variable
    return lowering.expressions.add(CALL, ",".join(named), (member, *given, *named.values()))


def overridden(lowering: Lowering, scope: int) -> int:
    """The method that the one around overrides."""
    receiver, name = lowering.scopes.receiver(SUPER, scope), lowering.scopes.method_name(scope)
    return lowering.expressions.add(MEMBER, name, (receiver,)) if receiver and name else 0


def member(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    fields = form.fields
    holder = node.child_by_field_id(fields[0]) if fields else lowering.part(node, form, 0)
    attribute = node.child_by_field_id(fields[1]) if fields else lowering.part(node, form, 1)
    if holder is None or attribute is None or (form.text == "indexed" and lowering.form_of(attribute) == "inner"):
        return _indexed(lowering, form, holder, attribute, scope)
    words = lowering.rules.exports_words
    if words and node.end_byte - node.start_byte < 100 and lowering.text(node) in words:  # noqa: PLR2004 - no such word is longer
        return lowering.scopes.resolve(scope, lowering.raw(node))
    nested = lowering.form_of(attribute) == "nested"
    if nested or attribute.kind_id in lowering.room.receivers:
        return lowering.lower(attribute, scope) if nested else outer_receiver(lowering, holder, scope)
    kind = holder.kind_id
    noted = kind == node.kind_id or (lowering.rules.members_visible and lowering.rules.accessors)
    if form.name == "method":
        noted = lowering.form_of(holder) == "member"
    index = lowering.value_kind(holder, kind, scope) if noted else lowering.lower_kind(holder, kind, scope)
    name = _member_name(lowering, attribute)
    if form.text == "variable":
        name = name.removeprefix(lowering.rules.variable_prefix)
    if name == lowering.rules.class_word:
        return index
    if special := of_table(lowering, index, name):
        return special
    given = _type_arguments(lowering, attribute, scope) if lowering.room.forms.get(attribute.kind_id) is not None else ()
    return _taken(lowering, node, form, (index, name, given), scope)


def _taken(lowering: Lowering, node: Node, form: Form, parts: tuple[int, str, tuple[int, ...]], scope: int) -> int:
    """A member of a value, with type arguments where it has some; of a type that is named by its package these are its own."""
    index, name, given = parts
    if given and form.text == "type":
        return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(MEMBER, name, (index,)), *given))
    found = lowering.expressions.add(MEMBER, name, (index, *given))
    return lowering.stored(found, node, scope) if found in lowering.paths else found


def _indexed(lowering: Lowering, form: Form, holder: Node | None, attribute: Node | None, scope: int) -> int:
    """What a grammar has as a member which may be an element, all there is, or a name of the whole program (`::A`)."""
    if holder is None and attribute is not None and form.text == "scoped":
        return lowering.expressions.add(FREE, lowering.text(attribute))
    if holder is None or form.text != "indexed":
        return 0
    index = lowering.lower(holder, scope)
    return index if attribute is None else lowering.expressions.add(INDEX, "", (index, lowering.lower(attribute, scope)))


def _type_arguments(lowering: Lowering, attribute: Node, scope: int) -> tuple[int, ...]:
    """The types that a member is given where it is named: `f.Make<Item>`."""
    name = lowering.room.forms[attribute.kind_id].name
    if name == "instantiated":
        listed = [part for part in attribute.named_children if lowering.form_of(part) == "type_arguments"]
        return tuple(lowering.lower_type(part, scope) for around in listed for part in lowering.parts(around))
    if name != "generic":
        return ()
    form, _, parts = lowering.expressions.entries[lowering.lower_type(attribute, scope)]
    return parts[1:] if form == GENERIC else ()


def taken(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a::m`: the method as a value, not what a field of that name holds. Without a name it is the constructor of a class."""
    holder, attribute = lowering.part(node, form, 0), lowering.part(node, form, 1)
    if holder is None:
        return 0
    if attribute is None:
        made = lowering.lower_type(holder, scope)
        return lowering.expressions.add(TAKEN, "", (made,)) if made else 0
    outer, _, word = lowering.text(holder).rpartition(".") if lowering.form_of(holder) == "dotted" else ("", "", "")
    base = outer_base(lowering, outer, scope) if word in lowering.rules.super_words else 0
    member = lowering.expressions.add(MEMBER, lowering.text(attribute), (base or lowering.value(holder, scope),))
    lowering.reads.append((member, attribute.start_byte, attribute.end_byte, scope))
    return lowering.expressions.add(TAKEN, "", (member,))


def _member_name(lowering: Lowering, attribute: Node) -> str:
    """The name alone: without type arguments, and without the dot where the grammar has it inside."""
    while attribute.named_child_count and lowering.form_of(attribute) != "name" and (child := attribute.named_child(0)) is not None:
        attribute = child
    return lowering.spelled(attribute)


def dotted(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a.b.c` as one node with names as children; with the text `package`, one that begins in lower case begins with a package."""
    if form.text == "package":
        written = lowering.text(node)
        head = lowering.scopes.resolve(scope, written.partition(".")[0].encode())
        if written[:1].islower() and lowering.expressions.entries[head][0] in (FREE, IMPLICIT) and DOTTED.fullmatch(written):
            return lowering.expressions.add(IMPORT, written)
    children = lowering.parts(node)
    index = lowering.lower(children[0], scope) if children else 0
    for child in children[1:]:
        index = lowering.expressions.add(MEMBER, lowering.text(child), (index,))
    return index


def _behind_type(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`<T as Trait>::Item`: what the program says of it, or else what the interface says of it that is named."""
    found = member(lowering, node, form, scope)
    written, name, parts = lowering.expressions.entries[found]
    if written != MEMBER or len(parts) != 1:
        return found
    behind = _behind(lowering, parts[0], name)
    interface = _named_interface(lowering, node)
    if behind != found or interface is None or lowering.expressions.entries[parts[0]][0] != LOCAL:
        return behind
    _, text, scopes = lowering.expressions.entries[parts[0]]
    if (scopes[0], text) not in lowering.scopes.type_parameters:
        return behind
    return lowering.expressions.add(MEMBER, name, (lowering.lower_type(interface, scope),))


def _named_interface(lowering: Lowering, node: Node) -> Node | None:
    """`Trait` of `<T as Trait>::Item`."""
    around = lowering.parts(node)[:1]
    inner = lowering.parts(around[0])[:1] if around else []
    return inner[0].child_by_field_name("alias") if inner and lowering.form_of(inner[0]) == "inner" else None


def _behind(lowering: Lowering, holder: int, name: str) -> int:
    """A member; one of a type parameter of which something is said is a type parameter too."""
    form, text, parts = lowering.expressions.entries[holder]
    if form == LOCAL and lowering.scopes.projections:
        written = text + lowering.rules.package_separator + name
        if (parts[0], written) in lowering.scopes.projections:
            return lowering.expressions.add(LOCAL, written, (parts[0],))
    return lowering.expressions.add(MEMBER, name, (holder,))


def projection(lowering: Lowering, node: Node) -> list[str]:
    """Names of a type behind a type parameter: `T`, `Item` of `T::Item` and of `<T as Trait>::Item`; none for other types."""
    names = list[str]()
    while (children := lowering.parts(node)) and len(names) < PROJECTION_LIMIT:
        if len(children) > 1 and lowering.form_of(node) == "scoped":
            names.append(lowering.text(children[-1]))
        elif lowering.form_of(node) != "inner":
            return []
        node = children[0]
    written = lowering.text(node)
    return [written, *reversed(names)] if written.isidentifier() else []


def scoped(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`a::b::c`. A path may begin with a module, as seen from here, or with a type that is more than a name."""
    names = lowering.text(node).split(lowering.rules.package_separator)
    if not all(map(str.isidentifier, names[not names[0] :])):
        return _behind_type(lowering, node, form, scope)
    count = next((number for number, name in enumerate(names) if name not in MODULE_WORDS), len(names))
    associated = lowering.scopes.associated(scope, names[1]) if names[0] in lowering.rules.this_words and len(names) > 1 else 0
    if associated:
        count, index = 2, associated
    elif not names[0]:
        count, index = 2, lowering.expressions.add(IMPORT, names[1])
    elif count:
        head = "crate" if names[0] == "crate" else lowering.scopes.module_path(scope, names[:count])
        index = lowering.expressions.add(IMPORT, head)
    else:
        count, index = 1, lowering.scopes.resolve_head(scope, names[0], lowering.symbols)
    for name in names[count:]:
        index = _behind(lowering, index, name)
    return index


def nested_names(lowering: Lowering, node: Node) -> list[Node]:
    """The parts of a path that is nested to the right: `a::(b::c)`."""
    names: list[Node] = []
    while lowering.form_of(node) == "nested":
        form = lowering.forms[node.kind_id]
        scope, name = node.child_by_field_id(form.fields[0]), node.child_by_field_id(form.fields[1])
        if scope is not None:
            names.append(scope)
        if name is None:
            return names
        node = name
    return [*names, node]


def tag(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`struct a`: the type of that name, whatever else bears it."""
    written = lowering.part(node, form, 0)
    if written is None:
        return 0
    return (
        lowering.scopes.resolve_tag(scope, lowering.text(written))
        if lowering.form_of(written) == "name"
        else lowering.lower(written, scope)
    )


def nested(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    if node.child_by_field_id(_form.fields[0]) is None:
        scope = 0
    return _chain(lowering, nested_names(lowering, node), scope)


def receiver_of(lowering: Lowering, node: Node, scope: int) -> int:
    """The type that a path leads to whose last part is a member of it."""
    return _chain(lowering, nested_names(lowering, node)[:-1], scope)


def _chain(lowering: Lowering, names: list[Node], scope: int) -> int:
    index = 0
    for position, part in enumerate(names):
        form = lowering.forms.get(part.kind_id)
        inner = lowering.part(part, form, 0) if form is not None and form.name in ("generic", "instantiated") else None
        if position == 0 and inner is None:
            index = lowering.lower(part, scope)
        elif position == 0 and inner is not None:
            index = lowering.lower(inner, scope)
        else:
            index = lowering.expressions.add(MEMBER, lowering.text(inner or part), (index,))
        if form is not None and form.name == "generic":
            index = generic_of(lowering, index, part, scope)
    return index


def try_(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`x?`: what is inside, if it is there."""
    found = lowering.inner_of(node, form)
    value = lowering.lower(found, scope) if found is not None else 0
    return lowering.expressions.add(INDEX, "", (value, lowering.expressions.add(CONSTANT, "0"))) if value else 0


def block(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A block has the value of its last expression."""
    children = lowering.parts(node)
    if not children:
        return 0
    last, scope = children[-1], lowering.scope_of_node.get(node.id, scope)
    if lowering.form_of(last) == "statement":
        inner = lowering.parts(last)
        return lowering.value(inner[0], scope) if inner and not lowering.raw(last).endswith(b";") else 0
    return lowering.value(last, scope)


def qualified(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """A name with the room's separator of packages; one that begins with it starts from the outermost package."""
    separator = lowering.rules.package_separator
    text = lowering.text(node)
    if text.startswith(separator):
        return lowering.expressions.add(IMPORT, text.strip(separator).replace(separator, "."))
    names = text.split(separator)
    index = lowering.scopes.resolve(scope, names[0].encode())
    for name in names[1:]:
        index = lowering.expressions.add(MEMBER, name, (index,))
    return index


def labelled(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`this@Outer`: the receiver of a class around; a name where no class is written."""
    written = lowering.parts(node)
    return outer_receiver(lowering, written[0], scope) if written else name(lowering, node, form, scope)


def index(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    holder, key = lowering.part(node, form, 0), lowering.part(node, form, 1)
    noted = len(lowering.reads)
    found = lowering.lower(holder, scope) if holder is not None else 0
    if holder is None or is_named_type(lowering, found):
        del lowering.reads[noted:]
        return generic(lowering, node, form, scope) if found else 0
    if key is not None and lowering.form_of(key) in ("slice", "range"):
        return lowering.expressions.add(SLICE, _bounds(lowering.text(key)), (found,))
    written = node.children_by_field_id(form.fields[1]) if key is not None and form.fields and node.named_child_count > 2 else ()  # noqa: PLR2004 - the object and one key
    if len(written) > 1:
        keys = tuple([lowering.lower(part, scope) for part in written])
        return lowering.expressions.add(INDEX, "", (found, lowering.expressions.add(SEQUENCE, "", keys)))
    keyed = lowering.parts(key) if key is not None and form.text == "several" else ()
    if key is None or len(keyed) > 1:
        return lowering.expressions.add(INDEX, "", (found, *(lowering.value(part, scope) for part in keyed[:KEYS])))
    at = lowering.key(lowering.lower(key, scope))
    kind, text, _ = lowering.expressions.entries[at]
    if kind == CONSTANT and lowering.rules.keys_are_members and not text.isdigit():
        return of_table(lowering, found, text) or lowering.expressions.add(MEMBER, text, (found,))
    variable = _variable_of_table(lowering, found, text, scope) if kind == CONSTANT else 0
    made = variable or loaded_module(lowering, found, at) or lowering.expressions.add(INDEX, "", (found, at))
    return lowering.stored(made, node, scope) if made in lowering.paths else made


def _variable_of_table(lowering: Lowering, table: int, name: str, scope: int) -> int:
    """The variable that a table of all names around has under a name; 0 for other containers."""
    entries = lowering.expressions.entries
    form, _, parts = entries[table]
    if not lowering.rules.scope_tables or form != CALL or len(parts) > 1 or not name.isidentifier():
        return 0
    form, called, _ = entries[parts[0]]
    variable = lowering.scopes.resolve(scope, name.encode()) if form == FREE and called in lowering.rules.scope_tables else 0
    return variable if entries[variable][0] == LOCAL else 0


def _bounds(text: str) -> str:
    """`first:end` of a slice; with a step, its elements may be any."""
    written = [part.strip() for part in text.split(":")]
    first, end = (part if not part or WHOLE.fullmatch(part) else "?" for part in (*written, "")[:2])
    return "?" if any(written[2:]) else f"{first}:{end}"


def receive(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """A unary operator: one of those that the room lists takes an element of its operand, others leave it as it is."""
    operand = lowering.part(node, form, 0)
    index = lowering.lower(operand, scope) if operand is not None else 0
    sign = sign_of(node)
    takes = index and sign is not None and sign.type in form.text.split(" ")
    return lowering.expressions.add(ITERATE, "", (index,)) if takes else index


def inner(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    found = lowering.inner_of(node, form)
    if lowering.casts and lowering.source[node.start_byte] == OPENING and (declared := _documented(lowering, node.start_byte, scope)):
        return lowering.expressions.add(INSTANCE, "", (declared,))
    return lowering.lower(found, scope) if found is not None else 0


def _documented(lowering: Lowering, start: int, scope: int) -> int:
    """The type that a comment right before a bracket says of what is inside; 0 where there is none."""
    before = lowering.source[max(start - CAST_LIMIT, 0) : start].rstrip()
    opening = before.rfind(b"/**") if before.endswith(b"*/") else -1
    written = found_types(lowering.rules.doc_types, "local", before[opening:].decode("utf-8", "replace")) if opening >= 0 else {}
    return lower_doc_type(lowering, written[""], scope) if "" in written else 0


def _wrapped(lowering: Lowering, kind: int, node: Node, form: Form, scope: int) -> int:
    found = lowering.inner_of(node, form)
    expression = lowering.value(found, scope) if found is not None else 0
    return lowering.expressions.add(kind, "", (expression,)) if expression else 0


def await_(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, AWAIT, node, form, scope)


def yield_(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """What is sent to the generator, or what another one returns to it in the end."""
    add = lowering.expressions.add
    if any(child.type in FROM for child in node.children):
        inner = lowering.parts(node)
        value = lowering.lower(inner[-1], scope) if inner else 0
        return add(INDEX, "", (value, add(CONSTANT, RETURNED))) if value else 0
    return lowering.scopes.declare(lowering.scopes.function_scope(scope), SENT)


def spread(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`*a`; of a pack, `f(a)...`: any number of what is made of one of its elements."""
    if not lowering.rules.packs:
        return _wrapped(lowering, SPREAD, node, form, scope)
    found = lowering.inner_of(node, form)
    one = lowering.value(found, scope) if found is not None else 0
    several = lowering.scopes.packs.get(one) or lowering.container(node, SEQUENCE, (one,), EVERYWHERE)
    return lowering.expressions.add(SPREAD, "", (several,)) if one else 0


def spread_map(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, SPREAD_MAP, node, form, scope)


def instance(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, INSTANCE, node, form, scope)


def iterate(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    return _wrapped(lowering, ITERATE, node, form, scope)


def union(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    count = max(len(form.fields), len(form.children))
    chosen = [part for position in range(count) if (part := lowering.part(node, form, position))] if count else lowering.parts(node)
    if len(chosen) < len(form.fields) and (condition := node.child_by_field_name("condition")) is not None:
        # `a ?: b` has the value of its condition
        chosen.append(condition)
    return lowering.union(dict.fromkeys([lowering.value(part, scope) for part in chosen]))


def sign_of(node: Node) -> Node | None:
    """The operator, where the grammar has no field for it."""
    return next((child for child in node.children if not child.is_named), None)
