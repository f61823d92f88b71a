"""Calls: arguments reach parameters, returned values reach the call, classes make instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import (
    AWAITED,
    CALL,
    COMPONENT,
    DECORATED,
    GENERIC,
    IMPLICIT,
    INDEX,
    ITERATE,
    LITERAL,
    MEMBER,
    NEW,
    RETURNED,
    SENT,
    SUPER,
    THIS,
    UNKNOWN,
)
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.reflections import Reflections
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.flow.apart import Apart
from aelus.domain.linking.flow.arguments import Arguments
from aelus.domain.linking.flow.block_loops import BlockLoops
from aelus.domain.linking.flow.called_functions import CalledFunctions
from aelus.domain.linking.flow.chosen_instances import ChosenInstances
from aelus.domain.linking.flow.converted import Converted
from aelus.domain.linking.flow.defaults import Defaults
from aelus.domain.linking.flow.fluent import find_fluent
from aelus.domain.linking.flow.generics import Generics
from aelus.domain.linking.flow.promises import find_promising
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.members.protocols import Protocols
from aelus.domain.linking.program import CLASS_KINDS, CLASS_NAME, FUNCTION_KINDS, SINGLE, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import EXTENSION, OVERLOAD
from aelus.domain.linking.types.containers import ANY_KEY, EVERY_KEY, Containers
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.keys import Keys
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FUNCTION_OF,
    GENERIC_OF,
    INSTANCE_OF,
    LIBRARY_METHOD,
    MASK,
    MODULE,
    OBJECT,
    PARTIAL,
    SHIFT,
    SUPER_OF,
    value,
)

COMPONENT_VALUES: Final = frozenset({INSTANCE_OF, EXTERNAL_INSTANCE, OBJECT, GENERIC_OF})
POINTING: Final = ("*", "&")
"""Marks of variables that hold no instance of their own."""
ITERATOR: Final = "next"
"""Text of the steps that take what an iterator yields."""


class Calls:
    """What a `CALL` or `NEW` expression does with each value of its callee."""

    def __init__(
        self,
        program: Program,
        hierarchy: Hierarchy,
        propagation: Propagation,
        containers: Containers,
        members: Members,
        summaries: Summaries,
        keys: Keys,
        generics: Generics,
        declarations: Declarations,
        apart: Apart,
    ) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._members = members
        self._summaries = summaries
        self._steps: dict[int, int] = {}
        self._taken: dict[int, int] = {}
        """Method that says what comes next → slot of what it says."""
        self._generics = generics
        self.records = apart.records
        self._block_loops = BlockLoops(program, propagation, containers, summaries)
        self._declarations = declarations
        self._apart = apart
        self.chosen: ChosenInstances
        """What constructors return of other classes."""
        self._promising = find_promising(program)
        self._fluent = find_fluent(program, hierarchy, members)
        self._read_signatures = {
            definition
            for bound in program.bound.values()
            if len(bound) > 1 and any(OVERLOAD in program.definitions[other].modifiers for other in bound)
            for definition in bound
        }
        """Functions whose signatures say what they return, whatever that is made of."""
        self._components = {entry.name for entry in program.definitions if COMPONENT in entry.modifiers}
        self._converted = Converted(program, hierarchy, propagation, declarations, summaries.calls)
        self.protocols = Protocols(program, hierarchy, members)
        self.called = CalledFunctions(program, propagation, self.protocols)
        self.arguments = Arguments(
            program,
            hierarchy,
            propagation,
            containers,
            members,
            summaries,
            keys,
            generics.contexts,
            Defaults(program, propagation, self.called, keys),
            apart.passes_receiver,
        )
        self.reflections = Reflections(program, hierarchy, propagation, summaries.calls)

    def call(self, slot: int, callee: int) -> None:
        """The call `slot` meets a new value of its callee."""
        tag, index = callee & MASK, callee >> SHIFT
        if tag in (DEF, BOUND) and (
            self._members.functions.is_unfit(slot, index) or not self._members.generic_functions.may_run(slot, index)
        ):
            return
        if tag == BOUND:
            self._call_bound(slot, index)
        elif tag == DEF:
            self._call_definition(slot, index)
        elif tag in COMPONENT_VALUES and self._is_component(slot):
            self._propagation.connect(self._program.part(slot), slot)
        elif tag == INSTANCE_OF:
            self._call_instance(slot, index)
        elif tag == SUPER_OF:
            self._chain(slot, self.protocols.inherited_constructors(index))
        else:
            self._call_foreign(slot, tag, index)

    def _is_component(self, slot: int) -> bool:
        """Whether a field is called for its value."""
        program, callee = self._program, self._program.part(slot)
        return program.texts[callee] in self._components and len(program.parts[slot]) == 1 and program.forms[callee] in (MEMBER, IMPLICIT)

    def _call_bound(self, slot: int, definition: int) -> None:
        """A function whose receiver is known, or a class that is called for an instance of it."""
        if self._program.is_class(definition):
            self._construct(slot, definition)
        else:
            extends = EXTENSION in self._program.definitions[definition].modifiers
            taken = not extends and value(BOUND, definition) in self._propagation.passing
            self._apply(slot, definition, self._offset(definition) if taken else 1)

    def _chain(self, slot: int, constructors: Sequence[int]) -> None:
        """A constructor calls another one of the same instance."""
        for constructor in constructors:
            self.arguments.bind(slot, constructor, self._offset(constructor))

    def _call_foreign(self, slot: int, tag: int, index: int) -> None:
        if tag == EXTERNAL:
            self._call_external(slot, index)
        elif tag == LIBRARY_METHOD:
            self._summaries.call_method(slot, index)
        elif tag == OBJECT:
            self._call_object(slot, index)
        elif tag == PARTIAL:
            self._summaries.partials.call(slot, index)
        elif tag == FUNCTION_OF:
            self._call_function_type(slot, index)
        elif tag == MODULE:
            self._members.follow_exports(slot, index)

    def _call_function_type(self, slot: int, declared: int) -> None:
        """A function of which only the type is known: its result is of that, and functions that it is given are."""
        program = self._program
        if program.parts[declared][0]:
            self._declarations.hold(program.part(declared), slot)
        if program.traits[program.file_of_slot(declared)].generic_implementations:
            first, wanted = program.first_of_slot[declared], program.parts[declared][1:]
            for part, written in zip(program.parts[slot][1:], wanted, strict=False):
                self._generics.contexts.give(program.first_of_slot[slot] + part, first + written)

    def _call_object(self, slot: int, index: int) -> None:
        """A container that is called, or a function of which only a type of the library is known."""
        program = self._program
        traits, result = program.traits[program.file_of_slot(slot)], self._generics.result_of_function(index)
        if result:
            self._declarations.hold(result, slot)
        elif program.forms[program.part(slot)] == GENERIC:
            self._converted.call_element(program.part(slot), value(OBJECT, index))
        elif traits.metatables:
            self._summaries.calls.call_metatable(slot, value(OBJECT, index))
        elif traits.pointers and program.forms[slot] == CALL:
            self._propagation.connect(self._containers.field(value(OBJECT, index), EVERY_KEY), program.part(slot))
        elif program.runs_functions(slot):
            self._summaries.calls.call_pair(slot, value(OBJECT, index))

    def _call_external(self, slot: int, external: int) -> None:
        if self._program.forms[slot] == NEW:
            self._propagation.add(slot, value(EXTERNAL_INSTANCE, external))
            if self._program.forms[self._program.part(slot)] == GENERIC:
                self._declarations.hold(self._program.part(slot), slot)
        elif self._program.forms[self._program.part(slot)] == GENERIC and self._summaries.makes_container(slot, external):
            self._declarations.hold(self._program.part(slot), slot)
        if self._program.forms[slot] == DECORATED:
            self._propagation.connect(self._program.part(slot, 1), slot)
            return
        self._summaries.call_function(slot, external)

    def _call_definition(self, slot: int, definition: int) -> None:
        kind = self._program.definitions[definition].kind
        if kind == "Interface" and self._program.forms[slot] == CALL and len(self._program.parts[slot]) > 1:
            # the function that it is given stands for the interface
            self._propagation.connect(self._program.part(slot, 1), slot)
            if self._program.traits[self._program.file_of_definition[definition]].functional_types:
                self._propagation.add(slot, value(INSTANCE_OF, definition))
        elif kind in CLASS_KINDS and SINGLE not in self._program.definitions[definition].modifiers:
            if self._program.forms[slot] == CALL and self._program.traits[self._program.file_of_definition[definition]].calls_convert:
                self._converted.convert(slot, definition)
            elif self._program.forms[slot] == NEW or self._program.traits[self._program.file_of_definition[definition]].call_constructs:
                self._call_class(slot, definition)
        elif kind == "TypeAlias" and self._program.forms[slot] == NEW:
            self._make_delegate(slot, definition)
        elif kind in FUNCTION_KINDS and self._program.runs_functions(slot):
            self._give_receiver(slot, definition)
            self._converted.receive(slot, definition)
            self._apply(slot, definition, 0)

    def _call_class(self, slot: int, definition: int) -> None:
        """A class makes an instance, unless it has a method for what it is given."""
        called = self.protocols.called_on_class(slot, definition)
        for method in called:
            self._apply(slot, method, 0)
        if not called:
            self._construct(slot, definition)

    def _make_delegate(self, slot: int, definition: int) -> None:
        """What is made of a type of functions is the function that it is given."""
        program = self._program
        strict = program.traits[program.file_of_definition[definition]].top_type
        if strict and program.definitions[definition].returns == UNKNOWN and len(program.parts[slot]) > 1:
            self._propagation.connect(self._program.part(slot, 1), slot)

    def _give_receiver(self, slot: int, function: int) -> None:
        """A function outside of classes has what it is called on as its receiver."""
        program = self._program
        constructs = program.forms[slot] == NEW
        if constructs:
            self._propagation.add(slot, value(INSTANCE_OF, function))
        receiver = self._program.receiver_variable(function)
        if receiver < 0:
            return
        callee = program.part(slot)
        if constructs:
            self._propagation.add(receiver, value(INSTANCE_OF, function))
        elif slot in self._summaries.calls.receivers:
            self._propagation.connect(self._summaries.calls.receivers[slot], receiver)
        elif program.forms[callee] == MEMBER:
            self._receive_class(program.part(callee), receiver)

    def _receive_class(self, holder: int, receiver: int) -> None:
        """What a function is called on, which is the class around where its base's function is named."""
        if self._program.forms[holder] == SUPER:
            self._propagation.add(receiver, value(DEF, self._program.definition_of(holder)))
        else:
            self._propagation.connect(holder, receiver)

    def _construct(self, slot: int, definition: int) -> None:
        if not self.chosen.take(slot, self.protocols.constructors(definition)):
            self._declarations.hold_class(definition, slot)
        self._members.supers.make(definition)
        callee = self._program.part(slot)
        if self._program.forms[callee] == GENERIC and self._program.definitions[definition].type_parameters:
            self._propagation.add(slot, value(GENERIC_OF, callee))
        makers = self.protocols.makers(slot, definition)
        if makers:
            for method in makers:
                self._members.receive(method, value(DEF, definition))
                self.arguments.bind(slot, method, self._offset(method))
            return
        self.records.fill(slot, definition)
        self._generics.infer_literal(slot, definition)
        if given := self.records.given(slot, definition):
            self._generics.infer_construction(slot, definition, definition, given)
        for constructor in self.protocols.constructors(definition):
            self._members.receive(constructor, value(DEF if self._hierarchy.makes(constructor) else INSTANCE_OF, definition))
            self.arguments.bind(slot, constructor, self._offset(constructor))
            if constructor in self._generics.functions and self._program.forms[callee] == GENERIC:
                self._generics.construct(slot, constructor, definition)
            self._generics.infer_construction(slot, constructor, definition)

    def _offset(self, method: int) -> int:
        return 1 if self._members.lists_receiver(method) else 0

    def seed(self) -> None:
        """Classes reach the methods that run when they come into being; functions have containers for the rest of their arguments."""
        self.reflections.seed()
        self._summaries.constraints.counterparts.seed()
        for definition, entry in enumerate(self._program.definitions):
            for number, parameter in enumerate(entry.parameters):
                if parameter.kind in ("rest", "rest_map") and self._program.traits[self._program.file_of_definition[definition]].fills_rest:
                    self.arguments.rest_of(self._program.parameter_slot(definition, number))
        for definition in self._hierarchy.bases:
            for constant in self._members.enumerations.constants(definition):
                self._make_constant(definition, constant)
        for definition in self._hierarchy.bases.keys() | self._hierarchy.metaclasses.keys():
            for method, received in self.protocols.class_makers(definition).items():
                self._members.receive(method, received)
                entry = self._program.definitions[method]
                if entry.parameters and not self._members.lists_receiver(method):
                    self._propagation.add(self._program.parameter_slot(method, 0), received)
                self._give_keywords(definition, method, received)

    def _give_keywords(self, definition: int, method: int, received: int) -> None:
        """What a class is made with by keyword reaches a method that runs then."""
        keywords = self._program.definitions[definition].keywords
        slot = self._program.first_slot[self._program.file_of_definition[definition]] + keywords if keywords else -1
        if slot >= 0:
            self.arguments.bind(slot, method, self._offset(method))
        if method in self._members.keyed_stores.functions:
            self._members.keyed_stores.enter_class(slot, method, received)

    def _make_constant(self, definition: int, constant: int) -> None:
        """What an enum assigns to a constant is given to its constructors."""
        for constructor in self.protocols.constructors(definition):
            self._members.receive(constructor, value(INSTANCE_OF, definition))
            for given in self._members.enumerations.arguments(constant):
                for position, source in enumerate(given, self._offset(constructor)):
                    self.arguments.bind_argument(source, constructor, position, "")

    def _call_instance(self, slot: int, definition: int) -> None:
        if (
            self._program.forms[slot] == NEW
            and CLASS_NAME in self._program.traits[self._program.file_of_definition[definition]].constructors
        ):
            if not self._is_pointer(self._program.part(slot)):
                self._construct(slot, definition)
            return
        if self._program.forms[self._program.part(slot)] == THIS:
            if self._program.forms[slot] == NEW:
                self._construct(slot, definition)
                return
            self._chain(slot, self.protocols.constructors(definition))
            return
        if self._program.traits[self._program.file_of_definition[definition]].calls_make_variants:
            self._propagation.add(slot, value(INSTANCE_OF, definition))
        methods = self.protocols.of_instance(definition, "call") or self._asked_of(slot, definition)
        for base in self._hierarchy.external_bases_of(definition) if not methods else ():
            self._summaries.call_inherited(slot, value(INSTANCE_OF, definition), base)
        for method in methods:
            self._members.receive(method, value(INSTANCE_OF, definition))
            self._apply(slot, method, self._offset(method))

    def _asked_of(self, slot: int, definition: int) -> list[int]:
        """Methods that run where the library calls an instance: those that the types of its own ask for which the class implements."""
        if slot < self._program.file_slots or not self._program.is_class(definition):
            return []
        bases = self._hierarchy.external_bases_of(definition)
        names = dict.fromkeys(self._summaries.library.asked_by(definition, base) for base in bases)
        return [method for name in names if name for method in self._hierarchy.methods(definition, name)]

    def _is_pointer(self, callee: int) -> bool:
        """Whether a field that is initialised points to an instance, which is made elsewhere."""
        program = self._program
        if program.forms[callee] != IMPLICIT or not program.traits[program.file_of_slot(callee)].pointers:
            return False
        function = program.definition_of(callee)
        owners = list(program.enclosing_classes(function)) or [self._hierarchy.owner.get(function, -1)]
        fields = [self._hierarchy.defines(owner, program.texts[callee]) for owner in owners if owner >= 0]
        marks = [inner for field in fields if field >= 0 for inner in program.declared.get(field, ())]
        return any(program.forms[inner] == LITERAL and program.texts[inner] in POINTING for inner in marks)

    def iterates(self, definition: int) -> bool:
        """Whether instances of a class say what a loop over them yields."""
        return bool(self.protocols.of_instance(definition, "iterate") or self.protocols.of_instance(definition, "next"))

    def operate(self, slot: int, holder: int, operation: str) -> bool:
        """The expression `slot` yields what the protocol method of an instance, or a class, returns; false when there is none."""
        methods = self.protocols.of(holder, operation)
        for method in methods:
            self._members.receive(method, holder)
            if method in self._generics.functions and self._program.forms[slot] == INDEX:
                self._generics.apply(slot, method)
            generates = "generator" in self._program.definitions[method].modifiers
            if operation != "index" or not self._apart.answer(slot, method, self._offset(method)):
                self._propagation.connect(self._program.yield_slot(method) if generates else self._program.return_slot(method), slot)
        return bool(methods)

    def iterate(self, slot: int, holder: int) -> None:
        """The expression `slot` is what a loop over an instance, or a class, binds: what its iterator, which may be a generator, yields."""
        if self._program.texts[slot] == ITERATOR:
            for operation in ("next", "async_next"):
                self._advance(slot, holder, operation)
            return
        if self._block_loops.take(slot, self.protocols.of(holder, "each")):
            return
        methods = (*self.protocols.of(holder, "iterate"), *self.protocols.of(holder, "async_iterate"))
        if not methods and not self._advance(slot, holder, "next"):
            self.operate(slot, holder, "index")
        for method in methods:
            self._members.receive(method, holder)
            if self._members.beside.takes(method):
                self._propagation.add(self._program.parameter_slot(method, 0), holder)
            if "generator" in self._program.definitions[method].modifiers:
                self._propagation.connect(self._program.yield_slot(method), slot)
            else:
                self._propagation.connect(self._step_of(method, slot), slot)

    def _step_of(self, method: int, site: int) -> int:
        """Slot of what the iterators yield that a method returns: one for all sites, of which there are many."""
        step = self._steps.get(method)
        if step is None:
            iterator = self._program.return_slot(method)
            step = self._steps[method] = self._program.derived_slot(site, ITERATE, ITERATOR, (iterator,))
            self._propagation.subscribe(iterator, step)
        return step

    def _advance(self, slot: int, holder: int, operation: str) -> bool:
        """What an iterator yields next, taken out of what says whether there is any."""
        key = self._program.traits[self._program.file_of_definition[holder >> SHIFT]].next_key
        if not key:
            return self.operate(slot, holder, operation)
        methods = self.protocols.of(holder, operation)
        for method in methods:
            self._members.receive(method, holder)
            if method not in self._taken:
                self._taken[method] = self._summaries.constraints.step(self._program.return_slot(method), f"[{key}]")
            self._propagation.connect(self._taken[method], slot)
        return bool(methods)

    def enter(self, slot: int, holder: int) -> bool:
        """The expression `slot` is what `with` binds; false when the class says nothing of it."""
        return self.operate(slot, holder, "async_enter" if self._program.texts[slot] == AWAITED else "enter")

    def _apply(self, slot: int, function: int, offset: int) -> None:
        self.arguments.bind(slot, function, offset)
        if function in self._generics.functions and self._generics.apply(slot, function):
            return
        if "generator" in self._program.definitions[function].modifiers:
            holder = value(OBJECT, self._program.yield_slot(function))
            self._propagation.connect(holder >> SHIFT, self._containers.field(holder, ANY_KEY))
            self._propagation.add(slot, holder)
            self._resume(function, holder)
        elif function in self._fluent and self._program.forms[self._program.part(slot)] == MEMBER:
            self._return_receiver(slot, self._program.part(self._program.part(slot)), function)
        elif function in self._read_signatures or not self._apart.apply(slot, function, offset):
            self._propagation.connect(self._program.return_slot(function), slot)
        if function in self._promising:
            self._propagation.add(slot, value(OBJECT, self._program.yield_slot(function)))

    def _resume(self, function: int, generator: int) -> None:
        """What a generator is sent, and what it returns in the end."""
        program = self._program
        sent = program.locals[program.file_of_definition[function]].get((program.definitions[function].body, SENT))
        if sent is not None:
            self._propagation.connect(self._containers.field(generator, SENT), sent)
        if function in program.returns:
            self._propagation.connect(program.returns[function], self._containers.field(generator, RETURNED))

    def _return_receiver(self, slot: int, holder: int, function: int) -> None:
        if self._program.forms[holder] == SUPER:
            self._propagation.add(slot, value(INSTANCE_OF, self._program.definition_of(holder)))
        elif "static" in self._program.definitions[function].modifiers:
            self._propagation.connect(self._summaries.constraints.counterparts.step(holder, "instance"), slot)
        else:
            self._propagation.connect(holder, slot)
