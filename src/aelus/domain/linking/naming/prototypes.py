"""Functions that are declared in one place and defined in another: the name of the declaration means the definition.

Source: ISO/IEC 9899, 6.2.2 "Linkages of identifiers"; ISO/IEC 14882, "Program and linkage".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import MEMBER, UNKNOWN, Definition
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program
from aelus.domain.linking.signatures import Signatures
from aelus.domain.linking.values import DEF, MASK, MODULE, PACKAGE, SHIFT

DECLARATION: Final = "declaration"
EXTERN: Final = "extern"
STATIC: Final = "static"
DEPTH_LIMIT: Final = 64
Key = tuple[str, str, str]
"""(family, namespace, name)."""


class Prototypes:
    """Joins declarations with definitions. Works on the program's tables, before values flow."""

    def __init__(self, program: Program, names: Names, modules: Modules) -> None:
        self._program = program
        self._names = names
        self._modules = modules
        self._bodies: dict[Key, list[int]] = {}
        self._variables: dict[Key, list[int]] = {}
        self.outer: dict[int, int] = {}
        """Class that is defined outside of the one that it is a member of → that class."""

    def join(self) -> None:
        """Let all declarations mean what defines them."""
        program = self._program
        declared: list[tuple[Key, int]] = []
        for definition, entry in enumerate(program.definitions):
            if not program.traits[program.file_of_definition[definition]].open_namespaces:
                continue
            key = self._key(definition, entry)
            if key is None or STATIC in entry.modifiers:
                continue
            if entry.kind in FUNCTION_KINDS:
                if DECLARATION in entry.modifiers:
                    declared.append((key, definition))
                else:
                    self._bodies.setdefault(key, []).append(definition)
            elif entry.kind in ("Variable", "Constant") and EXTERN not in entry.modifiers:
                self._variables.setdefault(key, []).append(definition)
        for key, definition in declared:
            self._join_function(key, definition)
        self._join_variables()
        self._join_members()
        self._pass_defaults()
        for key, bodies in self._bodies.items():
            if len({program.file_of_definition[body] for body in bodies}) == 1:
                self._names.defined[key] = tuple(dict.fromkeys(program.slot_of_definition[body] for body in bodies))
        self._complete_types()

    def _complete_types(self) -> None:
        """A type that a header names without its members is the one that the program defines once."""
        program, found = self._program, dict[Key, list[int]]()
        for definition, entry in enumerate(program.definitions):
            traits = program.traits[program.file_of_definition[definition]]
            if entry.kind in ("Struct", "Class") and entry.name and traits.open_namespaces:
                key = self._key(definition, entry)
                if key is not None:
                    found.setdefault(key, []).append(program.slot_of_definition[definition])
        for key, slots in found.items():
            if len(slots) == 1:
                self._names.defined.setdefault(key, (slots[0],))

    def join_types(self) -> None:
        """`class A::B {…}` is a member of `A`; to be known before members are looked for.

        Outer ones come first: what `A::B` means is looked up once, and is to find the member.
        """
        program, outside = self._program, list[tuple[int, int, int]]()
        for definition, entry in enumerate(program.definitions):
            if entry.receiver != UNKNOWN and entry.kind in CLASS_KINDS:
                receiver = program.first_slot[program.file_of_definition[definition]] + entry.receiver
                outside.append((self._depth(receiver), definition, receiver))
        for _, definition, receiver in sorted(outside):
            slot, entry = program.slot_of_definition[definition], program.definitions[definition]
            for inner in self._names.static(receiver):
                if inner & MASK == DEF and program.is_class(inner >> SHIFT):
                    self.outer.setdefault(definition, inner >> SHIFT)
                    known = self._names.members_of_class(inner >> SHIFT).setdefault(entry.name, slot)
                    if known != slot:
                        program.bound.setdefault(known, []).append(definition)

    def _depth(self, slot: int) -> int:
        """Members of members that a name is written with."""
        depth = 0
        while self._program.forms[slot] == MEMBER and depth < DEPTH_LIMIT:
            slot, depth = self._program.part(slot), depth + 1
        return depth

    def _key(self, definition: int, entry: Definition) -> Key | None:
        """Where the whole program knows it; None for members of classes, what is local, and what its package alone knows."""
        program, packages = self._program, self._modules.packages
        file = program.file_of_definition[definition]
        family = program.traits[file].family
        if program.units[file].facts.package or (entry.scope == entry.body and entry.receiver == UNKNOWN):
            return None  # the package of the file knows it, or its name is declared nowhere
        parent = program.parent_of(definition)
        around = packages.names[packages.of_namespace[parent]] if parent in packages.of_namespace else ""
        if parent >= 0 and parent not in packages.of_namespace:
            return None
        if entry.receiver != UNKNOWN:
            found = self._names.static(program.first_slot[program.file_of_definition[definition]] + entry.receiver)
            spaces = [inner >> SHIFT for inner in found if inner & MASK == PACKAGE]
            return (family, packages.names[spaces[0]], entry.name) if spaces else None
        return (family, around, entry.name)

    def _join_function(self, key: Key, definition: int) -> None:
        program = self._program
        bodies = self._fitting(definition, self._bodies.get(key, ()))
        if len(bodies) > 1:
            file = program.file_of_definition[definition]
            bodies = [body for body in bodies if self._includes(program.file_of_definition[body], file)] or bodies
        if bodies:
            slot = program.slot_of_definition[definition]
            held = [other for other in program.bound[slot] if other != definition]
            program.bound[slot] = list(dict.fromkeys((*held, *bodies)))

    def _includes(self, file: int, included: int) -> bool:
        """Whether a file is the other one, or includes it directly."""
        return file == included or any(
            inner & MASK == MODULE and inner >> SHIFT == included
            for statement in self._program.units[file].facts.imports
            if statement.name == "*"
            for inner in self._names.imported(file, statement).values
        )

    def _fitting(self, definition: int, bodies: Sequence[int]) -> list[int]:
        """Those with as many parameters, or all where none has."""
        count = len(self._program.definitions[definition].parameters)
        return [body for body in bodies if len(self._program.definitions[body].parameters) == count] or list(bodies)

    def _join_variables(self) -> None:
        """What is put into a variable in the file that defines it is there for all that declare it."""
        program = self._program
        for definition, entry in enumerate(program.definitions):
            if EXTERN not in entry.modifiers or entry.kind not in ("Variable", "Constant"):
                continue
            key = self._key(definition, entry)
            for other in self._variables.get(key, ()) if key else ():
                one, two = program.slot_of_definition[definition], program.slot_of_definition[other]
                if one != two:
                    program.sources.setdefault(one, []).append(two)
                    program.sources.setdefault(two, []).append(one)

    def _join_members(self) -> None:
        """A member that is declared in its class and defined outside of it is the latter."""
        program = self._program
        for slot, bound in program.bound.items():
            declared = [d for d in bound if DECLARATION in program.definitions[d].modifiers and self._is_member(d)]
            if declared and len(declared) < len(bound):
                bodies = [d for d in bound if d not in declared]
                defined = {len(program.definitions[body].parameters) for body in bodies}
                kept = [d for d in declared if len(program.definitions[d].parameters) not in defined]
                program.bound[slot] = [*kept, *bodies]

    def _pass_defaults(self) -> None:
        """A default that a declaration gives to a parameter holds for the definition: there it is not written again."""
        program, signatures = self._program, Signatures(self._program)
        declared: dict[tuple[str, str], list[int]] = {}
        for definition, entry in enumerate(program.definitions):
            if DECLARATION in entry.modifiers and any(parameter.default for parameter in entry.parameters):
                family = program.traits[program.file_of_definition[definition]].family
                declared.setdefault((family, entry.name), []).append(definition)
        for definition, entry in enumerate(program.definitions) if declared else ():
            found = declared.get((program.traits[program.file_of_definition[definition]].family, entry.name), ())
            if DECLARATION not in entry.modifiers and found and entry.kind in FUNCTION_KINDS:
                self._take_defaults(definition, found, signatures)

    def _take_defaults(self, definition: int, declared: Sequence[int], signatures: Signatures) -> None:
        program, holder, types = self._program, self._holder(definition), signatures.of(definition)
        same = next((other for other in declared if self._holder(other) == holder and signatures.of(other) == types), -1)
        if same >= 0:
            defaults = (parameter.default for parameter in program.definitions[same].parameters)
            pairs = zip(program.definitions[definition].parameters, defaults, strict=True)
            merged = tuple(parameter._replace(default=parameter.default or default) for parameter, default in pairs)
            program.definitions[definition] = program.definitions[definition]._replace(parameters=merged)

    def _holder(self, definition: int) -> str:
        """Name of what a function belongs to, inside its body or outside."""
        program, entry = self._program, self._program.definitions[definition]
        if entry.receiver != UNKNOWN:
            return program.texts[program.first_slot[program.file_of_definition[definition]] + entry.receiver]
        parent = program.parent_of(definition)
        return program.definitions[parent].name if parent >= 0 else ""

    def _is_member(self, definition: int) -> bool:
        parent = self._program.parent_of(definition)
        return parent >= 0 and self._program.definitions[parent].kind in CLASS_KINDS
