"""Applies what the library is known to do to the calls of a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import BLOCK, CALL, CONSTANT, INDEX, ITERATE, LOCAL, MAPPING, MEMBER, SEQUENCE, SPREAD, SPREAD_MAP, UNKNOWN
from aelus.domain.linking import library
from aelus.domain.linking.containers import ANY_KEY, METATABLE, Containers
from aelus.domain.linking.declarations import Declarations
from aelus.domain.linking.library import ALL, ANY, BEHIND, ITERATED, NEW_CONTAINERS, Effect, Path, Tables
from aelus.domain.linking.library_types import LibraryTypes, library_types
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import CLASS_OF, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import (
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    INSTANCE_OF,
    LIBRARY_METHOD,
    MASK,
    MODULE,
    OBJECT,
    PARTIAL,
    SHIFT,
    value,
)

PAIR: Final = 2
CALL_METAMETHOD: Final = "__call"
CONSTANTS: Final = 8
"""Constants that one variable may be set to, as the name of a member or module."""
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
        self._partials: list[tuple[int, tuple[int, ...], Mapping[str, int]]] = []
        self._applied: set[tuple[int, int]] = set()
        self._nothing = program.new_slot(UNKNOWN)
        self._depths: dict[int, int] = {}
        """Call that the library makes → number of such calls that lead to it."""
        self.made: dict[int, list[int]] = {}
        """Call site → calls that the library makes there with functions of the program."""

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

    def top(self, definition: int) -> int:
        """The external type that all others extend, or -1."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        return self._externals.builtin(traits.builtins_package, traits.top_type) if traits.top_type and traits.types else -1

    def lacks(self, slot: int, external: int) -> bool:
        """Whether the library is known not to have a method."""
        return self._types[self._program.file_of_slot(slot)].lacks(self._externals.entries[external].qualified_name)

    def call_function(self, slot: int, external: int) -> None:
        """A call of an external symbol."""
        file = self._program.file_of_slot(slot)
        name, functions = self._externals.entries[external].qualified_name, self._tables[file].functions
        if functions:
            self._apply(slot, functions.get(name, ()), external, None)
        result = self._types[file].result(name)
        if "." in result and not result.endswith("]"):
            self._hold_result(slot, file, result)

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
        self._apply(slot, self._known(slot, holder, name), ~number, holder)

    def _known(self, slot: int, holder: int, name: str) -> Sequence[Effect]:
        """What the method of a value does; nothing when the library has no such method."""
        tables, tag = self._tables[self._program.file_of_slot(slot)], holder & MASK
        if tag == OBJECT:
            mapping = self._program.forms[holder >> SHIFT] == MAPPING
            return (tables.mapping_methods if mapping else tables.methods).get(name, ())
        if tag == DEF and self._program.is_class(holder >> SHIFT):
            return tables.enum_methods.get(name, ())
        if tag == DEF and name in tables.function_methods:
            return tables.function_methods[name]
        return tables.value_methods.get(name, ())

    def call_partial(self, slot: int, number: int) -> None:
        """A call of a function some of whose arguments were given before."""
        if self._once(slot, -1 - (number << SHIFT)):
            callee, given, keywords = self._partials[number]
            program = self._program
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            names = ",".join(filter(None, (program.texts[slot], *keywords)))
            made = self._make_call(slot, callee, (*given, *arguments, *keywords.values()), names)
            self._propagation.connect(made, slot)

    def _once(self, slot: int, key: int) -> bool:
        if (slot, key) in self._applied:
            return False
        self._applied.add((slot, key))
        return True

    def _apply(self, slot: int, effects: Sequence[Effect], key: int, holder: int | None) -> None:
        if effects and self._once(slot, key):
            site = Site(self, self._program, slot, holder)
            for effect in effects:
                site.apply(effect)

    # --- for sites ----------------------------------------------------------------------------------------------------------------------

    def step(self, source: int, step: str, constant: int = -1) -> int:
        """A new slot for what one step leads to."""
        program = self._program
        if step in (ITERATED, ANY, ALL):
            made = program.derived_slot(source, ITERATE if step == ITERATED else INDEX, "", (source,))
        elif step.startswith("."):
            made = program.derived_slot(source, MEMBER, program.texts[constant] if constant >= 0 else step[1:], (source,))
        else:
            key = constant if constant >= 0 else program.new_slot(CONSTANT, step[1:-1])
            made = program.derived_slot(source, INDEX, "", (source, key))
        self._propagation.subscribe(source, made)
        return made

    def call(self, site: int, callee: int, arguments: tuple[int, ...]) -> int:
        """The library calls `callee` at a site; the slot of what it returns."""
        program = self._program
        if program.forms[callee] == CONSTANT and program.traits[program.file_of_slot(site)].callable_constants:
            callee = self._named(site, program.texts[callee])
        return self._make_call(site, callee, arguments, "")

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

    def call_pair(self, slot: int, holder: int) -> None:
        """A call of a container: `[object, "method"]` names a method, where the language has that."""
        program, origin = self._program, holder >> SHIFT
        parts = program.parts[origin]
        if program.forms[origin] != SEQUENCE or len(parts) != PAIR or not program.traits[program.file_of_slot(origin)].callable_constants:
            return
        receiver, name = (program.first_of_slot[origin] + part for part in parts)
        if program.forms[name] == CONSTANT and self._once(slot, ~holder):
            member = self.step(receiver, f".{program.texts[name]}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self._make_call(slot, member, arguments, program.texts[slot]), slot)

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
        if slot < program.file_slots and self._once(slot, ~holder):
            held = program.derived_slot(slot, HELD, "", ())
            self.hold(held, holder)
            callee = self.step(self.step(held, f"[{METATABLE}]"), f".{CALL_METAMETHOD}")
            arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
            self._propagation.connect(self._make_call(slot, callee, (held, *arguments), program.texts[slot]), slot)

    def _make_call(self, site: int, callee: int, arguments: tuple[int, ...], keywords: str) -> int:
        calls, depth = self.made.setdefault(site, []), self._depths.get(site, 0)
        if len(calls) == CALLS_PER_SITE or depth == CALL_DEPTH:
            return self._nothing
        made = self._program.derived_slot(site, CALL, keywords, (callee, *arguments))
        self._depths[made] = depth + 1
        calls.append(made)
        self._propagation.subscribe(callee, made)
        return made

    def partial(self, callee: int, given: tuple[int, ...], keywords: Mapping[str, int]) -> int:
        self._partials.append((callee, given, keywords))
        return value(PARTIAL, len(self._partials) - 1)

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


class Site:
    """One call of one library function."""

    def __init__(self, summaries: Summaries, program: Program, slot: int, holder: int | None) -> None:
        self._summaries = summaries
        self._program = program
        self._slot = slot
        first, parts = program.first_of_slot[slot], program.parts[slot]
        names = program.texts[slot].split(",") if program.texts[slot] else []
        positional = len(parts) - len(names)
        self._arguments = [first + part for part in parts[1:positional]]
        self._keywords = {name: first + parts[positional + number] for number, name in enumerate(names)}
        if BLOCK in self._keywords:
            self._arguments.append(self._keywords[BLOCK])
        self._self = holder
        self._self_slot = -1
        self._holders: dict[tuple[str, ...], int] = {}
        self._form = SEQUENCE

    def apply(self, effect: Effect) -> None:
        """Do what one effect says."""
        if effect.source.root in NEW_CONTAINERS:
            self._form = MAPPING if effect.source.root == "{}" else SEQUENCE
            self._result(())
            return
        if effect.target is not None and effect.target.root == "result" and effect.target.steps:
            self._result(())
        if effect.target is not None and effect.source.root == "keywords":
            self._put_keywords(effect.target)
            return
        named = effect.verb == "module" or effect.source.root == "module"
        source = self._module(effect) if named else self._source(effect)
        if source >= 0 and effect.target is not None:
            self._put(effect.target, source, all_keys=effect.source.steps[-1:] == (ALL,))

    # --- reading ------------------------------------------------------------------------------------------------------------------------

    def _module(self, effect: Effect) -> int:
        """A slot of the modules that a constant names, or of the site's own one."""
        names = [self._program.texts[slot] for slot in self._constants(effect.source.root)]
        return self._summaries.modules(self._slot, names, own=not effect.verb)

    def _source(self, effect: Effect) -> int:
        """Slot of what flows; -1 when it is not given here."""
        steps = effect.source.steps
        source = self._read(effect.source._replace(steps=steps[:-1]) if steps[-1:] == (ALL,) else effect.source)
        if source < 0 or not effect.verb:
            return source
        if effect.verb in ("class", "instance"):
            return self._summaries.classes(source) if effect.verb == "class" else self._summaries.instance(source)
        if effect.verb == "constant":
            return self._summaries.constant(self._self)
        arguments = tuple(slot for path in effect.arguments for slot in self._given(path))
        if effect.verb == "meta":
            return self._summaries.give_metatable(self._slot, source, *arguments)
        if effect.verb == "call":
            return self._summaries.call(self._slot, source, arguments)
        made = self._program.new_slot(HELD)
        self._summaries.hold(made, self._summaries.partial(source, arguments, self._keywords))
        return made

    def _given(self, path: Path) -> list[int]:
        if path.onward:
            return self._arguments[int(path.root) :]
        slot = self._read(path)
        return [slot if slot >= 0 else self._program.new_slot(UNKNOWN)]

    def _root(self, root: str) -> int:
        if root == "self" and self._self is not None:
            if self._self_slot < 0:
                self._self_slot = self._program.new_slot(HELD)
                self._summaries.hold(self._self_slot, self._self)
            return self._self_slot
        if root == "result":
            return self._slot
        if root.isdigit():
            slot = self._arguments[int(root)] if int(root) < len(self._arguments) else -1
            return -1 if slot >= 0 and self._program.forms[slot] in (SPREAD, SPREAD_MAP) else slot
        return self._keywords.get(root, -1)

    def _read(self, path: Path) -> int:
        slot = self._root(path.root)
        for step in path.steps if slot >= 0 else ():
            constants = self._constants(step.strip("[].@")) if "@" in step else []
            if "@" in step and not constants:
                return self._summaries.step(slot, ANY) if step.startswith("[") else -1
            slot = self._joined([self._summaries.step(slot, step, constant) for constant in constants or [-1]])
        return slot

    def _joined(self, slots: list[int]) -> int:
        """One slot for what several hold."""
        if len(slots) == 1:
            return slots[0]
        made = self._program.new_slot(HELD)
        for slot in slots:
            self._summaries.reach(slot, made)
        return made

    def _constants(self, position: str) -> list[int]:
        """The constants that an argument can be: one itself, or those that a variable is set to."""
        number = int(position) if position.isdigit() else len(self._arguments)
        slot = self._arguments[number] if number < len(self._arguments) else -1
        if slot < 0:
            return []
        forms = self._program.forms
        if forms[slot] == CONSTANT:
            return [slot]
        sources = self._program.sources.get(slot, ()) if forms[slot] == LOCAL else ()
        found = [constant for source in sources for constant in self._listed(source)]
        return found if len(found) <= CONSTANTS and all(forms[constant] == CONSTANT for constant in found) else []

    def _listed(self, source: int) -> list[int]:
        """A source, or the elements that a loop takes from a literal."""
        program = self._program
        inner = program.part(source) if program.forms[source] == ITERATE else -1
        if inner < 0 or program.forms[inner] != SEQUENCE:
            return [source]
        return [program.first_of_slot[inner] + part for part in program.parts[inner]]

    def _constant(self, step: str) -> int:
        """Slot of the constant that a step names by the position of an argument, or -1."""
        _, at, position = step.strip("[].").partition("@")
        number = int(position) if at and position.isdigit() else len(self._arguments)
        slot = self._arguments[number] if number < len(self._arguments) else -1
        return slot if slot >= 0 and self._program.forms[slot] == CONSTANT else -1

    # --- writing ------------------------------------------------------------------------------------------------------------------------

    def _put(self, target: Path, source: int, *, all_keys: bool) -> None:
        if not target.steps:
            self._summaries.reach(source, self._slot)
        elif target.steps[-1].startswith(".") or target.root not in ("result", "self"):
            self._put_member(target, source)
        else:
            holder = self._holder(target)
            if holder is not None and all_keys:
                behind = self._summaries.length(self._self or 0) if target.steps[-1] == BEHIND else 0
                self._summaries.merge(source, holder, behind)
            elif holder is not None:
                self._summaries.put(source, holder, self._key(target.steps[-1]))

    def _put_member(self, target: Path, source: int) -> None:
        holder = self._read(target._replace(steps=target.steps[:-1]))
        constant = self._constant(target.steps[-1])
        if holder >= 0 and (constant >= 0 or "@" not in target.steps[-1]):
            self._summaries.store(source, self._summaries.step(holder, target.steps[-1], constant))

    def _put_keywords(self, target: Path) -> None:
        holder = self._holder(target)
        for name, slot in self._keywords.items() if holder is not None else ():
            if name:
                self._summaries.put(slot, holder or 0, name)

    def _key(self, step: str) -> str:
        constant = self._constant(step)
        if constant >= 0:
            return self._program.texts[constant]
        return ANY_KEY if step in (ITERATED, ANY, ALL) or "@" in step else step[1:-1]

    def _holder(self, target: Path) -> int | None:
        """The container that the last step of a target goes into."""
        if target.root == "result":
            return self._result(target.steps[:-1])
        return self._self if target.root == "self" and len(target.steps) == 1 else None

    def _result(self, steps: tuple[str, ...]) -> int:
        holder = self._holders.get(steps)
        if holder is None:
            holder = self._holders[steps] = self._summaries.container(self._form if not steps else SEQUENCE)
            if steps:
                self._summaries.put_value(holder, self._result(steps[:-1]), self._key(steps[-1]))
            else:
                self._summaries.hold(self._slot, holder)
        return holder
