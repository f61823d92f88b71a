"""Members that classes of the program have from classes of elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import FREE
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.library.knowledge import LibraryKnowledge
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, EXTERNAL, INSTANCE_OF, MASK, SHIFT, value

OF: Final = " of "
"""Between a method and the base that it counts for."""
CLASSES_PER_METACLASS: Final = 8
"""Classes that the call behind a metaclass is followed to; more are left out."""


class OutsideMembers:
    """Lets them reach the expressions that name them."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, library: LibraryKnowledge) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._library = library
        self._waiting: list[tuple[int, int, str]] | None = []
        """Class, where its members meet, name: members of which it is not known yet whether the program stores any; None once it is."""

    def settle(self) -> bool:
        """Take the members that nothing in the program has or stores; false where there are none."""
        waiting, self._waiting = self._waiting, None
        for definition, target, name in waiting or ():
            self._take_only(definition, target, name)
        return bool(waiting)

    def shadows(self, definition: int, owner: int, name: str) -> bool:
        """Whether a class from elsewhere that the class extends has the method which an interface of the program asks for."""
        if self._program.definitions[owner].kind != "Interface" or not self._inherits_overloads(owner) or owner == definition:
            return False
        return any(self._library.has(owner, base, name) for base in self._hierarchy.external_superclasses(definition))

    def asked_of(self, holder: int, names: list[str]) -> str:
        """Which of an operator's methods a value is asked for; empty where only instances are, which it is not."""
        asked = names if names[0] else names[1:]
        if holder & MASK == INSTANCE_OF:
            return self._first_of(asked, holder >> SHIFT)
        return "" if holder & MASK == DEF and not names[0] else asked[0]

    def _first_of(self, names: Sequence[str], definition: int) -> str:
        """Of the methods that an operator may run, the first one that a class has; one `of` a base counts only where that is one."""
        for name in names:
            method, _, base = name.partition(OF)
            if self._hierarchy.methods(definition, method) and (not base or self._extends(definition, base)):
                return method
        return names[0].partition(OF)[0]

    def _extends(self, definition: int, base: str) -> bool:
        """Whether a class has a base from elsewhere of this name."""
        entries = self._names.externals.entries
        return any(entries[outer].symbol == base for outer in self._hierarchy.external_bases_of(definition))

    def take(self, definition: int, target: int, name: str) -> None:
        """A member that only bases from elsewhere have: that of the one which is known to have it, or of the only one."""
        self.take_of_enum(definition, target, name)
        bases = self._hierarchy.external_bases_of(definition)
        if self._program.traits[self._program.file_of_definition[definition]].outside_members and len(bases) == 1:
            if self._waiting is None:
                self._take_only(definition, target, name)
            else:
                self._waiting.append((definition, target, name))
        if not self._inherits_overloads(definition):
            return
        having = [base for base in bases if self._library.has(definition, base, name)]
        unknown = [base for base in bases if not self._library.knows(definition, base)]
        found = having[:1] or (unknown if len(unknown) == 1 else [])
        top = self._library.top(definition)
        if not found and top >= 0 and self._library.has(definition, top, name):
            found = [top]
        for base in found:
            self._propagation.add(target, self._names.member(value(EXTERNAL, base), name).values[0])

    def _take_only(self, definition: int, target: int, name: str) -> None:
        """That of the only base from elsewhere, unless it is known to have none of this name."""
        base = self._hierarchy.external_bases_of(definition)[0]
        if not self._hierarchy.declares(definition, name) and self._library.may_have(definition, base, name):
            self._propagation.add(target, self._names.member(value(EXTERNAL, base), name).values[0])

    def superclasses(self, definition: int) -> list[int]:
        """Classes from elsewhere, imported or known without that, which the class and those before it in its order extend."""
        found = self._hierarchy.external_superclasses(definition)
        builtin = "" if found else self._builtin_base(definition)
        known = self._names.builtin(self._program.file_of_definition[definition], builtin).values if builtin else ()
        return found or [inner >> SHIFT for inner in known if inner & MASK == EXTERNAL]

    def take_of_enum(self, definition: int, target: int, name: str) -> None:
        """A member that all enums have, of the library's type that states it."""
        file, is_enum = self._program.file_of_definition[definition], self._program.definitions[definition].kind == "Enum"
        for member, stated in self._program.traits[file].enum_members if is_enum else ():
            for outer in self._names.builtin(file, stated).values if member == name else ():
                self._propagation.add(target, self._names.member(outer, name).values[0])

    def take_construction(self, definition: int, target: int, name: str) -> None:
        """What classes do when they are called, behind their metaclass: they make an instance."""
        made = self.made_by(definition)
        word = self._program.operation(self._program.file_of_definition[definition], "call") if made else ""
        if word == name:
            for inner in made:
                self._propagation.add(target, value(DEF, inner))

    def made_by(self, metaclass: int) -> Sequence[int]:
        """Classes that are instances of a metaclass."""
        return self._hierarchy.made_by.get(metaclass, [])[:CLASSES_PER_METACLASS] if self._hierarchy.metaclasses else ()

    def take_root(self, definition: int, target: int, name: str) -> None:
        """A member that no base of the program has: that of the class from elsewhere behind it, or what is known of the root."""
        program, file = self._program, self._program.file_of_definition[definition]
        root, outside = program.traits[file].root_class, program.traits[file].outside_members
        if not root and not outside:
            return
        bases, builtin = self._hierarchy.external_bases_of(definition), self._builtin_base(definition)
        behind = [value(EXTERNAL, base) for base in bases] or list(self._names.builtin(file, builtin or root).values)
        for member in self._names.member(behind[0], name).values if len(behind) == 1 else ():
            known = bases or builtin or self._library.function_effects(file, self._names.externals.entries[member >> SHIFT].qualified_name)
            if known and self._library.may_have(definition, behind[0] >> SHIFT, name):
                self._propagation.add(target, member)

    def _builtin_base(self, definition: int) -> str:
        """The class that is known without import which a class extends; empty where there is none."""
        program = self._program
        for owner in self._hierarchy.order(definition):
            first = program.first_slot[program.file_of_definition[owner]]
            for part in program.definitions[owner].bases:
                base = program.without_arguments(first + part)
                if program.forms[base] == FREE:
                    return program.texts[base]
        return ""

    def _inherits_overloads(self, owner: int) -> bool:
        return self._program.traits[self._program.file_of_definition[owner]].inherits_overloads
