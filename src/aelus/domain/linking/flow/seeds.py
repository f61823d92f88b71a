"""What names hold before anything flows: definitions, and what is imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import EXPORTS, FREE, IMPORT, NEW, SUPER
from aelus.domain.linking.members.function_values import FunctionValues
from aelus.domain.linking.modules.paths import PATH
from aelus.domain.linking.naming.names import Names, Target
from aelus.domain.linking.program import SINGLE, Program
from aelus.domain.linking.propagation import VALUES_PER_SLOT, Propagation
from aelus.domain.linking.signatures import OVERLOAD
from aelus.domain.linking.values import DEF, EXTERNAL, INSTANCE_OF, MASK, MODULE, SHIFT, value

OVERLOADS_COUNTED: Final = 2
"""Overloads that count as values each; more of them are held beside any others."""
OVERLOADS_LIMIT: Final = 64
COMPUTED: Final = "computed"
"""Modifier of functions that stand for a variable: they run where their name is read."""
INERT_KINDS: Final = frozenset({"Variable", "Constant", "Field", "TypeAlias"})
"""Definitions that hold values but are none."""


class Seeds:
    """Puts them in."""

    def __init__(self, program: Program, names: Names, propagation: Propagation, functions: FunctionValues) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._functions = functions

    def definitions(self) -> None:
        definitions = self._program.definitions
        for slot, bound in self._program.bound.items():
            if (
                OVERLOADS_COUNTED < len(bound) <= OVERLOADS_LIMIT
                and self._program.traits[self._program.file_of_definition[bound[0]]].overloads
            ):
                self._propagation.overloads.update(value(DEF, definition) for definition in bound)
            for definition in self._names.alternatives.read_types(self._without_signatures(bound)) if len(bound) > 1 else bound:
                self._functions.note(definition)
                if definitions[definition].kind == "TypeAlias":
                    self.link(Target((), self._names.static(slot)), slot)
                elif COMPUTED in definitions[definition].modifiers:
                    self._propagation.copy(self._program.return_slot(definition), slot)
                elif definitions[definition].kind not in INERT_KINDS and definition not in self._program.decorated:
                    self._propagation.add(slot, value(DEF, definition))
                    if SINGLE in definitions[definition].modifiers:
                        self._propagation.add(slot, value(INSTANCE_OF, definition))

    def _without_signatures(self, bound: Sequence[int]) -> Sequence[int]:
        """Of a function and the signatures that are written before it, the function; it returns what they say."""
        definitions, program = self._program.definitions, self._program
        signatures = [d for d in bound if OVERLOAD in definitions[d].modifiers]
        bodies = [d for d in bound if OVERLOAD not in definitions[d].modifiers and program.is_function(d)]
        if not signatures or (not bodies and len(signatures) < VALUES_PER_SLOT):
            return bound
        kept = bodies[0] if bodies else signatures[0]
        for signature in signatures:
            if signature != kept:
                self._propagation.copy(program.return_slot(signature), program.return_slot(kept))
        return [d for d in bound if d == kept or d not in signatures]

    def _seed_lasting(self) -> None:
        """What others put into a name of a file, all that is read of it may be."""
        for file, lasting in enumerate(self._program.lasting):
            for name, slot in lasting.items():
                self._propagation.copy(slot, self._program.local_slot(file, 0, name))

    def imports(self) -> None:
        self._seed_lasting()
        program, names = self._program, self._names
        for slot, statements in program.imports.items():
            for file, statement in statements:
                target = names.imported(file, statement)
                self.link(target, slot)
                if not statement.name:
                    self._link_exports(target, slot)
        for slot in program.by_form[FREE]:
            file, name = program.file_of_slot(slot), program.texts[slot]
            target = names.anywhere(file, name)
            self.link(target, slot)
            if slot in program.sources and program.traits[file].open_namespaces:
                for variable in target.slots:
                    self._propagation.copy(slot, variable)
        for slot in program.by_form[IMPORT]:
            target = names.module_value(program.file_of_slot(slot), program.texts[slot])
            if not program.texts[slot].startswith(PATH):
                self.link(target, slot)
            self._link_exports(target, slot)
        for slot in program.by_form[EXPORTS]:
            self._propagation.add(slot, value(MODULE, program.file_of_slot(slot)))
        self._seed_bases()

    def _seed_bases(self) -> None:
        """`new parent`: of the class that the one around extends."""
        program, supers = self._program, frozenset(self._program.by_form[SUPER])
        for slot in program.first_parts(NEW) if supers else ():
            definition = program.definition_of(slot) if slot in supers else -1
            for part in program.definitions[definition].bases if definition >= 0 else ():
                for inner in self._names.static(program.first_slot[program.file_of_slot(slot)] + part):
                    if inner & MASK == EXTERNAL or (inner & MASK == DEF and program.definitions[inner >> SHIFT].kind == "Class"):
                        self._propagation.add(slot, inner)

    def _link_exports(self, target: Target, slot: int) -> None:
        """A module that is imported as a whole is what it puts in the place of its own namespace object."""
        for inner in target.values:
            if inner & MASK == MODULE and (exports := self._names.export_slot(inner >> SHIFT)) >= 0 and exports != slot:
                self._propagation.copy(exports, slot)

    def link(self, target: Target, slot: int) -> None:
        for inner in target.values:
            self._propagation.add(slot, inner)
        for source in target.slots:
            if source != slot:
                self._propagation.copy(source, slot)
