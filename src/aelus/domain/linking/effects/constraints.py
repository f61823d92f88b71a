"""What the effects of the library add to the value flow: slots, copies between them, elements and members of containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.facts import AWAIT, CONSTANT, IMPLICIT, INDEX, INHERITED, ITERATE, MAPPING, MEMBER, METATABLE, TAKEN, UNKNOWN
from aelus.domain.linking.library.tables import ALL, ANY, AWAITED, ITERATED, NEXT
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, NAMED, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.types.counterparts import Counterparts
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.guards import guarded_type
from aelus.domain.linking.values import DEF, EXTERNAL, EXTERNAL_INSTANCE, MASK, MODULE, OBJECT, SHIFT, value

STRICT: Final = "strict"


class Constraints:
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
        self._propagation = propagation
        self._containers = containers
        self._declarations = declarations
        self._stores = stores
        self._types: dict[tuple[int, str], int] = {}
        """(file, name) → type of the library that the file knows by that name, or -1."""
        self.counterparts = Counterparts(program, propagation, declarations)

    # --- slots --------------------------------------------------------------------------------------------------------------------------

    def step(self, source: int, step: str, constant: int = -1) -> int:
        """A new slot for what one step leads to."""
        program = self._program
        if step == AWAITED:
            made = program.derived_slot(source, AWAIT, "", (source,))
        elif step in (ITERATED, NEXT, ANY, ALL):
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

    def fields(self, slot: int) -> tuple[int, ...]:
        """The variables that a member of a type means, or a bare name inside of one, where these hold what their declarations say."""
        program, names, form = self._program, self._names, self._program.forms[slot]
        if form not in (MEMBER, IMPLICIT) or program.traits[program.file_of_slot(slot)].declared_types != STRICT:
            return ()
        holders = names.static(program.part(slot)) if form == MEMBER else names.around(program.definition_of(slot))
        found = (names.member(holder, program.texts[slot]).slots for holder in holders)
        return next((slots for slots in found if slots), ())

    def named(self, source: int, key: int) -> int:
        """A slot of the members of `source` that the texts name which `key` can be."""
        made = self._program.derived_slot(source, NAMED, "", (source, key))
        self._propagation.subscribe(key, made)
        return made

    def verb_step(self, source: int, verb: str) -> int:
        """A slot of one of the counterparts of what `source` holds, or of the functions and classes in it, `taken` as values which
        declared types let in, or of what is `derived` from it.
        """
        if verb == "derived":
            return self._derived(source)
        if verb != "taken":
            return self.counterparts.step(source, verb)
        made = self._program.derived_slot(source, TAKEN, "", (source,))
        self._propagation.subscribe(source, made)
        return made

    def guarded(self, source: int, function: int) -> int:
        """A slot of those values of `source` of which a function says that they are of a type."""
        named = [inner >> SHIFT for inner in self._names.static(function) if inner & MASK == DEF]
        declared = guarded_type(self._program, (d for d in named if self._program.is_function(d)), receives=False)
        return self.counterparts.step(declared, "instance") if declared >= 0 else source

    def modules(self, site: int, names: Sequence[str], *, own: bool) -> int:
        """A slot that holds the modules of these names, or that of the site itself."""
        made, file = self._program.derived_slot(site, HELD, "", ()), self._program.file_of_slot(site)
        found = [inner for name in names for inner in self._names.values_of(self._names.module_value(file, name))]
        for inner in [value(MODULE, file)] if own else found:
            self.hold(made, inner)
        return made

    # --- what slots hold ----------------------------------------------------------------------------------------------------------------

    def hold(self, slot: int, inner: int, *, passes: bool = False) -> None:
        """A slot holds a value; one that `passes` flows where a declared type says less of it."""
        if passes:
            self._propagation.passing.add(inner)
        self._propagation.add(slot, inner)

    def hold_external(self, slot: int, file: int, name: str) -> None:
        """A slot holds an instance of the library's type of that name, as a file knows it."""
        known = self._types.get((file, name))
        if known is None:
            found = self._names.values_of(self._names.module_value(file, name))
            known = self._types[file, name] = next((inner >> SHIFT for inner in found if inner & MASK == EXTERNAL), -1)
        if known >= 0:
            self._propagation.add(slot, value(EXTERNAL_INSTANCE, known))

    def reach(self, source: int, slot: int) -> None:
        self._propagation.connect(source, slot)

    def join(self, source: int, holder: int) -> None:
        """The name of a function stands for other functions too, which are given to a method of it."""
        program = self._program
        if holder & MASK == DEF:
            name = program.slot_of_definition[holder >> SHIFT]
            self._propagation.connect(source, name)
            lasting = program.lasting[program.file_of_definition[holder >> SHIFT]].get(program.texts[name], -1)
            if lasting >= 0 and holder in self._propagation.held(lasting):
                self._propagation.connect(source, lasting)

    def store(self, source: int, member: int) -> None:
        """The values of `source` are stored in what a `MEMBER` slot names."""
        self._stores[member] = source
        self._propagation.connect(source, member)

    # --- containers ---------------------------------------------------------------------------------------------------------------------

    def stored(self, target: int) -> int:
        """The slot of what is stored in what an expression names, or -1."""
        return self._stores.get(target, -1)

    def storing(self, target: int) -> int:
        """The slot of what is stored in what an `INDEX` slot names. Call it before the run."""
        stored = self._stores.get(target)
        if stored is None:
            stored = self._stores[target] = self._program.new_slot(UNKNOWN)
            self._propagation.connect(stored, target)
        return stored

    def container(self, form: int) -> int:
        """A new container."""
        return value(OBJECT, self._program.new_slot(form))

    def note_instance(self, holder: int, *, pairs: bool) -> None:
        """A container is an instance of a type of the library, which says what methods it has; `pairs` are what loops yield."""
        self._containers.instances.add(holder)
        if pairs:
            self._containers.pairs.add(holder)

    def meet(self, source: int, take: Callable[[int], object]) -> None:
        """Do something with each value of an expression."""
        self._containers.meet(source, take)

    def put(self, source: int, holder: int, key: str) -> None:
        field = self._containers.field(holder, key)
        self._propagation.connect(source, field)
        self.counterparts.expect(source, field)

    def put_value(self, inner: int, holder: int, key: str) -> None:
        self._propagation.add(self._containers.field(holder, key), inner)

    def merge(self, source: int, holder: int, shift: int = 0) -> None:
        self._containers.merge(source, holder, shift)

    def pour(self, source: int, target: int, *, inherited: bool = False) -> None:
        """All elements of `source` go into whatever `target` holds, perhaps but those that a literal has itself."""
        self._containers.pour(source, target, inherited=inherited)

    def _derived(self, source: int) -> int:
        """A slot of a new mapping that has what those in `source` have, and of all else that is there."""
        made = self._program.derived_slot(source, HELD, "", ())
        copy = self.container(MAPPING)
        self.merge(source, copy)
        self.put(source, copy, INHERITED)
        self.meet(source, lambda inner: self.hold(made, copy if self._is_mapping(inner) else inner))
        return made

    def _is_mapping(self, inner: int) -> bool:
        return inner & MASK == OBJECT and self._program.forms[inner >> SHIFT] == MAPPING

    def length(self, holder: int) -> int:
        return self._containers.length(holder)

    def show_members(self, holder: int) -> None:
        """The elements of a container are its members."""
        self._containers.spaces.add(holder)

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
