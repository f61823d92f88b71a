"""Methods that return their receiver: what they are called on, whatever its class is."""

from __future__ import annotations

from aelus.domain.facts import LOCAL, NEW, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.program import Program


def find_fluent(program: Program, hierarchy: Hierarchy, members: Members) -> set[int]:
    """Methods that return their receiver: what they are called on, whatever its class is."""
    found = set[int]()
    for definition, slot in program.returns.items():
        entry = program.definitions[definition]
        written = program.traits[program.file_of_definition[definition]].metatables and bool(entry.parameters)
        if entry.kind != "Method" or (definition not in hierarchy.owner and not written):
            continue
        sources = program.sources.get(slot, ())
        receivers = sum(1 for source in sources if _is_receiver(program, members, definition, _single(program, definition, source)))
        if receivers and receivers == len(sources):
            found.add(definition)
    for definition, entry in enumerate(program.definitions):
        if entry.kind == "Method" and entry.returns:
            declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
            if program.forms[declared] == THIS and (program.texts[declared] or "static" not in entry.modifiers):
                found.add(definition)
    return found


def _is_receiver(program: Program, members: Members, definition: int, source: int) -> bool:
    if program.forms[source] == THIS:
        return program.definition_of(source) not in tuple(program.enclosing_classes(definition))[1:]
    if program.forms[source] == NEW and _is_late(program, definition, program.part(source)):
        return True
    parameters = program.definitions[definition].parameters
    metatables = program.traits[program.file_of_definition[definition]].metatables
    return bool(parameters) and (bool(metatables) or members.lists_receiver(definition)) and source == program.parameter_slot(definition, 0)


def _single(program: Program, definition: int, slot: int) -> int:
    """What a variable of a function stands for that is bound once: `const made = new this()`."""
    sources = program.sources.get(slot, ()) if program.forms[slot] == LOCAL else ()
    first = program.first_slot[program.file_of_definition[definition]]
    given = any(first + parameter.variable == slot for parameter in program.definitions[definition].parameters)
    return sources[0] if len(sources) == 1 and not given and program.forms[sources[0]] in (NEW, THIS) else slot


def _is_late(program: Program, method: int, made: int) -> bool:
    """Whether a class is named that a method is called on, whatever that is: `new static`, `new this()`."""
    static = "static" in program.definitions[method].modifiers
    return (program.forms[made] == THIS and bool(program.texts[made])) or (static and made == program.receiver_variable(method))
