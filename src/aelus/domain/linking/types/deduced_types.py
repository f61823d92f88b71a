"""Type parameters that a call does not give: of `template <class T> void run(T *t) { T::make(); }`, `T` is what the arguments are."""

from __future__ import annotations

from aelus.domain.facts import LOCAL, UNKNOWN
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT, value


class DeducedTypes:
    """Lets the classes of arguments reach the type parameters that are named in the body."""

    def __init__(self, program: Program, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers

    def seed(self) -> None:
        program = self._program
        for definition, entry in enumerate(program.definitions):
            file = program.file_of_definition[definition]
            if not entry.type_parameters or not program.traits[file].templates or not program.is_function(definition):
                continue
            for parameter in entry.parameters:
                declared = program.first_slot[file] + parameter.type
                if parameter.type != UNKNOWN and program.forms[declared] == LOCAL and program.texts[declared] in entry.type_parameters:
                    self._deduce(program.first_slot[file] + parameter.variable, declared)

    def _deduce(self, variable: int, parameter: int) -> None:
        def take(inner: int) -> None:
            if inner & MASK == INSTANCE_OF and self._program.is_class(inner >> SHIFT):
                self._propagation.add(parameter, value(DEF, inner >> SHIFT))

        self._containers.meet(variable, take)
