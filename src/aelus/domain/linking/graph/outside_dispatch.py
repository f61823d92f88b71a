"""Members of the program that code from elsewhere runs: those that stand for a member of its types, and those of what it is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import GENERIC, MEMBER, SUPER
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.library_arguments import LibraryArguments
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, INSTANCE_OF, MASK, OBJECT, SHIFT

STEPS: Final = frozenset({"next", "advance"})
"""Operations that a loop calls of an iterator."""
MEMBER_LIMIT: Final = 64
"""Classes below a type from elsewhere up to which a call of its member is linked to theirs; where there are more, it may be anything."""


class OutsideDispatch:
    """Finds them, in languages all of whose types extend one."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, overloads: Overloads) -> None:
        self._program = program
        self._arguments = LibraryArguments(program, names, hierarchy, flow, overloads)
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self.any = any(traits.types and traits.top_type for traits in program.languages)
        """Whether the program has such a language of whose library the types are known."""
        self._below: dict[str, list[int]] | None = None
        self._asked: dict[int, tuple[int, ...]] = {}
        self._of_operation: dict[int, tuple[int, ...]] = {}
        self._methods: dict[tuple[int, int, tuple[int, ...]], tuple[int, ...]] = {}

    def of_member(self, slot: int, callee: int, external: int) -> tuple[int, ...]:
        """What may run where a call names a member of a type from elsewhere."""
        program = self._program
        traits = program.traits[program.file_of_slot(slot)]
        if not traits.types or not traits.top_type or program.forms[callee] != MEMBER:
            return ()
        holder = program.part(callee)
        if program.forms[holder] == SUPER or self._flow.is_saturated(holder) or self._names_type(holder):
            return ()
        classes = [inner >> SHIFT for inner in self._flow.values(holder) if inner & MASK == INSTANCE_OF]
        key = (external, len(program.parts[slot]) - 1, tuple(inner for inner in classes if program.is_class(inner)))
        known = self._methods.get(key)
        if known is None:
            known = self._methods[key] = self._find(*key)
        return self._arguments.fitting(holder, known)

    def _names_type(self, holder: int) -> bool:
        """Whether a member is one of a type itself, which no other has."""
        return any(inner & MASK == EXTERNAL for inner in self._flow.values(holder))

    def _find(self, external: int, arguments: int, receivers: tuple[int, ...]) -> tuple[int, ...]:
        qualified = self._names.externals.entries[external].qualified_name
        owner, _, name = qualified.rpartition(".")
        classes = self._classes_below(receivers) if receivers else self._all_below(owner)
        if len(classes) > MEMBER_LIMIT:
            return ()
        takes = self._hierarchy.signatures.takes_called
        found = (method for definition in classes for method in self._hierarchy.own_methods(definition, name))
        return tuple(dict.fromkeys(method for method in found if takes(method, arguments) and self._replaces(method, owner)))

    def _replaces(self, method: int, owner: str) -> bool:
        """Whether a method runs in place of that of a type from elsewhere: of a class only where a word says so, if there is one."""
        traits = self._program.traits[self._program.file_of_definition[method]]
        known = library_types(traits.types).get(owner) if traits.overriding else None
        return known is None or known.is_interface or traits.overriding in self._program.definitions[method].modifiers

    def _classes_below(self, receivers: tuple[int, ...]) -> list[int]:
        found = (below for definition in receivers for below in self._hierarchy.descendants(definition, MEMBER_LIMIT + 1))
        return list(dict.fromkeys(found))

    def _all_below(self, owner: str) -> list[int]:
        """Classes of the program that extend a type from elsewhere; of what all types extend nothing is said."""
        if self._below is None:
            self._below = self._find_below()
        found = dict.fromkeys(self._below.get(owner, ()))
        for definition in list(found):
            if len(found) > MEMBER_LIMIT:
                break
            found.update(dict.fromkeys(self._hierarchy.descendants(definition, MEMBER_LIMIT + 1)))
        return list(found)

    def _find_below(self) -> dict[str, list[int]]:
        """By the types that classes name themselves: what these extend in turn has a great many uses that no class is meant for."""
        found: dict[str, list[int]] = {}
        entries = self._names.externals.entries
        for definition, bases in self._hierarchy.external_bases.items():
            library = self._flow.summaries.library
            top = library.top(definition)
            for base in bases:
                if base != top:
                    name = entries[base].qualified_name
                    for outer in library.ancestors(definition, name) or (name,):
                        if outer != entries[top].qualified_name:
                            found.setdefault(outer, []).append(definition)
        return found

    def of_operation(self, method: int) -> tuple[int, ...]:
        """What may run in place of a method that an operation of the language calls."""
        known = self._of_operation.get(method)
        if known is None:
            strict = self._program.traits[self._program.file_of_definition[method]].top_type and method in self._hierarchy.owner
            known = self._of_operation[method] = self._hierarchy.overriding(method, MEMBER_LIMIT) if strict else ()
        return known

    def of_iterators(self, methods: Iterable[int]) -> list[int]:
        """What a loop may call of iterators that are declared as those of the library, by the methods that return them."""
        program, found = self._program, dict[int, None]()
        for method in methods:
            traits = program.traits[program.file_of_definition[method]]
            steps = [name for operation, name in traits.protocols if operation in STEPS]
            returned = program.return_slot(method)
            for owner in self._library_types(returned) if traits.functional_types else ():
                below = self._all_below(owner)
                if len(below) <= MEMBER_LIMIT:
                    runs = tuple([run for name in steps for sub in below for run in self._hierarchy.own_methods(sub, name)])
                    found.update(dict.fromkeys(self._arguments.fitting(returned, runs)))
        return list(found)

    def _library_types(self, slot: int) -> Iterable[str]:
        """Names of the types from elsewhere that an expression is declared to have."""
        entries = self._names.externals.entries
        for inner in self._flow.values(slot):
            index = inner >> SHIFT
            if inner & MASK == EXTERNAL_INSTANCE:
                yield entries[index].qualified_name
            elif inner & MASK == OBJECT and self._program.forms[index] == GENERIC:
                yield from (entries[i >> SHIFT].qualified_name for i in self._names.static(index) if i & MASK == EXTERNAL)

    def of_instance(self, definition: int) -> tuple[int, ...]:
        """What runs where the library calls an instance of a class, which is the only method that a type of it asks for."""
        known = self._asked.get(definition)
        if known is None:
            bases = self._hierarchy.external_bases_of(definition) if self._program.is_class(definition) else ()
            names = (self._flow.summaries.library.asked_by(definition, base) for base in bases)
            found = (method for name in names if name for method in self._hierarchy.methods(definition, name))
            known = self._asked[definition] = tuple(dict.fromkeys(found))
        return known

    def of_sent(self, slot: int) -> list[int]:
        """Methods that the library is known to call of what it is given at a site, and those that override them."""
        found: dict[int, None] = {}
        for member in self._flow.summaries.sent.get(slot, ()):
            for inner in () if self._flow.is_saturated(member) else self._flow.values(member):
                if inner & MASK in (DEF, BOUND) and inner >> SHIFT in self._hierarchy.owner and self._program.is_function(inner >> SHIFT):
                    found[inner >> SHIFT] = None
                    found.update(dict.fromkeys(self._hierarchy.overriding(inner >> SHIFT, MEMBER_LIMIT)))
        return list(found)
