"""Blocks that are given to methods of which nothing is known: such a method runs its block, where that is what blocks are for."""

from __future__ import annotations

from aelus.domain.facts import BLOCK, CALL, MEMBER
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import EXTERNAL, MASK, SHIFT


def run_blocks(program: Program, propagation: Propagation, summaries: Summaries) -> None:
    """Call them where they are given, unless the method is called on nothing: those register what others run."""
    for slot in program.of_form(CALL, lambda traits: traits.blocks_run):
        callee, parts = program.part(slot), program.parts[slot]
        if program.forms[callee] != MEMBER or program.texts[slot].rpartition(",")[2] != BLOCK or len(parts) == 1:
            continue
        file = program.file_of_slot(slot)
        held = propagation.held(callee)
        if all(inner & MASK == EXTERNAL and not summaries.library.function(file, inner >> SHIFT).effects for inner in held):
            summaries.calls.call(slot, program.first_of_slot[slot] + parts[-1], ())
