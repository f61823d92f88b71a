"""Nodes that names and values stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.facts import FREE, LOCAL
from aelus.domain.graph import NodeId
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.declared_targets import DeclaredTargets
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.naming.names import NOWHERE, Names, Target
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, MASK, MODULE, PACKAGE, SHIFT

NAMES: Final = (LOCAL, FREE)
VARIABLES: Final = ("Variable", "Constant", "TypeAlias")


class NamedNodes:
    """Looks them up. A name stands for the same in all of its file, so it is looked up once there."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, nodes: Nodes) -> None:
        self._program = program
        self._names = names
        self._nodes = nodes
        self._declared = DeclaredTargets(program, names, hierarchy, flow)
        self._read: dict[int, tuple[NodeId, ...]] = {}
        self._types: dict[int, tuple[NodeId, ...]] = {}

    def leave_file(self) -> None:
        """What comes next names other expressions."""
        self._read.clear()
        self._types.clear()

    def of_read(self, slot: int) -> Sequence[NodeId]:
        """What a name or member stands for that is read; packages that files are parts of are no values."""
        known = self._read.get(slot)
        if known is None:
            target = self._declared.target(slot)
            if self._program.traits[self._program.file_of_slot(slot)].package_scope and any(map(self._is_package, target.values)):
                target = NOWHERE
            known = self._read[slot] = tuple(self.of_target(target))
        return known

    def _is_package(self, inner: int) -> bool:
        return inner & MASK == PACKAGE or (inner & MASK == EXTERNAL and not self._names.externals.entries[inner >> SHIFT].symbol)

    def of_type(self, slot: int) -> Sequence[NodeId]:
        """What a name stands for by declarations alone."""
        known = self._types.get(slot)
        if known is None:
            known = self._types[slot] = tuple(filter(None, map(self.of_value, self._names.static(slot))))
        return known

    def of_type_name(self, slot: int) -> Sequence[NodeId]:
        """The variable or alias that a type is named by: one for another type, or one of those that it may be; else the type."""
        definitions = self._program.definitions
        target = self._declared.target(slot) if self._program.forms[slot] in NAMES else NOWHERE
        bound = [definition for variable in target.slots for definition in self._program.bound.get(variable, ())]
        if bound and all(definitions[definition].kind in VARIABLES for definition in bound):
            return [self._nodes.ids[definition] for definition in bound]
        return self.of_type(slot)

    def of_base(self, slot: int) -> Iterator[NodeId]:
        """What a base of a class is, which may be one that is known without import."""
        program, found = self._program, self._names.static(slot)
        named = program.without_arguments(slot)
        if not found and program.forms[named] == FREE:
            found = self._names.builtin(program.file_of_slot(named), program.texts[named]).values
        yield from filter(None, map(self.of_value, found))

    def of_target(self, target: Target) -> Iterator[NodeId]:
        """What a name leads to by declaration: the definitions of a variable, or its value."""
        for slot in target.slots:
            bound = self._program.bound.get(slot)
            if bound:
                yield from (self._nodes.ids[definition] for definition in bound)
            else:
                yield from filter(None, map(self.of_value, self._names.static(slot)))
        yield from filter(None, map(self.of_value, target.values))

    def of_value(self, inner: int) -> NodeId | None:
        """What a value is; None for values that have no node."""
        tag, index = inner & MASK, inner >> SHIFT
        if tag in (DEF, BOUND):
            return self._nodes.ids[index]
        if tag == MODULE:
            return self._nodes.module_ids[index]
        if tag in (EXTERNAL, EXTERNAL_INSTANCE):
            return self._nodes.external(index)
        return self._nodes.package_ids.get(index) if tag == PACKAGE else None
