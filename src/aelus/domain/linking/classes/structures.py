"""Types that implement an interface by having its methods, in languages where that is enough.

A method fits if it has the same name and its parameters and results are written alike. What is not known of a type speaks for it.

Source: The Go Programming Language Specification, "Implementing an interface".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from aelus.domain.facts import ARRAY, FREE, FUNCTION_TYPE, GENERIC, LOCAL, MEMBER, UNKNOWN
from aelus.domain.linking.library_types import LibraryType, library_types
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

NAME_FORMS: Final = frozenset({LOCAL, FREE, MEMBER})
TYPE_DEPTH: Final = 4
RESULTS: Final = "()"
"""Name of the type of several results."""
NO_RESULT: Final = ""
OWN: Final = "="
"""Beginning of the shape of a type that the program defines."""
REST: Final = "..."
SLICE: Final = "[]"
SLICE_WIDTH: Final = len(SLICE)
UNKNOWN_TYPE: Final = "?"
Shape = Any
"""How a type is written: its last name, or a tuple for one that is composed; None where that is not known."""


class Structures:
    """Matches the types of the program with its interfaces."""

    def __init__(
        self,
        program: Program,
        order: Callable[[int], Sequence[int]],
        own_methods: Callable[[int], dict[str, list[int]]],
        bases: Mapping[int, Sequence[str]],
        static: Callable[[int], Sequence[int]],
    ) -> None:
        self._program = program
        self._static = static
        self._bases = bases
        """Type → qualified names of what it embeds from elsewhere."""
        self._types = [library_types(traits.types) for traits in program.traits]
        self._order = order
        self._own_methods = own_methods
        self._shapes: dict[int, tuple[Shape, ...]] = {}
        self._having: dict[str, set[int]] = {}
        """Name of a method → types that have one of that name."""

    def implementers(self) -> dict[int, list[int]]:
        """Interface → types that have all its methods."""
        program = self._program
        interfaces, methods = list[int](), dict[int, dict[str, list[int]]]()
        having = self._having
        for definition, entry in enumerate(program.definitions):
            if not program.is_class(definition) or not program.traits[program.file_of_definition[definition]].structural_interfaces:
                continue
            methods[definition] = self._methods(definition)
            if entry.kind == "Interface":
                interfaces.append(definition)
                continue
            outer = (name for _, known in self._embedded(definition) if known is not None for name in known.results)
            for name in (*methods[definition], *outer):
                having.setdefault(name, set()).add(definition)
        found: dict[int, list[int]] = {}
        for interface in interfaces:
            outside = self._asked_outside(interface)
            wanted = [having.get(name, set()) for name in methods[interface] or outside]
            if wanted and (methods[interface] or all(known is not None for _, known in self._embedded(interface))):
                candidates = sorted(set.intersection(*sorted(wanted, key=len)))
                fitting = (one for one in candidates if self._fits(methods[one], methods[interface]))
                found[interface] = [one for one in fitting if not outside or self._has_outside(one, methods[one], outside)]
        return found

    def having(self, asked: Mapping[str, str]) -> list[int]:
        """Types that have all methods which are asked for, by what these take and return."""
        if not asked:
            return []
        candidates = sorted(set.intersection(*sorted((self._having.get(name, set()) for name in asked), key=len)))
        return [one for one in candidates if self.has(one, asked)]

    def has(self, definition: int, asked: Mapping[str, str]) -> bool:
        """Whether a type has all methods that are asked for."""
        methods = self._methods(definition)
        return all(
            (name not in methods and definition in self._having.get(name, ()))
            or any(_matches(self._shape(method), shape_of(signature)) for method in methods.get(name, ()))
            for name, signature in asked.items()
        )

    def is_of(self, function: int, written: int) -> bool:
        """Whether a function is of a type of functions."""
        program, (result, *parameters) = self._program, self._shape(function)
        first, parts = program.first_of_slot[written], program.parts[written]
        taken = [first + part for part in parts[1:]]
        alike = len(taken) == len(parameters) and all(
            _matches(self._type(slot, 0), shape) for slot, (_, shape) in zip(taken, parameters, strict=True)
        )
        return alike and _matches(self._result(first, parts[0]), result)

    def _embedded(self, definition: int) -> list[tuple[str, LibraryType | None]]:
        """What a type embeds from elsewhere, and what is known of that."""
        library = self._types[self._program.file_of_definition[definition]]
        return [(name, library.get(name)) for owner in self._order(definition) for name in self._bases.get(owner, ())]

    def _asked_outside(self, interface: int) -> dict[str, str]:
        """Methods that an interface asks for because it embeds interfaces from elsewhere, as far as these are known."""
        asked: dict[str, str] = {}
        for _, known in self._embedded(interface):
            asked.update(known.signatures if known is not None else {})
        return asked

    def _has_outside(self, definition: int, methods: dict[str, list[int]], wanted: dict[str, str]) -> bool:
        """Whether a type has such methods: its own ones, or those that it has from elsewhere too."""
        own = {name: signature for name, signature in wanted.items() if name in methods}
        if not self.has(definition, own):
            return False
        embedded = self._embedded(definition)
        outer = {name for _, known in embedded if known is not None for name in known.results}
        return all(name in own or name in outer for name in wanted) or any(known is None for _, known in embedded)

    def _methods(self, definition: int) -> dict[str, list[int]]:
        """All methods by name, nearest first, inherited ones included."""
        found: dict[str, list[int]] = {}
        for owner in self._order(definition):
            for name, methods in self._own_methods(owner).items():
                found.setdefault(name, methods)
        return found

    def _fits(self, having: dict[str, list[int]], wanted: dict[str, list[int]]) -> bool:
        """Whether methods are those that are asked for; one that is missing here is of a type from elsewhere."""
        return all(name not in having or self._is_alike(having[name], methods) for name, methods in wanted.items())

    def _is_alike(self, mine: Iterable[int], theirs: Iterable[int]) -> bool:
        return any(_matches(self._shape(one), self._shape(other)) for one in mine for other in theirs)

    def _shape(self, method: int) -> tuple[Shape, ...]:
        shape = self._shapes.get(method)
        if shape is None:
            program, entry = self._program, self._program.definitions[method]
            first = program.first_slot[program.file_of_definition[method]]
            parameters = ((parameter.kind == "rest", self._type(first + parameter.type, 0)) for parameter in entry.parameters)
            shape = self._shapes[method] = (self._result(first, entry.returns), *parameters)
        return shape

    def _result(self, first: int, returns: int) -> Shape:
        return NO_RESULT if returns == UNKNOWN else self._type(first + returns, 0)

    def _type(self, slot: int, depth: int) -> Shape:
        program, form = self._program, self._program.forms[slot]
        if form == UNKNOWN or depth > TYPE_DEPTH:
            return None
        if form in NAME_FORMS:
            return None if self._stands_for_another(slot) else self._name(slot)
        if form in (GENERIC, ARRAY):
            return (form, *(self._type(program.first_of_slot[slot] + part, depth + 1) for part in program.parts[slot]))
        return "()" if form == FUNCTION_TYPE else None

    def _name(self, slot: int) -> Shape:
        """What a name means in the program, where it has only one meaning; types of other packages may have the same name."""
        found = self._static(slot)
        if len(found) != 1 or found[0] & MASK != DEF:
            return self._program.texts[slot]
        return None if self._program.definitions[found[0] >> SHIFT].kind == "TypeAlias" else (OWN, found[0])

    def _stands_for_another(self, slot: int) -> bool:
        """A type parameter, or an alias."""
        bound = self._program.bound.get(slot, ())
        if self._program.forms[slot] == LOCAL and not bound and slot not in self._program.imports:
            return True
        return any(self._program.definitions[definition].kind == "TypeAlias" for definition in bound)


def _matches(one: Shape, other: Shape) -> bool:
    if one is None or other is None:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_matches(mine, theirs) for mine, theirs in zip(one, other, strict=True))
    return bool(one == other)


@cache
def shape_of(signature: str) -> tuple[Shape, ...]:
    """`([]byte,...T)(int,error)` as the result and the parameters of a method."""
    taken, _, returned = signature[1:-1].partition(")(")
    parameters = [(part.startswith(REST), _written(part.removeprefix(REST))) for part in taken.split(",") if part]
    results = [_written(part) for part in returned.split(",") if part]
    result = (GENERIC, RESULTS, *results) if len(results) > 1 else results[0] if results else NO_RESULT
    return (result, *parameters)


def _written(text: str) -> Shape:
    rank = 0
    while text.startswith(SLICE, SLICE_WIDTH * rank):
        rank += 1
    shape: Shape = text[SLICE_WIDTH * rank :]
    shape = None if shape == UNKNOWN_TYPE else shape
    for _ in range(rank):
        shape = (ARRAY, shape)
    return shape
