"""Types of one name that take different numbers of type arguments: `Result` and `Result<T>` are two, in languages that tell them apart.

Where a name is one of several types, of the program or the library, or one of methods, too, those with parameters are known by the name and
their number, and where a type is written with arguments the name is looked for that goes with these. Source: ECMA-334 (C#), 7.8 "Namespace
and type names".
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, FREE, GENERIC, IMPLICIT, LOCAL, MEMBER
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.program import ALIAS, Program

ARITY_MARK: Final = "`"
"""Between the name of a generic type and the number of its type arguments."""
METHOD: Final = "Method"
LOOKED_UP: Final = frozenset({FREE, IMPLICIT, MEMBER})
"""Names that no scope of their file declares."""


def tell_arities_apart(program: Program) -> dict[str, str]:
    """Bind generic types to names of their own, and let what is written with type arguments mean these: name → what stands in the text."""
    files = {file for file, traits in enumerate(program.traits) if traits.arities}
    return _Arities(program, files).apply() if files else {}


class _Arities:
    def __init__(self, program: Program, files: set[int]) -> None:
        self._program = program
        self._files = files
        self._declared: dict[str, str] = {}
        self._left: dict[int, None] = {}
        """Variables that types were bound to which have names of their own by now."""
        self._heads: dict[tuple[int, int], int] = {}

    def apply(self) -> dict[str, str]:
        program = self._program
        methods = {entry.name for entry in program.definitions if entry.kind == METHOD}
        for name, named in self._types().items():
            arities = {len(program.definitions[definition].type_parameters) for definition in named}
            if len(arities) > 1 or name in methods or self._is_of_library(named[0]):
                for definition in named:
                    self._rename(definition)
        if self._declared:
            self._read_arguments()
            self._let_out()
        return self._declared

    def _types(self) -> dict[str, list[int]]:
        """Types by their names."""
        program, found = self._program, dict[str, list[int]]()
        for definition, entry in enumerate(program.definitions):
            if (program.is_class(definition) or entry.kind == ALIAS) and program.file_of_definition[definition] in self._files:
                found.setdefault(entry.name, []).append(definition)
        return found

    def _is_of_library(self, definition: int) -> bool:
        """Whether a type of the library has the name, which may be meant where no arguments are written."""
        program = self._program
        traits = program.traits[program.file_of_definition[definition]]
        return program.definitions[definition].name in library_types(traits.types).last_names

    def _rename(self, definition: int) -> None:
        program = self._program
        entry, slot = program.definitions[definition], program.slot_of_definition[definition]
        if not entry.type_parameters:
            return
        name = f"{entry.name}{ARITY_MARK}{len(entry.type_parameters)}"
        self._declared[name] = entry.name
        program.bound[slot].remove(definition)
        if not program.bound[slot]:
            del program.bound[slot]
            self._left[slot] = None
        own = program.slot_of_definition[definition] = program.local_slot(program.file_of_definition[definition], entry.scope, name)
        program.bound.setdefault(own, []).append(definition)

    def _read_arguments(self) -> None:
        """Let types that are written with arguments be those that take as many; what is called with some is a function."""
        program, called = self._program, frozenset(self._program.first_parts(CALL))
        for slot in program.by_form[GENERIC]:
            if slot not in called and program.file_of_slot(slot) in self._files:
                head = self._head(program.part(slot), len(program.parts[slot]) - 1)
                parts = list(program.parts[slot])
                parts[0] = head - program.first_of_slot[slot]
                program.parts[slot] = tuple(parts)
        for slot in program.by_form[MEMBER]:
            arity = len(program.parts[slot]) - 1
            name = f"{program.texts[slot]}{ARITY_MARK}{arity}" if arity else ""
            if name in self._declared and slot not in called:
                program.texts[slot] = name

    def _head(self, slot: int, arity: int) -> int:
        """What a type is written with that has so many arguments."""
        name, form = f"{self._program.texts[slot]}{ARITY_MARK}{arity}", self._program.forms[slot]
        if name not in self._declared or (form != LOCAL and form not in LOOKED_UP):
            return slot
        known = self._heads.get((slot, arity))
        if known is None:
            scopes = form == LOCAL
            known = self._declared_around(slot, name) if scopes else self._looked_up(slot, form, name, self._program.parts[slot])
            self._heads[slot, arity] = known
        return known

    def _declared_around(self, slot: int, name: str) -> int:
        """The name in the scopes around the one that declares another type of it."""
        program, file, scope = self._program, self._program.file_of_slot(slot), self._program.parts[slot][0]
        scopes, declared = program.units[file].facts.scopes, program.locals[file]
        around = scope
        while around >= 0:
            own = declared.get((around, name), -1)
            if own >= 0:
                return own
            around = scopes[around].parent
        definition = scopes[scope].definition
        form = FREE if definition < 0 else IMPLICIT
        return self._looked_up(slot, form, name, () if definition < 0 else (definition,))

    def _looked_up(self, slot: int, form: int, name: str, parts: tuple[int, ...]) -> int:
        made = self._program.new_slot(form, name, parts, self._program.first_of_slot[slot])
        self._program.by_form[form].append(made)
        return made

    def _let_out(self) -> None:
        """A name that only generic types had in its scope, and that is written without arguments, means one of elsewhere."""
        program = self._program
        left = [slot for slot in self._left if not (slot in program.bound or slot in program.imports or slot in program.sources)]
        for slot in left:
            file, scope = program.file_of_slot(slot), program.parts[slot][0]
            program.locals[file].pop((scope, program.texts[slot]), None)
            definition = program.units[file].facts.scopes[scope].definition
            program.forms[slot] = FREE if definition < 0 else IMPLICIT
            program.parts[slot] = () if definition < 0 else (definition,)
            program.by_form[program.forms[slot]].append(slot)
        gone = set(left)
        if gone:
            program.by_form[LOCAL] = [slot for slot in program.by_form[LOCAL] if slot not in gone]
