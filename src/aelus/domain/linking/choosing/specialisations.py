"""Explicit specialisations of templates: `template <> int size<double>(double v)` is meant by `size<double>(1)`.

Source: ISO/IEC 14882, "Explicit specialization".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import GENERIC, LOCAL, MEMBER
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import SHIFT

SPECIAL: Final = "template <>"


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
        self._classes: dict[int, tuple[str, ...]] = {}
        """Class without parameters of its own → the type arguments that it is specialised for."""
        for definition, entry in enumerate(program.definitions):
            if not entry.type_parameters and entry.signature.startswith(SPECIAL) and program.is_class(definition):
                written = re.search(rf"\b{re.escape(entry.name)}\s*<(.*)", entry.signature.partition(" : ")[0].rstrip("> "))
                if written is not None:
                    self._classes[definition] = tuple("".join(part.split()) for part in written.group(1).split(","))

    def of_holder(self, callee: int, methods: Sequence[int], owners: Mapping[int, int]) -> Sequence[int]:
        """Of the methods that a member may be, those of the class for the type arguments that its holder is written with."""
        program = self._program
        special = [inner for inner in methods if owners.get(inner >> SHIFT, -1) in self._classes] if self._classes else []
        if not special or len(methods) == 1 or program.forms[callee] != MEMBER:
            return methods
        holder = program.part(callee)
        declared = program.declared.get(program.variable_of(holder), ()) if program.forms[holder] == LOCAL else ()
        written = [slot for slot in (holder, *declared) if program.forms[slot] == GENERIC]
        if len(written) != 1:
            return methods
        first, parts = program.first_of_slot[written[0]], program.parts[written[0]]
        given = tuple("".join(program.texts[first + part].split()) for part in parts[1:])
        meant = [inner for inner in special if self._classes[owners[inner >> SHIFT]] == given]
        return meant or [inner for inner in methods if inner not in special] or methods

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
