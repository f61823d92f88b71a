"""Parameters that are variables of the caller: what a function assigns to them is held behind the call."""

from __future__ import annotations

import re
from typing import Final

from aelus.domain.facts import FILLS, UNION, UNKNOWN
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation

ADDRESS: Final = "*"
"""Mark beside an argument that it is the address of a variable."""


class SharedParameters:
    """Lets what functions assign to such parameters be in what they are called with."""

    def __init__(self, program: Program, propagation: Propagation) -> None:
        self._program = program
        self._propagation = propagation
        self._slots = find_shared(program)
        self._given_back: dict[int, int] = {}
        """Parameter → slot of what its function assigns to it."""

    def give_back(self, parameter: int, argument: int) -> None:
        """An argument reaches a parameter: what other callers gave is not behind this call."""
        if parameter not in self._slots:
            return
        back = self._given_back.get(parameter)
        if back is None:
            back = self._given_back[parameter] = self._program.new_slot(UNKNOWN)
            for source in self._program.sources.get(self._program.variable_of(parameter), ()):
                if source != parameter:
                    self._propagation.connect(source, back)
        if self._program.forms[argument] == UNION:
            if self._program.texts[self._program.part(argument, 1)] != ADDRESS:
                return
            argument = self._program.part(argument)
        self._propagation.connect(back, argument)


def find_shared(program: Program) -> frozenset[int]:
    """Slots of such parameters."""
    found: set[int] = set()
    words = {traits.name: re.compile(rf"\b(?:{'|'.join(traits.reference_words)})\s[^,]*\b(\w+)\s*[,)=]") for traits in _having(program)}
    marks = (traits for traits in program.languages if traits.reference_mark)
    words |= {traits.name: re.compile(rf"{traits.reference_mark}\s*(\$?\w+)") for traits in marks}
    if not words and not any(traits.pointers for traits in program.languages):
        return frozenset()
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        word = words.get(program.traits[file].name)
        named = set(word.findall(entry.signature)) if word is not None and entry.parameters else set[str]()
        named.update(modifier.removeprefix(FILLS) for modifier in entry.modifiers if modifier.startswith(FILLS))
        if named:
            found.update(program.first_slot[file] + parameter.variable for parameter in entry.parameters if parameter.name in named)
    return frozenset(found)


def _having(program: Program) -> list[LanguageTraits]:
    return [traits for traits in program.languages if traits.reference_words and traits.top_type]
