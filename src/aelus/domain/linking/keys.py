"""Keys of containers that are held by variables: `table[name]()` where the program says what `name` can be.

Constants are no values of the program, there are too many of them. Only those are followed that can reach a variable which is used as a
key: backwards from the key over assignments, parameters and returned values.
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, CONSTANT, INDEX, LOCAL, MEMBER, UNION, UNKNOWN
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, KEY, MASK, SHIFT, value

NAMED_FORMS: Final = frozenset({LOCAL, MEMBER})
ANY: Final = ""
"""Text of the key that is not known."""


class Keys:
    """Constants as values, where they are keys."""

    def __init__(self, program: Program, names: Names, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._followed: set[int] = set()
        self.indexes: list[int] = []
        """`INDEX` expressions whose key is followed."""

    def seed(self) -> None:
        """Find the variables that are keys, and let their constants flow."""
        program = self._program
        work: list[int] = []
        for slot in program.by_form[INDEX]:
            key = program.part(slot, 1) if len(program.parts[slot]) > 1 else -1
            if key >= 0 and program.forms[key] in NAMED_FORMS and (text := self.constant(key)) is not None:
                self.indexes.append(slot)
                self._propagation.reactions.setdefault(key, []).append(slot)
                self._followed.add(key)
                self._hold(key, text)
            elif key >= 0 and program.forms[key] in (LOCAL, CALL):
                self.indexes.append(slot)
                self._propagation.reactions.setdefault(key, []).append(slot)
                work.append(key)
        if not work:
            return
        parameters = self._parameters()
        while work:
            slot = work.pop()
            if slot not in self._followed:
                self._followed.add(slot)
                work.extend(self._follow(slot, parameters))

    def constant(self, slot: int) -> str | None:
        """The only constant that a name of another module or class stands for."""
        program = self._program
        targets: tuple[int, ...] = ()
        if program.forms[slot] == LOCAL and slot in program.imports:
            targets = self._names.imported(*program.imports[slot][0]).slots
        elif program.forms[slot] == MEMBER:
            name, holders = program.texts[slot], self._names.static(program.part(slot))
            targets = tuple(target for inner in holders for target in self._names.member(inner, name).slots)
        sources = [source for target in targets for source in program.sources.get(target, ())]
        known = len(sources) == 1 and program.forms[sources[0]] == CONSTANT
        return program.texts[sources[0]] if known else None

    def _parameters(self) -> set[int]:
        program = self._program
        return {
            program.first_slot[program.file_of_definition[definition]] + parameter.variable
            for definition, entry in enumerate(program.definitions)
            for parameter in entry.parameters
            if parameter.kind in ("positional", "keyword")
        }

    def _follow(self, slot: int, parameters: set[int]) -> list[int]:
        """Slots that the key comes from; constants among them are put in."""
        program, found = self._program, list[int]()
        sources = program.sources.get(slot, ())
        if program.forms[slot] == CALL:
            returned = self._returned(slot)
            if not returned:
                self._hold(slot, ANY)
            return returned
        if program.forms[slot] == UNION:
            sources = [program.first_of_slot[slot] + part for part in program.parts[slot]]
        for source in sources:
            form = program.forms[source]
            if form == CONSTANT:
                self._hold(slot, program.texts[source])
            elif form in (LOCAL, CALL, UNION):
                found.append(source)
            else:
                self._hold(slot, ANY)
        if not sources and slot not in parameters:
            self._hold(slot, ANY)
        return found

    def _returned(self, call: int) -> list[int]:
        program = self._program
        called = [inner >> SHIFT for inner in self._names.static(program.part(call)) if inner & MASK == DEF]
        return [program.return_slot(definition) for definition in called if program.is_function(definition)]

    def _hold(self, slot: int, text: str) -> None:
        """Let a slot be a key; one whose type is declared, which constants do not reach, is any."""
        sealed = slot in self._propagation.sealed
        text = ANY if sealed else text
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
            elif form == UNKNOWN or source not in self._followed:
                self._hold(parameter, ANY)

    def of(self, slot: int) -> list[str] | None:
        """The keys that an `INDEX` expression asks for as far as they are known by now; None when they are not followed."""
        key = self._program.part(slot, 1) if len(self._program.parts[slot]) > 1 else -1
        if key not in self._followed:
            return None
        return [self._texts[inner >> SHIFT] for inner in self._propagation.sets.get(key, ()) if inner & MASK == KEY]

    def text(self, inner: int) -> str:
        """The text of a key."""
        return self._texts[inner >> SHIFT]

    def open_ends(self) -> list[int]:
        """Keys that nothing has reached: parameters of functions that nothing calls. Any key is possible there."""
        sets = self._propagation.sets
        keys = {self._program.part(slot, 1) for slot in self.indexes}
        return [key for key in sorted(keys) if not any(inner & MASK == KEY for inner in sets.get(key, ()))]

    def open(self, slot: int) -> None:
        """Let a slot be any key."""
        self._hold(slot, ANY)
