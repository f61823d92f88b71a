"""References: the places of a file that call, read or name something as a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.derivations import awaited
from aelus.adapters.treesitter.draft import CLASS_KINDS, FUNCTION_KINDS, FileDraft, Found, Place
from aelus.adapters.treesitter.insertions import formatted, inserted
from aelus.adapters.treesitter.lower_calls import macro_arguments
from aelus.adapters.treesitter.lower_texts import operation_of
from aelus.adapters.treesitter.lower_values import cast_to, constructed, pointed
from aelus.adapters.treesitter.made_classes import MadeClasses
from aelus.adapters.treesitter.parts import fill
from aelus.domain.facts import (
    ARRAY,
    CALL,
    CALL_REFERENCE,
    CONSTANT,
    CONVERT_REFERENCE,
    CONVERTED,
    DEFINITION,
    DELETE_REFERENCE,
    ENTER,
    EXISTS_REFERENCE,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INDEX,
    INITIALIZE_REFERENCE,
    INSTANCE,
    ITERATE,
    LOCAL,
    MADE,
    MAPPING,
    MEMBER,
    NEW,
    OPERATION_REFERENCE,
    PLACE_REFERENCE,
    PLACEMENT,
    READ_REFERENCE,
    RETURN,
    SEQUENCE,
    SLICE,
    THIS,
    TYPE_REFERENCE,
    UNION,
    UNKNOWN,
    VALUE_OPERATIONS,
)

CALL_FORMS: Final = frozenset({CALL, NEW})
OPERATIONS: Final = {"operation": 0, "fill": 0, "delete": 0, "iterate": ITERATE, "enter": ENTER}
"""Form that the value of the reference is put into."""
INSERTION: Final = "insert"
OPERATION_FORMS: Final = frozenset({CALL, INDEX, SLICE, ITERATE, ENTER, MEMBER})
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT, MEMBER})
INSTANCE_FORMS: Final = frozenset({LOCAL, MEMBER, CALL, NEW, INDEX, INSTANCE, THIS})
UNBOUND_FORMS: Final = frozenset({FREE, IMPLICIT})
"""Names that may be those of members, where these are visible."""
CLASS_NAMES: Final = frozenset({DEFINITION, LOCAL, FREE, IMPLICIT, MEMBER, GENERIC})
PLACED_FORMS: Final = frozenset({LOCAL, MEMBER, CALL, INDEX, THIS, FREE, IMPLICIT, UNION})
ELSEWHERE: Final = b"extern "
"""Before a variable that is only declared."""
COMPOUND_TYPES: Final = frozenset({UNION, GENERIC, ARRAY, FUNCTION_TYPE, SEQUENCE, MAPPING, INSTANCE})


class References:
    """The references of one file."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._lowering = draft.lowering
        self._expressions = draft.expressions
        self._typed_results = draft.rules.typed_results
        self._types_end = 0
        self._name_starts: frozenset[int] | None = None
        self._unread: set[tuple[int, int]] = set()
        """(expression, first byte) of what is asked for without being read."""

    def emit_calls(self, found: Sequence[Found]) -> None:
        """Lower all calls, inner ones first, and note them in source order."""
        references: list[tuple[str, int, int, int, int]] = []
        entries, lower, line = self._expressions.entries, self._lowering.lower, self._draft.line
        makers = MadeClasses(self._draft) if self._draft.rules.class_makers else None
        holders = self._draft.rules.holders_read
        for place, scope, definition in reversed(found):
            if place.node.id in self._draft.stored:
                continue
            index = lower(place.node, scope)
            index = self._lowering.called_for.get(index, index)
            if entries[index][0] in CALL_FORMS:
                callee = place.captures.get("callee")
                written = callee is not None and callee[0].id not in self._lowering.definition_of_node
                end = callee[0].end_byte - 1 if callee is not None and written else place.start
                references.append((CALL_REFERENCE, index, line(end), place.start, definition))
                if holders and (holder := self._holder(entries[index][2][0])):
                    references.append((READ_REFERENCE, holder, line(end), place.start, definition))
                if callee and self._typed_results:
                    self._declare_result(callee[0], index, scope)
                if makers is not None and callee:
                    makers.make(place.node, callee[0], scope, definition)
        references.reverse()
        self._draft.references.extend(references)

    def _declare_result(self, callee: Node, called: int, scope: int) -> None:
        """`s.parse::<T>()`: a type argument says what the result is."""
        member = self._expressions.entries[self._expressions.entries[called][2][0]]
        if member[0] != MEMBER or member[1] not in self._typed_results:
            return
        for listed in callee.named_children:
            given = self._lowering.parts(listed) if self._lowering.form_of(listed) == "type_arguments" else []
            declared = self._lowering.lower_type(given[0], scope) if len(given) == 1 and b"_" not in (given[0].text or b"_") else 0
            around = self._typed_results[member[1]]
            if declared and around:
                declared = self._expressions.add(GENERIC, "", (self._expressions.add(FREE, around), declared))
            self._draft.declare(called, declared)

    @property
    def _own_names(self) -> frozenset[int]:
        """Where definitions are named, which is no reference to them."""
        if self._name_starts is None:
            self._name_starts = self._find_name_starts()
        return self._name_starts

    def _find_name_starts(self) -> frozenset[int]:
        return frozenset(draft.name_start for draft in self._draft.definitions)

    def emit(self, place: Place, scope: int, definition: int) -> None:
        """Note a type, or names that are read."""
        detail = place.role.detail
        if detail == "read":
            for node in place.captures["value"]:
                self._lowering.value(node, scope)
        elif detail in VALUE_OPERATIONS or detail == INSERTION:
            self._emit_values(detail, place, scope, definition)
        elif detail in SPECIAL:
            SPECIAL[detail](self, place, scope, definition)
        elif detail in OPERATIONS:
            self._emit_operation(detail, place, scope, definition)
        elif detail == "type" and place.start >= self._types_end:
            self._types_end = -place.end
            for node in place.captures["value"]:
                self._emit_type(node, scope, definition)

    def _emit_values(self, kind: str, place: Place, scope: int, definition: int) -> None:
        """Note that values which may be instances are asked for their truth, or for texts, also those that a text takes."""
        if kind == INSERTION and "text" not in place.captures:
            self._emit_formatted(place, scope, definition)
            return
        if kind == INSERTION:
            word, text, given = (place.captures[part][0] for part in ("word", "text", "value"))
            for each, node in inserted(self._lowering, self._lowering.text(word), text, given):
                self._note_value(each, node, scope, definition)
            return
        for node in place.captures["value"]:
            self._note_value(kind, node, scope, definition)

    def _emit_formatted(self, place: Place, scope: int, definition: int) -> None:
        """Note what a macro puts into a text; the text itself may name variables."""
        word, line = self._lowering.text(place.captures["word"][0]), self._draft.line(place.start)
        for kind, found in formatted(self._lowering, word, macro_arguments(self._lowering, place.node)):
            if not isinstance(found, bytes):
                self._note_value(kind, found, scope, definition)
            elif self._expressions.entries[index := self._lowering.resolve(found, place.start, scope)][0] == LOCAL:
                self._draft.references.append((kind, index, line, place.start, definition))

    def _note_value(self, kind: str, node: Node, scope: int, definition: int) -> None:
        index = self._lowering.value(node, scope)
        form = self._expressions.entries[index][0]
        if form in INSTANCE_FORMS or (form in UNBOUND_FORMS and self._draft.rules.members_visible):
            self._draft.references.append((kind, index, self._draft.line(node.end_byte - 1), node.start_byte, definition))

    def emit_conversion(self, place: Place, scope: int, definition: int) -> None:
        """`x?` returns what `x` holds besides its value, converted to what the function returns."""
        settings, add = place.role.settings, self._expressions.add
        opened = self._lowering.value(place.node, scope)
        if definition < 0 or self._expressions.entries[opened][0] != INDEX:
            return
        held = add(INDEX, "", (self._expressions.entries[opened][2][0], add(CONSTANT, settings["key"])))
        converted = add(CALL, "", (add(MEMBER, settings["calls"], (held,)),))
        returned = add(CALL, "", (add(FREE, settings["wraps"]), converted))
        self._draft.flow(add(RETURN, "", (definition,)), returned)
        self._draft.references.append((CONVERT_REFERENCE, converted, self._draft.line(place.node.end_byte - 1), place.start, definition))

    def emit_placement(self, place: Place, scope: int, definition: int) -> None:
        """A value that comes to a place: by an assignment, a declaration, a cast, or as the result of a function."""
        node, how = place.captures["value"][0], place.role.settings["of"]
        if how == "result":
            target = self._expressions.add(RETURN, "", (definition,)) if self._result(definition) else 0
        elif how == "cast":
            written = place.captures.get("type")
            target = self._lowering.lower_type(written[0], scope) if written else cast_to(self._lowering, place.node, scope)
        else:
            target = self._lowering.whole(place.captures["target"][0], scope)
        value = pointed(self._lowering, node, self._lowering.value(node, scope))
        forms = self._expressions.entries
        bare = how == "assignment" or "any" in place.role.settings
        if forms[target][0] == UNKNOWN or not (bare or forms[value][0] in PLACED_FORMS):
            return
        text = "" if how == "assignment" else CONVERTED if how == "cast" else MADE
        placed = self._expressions.add(PLACEMENT, text, (target, value))
        self._draft.references.append((PLACE_REFERENCE, placed, self._draft.line(node.end_byte - 1), place.start, definition))

    def emit_expected(self, place: Place, scope: int, _definition: int) -> None:
        """A value that is of a type because of where it stands."""
        for node in place.captures["value"]:
            self._draft.declare(self._lowering.value(node, scope), self._lowering.lower_type(place.captures["type"][0], scope))

    def emit_construction(self, place: Place, scope: int, definition: int) -> None:
        """A declaration that makes an instance, `T x(1);`, or an expression, `T{1}`."""
        if self._lowering.form_of(place.node) == "braced":
            self._note_made(self._lowering.lower(place.node, scope), place, definition)
            return
        written = place.captures.get("type")
        if written and self._lowering.raw(place.node).startswith(ELSEWHERE):
            return
        if written and self._lowering.text(written[0]).partition("<")[0].rpartition("::")[2] in self._draft.rules.generic_wrappers:
            return
        if written:
            declared = self._lowering.lower_type(written[0], scope)
        else:
            returned = place.role.settings.get("of") == "result"
            declared = self._result(definition) if returned else self._constant_class(place, scope)
        if not declared or self._expressions.entries[declared][0] not in CLASS_NAMES:
            return
        listed = place.captures.get("arguments")
        given = [self._lowering.value(node, scope) for node in place.captures.get("value", ())]
        made = constructed(self._lowering, declared, listed[0], scope) if listed else self._expressions.add(NEW, "", (declared, *given))
        self._note_made(made, place, definition)

    def _result(self, definition: int) -> int:
        """The class that a function returns instances of; 0 where it returns pointers or references, or nothing is known."""
        draft = self._draft.definitions[definition] if definition >= 0 else None
        types = draft.captures.get("type") if draft is not None else None
        if draft is None or not types or draft.kind not in FUNCTION_KINDS:
            return 0
        between = self._draft.source[types[0].end_byte : max(draft.name_start, types[0].end_byte)]
        return 0 if b"*" in between or b"&" in between else draft.returns

    def _note_made(self, made: int, place: Place, definition: int) -> None:
        """What is made, be it alone or beside what it holds."""
        if self._expressions.entries[made][0] == UNION:
            made = self._expressions.entries[made][2][0]
        form, _, parts = self._expressions.entries[made]
        if form in CALL_FORMS and self._expressions.entries[parts[0]][0] in CLASS_NAMES:
            self._draft.references.append((CALL_REFERENCE, made, self._draft.line(place.start), place.start, definition))

    def _constant_class(self, place: Place, scope: int) -> int:
        """A constant of an enum is an instance of the enum, or of the class that its body is; so is a class without a name."""
        bodies = (self._lowering.definition_of_node.get(node.id) for node in (place.node, *place.node.named_children[-1:]))
        classes = (body for body in bodies if body is not None and self._draft.definitions[body].kind in CLASS_KINDS)
        definition = next(classes, self._draft.scopes.enclosing_class(scope))
        return self._expressions.add(DEFINITION, "", (definition,)) if definition >= 0 else 0

    def emit_initialization(self, place: Place, scope: int, definition: int) -> None:
        """`: base(1), field(2)` in front of a constructor's body."""
        callee, listed = place.captures["callee"][0], place.captures["arguments"][0]
        if self._lowering.form_of(callee) == "nested":
            named = self._lowering.lower(callee, scope)
        else:
            named = self._draft.scopes.resolve_initialized(scope, self._lowering.text(callee).partition("<")[0].strip())
        made = constructed(self._lowering, named, listed, scope)
        if self._expressions.entries[made][0] == UNION:
            made = self._expressions.entries[made][2][0]
        line = self._draft.line(callee.end_byte - 1)
        self._draft.references.append((INITIALIZE_REFERENCE, made, line, place.start, definition))

    def _emit_filling(self, place: Place, scope: int, definition: int) -> None:
        """What a collection is made with is added to it."""
        node = place.captures["value"][0]
        if node.id in self._draft.stored:
            return
        fill(self._draft, self._lowering.value(place.node, scope), node, scope, definition)

    def _emit_operation(self, detail: str, place: Place, scope: int, definition: int) -> None:
        """Note an operation that may run a method of the program."""
        if detail == "fill":
            self._emit_filling(place, scope, definition)
            return
        node = place.captures["value"][0] if "value" in place.captures else place.node
        if detail == "operation" and node.id in self._draft.stored:
            return
        index = operation_of(self._lowering, self._lowering.whole(node, scope))
        form, called = OPERATIONS[detail], place.role.settings.get("calls", "")
        if called and index:
            index = self._expressions.add(CALL, "", (self._expressions.add(MEMBER, called, (index,)), index))
        if index and form:
            text = awaited(place) or place.role.settings.get("modifiers", "")
            index = self._expressions.add(form, text, (index,))
        if detail == "delete":
            self._draft.stored.add(node.id)
            self._shift_elements(index)
        kind = DELETE_REFERENCE if detail == "delete" else OPERATION_REFERENCE
        for noted in (index, *self._lowering.chained.get(node.id, ())):
            if self._expressions.entries[noted][0] in OPERATION_FORMS:
                self._draft.references.append((kind, noted, self._draft.line(node.end_byte - 1), node.start_byte, definition))

    def emit_question(self, place: Place, scope: int, definition: int) -> None:
        """Note that a member or an element is asked for: `alone` says that this does not read it."""
        node = place.captures["value"][0]
        index = self._lowering.whole(node, scope)
        if place.role.settings.get("alone") == "yes":
            self._draft.stored.add(node.id)
            self._unread.add((index, node.start_byte))
        if self._expressions.entries[index][0] in (INDEX, MEMBER):
            self._draft.references.append((EXISTS_REFERENCE, index, self._draft.line(node.end_byte - 1), node.start_byte, definition))

    def _shift_elements(self, deleted: int) -> None:
        """Behind an element of a sequence that is deleted, all others stand at other places, where the language moves them."""
        form, _, parts = self._expressions.entries[deleted]
        if form in (INDEX, SLICE) and self._draft.rules.deletion_moves:
            self._draft.flow(self._expressions.add(INDEX, "", (parts[0], 0)), self._expressions.add(ITERATE, "", (parts[0],)))

    def _emit_type(self, node: Node, scope: int, definition: int) -> None:
        """A type stands for all types in it."""
        start = node.start_byte
        if start in self._own_names:
            return
        pending = [self._lowering.lower_type(node, scope)]
        line = self._draft.line(start)
        while pending:
            index = pending.pop()
            form, _, parts = self._expressions.entries[index]
            if form in NAME_FORMS:
                self._draft.references.append((TYPE_REFERENCE, index, line, start, definition))
            elif form in COMPOUND_TYPES:
                pending.extend(parts)

    def emit_untyped(self) -> None:
        """Note what literals make whose type the literal around them says."""
        for start, (index, scope) in sorted(self._lowering.untyped.items()):
            definition = self._draft.definition_of_scope(scope)
            self._draft.references.append((CALL_REFERENCE, index, self._draft.line(start), start, definition))

    def emit_reads(self) -> None:
        """Note the names whose values are used."""
        draft, seen = self._draft, set(self._unread)
        for index, start, end, scope in sorted(self._lowering.reads, key=_by_start):
            if (index, start) not in seen:
                seen.add((index, start))
                definition = draft.definition_of_scope(scope)
                draft.references.append((READ_REFERENCE, index, draft.line(end), start, definition))
                if draft.rules.holders_read and (holder := self._holder(index)):
                    draft.references.append((READ_REFERENCE, holder, draft.line(end), start, definition))

    def _holder(self, index: int) -> int:
        """The name of the file or of elsewhere whose member an expression is; 0 where it is a member of something else."""
        entries = self._expressions.entries
        form, _, parts = entries[index]
        if form != MEMBER:
            return 0
        held, _, inside = entries[parts[0]]
        return parts[0] if held == FREE or (held == LOCAL and inside[0] == 0) else 0


def _by_start(read: tuple[int, int, int, int]) -> int:
    return read[1]


SPECIAL: Final[Mapping[str, Callable[[References, Place, int, int], None]]] = {
    "construct": References.emit_construction,
    "initialize": References.emit_initialization,
    EXISTS_REFERENCE: References.emit_question,
    "convert": References.emit_conversion,
    "expect": References.emit_expected,
    "place": References.emit_placement,
}
"""Details of references that are read in their own way. Kept by an instance, these methods would keep it, and its file, in a circle."""
