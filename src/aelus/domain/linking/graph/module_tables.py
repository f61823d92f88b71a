"""Tables that modules are: what lies in one is named by the module, not by the variable that the file calls it."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, EXPORTS, LOCAL, MEMBER
from aelus.domain.linking.program import Program

ARGUMENT: Final = 1
"""Part of a call that is its first argument."""


class ModuleTables:
    """The variables of files that hold them and are called by a word that says no more."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._words = {word for traits in program.languages for word in traits.module_tables}
        self._known: set[tuple[int, str]] = set()
        """(file, variable)."""
        for slot in program.by_form[EXPORTS] if self._words else ():
            for source in program.sources.get(slot, ()):
                self._note(source)
        for slot in program.by_form[LOCAL] if self._words else ():
            if program.texts[slot] in self._words and any(program.forms[source] == EXPORTS for source in program.sources.get(slot, ())):
                self._known.add((program.file_of_slot(slot), program.texts[slot]))

    def _note(self, source: int) -> None:
        """What a file returns: a variable, or what a call gives that has it as its first argument."""
        program = self._program
        if program.forms[source] == CALL and len(program.parts[source]) > ARGUMENT:
            source = program.part(source, ARGUMENT)
        if program.forms[source] == LOCAL and program.texts[source] in self._words:
            self._known.add((program.file_of_slot(source), program.texts[source]))

    def shortened(self, receiver: str, slot: int) -> str:
        """The name of a receiver within its module."""
        program, (head, _, rest) = self._program, receiver.partition(".")
        if head not in self._words:
            return receiver
        while program.forms[slot] == MEMBER:
            slot = program.part(slot)
        own = program.forms[slot] == LOCAL and (program.file_of_slot(slot), head) in self._known
        return rest if own else receiver
