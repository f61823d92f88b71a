"""Where methods of interfaces may be called on types of which nothing else is said: where the interface is in scope.

Source: The Rust Reference, "Method-call expressions", "Use declarations".
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, GENERIC, MEMBER, Import
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.privacy import PUBLIC
from aelus.domain.linking.naming.wildcards import EVERYTHING
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import IMPLEMENTING
from aelus.domain.linking.values import DEF, MASK, MODULE, SHIFT, value

NO_STATEMENTS: Final[list[Import]] = []


class InterfaceScopes:
    """A scope knows the interfaces that it declares or imports, and those of the blocks around it up to its module."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._places: dict[int, dict[int, dict[int, None]]] = {}
        """File → expression that names such a method as a member → definitions of the file that it stands in."""
        self._statements: dict[int, dict[int, list[Import]]] = {}
        """File → definition of the file → imports that stand in it."""
        self._imported: dict[tuple[int, int], frozenset[int]] = {}
        self._public: dict[int, frozenset[int]] = {}
        self._known: dict[tuple[int, int, int], bool] = {}
        self._interfaces: dict[int, int] = {}
        self._implemented: dict[int, dict[int, list[int]]] = {}
        """File → type expression → interfaces that it implements."""

    def shows(self, method: int, slot: int) -> bool:
        """Whether the interface of a method is in scope where an expression names it; operations of the language ask for no scope."""
        program, interface = self._program, self._interface(method)
        file = program.file_of_slot(slot)
        if interface < 0:
            return program.file_of_definition[method] == file
        places = self._places_in(file).get(slot)
        return places is None or any(self._knows(interface, file, place) for place in places)

    def _interface(self, method: int) -> int:
        """The interface that a method is of, or -1."""
        known = self._interfaces.get(method)
        if known is None:
            owner = self._program.parent_of(method)
            declared = owner >= 0 and self._program.definitions[owner].kind == "Trait"
            known = self._interfaces[method] = value(DEF, owner) if declared else self._find_implemented(method)
        return known

    def _find_implemented(self, method: int) -> int:
        program, file = self._program, self._program.file_of_definition[method]
        entry, first = program.definitions[method], program.first_slot[file]
        implemented = self._implemented.get(file)
        if implemented is None:
            implemented = self._implemented[file] = {}
            for statement in program.units[file].facts.implementations:
                implemented.setdefault(statement.type, []).append(first + statement.interface)
        for written in implemented.get(entry.receiver, ()):
            named = program.part(written) if program.forms[written] == GENERIC else written
            if IMPLEMENTING + program.texts[named] in entry.modifiers:
                for inner in self._names.static(named):
                    if inner & MASK == DEF:
                        return inner
        return -1

    def _places_in(self, file: int) -> dict[int, dict[int, None]]:
        places = self._places.get(file)
        if places is None:
            places = self._places[file] = {}
            program, first = self._program, self._program.first_slot[file]
            extensions, defaults = self._hierarchy.extensions, self._hierarchy.defaults
            for reference in program.units[file].facts.references:
                slot = first + reference.expression
                if program.forms[slot] == CALL:
                    slot = program.part(slot)
                if program.forms[slot] == MEMBER and (program.texts[slot] in extensions or program.texts[slot] in defaults):
                    places.setdefault(slot, {})[reference.definition] = None
        return places

    def _knows(self, interface: int, file: int, place: int) -> bool:
        """Whether an interface is in scope in a definition of a file, or at its top (-1)."""
        program, passed, found = self._program, list[int](), False
        while not found:
            known = self._known.get((interface, file, place))
            if known is not None:
                found = known
                break
            passed.append(place)
            found = self._brings(interface, file, place)
            entry = program.definitions[program.first_definition[file] + place] if place >= 0 else None
            if entry is None or entry.kind == "Namespace":
                break
            place = entry.parent
        for place in passed:
            self._known[interface, file, place] = found
        return found

    def _brings(self, interface: int, file: int, place: int) -> bool:
        """Whether an interface is declared in this very scope, or imported there by name or with all others of a module."""
        program, entry = self._program, self._program.definitions[interface >> SHIFT]
        if program.file_of_definition[interface >> SHIFT] == file and entry.parent == place:
            return True
        statements = self._statements_in(file).get(place, NO_STATEMENTS)
        if not statements:
            return False
        if interface in self._imported_in(file, place, statements):
            return True
        for statement in statements:
            if statement.name == EVERYTHING:
                if interface in self._names.values_of(self._names.found_in(file, statement, entry.name)):
                    return True
                for module in self._names.values_of(self._names.module_value(file, statement.module)):
                    if interface in self._public_in(module):
                        return True
        return False

    def _statements_in(self, file: int) -> dict[int, list[Import]]:
        statements = self._statements.get(file)
        if statements is None:
            statements = self._statements[file] = {}
            for statement in self._program.units[file].facts.imports:
                statements.setdefault(statement.definition, []).append(statement)
        return statements

    def _imported_in(self, file: int, place: int, statements: list[Import]) -> frozenset[int]:
        known = self._imported.get((file, place))
        if known is None:
            known = self._imported[file, place] = self._values(file, [each for each in statements if each.name != EVERYTHING])
        return known

    def _public_in(self, module: int) -> frozenset[int]:
        """What a module imports for others too, under whatever name it has there, or none."""
        known = self._public.get(module)
        if known is None:
            program, tag, index = self._program, module & MASK, module >> SHIFT
            found = NO_STATEMENTS
            file = index if tag == MODULE else program.file_of_definition[index] if tag == DEF else -1
            if file >= 0:
                place = -1 if tag == MODULE else index - program.first_definition[file]
                found = self._statements_in(file).get(place, NO_STATEMENTS)
            public = [each for each in found if each.name != EVERYTHING and PUBLIC in each.modifiers]
            known = self._public[module] = self._values(file, public)
        return known

    def _values(self, file: int, statements: list[Import]) -> frozenset[int]:
        found = set[int]()
        for statement in statements:
            found.update(self._names.values_of(self._names.imported(file, statement)))
        return frozenset(found)
