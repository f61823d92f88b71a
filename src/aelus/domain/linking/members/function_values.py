"""Functions as values of types that ask for one: interfaces with one method, delegates."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CONSTANT, FUNCTION_TYPE, GENERIC, MAPPING, UNION
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.library.knowledge import LibraryKnowledge
from aelus.domain.linking.members.standing_functions import StandingFunctions
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL_INSTANCE, FUNCTION_OF, INSTANCE_OF, MASK, OBJECT, SHIFT, value

TYPED: Final = frozenset({INSTANCE_OF, EXTERNAL_INSTANCE, OBJECT})
"""Values beside a function that say what its type is."""
NAMED_TYPES: Final = frozenset({"TypeAlias", "Interface"})
"""Kinds of types that may stand for one of functions."""
ALIAS_DEPTH: Final = 6
"""Names of types one behind the other that are followed."""
ANONYMOUS: Final = "<"
"""Beginning of the name of a function that has none, which is no method wherever it is written."""


class FunctionValues:
    """Knows which functions pass through declared types, and which method of such a type they are."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, library: LibraryKnowledge) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._library = library
        self._standing = StandingFunctions(program, hierarchy, propagation)
        self._fields = self._find_fields() if any(traits.prototype for traits in program.languages) else {}
        """Name → fields of interfaces that are declared to hold functions."""
        self.pass_literals = self._pass_literals()
        """Whether literals pass through declared types."""
        self._counts = any(bool(traits.top_type) for traits in program.languages)

    def _find_fields(self) -> dict[str, set[int]]:
        program, found, known = self._program, dict[str, set[int]](), dict[tuple[int, int], bool]()
        for definition, entry in enumerate(program.definitions):
            around = program.parent_of(definition) if entry.kind == "Field" and entry.returns else -1
            if around >= 0 and program.definitions[around].kind == "Interface":
                declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
                if self._is_function(declared, ALIAS_DEPTH, known):
                    found.setdefault(entry.name, set()).add(program.slot_of_definition[definition])
        return found

    def _is_function(self, declared: int, depth: int, known: dict[tuple[int, int], bool]) -> bool:
        """Whether values of a type are functions, or may be; each type is looked at once at each depth."""
        found = known.get((declared, depth))
        if found is None:
            found = known[declared, depth] = self._finds_function(declared, depth, known)
        return found

    def _finds_function(self, declared: int, depth: int, known: dict[tuple[int, int], bool]) -> bool:
        program, first = self._program, self._program.first_of_slot[declared]
        if program.forms[declared] == FUNCTION_TYPE or not depth:
            return depth > 0
        if program.forms[declared] == UNION:
            return any(self._is_function(first + part, depth - 1, known) for part in program.parts[declared])
        named = (inner >> SHIFT for inner in self._names.static(declared) if inner & MASK == DEF)
        entries = ((program.first_slot[program.file_of_definition[d]], program.definitions[d]) for d in named)
        return any(e.kind in NAMED_TYPES and e.returns and self._is_function(own + e.returns, depth - 1, known) for own, e in entries)

    def _pass_literals(self) -> bool:
        """Literals pass through declared types with what their fields hold that are functions; all else is as declared."""
        program = self._program
        for slot in program.by_form[MAPPING] if self._fields else ():
            if any(program.texts[key] in self._fields for key, _ in program.entries(slot) if program.forms[key] == CONSTANT):
                self._propagation.passing.add(value(OBJECT, slot))
        return bool(self._propagation.passing)

    def hides(self, slot: int, literal: int, name: str) -> bool:
        """Whether the declared type of what is asked for a member says what it is, so that it is nothing that a literal has."""
        if literal not in self._propagation.passing:
            return False
        fields = self._fields.get(name, ())
        for inner in self._propagation.held(self._program.part(slot)):
            if inner & MASK == INSTANCE_OF and self._program.is_class(inner >> SHIFT):
                owners = self._hierarchy.order(inner >> SHIFT)
                member = next((found for owner in owners if (found := self._hierarchy.defines(owner, name)) >= 0), -1)
                if member >= 0:
                    return member not in fields
        return False

    def note(self, definition: int) -> None:
        """Functions that are no methods are values of types that say only that they are functions."""
        program = self._program
        entry, traits = program.definitions[definition], program.traits[program.file_of_definition[definition]]
        written = entry.kind == "Function" or (entry.kind == "Method" and (not traits.methods_apart or entry.name.startswith(ANONYMOUS)))
        if (traits.top_type or traits.functional_types) and written:
            self._propagation.passing.add(value(DEF, definition))

    def take(self, slot: int, inner: int) -> None:
        """A method or class that is taken as a value is a function, which types that ask for one let in."""
        program, definition = self._program, inner >> SHIFT
        if inner & MASK == DEF and (program.is_function(definition) or program.is_class(definition)):
            inner = value(BOUND, definition)
            self._propagation.passing.add(inner)
        self._propagation.add(slot, inner)

    def take_asked(self, slot: int, function: int, name: str) -> None:
        """The member of a function that the expression `slot` names may be the function itself."""
        if function not in self._propagation.passing:
            return
        if self._asks(self._program.part(slot), name):
            self._propagation.add(slot, function)
        else:
            self._standing.enter(slot, function)

    def classes_of(self, written: int) -> list[int]:
        """Classes of the program that a type expression names."""
        found = [inner >> SHIFT for inner in self._names.static(written) if inner & MASK == DEF]
        return [definition for definition in found if self._program.is_class(definition)]

    def is_type_of(self, variable: int) -> bool:
        """Whether the declared type of a variable is one of functions."""
        held = self._propagation.held(variable)
        return any(inner & MASK == FUNCTION_OF or (inner & MASK in TYPED and bool(self._asked(variable, inner))) for inner in held)

    def take_typed(self, slot: int, holder: int, name: str) -> None:
        """As `take_asked`, of a function of which only a type of the library is known."""
        functional = self._program.traits[self._program.file_of_slot(slot)].functional_types
        if functional and self._library.asked_method(slot, holder) == name:
            self._propagation.add(slot, holder)

    def has_own(self, slot: int, name: str) -> bool:
        """Whether the type of the program's own that the function has here has a method of the name itself."""
        held = self._propagation.held(self._program.part(slot))
        return any(inner & MASK == INSTANCE_OF and self._hierarchy.methods(inner >> SHIFT, name) for inner in held)

    def _asks(self, holder: int, name: str) -> bool:
        """Whether a method is the only one that the type of a value asks for, so that it is the function that the value is."""
        if not name.isidentifier():
            return False
        values = self._propagation.held(holder)
        asked = [self._asked(holder, inner) for inner in values if inner & MASK in TYPED]
        return name in asked or (not asked and len(values) > 0 and not self._library.is_function_method(holder, name))

    def _asked(self, holder: int, inner: int) -> str:
        program, tag, index = self._program, inner & MASK, inner >> SHIFT
        if tag == INSTANCE_OF and program.is_class(index):
            asked = self._hierarchy.asked_method(index)
            return program.definitions[asked].name if asked is not None and asked >= 0 else ""
        if tag == EXTERNAL_INSTANCE or (tag == OBJECT and program.forms[index] == GENERIC):
            return self._library.asked_method(holder, inner)
        return ""

    def is_unfit(self, slot: int, definition: int) -> bool:
        """Whether a function takes another number of arguments than a call gives, where that tells overloads apart."""
        program = self._program
        counts = self._counts and program.is_function(definition)
        if not counts or not program.traits[program.file_of_slot(slot)].top_type:
            return False
        given, takes = len(program.parts[slot]) - 1, self._hierarchy.signatures.takes_called
        return not takes(definition, given) and not (given > 0 and self._is_taken(definition) and takes(definition, given - 1))

    def _is_taken(self, definition: int) -> bool:
        """Whether a method is a value by the name of its class, which is called with the receiver first."""
        taken = value(BOUND, definition) in self._propagation.passing
        return taken and "static" not in self._program.definitions[definition].modifiers
