"""Calls that no call expression makes: operators, subscripts, loops, `with`, properties, descriptors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol

from aelus.domain.facts import (
    AWAITED,
    CALL,
    DELETE_REFERENCE,
    ENTER,
    EXISTS_REFERENCE,
    IMPLICIT,
    INDEX,
    ITERATE,
    MAPPING,
    MEMBER,
    OPERATION_REFERENCE,
    READ_REFERENCE,
    SLICE,
    STORE_REFERENCE,
    SUPER,
    VALUE_OPERATIONS,
)
from aelus.domain.graph import EdgeKind, NodeId, Origin
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.function_loops import YIELDS
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.asked_values import LEAVE, AskedValues
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.graph.outside_dispatch import OutsideDispatch
from aelus.domain.linking.graph.stand_ins import NONE, StandIns
from aelus.domain.linking.members.accessors import is_made_property
from aelus.domain.linking.naming.names import NOWHERE, Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import STATED
from aelus.domain.linking.values import ACCESSOR, BOUND, DEF, INSTANCE_OF, MASK, MODULE, OBJECT, SHIFT

LOOP: Final = ("iterate", "iterate_end", "async_iterate", "each")
NEXT: Final = ("next", "async_next")
STEPS: Final = ("advance", "valid", "rewind")
"""What a loop asks an iterator for besides, in languages where it has methods for that."""
COMPARED: Final = "operator!="
"""The step that is given the end."""
KEYED: Final = "keyed"
"""Text of a loop that asks for keys, too."""
MANAGED: Final = {"": ("enter", "exit"), AWAITED: ("async_enter", "async_exit")}
ACCESSORS: Final = {STORE_REFERENCE: "setter", DELETE_REFERENCE: "deleter"}
"""Modifier of the method that an access to a member runs; a read runs a `property`."""
ACCESS_NUMBERS: Final = {STORE_REFERENCE: 1, DELETE_REFERENCE: 2}
"""Number of the function that such an access runs of a member that was made with functions."""


DELEGATED: Final = "delegated"
"""Modifier of fields that are left to another object."""
BELOW_LIMIT: Final = 64
"""Subclasses of one class that are looked at."""
MISSING: Final = {
    STORE_REFERENCE: "missing_setter",
    DELETE_REFERENCE: "missing_deleter",
    EXISTS_REFERENCE: "missing_exists",
    READ_REFERENCE: "missing",
}
"""Protocol that answers for members that the class has not."""
DESCRIBING: Final = ("get", "set", "delete")
"""Protocols of the methods that an access runs of what a member holds."""
SUBSCRIPTS: Final = {STORE_REFERENCE: "store_index", DELETE_REFERENCE: "delete_index", EXISTS_REFERENCE: "exists_index"}
"""Protocol of an access to an element that does not read it."""


class Put(Protocol):
    def __call__(self, kind: EdgeKind, src: NodeId, dst: NodeId, line: int, origin: Origin) -> None: ...


class AddCall(Protocol):
    def __call__(self, slot: int, source: NodeId, line: int, *, implied: bool = False) -> None: ...


class Choose(Protocol):
    def __call__(self, slot: int, overloads: Sequence[int]) -> Sequence[int]: ...


class AddDispatch(Protocol):
    def __call__(self, methods: Collection[int], source: NodeId, line: int) -> None: ...


class Operations:
    """Writes the calls of operations."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        flow: ValueFlow,
        nodes: Nodes,
        put: Put,
        add_call: AddCall,
        choose: Choose,
        outside: OutsideDispatch,
        dispatch: AddDispatch,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._nodes = nodes
        self._put = put
        self._add_call = add_call
        self._choose = choose
        self._outside = outside
        self._dispatch = dispatch
        self.stand_ins = StandIns(program, names, hierarchy)
        self._asked = AskedValues(program, names, hierarchy, flow)
        accessors = frozenset({"property", "setter", "deleter", DELEGATED})
        self._accessors = {entry.name for entry in program.definitions if not accessors.isdisjoint(entry.modifiers)}
        self._methods_of = [dict(traits.protocols) for traits in program.languages]
        self._defined = frozenset(entry.name for entry in program.definitions)
        self._makes_accessors = flow.summaries.calls.any_accessors
        properties = any(is_made_property(program, definition) for definition in range(len(program.definitions)))
        self._has_descriptors = self._makes_accessors or properties or bool(self._named(*DESCRIBING))
        self._has_namers = bool(self._named("name"))
        self._apart = {traits.name for traits in program.languages if dict(traits.protocols).get("answer")}
        """Languages in which another method answers for methods that are missing than for what is read."""
        self._hashes = bool(self._named("hash"))
        self._indexes_classes = bool(self._named("class_index"))
        self._loops_over_literals = any(traits.next_key for traits in program.languages)
        self._watchers: dict[int, tuple[int, ...]] = {}
        self._watches_members = bool(self._named("any_member"))
        answering = self._named("any_member", *MISSING.values())
        self._answering_classes = self._find_answering(answering)
        """Classes with methods that answer for members which they have not, or for all."""
        self._answers_missing = bool(answering)
        self._looks_up = any(traits.metatables for traits in program.languages)
        self._any_name = self._answers_missing or self._has_descriptors
        """Whether an access to a member of any name may run a method."""
        self._described_names = self._find_described() if self._has_descriptors else frozenset[str]()
        """Names of members of classes that hold descriptors."""
        self._known: dict[tuple[int, str, str], dict[int, None]] = {}

    def add(self, slot: int, source: NodeId, line: int, kind: str) -> None:
        """Link an operation to the methods that it may run."""
        form = self._program.forms[slot]
        if kind in VALUE_OPERATIONS:
            if kind == LEAVE or self._flow.instances(slot):
                self._add_methods(self._asked.methods(slot, kind), source, line)
                self._dispatch(self._asked.overriding(slot, kind), source, line)
        elif form == CALL:
            self._add_call(slot, source, line, implied=True)
        elif form in (MEMBER, IMPLICIT):
            if self._looks_up:
                self._add_lookup(slot, source, line, kind)
            self._add_access(slot, source, line, kind)
        else:
            methods = self._methods(slot, form, kind)
            self._add_methods(methods, source, line)
            if form == ITERATE and methods:
                self._dispatch(self._outside.of_iterators(methods), source, line)

    def _add_lookup(self, slot: int, source: NodeId, line: int, kind: str) -> None:
        """Functions that the container's metatable has for members which it has not."""
        site = self._flow.metatables.stores.get(slot, -1) if kind == STORE_REFERENCE else slot
        for made in self._flow.summaries.calls.made_at(site):
            self._add_call(made, source, line, implied=True)

    def _add_methods(self, methods: Iterable[int], source: NodeId, line: int) -> None:
        for method in methods:
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.INFERRED)
            self._dispatch(self._outside.of_operation(method), source, line)

    def naming(self, definition: int) -> dict[int, None]:
        """Methods that tell the values of a class' members their names."""
        members = self._names.class_members[definition] if self._has_namers else None
        return self._protocols([owner for slot in (members or {}).values() for owner in self._flow.instances(slot)], ("name",))

    def add_called(self, callee: int, source: NodeId, line: int) -> None:
        """A member that is called may be a property that returns a function."""
        if self._program.texts[callee] in self._accessors or (
            self._any_name and self._program.traits[self._program.file_of_slot(callee)].name not in self._apart
        ):
            self._add_access(callee, source, line, READ_REFERENCE)

    def _methods(self, slot: int, form: int, kind: str) -> dict[int, None]:
        holder = self._program.part(slot)
        if not self._flow.values(holder):
            return self._of_named_classes(holder) if form in (INDEX, SLICE) else {}
        classes = self._flow.instances(holder)
        if form == INDEX and self._hashes and (hashed := self._hashed(slot, holder)):
            return hashed
        if form in (INDEX, SLICE):
            return self._subscripted(slot, form, kind, classes)
        if form == ENTER:
            return self._protocols(classes, MANAGED[self._program.texts[slot]])
        return self._looped(slot, classes) if form == ITERATE else {}

    def _looped(self, slot: int, classes: list[int]) -> dict[int, None]:
        """Methods that a loop over instances of these classes, or over a class itself, runs."""
        holder = self._program.part(slot)
        if self._program.operation(self._program.file_of_slot(slot), YIELDS):
            return self._run(holder)
        found = {**self._protocols(classes, LOOP), **self._of_literals(holder, LOOP)}
        if not found and not classes and not self._hierarchy.metaclasses:
            return {}
        asked = (*STEPS, "key") if self._program.texts[slot] == KEYED else STEPS
        if not found and (steps := self._protocols(classes, asked)):
            return {**self._protocols(classes, NEXT), **steps}
        if not found and self._program.traits[self._program.file_of_slot(slot)].next_key:
            return self._protocols(classes, NEXT)
        found = found or self._protocols(classes, ("index",)) or self._of_classes(holder, LOOP)
        iterators = [c for method in found for c in self._flow.instances(self._program.return_slot(method))]
        stepped = (self._of_literals(self._program.return_slot(method), NEXT) for method in found)
        steps = self._protocols(iterators, asked)
        if self._program.traits[self._program.file_of_slot(slot)].templates:
            takes = self._hierarchy.signatures.takes
            steps = {method: None for method in steps if takes(method, self._program.definitions[method].name == COMPARED)}
        return {**found, **self._protocols(iterators, NEXT), **steps, **dict.fromkeys(step for each in stepped for step in each)}

    def _run(self, slot: int) -> dict[int, None]:
        """Functions that a loop runs over which it goes."""
        functions = (inner >> SHIFT for inner in self._flow.values(slot) if inner & MASK in (DEF, BOUND))
        return {function: None for function in functions if self._program.is_function(function)}

    def _of_literals(self, slot: int, operations: tuple[str, ...]) -> dict[int, None]:
        """Functions that literals have in the place of the methods that an operation calls."""
        if not self._loops_over_literals or self._flow.is_saturated(slot):
            return {}
        literals = self._flow.values(slot)
        entries = (entry for holder in literals for entry in self._flow.literal_loops.entries(holder, operations))
        held = (inner for entry in entries for inner in self._flow.values(entry))
        return {inner >> SHIFT: None for inner in held if inner & MASK == DEF and self._program.is_function(inner >> SHIFT)}

    def _hashed(self, slot: int, holder: int) -> dict[int, None]:
        """Methods that a key runs by which a mapping is asked; of what it is equal to, little is known."""
        keyed = len(self._program.parts[slot]) > 1 and any(
            inner & MASK == OBJECT and self._program.forms[inner >> SHIFT] == MAPPING for inner in self._flow.values(holder)
        )
        return self._protocols(self._flow.instances(self._program.part(slot, 1)), ("hash",)) if keyed else {}

    def _subscripted(self, slot: int, form: int, kind: str, classes: list[int]) -> dict[int, None]:
        """Methods that a subscript of instances of these classes, or of a class itself, runs."""
        holder, operation = self._program.part(slot), SUBSCRIPTS.get(kind, "index")
        found = self._protocols(classes, (operation,))
        if len(found) > 1 and len(classes) == 1 and form == INDEX:
            found = dict.fromkeys(self._choose(slot, list(found)))
        if operation == "index" and not found:
            found = self._protocols(classes, ("missing_key",))
        return found or self._of_classes(holder, (operation,)) or self._of_named_classes(holder)

    def _of_named_classes(self, slot: int) -> dict[int, None]:
        """Methods that a subscript of a class itself runs, which a name stands for."""
        named = self._names.static(slot) if self._indexes_classes else ()
        classes = [i >> SHIFT for i in named if i & MASK == DEF and self._program.is_class(i >> SHIFT)]
        return self._protocols(classes, ("class_index",))

    def _of_classes(self, slot: int, operations: tuple[str, ...]) -> dict[int, None]:
        """Methods of metaclasses that an operation on what an expression holds runs, where that is a class."""
        if not self._hierarchy.metaclasses or self._flow.is_saturated(slot):
            return {}
        classes = [i >> SHIFT for i in self._flow.values(slot) if i & MASK == DEF and self._program.is_class(i >> SHIFT)]
        return {m: None for definition in classes for operation in operations for m in self._flow.protocols.of_class(definition, operation)}

    def _protocols(self, classes: list[int], operations: tuple[str, ...]) -> dict[int, None]:
        if not classes:
            return {}
        answer = self._flow.protocols.of_instance
        return dict.fromkeys([method for definition in classes for operation in operations for method in answer(definition, operation)])

    # --- members -----------------------------------------------------------------------------------------------------------------------

    def _find_described(self) -> frozenset[str]:
        sources, members = self._program.sources, filter(None, self._names.class_members)
        return frozenset(name for own in members for name, slot in own.items() if slot in sources and self._holds_descriptor(slot))

    def _holds_descriptor(self, slot: int) -> bool:
        answer = self._flow.protocols.of_instance
        return any(
            inner & MASK == ACCESSOR
            or (inner & MASK == DEF and is_made_property(self._program, inner >> SHIFT))
            or (inner & MASK == INSTANCE_OF and any(answer(inner >> SHIFT, operation) for operation in DESCRIBING))
            for inner in self._flow.values(slot)
        )

    def _add_access(self, slot: int, source: NodeId, line: int, kind: str) -> None:
        program, name = self._program, self._program.texts[slot]
        if name not in self._accessors and not (self._any_name and (name in self._described_names or self._may_answer(slot))):
            return
        if program.forms[slot] == IMPLICIT:
            self._add_accessed(self._enclosing(slot, name), slot, source, line, kind)
        elif self._flow.values(program.part(slot)):
            self._add_accessed(self._flow.instances(program.part(slot)), slot, source, line, kind)

    def _add_accessed(self, classes: list[int], slot: int, source: NodeId, line: int, kind: str) -> None:
        """As `_add_access`, for a member of instances of these classes."""
        program, name = self._program, self._program.texts[slot]
        is_member = program.forms[slot] == MEMBER
        found = [method for definition in classes for method in self._accessed(definition, name, kind)]
        if is_member:
            self._accessed_apart(slot, name, kind, found)
        if is_member and program.forms[holder := program.part(slot)] == SUPER:
            found.extend(self._inherited_access(program.definition_of(holder), name, kind))
        if self._answers_missing and kind == READ_REFERENCE:
            found.extend(self._watching(classes) if classes else self._answered(slot, name))
        if found:
            origin = self._origin_of_access(slot) if is_member else Origin.MEMBER
            replaced = self.stand_ins.among(found) if len(found) > 1 and origin is not Origin.DECLARED_TYPE else NONE
            for method in found if not replaced else [method for method in found if method not in replaced]:
                self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, origin)
        for method in self._flow.members.extensions.read.get(slot, ()) if kind not in ACCESSORS else ():
            self._put(EdgeKind.CALLS, source, self._nodes.ids[method], line, Origin.DECLARED_TYPE)
        if program.traits[program.file_of_slot(slot)].functional_types and kind in (READ_REFERENCE, OPERATION_REFERENCE, STORE_REFERENCE):
            self._dispatch(self._accessed_below(classes, name, ACCESSORS.get(kind, "property")), source, line)

    def _named(self, *protocols: str) -> frozenset[str]:
        """Names of methods of these protocols, in any of the languages, that the program defines."""
        return self._defined.intersection(methods[name] for methods in self._methods_of for name in protocols if methods.get(name))

    def _find_answering(self, methods: frozenset[str]) -> frozenset[int]:
        if not methods:
            return frozenset()
        own = {definition for definition, members in enumerate(self._names.class_members) if members and not methods.isdisjoint(members)}
        classes = (definition for definition in range(len(self._program.definitions)) if self._program.is_class(definition))
        return frozenset(own.union(definition for definition in classes if not own.isdisjoint(self._hierarchy.order(definition))))

    def _may_answer(self, slot: int) -> bool:
        """Whether an access to a member of any name may run a method, by what the object is that has it."""
        program, answering = self._program, self._answering_classes
        if program.forms[slot] == IMPLICIT:
            return bool(answering)
        holder, modules = program.part(slot), self._flow.members.answers.modules
        if answering and program.forms[holder] == SUPER and program.definition_of(holder) in answering:
            return True
        for inner in self._flow.values(holder):
            if inner >> SHIFT in answering or (inner & MASK == MODULE and inner >> SHIFT in modules):
                return True
        return self._makes_accessors and any(inner & MASK == ACCESSOR for inner in self._flow.values(slot))

    def _origin_of_access(self, slot: int) -> Origin:
        return Origin.DECLARED_TYPE if self._flow.is_declared(self._program.part(slot)) else Origin.INFERRED

    def _accessed_below(self, classes: list[int], name: str, modifier: str) -> dict[int, None]:
        """Methods of subclasses that an access to a member of an instance of one of the classes may run."""
        below = (sub for definition in classes for sub in self._hierarchy.descendants(definition, BELOW_LIMIT))
        found = (method for sub in below for method in self._hierarchy.own_methods(sub, name))
        return dict.fromkeys(method for method in found if self._overrides(method, modifier))

    def _overrides(self, method: int, modifier: str) -> bool:
        """Whether an accessor runs in place of that of a base class, where a word must say so."""
        program, modifiers = self._program, self._program.definitions[method].modifiers
        word = program.traits[program.file_of_definition[method]].overriding
        return modifier in modifiers and STATED not in modifiers and (not word or word in modifiers)

    def _accessed_apart(self, slot: int, name: str, kind: str, found: list[int]) -> None:
        """Add the functions that an access to a member of a class itself, or of a literal, runs."""
        program, holder = self._program, self._program.part(slot)
        for inner in () if self._flow.is_saturated(holder) else self._flow.values(holder):
            tag = inner & MASK
            if tag == DEF and program.is_class(inner >> SHIFT):
                methods = self._accessed(inner >> SHIFT, name, kind)
                found.extend([method for method in methods if "static" in program.definitions[method].modifiers])
                found.extend(self._described_for(inner >> SHIFT, name) if self._has_descriptors and kind not in ACCESSORS else ())
            elif tag == OBJECT:
                found.extend(self._flow.members.properties.of_entry(inner >> SHIFT, name, stored=kind == STORE_REFERENCE))
        for inner in self._flow.values(slot) if self._has_descriptors else ():
            if inner & MASK == ACCESSOR:
                run = self._flow.summaries.calls.accessing(inner >> SHIFT, ACCESS_NUMBERS.get(kind, 0))
                found.extend([i >> SHIFT for i in self._flow.values(run) if i & MASK == DEF and program.is_function(i >> SHIFT)])

    def _watching(self, classes: Iterable[int]) -> Iterable[int]:
        """Methods that run when any member is read."""
        for definition in classes:
            known = self._watchers.get(definition)
            if known is None:
                known = self._watchers[definition] = tuple(self._flow.protocols.of_instance(definition, "any_member"))
            yield from known

    def _answered(self, slot: int, name: str) -> Iterable[int]:
        """Functions of modules that answer for names which these have not."""
        answering = self._flow.members.answers.modules
        values = self._flow.values(self._program.part(slot)) if answering and self._program.forms[slot] == MEMBER else ()
        modules = [inner for inner in values if inner & MASK == MODULE and inner >> SHIFT in answering]
        missing = [module for module in modules if self._names.member(module, name) == NOWHERE]
        return [answer for module in missing for answer in self._flow.members.answers.of_module(module >> SHIFT, name)]

    def _inherited_access(self, definition: int, name: str, kind: str) -> Iterable[int]:
        """Methods behind the class that an access to a member runs."""
        having = (owner for owner in self._hierarchy.inherited(definition) if self._hierarchy.own_methods(owner, name))
        return self._accessed(next(having, definition), name, kind)

    def _enclosing(self, slot: int, name: str) -> list[int]:
        """The innermost class around that has the member."""
        around = self._program.enclosing_classes(self._program.definition_of(slot))
        having = (c for c in around if any(self._hierarchy.defines(owner, name) >= 0 for owner in self._hierarchy.order(c)))
        return list(having)[:1]

    def _accessed(self, definition: int, name: str, kind: str) -> dict[int, None]:
        """Methods that an access to a member of an instance runs."""
        known = self._known.get((definition, name, kind))
        if known is None:
            known = self._known[definition, name, kind] = self._find_accessed(definition, name, kind)
        return known

    def _find_accessed(self, definition: int, name: str, kind: str) -> dict[int, None]:
        modifier = ACCESSORS.get(kind, "property")
        stored = False
        for owner in self._hierarchy.order(definition):
            slot = self._hierarchy.defines(owner, name)
            if slot >= 0:
                methods = self._hierarchy.own_methods(owner, name)
                if not methods and self._is_of_instances(owner, slot):
                    stored = True
                    continue
                found = dict.fromkeys(m for m in methods if modifier in self._program.definitions[m].modifiers)
                found = {run: None for method in found for run in self._running(slot, method)}
                if not methods and name in self._accessors and self._is_delegated(slot):
                    return self._delegated(slot, kind)
                if kind not in ACCESSORS and self._is_kept_elsewhere(definition, slot):
                    return self._answering(definition, name, kind)
                if not found and self._has_descriptors and all(method in self._program.decorated for method in methods):
                    found = self._described(slot, kind)
                return found or ({} if kind not in ACCESSORS else self._answering(definition, name, kind))
        return {} if stored and kind not in ACCESSORS else self._answering(definition, name, kind)

    def _is_delegated(self, member: int) -> bool:
        """Whether what a member holds is what a method of another object returns."""
        return any(DELEGATED in self._program.definitions[each].modifiers for each in self._program.bound.get(member, ()))

    def _delegated(self, member: int, kind: str) -> dict[int, None]:
        """Methods of the object that a member is left to."""
        program = self._program
        calls = [source for source in program.sources.get(member, ()) if program.forms[source] == CALL]
        holders = [program.part(program.part(call)) for call in calls if program.forms[program.part(call)] == MEMBER]
        operation = "store_delegate" if kind == STORE_REFERENCE else "read_delegate"
        return self._protocols([owner for holder in holders for owner in self._flow.instances(holder)], (operation,))

    def _is_kept_elsewhere(self, definition: int, member: int) -> bool:
        """Whether no class declares a member, or only a comment: assigning it ran a method which may put it anywhere."""
        program = self._program
        if program.traits[program.file_of_definition[definition]].name not in self._apart or program.bound.get(member):
            return False
        return member in program.declared or bool(self._protocols([definition], ("missing_setter",)))

    def _is_of_instances(self, owner: int, member: int) -> bool:
        """Whether a member is only assigned to instances: what classes have under its name decides what an access runs."""
        program = self._program
        if not program.traits[program.file_of_definition[owner]].class_bodies_run or member in program.sources:
            return False
        return all(program.definitions[each].kind == "Field" for each in program.bound.get(member, ()))

    def _running(self, slot: int, method: int) -> Iterable[int]:
        """What runs in place of a method that decorators changed: the functions that its name holds."""
        held = self._flow.values(slot) if method in self._program.decorated else ()
        return [i >> SHIFT for i in held if i & MASK == DEF and self._program.is_function(i >> SHIFT)] or [method]

    def _described(self, slot: int, kind: str) -> dict[int, None]:
        """Methods of the descriptors that a member holds, and functions that it was made with."""
        values = self._flow.values(slot) if slot in self._program.sources else ()
        if not values or self._flow.is_saturated(slot):
            return {}
        read = values if kind not in ACCESSORS else ()
        made = [i >> SHIFT for i in read if i & MASK == DEF and is_made_property(self._program, i >> SHIFT)]
        accessors = [inner >> SHIFT for inner in values if inner & MASK == ACCESSOR]
        run = [self._flow.summaries.calls.accessing(accessor, ACCESS_NUMBERS.get(kind, 0)) for accessor in accessors]
        functions = [
            i >> SHIFT for held in run for i in self._flow.values(held) if i & MASK == DEF and self._program.is_function(i >> SHIFT)
        ]
        access = {STORE_REFERENCE: ("set",), DELETE_REFERENCE: ("delete",)}.get(kind, ("get",))
        return {
            **self._protocols(self._flow.instances(slot), access),
            **dict.fromkeys((*functions, *(made if kind not in ACCESSORS else ()))),
        }

    def _described_for(self, definition: int, name: str) -> Iterable[int]:
        """Methods by which a descriptor answers where the member of a class itself is read."""
        having = (owner for owner in self._hierarchy.order(definition) if self._hierarchy.defines(owner, name) >= 0)
        owner = next(having, -1)
        slot = self._hierarchy.defines(owner, name) if owner >= 0 else -1
        if slot not in self._program.sources or self._flow.is_saturated(slot):
            return ()
        return self._protocols(self._flow.instances(slot), ("get",))

    def _answering(self, definition: int, name: str, kind: str) -> dict[int, None]:
        """Methods that answer for members that the class has not, or for all that are stored and deleted."""
        special = self._program.traits[self._program.file_of_definition[definition]].special_members
        if special and name.startswith(special):
            return {}
        return self._protocols([definition], (MISSING.get(kind, "missing"),))
