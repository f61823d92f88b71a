"""Calls on values of which nothing is known: what is so of any value, and what the file itself says, decides all the same."""

from __future__ import annotations

from aelus.domain.facts import CALL, DEFINITION, FUNCTION_TYPE, LOCAL, MEMBER
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import STATED
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, MASK, SHIFT, value


def settle_unknown(program: Program, propagation: Propagation, summaries: Summaries) -> None:
    """Let them do what they do on any value, in languages where the library and the program give all values methods."""
    imported = _imported_extensions(program)
    for slot in program.of_form(CALL, lambda traits: traits.extends_any):
        callee, file = program.part(slot), program.file_of_slot(slot)
        _share_implicit(program, propagation, slot)
        held, name = propagation.held(callee), program.texts[callee]
        if not all(inner & MASK == EXTERNAL and not summaries.library.function(file, inner >> SHIFT).effects for inner in held):
            continue
        for method in imported.get((file, name), ()) if program.forms[callee] in (LOCAL, MEMBER) else ():
            propagation.add(callee, value(DEF, method))
        if program.forms[callee] == MEMBER and summaries.library.has_value_method(name):
            summaries.call_on_unknown(slot, name)


def _imported_extensions(program: Program) -> dict[tuple[int, str], list[int]]:
    """(file, name) → methods outside of their type that it imports by this name."""
    packages = [unit.facts.package for unit in program.units]
    extensions: dict[str, list[int]] = {}
    for definition, entry in enumerate(program.definitions):
        if STATED in entry.modifiers and program.is_function(definition):
            extensions.setdefault(f"{packages[program.file_of_definition[definition]]}.{entry.name}", []).append(definition)
    found: dict[tuple[int, str], list[int]] = {}
    for file, unit in enumerate(program.units) if extensions else ():
        for statement in unit.facts.imports:
            for method in extensions.get(statement.module, ()):
                found.setdefault((file, program.definitions[method].name), []).append(method)
    return found


def _share_implicit(program: Program, propagation: Propagation, slot: int) -> None:
    """The parameter that a lambda does not write is that of the lambda around, where the lambda is given nothing."""
    first = program.first_of_slot[slot]
    for position, part in enumerate(program.parts[slot][1:]):
        if program.forms[first + part] != DEFINITION:
            continue
        function = program.definition_of(first + part)
        own, outer = _implicit(program, function), -1
        around = program.parent_of(function) if own >= 0 else -1
        while around >= 0 and outer < 0:
            outer, around = _implicit(program, around), program.parent_of(around)
        if outer >= 0 and not propagation.held(own) and _gives_nothing(program, propagation, slot, position):
            propagation.connect(outer, own)


def _implicit(program: Program, function: int) -> int:
    """Variable of the parameter that a function has without writing it; -1 where it has none."""
    entry = program.definitions[function]
    word = program.traits[program.file_of_definition[function]].implicit_parameter
    named = bool(word) and len(entry.parameters) == 1 and entry.parameters[0].name == word
    return program.parameter_slot(function, 0) if named and program.is_function(function) else -1


def _gives_nothing(program: Program, propagation: Propagation, slot: int, position: int) -> bool:
    """Whether a function is only given to parameters for functions without parameters."""
    held, last = propagation.held(program.part(slot)), position == len(program.parts[slot]) - 2
    for inner in held:
        definition = inner >> SHIFT
        if inner & MASK not in (DEF, BOUND) or program.definitions[definition].kind not in FUNCTION_KINDS:
            return False
        parameters = program.definitions[definition].parameters
        parameter = parameters[-1] if last and parameters else parameters[position] if position < len(parameters) else None
        written = program.first_slot[program.file_of_definition[definition]] + parameter.type if parameter is not None else -1
        if written < 0 or program.forms[written] != FUNCTION_TYPE or len(program.parts[written]) > 1:
            return False
    return len(held) > 0
