"""What runs where a value comes to a place of a declared type: its class' `operator=`, a constructor that copies, a conversion function.

Source: ISO/IEC 14882, "Copy/move constructors", "Copy/move assignment operator", "Conversion functions", "Copy elision".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL, CONVERTED, GENERIC, IMPLICIT, INDEX, LITERAL, LOCAL, MADE, MEMBER, RETURN, UNION, Parameter
from aelus.domain.linking.choosing.known_types import BOOL, Known
from aelus.domain.linking.choosing.overloads import EXPLICIT, Overloads
from aelus.domain.linking.choosing.qualifiers import ELEMENTS, POINTER, REFERENCE, WRAPPED, Qualifiers
from aelus.domain.linking.choosing.value_categories import VANISHING
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_NAME, Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

ASSIGNING: Final = "operator="
CONVERSION: Final = "operator "
"""What the names of conversion functions begin with; so do those of functions for memory, which take a size."""
VARIABLES: Final = frozenset({LOCAL, MEMBER, IMPLICIT})
MOVING: Final = (".std.move", ".std.forward")


class Placements:
    """Finds it by the declared types of place and value."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, overloads: Overloads) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._overloads = overloads
        self._types = overloads.types
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)
        self._assigning: dict[int, list[int]] = {}
        """Class → its own `operator=`."""
        self._copying: dict[int, list[int]] = {}
        """Class → its own constructors from a reference to the class."""
        self._converting: dict[int, list[int]] = {}
        """Class → its own conversion functions."""
        owners = dict[int, dict[str, None]]()
        for definition, entry in enumerate(program.definitions):
            if entry.name.startswith("operator") or entry.kind == "Constructor":
                owner = hierarchy.owner.get(definition, -1)
                if owner >= 0 and program.traits[program.file_of_definition[definition]].templates:
                    owners.setdefault(owner, {})[CLASS_NAME if entry.kind == "Constructor" else entry.name] = None
        for owner, named in owners.items():
            self._note(owner, named)
        self.any = bool(self._assigning or self._copying or self._converting)

    def _note(self, owner: int, named: Iterable[str]) -> None:
        """What a class has, of the methods of these names."""
        own, definitions = self._hierarchy.own_methods, self._program.definitions
        copying = [method for method in own(owner, CLASS_NAME) if self._copies(method, owner)]
        converting = [m for name in named if name.startswith(CONVERSION) for m in own(owner, name) if not definitions[m].parameters]
        for table, methods in ((self._assigning, own(owner, ASSIGNING)), (self._copying, copying), (self._converting, converting)):
            if methods:
                table[owner] = methods

    def _copies(self, constructor: int, owner: int) -> bool:
        """Whether a constructor takes a reference to an instance of its class."""
        entry = self._program.definitions[constructor]
        if not entry.parameters or not self._hierarchy.signatures.takes(constructor, 1):
            return False
        wanted = self._overloads.wanted(constructor, entry.parameters[0])
        is_own = wanted is not None and owner in wanted.classes
        return is_own and self._qualifiers.has(self._variable(constructor, entry.parameters[0]), REFERENCE)

    def _variable(self, definition: int, parameter: Parameter) -> int:
        return self._program.first_slot[self._program.file_of_definition[definition]] + parameter.variable

    def of(self, slot: int) -> Iterator[int]:
        """Methods that run where a value comes to a place that is no instance which is assigned to."""
        program, how = self._program, self._program.texts[slot]
        place, value = program.part(slot), program.part(slot, 1)
        wanted = self._wanted(place, how)
        if wanted is None:
            return
        yield from self._converted(value, wanted, stated=how == CONVERTED)
        if how == MADE and not (program.forms[place] == RETURN and self._is_local(value)):
            yield from self._copied(value, wanted)

    def assigning(self, slot: int, caller: int) -> Sequence[int] | None:
        """The `operator=` that an assignment runs; None where nothing is assigned to an instance."""
        program = self._program
        owner = self._held_by(program.part(slot)) if not program.texts[slot] and self._assigning else -1
        if owner < 0:
            return None
        chosen = self._overloads.choose(slot, self._assigning.get(owner, ()), caller)
        vanishing = self._vanishes(program.part(slot, 1)) if len(chosen) > 0 else None
        takes = {method: self._takes_vanishing(method) for method in self._assigning.get(owner, ()) if self._takes_own(method, owner)}
        if vanishing is None or any(method not in takes for method in chosen):
            return chosen
        return [method for method, taken in takes.items() if taken == vanishing] or chosen

    def _takes_own(self, method: int, owner: int) -> bool:
        entry = self._program.definitions[method]
        wanted = self._overloads.wanted(method, entry.parameters[0]) if len(entry.parameters) == 1 else None
        return wanted is not None and owner in wanted.classes

    def _takes_vanishing(self, method: int) -> bool:
        """Whether the only argument of a method is about to vanish."""
        return VANISHING in self._program.definitions[method].signature.partition("(")[2].partition(",")[0]

    def _vanishes(self, value: int) -> bool | None:
        """Whether a value that is assigned is none that stays; None where it is not known. What is converted does not."""
        if self._moved(value) >= 0:
            return True
        if self._class_of(value) >= 0:
            return False
        known = self._types.of(value)
        return known is not None or None

    def of_argument(self, argument: int, definition: int, parameter: Parameter) -> Iterator[int]:
        """Methods that run where an argument comes to a parameter."""
        if parameter.kind != "positional" or not parameter.variable or not (self._converting or self._copying):
            return
        wanted = self._overloads.wanted(definition, parameter)
        written = self._program.first_slot[self._program.file_of_definition[definition]] + parameter.type
        if wanted is None or not (wanted.classes or wanted.text) or not self._is_plain(written):
            return
        yield from self._converted(argument, wanted)
        if not self._qualifiers.has(self._variable(definition, parameter), REFERENCE):
            yield from self._copied(argument, wanted)

    # --- places ------------------------------------------------------------------------------------------------------------------------

    def _held_by(self, place: int) -> int:
        """The class of an instance that is assigned to; -1 for pointers and where it is not known."""
        form = self._program.forms[place]
        if form in VARIABLES:
            return _only(self._stated(place)) if self._qualifiers.is_itself(place) else -1
        if form == CALL:
            return self._returned(self._types.called(place))
        if form == INDEX and self._holds_instances(holder := self._program.part(place)):
            return _only(self._stated(holder))
        if form == INDEX:
            holders = self._flow.instances(self._program.part(place))
            methods = self._flow.protocols.of_instance(holders[0], "index") if len(holders) == 1 else ()
            return self._returned(methods)
        return -1

    def _stated(self, slot: int) -> Known | None:
        """The type that a variable or a field is declared to have, where that is written out."""
        fields = [*self._qualifiers.fields(slot)][:1] if self._program.forms[slot] != LOCAL else [slot, self._program.variable_of(slot)]
        types = [inner for field in fields for inner in self._qualifiers.types(field)]
        return self._types.stated(slot) if all(map(self._is_plain, types)) else None

    def _is_plain(self, written: int) -> bool:
        """Whether a type is no other name for one, which may be that of a pointer or a reference."""
        program = self._program
        named = program.part(written) if program.forms[written] == GENERIC else written
        classes = [inner >> SHIFT for inner in self._names.static(named) if inner & MASK == DEF]
        if all(program.definitions[definition].name == program.texts[named] for definition in classes):
            return True
        aliases = [program.definitions[definition] for definition in program.bound.get(named, ())]
        return bool(aliases) and not any(sign in alias.signature for alias in aliases for sign in (POINTER, REFERENCE))

    def _holds_instances(self, slot: int) -> bool:
        """Whether a variable or a field is an array of instances."""
        fields = (slot, self._program.variable_of(slot)) if self._program.forms[slot] == LOCAL else [*self._qualifiers.fields(slot)][:1]
        return any(self._qualifiers.has(field, ELEMENTS) for field in fields)

    def _returned(self, functions: Sequence[int]) -> int:
        """The class to an instance of which all functions return a reference, or -1."""
        found = set[int]()
        for function in functions:
            known = self._result(function)
            refers = REFERENCE in self._program.definitions[function].signature.partition("(")[0]
            found.update(known.classes if known is not None and refers and not known.points else (-1,))
        return found.pop() if len(found) == 1 else -1

    def _result(self, function: int) -> Known | None:
        """What a function returns, and whether that is a pointer."""
        entry, file = self._program.definitions[function], self._program.file_of_definition[function]
        written = self._program.first_slot[file] + entry.returns
        known = self._types.declared(written) if entry.returns and self._is_plain(written) else None
        head = entry.signature.partition("(")[0] if entry.name != "operator()" else ""
        return known._replace(points=POINTER in head.removesuffix("operator*")) if known is not None else None

    def made(self, slot: int) -> int:
        """The class of which an instance comes into being at a place, or -1."""
        wanted = self._wanted(self._program.part(slot), MADE) if self._program.texts[slot] == MADE else None
        return wanted.classes[0] if wanted is not None and len(wanted.classes) == 1 and not wanted.points else -1

    def _wanted(self, place: int, how: str) -> Known | None:
        program, form = self._program, self._program.forms[place]
        if how == CONVERTED:
            return self._types.declared(place)
        if form == RETURN:
            return self._result(program.definition_of(place))
        known = self._stated(place) if form in VARIABLES else None
        if known is None or self._qualifiers.has(program.variable_of(place) if form == LOCAL else place, WRAPPED):
            return None
        return known._replace(points=bool(self._qualifiers.points(place)))

    # --- values ------------------------------------------------------------------------------------------------------------------------

    def _class_of(self, value: int) -> int:
        """The class that a value is an instance of, and no pointer to one; -1 where it is not known."""
        program, form = self._program, self._program.forms[value]
        if form == UNION:
            parts = [program.first_of_slot[value] + part for part in program.parts[value]]
            pointed = len(parts) > 1 and program.forms[parts[1]] == LITERAL and program.texts[parts[1]] == REFERENCE
            known = self._stated(parts[0]) if pointed else None
        elif form == CALL:
            return self._returned(self._types.called(value))
        else:
            known = self._stated(value) if self._qualifiers.is_itself(value) else None
        return _only(known)

    def _moved(self, value: int) -> int:
        """What `std::move` is given, or -1."""
        program = self._program
        if program.forms[value] != CALL or len(program.parts[value]) != 2:  # noqa: PLR2004 - callee and argument
            return -1
        entries = self._names.externals.entries
        called = (i for i in self._flow.values(program.part(value)) if i & MASK == EXTERNAL)
        moves = any(entries[inner >> SHIFT].qualified_name.endswith(MOVING) for inner in called)
        return program.part(value, 1) if moves else -1

    def _is_local(self, value: int) -> bool:
        """Whether a variable of the function is returned, which is hardly copied."""
        program = self._program
        return program.forms[value] == LOCAL and not self._qualifiers.has(program.variable_of(value), REFERENCE)

    def _copied(self, value: int, wanted: Known) -> Iterator[int]:
        """The constructor that copies or moves an instance into a place of its class."""
        if not self._copying or wanted.points or len(wanted.classes) != 1 or wanted.classes[0] not in self._copying:
            return
        moved = self._moved(value)
        given = self._class_of(moved if moved >= 0 else value)
        if given < 0 or wanted.classes[0] not in self._hierarchy.order(given):
            return
        vanishing = dict[bool, list[int]]()
        for constructor in self._copying[wanted.classes[0]]:
            vanishing.setdefault(self._takes_vanishing(constructor), []).append(constructor)
        found = (vanishing.get(True) if moved >= 0 else None) or vanishing.get(False, [])
        if len(found) == 1 and EXPLICIT not in self._program.definitions[found[0]].modifiers:
            yield found[0]

    def _converted(self, value: int, wanted: Known, *, stated: bool = False) -> Iterator[int]:
        """The function that makes of an instance what is wanted."""
        given = self._class_of(value) if self._converting else -1
        if given < 0 or set(wanted.classes) & set(self._hierarchy.order(given)):
            return
        having = (self._converting.get(owner, ()) for owner in self._hierarchy.order(given))
        functions = [f for own in having for f in own if stated or EXPLICIT not in self._program.definitions[f].modifiers]
        results = {function: self._result(function) for function in functions}
        exact = [function for function, made in results.items() if made is not None and _is_same(made, wanted)]
        numbers = self._program.traits[self._program.file_of_slot(value)].numbers
        if not exact and not wanted.points and wanted.text in numbers and wanted.text != BOOL:
            exact = [f for f, made in results.items() if made is not None and not made.points and made.text in numbers]
        if len(exact) == 1:
            yield exact[0]


def _only(known: Known | None) -> int:
    """The only class of a type, or -1."""
    return known.classes[0] if known is not None and len(known.classes) == 1 else -1


def _is_same(made: Known, wanted: Known) -> bool:
    if bool(made.points) != bool(wanted.points):
        return False
    return bool(set(made.classes) & set(wanted.classes)) if wanted.classes else not made.classes and made.text == wanted.text
