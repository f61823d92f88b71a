"""Stores whose key and value come together: `def register(name, f): table[name] = f`, `for name, f in (("a", g), …): table[name] = f`.

Taken one by one, the variables hold all names and all values, and any name would lead to any value. Each call, or turn of a loop over a
literal, has one of both, so each is a store of its own; where its name is no constant, its value may be under any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from aelus.domain.facts import CALL, CONSTANT, DECORATED, INDEX, LOCAL, MEMBER, SPREAD, SPREAD_MAP
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.program import HELD, IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.turns import Turns
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT

STORES: Final = 16
"""Stores of one function that are told call by call; more are ordinary ones."""
RECEIVER: Final = -1
"""Position of the value where it is the class itself that comes into being."""
NO_PARAMETER: Final = (-1, -1)
UNTOLD: Final = frozenset({"property", "setter", "deleter"})
"""Modifiers of methods that get values otherwise than by calls."""


class KeyedStore(NamedTuple):
    """A store of a parameter at a key that is a parameter, too."""

    target: int
    """The `INDEX` expression."""
    key_function: int
    """The function, or the one around it, whose parameter the key is; -1 where it is a member of the receiver."""
    key: int
    """Position of that parameter, or the member."""
    value: int
    """Position of the one that is stored, or `RECEIVER`."""


class KeyedStores:
    """Finds such stores, and lets each call or turn put its own value under its own name."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation, constraints: Constraints) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._constraints = constraints
        self._turns = Turns(program)
        self.given: Callable[[int, int, str], int]
        """`Apart.given`, which is made of the members."""
        self.functions: dict[int, list[KeyedStore]] = {}
        """Function → what it stores."""
        self._rests: dict[int, int] = {}
        """Such an expression → slot of what is stored there under names that are not known."""

    def takes(self, source: int, target: int) -> bool:
        """Whether a store is one of these, which is told call by call, or turn by turn."""
        program = self._program
        told = len(program.parts[target]) > 1 and program.traits[program.file_of_slot(target)].keyed_stores
        if not told or program.forms[source] != LOCAL:
            return False
        key = program.part(target, 1)
        if program.forms[key] == MEMBER:
            return self._takes_named(source, key, target)
        return program.forms[key] == LOCAL and (self._takes_class(source, key, target) or self._takes_pair(source, key, target))

    def _takes_pair(self, source: int, key: int, target: int) -> bool:
        """`table[name] = f` of two parameters, or of two variables of a loop."""
        program = self._program
        if (mapping := self._turns.mapping(key, source)) >= 0:
            self._constraints.pour(mapping, program.part(target))
            return True
        pairs = self._turns.pairs(key, source)
        if not pairs and not self._takes_parameters(source, key, target):
            return False
        self._rests[target] = self._constraints.storing(target)
        for name, held in pairs:
            self._store(held, name, target)
        return True

    # --- what says itself under which name it is stored ---------------------------------------------------------------------------------

    def _takes_named(self, source: int, key: int, target: int) -> bool:
        """`table[f.__name__] = f`, and `table[self.name] = f` for what each instance was made with."""
        program = self._program
        if program.part(key) == source:
            rest, name = self._constraints.storing(target), program.texts[key]
            self._constraints.meet(source, lambda inner: self._file(inner, name, target, rest))
            return True
        function, position = self._parameter(source)
        if function < 0 or not self._is_receiver(program.part(key), function):
            return False
        stores = self.functions.setdefault(function, [])
        if len(stores) == STORES:
            return False
        self._rests[target] = self._constraints.storing(target)
        stores.append(KeyedStore(target, -1, key, position))
        return True

    def _takes_class(self, source: int, key: int, target: int) -> bool:
        """`table[name] = cls` in a metaclass, which is made with the name of each class."""
        function, position = self._parameter(key)
        if function < 0 or position != 1 or not self._is_constructor(function):
            return False
        owner, rest = self._hierarchy.owner.get(function, -1), self._constraints.storing(target)
        name = self._program.traits[self._program.file_of_definition[function]].name_member
        if not name or self._parameter(source)[0] >= 0:
            return False
        self._constraints.meet(source, lambda inner: self._file(inner, name if self._is_made_by(inner, owner) else "", target, rest))
        return True

    def _is_constructor(self, function: int) -> bool:
        program = self._program
        return program.definitions[function].name in program.traits[program.file_of_definition[function]].constructors

    def _is_made_by(self, inner: int, metaclass: int) -> bool:
        known = inner & MASK == DEF and self._program.is_class(inner >> SHIFT)
        return known and metaclass in self._hierarchy.metaclasses_of(inner >> SHIFT)

    def _file(self, inner: int, name: str, target: int, rest: int) -> None:
        """Put one value where its member of that name says, or under any key."""
        text, program = self.name_of(inner, name), self._program
        held = program.derived_slot(target, HELD, "", ()) if text else rest
        self._propagation.add(held, inner)
        if text:
            self._store(held, program.derived_slot(target, CONSTANT, text, ()), target)

    def name_of(self, inner: int, name: str) -> str:
        """The constant that a member of a function, class or instance is; empty where that is not known."""
        program, definition = self._program, inner >> SHIFT
        if inner & MASK not in (DEF, INSTANCE_OF) or not name:
            return ""
        if name == program.traits[program.file_of_definition[definition]].name_member:
            return program.definitions[definition].name if inner & MASK == DEF else ""
        for owner in self._hierarchy.order(definition) if program.is_class(definition) else ():
            slot = self._hierarchy.defines(owner, name)
            if slot >= 0:
                sources = program.sources.get(slot, ())
                return program.texts[sources[0]] if len(sources) == 1 and program.forms[sources[0]] == CONSTANT else ""
        return ""

    # --- calls --------------------------------------------------------------------------------------------------------------------------

    def _takes_parameters(self, source: int, key: int, target: int) -> bool:
        program = self._program
        function, position = self._parameter(source)
        key_function, key_position = self._parameter(key)
        if function < 0 <= key_function and self._is_receiver(source, key_function) and self._makes_subclasses(key_function):
            function, position = key_function, RECEIVER
        if function < 0 or key_function not in (function, program.parent_of(function)) or key_function < 0:
            return False
        stores = self.functions.setdefault(function, [])
        if len(stores) == STORES:
            return False
        stores.append(KeyedStore(target, key_function, key_position, position))
        return True

    def _makes_subclasses(self, function: int) -> bool:
        program = self._program
        return program.definitions[function].name == program.operation(program.file_of_definition[function], "subclass")

    def enter_class(self, slot: int, function: int, received: int) -> None:
        """A class comes into being, which its base stores under a name that it is made with; `slot` is -1 where it is made with none."""
        for store in self.functions[function]:
            if store.value == RECEIVER:
                held = self._program.derived_slot(store.target, HELD, "", ())
                self._propagation.add(held, received)
                self._store(held, self._key(slot, function, store, 1) if slot >= 0 else -1, store.target)

    def _parameter(self, variable: int) -> tuple[int, int]:
        """The function whose parameter a variable is that gets its values from calls alone, and its position; or (-1, -1)."""
        program = self._program
        function, position = program.parameters.get(variable, NO_PARAMETER)
        if function < 0 or any(program.forms[source] not in IDLE_FORMS for source in program.sources.get(variable, ())):
            return NO_PARAMETER
        given = program.definitions[function].parameters[position].kind in ("positional", "keyword")
        takes = given and position >= self._hierarchy.received(function)
        return (function, position) if takes and self._is_called(function) else NO_PARAMETER

    def _is_receiver(self, variable: int, function: int) -> bool:
        """Whether a variable is what a method is called on."""
        static = "static" in self._program.definitions[function].modifiers
        return self._hierarchy.received(function) > 0 and not static and variable == self._program.parameter_slot(function, 0)

    def _is_called(self, function: int) -> bool:
        """Whether calls alone run a function, as far as its name and modifiers say."""
        program, file, entry = self._program, self._program.file_of_definition[function], self._program.definitions[function]
        traits = program.traits[file]
        called = (*traits.constructors, program.operation(file, "call"), program.operation(file, "subclass"))
        special = bool(traits.special_members) and entry.name.startswith(traits.special_members) and entry.name not in called
        return not special and UNTOLD.isdisjoint(entry.modifiers)

    def enter(self, slot: int, function: int, offset: int) -> None:
        """A call gives its arguments to a function that stores them so."""
        for store in self.functions[function]:
            if store.value == RECEIVER:
                continue
            given = self._argument(slot, function, store.value, offset)
            if given is None:
                self._store(self._program.parameter_slot(function, store.value), -1, store.target)
            elif given >= 0:
                self._store(given, self._key(slot, function, store, offset), store.target)

    def _argument(self, slot: int, function: int, position: int, offset: int) -> int | None:
        """The argument that a parameter gets: -1 for none, None where that is not certain."""
        program = self._program
        first, parts = program.first_of_slot[slot], program.parts[slot]
        given = [first + part for part in parts[1:]]
        if any(program.forms[argument] in (SPREAD, SPREAD_MAP) for argument in given):
            return None
        names = program.texts[slot].split(",") if program.texts[slot] and program.forms[slot] == CALL else []
        name, positional = program.definitions[function].parameters[position].name, len(given) - len(names)
        if name in names:
            return given[positional + names.index(name)]
        return given[position - offset] if 0 <= position - offset < positional else -1

    def _key(self, slot: int, function: int, store: KeyedStore, offset: int) -> int:
        """The argument that the key is: of the call itself, or of the one that made what is called; -1 if unknown."""
        program = self._program
        if store.key_function < 0:
            return self.given(program.part(slot), self._hierarchy.owner.get(function, -1), program.texts[store.key])
        if store.key_function == function:
            return -1 if (found := self._argument(slot, function, store.key, offset)) is None else found
        made = program.part(slot)
        if program.forms[slot] not in (CALL, DECORATED) or program.forms[made] != CALL:
            return -1
        held = self._propagation.held(program.part(made))
        if [inner >> SHIFT for inner in held] != [store.key_function] or held[0] & MASK not in (DEF, BOUND):
            return -1
        found = self._argument(made, store.key_function, store.key, 1 if held[0] & MASK == BOUND else 0)
        return -1 if found is None else found

    def _store(self, source: int, key: int, target: int) -> None:
        """Put a value where the target says, under a key of its own (-1: any that it can have there)."""
        program = self._program
        if key < 0 or program.forms[key] != CONSTANT:
            self._propagation.connect(source, self._rests[target])
        elif program.forms[source] not in IDLE_FORMS:
            made = program.derived_slot(target, INDEX, "", (program.part(target), key))
            self._constraints.store(source, made)
            self._propagation.subscribe(program.part(target), made)
