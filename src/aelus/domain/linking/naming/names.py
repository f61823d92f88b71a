"""What names mean before any value flows: imports, module members, package scope, types.

Everything here follows declarations only. It serves the structure of the program (bases, declared types, imports) and seeds the value flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from aelus.domain.facts import (
    CALL,
    CONSTANT,
    DEFINITION,
    EXPORTS,
    FREE,
    GENERIC,
    IMPLICIT,
    IMPORT,
    LOCAL,
    MAPPING,
    MEMBER,
    TAKEN,
    THIS,
    UNION,
    UNKNOWN,
    Export,
    Import,
)
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules import Found, Modules
from aelus.domain.linking.naming.alternatives import Alternatives
from aelus.domain.linking.naming.library_packages import LibraryPackages
from aelus.domain.linking.naming.package_names import PackageNames
from aelus.domain.linking.naming.parts import find_parts
from aelus.domain.linking.naming.shared_names import global_variables, macros, shared_aliases
from aelus.domain.linking.naming.type_variables import bounds_of
from aelus.domain.linking.naming.wildcards import Wildcards
from aelus.domain.linking.program import Program
from aelus.domain.linking.targets import NOWHERE, Target, merge
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, MODULE, PACKAGE, SHIFT, value

ALIAS_DEPTH: Final = 12
"""Assignments followed from a name to the thing it stands for."""
HOPS: Final = 32
"""Members and variables that one name is followed through: imports, re-exports, wildcards. Each costs some of the stack."""
ALIAS_FORMS: Final = frozenset({LOCAL, MEMBER, FREE, UNION, IMPORT, DEFINITION, GENERIC})
ALIAS_SOURCES: Final = 4
"""A name that is assigned more often than this stands for nothing in particular."""
BOUNDS: Final = 16
"""Interfaces that one type parameter is bound by."""
SPACES: Final = frozenset({"Namespace", "TypeAlias"})


class Names:
    """Resolves names by declaration."""

    def __init__(self, program: Program, modules: Modules, externals: Externals) -> None:
        self._program = program
        self._modules = modules
        self.externals = externals
        self._static: dict[int, tuple[int, ...]] = {}
        self.alternatives = Alternatives(program, modules)
        self._package_names = PackageNames(program, modules.packages)
        self._numbers: Mapping[str, int] = {modules.packages.names[n]: n for n in set(modules.packages.of_namespace.values())}
        """Numbers of namespaces."""
        self._members: dict[tuple[int, str], Target] = {}
        self._open: set[tuple[int, str]] = set()
        self._used_by: dict[tuple[int, str], tuple[int, ...]] = {}
        self._hops = 0
        self._brought: dict[tuple[int, str], Target] = {}
        self.truncated = False
        """Whether a name was not followed to its end."""
        self._wildcards = Wildcards(program, externals)
        self._library = LibraryPackages(program, externals)
        self._exports: list[dict[str, Export]] = [{e.name: e for e in unit.facts.exports if e.name != "*"} for unit in program.units]
        self._star_exports: list[list[Export]] = [[e for e in unit.facts.exports if e.name == "*"] for unit in program.units]
        self._export_slots: dict[int, int] = {program.file_of_slot(slot): slot for slot in program.by_form[EXPORTS]}
        self._export_members: dict[int, list[int]] = {}
        """Namespace object → its members that are assigned."""
        own = set(self._export_slots.values())
        for target in program.sources if own else ():
            if program.forms[target] == MEMBER and program.part(target) in own:
                self._export_members.setdefault(program.part(target), []).append(target)
        self._assigned: dict[int, dict[str, list[int]]] = {}
        self._globals, self._aliases, self._macros = global_variables(program), shared_aliases(program), macros(program)
        self.defined: dict[tuple[str, str, str], tuple[int, ...]] = {}
        """(family, namespace, name) → variables of functions that other files may call after declaring them alone."""
        self.parts = find_parts(program)
        """The parts of a type share their members and bases: each comes behind the others in the resolution order of each."""
        self.class_members: list[dict[str, int] | None] = [None] * len(program.definitions)
        self._collect_class_members()

    def _collect_class_members(self) -> None:
        program = self._program
        for file, unit in enumerate(program.units):
            scopes, first = unit.facts.scopes, program.first_definition[file]
            for (scope, name), slot in program.locals[file].items():
                if scopes[scope].kind == "class":
                    self.members_of_class(first + scopes[scope].definition)[name] = slot

        for definition, entry in enumerate(program.definitions):
            parent = program.parent_of(definition) if entry.kind == "Constant" else -1
            if parent >= 0 and program.definitions[parent].kind == "Enum":
                self.members_of_class(parent).setdefault(entry.name, program.slot_of_definition[definition])

    def members_of_class(self, definition: int) -> dict[str, int]:
        """Name → slot of the members that the class itself declares; new ones may be added."""
        members = self.class_members[definition]
        if members is None:
            members = self.class_members[definition] = {}
        return members

    # --- imports ---------------------------------------------------------------------------------------------------------------------

    def imported(self, file: int, statement: Import) -> Target:
        """What an import statement brings."""
        target = self._seen_from(file, statement) if self._program.traits[file].open_namespaces and statement.definition >= 0 else NOWHERE
        if target == NOWHERE:
            found = self._modules.find(file, statement.module)
            if found is None:
                return NOWHERE
            target = self._walk(found)
        if statement.name in ("", "*"):
            return target
        return self._member_of_all(target, statement.name)

    def _seen_from(self, file: int, statement: Import) -> Target:
        """What the path of an import means inside a class or namespace: the first name is looked for from there outwards."""
        head, *rest = statement.module.split(".")
        for holder in (*self.around(self._program.first_definition[file] + statement.definition), value(MODULE, file)):
            target = self.member(holder, head)
            if target != NOWHERE:
                for name in rest:
                    target = self._member_of_all(target, name)
                return target
        return NOWHERE

    def module_value(self, file: int, specifier: str) -> Target:
        """What a module specifier names."""
        found = self._modules.find(file, specifier)
        return NOWHERE if found is None else self._walk(found)

    def _walk(self, found: Found) -> Target:
        target = Target((), (found.value,))
        for name in found.rest:
            target = self._member_of_all(target, name)
        return target

    def _member_of_all(self, target: Target, name: str) -> Target:
        return merge(self.member(inner, name) for inner in self.values_of(target))

    def values_of(self, target: Target) -> tuple[int, ...]:
        """The values that a target has by declaration."""
        if not target.slots:
            return target.values
        return tuple(dict.fromkeys((*target.values, *(inner for slot in target.slots for inner in self.static(slot)))))

    # --- members of modules, packages, classes -----------------------------------------------------------------------------------------

    def member(self, holder: int, name: str) -> Target:
        """What `holder.name` is, when `holder` is a module, package, class or external symbol."""
        tag = holder & MASK
        if tag == EXTERNAL:
            return Target((), (value(EXTERNAL, self.externals.member(holder >> SHIFT, name, ".")),))
        if tag not in (MODULE, PACKAGE, DEF):
            return NOWHERE
        key = (holder, name)
        target = self._members.get(key)
        if target is None:
            if key in self._open or self._is_far():
                return NOWHERE
            self._open.add(key)
            self._hops += 1
            target = self._members[key] = self._find_member(tag, holder >> SHIFT, name)
            self._hops -= 1
            self._open.discard(key)
        return target

    def _is_far(self) -> bool:
        """Whether a name has led through so many others that it is not followed any further."""
        far = self._hops >= HOPS
        self.truncated = self.truncated or far
        return far

    def _find_member(self, tag: int, index: int, name: str) -> Target:
        package = self._modules.packages.of_namespace.get(index) if tag == DEF else None
        if package is not None:
            return self._package_member(package, name)
        if tag == MODULE:
            return self._module_member(index, name)
        if tag == PACKAGE:
            return self._package_member(index, name)
        slot = self._class_member(index, name)
        if slot is None and name in self._program.definitions[index].type_parameters:
            slot = self._program.locals[self._program.file_of_definition[index]].get((self._program.definitions[index].body, name))
        if slot is None and self._program.definitions[index].kind == "Namespace":
            slot = self._program.locals[self._program.file_of_definition[index]].get((self._program.definitions[index].body, name))
            if slot is None:
                return self._through_namespace(index, name)
        return self._inherited_member(index, name) if slot is None else Target((slot,))

    def _class_member(self, definition: int, name: str) -> int | None:
        for part in (definition, *self.parts.get(definition, ())):
            members = self.class_members[part]
            if members and name in members:
                return members[name]
        return None

    def _inherited_member(self, definition: int, name: str) -> Target:
        """A member that a class has from its bases, as they are declared."""
        program, entry = self._program, self._program.definitions[definition]
        file = program.file_of_definition[definition]
        traits = program.traits[file]
        if not (traits.top_type or traits.generic_implementations) or not program.is_class(definition):
            return NOWHERE
        bases = (inner for part in (*entry.bases, *entry.interfaces) for inner in self.static(program.first_slot[file] + part))
        found = (self.member(inner, name) for inner in bases if inner & MASK == DEF and inner >> SHIFT != definition)
        return next((target for target in found if target != NOWHERE), NOWHERE)

    def _through_namespace(self, namespace: int, name: str) -> Target:
        """A name that a namespace has from the wildcards in it."""
        file = self._program.file_of_definition[namespace]
        targets = (self.found_in(file, statement, name) for statement in self._wildcards.within(namespace))
        return next((target for target in targets if target != NOWHERE), NOWHERE)

    def _module_member(self, file: int, name: str) -> Target:
        if not self._program.traits[file].exports_all:
            return self._exported(file, name)
        slot = self._program.shown_slot(file, name)
        defined = self.alternatives.beside_imports(self._program.locals[file].get((0, name), -1))
        inner = -1 if defined else self._modules.submodule(file, name)
        if slot is None and inner < 0:
            return self._through_wildcards(file, name)
        return Target(() if slot is None else (slot,), () if inner < 0 else (inner,))

    def _through_wildcards(self, file: int, name: str) -> Target:
        """What the wildcards of a file bring; kept where it was not looked for on the way to another name."""
        known = self._brought.get((file, name))
        if known is None:
            targets = (self.found_in(file, statement, name) for statement in self._wildcards.of(file))
            aliases = self._aliases.get((self._program.traits[file].name, name)) if self._aliases else None
            known = Target(tuple(aliases)) if aliases else next((target for target in targets if target != NOWHERE), NOWHERE)
            if not self._hops:
                self._brought[file, name] = known
        return known

    def found_in(self, file: int, statement: Import, name: str) -> Target:
        """A name of a wildcard import."""
        modules = self._used(file, self._wildcards.module(file, statement, self._modules))
        return merge(self.member(inner, name) for inner in modules if self._wildcards.brings(file, inner, name))

    def _used(self, file: int, module: str) -> tuple[int, ...]:
        """What a wildcard is of: a namespace may be named as it is seen by the other wildcards of the file."""
        known = self._used_by.get((file, module))
        if known is None:
            known = self._used_by[file, module] = self.values_of(self.module_value(file, module))
            if self._program.traits[file].open_namespaces and all(inner & MASK == EXTERNAL for inner in known):
                head, *rest = module.split(".")
                target = self._through_wildcards(file, head)
                for name in rest:
                    target = self._member_of_all(target, name)
                known = self._used_by[file, module] = self.values_of(target) or known
        return known

    def _exported(self, file: int, name: str) -> Target:
        export = self._exports[file].get(name)
        if export is not None:
            return self._of_export(file, export)
        if name != "default":
            for star in self._star_exports[file]:
                target = merge(
                    self.member(inner, name) for inner in self.values_of(self.module_value(file, star.module)) if inner & MASK == MODULE
                )
                if target != NOWHERE:
                    return target
        slot = self._export_slots.get(file)
        if slot is None:
            return NOWHERE
        return Target((slot,)) if name == "default" else Target(tuple(self._assigned_exports(file, slot).get(name, ())))

    def _assigned_exports(self, file: int, exports: int) -> Mapping[str, list[int]]:
        """Name → what is assigned to that member of the module's own namespace object, or given in the literal that replaces it."""
        found = self._assigned.get(file)
        if found is None:
            found = self._assigned[file] = {}
            program = self._program
            for source in program.sources.get(exports, ()):
                first, parts = program.first_of_slot[source], program.parts[source]
                pairs = zip(parts[::2], parts[1::2], strict=False) if program.forms[source] == MAPPING else ()
                for key, held in pairs:
                    if program.forms[first + key] == CONSTANT:
                        found.setdefault(program.texts[first + key], []).append(first + held)
            for target in self._export_members.get(exports, ()):
                found.setdefault(program.texts[target], []).extend(program.sources[target])
        return found

    def _of_export(self, file: int, export: Export) -> Target:
        if not export.module:
            return Target((self._program.first_slot[file] + export.expression,))
        target = self.module_value(file, export.module)
        return target if export.imported in ("", "*") else self._member_of_all(target, export.imported)

    def export_slot(self, file: int) -> int:
        """Slot of the module's own namespace object; -1 when the file does not use it."""
        return self._export_slots.get(file, -1)

    def _package_member(self, package: int, name: str) -> Target:
        bound = self._program.bound
        slots = tuple([slot for slot in self._package_names.slots(package, name) if slot in bound])
        inner = self._modules.packages.children[package].get(name)
        if not slots and inner is None:
            return self._library.member(self._modules.packages.names[package], name)
        return Target(slots, () if inner is None else (inner,))

    # --- names without declaration in their file ---------------------------------------------------------------------------------------

    def free(self, file: int, name: str) -> Target:
        """What a name means that no scope of its file declares."""
        for package in self._modules.packages_around(file):
            target = self.member(value(PACKAGE, package), name)
            if target != NOWHERE:
                return target
        traits = self._program.traits[file]
        if traits.macro_suffix and name.endswith(traits.macro_suffix):
            return Target(tuple(self._macros.get((traits.name, name), ())))
        found = self._modules.root(file, name)
        if found is not None:
            return self._walk(found)
        if traits.open_namespaces:
            target = self._through_wildcards(file, name)
            return target if target != NOWHERE else Target(self.defined.get((traits.family, "", name), ()))
        shared = self._globals.get((self._program.traits[file].name, name)) if self._globals else None
        return Target(tuple(shared)) if shared else self._through_wildcards(file, name)

    def opened(self, file: int, name: str) -> list[int]:
        """Classes of the program by the name of a builtin one, which they add to where any class may be declared in parts."""
        return [
            inner >> SHIFT
            for inner in self.values_of(self.free(file, name))
            if inner & MASK == DEF and self._program.is_class(inner >> SHIFT)
        ]

    def anywhere(self, file: int, name: str) -> Target:
        """What a name means that no scope of its file declares, a builtin included."""
        found = self.free(file, name)
        return found if found != NOWHERE else self.builtin(file, name)

    def builtin(self, file: int, name: str) -> Target:
        """What a name means that nothing declares."""
        traits = self._program.traits[file]
        if name not in traits.builtins:
            head = name in traits.builtin_classes or (bool(traits.types) and name == traits.builtins_package.partition(".")[0])
            return Target((), (value(EXTERNAL, self.externals.package(name)),)) if head else NOWHERE
        written = dict(traits.type_words).get(name, name)
        return Target((), (value(EXTERNAL, self.externals.builtin(traits.builtins_package, written)),))

    def around(self, definition: int, asked: set[int] | None = None) -> Iterable[int]:
        """Values whose members a bare name may be, innermost first: classes, namespaces, the type of a method that stands outside of it."""
        program, namespaces = self._program, self._modules.packages.of_namespace
        while definition >= 0:
            entry = program.definitions[definition]
            if program.is_class(definition):
                yield value(DEF, definition)
                yield from self._around_receiver(definition, entry.receiver, asked)
            elif definition in namespaces:
                alone = program.traits[program.file_of_definition[definition]].enclosing_packages == "root"
                yield from islice(self._namespaces(namespaces[definition]), 1 if alone else None)
                return
            else:
                yield from self._around_receiver(definition, entry.receiver, asked)
            definition = program.parent_of(definition)

    def _around_receiver(self, definition: int, receiver: int, asked: set[int] | None) -> Iterable[int]:
        """The type, or the namespace, that a definition belongs to which stands outside of it."""
        file = self._program.file_of_definition[definition]
        if receiver == UNKNOWN or not self._program.traits[file].open_namespaces:
            return
        asked = {definition} if asked is None else asked
        for inner in self.static(self._program.first_slot[file] + receiver):
            if inner & MASK == DEF and self._program.is_class(inner >> SHIFT):
                if inner >> SHIFT not in asked and len(asked) < HOPS:
                    asked.add(inner >> SHIFT)
                    yield from self.around(inner >> SHIFT, asked)
            elif inner & MASK == PACKAGE:
                yield from self._namespaces(inner >> SHIFT)

    def _namespaces(self, package: int) -> Iterable[int]:
        """A namespace and those around it."""
        packages = self._modules.packages
        name = packages.names[package]
        yield value(PACKAGE, package)
        while "." in name:
            name = name.rpartition(".")[0]
            if name in self._numbers:
                yield value(PACKAGE, self._numbers[name])

    # --- values by declaration -----------------------------------------------------------------------------------------------------------

    def static(self, slot: int, depth: int = 0) -> tuple[int, ...]:
        """The values that an expression has by declarations alone: definitions, modules, external symbols."""
        known = self._static.get(slot)
        if known is None:
            if depth > ALIAS_DEPTH or self._is_far():
                return ()
            self._static[slot] = ()
            self._hops += 1
            known = self._static[slot] = tuple(dict.fromkeys(self._find_static(slot, depth + 1)))
            self._hops -= 1
        return known

    def bases(self, slot: int) -> tuple[int, ...]:
        """What a class extends: by declaration, or, for a call that may be in a variable, what the function returns and is given."""
        program = self._program
        if program.forms[slot] != CALL:
            found, sources = self.static(slot), program.sources.get(slot, ())
            if found or len(sources) != 1 or program.forms[sources[0]] != CALL:
                return found
            slot = sources[0]
        called = [inner >> SHIFT for inner in self.static(program.part(slot)) if inner & MASK == DEF]
        made = [program.sources.get(program.return_slot(function), ()) for function in called if program.is_function(function)]
        given = [program.first_of_slot[slot] + part for part in program.parts[slot][1:]] if any(made) else []
        parts = [part for results in made for part in results] + given
        return tuple(dict.fromkeys(inner for part in parts for inner in self.static(part) if inner & MASK != MODULE))

    def _find_static(self, slot: int, depth: int) -> Iterable[int]:
        form = self._program.forms[slot]
        if form == LOCAL:
            return self._static_local(slot, depth)
        if form == MEMBER:
            return self._static_member(slot, depth)
        if form in (FREE, IMPLICIT):
            return self._static_free(slot, form)
        return self._static_other(slot, form, depth)

    def _static_other(self, slot: int, form: int, depth: int) -> Iterable[int]:
        program = self._program
        if form in (GENERIC, TAKEN):
            return self.static(program.part(slot), depth)
        if form == UNION:
            return [inner for part in program.parts[slot] for inner in self.static(program.first_of_slot[slot] + part, depth)]
        if form == IMPORT:
            return self._with_exports(self.values_of(self.module_value(program.file_of_slot(slot), program.texts[slot])), depth)
        if form == EXPORTS:
            sources = program.sources.get(slot, ())
            return [inner for source in sources if program.forms[source] in ALIAS_FORMS for inner in self.static(source, depth)]
        if form in (DEFINITION, THIS):
            return (value(DEF, program.definition_of(slot)),)
        return ()

    def _with_exports(self, found: Sequence[int], depth: int) -> list[int]:
        """Modules, and what they put in the place of their own namespace objects."""
        slots = self._export_slots
        exports = [slots[inner >> SHIFT] for inner in found if inner & MASK == MODULE and inner >> SHIFT in slots]
        return [*found, *(inner for exported in exports for inner in self.static(exported, depth))]

    def _static_local(self, slot: int, depth: int) -> Iterable[int]:
        program = self._program
        found: list[int] = []
        for definition in self.alternatives.read_definitions(self.alternatives.beside_imports(slot)):
            found.extend(self._static_definition(definition, depth))
        for file, statement in program.imports.get(slot, ()):
            imported = self.values_of(self.imported(file, statement))
            found.extend(imported if statement.name else self._with_exports(imported, depth))
        sources = program.sources.get(slot)
        if not found and sources and (len(sources) <= ALIAS_SOURCES or (len(sources) <= BOUNDS and self._bounds_types(slot))):
            for source in sources:
                if program.forms[source] in ALIAS_FORMS:
                    found.extend(self.static(source, depth))
            calls = (source for source in sources if program.forms[source] == CALL)
            found.extend(inner for call in calls for bound in bounds_of(program, call) for inner in self.static(bound, depth))
        return found

    def _bounds_types(self, slot: int) -> bool:
        """Whether type parameters of the language stand for what they are bound by."""
        return self._program.traits[self._program.file_of_slot(slot)].generic_implementations

    def _static_definition(self, definition: int, depth: int) -> Iterable[int]:
        program, entry = self._program, self._program.definitions[definition]
        if entry.kind == "TypeAlias" and entry.returns != UNKNOWN:
            written = program.first_slot[program.file_of_definition[definition]] + entry.returns
            form, several = program.forms[written], program.forms[written] == UNION and entry.type_parameters
            outer = EXTERNAL if form == GENERIC and not entry.type_parameters and self._bounds_types(written) else -1
            if not several and (aliased := self.static(written, depth)) and any(inner & MASK != outer for inner in aliased):
                return aliased
        return () if entry.kind in ("Variable", "Constant", "Field") else (value(DEF, definition),)

    def _static_member(self, slot: int, depth: int) -> Iterable[int]:
        program = self._program
        name = program.texts[slot]
        return [inner for holder in self.static(program.part(slot), depth) for inner in self.values_of(self.member(holder, name))]

    def _static_free(self, slot: int, form: int) -> Iterable[int]:
        program = self._program
        name = program.texts[slot]
        file, shown = program.file_of_slot(slot), tuple[int, ...]()
        for holder in self.around(program.definition_of(slot)) if form == IMPLICIT else ():
            target = self.member(holder, name)
            if target != NOWHERE:
                values = self.values_of(target)
                if not program.traits[file].top_type or self._are_types(values):
                    return values
                shown = shown or values
        found, traits = self.free(file, name), program.traits[file]
        if found == NOWHERE and (traits.static_builtins or (traits.types and name == traits.builtins_package.partition(".")[0])):
            found = self.builtin(file, name)
        values = self.values_of(found)
        return values if self._are_types(values) or not shown else shown

    def _are_types(self, values: tuple[int, ...]) -> bool:
        """Whether a name stands for a type or for what holds types; a member of another kind may bear the name of its type."""
        program = self._program
        return any(
            inner & MASK != DEF or program.is_class(inner >> SHIFT) or program.definitions[inner >> SHIFT].kind in SPACES
            for inner in values
        )


__all__ = ["NOWHERE", "Names", "Target"]
