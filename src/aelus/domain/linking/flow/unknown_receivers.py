"""Calls on values of which nothing is known: what is so of any value, and what the file itself says, decides all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import CALL, DEFINITION, FUNCTION_TYPE, LOCAL, MEMBER
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import STATED, Signatures
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, LIBRARY_METHOD, MASK, OBJECT, SHIFT, value

TYPED: Final = frozenset({EXTERNAL_INSTANCE, OBJECT})
"""Values whose type is known."""
EXTENSIONS: Final = 16
"""Imported extensions of one name that may be meant on a value of which nothing is known; of more, none is."""


class UnknownReceivers:
    """In languages where the library and the program give all values methods."""

    def __init__(self, program: Program, propagation: Propagation, summaries: Summaries, signatures: Signatures) -> None:
        self._program = program
        self._propagation = propagation
        self._summaries = summaries
        self._signatures = signatures

    def settle(self, is_declared: Callable[[int], bool]) -> None:
        """Let calls on them do what they do on any value. `is_declared`: whether a type says what an expression holds."""
        program, library = self._program, self._summaries.library
        calls = program.of_form(CALL, lambda traits: traits.extends_any)
        imported = self._imported_extensions() if calls else {}
        for slot in calls:
            callee, file = program.part(slot), program.file_of_slot(slot)
            held, name = self._propagation.held(callee), program.texts[callee]
            if all(inner & MASK == EXTERNAL and not library.function(file, inner >> SHIFT).effects for inner in held):
                for method in imported.get((file, name), ()):
                    if self._extends(callee, is_declared) and self._signatures.takes(method, len(program.parts[slot]) - 1):
                        self._propagation.add(callee, value(DEF, method))
                if program.forms[callee] == MEMBER and library.has_value_method(name):
                    self._summaries.call_on_unknown(slot, name)
            self._share_implicit(slot)

    def _extends(self, callee: int, is_declared: Callable[[int], bool]) -> bool:
        """Whether what is called may be an extension: one that is imported, or a member of a value whose type nothing says."""
        program = self._program
        if program.forms[callee] != MEMBER:
            return program.forms[callee] == LOCAL and callee in program.imports
        receiver = program.part(callee)
        return not is_declared(receiver) and all(inner & MASK not in TYPED for inner in self._propagation.held(receiver))

    def _imported_extensions(self) -> dict[tuple[int, str], list[int]]:
        """(file, name) → methods outside of their type that it imports under this name."""
        program = self._program
        packages = [unit.facts.package for unit in program.units]
        extensions: dict[str, list[int]] = {}
        for definition, entry in enumerate(program.definitions):
            if STATED in entry.modifiers and program.is_function(definition):
                extensions.setdefault(f"{packages[program.file_of_definition[definition]]}.{entry.name}", []).append(definition)
        found: dict[tuple[int, str], dict[int, None]] = {}
        for file, unit in enumerate(program.units) if extensions else ():
            for statement in unit.facts.imports:
                methods = extensions.get(statement.module, ())
                if statement.variable and 0 < len(methods) <= EXTENSIONS:
                    bound = program.texts[program.first_slot[file] + statement.variable]
                    found.setdefault((file, bound), {}).update(dict.fromkeys(methods))
        return {key: list(methods) for key, methods in found.items() if len(methods) <= EXTENSIONS}

    def _share_implicit(self, slot: int) -> None:
        """The parameter that a lambda does not write is that of the lambda around, where the lambda is given nothing."""
        program = self._program
        first = program.first_of_slot[slot]
        for position, part in enumerate(program.parts[slot][1:]):
            if program.forms[first + part] != DEFINITION:
                continue
            function = program.definition_of(first + part)
            own, outer = self._implicit(function), -1
            around = program.parent_of(function) if own >= 0 else -1
            while around >= 0 and outer < 0:
                outer, around = self._implicit(around), program.parent_of(around)
            if outer >= 0 and not self._propagation.held(own) and self._is_given_nothing(slot, position):
                self._propagation.connect(outer, own)

    def _implicit(self, function: int) -> int:
        """Variable of the parameter that a function has without writing it; -1 where it has none."""
        program = self._program
        entry = program.definitions[function]
        word = program.traits[program.file_of_definition[function]].implicit_parameter
        named = bool(word) and len(entry.parameters) == 1 and entry.parameters[0].name == word
        return program.parameter_slot(function, 0) if named and program.is_function(function) else -1

    def _is_given_nothing(self, slot: int, position: int) -> bool:
        """Whether all that takes a function there calls it without arguments: parameters for such functions, and the library."""
        program = self._program
        argument = program.first_of_slot[slot] + program.parts[slot][position + 1]
        calls = [call for call in self._summaries.calls.made_at(slot) if program.part(call) == argument]
        own = [inner for inner in self._propagation.held(program.part(slot)) if inner & MASK not in (EXTERNAL, LIBRARY_METHOD)]
        stated = all(self._gives_nothing(inner, position, last=position == len(program.parts[slot]) - 2) for inner in own)
        return stated and all(len(program.parts[call]) == 1 for call in calls) and bool(own or calls)

    def _gives_nothing(self, inner: int, position: int, *, last: bool) -> bool:
        """Whether it is a function whose parameter at a position is for functions without parameters."""
        program, definition = self._program, inner >> SHIFT
        if inner & MASK not in (DEF, BOUND) or program.definitions[definition].kind not in FUNCTION_KINDS:
            return False
        parameters = program.definitions[definition].parameters
        parameter = parameters[-1] if last and parameters else parameters[position] if position < len(parameters) else None
        written = program.first_slot[program.file_of_definition[definition]] + parameter.type if parameter is not None else -1
        if written < 0 or program.forms[written] != FUNCTION_TYPE:
            return False
        return len(program.parts[written]) <= (2 if program.texts[written] else 1)  # a receiver is no parameter
