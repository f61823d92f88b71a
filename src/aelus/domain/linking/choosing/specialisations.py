"""Explicit specialisations of templates: `template <> int size<double>(double v)` is meant by `size<double>(1)`.

Source: ISO/IEC 14882, "Explicit specialization".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import GENERIC, LITERAL, LOCAL, MEMBER
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import SHIFT

SPECIAL: Final = "template <>"
TEMPLATE: Final = "template"
UNTYPED: Final = "void*"
Pattern = tuple[str, ...]
"""What stands before, between and behind the type parameters of a part of a specialisation."""


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
        self._patterns = _partial(program)
        """Class that is specialised in part → what each of its type arguments looks like."""
        self._fields = _fields(program) if self._patterns else {}
        """Name of a field → what fields of this name are declared as."""
        kinds = [(entry.name, program.is_class(definition)) for definition, entry in enumerate(program.definitions)]
        self._names = {name for name, is_class in kinds if is_class} - {name for name, is_class in kinds if not is_class}
        """What means classes of the program wherever it stands."""

    def of_holder(self, callee: int, methods: Sequence[int], owners: Mapping[int, int]) -> Sequence[int]:
        """Of the methods that a member may be, those of the class for the type arguments that its holder is written with."""
        program = self._program
        if len(methods) == 1 or program.forms[callee] != MEMBER or not (self._classes or self._patterns):
            return methods
        special = [inner for inner in methods if owners.get(inner >> SHIFT, -1) in self._classes]
        partial = [inner for inner in methods if owners.get(inner >> SHIFT, -1) in self._patterns]
        written = self._written(program.part(callee)) if special or partial else None
        if written is None:
            return methods
        given = self._given(written)
        meant = [inner for inner in special if self._classes[owners[inner >> SHIFT]] == given]
        if meant:
            return meant
        if all(self._differ(self._classes[owners[inner >> SHIFT]], given, written) for inner in special):
            methods = [inner for inner in methods if inner not in special] or methods
        if not self._is_exact(written):
            return methods
        meant = [inner for inner in partial if _match(self._patterns[owners[inner >> SHIFT]], given)]
        return meant or [inner for inner in methods if inner not in partial] or methods

    def _is_exact(self, generic: int) -> bool:
        """Whether type arguments are known to the letter. Of a class that is named, the facts do not tell its pointer apart."""
        program, first = self._program, self._program.first_of_slot[generic]
        return all(program.forms[first + part] == LITERAL for part in program.parts[generic][1:])

    def _written(self, holder: int) -> int | None:
        """The type with arguments that a holder is declared with, or all fields of its name are."""
        program = self._program
        declared: Sequence[int] = program.declared.get(program.variable_of(holder), ()) if program.forms[holder] == LOCAL else ()
        if program.forms[holder] == MEMBER:
            declared = self._fields.get(program.texts[holder], ())
            if len({self._given(slot) if program.forms[slot] == GENERIC else () for slot in declared}) > 1:
                return None
            declared = declared[:1]
        written = [slot for slot in (holder, *declared) if program.forms[slot] == GENERIC]
        return written[0] if len(written) == 1 else None

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
        known = all(part in numbers or part in self._names or part == UNTYPED for listed in (one, other) for part in listed)
        return known and len(one) == len(other) and one != other


def _listed(text: str) -> tuple[str, ...]:
    """Type arguments without spaces; those that have arguments themselves are taken for one."""
    return ("".join(text.split()),) if "<" in text else tuple("".join(part.split()) for part in text.rstrip("> ").split(","))


def _partial(program: Program) -> dict[int, tuple[Pattern, ...]]:
    patterns: dict[int, tuple[Pattern, ...]] = {}
    for definition, entry in enumerate(program.definitions):
        if entry.type_parameters and entry.signature.startswith(TEMPLATE) and program.is_class(definition):
            written = re.search(rf">\s*(?:class|struct|union)\s+{re.escape(entry.name)}\s*<(.*)", entry.signature, re.DOTALL)
            if written is not None:
                patterns[definition] = tuple(_pattern(part, entry.type_parameters) for part in _closed(written.group(1)))
    return patterns


def _fields(program: Program) -> dict[str, list[int]]:
    fields: dict[str, list[int]] = {}
    for definition, entry in enumerate(program.definitions):
        if entry.kind == "Field" and entry.returns:
            fields.setdefault(entry.name, []).append(program.first_slot[program.file_of_definition[definition]] + entry.returns)
    return fields


def _closed(text: str) -> tuple[str, ...]:
    """Type arguments without spaces, up to the bracket that closes them."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "<") - (letter == ">")
        if depth < 0:
            break
        if letter == "," and not depth:
            parts.append("")
        elif not letter.isspace():
            parts[-1] += letter
    return tuple(parts)


def _pattern(part: str, parameters: Sequence[str]) -> Pattern:
    """What a type argument looks like that a part of a specialisation stands for: any type for each parameter of its own."""
    names = "|".join(re.escape(name) for name in parameters)
    return tuple(re.split(rf"\b(?:{names})\b", part))


def _match(patterns: Sequence[Pattern], given: Sequence[str]) -> bool:
    return len(patterns) == len(given) and all(_fits(pattern, part) for pattern, part in zip(patterns, given, strict=True))


def _fits(pattern: Pattern, given: str) -> bool:
    """Whether a text has the letters of a pattern, in their order, with something between them each time."""
    if len(pattern) == 1 or not given.startswith(pattern[0]):
        return pattern == (given,)
    position = len(pattern[0])
    for letters in pattern[1:-1]:
        position = given.find(letters, position + 1)
        if position < 0:
            return False
        position += len(letters)
    return len(given) - len(pattern[-1]) > position and given.endswith(pattern[-1])
