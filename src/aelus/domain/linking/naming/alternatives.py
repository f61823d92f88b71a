"""Definitions of one name in branches of which a compiler reads one: a name means that of the branch that is read.

What stands in a branch that is left out means the definitions that are left out with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from aelus.domain.conditions import decided
from aelus.domain.facts import CONDITION, LEFT_OUT
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, MASK, SHIFT


class Alternatives:
    """Chooses among the values of a name."""

    def __init__(self, program: Program, modules: Modules) -> None:
        self._program = program
        self._modules = modules
        self._unmet = self._find_unmet()
        self._read_imports()
        self._empty_constants()
        self._foreign = {file for file, path in enumerate(program.paths) if _is_foreign(path, program.traits[file])}
        self._any = bool(self._foreign) or bool(self._unmet)

    def _find_unmet(self) -> frozenset[int]:
        """Definitions that are left out: by their file alone, or by the switches of its package."""
        files, definitions = self._program.file_of_definition, self._program.definitions
        return frozenset(d for d, entry in enumerate(definitions) if entry.modifiers and self._leaves_out(files[d], entry.modifiers))

    def _empty_constants(self) -> None:
        """A constant of an enum that is left out holds nothing."""
        program, by_file = self._program, dict[int, set[tuple[int, str]]]()
        for definition in self._unmet:
            entry = program.definitions[definition]
            if entry.kind == "Constant":
                by_file.setdefault(program.file_of_definition[definition], set()).add((entry.scope, entry.name))
        for file, names in by_file.items():
            for (scope, name), slot in program.locals[file].items():
                constant, held, _ = name.partition(".")
                if held and (scope, constant) in names:
                    program.declared.pop(slot, None)

    def _leaves_out(self, file: int, modifiers: Iterable[str]) -> bool:
        for modifier in modifiers:
            if modifier == LEFT_OUT:
                return True
            if modifier.startswith(CONDITION):
                switches = self._modules.switches(file)
                if switches is not None and not decided(modifier.removeprefix(CONDITION), switches.__contains__):
                    return True
        return False

    def _read_imports(self) -> None:
        """Of the imports that bring one name, those count that are not left out, if there are any."""
        for slot, statements in self._program.imports.items():
            if len(statements) > 1:
                kept = [(file, statement) for file, statement in statements if not self._leaves_out(file, statement.modifiers)]
                self._program.imports[slot] = kept or statements

    def read(self, values: Sequence[int], caller: int) -> Sequence[int]:
        """Of the values that a name has in the function `caller` (-1 for none), those that stand under the same conditions."""
        if not self._any:
            return values
        wanted = caller >= 0 and self._is_left_out(caller)
        fitting = {self._name(inner) for inner in values if self._is_definition(inner) and self._is_left_out(inner >> SHIFT) == wanted}
        return [
            inner
            for inner in values
            if not self._is_definition(inner)
            or self._is_left_out(inner >> SHIFT) == wanted
            or (self._name(inner) not in fitting and not self._gives_way(inner))
        ]

    def _gives_way(self, inner: int) -> bool:
        """Whether the name means a function of the library where this is left out: a macro, or a function that stands in for that one."""
        entry = self._program.definitions[inner >> SHIFT]
        traits = self._program.traits[self._program.file_of_definition[inner >> SHIFT]]
        return entry.kind == "Macro" or (entry.kind == "Function" and self._is_left_out(inner >> SHIFT) and entry.name in traits.builtins)

    def read_from(self, caller: int, definitions: Collection[int]) -> Collection[int]:
        """Of methods that a call may dispatch to, those that stand under the same conditions as the caller."""
        return [inner >> SHIFT for inner in self.read([d << SHIFT | DEF for d in definitions], caller)] if self._any else definitions

    def read_definitions(self, definitions: Iterable[int]) -> list[int]:
        """As `read`, for definitions that a name is bound to."""
        if not self._any:
            return list(definitions)
        return [inner >> SHIFT for inner in self.read([definition << SHIFT | DEF for definition in definitions], -1)]

    def beside_imports(self, slot: int) -> Sequence[int]:
        """The definitions of a name; one that is left out gives way to what is imported under the name."""
        definitions = self._program.bound.get(slot, ())
        if not self._any or not definitions or slot not in self._program.imports:
            return definitions
        return [definition for definition in definitions if not self._is_left_out(definition)]

    def read_types(self, definitions: Sequence[int]) -> Sequence[int]:
        """As `read_definitions`, if one of them is a type."""
        types = self._any and any(self._program.is_class(definition) for definition in definitions)
        return self.read_definitions(definitions) if types else definitions

    def _is_definition(self, inner: int) -> bool:
        return inner & MASK in (DEF, BOUND)

    def _name(self, inner: int) -> str:
        return self._program.definitions[inner >> SHIFT].name

    def _is_left_out(self, definition: int) -> bool:
        return definition in self._unmet or self._program.file_of_definition[definition] in self._foreign


def _is_foreign(path: str, traits: LanguageTraits) -> bool:
    """Whether a file's name says that it is for another platform, or no part of its package."""
    name = path.rpartition("/")[2]
    words = name.rpartition(".")[0].removesuffix("_test").split("_")
    return name.startswith(traits.ignored_files) or any(word in traits.foreign_files for word in words[1:][-2:])
