"""Members of instances, classes, modules and external symbols, as a dot in the source takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.facts import GENERIC, LOCAL, MEMBER, UNKNOWN, UNKNOWN_PART
from aelus.domain.linking.classes.container_classes import ContainerClasses
from aelus.domain.linking.classes.enumerations import Enumerations
from aelus.domain.linking.classes.extensions import Extensions
from aelus.domain.linking.classes.hidden_members import HiddenMembers
from aelus.domain.linking.classes.hierarchy import OPERATOR, Hierarchy
from aelus.domain.linking.classes.loop_functions import LoopFunctions
from aelus.domain.linking.classes.outside_members import OutsideMembers
from aelus.domain.linking.classes.prototype_stores import is_of_another, own_stores
from aelus.domain.linking.classes.supers import Supers
from aelus.domain.linking.effects.keyed_stores import KeyedStores
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.members.accessors import Accessors
from aelus.domain.linking.members.answers import Answers
from aelus.domain.linking.members.function_values import FunctionValues
from aelus.domain.linking.members.library_members import LibraryMembers
from aelus.domain.linking.members.metatables import Metatables
from aelus.domain.linking.members.patterns import Patterns
from aelus.domain.linking.members.places import Places
from aelus.domain.linking.members.properties import Properties
from aelus.domain.linking.members.special_members import SpecialMembers
from aelus.domain.linking.naming.names import NOWHERE, Names
from aelus.domain.linking.naming.parts import ALL
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, SEQUENCE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import ALTERNATIVE, alternatives, without_signatures
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.types.generic_functions import GenericFunctions
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    GENERIC_OF,
    INSTANCE_OF,
    LIBRARY_METHOD,
    MASK,
    MODULE,
    OBJECT,
    PACKAGE,
    PARTIAL,
    SHIFT,
    SUPER_OF,
    value,
)

EXPLICIT: Final = "explicit"
"""Modifier of methods that only an interface shows."""


class Members:
    """Lets the values of members reach the expressions that name them."""

    __deletable__ = ("accessors", "answers", "given", "keyed_stores", "properties", "supers")

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        containers: Containers,
        summaries: Summaries,
        metatables: Metatables,
        stores: dict[int, int],
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._summaries = summaries
        self._library = summaries.library
        self._stores = stores
        self._views: dict[tuple[int, str], int] = {}
        self._plain: dict[tuple[int, str], int] = {}
        """As `_views`, for members about which there is nothing else to be said."""
        self._put_in: dict[str, list[tuple[int, int]]] = {}
        """Name of a member → classes to whose member of that name something is assigned from outside, and its slot."""
        self._views_by_name: dict[str, list[tuple[int, int]]] = {}
        self._metatables = metatables
        self._own_stores = own_stores(program, names)
        self.container_classes = ContainerClasses(program, names, hierarchy)
        self.beside = LoopFunctions(program, names, hierarchy)
        self.enumerations = Enumerations(program, names, hierarchy)
        self.extensions = Extensions(program, names, hierarchy, propagation, summaries.library)
        self.outside = OutsideMembers(program, names, hierarchy, propagation, summaries.library)
        self._hidden = HiddenMembers(program, hierarchy)
        self.keyed_stores = KeyedStores(program, hierarchy, propagation, summaries.constraints)
        self.generic_functions = GenericFunctions(program, names, hierarchy)
        summaries.constraints.counterparts.made_by = self.outside.made_by
        self.library_members = LibraryMembers(program, names, hierarchy, propagation, containers, summaries, self.extensions, stores)
        self._special = SpecialMembers(program, propagation, containers, summaries.constraints)
        self.answers = Answers(program, names, hierarchy, propagation, summaries, self.receive, self.view)
        self.functions = FunctionValues(program, names, hierarchy, propagation, summaries.library)
        self._patterns = Patterns(program, names, hierarchy)
        self.accessors = Accessors(program, names, hierarchy, propagation, summaries, self.receive)
        self.properties = Properties(program, hierarchy, propagation, containers.known_field)
        containers.store_field = self._store_field
        self._pointers = any(traits.pointers for traits in program.languages)
        self._prototypes = any(traits.prototype for traits in program.languages)
        self._shadows = any(traits.inherits_overloads for traits in program.languages)
        self._outer_operators = any(name.startswith(OPERATOR) for name in hierarchy.extensions)
        self.places = Places(program, propagation, containers, summaries.constraints)
        self.supers = Supers(hierarchy, self._expose, self._take_root)
        self.given: Callable[[int, int, str, int], int]
        """`Apart.given`, which is made of the members."""
        self.waiting: frozenset[int] = frozenset()
        """Classes whose methods have the receivers alone that reach them: see `OwnInstances`."""
        self.given_names: frozenset[str] = frozenset()
        """Names of members of which it may know something."""

    def take(self, slot: int, holder: int) -> None:
        """The `MEMBER` expression `slot` meets a new value of its object."""
        name, tag, index = self._program.texts[slot], holder & MASK, holder >> SHIFT
        if tag == INSTANCE_OF and (view := self._plain.get((index, name), -1)) >= 0:
            self._propagation.connect(view, slot)
            if slot in self._stores:
                self._store(slot, holder, name)
            return
        if UNKNOWN_PART in name:
            self._take_matching(slot, holder, name)
            return
        if ALTERNATIVE in name:
            name = self.outside.asked_of(holder, alternatives(name))
        if not name or (name in self._special.names and self._special.take(slot, holder, name)):
            pass
        elif tag == INSTANCE_OF:
            self._take_of_instance(slot, index, name)
        elif tag == DEF:
            self._take_static(slot, index, name)
        elif tag in (MODULE, PACKAGE):
            self._take_module(slot, holder, name)
            if self._library.has_value_method(name) and self._names.member(holder, name) == NOWHERE:
                self._take_library(slot, holder, name)
        else:
            self._take_foreign(slot, holder, name)
        self.store(slot, holder, name)

    def store(self, slot: int, holder: int, name: str) -> None:
        """What is assigned to the member that the expression `slot` names, if anything is, reaches it."""
        if slot in self._stores:
            self._store(slot, holder, name)

    def _take_of_instance(self, slot: int, definition: int, name: str) -> None:
        """A member of an instance: what its class shows, and what the library does for values of such a class."""
        given = self.given(self._program.part(slot), definition, name, self._stores.get(slot, -1)) if name in self.given_names else -1
        view = self.view(definition, name) if given < 0 else given
        self._propagation.connect(view, slot)
        if name in self._hierarchy.extensions:
            self.extensions.take(slot, definition, name)
        container = self.container_classes.of(definition)
        if (container >= 0 or self._library.has_value_method(name)) and not self._hierarchy.methods(definition, name):
            for holder in (container, value(INSTANCE_OF, definition)):
                if holder >= 0:
                    self._take_library(slot, holder, name)
        elif name not in self._hierarchy.extensions and name not in self.given_names:
            self._plain[definition, name] = view

    def _store(self, slot: int, holder: int, name: str) -> None:
        """What is assigned to a member reaches it."""
        tag = holder & MASK
        if tag in (INSTANCE_OF, DEF, MODULE) and not is_of_another(self._program, self._names, slot, holder):
            field = self._store_field(holder, name)
            self._propagation.connect(self._stores[slot], field)
            if tag == INSTANCE_OF:
                self.accessors.store(field, self._stores[slot], holder)
            elif tag == DEF and self._program.is_class(holder >> SHIFT):
                self._store_in_class(holder >> SHIFT, name, self._stores[slot])

    def _store_in_class(self, definition: int, name: str, stored: int) -> None:
        """A function that is put into a class from outside becomes a method of its instances."""
        if self.lists_receiver(definition):
            self._put_in.setdefault(name, []).append((definition, stored))
            for viewer, view in self._views_by_name.get(name, ()):
                if self._shows(viewer, definition, name):
                    self.accessors.expose_made(stored, view, value(INSTANCE_OF, viewer))

    def _take_matching(self, slot: int, holder: int, text: str) -> None:
        """Functions whose names a text can be of which parts are not known."""
        tag, index = holder & MASK, holder >> SHIFT
        for name in self._patterns.matching(holder, text):
            if tag == INSTANCE_OF:
                self._propagation.connect(self.view(index, name), slot)
            elif tag == MODULE:
                self._take_module(slot, holder, name)
            else:
                self._take_static(slot, index, name)

    def _take_foreign(self, slot: int, holder: int, name: str) -> None:
        tag, index = holder & MASK, holder >> SHIFT
        if tag == SUPER_OF:
            self._take_inherited(slot, index, name)
        elif tag in (EXTERNAL, EXTERNAL_INSTANCE):
            self.library_members.take(slot, holder, name)
        elif tag == OBJECT:
            self._take_of_container(slot, holder, name)
        elif tag == GENERIC_OF:
            self.library_members.take_of_parameter(slot, holder, name)
        elif tag in (BOUND, PARTIAL) and holder in self._propagation.passing:
            if not self.functions.has_own(slot, name):
                self._take_library(slot, holder, name)
            self.functions.take_asked(slot, holder, name)
        elif tag == LIBRARY_METHOD:
            self._take_library(slot, holder, name)

    def _take_of_container(self, slot: int, holder: int, name: str) -> None:
        traits, index = self._program.traits[self._program.file_of_slot(slot)], holder >> SHIFT
        if traits.metatables:
            self._metatables.take(slot, holder, name)
        elif (traits.members_are_keys or name.isdigit()) and not self.functions.hides(slot, holder, name):
            self._containers.take_member(slot, holder, name)
            if slot in self._stores:
                self.properties.store(self._stores[slot], index, name)
            if self.accessors.any:
                self.accessors.expose_read(self._containers.field(holder, name), slot, holder)
        elif holder in self._containers.spaces:
            self._containers.take_key(slot, holder, name)
        if name in self._hierarchy.extensions:
            self.extensions.take_of_container(slot, holder, name)
        self._take_library(slot, holder, name)
        self.functions.take_typed(slot, holder, name)
        if traits.templates and self._summaries.method(slot, holder, name) is None:
            self.places.take(slot, holder, name)
        self._take_of_sequence(slot, holder, name)
        for outer in self._names.static(index) if self._program.forms[index] == GENERIC else ():
            if outer & MASK == EXTERNAL:
                self.library_members.take_of_type(slot, outer, name)

    def _take_of_sequence(self, slot: int, holder: int, name: str) -> None:
        """A method of the language's own sequences; what has the step of an iterator is none."""
        file = self._program.file_of_slot(slot)
        other = holder in self._containers.instances or name == self._program.operation(file, "next")
        written = "" if other else self._program.traits[file].sequence_type
        if written and self._program.is_sequence(holder >> SHIFT) and self._summaries.method(slot, holder, name) is not None:
            for outer in self._names.builtin(file, written).values:
                self.library_members.take_of_type(slot, outer, name)
        if self._program.traits[file].partial_types == ALL and self._program.forms[holder >> SHIFT] in SEQUENCE_FORMS:
            for own in self._names.opened(file, written):
                self._propagation.connect(self.view(own, name), slot)

    def _take_library(self, slot: int, holder: int, name: str) -> None:
        method = self._summaries.method(slot, holder, name)
        if method is not None:
            self._propagation.add(slot, method)

    def _take_static(self, slot: int, definition: int, name: str) -> None:
        if name and name == self._program.traits[self._program.file_of_definition[definition]].prototype:
            self._propagation.add(slot, value(INSTANCE_OF, definition))
        if self._program.definitions[definition].kind not in CLASS_KINDS:
            self._take_of_function(slot, definition, name)
            return
        if self._inherits_overloads(definition):
            self._take_overloads(slot, definition, name)
            return
        owner = next((owner for owner in self._hierarchy.order(definition) if self._hierarchy.defines(owner, name) >= 0), -1)
        if owner >= 0:
            self._take_of_class(slot, definition, owner, name)
            return
        if name in self._hierarchy.for_some:
            self.extensions.take_made(slot, value(DEF, definition), name)
        for metaclass in self._hierarchy.metaclasses_of(definition):
            for owner in self._hierarchy.order(metaclass):
                found = self._hierarchy.defines(owner, name)
                if found >= 0:
                    self._expose(owner, found, slot, value(DEF, definition))
                    return
        if self._program.definitions[definition].kind == "Enum" or self._library.has_class_method(name):
            self._take_library(slot, value(DEF, definition), name)
            self.outside.take_of_enum(definition, slot, name)
        self.answers.take_static(definition, name, slot)

    def _take_of_class(self, slot: int, definition: int, owner: int, name: str) -> None:
        """A member that a class itself shows, which `owner` declares."""
        member = self._hierarchy.defines(owner, name)
        if self.enumerations.is_constant(owner, member):
            self._propagation.add(slot, value(INSTANCE_OF, owner))
        elif not self._take_class_methods(slot, definition, owner, name) and not self.properties.take_static(slot, member):
            self.accessors.expose_of_class(member, slot, definition)

    def _take_of_function(self, slot: int, definition: int, name: str) -> None:
        """A member of a function: a field, a method of the library, or the function itself as the only method that its type asks for."""
        target = self._names.member(value(DEF, definition), name)
        for found in target.slots:
            self._propagation.connect(found, slot)
        for inner in target.values:
            self._propagation.add(slot, inner)
        self._propagation.connect(self._containers.field(value(DEF, definition), name), slot)
        self._take_library(slot, value(DEF, definition), name)
        self.functions.take_asked(slot, value(DEF, definition), name)

    def _take_overloads(self, slot: int, definition: int, name: str) -> None:
        """Static members of a class, those of its bases beside them."""
        shown: list[int] = []
        found = False
        for owner in self._hierarchy.order(definition):
            member = self._hierarchy.defines(owner, name)
            found = found or member >= 0
            if member >= 0 and self._expose(owner, member, slot, value(INSTANCE_OF, definition), shown):
                return
        if not found and self._program.definitions[definition].kind == "Enum":
            self._take_library(slot, value(DEF, definition), name)

    def _take_class_methods(self, slot: int, definition: int, owner: int, name: str) -> bool:
        """Methods of the class itself, as it shows them; false when there are others."""
        methods = self._hierarchy.own_methods(owner, name)
        bound = [m for m in methods if "classmethod" in self._program.definitions[m].modifiers and not self._hierarchy.makes(m)]
        for method in bound:
            if method in self._program.decorated:
                self.accessors.expose_decorated(method, self._hierarchy.defines(owner, name), slot, value(DEF, definition))
            else:
                self.receive(method, value(DEF, definition))
                self._propagation.add(slot, value(BOUND, method))
        return bool(bound) and len(bound) == len(methods)

    def _take_inherited(self, slot: int, definition: int, name: str) -> None:
        """`super.m()`: in some languages the class around says what is behind it."""
        if not self._inherits_overloads(definition):
            self.supers.take(slot, definition, name)
            self.outside.take_construction(definition, slot, name)
            return
        shown: list[int] = []
        for owner in self._hierarchy.inherited(definition):
            found = self._hierarchy.defines(owner, name)
            if found < 0 or self._hierarchy.asks_only(owner, found):
                continue
            if self._expose(owner, found, slot, value(INSTANCE_OF, definition), shown) or not shown:
                return
        if not shown:
            self.outside.take(definition, slot, name)

    def _take_root(self, definition: int, slot: int, name: str) -> None:
        """A member that no base of the program has: that of the container which its instances are, or of the class behind."""
        if (container := self.container_classes.of(definition)) >= 0:
            self._take_library(slot, container, name)
        self.outside.take_root(definition, slot, name)

    def take_global(self, slot: int, module: int, name: str) -> None:
        """A variable of a module, named by a text."""
        if UNKNOWN_PART in name:
            self._take_matching(slot, module, name)
        else:
            self._take_module(slot, module, name)

    def _take_module(self, slot: int, holder: int, name: str) -> None:
        target = self._names.member(holder, name)
        for inner in target.values:
            self._propagation.add(slot, inner)
        for source in target.slots:
            self._propagation.connect(source, slot)
        if holder & MASK == MODULE:
            for answer in self.answers.of_module(holder >> SHIFT, name) if target == NOWHERE else ():
                self._propagation.connect(self._program.return_slot(answer), slot)
            self._propagation.connect(self._containers.field(holder, name), slot)
            if self.accessors.any:
                self.accessors.expose_read(self._containers.field(holder, name), slot, holder)
            self.follow_exports(slot, holder >> SHIFT)

    def follow_exports(self, slot: int, module: int) -> None:
        """The expression `slot` is about what a module exports."""
        exports = self._names.export_slot(module)
        if exports >= 0:
            self._propagation.subscribe(exports, slot)

    def view(self, definition: int, name: str) -> int:
        """Where the values meet that the member of an instance of this class can have."""
        key = (definition, name)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = self._program.new_slot(UNKNOWN)
            self._views_by_name.setdefault(name, []).append((definition, view))
            known = self._show(definition, name, view)
            if self._prototypes:
                self._inherit_prototype(definition, name, view)
            for owner, stored in self._put_in.get(name, ()):
                if self._shows(definition, owner, name):
                    self.accessors.expose_made(stored, view, value(INSTANCE_OF, definition))
            if self.enumerations.shows_value(definition, name):
                known = True
                for member in self.enumerations.constants(definition):
                    self._propagation.connect(member, view)
            if not known:
                self._take_of_users(definition, name, view)
                self.outside.take(definition, view, name)
            self.answers.take(definition, name, view, known=known)
        return view

    def _show(self, definition: int, name: str, view: int) -> bool:
        """Let what a class and those behind it declare reach a view; false where none of them declares the member."""
        receiver, shown, known = value(INSTANCE_OF, definition), list[int](), False
        for owner in self._hierarchy.order(definition):
            found = self._hierarchy.defines(owner, name)
            if found < 0 or (self._shadows and not shown and self.outside.shadows(definition, owner, name)):
                continue
            known = True
            if self._expose(owner, found, view, receiver, shown) or self._hidden.hides(definition, owner, found):
                break
        return known

    def _take_of_users(self, definition: int, name: str, view: int) -> None:
        """What a trait has not itself, the classes have that it is a part of."""
        for user in self._hierarchy.mixing(definition):
            self._propagation.connect(self.view(user, name), view)

    def _inherit_prototype(self, definition: int, name: str, view: int) -> None:
        """Instances that a function makes inherit from what its prototype holds, unless this has a member of that name itself."""
        prototype = self._program.traits[self._program.file_of_definition[definition]].prototype
        if prototype and self._program.is_function(definition) and (definition, name) not in self._own_stores:
            held = self._containers.field(value(DEF, definition), prototype)
            step = self._program.derived_slot(self._program.slot_of_definition[definition], MEMBER, name, (held,))
            self._propagation.subscribe(held, step)
            self._propagation.connect(step, view)

    def _expose(self, owner: int, member: int, target: int, receiver: int, shown: list[int] | None = None) -> bool:
        """Let a member's values reach `target` as an instance shows them; true when the member hides inherited ones.

        Overloads are inherited beside those of the class itself, except for those that these override, which are `shown` already.
        """
        bound = self.properties.of_instances(self._program.bound.get(member, ()))
        if self._outer_operators:
            own = [d for d in bound if not self._hierarchy.operands(d)]
            if bound and not own:
                return False
            bound = own
        methods = without_signatures(self._program, [d for d in bound if self._program.definitions[d].kind in FUNCTION_KINDS])
        new = [d for d in methods if not any(self._hierarchy.signatures.replaces(known, d) for known in shown)] if shown else methods
        if shown is not None:
            shown.extend(new)
            new = [d for d in new if EXPLICIT not in self._program.definitions[d].modifiers]
        for method in new:
            if method in self._program.decorated and "property" not in self._program.definitions[method].modifiers:
                self.accessors.expose_decorated(method, member, target, receiver)
            else:
                self._expose_method(owner, method, target, receiver)
        if self.enumerations.is_constant(owner, member):
            self._propagation.add(target, value(INSTANCE_OF, owner))
            return True
        exposed = not methods and self.accessors.expose(owner, member, target, receiver)
        if not exposed and (not methods or self._holds_more(member, bound, methods)):
            self._propagation.connect(member, target)
        if methods:
            return not self._inherits_overloads(owner)
        return any(self._program.is_class(d) or (self._pointers and self._hierarchy.hides_field(d)) for d in bound)

    def _holds_more(self, member: int, bound: Sequence[int], methods: Sequence[int]) -> bool:
        """Whether a member that methods are bound to holds other values too."""
        if member in self._program.imports or any(self._program.definitions[d].kind == "Field" for d in bound):
            return True
        return member in self._program.sources and not any(method in self._program.decorated for method in methods)

    def _inherits_overloads(self, owner: int) -> bool:
        return self._program.traits[self._program.file_of_definition[owner]].inherits_overloads

    def _expose_method(self, owner: int, method: int, target: int, receiver: int) -> None:
        modifiers = self._program.definitions[method].modifiers
        if "property" in modifiers and method in self._program.decorated:
            self.accessors.expose_run(self._program.slot_of_definition[method], target, receiver)
        elif "property" in modifiers:
            self.receive(method, receiver, owner)
            self._propagation.connect(self._program.return_slot(method), target)
        elif "setter" in modifiers or "deleter" in modifiers:
            self.receive(method, receiver, owner)
            self.accessors.take_stored(method, owner)
        elif "static" in modifiers or not self.lists_receiver(method) or self._hierarchy.makes(method):
            self._propagation.add(target, value(DEF, method))
        else:
            self.receive(method, value(DEF, receiver >> SHIFT) if "classmethod" in modifiers else receiver, owner)
            self._propagation.add(target, value(BOUND, method))

    def lists_receiver(self, definition: int) -> bool:
        """Whether the method's first parameter is its receiver."""
        return self._program.traits[self._program.file_of_definition[definition]].explicit_receiver

    def receive(self, method: int, receiver: int, owner: int = -1) -> None:
        """The receiver parameter of a method holds what the method was taken from; its own class it holds anyway."""
        entry = self._program.definitions[method]
        if (receiver >> SHIFT != owner or owner in self.waiting) and entry.parameters and self.lists_receiver(method):
            self._propagation.add(self._program.parameter_slot(method, 0), receiver)

    def _shows(self, viewer: int, definition: int, name: str) -> bool:
        """Whether instances of a class show a member that another one declares: no method stands before it."""
        order = self._hierarchy.order(viewer)
        if definition not in order:
            return False
        before = order[: order.index(definition)]
        return not any(self._hierarchy.own_methods(owner, name) for owner in before)

    def _store_field(self, holder: int, name: str) -> int:
        tag, definition = holder & MASK, holder >> SHIFT
        if tag == MODULE and self._program.traits[definition].exports_all:
            shown = self._program.shown_slot(definition, name)
            if shown is not None:
                return shown
        if tag == MODULE or (tag == DEF and self._program.definitions[definition].kind not in CLASS_KINDS):
            return self._containers.field(holder, name)
        setter = self.properties.setter_of(definition, name)
        if setter >= 0:
            return setter
        members = self._names.members_of_class(definition)
        slot = members.get(name)
        strict = self._program.traits[self._program.file_of_definition[definition]].declared_types == "strict"
        if strict and self._hierarchy.methods(definition, name):
            return self._containers.field(holder, name)
        if slot is None and strict:
            # a field that a base declares is one, whatever class it is assigned by
            inherited = (self._hierarchy.defines(owner, name) for owner in self._hierarchy.inherited(definition))
            slot = next((found for found in inherited if found >= 0), None)
        if slot is None:
            slot = members[name] = self._program.new_slot(LOCAL, name)
            for viewer, view in self._views_by_name.get(name, ()):
                if self._shows(viewer, definition, name):
                    self._propagation.connect(slot, view)
        return slot
