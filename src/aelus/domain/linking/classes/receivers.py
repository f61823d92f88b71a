"""What a function outside of classes has as its receiver."""

from __future__ import annotations

from aelus.domain.facts import DEFINITION, MAPPING, MEMBER, RETURN
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import OBJECT, value


def seed_receivers(program: Program, propagation: Propagation) -> None:
    """A function that is put into a member or a literal has what holds it as its receiver, whoever calls it."""
    for target, sources in program.sources.items():
        for source in sources if program.forms[target] == MEMBER else ():
            receiver = _receiver_in(program, source)
            if receiver >= 0:
                propagation.copy(program.part(target), receiver)
    for slot in program.by_form[MAPPING]:
        first = program.first_of_slot[slot]
        for part in program.parts[slot]:
            receiver = _receiver_in(program, first + part)
            if receiver >= 0:
                propagation.add(receiver, value(OBJECT, slot))


def _receiver_in(program: Program, source: int) -> int:
    """The variable that holds the receiver of the function that an expression defines, or -1."""
    if program.forms[source] not in (DEFINITION, RETURN):
        return -1
    definition = program.definition_of(source)
    return program.receiver_variable(definition) if program.is_function(definition) else -1
