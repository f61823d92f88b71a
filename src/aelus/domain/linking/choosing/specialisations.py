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
                    self._arguments[definition] = _listed(written.group(1))
        self._classes: dict[int, tuple[str, ...]] = {}
        """Class without parameters of its own → the type arguments that it is specialised for."""
        for definition, entry in enumerate(program.definitions):
            if not entry.type_parameters and entry.signature.startswith(SPECIAL) and program.is_class(definition):
                written = re.search(rf"\b{re.escape(entry.name)}\s*<(.*)", entry.signature.partition(" : ")[0])
                if written is not None:
                    self._classes[definition] = _listed(written.group(1))
        kinds = [(entry.name, program.is_class(definition)) for definition, entry in enumerate(program.definitions)]
        self._names = {name for name, is_class in kinds if is_class} - {name for name, is_class in kinds if not is_class}
        """What means classes of the program wherever it stands."""

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
        given = self._given(written[0])
        meant = [inner for inner in special if self._classes[owners[inner >> SHIFT]] == given]
        if meant or not all(self._differ(self._classes[owners[inner >> SHIFT]], given, written[0]) for inner in special):
            return meant or methods
        return [inner for inner in methods if inner not in special] or methods

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
        given = self._given(callee)
        meant = [definition for definition in special if self._arguments[definition] == given]
        if meant or not all(self._differ(self._arguments[definition], given, callee) for definition in special):
            return meant or overloads
        return others or overloads

    def _given(self, generic: int) -> tuple[str, ...]:
        """Type arguments as they are written; "" for what has arguments itself."""
        program, first = self._program, self._program.first_of_slot[generic]
        parts = [first + part for part in program.parts[generic][1:]]
        return tuple("".join(program.texts[part].split()) if program.forms[part] != GENERIC else "" for part in parts)

    def _differ(self, one: Sequence[str], other: Sequence[str], slot: int) -> bool:
        """Whether type arguments are certain to mean different types: numbers and classes that bear no other name."""
        numbers = {"".join(name.split()) for name in self._program.traits[self._program.file_of_slot(slot)].numbers}
        known = all(part in numbers or part in self._names for listed in (one, other) for part in listed)
        return known and len(one) == len(other) and one != other


def _listed(text: str) -> tuple[str, ...]:
    """Type arguments without spaces; those that have arguments themselves are taken for one."""
    return ("".join(text.split()),) if "<" in text else tuple("".join(part.split()) for part in text.rstrip("> ").split(","))
