"""Functions that a method of an interface or a base class is given, and that those which run in its place receive."""

from __future__ import annotations

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation


def pass_down(program: Program, hierarchy: Hierarchy, propagation: Propagation) -> None:
    """Connect parameters whose declared types do not say what they hold, as those of functions, in languages where such are types."""
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        if entry.kind != "Method" or not entry.parameters or not program.traits[file].functional_types:
            continue
        first = program.first_slot[file]
        open_places = [
            place
            for place, parameter in enumerate(entry.parameters)
            if parameter.type and first + parameter.variable not in propagation.sealed
        ]
        for inherited in hierarchy.overridden(definition) if open_places else ():
            known = program.definitions[inherited].parameters
            above = program.first_slot[program.file_of_definition[inherited]]
            for place in open_places:
                if place < len(known):
                    propagation.connect(above + known[place].variable, first + entry.parameters[place].variable)
