"""Which of several functions of one name a call means: by the number of its arguments, then by what is known of their types.

Sources: The Java Language Specification, 15.12.2 "Compile-Time Step 2: Determine Method Signature"; ISO/IEC 14882, "Overload resolution".
What is not known of an argument or a parameter speaks for none of them, and those that fit equally well are all kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INSTANCE,
    LITERAL,
    LOCAL,
    MEMBER,
    NEW,
    THIS,
    UNKNOWN,
    Parameter,
)
from aelus.domain.linking.flow import ValueFlow
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT

SAME: Final = 3.0
DEDUCED: Final = 2.5
"""A type parameter becomes the argument's type."""
WIDER: Final = 2.0
"""A number that is taken as one of a wider type, an instance as one of a base class."""
NARROWER: Final = 1.0
DISTANCE: Final = 0.01
"""What each step between a class and a base costs."""
REST: Final = -0.5
"""Taking arguments as the rest is the last resort."""
MISMATCH: Final = -100.0
CONST: Final = "const"
FUNCTION: Final = "()"
ARRAY_TEXT: Final = "[]"
TYPE_DEPTH: Final = 4


class Known(NamedTuple):
    """What is known of a type: classes of the program, or else the last part of its name."""

    classes: tuple[int, ...]
    text: str


ANY_TYPE: Final = Known((), "<any>")


class Overloads:
    """Chooses among overloads."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._types: dict[int, Known | None] = {}

    def choose(self, slot: int, overloads: Sequence[int], caller: int) -> Sequence[int]:
        """Those of the definitions that a call in the definition `caller` (-1 for none) can mean; never none of them."""
        if len(overloads) < 2:  # noqa: PLR2004 - nothing to choose
            return overloads
        given = self._given(slot)
        fitting = [definition for definition in overloads if self._takes(definition, len(given))] or overloads
        traits = self._program.traits[self._program.file_of_slot(slot)]
        if len(fitting) == 1 or not traits.overloads:
            return fitting
        known = [self._argument(argument) for argument in given]
        scores = [self._score(definition, known) for definition in fitting]
        best = max(scores)
        chosen = [definition for definition, score in zip(fitting, scores, strict=True) if score > best - DISTANCE / 2]
        return self._by_receiver(slot, chosen, caller)

    def _given(self, slot: int) -> list[int]:
        """Slots of the arguments."""
        first = self._program.first_of_slot[slot]
        return [first + part for part in self._program.parts[slot][1:]]

    def _takes(self, definition: int, count: int) -> bool:
        parameters = self._program.definitions[definition].parameters
        offset = self._offset(definition)
        required = sum(1 for parameter in parameters if parameter.kind == "positional" and parameter.default == UNKNOWN)
        open_ended = any(parameter.kind in ("rest", "rest_map") for parameter in parameters)
        return required - offset <= count and (open_ended or count <= len(parameters))

    def _offset(self, definition: int) -> int:
        return 1 if self._program.traits[self._program.file_of_definition[definition]].explicit_receiver else 0

    def _by_receiver(self, slot: int, chosen: list[int], caller: int) -> list[int]:
        """Of methods that differ in `const` alone, the constant one is for receivers that are: the own one of such a method."""
        constant = [d for d in chosen if CONST in self._program.definitions[d].modifiers]
        if not constant or len(constant) == len(chosen):
            return chosen
        return constant if self._is_constant(slot, caller) else [definition for definition in chosen if definition not in constant]

    def _is_constant(self, slot: int, caller: int) -> bool:
        program, callee = self._program, self._program.part(slot)
        holder = program.part(callee) if program.forms[callee] == MEMBER else -1
        if program.forms[callee] == IMPLICIT or (holder >= 0 and program.forms[holder] == THIS):
            return caller >= 0 and CONST in program.definitions[caller].modifiers
        if holder < 0 or program.forms[holder] != LOCAL:
            return False
        declared = program.declared.get(program.variable_of(holder), ())
        return any(program.forms[inner] == LITERAL and program.texts[inner] == CONST for inner in declared)

    # --- scores ------------------------------------------------------------------------------------------------------------------------

    def _score(self, definition: int, given: Sequence[Known | None]) -> float:
        parameters = self._program.definitions[definition].parameters[self._offset(definition) :]
        first = self._program.first_slot[self._program.file_of_definition[definition]]
        total, rest = 0.0, next((parameter for parameter in parameters if parameter.kind == "rest"), None)
        for position, known in enumerate(given):
            parameter = parameters[position] if position < len(parameters) else rest
            if parameter is None:
                continue
            if parameter is rest:
                total += REST
            if known is not None and (wanted := self._wanted(definition, first, parameter)) is not None:
                total += self._match(known, wanted, definition)
        return total

    def _wanted(self, definition: int, first: int, parameter: Parameter) -> Known | None:
        if not parameter.type:
            return None
        program, owner = self._program, self._hierarchy.owner.get(definition, -1)
        known = self._type(first + parameter.type)
        own = (*program.definitions[definition].type_parameters, *(program.definitions[owner].type_parameters if owner >= 0 else ()))
        return ANY_TYPE if known is not None and known.text in own else known

    def _match(self, given: Known, wanted: Known, definition: int) -> float:
        if wanted is ANY_TYPE:
            return DEDUCED
        if given.classes and wanted.classes:
            return max(self._kinship(mine, theirs) for mine in given.classes for theirs in wanted.classes)
        if given.text and given.text == wanted.text:
            return SAME
        traits = self._program.traits[self._program.file_of_definition[definition]]
        numbers, literals = traits.numbers, (*traits.numbers, *traits.texts)
        if given.text in numbers and wanted.text in numbers:
            return WIDER if numbers.index(given.text) < numbers.index(wanted.text) else NARROWER
        plain = given.text in literals or given.text == FUNCTION
        if plain and (wanted.classes or wanted.text in literals):
            return MISMATCH if not wanted.classes or given.text != FUNCTION else 0.0
        return MISMATCH if given.classes and wanted.text in literals else 0.0

    def _kinship(self, mine: int, theirs: int) -> float:
        if mine == theirs:
            return SAME
        order = self._hierarchy.order(mine)
        if theirs in order:
            return WIDER - DISTANCE * order.index(theirs)
        return 0.0 if any(base in self._hierarchy.external_bases for base in order) else MISMATCH

    # --- types -------------------------------------------------------------------------------------------------------------------------

    def _argument(self, slot: int) -> Known | None:
        """What is known of an argument: by declaration, or by the values that reach it."""
        program, form = self._program, self._program.forms[slot]
        if form in (CONSTANT, LITERAL):
            written = slot if form == LITERAL else program.part(slot) if program.parts[slot] else -1
            return Known((), program.texts[written]) if written >= 0 else None
        if form == THIS:
            return Known((program.definition_of(slot),), "")
        if form == INSTANCE:
            return self._type(program.part(slot))
        return self._declared(slot, form) or self._by_value(slot)

    def _by_value(self, slot: int) -> Known | None:
        program = self._program
        values = self._flow.values(slot) if not self._flow.is_saturated(slot) else ()
        classes = tuple(inner >> SHIFT for inner in values if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT))
        if classes:
            return Known(classes, "")
        functions = any(inner & MASK in (DEF, BOUND) and program.is_function(inner >> SHIFT) for inner in values)
        return Known((), FUNCTION) if functions else None

    def _declared(self, slot: int, form: int) -> Known | None:
        program = self._program
        if form == LOCAL:
            types = program.declared.get(slot) or program.declared.get(program.variable_of(slot), [])
            return self._type(types[0]) if types else None
        if form == NEW:
            return self._type(program.part(slot))
        if form == CALL:
            called = [i >> SHIFT for i in self._flow.values(program.part(slot)) if i & MASK in (DEF, BOUND)]
            results = [
                program.first_slot[program.file_of_definition[d]] + program.definitions[d].returns
                for d in called
                if program.definitions[d].kind in FUNCTION_KINDS and program.definitions[d].returns
            ]
            return self._type(results[0]) if results and len(results) == len(called) else None
        if form in (MEMBER, IMPLICIT):
            fields = [program.declared[field][0] for field in self._fields(slot, form) if field in program.declared]
            return self._type(fields[0]) if fields else None
        return None

    def _fields(self, slot: int, form: int) -> list[int]:
        program = self._program
        if form == IMPLICIT:
            owners = list(self._names.enclosing_classes(program.definition_of(slot)))
        else:
            owners = [inner >> SHIFT for inner in self._flow.values(program.part(slot)) if inner & MASK == INSTANCE_OF]
        name = program.texts[slot]
        found = (self._hierarchy.defines(base, name) for owner in owners for base in self._hierarchy.order(owner))
        return [field for field in found if field >= 0][:1]

    def _type(self, slot: int) -> Known | None:
        known = self._types.get(slot)
        if known is None and slot not in self._types:
            known = self._types[slot] = self._find_type(slot)
        return known

    def _find_type(self, slot: int, depth: int = 0) -> Known | None:
        program, form = self._program, self._program.forms[slot]
        if form == LITERAL:
            return Known((), program.texts[slot])
        if form == FUNCTION_TYPE:
            return Known((), FUNCTION)
        if form == ARRAY:
            return Known((), ARRAY_TEXT)
        if form == GENERIC and depth < TYPE_DEPTH:
            return self._find_type(program.part(slot), depth + 1)
        if form not in (LOCAL, FREE, IMPLICIT, MEMBER):
            return None
        classes = tuple(i >> SHIFT for i in self._names.static(slot) if i & MASK == DEF and program.is_class(i >> SHIFT))
        return Known(classes, program.texts[slot])
