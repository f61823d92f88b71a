"""Calls that the library makes of what it is given, and of what only stands for a function: constants, pairs, containers, code in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, FREE, METATABLE, NEW, SEQUENCE, UNKNOWN
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.library.called_variables import find_named
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import ACCESSOR, DEF, MASK, SHIFT, value

PAIR: Final = 2
CALL_METAMETHOD: Final = "__call"
CALLED: Final = re.compile(r"\s*([^\W\d][\w.]*)\(")
"""Code that begins with the call of a name."""
NAMED_THERE: Final = re.compile(r"\s*([^\W\d][\w.]*)\s*")
"""Code that is a name."""
CALLS_PER_SITE: Final = 8
"""Calls that one site makes through the library; more are left out."""
CALL_DEPTH: Final = 4
"""Calls that the library makes one behind the other: `f = partial(f, x)` calls itself without end."""


class LibraryCalls:
    def __init__(self, program: Program, names: Names, propagation: Propagation, constraints: Constraints) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._constraints = constraints
        self._done: set[tuple[int, int]] = set()
        self._accessors: list[tuple[int, ...]] = []
        self.nothing = program.new_slot(UNKNOWN)
        self.missing = program.new_slot(UNKNOWN)
        """Stands for an argument that is not given, before others."""
        self.receivers: dict[int, int] = {}
        """Call that the library makes → slot of what it makes it on."""
        self.made: dict[int, list[int]] = {}
        """Call site → calls that the library makes there with functions of the program."""

    def made_at(self, slot: int) -> Sequence[int]:
        """Calls that the library makes where it is called."""
        return self.made.get(slot, ())

    def once(self, slot: int, key: int) -> bool:
        """Whether this is the first time that something is done at a site."""
        if (slot, key) in self._done:
            return False
        self._done.add((slot, key))
        return True

    def make(self, site: int, callee: int, arguments: tuple[int, ...]) -> int:
        """The library makes an instance of `callee` at a site."""
        return self.make_call(site, callee, arguments, "", NEW)

    def call(self, site: int, callee: int, arguments: tuple[int, ...], receiver: int = -1) -> int:
        """The library calls `callee` at a site, perhaps on a receiver; the slot of what it returns."""
        if self._names_member(site, callee) and arguments:
            callee, arguments = self._constraints.step(arguments[0], f".{self._program.texts[callee]}"), arguments[1:]
        made = self.make_call(site, self.callee(site, callee), arguments, "")
        if receiver >= 0 and made != self.nothing:
            self.receivers[made] = receiver
        return made

    def make_call(self, site: int, callee: int, arguments: tuple[int, ...], keywords: str, form: int = CALL) -> int:
        """A call that the program text does not have; the slot of what it returns."""
        calls, depth = self.made.setdefault(site, []), self._program.depths.get(site, 0)
        if len(calls) == CALLS_PER_SITE or depth == CALL_DEPTH:
            return self.nothing
        made = self._program.derived_slot(site, form, keywords, (callee, *arguments))
        self._program.depths[made] = depth + 1
        calls.append(made)
        self._propagation.subscribe(callee, made)
        return made

    # --- constants that name functions --------------------------------------------------------------------------------------------------

    def callee(self, site: int, callee: int) -> int:
        """What is called by a value: of a constant, the function that it names, where the language has that."""
        program = self._program
        if program.forms[callee] == CONSTANT and program.traits[program.file_of_slot(site)].callable_constants:
            return self._named(site, program.texts[callee])
        return callee

    def _names_member(self, site: int, callee: int) -> bool:
        """Whether what is called is a constant that names a method of the first argument (`&:name`)."""
        program = self._program
        return program.forms[callee] == CONSTANT and program.traits[program.file_of_slot(site)].member_constants

    def _named(self, site: int, text: str) -> int:
        """A slot that holds the function that a constant names."""
        program = self._program
        file = program.file_of_slot(site)
        separator = program.traits[file].separator
        holder, _, member = text.strip(separator).replace(separator, ".").rpartition(program.traits[file].member_separator or ".")
        made = program.derived_slot(site, HELD, "", ())
        own = [inner for inner in self._names.values_of(self._names.module_value(file, holder or member)) if inner & MASK == DEF]
        known = member if not holder and program.traits[file].member_separator else ""
        for inner in own or self._names.builtin(file, known).values:
            self._propagation.add(made, inner)
        return self._constraints.step(made, f".{member}") if holder and member else made

    def name_functions(self) -> None:
        """Constants with the full name of a function are that function wherever they come to: `"C::m"`."""
        program = self._program
        for slot in program.of_form(CONSTANT, _names_functions):
            traits, text = program.traits[program.file_of_slot(slot)], program.texts[slot]
            if traits.separator not in text.strip(traits.separator) and traits.member_separator not in text:
                continue
            named, _, member = text.partition(traits.member_separator)
            found = self._names.values_of(self._names.module_value(program.file_of_slot(slot), self._path(traits, named)))
            known = [inner for inner in found if inner & MASK == DEF]
            if any(program.is_class(inner >> SHIFT) if member else program.is_function(inner >> SHIFT) for inner in known):
                program.naming_functions.add(slot)
                self._propagation.copy(self._named(slot, text), slot)

    def _path(self, traits: LanguageTraits, text: str) -> str:
        return text.strip(traits.separator).replace(traits.separator, ".")

    def name_callees(self) -> None:
        """Variables in calls hold the functions and classes that the constants name which are assigned to them."""
        program = self._program
        for slot, variable in find_named(program):
            for source in program.sources.get(variable, ()):
                if program.forms[source] == CONSTANT:
                    self._propagation.connect(self._named(slot, program.texts[source]), variable)

    def evaluate(self, site: int, codes: Sequence[str]) -> int:
        """A slot of what constants yield that are calls: `eval("f()")`."""
        program, file = self._program, self._program.file_of_slot(site)
        for code in codes:
            called, named = CALLED.match(code), NAMED_THERE.fullmatch(code)
            match = called or named
            first, *members = match.group(1).split(".") if match else [""]
            slot = program.locals[file].get((0, first), -1)
            if slot >= 0:
                for name in members:
                    slot = self._constraints.step(slot, f".{name}")
                return self.make_call(site, slot, (), "") if called else slot
        return -1

    # --- containers that are called -----------------------------------------------------------------------------------------------------

    def call_pair(self, slot: int, holder: int) -> None:
        """A call of a container: `[object, "method"]` names a method, where the language has that."""
        program, origin = self._program, holder >> SHIFT
        parts = program.parts[origin]
        if program.forms[origin] != SEQUENCE or len(parts) != PAIR or not program.traits[program.file_of_slot(origin)].callable_constants:
            return
        receiver, name = (program.first_of_slot[origin] + part for part in parts)
        named = [each for each in (name, *program.sources.get(name, ())) if program.forms[each] == CONSTANT]
        for each in named if self.once(slot, ~holder) else ():
            member = self._constraints.step(self.callee(slot, receiver), f".{program.texts[each]}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self.make_call(slot, member, arguments, program.texts[slot]), slot)

    def call_metatable(self, slot: int, holder: int) -> None:
        """A call of a container whose metatable says what that does; it is called with the container itself first."""
        program = self._program
        if slot < program.file_slots and self.once(slot, ~holder):
            held = program.derived_slot(slot, HELD, "", ())
            self._propagation.add(held, holder)
            callee = self._constraints.step(self._constraints.step(held, f"[{METATABLE}]"), f".{CALL_METAMETHOD}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self.make_call(slot, callee, (held, *arguments), program.texts[slot]), slot)

    # --- what is called -----------------------------------------------------------------------------------------------------------------

    def accessor(self, *functions: int) -> int:
        """A member that runs what the slots hold: where it is read, stored, deleted."""
        self._accessors.append(functions)
        return value(ACCESSOR, len(self._accessors) - 1)

    @property
    def any_accessors(self) -> bool:
        """Whether the program has members that run what they were made with."""
        return bool(self._accessors)

    def accessing(self, accessor: int, access: int) -> int:
        """Slot of what an accessor runs where it is read (0), stored (1) or deleted (2); -1 for nothing."""
        functions = self._accessors[accessor]
        return functions[access] if access < len(functions) else -1

    def is_own(self, slot: int) -> bool:
        """Whether an expression may hold what the program defines, or is made of it."""
        return self._program.forms[slot] != FREE or bool(self._names.static(slot))

    def names_function(self, slot: int) -> bool:
        """Whether an expression is the name of a function of the program, or one."""
        return any(inner & MASK == DEF and self._program.is_function(inner >> SHIFT) for inner in self._names.static(slot))


def _names_functions(traits: LanguageTraits) -> bool:
    return traits.callable_constants and bool(traits.member_separator)
