"""Calls that no one writes where a value comes to a place: constructors that convert or copy arguments, conversions, `operator=`."""

from __future__ import annotations

from aelus.domain.facts import RETURN
from aelus.domain.graph import EdgeKind, NodeId, Origin
from aelus.domain.linking.choosing.conversion_operators import ConversionOperators
from aelus.domain.linking.choosing.converted_arguments import ConvertedArguments
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.choosing.placements import Placements
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.graph.operations import Put
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program


class ConversionEdges:
    """Writes them."""

    def __init__(
        self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, nodes: Nodes, put: Put, overloads: Overloads
    ) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._nodes = nodes
        self._put = put
        self._arguments = ConvertedArguments(program, names, hierarchy, flow, overloads)
        self._placements = Placements(program, names, hierarchy, flow, overloads)
        self._operators = ConversionOperators(program, hierarchy, overloads)
        self.any = self._arguments.any or self._placements.any or self._operators.any
        """Whether a class of the program converts, copies or assigns by itself."""

    def add_arguments(self, slot: int, definition: int, caller: int, source: NodeId, line: int) -> None:
        """What makes instances of the arguments of a call, and what copies or converts them."""
        for made, constructor in self._arguments.of(slot, definition, caller):
            self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[made], line, Origin.DECLARED_TYPE)
            self._put(EdgeKind.CALLS, source, self._nodes.ids[constructor], line, Origin.DECLARED_TYPE)
        program, entry = self._program, self._program.definitions[definition]
        operators = self._operators.any and self._operators.is_for(slot)
        if not operators and not (self._placements.any and program.traits[program.file_of_definition[definition]].templates):
            return
        parameters = entry.parameters[self._hierarchy.operands(definition) :]
        given = [program.first_of_slot[slot] + part for part in program.parts[slot][1:]]
        for argument, parameter in zip(given, parameters, strict=False):
            finder = self._operators if operators else self._placements
            for method in finder.of_argument(argument, definition, parameter):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)

    def add_placed(self, slot: int, caller: int, source: NodeId, line: int) -> None:
        """What runs where a value comes to a place that is written."""
        if not self.any:
            return
        if self._operators.is_for(slot):
            for method in self._operators.of_placement(slot):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)
            return
        assigning = self._placements.assigning(slot, caller) if self._placements.any else None
        for method in assigning or ():
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)
            self.add_arguments(slot, method, caller, source, line)
        if assigning is not None:
            return
        owner = self._placements.made(slot) if self._arguments.any else -1
        for made, constructor in self._arguments.made_of(self._program.part(slot, 1), owner, caller) if owner >= 0 else ():
            self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[made], line, Origin.DECLARED_TYPE)
            self._put(EdgeKind.CALLS, source, self._nodes.ids[constructor], line, Origin.DECLARED_TYPE)
        for method in self._placements.of(slot) if self._placements.any else ():
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)
            made = self._hierarchy.owner.get(method, -1) if self._program.definitions[method].kind == "Constructor" else -1
            if made >= 0 and self._program.forms[self._program.part(slot)] != RETURN:
                self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[made], line, Origin.DECLARED_TYPE)
