"""Which of the functions that a field holds anywhere the field of one struct holds.

What reaches a field is known for all instances of its type together. Where the text shows which variable a call goes through, what that
variable is initialised with and what is stored into it says more: `mem.get()` calls none of what only `net.get` is set to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aelus.domain.facts import (
    CALL,
    CONSTANT,
    FILLS,
    FREE,
    INDEX,
    INSTANCE,
    LITERAL,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    UNION,
    UNKNOWN,
)
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.escapes import Escapes
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT
from aelus.domain.numbers import natural

Objects = frozenset[int]
"""Variables that are structs, or point to them, and literals of structs."""
NO_OBJECTS: Final[Objects] = frozenset()
IDLE: Final = frozenset({CONSTANT, LITERAL, UNKNOWN})
BRACES: Final = frozenset({SEQUENCE, MAPPING})
HOLDING: Final = (CALL, NEW, UNION, SEQUENCE, MAPPING, INSTANCE, INDEX)
"""Forms whose parts are values that go on, but for what is called."""
LEVELS: Final = 5
"""Members of members that are followed, and one."""
REACH: Final = 256
"""Expressions that one comes from, before it counts as unknown."""
OBJECTS: Final = 64
"""Structs that one expression may mean, and variables that are written through, before they count as unknown."""
STORES: Final = 256
"""Places where fields of one name are set."""


class StructValues:
    """Follows variables, as far as the text shows where they come from.

    What a member holds is asked one level below the member, so that no answer depends on another question that is not answered yet.
    """

    def __init__(self, program: Program, names: Names, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._flow = flow
        self._files = frozenset(file for file, traits in enumerate(program.traits) if traits.pointers and not traits.templates)
        self._known: dict[tuple[int, int], Objects | None] = {}
        """Expression, level → what it means."""
        self._held: dict[tuple[int, int], frozenset[int] | None] = {}
        """Member, level → what it holds."""
        self._stores: dict[str, list[int]] | None = None
        self._elements: dict[int, list[int]] = {}
        """Variable → what is put into it at any place."""
        self._callers: dict[int, list[int]] = {}
        self._values = frozenset[int]()
        """Functions that are used otherwise than by calling them."""
        self._fields: dict[int, list[str]] = {}
        self._overwritten: list[int] = []
        """Variables whose target may be assigned to: what they point to, it may be."""
        self._escapes = Escapes(program, names, self._files)

    def of_callee(self, callee: int, values: Sequence[int]) -> Sequence[int]:
        """Of the functions that a member holds, those that it holds of the struct that is named."""
        program = self._program
        if len(values) < 2 or program.forms[callee] != MEMBER or program.file_of_slot(callee) not in self._files:  # noqa: PLR2004 - a choice
            return values
        held = set[int]()
        for source in self._contents(callee, LEVELS) or ():
            known = self._flow.values(source)
            if known and not any(inner in values for inner in known):
                return values
            held.update(known)
        return [inner for inner in values if inner in held] or values

    # --- what fields hold ----------------------------------------------------------------------------------------------------------------

    def _contents(self, member: int, level: int) -> frozenset[int] | None:
        """Expressions whose values a member may have; None where its struct is not known."""
        key = (member, level)
        if key not in self._held:
            self._held[key] = self._find_contents(member, level - 1) if level > 0 else None
        return self._held[key]

    def _find_contents(self, member: int, level: int) -> frozenset[int] | None:
        self._collect()
        program, name = self._program, self._program.texts[member]
        holders = self._with_copied(self._objects(program.part(member), level), level)
        stores = (self._stores or {}).get(name, [])
        if not holders or len(stores) > STORES:
            return None
        classes = self._flow.instances(program.part(member))
        found = {source for holder in holders for source in self._initial(holder, name, classes)}
        for store in stores:
            stored = self._objects(program.part(store), level)
            if stored is None or not holders.isdisjoint(stored):
                found.update(program.sources[store])
        return frozenset(found)

    def _with_copied(self, holders: Objects | None, level: int) -> Objects | None:
        """Those too that a function puts into what it is given: `*out = *in`."""
        if len(self._overwritten) > OBJECTS:
            return None
        copied = holders
        for variable in self._overwritten if holders else ():
            given = self._objects(variable, level)
            if holders is not None and copied is not None and (given is None or not given.isdisjoint(holders)):
                found = self._of_all(self._program.sources[variable], level)
                copied = None if found is None else copied | found
        return copied

    def _initial(self, holder: int, name: str, classes: Sequence[int]) -> Iterable[int]:
        """What a literal has for a field."""
        program = self._program
        form, first, parts = program.forms[holder], program.first_of_slot[holder], program.parts[holder]
        if form == MAPPING:
            return [held for key, held in program.entries(holder) if program.texts[key] == name]
        if form not in (NEW, SEQUENCE):
            return ()
        given = parts[1:] if form == NEW else parts
        return [first + given[p] for owner in classes if 0 <= (p := self._position(owner, name)) < len(given)]

    def _position(self, owner: int, name: str) -> int:
        fields = self._fields.get(owner, [])
        return fields.index(name) if name in fields else -1

    # --- which structs an expression means -----------------------------------------------------------------------------------------------

    def _objects(self, slot: int, level: int) -> Objects | None:
        """None where they are not known."""
        key = (slot, level)
        if key not in self._known:
            self._known[key] = self._reached(slot, level)
        return self._known[key]

    def _of_all(self, slots: Iterable[int], level: int) -> Objects | None:
        found = NO_OBJECTS
        for slot in slots:
            objects = self._objects(slot, level)
            if objects is None:
                return None
            found = found | objects
        return found

    def _reached(self, slot: int, level: int) -> Objects | None:
        """Each expression that a value comes from is looked at once."""
        found, seen, waiting = set[int](), {slot}, [slot]
        while waiting:
            following = self._following(waiting.pop(), level, found)
            if following is None:
                return None
            for source in following:
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
            if len(seen) > REACH or len(found) > OBJECTS:
                return None
        return frozenset(found)

    def _following(self, slot: int, level: int, found: set[int]) -> Iterable[int] | None:
        """What an expression comes from; what it is itself goes to `found`. None where that is not known."""
        program, form = self._program, self._program.forms[slot]
        if form == LOCAL:
            found.add(program.variable_of(slot))
            return self._of_variable(slot)
        if form == FREE:
            return self._names.free(program.file_of_slot(slot), program.texts[slot]).slots or None
        if form == UNION:
            parts = [program.first_of_slot[slot] + part for part in program.parts[slot]]
            made = [part for part in parts if program.forms[part] == NEW]
            return [part for part in parts if not made or program.forms[part] not in BRACES]
        if form in IDLE:
            return ()
        if form == NEW or form in BRACES:
            found.add(slot)
            return ()
        return self._of_expression(slot, form, level)

    def _of_expression(self, slot: int, form: int, level: int) -> Iterable[int] | None:
        program = self._program
        if form == INSTANCE and len(program.parts[slot]) > 1:
            return [program.part(slot, 1)]
        if form == MEMBER:
            held = self._contents(slot, level) if program.texts[slot] not in self._escapes.fields else None
            return held if held and any(program.forms[source] not in IDLE for source in held) else None
        if form == INDEX:
            return self._of_elements(slot)
        return self._of_call(slot) if form == CALL else None

    def _of_variable(self, slot: int) -> Iterable[int] | None:
        """What a variable is set to; a parameter is what all calls give it."""
        program, variable = self._program, self._program.variable_of(slot)
        if variable in self._escapes.variables:
            return None
        sources = list(program.sources.get(slot, ()))
        sources.extend(program.sources.get(variable, ()))
        sources.extend(self._escapes.assigned.get(variable, ()))
        parameter = program.parameters.get(variable)
        if parameter is not None:
            function, position = parameter
            if function in self._values or function not in self._callers:
                return None
            calls = self._callers[function]
            if any(len(program.parts[call]) <= position + 1 for call in calls):
                return None
            sources.extend(program.part(call, position + 1) for call in calls)
        return sources

    def _of_elements(self, slot: int) -> Iterable[int] | None:
        """Elements of an array; by a number, the one of that place."""
        program, array = self._program, self._program.part(slot)
        if program.forms[array] != LOCAL or self._escapes.is_shared(program.variable_of(array)):
            return None
        array = program.variable_of(array)
        key = program.part(slot, 1) if len(program.parts[slot]) > 1 else -1
        number = natural(program.texts[key]) if key >= 0 and program.forms[key] == CONSTANT else -1
        found = list(self._elements.get(array, ()))
        for source in program.sources.get(array, ()):
            listed = self._braces(source)
            if not listed or any(program.forms[braces] != SEQUENCE for braces in listed):
                return None
            for braces in listed:
                parts = [program.first_of_slot[braces] + part for part in program.parts[braces]]
                found.extend(parts[number : number + 1] if number >= 0 else parts)
        return found or None

    def _braces(self, slot: int) -> list[int]:
        program = self._program
        parts = [program.first_of_slot[slot] + part for part in program.parts[slot]] if program.forms[slot] == UNION else [slot]
        return [part for part in parts if program.forms[part] in BRACES]

    def _of_call(self, slot: int) -> Iterable[int] | None:
        """What a function of the program returns; one of the library that is given no struct makes a new one."""
        program = self._program
        called = [inner >> SHIFT for inner in self._names.static(program.part(slot)) if inner & MASK == DEF]
        if called:
            return [source for function in called for source in program.sources.get(program.return_slot(function), ())] or None
        first = program.first_of_slot[slot]
        return () if all(program.forms[first + part] in IDLE for part in program.parts[slot][1:]) else None

    # --- what the program does with fields and functions ---------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Looked for when it is first needed."""
        if self._stores is not None:
            return
        program = self._program
        self._stores = {}
        filled = {mark for entry in program.definitions for mark in entry.modifiers if mark.startswith(FILLS)}
        for target in program.sources:
            if target < program.file_slots and program.file_of_slot(target) in self._files:
                given = target in program.parameters or FILLS + program.texts[target] in filled
                moved = given and any(program.forms[source] not in IDLE for source in program.sources[target])
                if moved and program.declared.get(target) and len(self._overwritten) <= OBJECTS:
                    self._overwritten.append(target)
                if program.forms[target] == MEMBER:
                    self._stores.setdefault(program.texts[target], []).append(target)
                elif program.forms[target] == INDEX and program.forms[program.part(target)] == LOCAL:
                    array = program.variable_of(program.part(target))
                    self._elements.setdefault(array, []).extend(program.sources[target])
        for definition, entry in enumerate(program.definitions):
            parent = program.parent_of(definition) if entry.kind == "Field" else -1
            if parent >= 0:
                self._fields.setdefault(parent, []).append(entry.name)
        self._collect_functions()
        self._escapes.find(self._stores, self._elements)

    def _collect_functions(self) -> None:
        program, named = self._program, set[int]()
        for form in HOLDING:
            for slot in program.by_form[form]:
                if program.file_of_slot(slot) in self._files:
                    named.update(program.first_of_slot[slot] + part for part in program.parts[slot][form == CALL :])
        for slot in program.by_form[CALL]:
            called = self._names.static(program.part(slot)) if program.file_of_slot(slot) in self._files else ()
            for inner in called:
                if inner & MASK == DEF:
                    self._callers.setdefault(inner >> SHIFT, []).append(slot)
        for sources in program.sources.values():
            named.update(sources)
        values = (self._names.static(slot) for slot in named if slot < program.file_slots and program.forms[slot] in (LOCAL, FREE))
        self._values = frozenset(inner >> SHIFT for found in values for inner in found if inner & MASK == DEF)
