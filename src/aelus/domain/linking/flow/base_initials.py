"""Bases that constructors name in front of their bodies: `: base(1)` gives the class' constructor a value, not its name."""

from __future__ import annotations

from aelus.domain.facts import INITIALIZE_REFERENCE
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT


def base_initials(program: Program, names: Names) -> frozenset[int]:
    """Slots of the names of such bases."""
    named = {
        program.part(program.first_slot[file] + reference.expression)
        for file, unit in enumerate(program.units)
        if program.traits[file].templates
        for reference in unit.facts.references
        if reference.kind == INITIALIZE_REFERENCE
    }
    return frozenset(slot for slot in named if any(i & MASK == DEF and program.is_class(i >> SHIFT) for i in names.static(slot)))
