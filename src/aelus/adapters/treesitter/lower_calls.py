"""Calls and constructions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.callees import pair, receiving, typed
from aelus.adapters.treesitter.lower_names import called_on, nested_names, overridden
from aelus.adapters.treesitter.lower_texts import changed
from aelus.adapters.treesitter.lower_values import is_number
from aelus.adapters.treesitter.lowering import ELEMENT_LIMIT, NAME_SEPARATOR, REST, Lowering
from aelus.adapters.treesitter.receiver_lambdas import of_receiver
from aelus.adapters.treesitter.receivers import outer_base
from aelus.adapters.treesitter.room import Form
from aelus.adapters.treesitter.several_results import further_results
from aelus.domain.facts import (
    BLOCK,
    BY_NAME,
    CALL,
    CAST,
    CONSTANT,
    DEFINITION,
    FREE,
    GENERIC,
    IMPORT,
    INDEX,
    INSTANCE,
    LITERAL,
    LOCAL,
    MEMBER,
    NEW,
    SPREAD,
    SUPER,
    THIS,
    UNION,
    UNKNOWN,
)
from aelus.domain.numbers import natural

PLAIN_CALL: Final = 4
"""Children of a call of a member: the object, a dot, the name, the arguments."""


def call(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """Lowered once however often it is met."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        known = _named_by(lowering, node, form, scope)
        known = known or pair(lowering, node, form, scope, _make(lowering, CALL, node, form, scope))
        if lowering.room.placeholders and known and _is_taken(lowering, node, form):
            known = lowering.expressions.entries[known][2][0]
        lowering.calls[identity] = known
    return known


def _named_by(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`nameof(a.b)`: the last name that it is given, as a text; 0 for other calls."""
    words = lowering.rules.naming_calls
    callee, listed = (lowering.part(node, form, position) for position in (0, 1)) if words else (None, None)
    if callee is None or listed is None or lowering.text(callee) not in words:
        return 0
    given = lowering.parts(listed)
    text = lowering.expressions.entries[lowering.value(given[0], scope)][1] if len(given) == 1 else ""
    kind = lowering.expressions.add(LITERAL, words[lowering.text(callee)])
    return lowering.expressions.add(CONSTANT, text, (kind,)) if text else 0


def _is_taken(lowering: Lowering, node: Node, form: Form) -> bool:
    """`f(...)`: the function is taken as a value, not called."""
    listed = lowering.part(node, form, 1)
    return listed is not None and listed.named_child_count == 1 and listed.named_children[0].kind_id in lowering.room.placeholders


def new(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        known = lowering.calls[identity] = _make(lowering, NEW, node, form, scope)
        made, keywords, parts = lowering.expressions.entries[known]
        if made == NEW and lowering.expressions.entries[parts[0]][0] == SUPER:
            base = lowering.expressions.fresh(SUPER, "", lowering.expressions.entries[parts[0]][2])
            known = lowering.calls[identity] = lowering.expressions.add(NEW, keywords, (base, *parts[1:]))
    return known


def expected(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`new(a)`: an instance of the type that is expected there, which is not known yet."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        listed = [child for child in node.named_children if lowering.form_of(child) == "arguments"]
        parts, keywords = _arguments(lowering, listed[0], scope) if listed else ((), "")
        target = lowering.expressions.fresh(UNKNOWN, "", ())
        known = lowering.calls[identity] = lowering.expressions.add(NEW, keywords, (target, *parts))
    return known


def argument(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """An argument that may have a name; elsewhere it is its value. `ref a`: one of the words before it tells overloads apart."""
    inner = _value_of(lowering, node)
    value = lowering.value(inner, scope) if inner is not None else 0
    word = node.children[0].type if form.text and node.child_count > 1 else ""
    return lowering.expressions.add(UNION, word, (value,)) if word and word in form.text.split() else value


def _value_of(lowering: Lowering, node: Node) -> Node | None:
    """The value of an argument, which may be a word (`this`)."""
    children = lowering.parts(node)
    behind = node.children[-1] if node.children else None
    word = behind is not None and not behind.is_named and behind.kind_id in lowering.forms
    return behind if word else children[-1] if children else None


def chain(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`: this(…)`, `: base(…)` in front of a constructor's body: the words are no nodes with a field."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        receivers = [child for child in node.children if lowering.form_of(child) in ("this", "super")]
        listed = [child for child in node.named_children if lowering.form_of(child) == "arguments"]
        target = lowering.lower(receivers[0], scope) if receivers else 0
        parts, keywords = _arguments(lowering, listed[0], scope) if listed else ((), "")
        known = lowering.calls[identity] = lowering.expressions.add(CALL, keywords, (target, *parts))
    return known


def conversion(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`[]T(x)`: an instance of the type. A generic name may be that of a function: then it is a call."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        written, operand = lowering.part(node, form, 0), lowering.part(node, form, 1)
        declared = lowering.lower_type(written, scope) if written is not None else 0
        value = lowering.value(operand, scope) if operand is not None else 0
        if written is not None and lowering.form_of(written) == "generic":
            known = lowering.expressions.add(CALL, "", (declared, value))
        else:
            made = lowering.expressions.add(INSTANCE, "", (declared,)) if declared else 0
            known = lowering.union({made: None, value: None}) if lowering.form_of(written or node) == "function_type" else made
        lowering.calls[identity] = known
    return known


def macro(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`m!(a, b)`: the call of a macro, its arguments read as code."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        known = lowering.calls[identity] = _macro(lowering, node, form, scope)
    return known


def macro_arguments(lowering: Lowering, node: Node) -> Sequence[Node]:
    """What a macro is given, read as code."""
    tokens = lowering.parts(node)[-1]
    root = lowering.reparsed.get(tokens.start_byte)
    found = root.descendant_for_byte_range(tokens.start_byte, tokens.end_byte) if root is not None else None
    return lowering.parts(found)[:ELEMENT_LIMIT] if found is not None and lowering.form_of(found) in ("sequence", "inner") else []


def _macro(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    name = lowering.part(node, form, 0)
    if name is None:
        return 0
    word = lowering.text(name).rpartition(lowering.rules.package_separator)[2] + form.text
    callee = lowering.scopes.resolve(scope, word.encode())
    listed = macro_arguments(lowering, node)
    return lowering.expressions.add(CALL, "", (callee, *(lowering.value(argument, scope) for argument in listed)))


def _make(lowering: Lowering, kind: int, node: Node, form: Form, scope: int) -> int:
    fields = form.fields
    callee = node.child_by_field_id(fields[0]) if fields else lowering.part(node, form, 0)
    if callee is None:
        return _call_itself(lowering, kind, node, form, scope)
    listed = node.child_by_field_id(fields[1]) if fields else lowering.part(node, form, 1)
    called = callee.kind_id
    word = lowering.raw(callee) if called in lowering.names or called in lowering.room.calling_names else b""
    if word in lowering.room.call_words:
        found = _special(lowering, node, word, listed, scope)
        if found:
            return found
    constructs = lowering.rules.construct_word
    if constructs and word.decode() == constructs:
        kind, target = NEW, _constructed(lowering, node, form, scope)
    elif form.text == "inner":
        target = _made_type(lowering, node, callee, scope)
    elif len(fields) > 2 or form.children:  # noqa: PLR2004 - callee, arguments, and the object
        target = _target(lowering, node, callee, form, scope)
    elif word:
        target = _bare(lowering, word, node.start_byte, scope)
    else:
        target = lowering.lower_kind(callee, called, scope)
    target = typed(lowering, target, _typed_by(lowering, kind, node, listed), scope)
    if lowering.receiving and target:
        target = receiving(lowering, target, scope)
    target = of_receiver(lowering, node, target, scope) if lowering.rules.receiver_functions else target
    parts, keywords = _given(lowering, form, listed, scope)
    behind = lowering.part(node, form, 3) if len(fields) > 3 or form.children else None  # noqa: PLR2004 - and the block
    if behind is not None:
        parts, keywords = (*parts, lowering.value(behind, scope)), f"{keywords},{BLOCK}" if keywords else BLOCK
    return _made(lowering, kind, callee, (target, keywords, parts), scope)


def _typed_by(lowering: Lowering, kind: int, node: Node, listed: Node | None) -> Node | None:
    """The list of the type arguments of a call or construction; None where it has none."""
    field = lowering.rules.type_arguments_field if kind == NEW else lowering.rules.call_types_field
    if field:
        return node.child_by_field_name(field)
    if listed is None or not lowering.rules.typed_calls:
        return None
    return next((child for child in listed.named_children[:1] if lowering.form_of(child) == "type_arguments"), None)


def _call_itself(lowering: Lowering, kind: int, node: Node, form: Form, scope: int) -> int:
    """`f.(x)`: a call without the name of a method is one of the value itself."""
    holder, listed = (lowering.part(node, form, position) for position in (2, 1))
    if holder is None or listed is None or kind != CALL:
        return 0
    parts, keywords = _arguments(lowering, listed, scope)
    return lowering.expressions.add(CALL, keywords, (lowering.lower(holder, scope), *parts))


def _given(lowering: Lowering, form: Form, listed: Node | None, scope: int) -> tuple[tuple[int, ...], str]:
    """The arguments, and the names of those that have one; a call between two operands has the right one as its only one."""
    if listed is None:
        return (), ""
    if form.text == "infix":
        return (lowering.value(listed, scope),), ""
    parts, keywords = _arguments(lowering, listed, scope)
    return tuple(parts), keywords


def _made(lowering: Lowering, kind: int, callee: Node, called: tuple[int, str, Sequence[int]], scope: int) -> int:
    """The call, from its target, the names of its keyword arguments, and all arguments."""
    target, keywords, parts = called
    if lowering.rules.makers:
        made = _of_type(lowering, callee, parts, scope)
        if made:
            return made
    if lowering.form_of(callee) == "method":
        holder = lowering.part(callee, lowering.forms[callee.kind_id], 0)
        parts = (lowering.lower(holder, scope) if holder is not None else 0, *parts)
    container = kind == NEW and lowering.expressions.entries[target][0] == GENERIC
    if container or (lowering.room.fresh_calls and lowering.raw(callee) in lowering.room.fresh_calls):
        return lowering.expressions.fresh(kind, keywords, (target, *parts))
    return lowering.expressions.add(kind, keywords, (target, *parts))


def delegate(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """`by x`: what the method of `x` returns that stands for reading the property."""
    written = lowering.inner_of(node, form)
    value = lowering.value(written, scope) if written is not None else 0
    return lowering.expressions.add(CALL, "", (lowering.expressions.add(MEMBER, form.text, (value,)),)) if value else 0


def block_call(lowering: Lowering, node: Node, _form: Form, scope: int) -> int:
    """`yield a, b`: calls the block that the function around was given."""
    identity = node.id
    known = lowering.calls.get(identity)
    if known is None:
        known = lowering.calls[identity] = _call_block(lowering, node, scope)
    return known


def _call_block(lowering: Lowering, node: Node, scope: int) -> int:
    listed = next((child for child in lowering.parts(node) if lowering.form_of(child) == "arguments"), None)
    target = lowering.scopes.resolve(scope, BLOCK.encode())
    if lowering.expressions.entries[target][0] != LOCAL:
        return 0
    parts, keywords = _arguments(lowering, listed, scope) if listed is not None else ((), "")
    return lowering.expressions.add(CALL, keywords, (target, *parts))


def _constructed(lowering: Lowering, node: Node, form: Form, scope: int) -> int:
    """What `A.new` makes an instance of; a bare `new` is that of the receiver."""
    holder = lowering.part(node, form, 2)
    return called_on(lowering, lowering.lower(holder, scope) if holder is not None else lowering.scopes.receiver(THIS, scope))


def _made_type(lowering: Lowering, node: Node, written: Node, scope: int) -> int:
    """What `new T()`, `outer.new T()` and `new T() { … }` make an instance of."""
    children = node.children
    definition = lowering.definition_of_node.get(children[-1].id)
    if definition is not None:
        return lowering.expressions.add(DEFINITION, "", (definition,))
    first = children[0]
    if first.is_named:
        return lowering.expressions.add(MEMBER, lowering.text(written), (lowering.lower(first, scope),))
    return lowering.lower(written, scope)


def _of_type(lowering: Lowering, callee: Node, parts: Sequence[int], scope: int) -> int:
    """`make_unique<T>(…)` makes an instance of its type argument, `static_cast<T*>(x)`, `unique_ptr<T>(x)` take theirs for one; else 0."""
    last = nested_names(lowering, callee)[-1] if lowering.form_of(callee) == "nested" else callee
    if lowering.form_of(last) not in ("generic", "instantiated"):
        return 0
    children = lowering.parts(last)
    word = lowering.text(children[0])
    listed = lowering.parts(children[-1]) if len(children) > 1 else []
    wraps = word in lowering.rules.generic_wrappers
    if not listed or (word not in lowering.rules.makers and word not in lowering.rules.casts and not wraps):
        return 0
    declared = lowering.lower_type(listed[0], scope)
    if word in lowering.rules.makers:
        return lowering.expressions.add(NEW, "", (declared, *parts))
    if is_number(lowering, declared):
        return declared
    cast = lowering.expressions.add(INSTANCE, CAST, (declared, parts[0] if parts else 0)) if declared and (parts or wraps) else 0
    constant = lowering.rules.constant_word and lowering.raw(listed[0]).startswith(lowering.rules.constant_word.encode())
    mark = lowering.expressions.add(LITERAL, lowering.rules.constant_word) if constant else 0
    return lowering.union({cast: None, mark: None, **dict.fromkeys(() if cast else parts)})


def _of_rest(lowering: Lowering, node: Node, how: str, parts: Sequence[int], scope: int) -> int:
    """`va_start(a, n)` lets `a` hold all further arguments, of which `va_arg(a, T)` is one."""
    rest = lowering.scopes.resolve(scope, REST)
    if not parts or not how:
        return 0
    if how == "start":
        if lowering.expressions.entries[rest][0] == LOCAL:
            lowering.composed.append((parts[0], rest))
        return 0
    taken = lowering.expressions.add(INDEX, "", (parts[0],))
    word = _bare(lowering, lowering.raw(node.children[0]), node.start_byte, scope)
    lowering.called_for[taken] = lowering.expressions.add(CALL, "", (word, *parts))
    return taken


def _special(lowering: Lowering, node: Node, word: bytes, listed: Node | None, scope: int) -> int:
    """`super()` and `require("x")`."""
    parts, _ = _arguments(lowering, listed, scope) if listed is not None else ((), "")
    if word.decode() == lowering.rules.super_call:
        behind = _behind(lowering, listed, scope)
        if behind:
            lowering.called_for[behind] = lowering.expressions.add(CALL, "", (_bare(lowering, word, node.start_byte, scope), *parts))
        return behind
    if word.decode() == lowering.rules.picking:
        return _picked(lowering, _bare(lowering, word, node.start_byte, scope), parts)
    if word.decode() in lowering.rules.text_functions:
        call = lowering.expressions.add(CALL, "", (_bare(lowering, word, node.start_byte, scope), *parts))
        made = changed(lowering, word.decode(), parts, call)
        if made:
            lowering.called_for[made] = call
        return made
    how = lowering.rules.rest_calls.get(word.decode(), "")
    if how or len(parts) != 1:
        return _of_rest(lowering, node, how, parts, scope)
    form, module, _ = lowering.expressions.entries[parts[0]]
    if form != CONSTANT:
        return 0
    if word.decode() in lowering.rules.run_files:
        module = module.rpartition(".")[0].lstrip("./").replace("/", ".") or module
    lowering.imported.append((module, node.start_byte, scope))
    return lowering.expressions.add(IMPORT, module)


def _picked(lowering: Lowering, target: int, parts: Sequence[int]) -> int:
    """`select(2, ...)`: the second of all further arguments; the call itself stays known. 0 where the name is the file's own."""
    entries, add = lowering.expressions.entries, lowering.expressions.add
    if [entries[part][0] for part in (target, *parts)] != [FREE, CONSTANT, SPREAD]:
        return 0
    number = natural(entries[parts[0]][1])
    picked = add(INDEX, "", (entries[parts[1]][2][0], add(CONSTANT, str(number - 1)))) if number > 0 else 0
    if picked:
        lowering.called_for[picked] = add(CALL, "", (target, *parts))
    return picked


def _behind(lowering: Lowering, listed: Node | None, scope: int) -> int:
    """The receiver, looked up behind the class around, or behind that which `super` is given."""
    given = lowering.parts(listed) if listed is not None else []
    definition = lowering.scopes.class_named(scope, lowering.text(given[0])) if given else -1
    return lowering.expressions.add(SUPER, "", (definition,)) if definition >= 0 else lowering.scopes.receiver(SUPER, scope)


def _bare(lowering: Lowering, word: bytes, position: int, scope: int) -> int:
    if lowering.rules.callee_is_member:
        return lowering.scopes.resolve_member(scope, lowering.expressions.text(word))
    return lowering.resolve(word, position, scope)


def _without_object(lowering: Lowering, callee: Node, scope: int) -> int:
    """What is called by its name alone."""
    if lowering.text(callee) in lowering.rules.enum_calls and (around := lowering.scopes.enclosing_enum(scope)) >= 0:
        return lowering.expressions.add(MEMBER, lowering.text(callee), (lowering.expressions.add(DEFINITION, "", (around,)),))
    if lowering.text(callee) in lowering.rules.own_calls and (receiver := lowering.scopes.receiver(THIS, scope)):
        return lowering.expressions.add(MEMBER, lowering.text(callee), (receiver,))
    if callee.kind_id in lowering.names or callee.kind_id in lowering.room.calling_names:
        return _bare(lowering, lowering.raw(callee), callee.start_byte, scope)
    return lowering.lower(callee, scope)


def _target(lowering: Lowering, node: Node, callee: Node, form: Form, scope: int) -> int:
    """What is called: a third part is the object whose member it is, or the body of an anonymous class."""
    holder = lowering.part(node, form, 2)
    if lowering.form_of(callee) == "super_method":
        return overridden(lowering, scope)
    if holder is None:
        return _without_object(lowering, callee, scope)
    definition = lowering.definition_of_node.get(holder.id)
    if definition is not None:
        return lowering.expressions.add(DEFINITION, "", (definition,))
    prefix = lowering.rules.variable_prefix.encode()
    if prefix and lowering.raw(callee).startswith(prefix):
        return lowering.expressions.add(INDEX, BY_NAME, (lowering.lower(holder, scope), lowering.value(callee, scope)))
    if lowering.form_of(callee) == "string":
        form_of_name, written, _ = lowering.expressions.entries[lowering.lower(callee, scope)]
        return lowering.expressions.add(MEMBER, written, (lowering.lower(holder, scope),)) if form_of_name == CONSTANT else 0
    noted = lowering.rules.accessors and lowering.form_of(holder) == "member"
    found = lowering.value(holder, scope) if noted else lowering.lower(holder, scope)
    if node.child_count > PLAIN_CALL and any(lowering.form_of(child) == "super" for child in node.named_children):
        found = outer_base(lowering, lowering.text(holder), scope) or found
    return lowering.expressions.add(MEMBER, lowering.text(callee), (found,))


def _arguments(lowering: Lowering, listed: Node, scope: int) -> tuple[Sequence[int], str]:
    """Positional arguments, then those by keyword with their names."""
    forms, value, comments = lowering.forms, lowering.value_kind, lowering.comments
    alone = forms.get(listed.kind_id)
    if alone is not None and alone.name == "string":
        return _tagged(lowering, listed, scope), ""
    if alone is not None and alone.name != "arguments":
        return (lowering.value(listed, scope),), ""
    children = listed.named_children
    if any(child.kind_id in lowering.room.lists for child in children):
        children = [part for child in children for part in _flattened(lowering, child)]
    if len(children) > ELEMENT_LIMIT:
        del children[ELEMENT_LIMIT:]
    positional: list[int] = []
    keywords: list[Node] = []
    keyword_kinds, named = lowering.room.keywords, lowering.room.named_arguments
    for child in children:
        kind = child.kind_id
        if kind in keyword_kinds or (kind in named and lowering.part(child, forms[kind], 0) is not None):
            keywords.append(child)
        elif kind not in comments:
            positional.append(value(child, kind, scope))
    if lowering.rules.several_results and positional:
        positional.extend(further_results(lowering, children[-1], positional[-1]))
    return (positional, "") if not keywords else _with_keywords(lowering, positional, keywords, scope)


def _tagged(lowering: Lowering, text: Node, scope: int) -> Sequence[int]:
    """`f`a${b}``: the parts of the text together, then what is put between them."""
    kind = lowering.rules.interpolation
    inner = [child for node in text.named_children[:ELEMENT_LIMIT] if node.type == kind for child in lowering.parts(node)[:1]]
    return [0, *(lowering.value(child, scope) for child in inner)]


def _flattened(lowering: Lowering, node: Node) -> list[Node]:
    """The arguments of a list in a list; type arguments are none."""
    if node.kind_id not in lowering.room.lists:
        return [node]
    return node.named_children if lowering.form_of(node) == "arguments" else []


def _with_keywords(lowering: Lowering, positional: list[int], keywords: list[Node], scope: int) -> tuple[Sequence[int], str]:
    """A keyword without a name is a block, one without a value an argument by position."""
    names: list[str] = []
    named: list[int] = []
    for child in keywords:
        form = lowering.forms[child.kind_id]
        if form.name == "block_argument":
            inner = lowering.inner_of(child, form)
            names.append(BLOCK)
            named.append(lowering.value(inner, scope) if inner is not None else 0)
            continue
        name, inner = lowering.part(child, form, 0), lowering.part(child, form, 1)
        if form.name == "argument":
            inner = _value_of(lowering, child)
        if name is not None and inner is not None:
            names.append(lowering.rules.variable_prefix + lowering.text(name).rstrip(":").replace(NAME_SEPARATOR, " "))
            named.append(lowering.value(inner, scope))
        elif name is not None:
            positional.append(lowering.value(name, scope))
    return (*positional, *named), NAME_SEPARATOR.join(names)
