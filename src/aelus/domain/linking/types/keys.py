"""Keys of containers that are held by variables: `table[name]()` where the program says what `name` can be.

Constants are no values of the program, there are too many of them. Only those are followed that can reach a variable which is used as a
key: backwards from the key over assignments, parameters and returned values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aelus.domain.facts import (
    CALL,
    CASE_MARKS,
    COMPOSED,
    CONSTANT,
    DEFINITION,
    FREE,
    INDEX,
    ITERATE,
    LOCAL,
    MAPPING,
    MEMBER,
    SEQUENCE,
    THIS,
    UNION,
    UNKNOWN,
    UNKNOWN_PART,
    change_case,
)
from aelus.domain.linking.classes.enumerations import Enumerations
from aelus.domain.linking.classes.enumerators import Enumerators
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import VALUES_PER_SLOT, Propagation
from aelus.domain.linking.values import DEF, EXTERNAL, KEY, MASK, OBJECT, SHIFT, value
from aelus.domain.numbers import natural

TAKING_FORMS: Final = frozenset({INDEX, ITERATE})
FOLLOWED_FORMS: Final = TAKING_FORMS | {LOCAL, CALL, COMPOSED}
COMPOSED_LIMIT: Final = 8
"""Texts that one expression is followed to."""
NAMED_FORMS: Final = frozenset({LOCAL, MEMBER})
FUNCTION: Final = "@"
"""Key that all functions share of which it is not known which they are: none is a text."""
ENUMERATOR_FORMS: Final = frozenset({FREE, LOCAL, MEMBER})
ANY: Final = ""
"""Text of the key that is not known."""


class Keys:
    """Constants as values, where they are keys."""

    __deletable__ = ("hold_back",)

    def __init__(self, program: Program, names: Names, propagation: Propagation, enumerations: Enumerations) -> None:
        self._program = program
        self._names = names
        self._enumerations = enumerations
        self._propagation = propagation
        self._enumerators = Enumerators(program, names)
        self._numbers: dict[str, int] = {}
        self._functions: set[tuple[int, str]] | None = None
        """(file, name) of the members that functions are assigned to."""
        self._texts: list[str] = []
        self._followed: set[int] = set()
        self.indexes: list[int] = []
        """`INDEX` expressions whose key is followed."""
        self._parameters = self._find_parameters()
        self.hold_back: Callable[[int, int, int], bool]
        """`Defaults.hold_back`: whether a default of a parameter waits for calls that leave it out."""
        self._ends: dict[int, None] = {}
        """Keys, and parts of texts that are keys."""

    def seed(self, names: Iterable[int]) -> None:
        """Find the variables that are keys, and let their constants flow. `names`: other expressions that are names of members."""
        program = self._program
        work = [slot for slot in names if program.forms[slot] in FOLLOWED_FORMS]
        for slot in program.by_form[INDEX]:
            key = program.part(slot, 1) if len(program.parts[slot]) > 1 else -1
            if key >= 0 and self._identity(key) is not None:
                continue
            if key >= 0 and program.forms[key] in NAMED_FORMS and (text := self.constant(key)) is not None:
                self.indexes.append(slot)
                self._propagation.react(key, slot)
                self._followed.add(key)
                self._hold(key, text)
            elif key >= 0 and program.forms[key] in FOLLOWED_FORMS:
                self.indexes.append(slot)
                self._propagation.react(key, slot)
                work.append(key)
        self._ends.update(dict.fromkeys(work))
        if not work:
            return
        while work:
            slot = work.pop()
            if slot not in self._followed:
                self._followed.add(slot)
                work.extend(self._follow(slot))

    def constant(self, slot: int) -> str | None:
        """The only constant that a name of another module or class stands for, or what says which class or function it names."""
        program = self._program
        if (enumerated := self._enumerated(slot)) is not None:
            return enumerated
        if program.forms[slot] in ENUMERATOR_FORMS and (number := self._enumerators.number(slot)):
            return number
        targets = self._targets(slot)
        sources = [source for target in targets for source in program.sources.get(target, ())]
        if not sources and program.forms[slot] == LOCAL and slot not in self._parameters:
            targets, sources = (slot,), program.sources.get(slot, [])
        if len(sources) > 1 and all(map(self._is_declared_constant, targets)):
            sources = [source for source in sources if program.forms[source] == CONSTANT]
        known = len(sources) == 1 and program.forms[sources[0]] == CONSTANT
        return program.texts[sources[0]] if known else self._identity(slot)

    def _is_declared_constant(self, variable: int) -> bool:
        """Whether the program declares a variable as a constant, which has one value however that is written."""
        bound = self._program.bound.get(variable, ())
        return bool(bound) and all(self._program.definitions[definition].kind == "Constant" for definition in bound)

    def _identity(self, slot: int) -> str | None:
        """A text that stands for a class or function that an expression names: two are never the same key."""
        program, form = self._program, self._program.forms[slot]
        if form == FREE:
            outer = self._names.builtin(program.file_of_slot(slot), program.texts[slot]).values
            return f"@{outer[0]}" if outer else None
        if form not in NAMED_FORMS or (form == LOCAL and slot in program.sources):
            return None
        if form == MEMBER and program.traits[program.file_of_slot(slot)].metatables and self._is_function(slot):
            return FUNCTION
        static = self._names.static(slot)
        if len(static) == 1 and static[0] & MASK in (DEF, EXTERNAL):
            return f"@{static[0]}"
        return None

    def _is_function(self, member: int) -> bool:
        """Whether what the file assigns to members of this name are functions, and no texts."""
        file = self._program.file_of_slot(member)
        if self._functions is None:
            self._functions = self._find_functions()
        return (file, self._program.texts[member]) in self._functions

    def _find_functions(self) -> set[tuple[int, str]]:
        program, functions, texts = self._program, set[tuple[int, str]](), set[tuple[int, str]]()
        for target, sources in program.sources.items():
            if program.forms[target] == MEMBER:
                name = (program.file_of_slot(target), program.texts[target])
                forms = {program.forms[source] for source in sources}
                functions.update([name] if DEFINITION in forms else [])
                texts.update([name] if CONSTANT in forms else [])
        return functions - texts

    def _enumerated(self, slot: int) -> str | None:
        """A text that stands for the constant of an enum that an expression names."""
        program = self._program
        for inner in self._names.static(program.part(slot)) if program.forms[slot] == MEMBER else ():
            for target in self._names.member(inner, program.texts[slot]).slots if inner & MASK == DEF else ():
                if program.is_class(inner >> SHIFT) and self._is_constant(inner >> SHIFT, target):
                    return self._written(target) or f"@{target}"
        return None

    def _written(self, constant: int) -> str:
        """The key that a constant of an enum is by its value, where it is written with one: `enum Kind { A = "a" }`."""
        sources = self._program.sources.get(constant, ())
        return self._program.texts[sources[0]] if len(sources) == 1 and self._program.forms[sources[0]] == CONSTANT else ""

    def _is_constant(self, definition: int, member: int) -> bool:
        program = self._program
        if program.definitions[definition].kind == "Enum":
            return any(program.definitions[each].kind == "Constant" for each in program.bound.get(member, ()))
        return self._enumerations.is_constant(definition, member)

    def _targets(self, slot: int, *, own: bool = False) -> tuple[int, ...]:
        """Variables of other modules and classes that a name stands for; `own`: of the class around too, by its receiver."""
        program = self._program
        if program.forms[slot] == LOCAL and slot in program.imports:
            return self._names.imported(*program.imports[slot][0]).slots
        if program.forms[slot] != MEMBER:
            return ()
        name, holder = program.texts[slot], program.part(slot)
        receivers = (source for source in (holder, *program.sources.get(holder, ())) if program.forms[source] == THIS) if own else ()
        holders = (*self._names.static(holder), *(value(DEF, program.definition_of(receiver)) for receiver in receivers))
        return tuple(target for inner in holders for target in self._names.member(inner, name).slots)

    def _find_parameters(self) -> dict[int, tuple[int, int]]:
        """Variable → function and position."""
        program = self._program
        return {
            program.first_slot[program.file_of_definition[definition]] + parameter.variable: (definition, position)
            for definition, entry in enumerate(program.definitions)
            for position, parameter in enumerate(entry.parameters)
            if parameter.kind in ("positional", "keyword")
        }

    def _follow(self, slot: int) -> list[int]:
        """Slots that the key comes from; constants among them are put in."""
        program, form = self._program, self._program.forms[slot]
        if form == COMPOSED:
            return self._follow_parts(slot)
        if form == CALL:
            returned = self._returned(slot)
            if not returned:
                self._hold(slot, ANY)
            return returned
        sources = [slot] if form in TAKING_FORMS else program.sources.get(slot, ())
        if form == UNION:
            sources = [program.first_of_slot[slot] + part for part in program.parts[slot]]
        if not sources and slot not in self._parameters:
            self._hold(slot, ANY)
        if slot in self._parameters:
            sources = [source for source in sources if not self.hold_back(*self._parameters[slot], source)]
        return [source for source in sources if not self._hold_constants(slot, source)]

    def _hold_constants(self, slot: int, source: int) -> bool:
        """Put the constants in that a source is; false where it must be followed for that."""
        form = self._program.forms[source]
        if form in (LOCAL, CALL, UNION, COMPOSED):
            return False
        constants = [source] if form == CONSTANT else self._listed(source) if form in TAKING_FORMS else []
        for text in [self._program.texts[constant] for constant in constants] or [ANY]:
            self._hold(slot, text)
        return True

    def _listed(self, slot: int) -> list[int]:
        """The constants that a table of them has at a place, or that a loop over it takes; none where others may be there."""
        program = self._program
        tables = self._tables(program.part(slot))
        if len(tables) != 1:
            return []
        table = tables[0]
        parts = [program.first_of_slot[table] + part for part in program.parts[table]]
        if program.forms[table] == MAPPING:
            parts = parts[program.forms[slot] == INDEX :: 2]
        elif program.forms[slot] == INDEX and len(program.parts[slot]) > 1:
            place = natural(program.texts[program.part(slot, 1)])
            parts = parts[place : place + 1] if place >= 0 else parts
        return parts if len(parts) <= VALUES_PER_SLOT and all(program.forms[part] == CONSTANT for part in parts) else []

    def _tables(self, slot: int) -> list[int]:
        """The literals that an expression stands for by declaration."""
        program, form = self._program, self._program.forms[slot]
        if form in (SEQUENCE, MAPPING):
            return [slot]
        if form == HELD:
            held = self._propagation.held(slot)
            return [inner >> SHIFT for inner in held if inner & MASK == OBJECT and program.forms[inner >> SHIFT] in (SEQUENCE, MAPPING)]
        targets = (slot,) if form == LOCAL else self._targets(slot, own=True)
        sources = [source for target in targets for source in program.sources.get(target, ())]
        return [source for source in sources if program.forms[source] in (SEQUENCE, MAPPING)] if len(sources) == 1 else []

    def _follow_parts(self, slot: int) -> list[int]:
        """The parts of a text that are no constants."""
        program, found = self._program, list[int]()
        for part in dict.fromkeys(program.first_of_slot[slot] + part for part in program.parts[slot][1:]):
            self._propagation.react(part, slot)
            if program.forms[part] in FOLLOWED_FORMS:
                self._ends[part] = None
                found.append(part)
            elif part not in self._followed:
                self._followed.add(part)
                self._hold(part, ANY)
        return found

    def compose(self, slot: int) -> None:
        """A text that is put together meets a new key of one of its parts."""
        program, held = self._program, self._propagation.held
        first, (known, *rest) = program.first_of_slot[slot], program.texts[slot].split(UNKNOWN_PART)
        found = [known]
        for part, behind in zip(program.parts[slot][1:], rest, strict=True):
            keys = [self._texts[inner >> SHIFT] or UNKNOWN_PART for inner in held(first + part) if inner & MASK == KEY]
            mark = behind[:1] if behind[:1] in CASE_MARKS else ""
            if mark:
                keys = [key if key == UNKNOWN_PART else change_case(mark, key) for key in keys]
            found = [f"{before}{key}{behind.removeprefix(mark)}" for before in found for key in keys][:COMPOSED_LIMIT]
        for text in found:
            self._hold(slot, text if text.strip(UNKNOWN_PART) else ANY)

    def _returned(self, call: int) -> list[int]:
        program = self._program
        called = [inner >> SHIFT for inner in self._names.static(program.part(call)) if inner & MASK == DEF]
        return [program.return_slot(definition) for definition in called if program.is_function(definition)]

    def _hold(self, slot: int, text: str) -> None:
        """Let a slot be a key; one whose type is declared, which constants do not reach, is any, unless it is a constant itself."""
        sealed = slot in self._propagation.sealed
        text = ANY if sealed and not self._is_declared_constant(slot) else text
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._texts)
            self._texts.append(text)
        if sealed:
            self._propagation.declare(slot, value(KEY, number))
        else:
            self._propagation.add(slot, value(KEY, number))

    def give(self, source: int, parameter: int) -> None:
        """An argument reaches a parameter; it is a key only where the parameter is one."""
        if parameter in self._followed:
            form = self._program.forms[source]
            if form == CONSTANT:
                self._hold(parameter, self._program.texts[source])
            elif form in TAKING_FORMS and (listed := self._listed(source)):
                for constant in listed:
                    self._hold(parameter, self._program.texts[constant])
            elif form == UNKNOWN or source not in self._followed:
                self._hold(parameter, ANY)

    def open_parameter(self, function: int, position: int) -> None:
        """Something reaches a parameter of which nothing is known: where the parameter is a key, it is any."""
        if position < len(self._program.definitions[function].parameters):
            parameter = self._program.parameter_slot(function, position)
            if parameter in self._followed and parameter in self._parameters:
                self._hold(parameter, ANY)

    def reach(self, parameter: int, text: str) -> None:
        """A text reaches a parameter; it is a key only where the parameter is one."""
        if parameter in self._followed:
            self._hold(parameter, text)

    def follows(self, slot: int) -> bool:
        """Whether the key of an `INDEX` expression is followed, so that it reacts to what that holds too."""
        return len(self._program.parts[slot]) > 1 and self._program.part(slot, 1) in self._followed

    def of(self, slot: int) -> list[str] | None:
        """The keys that an `INDEX` expression asks for as far as they are known by now; None when they are not followed."""
        key = self._program.part(slot, 1) if len(self._program.parts[slot]) > 1 else -1
        if key not in self._followed:
            return None
        return [self._texts[inner >> SHIFT] for inner in self._propagation.held(key) if inner & MASK == KEY]

    def text(self, inner: int) -> str:
        """The text of a key."""
        return self._texts[inner >> SHIFT]

    def open_ends(self) -> list[int]:
        """Keys that nothing has reached: parameters of functions that nothing calls. Any key is possible there."""
        held = self._propagation.held
        keys = {self._program.part(slot, 1) for slot in self.indexes} | self._ends.keys()
        open_keys = (key for key in sorted(keys) if self._program.forms[key] != COMPOSED)
        return [key for key in open_keys if not any(inner & MASK == KEY for inner in held(key))]

    def open(self, slot: int) -> None:
        """Let a slot be any key."""
        self._hold(slot, ANY)
