"""Arguments: which parameter each one of a call reaches, one by one, spread, or by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import BLOCK, CALL, CONSTANT, IMPLICIT, LOCAL, MEMBER, SPREAD, SPREAD_MAP, UNION, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.flow.defaults import Defaults
from aelus.domain.linking.flow.overriding_parameters import OverridingParameters
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.program import IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.types.contexts import Contexts
from aelus.domain.linking.types.keys import Keys
from aelus.domain.linking.types.shared_parameters import SharedParameters
from aelus.domain.linking.values import MASK, OBJECT, value

LONE: Final = 2
"""Parts of a call with one argument."""
VARIABLE_FORMS: Final = frozenset({IMPLICIT, LOCAL, MEMBER, UNION})
"""What a function may store in: variables, and those whose address is marked."""
ALL_ARGUMENTS: Final = "all"
"""Kind of the parameter that stands for all arguments together."""


class Arguments:
    """Lets the arguments of calls reach the parameters of functions."""

    def __init__(
        self,
        program: Program,
        hierarchy: Hierarchy,
        propagation: Propagation,
        containers: Containers,
        members: Members,
        summaries: Summaries,
        keys: Keys,
        contexts: Contexts,
        defaults: Defaults,
        passes_receiver: Callable[[int, int], bool],
    ) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._members = members
        self._summaries = summaries
        self._keys = keys
        self._contexts = contexts
        self.defaults = defaults
        self._passes_receiver = passes_receiver
        self._overriding = OverridingParameters(program, hierarchy, propagation, members.functions)
        self._metatables = any(traits.metatables for traits in program.languages)
        self._given_forms = contexts.given_forms
        self._bindings: set[tuple[int, int, int]] = set()
        self._shared_parameters = SharedParameters(program, propagation)

    def bind(self, slot: int, function: int, offset: int) -> None:
        """Arguments reach parameters."""
        self.defaults.enter(slot, function, offset)
        key = (slot, function, offset)
        parts = self._program.parts[slot]
        if len(parts) == 1 or key in self._bindings:
            return
        self._bindings.add(key)
        if function in self._members.keyed_stores.functions:
            self._members.keyed_stores.enter(slot, function, offset)
        first, forms = self._program.first_of_slot[slot], self._program.forms
        names = self._program.texts[slot].split(",") if self._program.texts[slot] else []
        positional = len(parts) - len(names)
        if len(parts) == LONE and forms[first + parts[1]] == CALL and self._takes_results(slot, function):
            self._bind_elements(first + parts[1], function, offset)
            return
        for position in range(2 if self._metatables and self._passes_receiver(slot, function) else 1, len(parts)):
            source = first + parts[position]
            if forms[source] not in IDLE_FORMS or forms[source] == CONSTANT:
                name = names[position - positional] if position >= positional else ""
                self.bind_argument(source, function, position - 1 + offset, name)
            elif forms[source] == UNKNOWN and position < positional:
                self._keys.open_parameter(function, position - 1 + offset)
        for position, variable in self._overriding.of(first + parts[0], function):
            if position - offset < len(parts) - 1:
                self._propagation.connect(first + parts[position - offset + 1], variable)

    def _takes_results(self, slot: int, function: int) -> bool:
        """Whether the results of a call are the arguments of another one, which takes several."""
        entry, traits = self._program.definitions[function], self._program.traits[self._program.file_of_slot(slot)]
        return traits.results_spread and sum(parameter.kind == "positional" for parameter in entry.parameters) > 1

    def bind_argument(self, source: int, function: int, position: int, name: str) -> None:
        """One argument reaches the parameter at a position, or of a name."""
        form = self._program.forms[source]
        entry = self._program.definitions[function]
        if entry.parameters and entry.parameters[-1].kind == ALL_ARGUMENTS:
            self._bind_to_all(source, self.rest_of(self._program.parameter_slot(function, len(entry.parameters) - 1)), position)
        if form == SPREAD:
            self._bind_elements(self._program.part(source), function, position)
        elif form == SPREAD_MAP:
            self._bind_entries(self._program.part(source), function, self._hierarchy.received(function) if position else 0)
        else:
            target = self._receiver_of(function, position, name)
            if target >= 0:
                for declared in self._program.declared.get(target, ()) if form in self._given_forms else ():
                    self._contexts.give(source, declared)
                self._keys.give(source, target)
                if form != CONSTANT or source in self._program.naming_functions:
                    self._propagation.connect(source, target)
                    referred = self._program.referred(source) if form == UNION else source
                    if self._program.forms[referred] in VARIABLE_FORMS:
                        self._shared_parameters.give_back(target, referred)
                elif target in self._summaries.library.called_variables:
                    self._propagation.connect(self._summaries.calls.callee(source, source), target)

    def _bind_to_all(self, source: int, rest: int, position: int) -> None:
        """An argument is also one of all those that the function has under one name."""
        if self._program.forms[source] == SPREAD:
            self._containers.merge(self._program.part(source), rest, position)
        else:
            self._propagation.connect(source, self._containers.field(rest, str(position)))

    def _bind_elements(self, source: int, function: int, position: int) -> None:
        """`*a`: its elements reach the parameters from this position on."""
        entry = self._program.definitions[function]
        for index, parameter in enumerate(entry.parameters):
            variable, kind = self._program.parameter_slot(function, index), parameter.kind
            if kind == "rest":
                self._containers.merge(source, self.rest_of(variable), position - index)
                return
            if kind == "positional" and index >= position:
                self._summaries.constraints.reach(self._summaries.constraints.step(source, f"[{index - position}]"), variable)

    def _bind_entries(self, source: int, function: int, first: int) -> None:
        """`**a`: its values reach the parameters from `first` on that bear their keys."""
        entry = self._program.definitions[function]
        for index, parameter in enumerate(entry.parameters[first:], first):
            variable = self._program.parameter_slot(function, index)
            if parameter.kind == "rest_map":
                self._containers.merge(source, self.rest_of(variable))
            elif parameter.kind != "rest" and parameter.name:
                self._summaries.constraints.reach(self._summaries.constraints.step(source, f"[{parameter.name}]"), variable)

    def _receiver_of(self, function: int, position: int, name: str) -> int:
        """The slot that an argument reaches, or -1."""
        entry = self._program.definitions[function]
        if name == BLOCK:
            return self._block_of(function)
        for index, parameter in enumerate(entry.parameters):
            if parameter.kind == ("rest_map" if name else "rest") and (name or position >= index):
                rest = self.rest_of(self._program.parameter_slot(function, index))
                return self._containers.field(rest, name or str(position - index))
            matches = parameter.name == name if name else index == position
            if matches and parameter.kind in ("positional", "keyword"):
                return self._program.parameter_slot(function, index)
        return -1

    def _block_of(self, function: int) -> int:
        """The parameter that a block reaches: the one for it, or else the last one."""
        entry = self._program.definitions[function]
        last = len(entry.parameters) - 1
        index = next((index for index, parameter in enumerate(entry.parameters) if parameter.kind == "block"), last)
        return self._program.parameter_slot(function, index) if index >= 0 else -1

    def rest_of(self, variable: int) -> int:
        """The container that a rest parameter holds: that of its declared type, where nothing else reaches it."""
        if variable in self._propagation.sealed:
            for held in self._propagation.held(variable):
                if held & MASK == OBJECT:
                    return held
        holder = value(OBJECT, variable)
        self._propagation.declare(variable, holder)
        return holder
