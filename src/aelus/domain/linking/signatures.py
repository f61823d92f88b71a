"""Signatures: which method of a class overrides which of a base, where methods of one name are told apart by their parameters.

Source: The Java Language Specification, 8.4.2 "Method Signature".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import ARRAY, FREE, GENERIC, IMPLICIT, LITERAL, LOCAL, MEMBER, UNKNOWN, Parameter
from aelus.domain.linking.program import Program

EXTENSION: Final = "extension"
FRIEND: Final = "friend"
"""Modifier of a function in a class that is none of its members."""
OUTSIDE: Final = frozenset({EXTENSION, FRIEND})
"""Modifiers of functions that are called as if they were methods of their first argument."""
STATED: Final = "outside"
"""Modifier of methods outside of their type that take no other's place: the type that a receiver is stated to have says which runs."""
UNLISTED: Final = "unlisted"
"""Modifier of functions whose parameters are left out, which take any arguments."""
ABSTRACT: Final = "abstract"
"""Modifier of methods without a body, which classes below have in their place."""
OVERLOAD: Final = "overload"
"""Modifier of signatures without a body."""
PARAMETER: Final = "?"
"""A parameter whose type is a type parameter, or is not known: it may be any type of a method that overrides."""
TYPE_DEPTH: Final = 4
NAMED: Final = frozenset({FREE, IMPLICIT, LITERAL, LOCAL, MEMBER})
IMPLEMENTING: Final = "of "
"""Modifier of methods of implementations that stand outside of their type, with the name of what is implemented."""
ALTERNATIVE: Final = "|"
"""Between the names of methods of which the first one that is there is meant."""
BETWEEN_NAMES: Final = re.compile(r"\|(?=\w)|(?<=[^\w|])\|(?=[!<=>])")
ANY_NUMBER: Final = 1 << 30
"""More arguments than any call has."""


class Signatures:
    """Parameter types of methods, as they are written without their type arguments."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[int, tuple[str, ...]] = {}
        self._bounds: dict[int, tuple[int, int]] = {}
        self._interfaces = frozenset(IMPLEMENTING + entry.name for entry in program.definitions if entry.kind == "Trait")
        self._shown: dict[int, bool] = {}

    def overrides(self, method: int, inherited: int) -> bool:
        """Whether a method of a class runs in place of one that is inherited; both have the same name."""
        program = self._program
        word, owner = program.traits[program.file_of_definition[method]].overriding, program.parent_of(inherited)
        if STATED in program.definitions[method].modifiers or STATED in program.definitions[inherited].modifiers:
            return False
        hides = word and owner >= 0 and program.definitions[owner].kind != "Interface" and word not in program.definitions[method].modifiers
        return not hides and self.replaces(method, inherited) and self._implements(method, owner)

    def _implements(self, method: int, interface: int) -> bool:
        """Whether a method stands in an implementation of an interface, in languages where that is what makes it one of the interface."""
        program = self._program
        if interface < 0 or program.definitions[interface].kind != "Trait":
            return True
        around = program.parent_of(method)
        if not program.traits[program.file_of_definition[method]].generic_implementations:
            return True
        if around >= 0 and program.is_class(around):
            return around == interface or program.definitions[around].kind != "Trait"
        return IMPLEMENTING + program.definitions[interface].name in program.definitions[method].modifiers

    def implements_own(self, method: int) -> bool:
        """Whether a method stands in an implementation of an interface of the program."""
        return not self._interfaces.isdisjoint(self._program.definitions[method].modifiers)

    def replaces(self, method: int, inherited: int) -> bool:
        """Whether a method of a class hides one that is inherited; both have the same name."""
        if not self._program.traits[self._program.file_of_definition[method]].overloads:
            return True
        own, theirs = self.of(method), self.of(inherited)
        if own == theirs:
            return True
        return len(own) == len(theirs) and all(mine == other or PARAMETER in (mine, other) for mine, other in zip(own, theirs, strict=True))

    def takes(self, definition: int, count: int) -> bool:
        """Whether a function can be called with so many arguments."""
        bounds = self._bounds.get(definition)
        if bounds is None:
            bounds = self._bounds[definition] = self._counts(definition)
        least, most = bounds
        return least <= count <= most

    def _counts(self, definition: int) -> tuple[int, int]:
        """The least and the largest number of arguments that a function can be called with."""
        program = self._program
        parameters = program.definitions[definition].parameters
        offset = 1 if program.traits[program.file_of_definition[definition]].explicit_receiver else 0
        required = sum(1 for parameter in parameters if parameter.kind == "positional" and parameter.default == UNKNOWN)
        open_ended = (
            any(parameter.kind in ("rest", "rest_map") for parameter in parameters) or UNLISTED in program.definitions[definition].modifiers
        )
        return required - offset, ANY_NUMBER if open_ended else len(parameters)

    def takes_called(self, definition: int, count: int) -> bool:
        """As `takes`; what is called as if it were a method of its first argument has one argument more."""
        extends = not OUTSIDE.isdisjoint(self._program.definitions[definition].modifiers)
        return self.takes(definition, count) or (extends and self.takes(definition, count + 1))

    def shows_types(self, definition: int) -> bool:
        """Whether the parameters of a function name all its type parameters."""
        names = self._program.definitions[definition].type_parameters
        if not names:
            return True
        shown = self._shown.get(definition)
        if shown is None:
            shown = self._shown[definition] = self._names_all(definition, names)
        return shown

    def _names_all(self, definition: int, names: Sequence[str]) -> bool:
        program, first = self._program, self._program.first_slot[self._program.file_of_definition[definition]]
        work = [(first + parameter.type, 0) for parameter in program.definitions[definition].parameters if parameter.type]
        found = set[str]()
        for slot, depth in work:
            if program.forms[slot] == LOCAL:
                found.add(program.texts[slot])
            elif depth < TYPE_DEPTH:
                work.extend((program.first_of_slot[slot] + part, depth + 1) for part in program.parts[slot])
        return found.issuperset(names)

    def of(self, method: int) -> tuple[str, ...]:
        """Last names of the parameters' types."""
        known = self._known.get(method)
        if known is None:
            program = self._program
            first = program.first_slot[program.file_of_definition[method]]
            known = self._known[method] = tuple(self._text(first, p, method) for p in program.definitions[method].parameters)
        return known

    def _text(self, first: int, parameter: Parameter, method: int) -> str:
        if not parameter.type:
            return PARAMETER
        text = self._spelling(first + parameter.type, self._type_parameters(method))
        return f"{text}[]" if parameter.kind == "rest" and text != PARAMETER else text

    def _type_parameters(self, definition: int) -> frozenset[str]:
        """Type parameters of the definition and of those around it."""
        program, found = self._program, list[str]()
        while definition >= 0:
            found.extend(program.definitions[definition].type_parameters)
            definition = program.parent_of(definition)
        return frozenset(found)

    def _spelling(self, slot: int, parameters: frozenset[str], depth: int = 0) -> str:
        program, form = self._program, self._program.forms[slot]
        if form == GENERIC and depth < TYPE_DEPTH:
            return self._spelling(program.part(slot), parameters, depth + 1)
        if form == ARRAY and depth < TYPE_DEPTH:
            inner = self._spelling(program.part(slot), parameters, depth + 1)
            return inner if inner == PARAMETER else f"{inner}[]"
        text = program.texts[slot]
        if form in (LOCAL, IMPLICIT) and text in parameters:
            return PARAMETER
        return text if form in NAMED else PARAMETER


def without_signatures(program: Program, methods: list[int]) -> list[int]:
    """Of a method and the signatures that are written before it, the method."""
    if len(methods) == 1:
        return methods
    return [definition for definition in methods if OVERLOAD not in program.definitions[definition].modifiers] or methods


def alternatives(names: str) -> list[str]:
    """The names of methods that stand together; `operator|` is one. Where the first one is empty, instances alone are asked for them."""
    return BETWEEN_NAMES.split(names)
