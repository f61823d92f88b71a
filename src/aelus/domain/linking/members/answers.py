"""Methods that answer for members which a class has not: `__getattr__`, and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.index_signatures import IndexSignatures
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, INSTANCE_OF, SHIFT, value

PLAIN_KINDS: Final = frozenset({"Struct", "Enum"})


class Answers:
    """Lets what they return reach those who name such members."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        summaries: Summaries,
        receive: Callable[[int, int], None],
        shown: Callable[[int, str], int],
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._summaries = summaries
        self._receive = receive
        self._shown = shown
        self.give_key: Callable[[int, str], None]
        """`Keys.reach`, which is made of the members."""
        self.index_signatures = IndexSignatures(program, names, hierarchy)
        protocols = {traits.name: dict(traits.protocols) for traits in program.languages}
        self._answering = {name: table.get("answer", "") for name, table in protocols.items()}
        self._stands_for = {name: table.get("stands_for", "") for name, table in protocols.items()}
        self._static = {name: table.get("static_answer", "") for name, table in protocols.items()}
        self._missing = {name: table.get("missing", "") for name, table in protocols.items()}
        slots = ((file, program.locals[file].get((0, self._missing[traits.name]), -1)) for file, traits in enumerate(program.traits))
        bound = {file: [d for d in program.bound.get(slot, ()) if program.is_function(d)] for file, slot in slots if slot >= 0}
        self.modules: dict[int, list[int]] = {file: functions for file, functions in bound.items() if functions}
        """Modules with functions that answer for names which they have not."""

    def take(self, definition: int, name: str, view: int, *, known: bool) -> None:
        """A member that no class of the program declares: what is said of those, or a member of the external class behind them."""
        if known:
            if self._is_documented(definition, name):
                self._take_answering(definition, name, view)
            return
        traits = self._program.traits[self._program.file_of_definition[definition]]
        if (keyed := self.index_signatures.of(definition)) and keyed != name:
            self._propagation.connect(self._shown(definition, keyed), view)
        self._take_answering(definition, name, view)
        if name and name == traits.value_member and self._program.definitions[definition].kind in PLAIN_KINDS:
            self._propagation.add(view, value(INSTANCE_OF, definition))
        for inner in self._hierarchy.methods(definition, self._stands_for[traits.name]) if self._stands_for[traits.name] else ():
            self._propagation.connect(self._summaries.constraints.step(self._program.return_slot(inner), f".{name}"), view)
        method = self._missing[traits.name]
        if not method or (traits.special_members and name.startswith(traits.special_members)):
            return
        answering = self._hierarchy.methods(definition, method)
        for answer in answering:
            self._receive(answer, value(INSTANCE_OF, definition))
            self._propagation.connect(self._program.return_slot(answer), view)
            self._pass_on(answer, name, view)
        if not answering:
            self._take_outside(definition, name, view)

    def _take_outside(self, definition: int, name: str, view: int) -> None:
        """A member of the only class from elsewhere that a class extends, unless that is known to have none of this name."""
        bases = self._hierarchy.external_bases_of(definition)
        if len(bases) == 1 and self._summaries.library.may_have(definition, bases[0], name):
            member = self._names.member(value(EXTERNAL, bases[0]), name).values[0]
            file = self._program.file_of_definition[definition]
            if held := self._summaries.library.attribute(file, member >> SHIFT):
                self._summaries.constraints.hold_external(view, file, held)
            else:
                self._propagation.add(view, member)

    def _is_documented(self, definition: int, name: str) -> bool:
        """Whether a member is one of which only a comment tells, so that another method answers for it."""
        if not self._answering[self._program.traits[self._program.file_of_definition[definition]].name]:
            return False
        member = self._hierarchy.declaring(definition, name)
        return member in self._program.declared and member not in self._program.bound

    def of_module(self, module: int, name: str) -> list[int]:
        """Functions that answer for names which a module has not."""
        special = self._program.traits[module].special_members
        return [] if special and name.startswith(special) else self.modules.get(module, [])

    def take_static(self, definition: int, called: str, slot: int) -> None:
        """A method that answers for those which are called on the class itself and are not there."""
        name = self._static[self._program.traits[self._program.file_of_definition[definition]].name]
        for method in self._hierarchy.methods(definition, name) if name else ():
            self._give_name(method, called)
            self._propagation.add(slot, value(DEF, method))
        traits = self._program.traits[self._program.file_of_definition[definition]]
        if traits.root_class and not called.startswith(traits.special_members):
            self._take_outside(definition, called, slot)

    def _give_name(self, method: int, name: str) -> None:
        entry = self._program.definitions[method]
        if entry.parameters:
            self.give_key(self._program.parameter_slot(method, 0), name)

    def _pass_on(self, answer: int, name: str, view: int) -> None:
        """A method that answers for missing members takes one of that name from another object."""
        program, entry = self._program, self._program.definitions[answer]
        if len(entry.parameters) <= 1:
            return
        returned = program.sources.get(program.return_slot(answer), ())
        for call, holder in self._summaries.library.named_members.get(self._program.parameter_slot(answer, 1), ()):
            step = self._summaries.constraints.step(holder, f".{name}")
            self._propagation.connect(step, view if call in returned else call)

    def _take_answering(self, definition: int, called: str, view: int) -> None:
        """A method that answers all calls of methods that are not there, whose names it is given."""
        name = self._answering[self._program.traits[self._program.file_of_definition[definition]].name]
        for method in self._hierarchy.methods(definition, name) if name else ():
            self._give_name(method, called)
            self._propagation.add(
                view, value(BOUND if self._program.traits[self._program.file_of_definition[method]].explicit_receiver else DEF, method)
            )
