"""Members of instances, classes, modules and external symbols, as a dot in the source takes them."""

from __future__ import annotations

from aelus.domain.facts import LOCAL, UNKNOWN, Definition
from aelus.domain.linking.containers import Containers
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    INSTANCE_OF,
    MASK,
    MODULE,
    OBJECT,
    PACKAGE,
    SHIFT,
    SUPER_OF,
    value,
)


class Members:
    """Lets the values of members reach the expressions that name them."""

    def __init__(
        self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, containers: Containers, stores: set[int]
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._stores = stores
        self._views: dict[tuple[int, str], int] = {}
        self._views_by_name: dict[str, list[tuple[int, int]]] = {}

    def take(self, slot: int, holder: int) -> None:
        """The `MEMBER` expression `slot` meets a new value of its object."""
        name, tag, index = self._program.texts[slot], holder & MASK, holder >> SHIFT
        if tag == INSTANCE_OF:
            self._propagation.connect(self.view(index, name), slot)
        elif tag == DEF:
            self._take_static(slot, index, name)
        elif tag in (MODULE, PACKAGE):
            self._take_module(slot, holder, name)
        else:
            self._take_foreign(slot, holder, name)
        if slot in self._stores and tag in (INSTANCE_OF, DEF, MODULE):
            self._propagation.connect(slot, self._store_field(holder, name))

    def _take_foreign(self, slot: int, holder: int, name: str) -> None:
        tag, index = holder & MASK, holder >> SHIFT
        if tag == SUPER_OF:
            self._take_inherited(slot, index, name)
        elif tag in (EXTERNAL, EXTERNAL_INSTANCE):
            for child in self._names.member(value(EXTERNAL, index), name).values:
                self._propagation.add(slot, child)
        elif tag == OBJECT:
            self._containers.take_key(slot, holder, name)

    def _take_static(self, slot: int, definition: int, name: str) -> None:
        if self._program.definitions[definition].kind not in CLASS_KINDS:
            self._propagation.connect(self._containers.field(value(DEF, definition), name), slot)
            return
        for owner in self._hierarchy.order(definition):
            found = self._hierarchy.defines(owner, name)
            if found >= 0:
                self._propagation.connect(found, slot)
                self._take_class_methods(slot, definition, owner, name)
                return

    def _take_class_methods(self, slot: int, definition: int, owner: int, name: str) -> None:
        for method in self._hierarchy.own_methods(owner, name):
            if "classmethod" in self._program.definitions[method].modifiers:
                self.receive(method, value(DEF, definition))
                self._propagation.add(slot, value(BOUND, method))

    def _take_inherited(self, slot: int, definition: int, name: str) -> None:
        for owner in self._hierarchy.order(definition)[1:]:
            found = self._hierarchy.defines(owner, name)
            if found >= 0:
                self._expose(owner, found, slot, value(INSTANCE_OF, definition))
                return

    def _take_module(self, slot: int, holder: int, name: str) -> None:
        target = self._names.member(holder, name)
        for inner in target.values:
            self._propagation.add(slot, inner)
        for source in target.slots:
            self._propagation.connect(source, slot)
        if holder & MASK == MODULE:
            self._propagation.connect(self._containers.field(holder, name), slot)
            exports = self._names.export_slot(holder >> SHIFT)
            if exports >= 0:
                self._propagation.subscribe(exports, slot)

    def view(self, definition: int, name: str) -> int:
        """Where the values meet that the member of an instance of this class can have."""
        key = (definition, name)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = self._program.new_slot(UNKNOWN)
            self._views_by_name.setdefault(name, []).append((definition, view))
            receiver = value(INSTANCE_OF, definition)
            for owner in self._hierarchy.order(definition):
                found = self._hierarchy.defines(owner, name)
                if found >= 0 and self._expose(owner, found, view, receiver):
                    break
        return view

    def _expose(self, owner: int, member: int, target: int, receiver: int) -> bool:
        """Let a member's values reach `target` as an instance shows them; true when the member hides inherited ones."""
        methods = [d for d in self._program.bound.get(member, ()) if self._program.definitions[d].kind in FUNCTION_KINDS]
        for method in methods:
            self._expose_method(owner, method, target, receiver)
        if not methods or member in self._program.sources:
            self._propagation.connect(member, target)
        return bool(methods)

    def _expose_method(self, owner: int, method: int, target: int, receiver: int) -> None:
        modifiers = self._program.definitions[method].modifiers
        if "property" in modifiers:
            self.receive(method, receiver, owner)
            self._propagation.connect(self._program.return_slot(method), target)
        elif "static" in modifiers or not self.lists_receiver(method):
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
        if receiver >> SHIFT != owner and entry.parameters and self.lists_receiver(method):
            self._propagation.add(self.variable(method, entry, 0), receiver)

    def variable(self, definition: int, entry: Definition, position: int) -> int:
        """Slot of a parameter."""
        return self._program.first_slot[self._program.file_of_definition[definition]] + entry.parameters[position].variable

    def _store_field(self, holder: int, name: str) -> int:
        tag, definition = holder & MASK, holder >> SHIFT
        if tag == MODULE or self._program.definitions[definition].kind not in CLASS_KINDS:
            return self._containers.field(holder, name)
        members = self._names.members_of_class(definition)
        slot = members.get(name)
        if slot is None:
            slot = members[name] = self._program.new_slot(LOCAL, name)
            for viewer, view in self._views_by_name.get(name, ()):
                if definition in self._hierarchy.order(viewer):
                    self._propagation.connect(slot, view)
        return slot
