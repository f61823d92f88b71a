"""Applies what the library is known to do to the calls of a program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, FREE, INDEX, ITERATE, LITERAL, LOCAL, MAPPING, MEMBER, METATABLE, NEW, SEQUENCE, UNKNOWN
from aelus.domain.linking import library
from aelus.domain.linking.called_variables import find_called
from aelus.domain.linking.containers import Containers
from aelus.domain.linking.declarations import Declarations
from aelus.domain.linking.library import ALL, ANY, ITERATED, NAMESPACE, NEXT, Effect, Path, Tables
from aelus.domain.linking.library_types import LibraryTypes, library_types
from aelus.domain.linking.names import Names
from aelus.domain.linking.partials import Partials
from aelus.domain.linking.program import CLASS_OF, HELD, NAMED, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.sites import Site
from aelus.domain.linking.values import (
    ACCESSOR,
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    INSTANCE_OF,
    LIBRARY_METHOD,
    MASK,
    MODULE,
    OBJECT,
    SHIFT,
    value,
)

ARRAY: Final = "[]"
"""Name of what is known of arrays."""
ITSELF: Final = Path("self", ())
LITERAL_FORMS: Final = frozenset({SEQUENCE, MAPPING, LITERAL, CONSTANT})
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


class Summaries:
    """Calls of library functions and methods."""

    def __init__(
        self,
        program: Program,
        names: Names,
        propagation: Propagation,
        containers: Containers,
        declarations: Declarations,
        stores: dict[int, int],
    ) -> None:
        self._program = program
        self._names = names
        self._externals = names.externals
        self._propagation = propagation
        self._containers = containers
        self._declarations = declarations
        self._stores = stores
        self._types = [library_types(traits.types) for traits in program.traits]
        self._results: dict[str, int] = {}
        self._tables: list[Tables] = [library.tables(traits.library) for traits in program.traits]
        tables = [getattr(entry, field) for entry in {id(t): t for t in self._tables}.values() for field in Tables._fields[1:]]
        self._method_names: frozenset[str] = frozenset(name for table in tables for name in table)
        self._value_methods: frozenset[str] = frozenset(name for entry in self._tables for name in entry.value_methods)
        self._methods: list[tuple[int, str]] = []
        self._method_numbers: dict[tuple[int, str], int] = {}
        self._called: set[int] | None = None
        self.partials = Partials(self, program, propagation)
        self._applied: set[tuple[int, int]] = set()
        self.loops: dict[int, dict[int, int]] = {}
        """Call site → what the library loops over there, and the `ITERATE` slot of that."""
        self.reads: dict[int, list[int]] = {}
        """Call site → members that the library reads there."""
        self._idle: dict[int, bool] = {}
        self._defined: frozenset[str] = frozenset(entry.name for entry in program.definitions)
        self._accessors: list[tuple[int, ...]] = []
        self.makes_accessors: bool = self._calls_with("accessor")
        """Whether the program makes members that run functions, by calls."""
        self._members_named: Mapping[int, list[tuple[int, int]]] | None = None
        self.nothing = program.new_slot(UNKNOWN)
        self._depths: dict[int, int] = {}
        """Call that the library makes → number of such calls that lead to it."""
        self.receivers: dict[int, int] = {}
        """Call that the library makes → slot of what it makes it on."""
        self.made: dict[int, list[int]] = {}
        """Call site → calls that the library makes there with functions of the program."""

    def _calls_with(self, verb: str) -> bool:
        """Whether the program calls any builtin of which an effect has this verb."""
        functions = [known for table in {id(table): table for table in self._tables}.values() for known in table.functions.items()]
        names = {name.rpartition(".")[2] for name, effects in functions if any(effect.verb == verb for effect in effects)}
        program = self._program
        form = MEMBER if any("." in name for name, effects in functions if any(effect.verb == verb for effect in effects)) else FREE
        builtins = {slot for slot in (*program.by_form[FREE], *program.by_form[form]) if program.texts[slot] in names} if names else set()
        return bool(builtins) and any(program.part(slot) in builtins for slot in program.by_form[CALL])

    @property
    def named_members(self) -> Mapping[int, list[tuple[int, int]]]:
        """Argument that names a member → (call, object) of the calls that it is given to."""
        if self._members_named is None:
            self._members_named = self._find_members_named()
        return self._members_named

    def _find_members_named(self) -> Mapping[int, list[tuple[int, int]]]:
        functions = [known for table in {id(table): table for table in self._tables}.values() for known in table.functions.items()]
        steps = [(name.rpartition(".")[2], effect.source.steps[-1:]) for name, effects in functions for effect in effects]
        positions = {name: int(step[0][2:]) + 1 for name, step in steps if step and step[0].startswith(".@")}
        program, found = self._program, dict[int, list[tuple[int, int]]]()
        builtins = {slot: positions[name] for slot in program.by_form[FREE] if (name := program.texts[slot]) in positions}
        for slot in program.by_form[CALL] if builtins else ():
            position = builtins.get(program.part(slot), 0)
            if 0 < position < len(program.parts[slot]):
                found.setdefault(program.part(slot, position), []).append((slot, program.part(slot, 1)))
        return found

    # --- what is called -----------------------------------------------------------------------------------------------------------------

    def method(self, slot: int, holder: int, name: str) -> int | None:
        """The library's method `name` of a container or function, as a value; None when it is not known."""
        if name not in self._method_names or not self._known(slot, holder, name):
            return None
        key = (holder, name)
        number = self._method_numbers.get(key)
        if number is None:
            number = self._method_numbers[key] = len(self._methods)
            self._methods.append(key)
        return value(LIBRARY_METHOD, number)

    def has_value_method(self, name: str) -> bool:
        """Whether some library has a method of this name for values of any class."""
        return name in self._value_methods

    def is_function_method(self, slot: int, name: str) -> bool:
        """Whether the library has a method of this name for functions as such."""
        return name in self._tables[self._program.file_of_slot(slot)].function_methods

    def asked_method(self, slot: int, inner: int) -> str:
        """The only method that a type of the library asks for; empty when there is none."""
        program, index = self._program, inner >> SHIFT
        if inner & MASK == OBJECT:
            found = (i >> SHIFT for i in self._names.static(index) if i & MASK == EXTERNAL)
            index = next(found, -1)
        known = self._types[program.file_of_slot(slot)].get(self._externals.entries[index].qualified_name) if index >= 0 else None
        return known.asked if known is not None else ""

    def _library_of(self, definition: int) -> LibraryTypes:
        return self._types[self._program.file_of_definition[definition]]

    def knows(self, definition: int, external: int) -> bool:
        """Whether the library that a definition's language has says what a type is."""
        return bool(self._library_of(definition).ancestors(self._externals.entries[external].qualified_name))

    def has(self, definition: int, external: int, name: str) -> bool:
        """Whether a type of the library is known to have a method."""
        method = f"{self._externals.entries[external].qualified_name}.{name}"
        return self.knows(definition, external) and not self._library_of(definition).lacks(method)

    def has_array_method(self, definition: int, name: str) -> bool:
        """Whether arrays of the language of a definition are known to have a method."""
        array = self._library_of(definition).get(ARRAY)
        return array is not None and name in array.results

    def extends(self, definition: int, external: int, base: int) -> bool:
        """Whether a type of the library is another one, or is known to extend it."""
        name = self._externals.entries[base].qualified_name
        return external == base or name in self._library_of(definition).ancestors(self._externals.entries[external].qualified_name)

    def top(self, definition: int) -> int:
        """The external type that all others extend, or -1."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        return self._externals.builtin(traits.builtins_package, traits.top_type) if traits.top_type and traits.types else -1

    def lacks(self, slot: int, external: int) -> bool:
        """Whether the library is known not to have a method."""
        return self._types[self._program.file_of_slot(slot)].lacks(self._externals.entries[external].qualified_name)

    def is_class_name(self, file: int, external: int) -> bool:
        """Whether a symbol of a package is a class, by its name."""
        if not self._program.traits[file].upper_case_classes:
            return False
        name = self._externals.entries[external].symbol.rpartition(".")[2]
        return name[:1].isupper() and not name.isupper()

    def call_function(self, slot: int, external: int) -> None:
        """A call of an external symbol."""
        file = self._program.file_of_slot(slot)
        name, functions = self._externals.entries[external].qualified_name, self._tables[file].functions
        if functions:
            self._apply(slot, functions.get(name, ()), external, None)
        result = self._types[file].result(name)
        if "." in result and not result.endswith("]"):
            self._hold_result(slot, file, result)

    def call_inherited(self, slot: int, holder: int, base: int) -> None:
        """A call of an instance of a class that extends an external one, which says what such calls do."""
        file = self._program.file_of_slot(slot)
        call = dict(self._program.traits[file].protocols).get("call", "")
        effects = self._tables[file].functions.get(f"{self._externals.entries[base].qualified_name}.{call}", ())
        self._apply(slot, effects, holder, holder)

    def _hold_result(self, slot: int, file: int, name: str) -> None:
        """A method of the library returns an instance of a type of it."""
        known = self._results.get(name)
        if known is None:
            found = self._names.values_of(self._names.module_value(file, name))
            known = self._results[name] = next((inner >> SHIFT for inner in found if inner & MASK == EXTERNAL), -1)
        if known >= 0:
            self._propagation.add(slot, value(EXTERNAL_INSTANCE, known))

    def call_method(self, slot: int, number: int) -> None:
        """A call of a library method."""
        holder, name = self._methods[number]
        effects = self._known(slot, holder, name)
        if self._is_meant(slot, holder) or not any(effect.target == ITSELF for effect in effects):
            self._apply(slot, effects, ~number, holder)

    def _is_meant(self, slot: int, holder: int) -> bool:
        """Whether what a method is called on is what is written there, not only something that it can hold besides."""
        program, callee = self._program, self._program.part(slot)
        named = self._names.static(program.part(callee)) if program.forms[callee] == MEMBER else ()
        return not named or holder in named

    def _known(self, slot: int, holder: int, name: str) -> Sequence[Effect]:
        """What the method of a value does; nothing when the library has no such method."""
        tables, tag = self._tables[self._program.file_of_slot(slot)], holder & MASK
        if tag == OBJECT:
            mapping = self._program.forms[holder >> SHIFT] == MAPPING
            return (tables.mapping_methods if mapping else tables.methods).get(name, ())
        if tag == DEF and self._program.is_class(holder >> SHIFT):
            return tables.enum_methods.get(name, ())
        if tag in (DEF, BOUND) and name in tables.function_methods:
            return tables.function_methods[name]
        return tables.value_methods.get(name, ())

    def make(self, site: int, callee: int, arguments: tuple[int, ...]) -> int:
        """The library makes an instance of `callee` at a site."""
        return self.make_call(site, callee, arguments, "", NEW)

    def once(self, slot: int, key: int) -> bool:
        """Whether this is the first time that something is done at a site."""
        if (slot, key) in self._applied:
            return False
        self._applied.add((slot, key))
        return True

    def _apply(self, slot: int, effects: Sequence[Effect], key: int, holder: int | None) -> None:
        if effects and self.once(slot, key):
            site = Site(self, self._program, slot, holder)
            for effect in effects:
                site.apply(effect)

    # --- for sites ----------------------------------------------------------------------------------------------------------------------

    def step(self, source: int, step: str, constant: int = -1) -> int:
        """A new slot for what one step leads to."""
        program = self._program
        if step in (ITERATED, NEXT, ANY, ALL):
            made = program.derived_slot(source, ITERATE if step in (ITERATED, NEXT) else INDEX, "", (source,))
        elif step.startswith("."):
            name = program.texts[constant] if constant >= 0 else step[1:]
            head, _, rest = name.partition(".")
            if head and rest:
                return self.step(self.step(source, f".{head}"), f".{rest}")
            made = program.derived_slot(source, MEMBER, name, (source,))
        else:
            key = constant if constant >= 0 else program.new_slot(CONSTANT, step[1:-1])
            made = program.derived_slot(source, INDEX, "", (source, key))
        self._propagation.subscribe(source, made)
        return made

    def note_loop(self, site: int, source: int) -> None:
        """The library loops over what it is given."""
        loops = self.loops.setdefault(site, {})
        if self._program.forms[source] not in LITERAL_FORMS and source not in loops:
            loops[source] = self._program.derived_slot(source, ITERATE, "", (source,))

    def note_reads(self, site: int, members: Sequence[int]) -> None:
        """The library reads members whose names it is given."""
        self.reads.setdefault(site, []).extend(members)

    def is_idle(self, effect: Effect) -> bool:
        """Whether an effect calls a method for the language's own use that neither the program nor the library has."""
        known = self._idle.get(id(effect))
        if known is None:
            name = effect.source.steps[-1] if effect.verb == "call" and effect.source.steps else ""
            names = name.removeprefix(".").split("|") if name.startswith(".") else []
            known = self._idle[id(effect)] = bool(names) and not any(
                "@" in each or each in self._method_names or each in self._defined for each in names
            )
        return known

    def makes_space(self, file: int, external: int) -> bool:
        """Whether calls of an external symbol make containers whose elements are their members."""
        effects = self._tables[file].functions.get(self._externals.entries[external].qualified_name, ())
        return any(effect.source.root == NAMESPACE for effect in effects)

    def show_members(self, holder: int) -> None:
        """The elements of a container are its members."""
        self._containers.spaces.add(holder)

    def hold_external(self, slot: int, name: str) -> None:
        """A slot holds an instance of a type of the library."""
        self._hold_result(slot, self._program.file_of_slot(slot), name)

    def named(self, source: int, key: int) -> int:
        """A slot of the members of `source` that the texts name which `key` can be."""
        made = self._program.derived_slot(source, NAMED, "", (source, key))
        self._propagation.subscribe(key, made)
        return made

    def call(self, site: int, callee: int, arguments: tuple[int, ...], receiver: int = -1) -> int:
        """The library calls `callee` at a site, perhaps on a receiver; the slot of what it returns."""
        made = self.make_call(site, self.callee(site, callee), arguments, "")
        if receiver >= 0 and made != self.nothing:
            self.receivers[made] = receiver
        return made

    def callee(self, site: int, callee: int) -> int:
        """What is called by a value: of a constant, the function that it names, where the language has that."""
        program = self._program
        if program.forms[callee] == CONSTANT and program.traits[program.file_of_slot(site)].callable_constants:
            return self._named(site, program.texts[callee])
        return callee

    @property
    def called_variables(self) -> set[int]:
        """Variables that are called, or given to functions of the library which call them, where constants may name functions."""
        if self._called is None:
            self._called = set(find_called(self._program, self._tables))
        return self._called

    def _named(self, site: int, text: str) -> int:
        """A slot that holds the function that a constant names."""
        program = self._program
        file = program.file_of_slot(site)
        separator = program.traits[file].separator
        holder, _, member = text.strip(separator).replace(separator, ".").rpartition(program.traits[file].member_separator or ".")
        made = program.derived_slot(site, HELD, "", ())
        for inner in self._names.values_of(self._names.module_value(file, holder or member)):
            if inner & MASK == DEF:
                self.hold(made, inner)
        return self.step(made, f".{member}") if holder and member else made

    def name_callees(self) -> None:
        """Variables that are called hold the functions that the constants name which are assigned to them."""
        program = self._program
        for slot in program.by_form[CALL]:
            callee = program.part(slot)
            if program.forms[callee] != LOCAL or not program.traits[program.file_of_slot(slot)].callable_constants:
                continue
            for source in program.sources.get(callee, ()):
                if program.forms[source] == CONSTANT:
                    self.reach(self._named(slot, program.texts[source]), callee)

    def modules(self, site: int, names: Sequence[str], *, own: bool) -> int:
        """A slot that holds the modules of these names, or that of the site itself."""
        made, file = self._program.derived_slot(site, HELD, "", ()), self._program.file_of_slot(site)
        found = [inner for name in names for inner in self._names.values_of(self._names.module_value(file, name))]
        for inner in [value(MODULE, file)] if own else found:
            self.hold(made, inner)
        return made

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
                    slot = self.step(slot, f".{name}")
                return self.make_call(site, slot, (), "") if called else slot
        return -1

    def call_pair(self, slot: int, holder: int) -> None:
        """A call of a container: `[object, "method"]` names a method, where the language has that."""
        program, origin = self._program, holder >> SHIFT
        parts = program.parts[origin]
        if program.forms[origin] != SEQUENCE or len(parts) != PAIR or not program.traits[program.file_of_slot(origin)].callable_constants:
            return
        receiver, name = (program.first_of_slot[origin] + part for part in parts)
        if program.forms[name] == CONSTANT and self.once(slot, ~holder):
            member = self.step(receiver, f".{program.texts[name]}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self.make_call(slot, member, arguments, program.texts[slot]), slot)

    def give_metatable(self, site: int, source: int, metatable: int) -> int:
        """A slot of the containers in `source` with a metatable.

        One that is made here has it itself, and so has that of a variable if the result is not used. Otherwise the result is a copy:
        what makes instances is shared by all classes that extend it, and each gives them its own metatable.
        """
        program = self._program
        if program.forms[source] == MAPPING or site not in program.used:
            self.store(metatable, self.step(source, f"[{METATABLE}]"))
            return source
        made = program.derived_slot(source, HELD, "", ())
        copy = value(OBJECT, program.derived_slot(source, MAPPING, "", ()))
        self.hold(made, copy)
        self.merge(source, copy)
        self.put(metatable, copy, METATABLE)
        return made

    def call_metatable(self, slot: int, holder: int) -> None:
        """A call of a container whose metatable says what that does; it is called with the container itself first."""
        program = self._program
        if slot < program.file_slots and self.once(slot, ~holder):
            held = program.derived_slot(slot, HELD, "", ())
            self.hold(held, holder)
            callee = self.step(self.step(held, f"[{METATABLE}]"), f".{CALL_METAMETHOD}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self.make_call(slot, callee, (held, *arguments), program.texts[slot]), slot)

    def apply_named(self, site: int, name: str) -> None:
        """Do at a site what the library's function of a name does."""
        inner = Site(self, self._program, site, None)
        for effect in self._tables[self._program.file_of_slot(site)].functions.get(name, ()):
            inner.apply(effect)

    def make_call(self, site: int, callee: int, arguments: tuple[int, ...], keywords: str, form: int = CALL) -> int:
        calls, depth = self.made.setdefault(site, []), self._depths.get(site, 0)
        if len(calls) == CALLS_PER_SITE or depth == CALL_DEPTH:
            return self.nothing
        made = self._program.derived_slot(site, form, keywords, (callee, *arguments))
        self._depths[made] = depth + 1
        calls.append(made)
        self._propagation.subscribe(callee, made)
        return made

    def accessor(self, *functions: int) -> int:
        """A member that runs what the slots hold: where it is read, stored, deleted."""
        self._accessors.append(functions)
        return value(ACCESSOR, len(self._accessors) - 1)

    def accessing(self, accessor: int, access: int) -> int:
        """Slot of what an accessor runs where it is read (0), stored (1) or deleted (2); -1 for nothing."""
        functions = self._accessors[accessor]
        return functions[access] if access < len(functions) else -1

    def join(self, source: int, holder: int) -> None:
        """The name of a function stands for other functions too, which are given to a method of it."""
        if holder & MASK == DEF:
            self._propagation.connect(source, self._program.slot_of_definition[holder >> SHIFT])

    def is_own(self, slot: int) -> bool:
        """Whether an expression may hold what the program defines, or is made of it."""
        return self._program.forms[slot] != FREE or bool(self._names.static(slot))

    def names_function(self, slot: int) -> bool:
        """Whether an expression is the name of a function of the program, or one."""
        return any(inner & MASK == DEF and self._program.is_function(inner >> SHIFT) for inner in self._names.static(slot))

    def container(self, form: int) -> int:
        """A new container."""
        return value(OBJECT, self._program.new_slot(form))

    def put(self, source: int, holder: int, key: str) -> None:
        self._propagation.connect(source, self._containers.field(holder, key))

    def put_value(self, inner: int, holder: int, key: str) -> None:
        self._propagation.add(self._containers.field(holder, key), inner)

    def hold(self, slot: int, inner: int) -> None:
        self._propagation.add(slot, inner)

    def reach(self, source: int, slot: int) -> None:
        self._propagation.connect(source, slot)

    def merge(self, source: int, holder: int, shift: int = 0) -> None:
        self._containers.merge(source, holder, shift)

    def pour(self, source: int, target: int) -> None:
        """All elements of `source` go into whatever `target` holds."""
        self._containers.pour(source, target)

    def length(self, holder: int) -> int:
        return self._containers.length(holder)

    def store(self, source: int, member: int) -> None:
        """The values of `source` are stored in what a `MEMBER` slot names."""
        self._stores[member] = source
        self._propagation.connect(source, member)

    def instance(self, declared: int) -> int:
        """A slot that holds an instance of a type that is given as an argument."""
        made = self._program.new_slot(HELD)
        self._declarations.hold(declared, made)
        return made

    def constant(self, holder: int | None) -> int:
        """A slot that holds a constant of an enum."""
        made = self._program.new_slot(HELD)
        if holder is not None and holder & MASK == DEF:
            self.hold(made, value(INSTANCE_OF, holder >> SHIFT))
        return made

    def classes(self, source: int) -> int:
        """A slot that holds the classes of the instances in `source`."""
        made = self._program.new_slot(CLASS_OF, "", (source,))
        self._propagation.subscribe(source, made)
        return made
