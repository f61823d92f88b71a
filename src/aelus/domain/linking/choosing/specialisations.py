"""Explicit specialisations of function templates: `template <> int size<double>(double v)` is meant by `size<double>(1)`.

Source: ISO/IEC 14882, "Explicit specialization".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aelus.domain.facts import GENERIC
from aelus.domain.linking.program import Program


class Specialisations:
    """Knows the type arguments that functions are specialised for."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._arguments: dict[int, tuple[str, ...]] = {}
        for definition, entry in enumerate(program.definitions):
            head = entry.signature.partition("(")[0]
            if (
                head.rstrip().endswith(">")
                and program.is_function(definition)
                and program.traits[program.file_of_definition[definition]].templates
            ):
                written = re.search(rf"\b{re.escape(entry.name)}\s*<(.*)>\s*$", head)
                if written is not None:
                    self._arguments[definition] = tuple(part.strip() for part in written.group(1).split(","))

    def meant(self, slot: int, overloads: Sequence[int]) -> Sequence[int]:
        """Of functions that a call may mean, the one for its type arguments, where these are written.

        Of several without parameters, nothing else tells which is meant.
        """
        program, callee = self._program, self._program.part(slot)
        special = [definition for definition in overloads if definition in self._arguments] if self._arguments else []
        if not special or len(overloads) == 1:
            return overloads
        others = [definition for definition in overloads if definition not in special]
        if program.forms[callee] != GENERIC:
            return [*others, *(definition for definition in special if program.definitions[definition].parameters)]
        given = tuple(program.texts[program.first_of_slot[callee] + part] for part in program.parts[callee][1:])
        return [definition for definition in special if self._arguments[definition] == given] or others or overloads
