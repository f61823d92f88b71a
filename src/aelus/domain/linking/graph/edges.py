"""The edges of the graph: what the solved program says, each with the site, the origin and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CALL_REFERENCE,
    CONVERT_REFERENCE,
    DECORATED,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INITIALIZE_REFERENCE,
    MEMBER,
    NEW,
    OPERATION_REFERENCE,
    PLACE_REFERENCE,
    READ_REFERENCE,
    THIS,
    TYPE_REFERENCE,
    UNION,
    UNKNOWN,
    Definition,
    Implementation,
    Reference,
)
from aelus.domain.graph import Edge, EdgeKind, NodeId, Origin
from aelus.domain.linking.choosing.converted_calls import ConvertedCalls
from aelus.domain.linking.choosing.overload_groups import OverloadGroups
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.seeds import COMPUTED
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.asked_methods import AskedMethods
from aelus.domain.linking.graph.blanket_methods import BlanketMethods
from aelus.domain.linking.graph.callees import Callees
from aelus.domain.linking.graph.conversions import ConversionEdges
from aelus.domain.linking.graph.dereferences import Dereferences
from aelus.domain.linking.graph.dispatch import Dispatch
from aelus.domain.linking.graph.found_edges import FoundEdges
from aelus.domain.linking.graph.implied import ImpliedConstructors
from aelus.domain.linking.graph.late_classes import LateClasses
from aelus.domain.linking.graph.named_nodes import NamedNodes
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.graph.operations import Operations, Put
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.graph.outside_dispatch import OutsideDispatch
from aelus.domain.linking.graph.struct_values import StructValues
from aelus.domain.linking.graph.type_arguments import TypeArguments
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.naming.macros import PastedNames, find_called_parameters
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    INSTANCE_OF,
    LIBRARY_METHOD,
    MASK,
    MODULE,
    SHIFT,
    SUPER_OF,
    value,
)

COMPOUND_TYPES: Final = frozenset({UNION, GENERIC, ARRAY, FUNCTION_TYPE})
DISPATCHES_PER_DEFINITION: Final = 12
DISPATCHES: Final = 20_000
"""Members that all calls of a program dispatch to, beside those for each definition; further calls have their own members alone."""
LOOPING: Final = frozenset({EXTERNAL, LIBRARY_METHOD})
"""Callees that may loop over what they are given."""


class Site(NamedTuple):
    """Where references stand."""

    first_slot: int
    caller: int
    """Global id of the innermost definition around them, or -1."""
    around: NodeId
    running: NodeId
    """What runs where a call is made: the body of a class may be part of what is around it."""


class Edges:
    """Writes the edges, file by file."""

    __deletable__ = ("_operations",)

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, nodes: Nodes, modules: Modules) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._nodes = nodes
        self._modules = modules
        self._found = FoundEdges()
        self._put: Put = self._found.put
        self._caller = -1
        self._overloads = Overloads(program, names, hierarchy, flow)
        self._groups = OverloadGroups(program, hierarchy, self._overloads, nodes.qualified_names, flow.members.generic_functions)
        self._outside = OutsideDispatch(program, names, hierarchy, flow, self._overloads)
        self._asked = AskedMethods(program, names, hierarchy, flow)
        choose = lambda slot, overloads: self._overloads.choose(slot, overloads, self._caller)  # noqa: E731
        self._operations = Operations(
            program, names, hierarchy, flow, nodes, self._put, self._add_call, choose, self._outside, self._add_dispatch
        )
        self._named = NamedNodes(program, names, hierarchy, flow, nodes)
        self._converted = ConvertedCalls(program, flow.contexts, self._overloads)
        self._conversions = ConversionEdges(program, names, hierarchy, flow, nodes, self._put, self._overloads)
        self._reads, self._sent, self._made = flow.summaries.reads, flow.summaries.sent, flow.summaries.calls.made
        self._called_parameters = find_called_parameters(program)
        self._pasted = PastedNames(program, names)
        self._acting = {*self._sent, *self._made, *self._reads}
        """Call sites at which the library does something."""
        self._alternatives = names.alternatives
        self._computed = frozenset(nodes.ids[d] for d, entry in enumerate(program.definitions) if COMPUTED in entry.modifiers)
        """Functions that run where their name is read."""
        self._dispatched = 0
        self._stand_ins = self._operations.stand_ins
        self.truncated = False
        """Whether calls dispatch to more than is linked."""
        self._implied = ImpliedConstructors(program, names, hierarchy, flow)
        self._structs = StructValues(program, names, flow)
        self._origins = Origins(program, names, hierarchy, flow)
        self._late = LateClasses(program, hierarchy, flow)
        arguments = TypeArguments(program, hierarchy, flow, self._overloads.types)
        self._dispatch = Dispatch(program, names, hierarchy, flow, self._origins, arguments)
        self._dereferences = Dereferences(program, hierarchy, flow)
        self._blankets = BlanketMethods(program, names, hierarchy, flow, self._origins)
        self._callees = Callees(program, names, hierarchy, flow, self._origins)

    def of_file(self, file: int) -> tuple[Edge, ...]:
        """All edges whose site lies in the file."""
        self._add_structure(file)
        self._add_imports(file)
        sites: dict[int, Site] = {}
        for reference in self._program.units[file].facts.references:
            site = sites.get(reference.definition)
            if site is None:
                site = sites[reference.definition] = self._site(file, reference.definition)
            self._add_reference(site, reference)
        self._named.leave_file()
        self._origins.leave_file()
        return self._found.taken(self._program.paths[file])

    def _site(self, file: int, definition: int) -> Site:
        """What the references in a definition of a file, or at its top (-1), have in common."""
        nodes, program = self._nodes, self._program
        caller = program.first_definition[file] + definition if definition >= 0 else -1
        running, module = program.running(file, caller), nodes.module_ids[file]
        return Site(
            program.first_slot[file],
            caller,
            nodes.ids[caller] if caller >= 0 else module,
            nodes.ids[running] if running >= 0 else module,
        )

    def given_up(self) -> tuple[tuple[str, int], ...]:
        """See `Callees.given_up`; after all files."""
        return self._callees.given_up()

    def let_go(self) -> None:
        """See `ValueFlow.let_go`."""
        del self._operations
        self._overloads.let_go()

    def shared(self) -> tuple[Edge, ...]:
        """Edges between nodes that lie in no file."""
        nodes = self._nodes
        for folder, identifier in nodes.folders.items():
            self._put(EdgeKind.CONTAINS, nodes.folders.get(folder.rpartition("/")[0], nodes.root), identifier, 0, Origin.STRUCTURE)
        for package in nodes.package_ids.values():
            self._put(EdgeKind.CONTAINS, nodes.root, package, 0, Origin.STRUCTURE)
        for package, symbol in nodes.external_links():
            self._put(EdgeKind.DEFINES, package, symbol, 0, Origin.STRUCTURE)
        return self._found.taken("")

    # --- structure ---------------------------------------------------------------------------------------------------------------------

    def _add_structure(self, file: int) -> None:
        nodes, program = self._nodes, self._program
        folder = program.paths[file].rpartition("/")[0]
        identifier, module = nodes.file_ids[file], nodes.module_ids[file]
        self._put(EdgeKind.CONTAINS, nodes.folders.get(folder, nodes.root), identifier, 0, Origin.STRUCTURE)
        if module != identifier:
            self._put(EdgeKind.DEFINES, identifier, module, 1, Origin.STRUCTURE)
        package = nodes.package_ids.get(self._modules.package_of(file))
        if package is not None:
            self._put(EdgeKind.CONTAINS, package, identifier, 0, Origin.STRUCTURE)
        first = program.first_slot[file]
        for statement in program.units[file].facts.implementations:
            self._add_implementation(first, statement)
        start = program.first_definition[file]
        for definition, entry in enumerate(program.units[file].facts.definitions, start):
            self._add_definition(file, first, definition, entry)

    def _add_definition(self, file: int, first: int, definition: int, entry: Definition) -> None:
        nodes, program = self._nodes, self._program
        identifier = nodes.ids[definition]
        owner = self._hierarchy.owner.get(definition, program.parent_of(definition))
        holder = nodes.ids[owner] if owner >= 0 else nodes.module_ids[file]
        self._put(EdgeKind.DEFINES, holder, identifier, entry.line, Origin.STRUCTURE)
        if entry.kind in CLASS_KINDS:
            self._add_bases(first, entry, identifier)
            self._add_implemented(definition, entry, identifier)
            running = program.running(file, program.parent_of(definition))
            self._add_making(definition, nodes.ids[running] if running >= 0 else nodes.module_ids[file], entry.line)
        elif entry.kind in FUNCTION_KINDS:
            self._add_overridden(definition, entry, identifier)
            for kind, implied in self._implied.of(definition):
                self._put(kind, identifier, nodes.ids[implied], entry.line, Origin.MEMBER)
        elif entry.kind == "Field":
            self._add_overridden(definition, entry, identifier)
        if entry.returns != UNKNOWN and entry.kind != "TypeAlias":
            self._add_types(
                EdgeKind.RETURNS if entry.kind in FUNCTION_KINDS else EdgeKind.TYPE_OF, identifier, first + entry.returns, entry.line
            )
        for parameter in entry.parameters:
            if parameter.type != UNKNOWN:
                self._add_types(EdgeKind.TYPE_OF, identifier, first + parameter.type, entry.line)
        for decorator in entry.decorators:
            for inner in self._flow.values(self._callee(first + decorator)):
                self._put_value(EdgeKind.DECORATES, inner, identifier, entry.line)

    def _callee(self, slot: int) -> int:
        """A decorator with arguments is named by what is called."""
        return self._program.part(slot) if self._program.forms[slot] in (CALL, NEW) else slot

    def _put_value(self, kind: EdgeKind, source: int, identifier: NodeId, line: int) -> None:
        node = self._named.of_value(source)
        if node is not None:
            self._put(kind, node, identifier, line, Origin.LEXICAL)

    def _add_bases(self, first: int, entry: Definition, identifier: NodeId) -> None:
        for kind, parts in ((EdgeKind.INHERITS, entry.bases), (EdgeKind.IMPLEMENTS, entry.interfaces)):
            for part in parts:
                interface = entry.kind != "Interface" and self._hierarchy.is_interface(first + part)
                for node in self._named.of_base(first + part):
                    if node != identifier:
                        put = EdgeKind.IMPLEMENTS if interface else kind
                        self._put(put, identifier, node, entry.line, self._origins.of_name(first + part))

    def _add_implementation(self, first: int, statement: Implementation) -> None:
        """A statement beside the type that it implements an interface."""
        interfaces = self._named.of_type(first + statement.interface)
        for inner in self._names.static(first + statement.type):
            node = self._named.of_value(inner)
            for interface in interfaces if inner & MASK == DEF else ():
                if node is not None and interface != node:
                    self._put(EdgeKind.IMPLEMENTS, node, interface, statement.line, Origin.IMPORT)

    def _add_implemented(self, definition: int, entry: Definition, identifier: NodeId) -> None:
        """Types that fit this interface are linked at the interface, where the relation is decided."""
        for implementer in self._hierarchy.implementers.get(definition, ()):
            self._put(EdgeKind.IMPLEMENTS, self._nodes.ids[implementer], identifier, entry.line, Origin.INFERRED)
            for name in self._names.class_members[definition] or ():
                for theirs in self._hierarchy.own_methods(definition, name):
                    for mine in self._hierarchy.own_methods(implementer, name):
                        self._put(EdgeKind.OVERRIDES, self._nodes.ids[mine], self._nodes.ids[theirs], entry.line, Origin.INFERRED)

    def _add_making(self, definition: int, around: NodeId, line: int) -> None:
        """What runs when a class comes into being, called from where it stands."""
        for method in self._flow.protocols.class_makers(definition):
            self._put(EdgeKind.CALLS, around, self._nodes.ids[method], line, Origin.MEMBER)
        for method in self._operations.naming(definition):
            self._put(EdgeKind.CALLS, around, self._nodes.ids[method], line, Origin.INFERRED)

    def _add_overridden(self, definition: int, entry: Definition, identifier: NodeId) -> None:
        constructs = (
            entry.kind == "Constructor" or entry.name in self._program.traits[self._program.file_of_definition[definition]].constructors
        )
        methods = [] if constructs else self._hierarchy.overridden(definition)
        for member in methods or self._hierarchy.overridden_property(definition):
            self._put(EdgeKind.OVERRIDES, identifier, self._nodes.ids[member], entry.line, Origin.MEMBER)

    def _add_types(self, kind: EdgeKind, identifier: NodeId, slot: int, line: int) -> None:
        program, waiting = self._program, [slot]
        while waiting:
            slot = waiting.pop()
            for node in self._named.of_type(slot):
                if node != identifier:
                    self._put(kind, identifier, node, line, self._origins.of_name(slot))
            if program.forms[slot] in COMPOUND_TYPES:
                first = program.first_of_slot[slot]
                waiting.extend([first + part for part in reversed(program.parts[slot])])

    # --- imports -----------------------------------------------------------------------------------------------------------------------

    def _add_imports(self, file: int) -> None:
        facts, source = self._program.units[file].facts, self._nodes.module_ids[file]
        for statement in facts.imports:
            for node in self._named.of_target(self._names.imported(file, statement)):
                if node != source:
                    self._put(EdgeKind.IMPORTS, source, node, statement.line, Origin.IMPORT)
        for export in facts.exports:
            if export.module:
                target = (
                    self._names.module_value(file, export.module)
                    if export.name == "*"
                    else self._names.member(value(MODULE, file), export.name)
                )
                for node in self._named.of_target(target):
                    self._put(EdgeKind.IMPORTS, source, node, export.line, Origin.IMPORT)
            for node in self._named.of_target(self._names.member(value(MODULE, file), export.name)) if export.name != "*" else ():
                self._put(EdgeKind.EXPORTS, source, node, export.line, Origin.IMPORT)

    # --- references --------------------------------------------------------------------------------------------------------------------

    def _add_reference(self, site: Site, reference: Reference) -> None:
        kind, expression, line, _, _ = reference
        first, self._caller, around, running = site
        slot = first + expression
        if kind == CALL_REFERENCE:
            self._add_call(slot, running, line)
        elif kind == READ_REFERENCE:
            read = self._named.of_read(slot)
            self._add_named(read, slot, around, line)
            for node in self._computed.intersection(read) if self._computed else ():
                self._put(EdgeKind.CALLS, running, node, line, Origin.LEXICAL)
            if self._program.forms[slot] in (MEMBER, IMPLICIT):
                self._operations.add(slot, around, line, kind)
        elif kind == TYPE_REFERENCE:
            self._add_named(self._named.of_type_name(slot), slot, around, line)
        elif kind == CONVERT_REFERENCE:
            self._add_converted(slot, running, line)
        elif kind == INITIALIZE_REFERENCE:
            self._add_initialization(slot, running, line)
        elif kind == PLACE_REFERENCE:
            self._conversions.add_placed(slot, self._caller, running, line)
        else:
            self._operations.add(slot, running, line, kind)

    def _add_named(self, nodes: Sequence[NodeId], slot: int, source: NodeId, line: int) -> None:
        for node in nodes:
            if node != source:
                self._put(EdgeKind.REFERENCES, source, node, line, self._origins.of_name(slot))

    # --- calls -------------------------------------------------------------------------------------------------------------------------

    def _add_call(self, slot: int, source: NodeId, line: int, *, implied: bool = False) -> None:
        """What a call calls. An implied call is one that a library makes, which is of interest where it comes back to the program."""
        callee = self._program.part(slot)
        values, is_member = self._flow.values(callee), self._program.forms[callee] == MEMBER
        self._add_dispatch(self._dispatch.of_declared(callee, self._caller), source, line)
        if self._asked.any:
            self._add_dispatch(self._asked.of_embedded(callee), source, line)
        if not values and not (is_member and self._flow.values(self._program.part(callee))):
            self._add_made(slot, callee, source, line)
            self._add_dispatch(self._dispatch.given_away(slot, callee), source, line)
            return
        if self._callees.is_lost(callee):
            values = tuple(self._callees.known(callee, self._caller))
        if is_member:
            self._operations.add_called(callee, source, line)
        self._add_made(slot, callee, source, line)
        values = self._alternatives.read(values, self._caller)
        values = self._callees.of_alternatives(callee, values) if is_member and len(values) > 1 else values
        if is_member and self._program.traits[self._program.file_of_slot(slot)].pointers:
            values = self._callees.of_operands(slot, callee, values)
            values = self._structs.of_callee(callee, values)
            values = self._overloads.specialisations.of_holder(callee, values, self._hierarchy.owner)
        values = self._callees.of_receivers(callee, values)
        if is_member and self._callees.tells_types(slot):
            values = self._callees.of_stated_type(slot, values, stated=self._overloads.is_stated(self._program.part(callee)))
            values = self._overloads.own_statics(slot, values, self._caller)
        self._add_callees(slot, callee, values, source, line, implied=implied or self._program.forms[slot] == DECORATED)

    def _add_converted(self, slot: int, source: NodeId, line: int) -> None:
        """What a call runs of the type that is expected of it."""
        for method in self._converted.of(slot, self._caller):
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)

    def _add_callees(self, slot: int, callee: int, values: Sequence[int], source: NodeId, line: int, *, implied: bool) -> None:
        """As `_add_call`, for the values that the callee has. How many these are counts for their edges alone."""
        around, self._found.candidates = self._found.candidates, len(values)
        outer = self._stand_ins.enter(values)
        self._found.candidates -= len(self._stand_ins.replaced)
        for inner in self._groups.fitting(slot, values, self._caller) if len(values) > 1 or self._callees.is_exact(slot) else values:
            tag, index = inner & MASK, inner >> SHIFT
            if tag in LOOPING:
                self._add_loops(slot, source, line)
            if tag in (DEF, BOUND):
                self._add_call_of(slot, callee, source, line, inner)
            elif (tag == EXTERNAL or (tag == EXTERNAL_INSTANCE and self._callees.calls_type(slot, values))) and not implied:
                self._add_dispatch(self._dispatch.registered(slot, values), source, line)
                if self._outside.any:
                    self._add_dispatch(self._outside.of_member(slot, callee, index), source, line)
                if self._asked.any:
                    self._add_dispatch(self._asked.of_member(slot, callee, index), source, line)
                    self._add_dispatch(self._asked.of_given(slot, index), source, line)
                kind = EdgeKind.INSTANTIATES if self._program.forms[slot] == NEW else EdgeKind.CALLS
                self._put(kind, source, self._nodes.external(index), line, self._origins.of_call(callee, inner))
            elif tag in (INSTANCE_OF, SUPER_OF):
                self._add_implicit_call(slot, callee, source, line, inner)
                if implied and tag == INSTANCE_OF:
                    self._add_dispatch(self._outside.of_instance(index), source, line)
        self._found.candidates = around
        self._stand_ins.leave(outer)

    def _add_made(self, slot: int, callee: int, source: NodeId, line: int) -> None:
        """What the library calls and reads where it is called, and what the type runs that is expected of the call."""
        if slot in self._acting or callee in self._acting:
            self._add_acts(slot, callee, source, line)
        if self._converted.any:
            self._add_converted(slot, source, line)

    def _add_acts(self, slot: int, callee: int, source: NodeId, line: int) -> None:
        """What the library calls and reads at a site."""
        self._add_dispatch(self._outside.of_sent(slot), source, line)
        answering = self._made.get(callee, ()) if slot < self._program.file_slots else ()
        for call in (*self._made.get(slot, ()), *answering):
            self._add_call(call, source, line, implied=True)
        for member in self._reads.get(slot, ()):
            self._operations.add(member, source, line, READ_REFERENCE)

    def _add_loops(self, slot: int, source: NodeId, line: int) -> None:
        """What the library loops over that is called."""
        for loop in self._flow.summaries.loops.get(slot, {}).values():
            self._operations.add(loop, source, line, OPERATION_REFERENCE)

    def _add_initialization(self, slot: int, source: NodeId, line: int) -> None:
        """A constructor runs those of its bases and fields; what a pointer points to is not made by it."""
        callee = self._program.part(slot)
        for index, is_field in self._implied.initialised(callee):
            if is_field:
                self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[index], line, Origin.MEMBER)
            for constructor in self._overloads.choose(slot, self._flow.protocols.constructors(index), self._caller):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[constructor], line, Origin.MEMBER)
                self._conversions.add_arguments(slot, constructor, self._caller, source, line)

    def _add_dispatch(self, methods: Collection[int], source: NodeId, line: int) -> None:
        if not methods:
            return
        self._dispatched += len(methods)
        if self._dispatched > DISPATCHES_PER_DEFINITION * len(self._program.definitions) + DISPATCHES:
            self.truncated = True
            return
        for method in self._alternatives.read_from(self._caller, methods):
            self._put(EdgeKind.DISPATCHES, source, self._nodes.ids[method], line, Origin.SUBTYPE)

    def _add_implicit_call(self, slot: int, callee: int, source: NodeId, line: int, inner: int) -> None:
        """`this(…)`, `super(…)` and the call of an instance."""
        if self._program.forms[slot] == NEW and self._late.is_late(callee):
            self._add_late(slot, callee, source, line)
            return
        if inner & MASK == SUPER_OF:
            for base in self._implied.outside(inner >> SHIFT):
                self._put(EdgeKind.CALLS, source, self._nodes.external(base), line, Origin.MEMBER)
        if inner & MASK == INSTANCE_OF and self._implied.makes(slot, inner >> SHIFT):
            self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[inner >> SHIFT], line, Origin.MEMBER)
        constructors = self._flow.chained_constructors(callee, inner)
        for method in self._overloads.choose(slot, constructors, self._caller):
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.MEMBER)
        if inner & MASK == INSTANCE_OF and self._program.forms[callee] != THIS:
            for method in self._flow.protocols.of_instance(inner >> SHIFT, "call"):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.INFERRED)

    def _add_late(self, slot: int, callee: int, source: NodeId, line: int) -> None:
        """An instance is made of the class that is called on."""
        for definition in self._late.of(callee, self._caller):
            if self._program.is_made(definition):
                self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[definition], line, Origin.MEMBER)
            for method in self._overloads.choose(slot, self._flow.protocols.constructors(definition), self._caller):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.MEMBER)

    def _add_call_of(self, slot: int, callee: int, source: NodeId, line: int, inner: int) -> None:
        definition, kind = inner >> SHIFT, self._program.definitions[inner >> SHIFT].kind
        origin = self._origins.of_call(callee, inner)
        if kind in FUNCTION_KINDS:
            if self._program.runs_functions(slot):
                self._add_call_of_function(slot, callee, source, line, definition, origin)
        elif kind == "Macro" and self._callees.is_named(callee, definition):
            self._put(EdgeKind.CALLS, source, self._nodes.ids[definition], line, origin)
            for function in self._pasted.called(slot, definition):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[function], line, Origin.LEXICAL)
            for position in self._called_parameters.get(definition, ()) if len(self._program.parts[slot]) > 1 else ():
                self._add_called_argument(slot, position, source, line)
        elif kind in CLASS_KINDS and self._callees.makes_instance(slot, definition):
            self._add_call_of_class(slot, source, line, definition, origin)

    def _add_call_of_class(self, slot: int, source: NodeId, line: int, definition: int, origin: Origin) -> None:
        if self._program.forms[slot] == CALL and self._program.traits[self._program.file_of_slot(slot)].calls_convert:
            self._put(EdgeKind.REFERENCES, source, self._nodes.ids[definition], line, origin)
            return
        called = self._flow.protocols.called_on_class(slot, definition)
        constructors = called or self._flow.protocols.makers(slot, definition) or self._flow.protocols.constructors(definition)
        if not called:
            self._put(EdgeKind.INSTANTIATES, source, self._nodes.ids[self._implied.main_part(definition, constructors)], line, origin)
        for constructor in self._overloads.choose(slot, constructors, self._caller):
            self._put(EdgeKind.CALLS, source, self._nodes.ids[constructor], line, origin)
            if self._conversions.any:
                self._conversions.add_arguments(slot, constructor, self._caller, source, line)

    def _add_call_of_function(self, slot: int, callee: int, source: NodeId, line: int, definition: int, origin: Origin) -> None:
        asked = self._blankets.asked(callee, definition)
        self._add_dispatch((definition,) if asked != definition else (), source, line)
        if origin is Origin.DECLARED_TYPE or definition not in self._stand_ins.replaced:
            self._put(EdgeKind.CALLS, source, self._nodes.ids[asked], line, origin)
        if self._conversions.any:
            self._conversions.add_arguments(slot, definition, self._caller, source, line)
        if definition in self._hierarchy.owner:
            for method in self._dereferences.of(callee, definition):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, origin)
            if asked == definition and self._dispatch.runs_others(definition, origin):
                self._add_dispatch(self._stand_ins.others(self._dispatch.of_method(callee, definition)), source, line)

    def _add_called_argument(self, slot: int, position: int, source: NodeId, line: int) -> None:
        """A macro is text: a function that it is given and calls is called where the macro is used."""
        parts = self._program.parts[slot][1:]
        argument = self._program.first_of_slot[slot] + parts[position] if position < len(parts) else -1
        for inner in self._flow.values(argument) if argument >= 0 else ():
            if inner & MASK in (DEF, BOUND) and self._program.is_function(inner >> SHIFT):
                self._put(EdgeKind.CALLS, source, self._nodes.ids[inner >> SHIFT], line, self._origins.of_call(argument, inner))
