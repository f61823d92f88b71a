"""Parameters that are variables of the caller: what a function assigns to them is held behind the call."""

from __future__ import annotations

import re

from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.program import Program


def find_shared(program: Program) -> frozenset[int]:
    """Slots of such parameters, in languages whose callers say so too."""
    found: set[int] = set()
    words = {traits.name: re.compile(rf"\b(?:{'|'.join(traits.reference_words)})\s[^,]*\b(\w+)\s*[,)=]") for traits in _having(program)}
    for definition, entry in enumerate(program.definitions) if words else ():
        file = program.file_of_definition[definition]
        word = words.get(program.traits[file].name)
        if word is not None and entry.parameters:
            named = set(word.findall(entry.signature))
            found.update(program.first_slot[file] + parameter.variable for parameter in entry.parameters if parameter.name in named)
    return frozenset(found)


def _having(program: Program) -> list[LanguageTraits]:
    return [traits for traits in dict.fromkeys(program.traits) if traits.reference_words and traits.top_type]
