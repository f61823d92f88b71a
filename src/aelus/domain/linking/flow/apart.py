"""One instance, one closure, one call apart from the others of its kind, where the program text alone tells them apart.

Values say of what class an instance is and which function a closure runs, not where they were made: what one `Box` is given, all hold.
That is right inside the class, which runs for all of them. Outside, `a = Box(f)` followed by `a.content()` or `a.get()()` means `f` alone.
So where a variable holds nothing but one construction, what its constructor stores of its parameters is taken from the arguments there;
where a function returns what it was given, what that returns, or what its receiver or the function around it was given, a call yields what
follows from its own arguments. Wherever the text does not show this the shared answer stays, which holds all there can be.

Source: demand-driven inlining of summaries, as in M. Sharir, A. Pnueli, "Two Approaches to Interprocedural Data Flow Analysis" (1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import CALL, CONSTANT, DECORATED, INDEX, LOCAL, MEMBER, NARROWED, NEW, RECORD, SPREAD, SPREAD_MAP, UNION, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.literals import Literals
from aelus.domain.linking.flow.lookups import Lookups
from aelus.domain.linking.flow.narrowing import Narrowing
from aelus.domain.linking.flow.passing import Passing
from aelus.domain.linking.flow.records import Records
from aelus.domain.linking.members.metatables import Metatables
from aelus.domain.linking.members.stored_members import StoredMembers
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import DEF, MASK, SHIFT
from aelus.domain.numbers import natural

STEPS: Final = 8
"""Assignments, calls and constructors that one value is followed through."""
RETURNS: Final = 4
"""Expressions of which a function may return one; of one with more, all calls share the result."""
DERIVED: Final = 3
"""Calls that stand one behind the other for calls inside of functions: `def twice(f): return f(f)` would make them without end."""
ARGUMENTS: Final = 256
"""Arguments of one call that are followed: `f(*a, *a)` in each of several functions would double them each time."""
HOLDING: Final = frozenset({"Variable", "Constant", "Field"})


class Site(NamedTuple):
    """One call of a function, from which its parameters are known."""

    slot: int
    """A `CALL` or `DECORATED` expression."""
    function: int
    offset: int
    """1 where the first parameter is the receiver that the call does not list."""


class Apart:
    """Finds what single constructions and calls give."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        declarations: Declarations,
        records: Records,
        passing: Passing,
        metatables: Metatables,
        narrowing: Narrowing,
    ) -> None:
        self._metatables = metatables
        self._narrowing = narrowing
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self.records = records
        self._passing = passing
        self._stored = StoredMembers(program, hierarchy)
        self._literals = Literals(program, names, hierarchy, propagation, self._stored)
        self.given_names: frozenset[str] = self._stored.given_names | records.all_names | self._literals.names()
        self._lookups = Lookups(program, propagation, self._stored.parameters)
        self._recipes: dict[int, tuple[int, ...]] = {}
        self._given: dict[tuple[int, str], int] = {}
        self._made: dict[int, int] = {}
        """Expression → the call that makes all it holds, or -1."""
        self._nothing = program.new_slot(UNKNOWN)

    # --- instances -----------------------------------------------------------------------------------------------------------------------

    def given(self, holder: int, definition: int, name: str, stored: int = -1) -> int:
        """Slot of what the member of the instance in `holder` was given, `stored` may be put there; -1 where that is not certain."""
        if holder in self._stored.parameters or (stored >= 0 and not self._literals.makes(definition)):
            return -1
        made = self._made.get(holder)
        if made is None:
            constructs = self._program.traits[self._program.file_of_definition[definition]].call_constructs
            made = self._made[holder] = self._construction(holder) if constructs or self._literals.makes(definition) else -1
        if made < 0 or itself(definition) not in self._names.static(self._program.part(made)):
            return -1
        key = (made, name)
        known = self._given.get(key)
        if known is None:
            self._given[key] = -1
            known = self._given[key] = self._find_given(made, definition, name)
        return known

    def _construction(self, slot: int, depth: int = 0) -> int:
        """The call of a class, or the literal, that makes all that an expression holds, or -1."""
        program, made = self._program, self._single(slot, depth)
        if made >= 0 and self._is_literal(made):
            return made
        if made < 0 or program.forms[made] != CALL or depth > STEPS:
            return -1
        called = self._names.static(program.part(made))
        function = called[0] >> SHIFT if len(called) == 1 and called[0] & MASK == DEF else -1
        if function < 0 or (function in program.decorated and RECORD not in program.definitions[function].modifiers):
            return -1
        return made if program.is_class(function) else self._returned_construction(made, function, depth)

    def _returned_construction(self, made: int, function: int, depth: int) -> int:
        """As `_construction`, of what the call of a function returns."""
        program = self._program
        written = program.sources.get(program.returns.get(function, -1), ())
        if len(written) == 1 and self._is_literal(written[0]):
            return self._substituted(written[0], program.part(written[0]), Site(made, function, 0))
        results = self._returned(function)
        if len(results) != 1 or not program.is_function(function) or "generator" in program.definitions[function].modifiers:
            return -1
        found = self._evaluate(results[0], Site(made, function, 0))
        return self._construction(found[0], depth + 1) if found is not None and len(found) == 1 else -1

    def _is_literal(self, slot: int) -> bool:
        return self._program.forms[slot] == NEW and self._program.traits[self._program.file_of_slot(slot)].literal_instances

    def _single(self, slot: int, depth: int = 0) -> int:
        """The only expression that an expression has its value from, or -1."""
        program = self._program
        for _ in range(STEPS):
            if program.forms[slot] == MEMBER and (stored := self._kept(slot, depth)) >= 0:
                slot = stored
                continue
            if program.forms[slot] != LOCAL:
                return slot
            sources: Sequence[int] = program.sources.get(slot, ())
            if slot in program.imports:
                statements = program.imports[slot]
                sources = self._names.imported(*statements[0]).slots if len(statements) == 1 and not sources else ()
            elif slot in self._stored.parameters or self._is_shared(slot):
                return -1
            if len(sources) != 1:
                return -1
            slot = sources[0]
        return -1

    def _kept(self, member: int, depth: int) -> int:
        """What alone is ever stored in a member of an instance, where the text shows of which class that is; or -1."""
        program, name = self._program, self._program.texts[member]
        definition = self._class_of(program.part(member), depth)
        of_class = definition >= 0 and self._hierarchy.declaring(definition, name) in program.sources
        stores = self._stored.of(definition, name) if definition >= 0 and not of_class else None
        if stores is None or len(stores) != 1 or self._stored.receiver_of(program.part(stores[0])) < 0:
            return -1
        sources = program.sources[stores[0]]
        return sources[0] if len(sources) == 1 else -1

    def _class_of(self, holder: int, depth: int) -> int:
        """The class around for what a method is called on, or the one that is called for all that an expression holds; or -1."""
        method = self._stored.receiver_of(holder)
        if method >= 0:
            return self._hierarchy.owner.get(method, -1)
        made = self._construction(holder, depth + 1) if depth <= STEPS else -1
        return self._names.static(self._program.part(made))[0] >> SHIFT if made >= 0 else -1

    def _is_shared(self, variable: int) -> bool:
        """Whether a variable is, or may be, more than what is assigned to it where it is declared."""
        program = self._program
        bound = (definition for definition in program.bound.get(variable, ()) if definition not in program.decorated)
        if any(program.definitions[definition].kind not in HOLDING for definition in bound):
            return True
        return self._stored.from_outside(program.texts[variable])

    def _find_given(self, made: int, definition: int, name: str) -> int:
        if self._program.forms[made] == NEW:
            return self._literals.given(made, definition, name, self._construction, self.records)
        record = self._given_to_record(made, definition, name)
        if record >= 0:
            return record
        constructor = self._constructor(definition)
        stores = self._stored.of(definition, name) if constructor >= 0 else None
        storing = self._stored.receiver_of(self._program.part(stores[0])) if stores is not None and len(stores) == 1 else -1
        sources = self._program.sources[stores[0]] if stores is not None and storing >= 0 else []
        found: list[int] = []
        for source in sources if len(sources) <= RETURNS else ():
            slots = self._followed(source, Site(made, constructor, 1), storing, definition)
            if slots is None:
                return -1
            found.extend(slots)
        return self._literals.joined(found) if found else -1

    def _given_to_record(self, made: int, definition: int, name: str) -> int:
        """As `_find_given`, for a class whose constructor is made of its fields."""
        fields = self.records.field_names(definition)
        if name not in fields or self._constructor(definition) >= 0 or self._stored.of(definition, name) != []:
            return -1
        arguments = self._listed(made, [*fields], 0)
        return -1 if arguments is None else arguments.get(fields.index(name), -1)

    def _constructor(self, definition: int) -> int:
        """The only method that runs when the class is called, or -1."""
        names = self._program.traits[self._program.file_of_definition[definition]].constructors
        found = [method for name in names for method in self._hierarchy.methods(definition, name)]
        decorated = len(found) == 1 and found[0] in self._program.decorated
        return found[0] if len(found) == 1 and not decorated and not self._hierarchy.metaclasses_of(definition) else -1

    def _followed(self, source: int, site: Site, storing: int, definition: int) -> list[int] | None:
        """What `source` in the constructor `storing` is for an instance that `site` makes: constructors in front of it pass it on."""
        chain = self._chain(site.function, storing, definition)
        if chain is None:
            return None
        for call in chain:
            site = self._inner_site(call, site, definition)
        return self._evaluate(source, site)

    def _chain(self, first: int, last: int, definition: int) -> list[int] | None:
        """The calls of constructors that lead from one to another; None where they are not certain."""
        order, chain, constructor = self._hierarchy.order(definition), list[int](), first
        for _ in range(STEPS):
            if constructor == last:
                return chain
            owner, name = self._hierarchy.owner.get(constructor, -1), self._program.definitions[constructor].name
            calls = [call for call in self._stored.chained(owner) if self._program.texts[self._program.part(call)] == name]
            behind = order[order.index(owner) + 1 :] if owner in order else ()
            methods = next((found for base in behind if (found := self._hierarchy.own_methods(base, name))), [])
            if len(calls) != 1 or len(methods) != 1:
                return None
            chain.append(calls[0])
            constructor = methods[0]
        return None

    def _inner_site(self, call: int, site: Site, definition: int) -> Site:
        """A call of a further constructor, its arguments as they are for one instance."""
        program, order = self._program, self._hierarchy.order(definition)
        owner, name = self._hierarchy.owner[site.function], program.texts[program.part(call)]
        behind = order[order.index(owner) + 1 :]
        constructor = next(found[0] for base in behind if (found := self._hierarchy.own_methods(base, name)))
        made = self._substituted(call, program.part(call), site)
        return Site(made, constructor, 1)

    # --- calls -------------------------------------------------------------------------------------------------------------------------

    def apply(self, slot: int, function: int, offset: int) -> bool:
        """Let the call `slot` yield what the function returns there; false for one of which all calls share the result."""
        return self._metatables.make(slot, function) or self._passing.apply(slot, function, offset) or self._inline(slot, function, offset)

    def answer(self, slot: int, method: int, offset: int) -> bool:
        """As `apply`, for a subscript that a method answers by looking its key up."""
        recipe = self._recipe(method) if len(self._program.parts[slot]) > 1 else ()
        return bool(recipe) and all(self._lookups.key_of(source) >= 0 for source in recipe) and self._inline(slot, method, offset)

    def passes_receiver(self, slot: int, function: int) -> bool:
        """Whether a function has what it is called on as its receiver without being given it as an argument."""
        return slot in self._metatables.passed and self._metatables.has_receiver(function)

    def _inline(self, slot: int, function: int, offset: int) -> bool:
        recipe = self._recipe(function)
        if not recipe or self._program.depths.get(slot, 0) >= DERIVED:
            return False
        site = Site(slot, function, offset)
        found: list[int] = []
        for source in recipe:
            slots = self._evaluate(source, site)
            if slots is None:
                return False
            found.extend(slots)
        for source in found:
            self._propagation.connect(source, slot)
        entry = self._program.definitions[function]
        if entry.returns != UNKNOWN:
            self._declarations.hold(self._program.first_slot[self._program.file_of_definition[function]] + entry.returns, slot)
        return True

    def _returned(self, function: int) -> Sequence[int]:
        result = self._program.returns.get(function, -1)
        return () if result in self._propagation.sealed else self._program.sources.get(result, ())

    def _recipe(self, function: int) -> tuple[int, ...]:
        """What a function returns, where that depends on the call; empty for any other."""
        known = self._recipes.get(function)
        if known is None:
            sources = self._returned(function)
            depends = len(sources) <= RETURNS and any(self._depends(source, STEPS) for source in sources)
            known = self._recipes[function] = tuple(sources) if depends else ()
        return known

    def _depends(self, source: int, steps: int) -> bool:
        """Whether an expression is made of parameters, or of what the receiver holds."""
        program, form = self._program, self._program.forms[source]
        if form == LOCAL:
            if source in self._stored.parameters:
                return True
            inner = program.sources.get(source, ())
            return len(inner) == 1 and steps > 0 and source not in program.bound and self._depends(inner[0], steps - 1)
        if form == MEMBER:
            return self._stored.receiver_of(program.part(source)) >= 0
        if form in (NARROWED, UNION):
            return steps > 0 and any(self._depends(part, steps - 1) for part in self._passed(source))
        if form not in (INDEX, CALL):
            return False
        apart = self._rest_place(source) is not None if form == INDEX else steps > 0 and self._is_called_apart(source, steps)
        return apart or self._lookups.key_of(source) >= 0

    def _rest_place(self, index: int) -> tuple[int, int] | None:
        """The function and position of an argument that is one of all further ones, by its number."""
        program = self._program
        if len(program.parts[index]) == 1 or program.sources.get(program.part(index)):
            return None
        function, position = self._stored.parameters.get(program.part(index), (-1, -1))
        key = program.part(index, 1)
        if function < 0 or program.definitions[function].parameters[position].kind != "rest":
            return None
        number = natural(program.texts[key]) if program.forms[key] == CONSTANT else -1
        return (function, position + number) if number >= 0 else None

    def _rest_argument(self, index: int, site: Site) -> list[int] | None:
        place, arguments = self._rest_place(index), self._arguments(site)
        if place is None or arguments is None or place[0] != site.function:
            return None
        return [arguments.get(place[1], self._nothing)]

    def _is_called_apart(self, call: int, steps: int) -> bool:
        """Whether what is called depends, or a class is called with something that does."""
        program = self._program
        callee = program.part(call)
        if self._depends(callee, steps - 1) and not self._stored.receiver_of(callee) >= 0:
            return True
        called = self._names.static(callee)
        makes = bool(called) and all(inner & MASK == DEF and program.is_class(inner >> SHIFT) for inner in called)
        arguments = (program.first_of_slot[call] + part for part in program.parts[call][1:])
        return makes and any(self._depends(argument, steps - 1) for argument in arguments)

    def _evaluate(self, source: int, site: Site, steps: int = STEPS) -> list[int] | None:
        """What an expression inside of a function is for one call of it; None where that is not certain."""
        program, form = self._program, self._program.forms[source]
        if not self._depends(source, steps):
            return [source]
        if form == LOCAL and source in self._stored.parameters:
            return self._argument(source, site, steps)
        if form == LOCAL:
            return self._evaluate(program.sources[source][0], site, steps - 1)
        if form in (MEMBER, INDEX):
            return self._field(source, site) if form == MEMBER else self._at_place(source, site, steps)
        if form in (NARROWED, UNION):
            parts = [self._evaluate(part, site, steps - 1) for part in self._passed(source)]
            found = [slot for part in parts for slot in part or ()]
            return None if None in parts else [self._narrowing.repeat(source, slot) for slot in found] if form == NARROWED else found
        return self._called(source, site, steps)

    def _passed(self, source: int) -> list[int]:
        """What a union is of, or what passes a test."""
        first, parts = self._program.first_of_slot[source], self._program.parts[source]
        return [first + part for part in (parts[1:2] if self._program.forms[source] == NARROWED else parts)]

    def _at_place(self, index: int, site: Site, steps: int) -> list[int] | None:
        """What is under the name that a call gives, or one of the further arguments."""
        return self._looked_up(index, site, steps) if self._lookups.key_of(index) >= 0 else self._rest_argument(index, site)

    def _looked_up(self, source: int, site: Site, steps: int) -> list[int]:
        given = self._argument(self._lookups.key_of(source), site, steps)
        return [self._lookups.at(source, given[0]) if given is not None and len(given) == 1 else source]

    def _called(self, call: int, site: Site, steps: int) -> list[int] | None:
        if self._lookups.key_of(call) >= 0:
            return self._looked_up(call, site, steps)
        callee = self._program.part(call)
        callees = self._evaluate(callee, site, steps - 1)
        return None if callees is None else [self._substituted(call, inner, site) for inner in callees]

    def _argument(self, variable: int, site: Site, steps: int) -> list[int] | None:
        """What a parameter is at a call: of the function that is called, or of one around it whose call made it."""
        function, position = self._stored.parameters[variable]
        if not self._is_pure(variable, function, position):
            return None
        if function == site.function:
            arguments = self._arguments(site)
            if arguments is None:
                return None
            argument = arguments.get(position, -1)
            return [argument] if argument >= 0 else self._default(function, position)
        around = self._around(site, function) if steps > 0 else None
        return None if around is None else self._argument(variable, around, steps - 1)

    def _default(self, function: int, position: int) -> list[int]:
        default = self._program.definitions[function].parameters[position].default
        slot = self._program.first_slot[self._program.file_of_definition[function]] + default
        return [self._nothing if default == UNKNOWN or self._program.forms[slot] in IDLE_FORMS else slot]

    def _is_pure(self, variable: int, function: int, position: int) -> bool:
        """Whether a parameter holds nothing but its argument, or the default for it."""
        entry = self._program.definitions[function]
        parameter = entry.parameters[position]
        default = self._program.first_slot[self._program.file_of_definition[function]] + parameter.default
        sources = self._program.sources.get(variable, ())
        return parameter.kind in ("positional", "keyword") and all(
            source == default or self._program.forms[source] in IDLE_FORMS for source in sources
        )

    def _around(self, site: Site, function: int) -> Site | None:
        """The call of a function that made the closure which is called at a site."""
        program = self._program
        made, parent = self._single(program.part(site.slot)), program.parent_of(site.function)
        for _ in range(STEPS):
            if made < 0 or parent < 0 or program.forms[made] not in (CALL, DECORATED):
                return None
            callee = program.part(made)
            static = self._names.static(callee)
            if static == (itself(parent),) and parent not in program.decorated:
                return Site(made, parent, 0) if parent == function else None
            inner = self._single(callee)
            if parent == function and self._returns(inner, parent):
                return Site(made, parent, 0)
            if not self._returns(inner, parent):
                return None
            made, parent = inner, program.parent_of(parent)
        return None

    def _returns(self, call: int, function: int) -> bool:
        """Whether a call yields nothing but a function that is defined inside of the one that is called."""
        program = self._program
        if call < 0 or program.forms[call] != CALL:
            return False
        called = self._names.static(program.part(call))
        outer = program.parent_of(function)
        results = self._returned(outer) if called == (itself(outer),) and outer not in program.decorated else ()
        return len(results) == 1 and self._names.static(results[0]) == (itself(function),) and function not in program.decorated

    def _field(self, member: int, site: Site) -> list[int] | None:
        """What a member of the receiver is for what a method is called on."""
        program = self._program
        callee = program.part(site.slot)
        if self._stored.receiver_of(program.part(member)) != site.function or program.forms[callee] != MEMBER or not site.offset:
            return None
        holder = program.part(callee)
        made = self._construction(holder)
        if made < 0:
            return None
        definition = self._names.static(program.part(made))[0] >> SHIFT
        found = self.given(holder, definition, program.texts[member])
        return [found] if found >= 0 else None

    # --- arguments -----------------------------------------------------------------------------------------------------------------------

    def _arguments(self, site: Site) -> dict[int, int] | None:
        """Position of a parameter → slot of its argument; None where that is not certain."""
        if self._program.forms[site.slot] == DECORATED:
            return {0: self._program.part(site.slot, 1)}
        return self._listed(site.slot, [parameter.name for parameter in self._program.definitions[site.function].parameters], site.offset)

    def _listed(self, call: int, parameters: list[str], offset: int) -> dict[int, int] | None:
        program = self._program
        first, parts = program.first_of_slot[call], program.parts[call]
        names = program.texts[call].split(",") if program.texts[call] else []
        given = [first + part for part in parts[1:]]
        if any(program.forms[argument] in (SPREAD, SPREAD_MAP) for argument in given):
            return None
        positional = len(given) - len(names)
        found = {offset + position: argument for position, argument in enumerate(given[:positional])}
        numbers = {name: number for number, name in enumerate(parameters)}
        return found | {numbers[name]: argument for name, argument in zip(names, given[positional:], strict=True) if name in numbers}

    def _substituted(self, call: int, callee: int, site: Site) -> int:
        """A call inside of a function as it is for one call of that: its arguments stand for the parameters."""
        program = self._program
        first, parts = program.first_of_slot[call], program.parts[call]
        names = program.texts[call].split(",") if program.texts[call] else []
        inner = [first + part for part in parts[1:]]
        positional = len(inner) - len(names)
        outer_first, outer = program.first_of_slot[site.slot], program.parts[site.slot]
        outer_names = program.texts[site.slot].split(",") if program.texts[site.slot] and program.forms[site.slot] == CALL else []
        outer_positional = [outer_first + part for part in outer[1 : len(outer) - len(outer_names)]]
        outer_named = [outer_first + part for part in outer[len(outer) - len(outer_names) :]]
        taken = {parameter.name for parameter in program.definitions[site.function].parameters}
        rest_named = [pair for pair in zip(outer_names, outer_named, strict=True) if pair[0] not in taken]
        given: list[int] = []
        named: list[tuple[str, int]] = []
        for argument in inner[:positional]:
            spread = program.forms[argument] in (SPREAD, SPREAD_MAP)
            function, position = self._stored.parameters.get(program.part(argument), (-1, 0)) if spread else (-1, 0)
            if function != site.function:
                given.append(self._replaced(argument, site))
            elif program.forms[argument] == SPREAD:
                given.extend(outer_positional[max(position - site.offset, 0) :])
            else:
                named.extend(rest_named)
            del given[ARGUMENTS:], named[ARGUMENTS:]
        named.extend((name, self._replaced(argument, site)) for name, argument in zip(names, inner[positional:], strict=True))
        made = program.derived_slot(
            call, program.forms[call], ",".join(name for name, _ in named), (callee, *given, *[argument for _, argument in named])
        )
        program.depths[made] = program.depths.get(site.slot, 0) + 1
        self._propagation.subscribe(callee, made)
        return made

    def _replaced(self, argument: int, site: Site) -> int:
        """An argument inside of a function for one call of that; as it is where that is not certain."""
        found = self._evaluate(argument, site, 1) if argument in self._stored.parameters else None
        return found[0] if found is not None and len(found) == 1 else argument


def itself(definition: int) -> int:
    """A definition itself as a value."""
    return (definition << SHIFT) | DEF
