"""Which values reach which expression: an inclusion-based, flow-insensitive analysis of the whole program.

Copies carry values from slot to slot; reactions are expressions that do something with each new value of another one: take a
member, call it, index it. The engine runs until nothing changes or its budget is used up.

Source: L. O. Andersen, "Program Analysis and Specialization for the C Programming Language" (1994), chapter 4; field-sensitive,
with receivers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import (
    AWAIT,
    CALL,
    COMPOSED,
    CONSTANT,
    DECORATED,
    DEFINITION,
    ENTER,
    GENERIC,
    IMPLICIT,
    INDEX,
    INSTANCE,
    ITERATE,
    KEYS,
    LITERAL,
    MEMBER,
    NARROWED,
    NEW,
    SLICE,
    SUPER,
    TAKEN,
    THIS,
    UNION,
    UNKNOWN,
    YIELD,
)
from aelus.domain.linking.classes.associated import AssociatedFunctions
from aelus.domain.linking.classes.enumerators import hold_enumerators
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.classes.own_instances import OwnInstances
from aelus.domain.linking.classes.receivers import seed_receivers
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.flow.apart import Apart
from aelus.domain.linking.flow.base_initials import base_initials
from aelus.domain.linking.flow.blocks import run_blocks
from aelus.domain.linking.flow.calls import Calls
from aelus.domain.linking.flow.chosen_instances import ChosenInstances
from aelus.domain.linking.flow.function_loops import FunctionLoops
from aelus.domain.linking.flow.generic_collections import GenericCollections
from aelus.domain.linking.flow.generics import Generics
from aelus.domain.linking.flow.given_functions import pass_down
from aelus.domain.linking.flow.literal_loops import LiteralLoops
from aelus.domain.linking.flow.narrowing import Narrowing
from aelus.domain.linking.flow.passing import Passing
from aelus.domain.linking.flow.pointers import Pointers
from aelus.domain.linking.flow.raised import Raised
from aelus.domain.linking.flow.records import Records
from aelus.domain.linking.flow.seeds import Seeds
from aelus.domain.linking.flow.subscripts import Subscripts
from aelus.domain.linking.flow.unknown_receivers import UnknownReceivers
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.members.metatables import ROUNDS, Metatables
from aelus.domain.linking.naming.names import NOWHERE, Names
from aelus.domain.linking.naming.own_types import own_type
from aelus.domain.linking.program import BIND, CLASS_OF, HELD, IDLE_FORMS, MERGE, NAMED, POUR, REFLECT, Program
from aelus.domain.linking.propagation import VALUES_PER_SLOT, Propagation
from aelus.domain.linking.types.container_types import is_stream, opens
from aelus.domain.linking.types.containers import EVERY_KEY, Containers
from aelus.domain.linking.types.containers import KEYS as EVERY_NAME
from aelus.domain.linking.types.contexts import Contexts
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.deduced_types import DeducedTypes
from aelus.domain.linking.types.keys import Keys
from aelus.domain.linking.types.literal_types import LiteralTypes
from aelus.domain.linking.types.substitution import Substitution
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    FUNCTION_OF,
    GENERIC_OF,
    INSTANCE_OF,
    KEY,
    MASK,
    OBJECT,
    PACKAGE,
    SHIFT,
    SUPER_OF,
    value,
)

NO_CLASSES: Final[list[int]] = []


class ValueFlow:
    """Solves the program; `values` is the answer."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation = Propagation(program.tables)
        self._stores: dict[int, int] = {}
        """Member or subscript that is assigned to → slot of what is stored there."""
        self._stored_names: dict[int, int] = {}
        self._containers = Containers(program, propagation, self._stores)
        self._declarations = Declarations(program, names, propagation, self._containers)
        self._literal_types = LiteralTypes(program, names, propagation)
        self.summaries = Summaries(program, names, propagation, self._containers, self._declarations, self._stores)
        constraints = self.summaries.constraints
        self.metatables = Metatables(program, propagation, self._containers, self.summaries.calls.make_call, self._stores)
        self.members = Members(program, names, hierarchy, propagation, self._containers, self.summaries, self.metatables, self._stores)
        self.members.container_classes.fill, self.members.container_classes.show = self._declarations.fill_class, self._show_entry
        self.members.container_classes.extend = self._extend_container
        self._keys = Keys(program, names, propagation, self.members.enumerations)
        self._containers.constant_of = self._keys.constant
        self.members.answers.give_key = self._keys.reach
        self._associated = AssociatedFunctions(program, names, hierarchy, propagation)
        self._pointers = Pointers(program, names, hierarchy, propagation, self._containers)
        substitution = Substitution(program, names, propagation, self._declarations)
        self.contexts = Contexts(program, names, hierarchy, self._declarations, substitution)
        self.generics = generics = Generics(program, names, hierarchy, propagation, substitution, self.contexts, self.summaries)
        self._collections = GenericCollections(
            program, names, hierarchy, generics, substitution, self._containers, constraints, propagation, self.members.container_classes
        )
        self.members.library_members.take_collections(self._collections.of, self._collections.behind)
        passing = Passing(program, names, propagation, self.members, self._declarations)
        records = Records(program, hierarchy, propagation, self.summaries.calls)
        self.narrowing = Narrowing(program, names, hierarchy, propagation, self._declarations)
        apart = Apart(program, names, hierarchy, propagation, self._declarations, records, passing, self.metatables, self.narrowing)
        self._function_loops = FunctionLoops(program, propagation, self._containers, self.summaries, self._declarations)
        self._own_instances = OwnInstances(program, names, hierarchy, propagation)
        self.members.waiting = self._own_instances.waiting
        self._seeds = Seeds(program, names, propagation, self.members.functions)
        self.members.given, self.members.given_names = apart.given, apart.given_names
        self.members.keyed_stores.given = apart.given
        self._containers.name_of = self.members.keyed_stores.name_of
        self._calls = Calls(
            program,
            hierarchy,
            propagation,
            self._containers,
            self.members,
            self.summaries,
            self._keys,
            generics,
            self._declarations,
            apart,
        )
        self._calls.chosen = ChosenInstances(program, names, hierarchy, propagation)
        self.protocols, self._defaults = self._calls.protocols, self._calls.arguments.defaults
        self._raised = Raised(program, names, hierarchy, propagation, self._declarations, self.summaries.library, self._calls.called)
        self._keys.hold_back = self._defaults.hold_back
        self.literal_loops = loops = LiteralLoops(program, propagation, self._containers, self.summaries)
        self._subscripts = Subscripts(
            program, hierarchy, propagation, self._containers, self.members, self._keys, self._calls, constraints, loops
        )

    @property
    def truncated(self) -> bool:
        """Whether the budget was used up."""
        return self._propagation.truncated

    def is_cut(self, slot: int) -> bool:
        """Whether some of what the expression can hold is not followed."""
        return slot in self._propagation.refusing or self.is_saturated(slot)

    def values(self, slot: int) -> Sequence[int]:
        """What the expression can hold."""
        return self._propagation.sets[slot] or ()

    def is_saturated(self, slot: int) -> bool:
        """Whether the expression can hold more than is followed, so that what is known of it is arbitrary."""
        held = self._propagation.sets[slot]
        if held is None or len(held) < VALUES_PER_SLOT:
            return False
        return slot not in self._propagation.sealed and self._propagation.is_saturated(slot)

    def instances(self, slot: int) -> list[int]:
        """Classes of the instances that the expression can hold; none where it can hold anything."""
        held = self._propagation.sets[slot]
        if held is None or (len(held) >= VALUES_PER_SLOT and self.is_saturated(slot)):
            return NO_CLASSES
        return [inner >> SHIFT for inner in held if inner & MASK == INSTANCE_OF]

    def is_declared(self, slot: int) -> bool:
        """Whether a declared type says what the slot holds."""
        if slot in self._program.declared or slot in self._propagation.sealed:
            return True
        return any(map(self.is_declared, self.narrowing.tested(slot)))

    def _show_entry(self, definition: int, holder: int, name: str) -> None:
        """A mapping has under a key what a class declares of it."""
        self._propagation.connect(self.members.view(definition, name), self._containers.field(holder, name))

    def _extend_container(self, base: int, holder: int, own: frozenset[str]) -> None:
        """What the containers of a base class hold, those of a class below it may hold, but for keys that these declare."""
        held = self._program.new_slot(HELD)
        self._propagation.add(held, base)
        self._containers.merge(held, holder, written=own)

    def chained_constructors(self, callee: int, inner: int) -> list[int]:
        """Constructor methods that `this(…)` or `super(…)` runs; none for any other callee."""
        if inner & MASK == SUPER_OF:
            return self.protocols.inherited_constructors(inner >> SHIFT)
        return self.protocols.constructors(inner >> SHIFT) if self._program.forms[callee] == THIS else []

    def let_go(self) -> None:
        """At the end, what was made first forgets what was made of it.

        All parts would keep each other in circles otherwise, where their memory stays until the collector of circles has looked through it,
        which takes a sixth of the time of linking.
        """
        members = self.members
        self._containers.let_go()
        del self._declarations.substitute, self._keys.hold_back, self.summaries.partials
        del members.container_classes.extend, members.container_classes.fill, members.container_classes.show
        members.library_members.let_go()
        del members.accessors, members.answers, members.given, members.keyed_stores, members.properties, members.supers

    def solve(self) -> None:
        """Seed the program and run to the fixed point."""
        self._declarations.seed()
        self.contexts.seed()
        self._seeds.definitions()
        self._seeds.imports()
        self._seed_expressions()
        pass_down(self._program, self._hierarchy, self._propagation)
        seed_receivers(self._program, self._propagation)
        hold_enumerators(self._program, self._propagation)
        DeducedTypes(self._program, self._propagation, self._containers).seed()
        self.summaries.calls.name_functions()
        self._containers.seed()
        self._add_flows()
        self._add_reactions()
        self._keys.seed(self.summaries.library.named_members)
        self.summaries.calls.name_callees()
        self._calls.seed()
        self._propagation.run(self._react, self._program.file_slots)
        if self.members.outside.settle():
            self._propagation.run(self._react, self._program.file_slots)
        self._raised.settle()
        self._propagation.run(self._react, self._program.file_slots)
        self.members.supers.settle()
        self._propagation.run(self._react, self._program.file_slots)
        self._own_instances.settle()
        self._defaults.settle()
        self._pass_decorated()
        run_blocks(self._program, self._propagation, self.summaries)
        UnknownReceivers(self._program, self._propagation, self.summaries, self._hierarchy.signatures).settle(self.is_declared)
        self._inherit_members()
        self._open_keys()
        self._pointers.settle(self._react)
        if self._associated.find():
            self._propagation.run(self._react, self._program.file_slots)
        self._propagation.keep_values()

    def _open_keys(self) -> None:
        for key in self._keys.open_ends():
            self._keys.open(key)
        self._propagation.run(self._react, self._program.file_slots)

    def _inherit_members(self) -> None:
        self.metatables.assume()
        for give in (self.metatables.receive, self.metatables.take_unnamed):
            for _ in range(ROUNDS):
                self._propagation.run(self._react, self._program.file_slots)
                if not self.metatables.answer():
                    break
            give()
        self._propagation.run(self._react, self._program.file_slots)

    def _pass_decorated(self) -> None:
        """A decorator of which nothing is known is taken for one that returns what it is given; inner ones first.

        The result of a known one may depend on that of an unknown one inside it.
        """
        program, held = self._program, self._propagation.held
        waiting = [slot for slot in program.by_form[DECORATED] if not held(slot)]
        while waiting:
            ready = [slot for slot in waiting if held(program.part(slot, 1)) and not held(slot)]
            unknown = [slot for slot in ready if not held(program.part(slot))]
            for slot in unknown or ready:
                self._propagation.connect(program.part(slot, 1), slot)
            self._propagation.run(self._react, program.file_slots)
            remaining = [slot for slot in waiting if not held(slot)]
            if len(remaining) == len(waiting):
                return
            waiting = remaining

    # --- seeds -------------------------------------------------------------------------------------------------------------------------

    def _seed_expressions(self) -> None:
        program, add = self._program, self._propagation.add
        for form, tag in ((THIS, INSTANCE_OF), (SUPER, SUPER_OF), (DEFINITION, DEF)):
            for slot in program.by_form[form]:
                definition = program.definition_of(slot)
                if form != THIS or definition not in self._own_instances.waiting:
                    add(slot, value(tag, definition))
        for slot in program.by_form[IMPLICIT]:
            self._seed_implicit(slot)

    def _seed_implicit(self, slot: int) -> None:
        """A bare name is a member of the innermost class that has one, else what it is outside of classes."""
        program, name, hierarchy = self._program, self._program.texts[slot], self._hierarchy
        called = len(program.parts[slot]) > 1
        for holder in self._names.around(program.definition_of(slot)):
            if holder & MASK == PACKAGE:
                target = self._names.member(holder, name)
                if target != NOWHERE:
                    self._seeds.link(target, slot)
                    return
                continue
            definition = holder >> SHIFT
            having = (c for c in hierarchy.order(definition) if hierarchy.defines(c, name) >= 0)
            owner = next((c for c in having if not called or hierarchy.own_methods(c, name)), -1)
            if owner >= 0:
                self._propagation.copy(self.members.view(definition, name), slot)
                for inner in own_type(program, self._names, slot, hierarchy.defines(owner, name)):
                    self._propagation.add(slot, inner)
                if owner != definition and name in self.generics.fields:
                    self.generics.take_field(slot, value(INSTANCE_OF, definition))
                if slot in program.sources:
                    self._propagation.copy(self._stored_name(slot), hierarchy.defines(owner, name))
                return
            if any(hierarchy.methods(user, name) for user in hierarchy.mixing(definition)):
                self._propagation.copy(self.members.view(definition, name), slot)
                return
        file = program.file_of_slot(slot)
        self._seeds.link(self._names.anywhere(file, name), slot)

    # --- constraints -------------------------------------------------------------------------------------------------------------------

    def _add_flows(self) -> None:
        forms, copy, naming = self._program.forms, self._propagation.copy, self._program.naming_functions
        waiting = self._defaults.variables | self._own_instances.variables
        bases = base_initials(self._program, self._names)
        for target, sources in self._program.sources.items():
            if target in bases:
                continue
            if forms[target] in (INDEX, MEMBER):
                sources = [source for source in sources if not self._stores_otherwise(source, target)]  # noqa: PLW2901 - the rest
            target = self._stored_names.get(target, target)  # noqa: PLW2901 - the slot that stands for the place that is stored to
            if forms[target] in (MEMBER, INDEX):
                passes = self._tops(target) or self.members.functions.pass_literals
                if forms[target] == MEMBER and not passes and self._is_closed(target):
                    continue
                target = self._stored(target)  # noqa: PLW2901 - the slot that stands for the place that is stored to
            for source in sources:
                flows = forms[source] not in IDLE_FORMS or source in naming
                if flows and source != target and not (target in waiting and self._waits(source, target)):
                    copy(source, target)

    def _waits(self, source: int, target: int) -> bool:
        return self._defaults.waits(source, target) or self._own_instances.waits(source, target)

    def _stores_otherwise(self, source: int, target: int) -> bool:
        return self._containers.copies_keys(source, target) or self.members.keyed_stores.takes(source, target)

    def _is_closed(self, member: int) -> bool:
        """Whether a field is named whose declared type decides what it holds."""
        program, holder = self._program, self._program.part(member)
        if program.forms[holder] == THIS:
            owners = [program.definition_of(holder)]
        else:
            types = program.declared.get(holder, ()) if holder in self._propagation.sealed else ()
            owners = [inner >> SHIFT for declared in types for inner in self._names.static(declared) if inner & MASK == DEF]
        fields = [self._hierarchy.declaring(owner, program.texts[member]) for owner in owners if program.is_class(owner)]
        return bool(fields) and all(field in self._propagation.sealed for field in fields)

    def _tops(self, slot: int) -> bool:
        return bool(self._program.traits[self._program.file_of_slot(slot)].top_type)

    def _stored_name(self, slot: int) -> int:
        """As `_stored`, for the bare name of a member."""
        if not self._tops(slot):
            return slot
        made = self._stored_names[slot] = self._program.new_slot(UNKNOWN)
        return made

    def _stored(self, target: int) -> int:
        """The slot of a member or subscript that is assigned to: one of its own where what it holds is declared."""
        program = self._program
        if self._tops(target):
            first, parts = program.first_of_slot[target], program.parts[target]
            made = program.derived_slot(target, program.forms[target], program.texts[target], tuple(first + part for part in parts))
            for part in parts[: 1 + (program.forms[target] == INDEX)]:
                self._propagation.subscribe(first + part, made)
            return self._stores.setdefault(made, made)
        stored = self._stores.get(target, -1)
        if stored < 0:
            stored = self._stores[target] = program.new_slot(UNKNOWN)
            self._propagation.copy(stored, target)
        return stored

    def _add_reactions(self) -> None:
        program, reactions = self._program, self._propagation.reactions
        first_of_slot, parts = program.first_of_slot, program.parts
        streams = (KEYS,) if any(traits.streams for traits in program.languages) else ()
        for form in (MEMBER, CALL, NEW, INDEX, ITERATE, ENTER, AWAIT, SLICE, DECORATED, TAKEN, *streams):
            for slot, holder in program.with_first_parts(form):
                waiting = reactions[holder]
                if waiting is None:
                    reactions[holder] = [slot]
                else:
                    waiting.append(slot)
        for slot in program.by_form[UNION]:
            for part in parts[slot]:
                self._propagation.copy(first_of_slot[slot] + part, slot)
        for slot in program.by_form[COMPOSED]:
            if parts[slot][0]:
                self._propagation.copy(first_of_slot[slot] + parts[slot][0], slot)
        for slot in (*program.by_form[LITERAL], *program.by_form[CONSTANT]):
            if reactions[slot] is not None:
                self._literal_types.hold(slot)
        self._add_narrowed()

    def _add_narrowed(self) -> None:
        for slot in self._program.by_form[GENERIC]:
            self._propagation.copy(self._program.part(slot), slot)
        self.narrowing.seed()

    # --- reactions ---------------------------------------------------------------------------------------------------------------------

    def _react(self, slot: int, inner: int) -> None:
        form = self._program.forms[slot]
        if form == MEMBER:
            self.members.take(slot, inner)
            if self.generics.fields and inner & MASK in (GENERIC_OF, INSTANCE_OF):
                self.generics.take_field(slot, inner)
        elif form in (CALL, NEW, DECORATED):
            self._calls.call(slot, inner)
        elif form == INDEX:
            self._subscripts.take(slot, inner)
        elif form in (ITERATE, ENTER, AWAIT):
            self._unwrap(slot, inner, form)
        elif form == KEYS:
            self._take_streamed(slot, inner)
        elif form == NARROWED:
            self.narrowing.take(slot, inner)
        elif form == TAKEN:
            self.members.functions.take(slot, inner)
        else:
            self._rearrange(slot, inner, form)

    def _take_streamed(self, slot: int, holder: int) -> None:
        """The loop with one variable over a container whose elements that is, or over a function."""
        if holder & MASK == OBJECT and is_stream(self._program, holder >> SHIFT):
            self._propagation.connect(self._containers.field(holder, EVERY_KEY), slot)
        elif holder & MASK != OBJECT:
            self._function_loops.take(slot, holder, 0)
        elif self._program.traits[self._program.file_of_slot(slot)].keeps_keys:
            self._propagation.connect(self._containers.field(holder, EVERY_NAME), slot)

    def _rearrange(self, slot: int, inner: int, form: int) -> None:
        """Parts of containers, and what the library does with values."""
        tag = inner & MASK
        if form == MERGE:
            self._containers.take_all(slot, inner)
        elif form == POUR:
            self._containers.take_target(slot, inner)
        elif form == SLICE and tag == OBJECT:
            self._containers.take_slice(slot, inner)
        elif form == SLICE:
            self._subscripts.take_part(slot, inner)
        elif form == CLASS_OF:
            self.summaries.constraints.counterparts.take(slot, inner)
        elif form == REFLECT:
            self._calls.reflections.take(slot, inner)
        elif form == BIND:
            self.members.accessors.bind(slot, inner)
        elif tag == KEY:
            self._take_key(slot, inner, form)
        elif form == INSTANCE:
            self.narrowing.keep(slot, inner)

    def _take_key(self, slot: int, inner: int, form: int) -> None:
        """Texts that are put together, and members that a text names."""
        text = self._keys.text(inner)
        if form == COMPOSED:
            self._keys.compose(slot)
        elif form == NAMED and text:
            self._propagation.connect(self.summaries.constraints.step(self._program.part(slot), f".{text}"), slot)

    def _iterate_instance(self, slot: int, holder: int) -> None:
        if self._subscripts.points(slot) and not self._calls.iterates(holder >> SHIFT):
            self._propagation.add(slot, holder)
            return
        self._calls.iterate(slot, holder)
        container = self.members.container_classes.of(holder >> SHIFT)
        typed = self._program.traits[self._program.file_of_slot(slot)].declared_types == "strict"
        if container >= 0 and (typed or not self.protocols.of_instance(holder >> SHIFT, "iterate")):
            self._containers.take_elements(slot, container)

    def _unwrap(self, slot: int, holder: int, form: int) -> None:
        """Loops, `with` and `await`."""
        tag = holder & MASK
        if form == ITERATE:
            if tag == OBJECT and not self.literal_loops.take(slot, holder):
                self._containers.take_elements(slot, holder)
            elif tag == INSTANCE_OF:
                self._iterate_instance(slot, holder)
            elif tag == DEF:
                self._subscripts.take_turns(slot, holder)
            elif tag == GENERIC_OF and (container := self._collections.of(holder)) >= 0:
                self._containers.take_elements(slot, container)
            if tag in (DEF, BOUND, FUNCTION_OF):
                self._function_loops.take(slot, holder, 1)
        elif tag == OBJECT and self._program.forms[holder >> SHIFT] in (GENERIC, YIELD) and opens(self._program, slot, holder >> SHIFT):
            self._propagation.connect(self._containers.field(holder, EVERY_KEY), slot)
        elif form != ENTER or tag != INSTANCE_OF or not self._calls.enter(slot, holder):
            self._propagation.add(slot, holder)
