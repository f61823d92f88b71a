"""Classes that extend the language's containers: what one instance holds, all of the class and of those below may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import FREE, GENERIC, MAPPING, SEQUENCE
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MASK, OBJECT, SHIFT, value

ENTRIES: Final = "entries"
"""Kind of a mapping whose class declares what it has under its keys."""
FORMS: Final = {"sequence": SEQUENCE, "mapping": MAPPING, ENTRIES: MAPPING}


class ContainerClasses:
    """Has a container for each of them."""

    __deletable__ = ("extend", "fill", "show")

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self.fill: Callable[[int, int], None]
        """`Declarations.fill_class`: what the type arguments of a base say of the elements."""
        self.extend: Callable[[int, int, frozenset[str]], None]
        """Lets a container have what that of a base has, but for what is under the keys that its class declares."""
        self.show: Callable[[int, int, str], None]
        """Lets a mapping have under a key what a class declares."""
        self._words = {name: kind for traits in program.languages for name, kind in traits.container_bases}
        self._entries = names.externals.entries
        self._known: dict[int, int] = {}

    def of(self, definition: int) -> int:
        """The container that instances of a class are; -1 for other classes."""
        if not self._words:
            return -1
        known = self._known.get(definition)
        if known is None:
            known = self._known[definition] = self._find(definition)
        return known

    def _find(self, definition: int) -> int:
        """One of its own, of the kind of the first class in its order that extends a builtin one itself."""
        order = self._hierarchy.order(definition)
        kind = next((bases[0][0] for owner in order if (bases := self.bases_of(owner))), "")
        if not kind:
            return -1
        for owner in order[:0:-1]:
            self.of(owner)
        program = self._program
        made = value(OBJECT, program.derived_slot(program.slot_of_definition[definition], FORMS[kind], "", ()))
        entries = dict[str, int]()
        for owner in order:
            for _, base in self.bases_of(owner)[:1]:
                if program.forms[base] == GENERIC:
                    self.fill(base, made)
            for name in self._names.members_of_class(owner) if kind == ENTRIES else ():
                entries.setdefault(name, owner)
        for base in self._hierarchy.bases.get(definition, ()):
            if base != definition and (held := self._known.get(base, -1)) >= 0:
                self.extend(held, made, frozenset(entries))
        for name, owner in entries.items():
            self.show(owner, made, name)
        return made

    def bases_of(self, definition: int) -> list[tuple[str, int]]:
        """(kind of container, expression) of the bases of a class that are containers."""
        program, file = self._program, self._program.file_of_definition[definition]
        found: list[tuple[str, int]] = []
        if not self._words:
            return found
        for base in [program.first_slot[file] + part for part in program.definitions[definition].bases]:
            name = self._name_of(program.without_arguments(base))
            if name in self._words:
                found.append((self._words[name], base))
        return found

    def _name_of(self, base: int) -> str:
        """Full name of the class from elsewhere that a base is, which may be known without import; empty for other ones."""
        program = self._program
        outer = [inner >> SHIFT for inner in self._names.static(base) if inner & MASK == EXTERNAL]
        if outer:
            return self._entries[outer[0]].qualified_name
        known = f"{program.traits[program.file_of_slot(base)].builtins_package}.{program.texts[base]}"
        return known if program.forms[base] == FREE else ""
