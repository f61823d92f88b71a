"""Which values reach which expression: an inclusion-based, flow-insensitive analysis of the whole program.

Every slot has a bounded set of values. Copies (`_edges`) carry values on; reactions (`_reactions`) are expressions that do something with
each new value of another one: take a member, call it, index it. The solver runs until nothing changes or its budget is used up.

Source: L. O. Andersen, "Program Analysis and Specialization for the C Programming Language" (1994), chapter 4; field-sensitive, with
receivers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    AWAIT,
    CALL,
    CONSTANT,
    DEFINITION,
    ENTER,
    EXPORTS,
    FREE,
    GENERIC,
    IMPLICIT,
    IMPORT,
    INDEX,
    INSTANCE,
    ITERATE,
    LITERAL,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    SPREAD,
    SPREAD_MAP,
    SUPER,
    THIS,
    UNION,
    UNKNOWN,
    YIELD,
    Definition,
)
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names, Target
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program
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

VALUES_PER_SLOT: Final = 16
"""A name that can hold more is not followed any further."""
FIELDS_PER_OBJECT: Final = 128
"""Keys of one container that are told apart; later ones share one field."""
STEPS_PER_SLOT: Final = 20
"""Budget of the solver, in reactions and copies per slot of the program."""
ANY_KEY: Final = "*"
"""Field of a container for values at keys that are not known."""
EVERY_KEY: Final = "?"
"""Field of a container that receives the values at all keys."""
IDLE_FORMS: Final = frozenset({UNKNOWN, LITERAL, CONSTANT})
INERT_KINDS: Final = frozenset({"Variable", "Constant", "Field", "TypeAlias"})


class ValueFlow:
    """Solves the program; `values` is the answer."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._sets: dict[int, set[int]] = {}
        self._edges: dict[int, list[int]] = {}
        self._reactions: dict[int, list[int]] = {}
        self._later_edges: set[tuple[int, int]] = set()
        self._bindings: set[tuple[int, int, int]] = set()
        self._stores: set[int] = set()
        self._fields: dict[tuple[int, str], int] = {}
        self._keys_of: dict[int, int] = {}
        self._views: dict[tuple[int, str], int] = {}
        self._views_by_name: dict[str, list[tuple[int, int]]] = {}
        self._work: list[tuple[int, int]] = []
        self.sealed: set[int] = set()
        """Slots whose declared type decides what they hold."""
        self.truncated = False
        """Whether a bound was hit, so that values may be missing."""

    def values(self, slot: int) -> set[int] | tuple[()]:
        """What the expression can hold."""
        return self._sets.get(slot, ())

    def solve(self) -> None:
        """Seed the program and run to the fixed point."""
        self._declare_types()
        self._seed_definitions()
        self._seed_imports()
        self._seed_expressions()
        self._add_flows()
        self._add_reactions()
        self._run()

    # --- seeds -------------------------------------------------------------------------------------------------------------------------

    def _seed_definitions(self) -> None:
        definitions = self._program.definitions
        for slot, bound in self._program.bound.items():
            for definition in bound:
                if definitions[definition].kind not in INERT_KINDS:
                    self._add(slot, value(DEF, definition))

    def _seed_imports(self) -> None:
        program, names = self._program, self._names
        for slot, statements in program.imports.items():
            for file, statement in statements:
                self._link(names.imported(file, statement), slot)
        for slot in program.by_form[FREE]:
            self._link(names.free(program.file_of_slot(slot), program.texts[slot]), slot)
        for slot in program.by_form[IMPORT]:
            self._link(names.module_value(program.file_of_slot(slot), program.texts[slot]), slot)
        for slot in program.by_form[EXPORTS]:
            self._add(slot, value(MODULE, program.file_of_slot(slot)))

    def _link(self, target: Target, slot: int) -> None:
        for inner in target.values:
            self._add(slot, inner)
        for source in target.slots:
            if source != slot:
                self._edges.setdefault(source, []).append(slot)

    def _seed_expressions(self) -> None:
        program = self._program
        for slot in program.by_form[THIS]:
            self._add(slot, value(INSTANCE_OF, program.definition_of(slot)))
        for slot in program.by_form[SUPER]:
            self._add(slot, value(SUPER_OF, program.definition_of(slot)))
        for slot in program.by_form[DEFINITION]:
            self._add(slot, value(DEF, program.definition_of(slot)))
        for slot in program.by_form[IMPLICIT]:
            self._seed_implicit(slot)
        for slot in program.by_form[INSTANCE]:
            self._seed_type(program.part(slot), slot)
        for slot in program.by_form[SEQUENCE]:
            self._seed_sequence(slot)
        for slot in program.by_form[MAPPING]:
            self._seed_mapping(slot)

    def _seed_implicit(self, slot: int) -> None:
        program, name = self._program, self._program.texts[slot]
        for definition in self._names.enclosing_classes(program.definition_of(slot)):
            owner = next((c for c in self._hierarchy.order(definition) if self._hierarchy.defines(c, name) >= 0), -1)
            if owner >= 0:
                self._edges.setdefault(self._view(definition, name), []).append(slot)
                self._edges.setdefault(slot, []).append(self._hierarchy.defines(owner, name))
                return
        self._link(self._names.free(program.file_of_slot(slot), name), slot)

    def _seed_sequence(self, slot: int) -> None:
        forms, first = self._program.forms, self._program.first_of_slot[slot]
        holder = value(OBJECT, slot)
        self._add(slot, holder)
        for position, part in enumerate(self._program.parts[slot]):
            source = first + part
            form = forms[source]
            if form == SPREAD:
                self._iterate_into(self._program.part(source), self._field(holder, ANY_KEY))
            elif form not in IDLE_FORMS:
                self._edges.setdefault(source, []).append(self._field(holder, str(position)))

    def _seed_mapping(self, slot: int) -> None:
        forms, first, parts = self._program.forms, self._program.first_of_slot[slot], self._program.parts[slot]
        holder = value(OBJECT, slot)
        self._add(slot, holder)
        position = 0
        while position < len(parts):
            key = first + parts[position]
            if forms[key] == SPREAD_MAP:
                self._iterate_into(self._program.part(key), self._field(holder, ANY_KEY))
                position += 1
                continue
            if position + 1 < len(parts) and forms[first + parts[position + 1]] not in IDLE_FORMS:
                self._edges.setdefault(first + parts[position + 1], []).append(self._field(holder, self._key(key)))
            position += 2

    def _iterate_into(self, source: int, target: int) -> None:
        """All elements of `source`, whatever its kind, reach `target`."""
        step = self._program.new_slot(INDEX)
        self._subscribe(source, step)
        self._edge(step, target)

    def _key(self, slot: int) -> str:
        return self._program.texts[slot] if self._program.forms[slot] == CONSTANT else ANY_KEY

    # --- declared types ----------------------------------------------------------------------------------------------------------------

    def _declare_types(self) -> None:
        program = self._program
        for target, types in program.declared.items():
            for declared in types:
                self._declare(target, declared)
        for definition, entry in enumerate(program.definitions):
            if entry.returns != UNKNOWN and entry.kind != "TypeAlias":
                declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
                is_function = entry.kind in FUNCTION_KINDS
                self._declare(program.return_slot(definition) if is_function else program.slot_of_definition[definition], declared)

    def _declare(self, target: int, declared: int) -> None:
        if self._seed_type(declared, target) and self._program.traits[self._program.file_of_slot(declared)].declared_types == "strict":
            self.sealed.add(target)

    def _seed_type(self, declared: int, target: int) -> bool:
        """Give `target` an instance of the declared type; false when the type is not known."""
        program = self._program
        form = program.forms[declared]
        if form == UNION:
            seeded = [self._seed_type(program.first_of_slot[declared] + part, target) for part in program.parts[declared]]
            return any(seeded)
        known = self._names.static(declared)
        found = False
        for inner in known:
            found = self._seed_instance(inner, target) or found
        if form in (GENERIC, ARRAY) and not any(inner & MASK == DEF for inner in known):
            return self._seed_container(declared, target)
        return found

    def _seed_instance(self, inner: int, target: int) -> bool:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == DEF and self._program.definitions[index].kind in CLASS_KINDS:
            self._add_seed(target, value(INSTANCE_OF, index))
            return True
        if tag == EXTERNAL:
            self._add_seed(target, value(EXTERNAL_INSTANCE, index))
            return True
        return False

    def _seed_container(self, declared: int, target: int) -> bool:
        """A container of a type from elsewhere: its elements are instances of the last type argument."""
        parts = self._program.parts[declared]
        if not parts:
            return False
        holder = value(OBJECT, declared)
        self._add_seed(target, holder)
        return self._seed_type(self._program.first_of_slot[declared] + parts[-1], self._field(holder, ANY_KEY))

    def _add_seed(self, slot: int, inner: int) -> None:
        held = self._sets.setdefault(slot, set())
        if inner not in held:
            held.add(inner)
            self._work.append((slot, inner))

    # --- constraints -------------------------------------------------------------------------------------------------------------------

    def _add_flows(self) -> None:
        forms, edges = self._program.forms, self._edges
        for target, sources in self._program.sources.items():
            form = forms[target]
            if form in (MEMBER, INDEX):
                self._stores.add(target)
            for source in sources:
                if forms[source] not in IDLE_FORMS and source != target:
                    edges.setdefault(source, []).append(target)

    def _add_reactions(self) -> None:
        program, reactions = self._program, self._reactions
        first_of_slot, parts = program.first_of_slot, program.parts
        for form in (MEMBER, CALL, NEW, INDEX, ITERATE, ENTER, AWAIT):
            for slot in program.by_form[form]:
                holder = first_of_slot[slot] + parts[slot][0]
                if holder in reactions:
                    reactions[holder].append(slot)
                else:
                    reactions[holder] = [slot]
        for slot in program.by_form[UNION]:
            for part in parts[slot]:
                self._edges.setdefault(first_of_slot[slot] + part, []).append(slot)

    # --- the solver --------------------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        work, edges, reactions = self._work, self._edges, self._reactions
        budget = STEPS_PER_SLOT * len(self._program.forms) + 100_000
        while work:
            slot, inner = work.pop()
            if slot < 0:
                self._react(~slot, inner)
                continue
            targets = edges.get(slot)
            if targets is not None:
                for target in targets:
                    self._add(target, inner)
                budget -= len(targets)
            waiting = reactions.get(slot)
            if waiting is not None:
                for reaction in tuple(waiting):
                    self._react(reaction, inner)
                budget -= len(waiting)
            if budget < 0:
                self.truncated = True
                return

    def _add(self, slot: int, inner: int) -> None:
        held = self._sets.get(slot)
        if held is None:
            if slot in self.sealed:
                return
            self._sets[slot] = {inner}
        elif inner in held or slot in self.sealed:
            return
        elif len(held) >= VALUES_PER_SLOT:
            self.truncated = True
            return
        else:
            held.add(inner)
        self._work.append((slot, inner))

    def _edge(self, source: int, target: int) -> None:
        """Add a copy while the solver runs."""
        key = (source, target)
        if source == target or key in self._later_edges:
            return
        self._later_edges.add(key)
        self._edges.setdefault(source, []).append(target)
        for inner in tuple(self._sets.get(source, ())):
            self._add(target, inner)

    def _subscribe(self, source: int, reaction: int) -> None:
        """Let an expression react to `source` too, while the solver runs."""
        key = (source, ~reaction)
        if key in self._later_edges:
            return
        self._later_edges.add(key)
        self._reactions.setdefault(source, []).append(reaction)
        self._work.extend((~reaction, inner) for inner in self._sets.get(source, ()))

    def _react(self, slot: int, inner: int) -> None:
        form = self._program.forms[slot]
        if form == MEMBER:
            self._take_member(slot, inner)
        elif form in (CALL, NEW):
            self._call(slot, inner)
        elif form == INDEX:
            self._take_index(slot, inner)
        elif form == ITERATE:
            self._iterate(slot, inner)
        else:
            self._unwrap(slot, inner)

    # --- members -----------------------------------------------------------------------------------------------------------------------

    def _take_member(self, slot: int, holder: int) -> None:
        name, tag, index = self._program.texts[slot], holder & MASK, holder >> SHIFT
        if tag == INSTANCE_OF:
            self._edge(self._view(index, name), slot)
        elif tag == DEF:
            self._take_static_member(slot, index, name)
        elif tag == SUPER_OF:
            self._take_inherited(slot, index, name)
        elif tag in (MODULE, PACKAGE):
            self._take_module_member(slot, holder, name)
        elif tag in (EXTERNAL, EXTERNAL_INSTANCE):
            for child in self._names.member(value(EXTERNAL, index), name).values:
                self._add(slot, child)
            return
        elif tag == OBJECT:
            self._take_key(slot, holder, name)
            return
        if slot in self._stores and tag in (INSTANCE_OF, DEF, MODULE):
            self._edge(slot, self._store_field(holder, name))

    def _take_static_member(self, slot: int, definition: int, name: str) -> None:
        if self._program.definitions[definition].kind not in CLASS_KINDS:
            self._edge(self._field(value(DEF, definition), name), slot)
            return
        for owner in self._hierarchy.order(definition):
            found = self._hierarchy.defines(owner, name)
            if found >= 0:
                self._edge(found, slot)
                for method in self._hierarchy.own_methods(owner, name):
                    if "classmethod" in self._program.definitions[method].modifiers:
                        self._receive(method, value(DEF, definition))
                        self._add(slot, value(BOUND, method))
                return

    def _take_inherited(self, slot: int, definition: int, name: str) -> None:
        for owner in self._hierarchy.order(definition)[1:]:
            found = self._hierarchy.defines(owner, name)
            if found >= 0:
                self._expose(owner, found, slot, value(INSTANCE_OF, definition))
                return

    def _take_module_member(self, slot: int, holder: int, name: str) -> None:
        target = self._names.member(holder, name)
        for inner in target.values:
            self._add(slot, inner)
        for source in target.slots:
            self._edge(source, slot)
        if holder & MASK == MODULE:
            self._edge(self._field(holder, name), slot)
            exports = self._names.export_slot(holder >> SHIFT)
            if exports >= 0:
                self._subscribe(exports, slot)

    def _view(self, definition: int, name: str) -> int:
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
            self._edge(member, target)
        return bool(methods)

    def _expose_method(self, owner: int, method: int, target: int, receiver: int) -> None:
        entry = self._program.definitions[method]
        if "property" in entry.modifiers:
            self._receive(method, receiver)
            self._edge(self._program.return_slot(method), target)
        elif "static" in entry.modifiers or not self._explicit_receiver(method):
            self._add(target, value(DEF, method))
        else:
            is_class_method = "classmethod" in entry.modifiers
            self._receive(method, value(DEF, receiver >> SHIFT) if is_class_method else receiver, owner)
            self._add(target, value(BOUND, method))

    def _explicit_receiver(self, definition: int) -> bool:
        return self._program.traits[self._program.file_of_definition[definition]].explicit_receiver

    def _receive(self, method: int, receiver: int, owner: int = -1) -> None:
        """The receiver parameter of a method holds what the method was taken from."""
        entry = self._program.definitions[method]
        if receiver >> SHIFT != owner and entry.parameters and self._explicit_receiver(method):
            self._add(self._variable(method, entry, 0), receiver)

    def _variable(self, definition: int, entry: Definition, position: int) -> int:
        return self._program.first_slot[self._program.file_of_definition[definition]] + entry.parameters[position].variable

    def _store_field(self, holder: int, name: str) -> int:
        tag, definition = holder & MASK, holder >> SHIFT
        if tag == MODULE or self._program.definitions[definition].kind not in CLASS_KINDS:
            return self._field(holder, name)
        members = self._names.members_of_class(definition)
        slot = members.get(name)
        if slot is None:
            slot = members[name] = self._program.new_slot(LOCAL, name)
            for viewer, view in self._views_by_name.get(name, ()):
                if definition in self._hierarchy.order(viewer):
                    self._edge(slot, view)
        return slot

    # --- containers --------------------------------------------------------------------------------------------------------------------

    def _field(self, holder: int, name: str) -> int:
        """The slot of a container's, module's or function's field."""
        slot = self._fields.get((holder, name))
        if slot is None:
            count = self._keys_of[holder] = self._keys_of.get(holder, 0) + 1
            if count > FIELDS_PER_OBJECT and name not in (ANY_KEY, EVERY_KEY):
                return self._field(holder, ANY_KEY)
            slot = self._fields[holder, name] = self._program.new_slot(UNKNOWN)
            if holder & MASK == OBJECT and name != EVERY_KEY:
                self._edge(slot, self._field(holder, EVERY_KEY))
        return slot

    def _take_index(self, slot: int, holder: int) -> None:
        parts = self._program.parts[slot]
        key = self._key(self._program.part(slot, 1)) if len(parts) > 1 else EVERY_KEY
        if holder & MASK == OBJECT:
            self._take_key(slot, holder, key)
        elif holder & MASK == INSTANCE_OF:
            self._through_protocol(slot, holder, "index")

    def _take_key(self, slot: int, holder: int, key: str) -> None:
        if slot in self._stores:
            self._edge(slot, self._field(holder, ANY_KEY if key == EVERY_KEY else key))
        if key in (ANY_KEY, EVERY_KEY):
            self._edge(self._field(holder, EVERY_KEY), slot)
        else:
            self._edge(self._field(holder, key), slot)
            self._edge(self._field(holder, ANY_KEY), slot)

    def _iterate(self, slot: int, holder: int) -> None:
        if holder & MASK == OBJECT and self._program.forms[holder >> SHIFT] != MAPPING:
            self._edge(self._field(holder, EVERY_KEY), slot)
        elif holder & MASK == INSTANCE_OF:
            self._through_protocol(slot, holder, "iterate")

    def _through_protocol(self, slot: int, holder: int, operation: str) -> None:
        """An operation on an instance yields what its protocol method returns."""
        definition = holder >> SHIFT
        name = dict(self._program.traits[self._program.file_of_definition[definition]].protocols).get(operation)
        for method in self._hierarchy.methods(definition, name) if name else ():
            if "generator" in self._program.definitions[method].modifiers:
                self._edge(self._program.yield_slot(method), slot)
            else:
                self._edge(self._program.return_slot(method), slot)

    def _unwrap(self, slot: int, holder: int) -> None:
        """`await x` and `with x`: the element of a declared wrapper or generator, else the value itself."""
        if holder & MASK == OBJECT and self._program.forms[holder >> SHIFT] in (GENERIC, YIELD):
            self._edge(self._field(holder, EVERY_KEY), slot)
        else:
            self._add(slot, holder)

    # --- calls -------------------------------------------------------------------------------------------------------------------------

    def _call(self, slot: int, callee: int) -> None:
        tag, index = callee & MASK, callee >> SHIFT
        if tag == BOUND:
            self._apply(slot, index, 1)
        elif tag == DEF:
            self._call_definition(slot, index)
        elif tag == INSTANCE_OF:
            self._call_instance(slot, index)
        elif tag == EXTERNAL and self._program.forms[slot] == NEW:
            self._add(slot, value(EXTERNAL_INSTANCE, index))
        elif tag == MODULE:
            exports = self._names.export_slot(index)
            if exports >= 0:
                self._subscribe(exports, slot)

    def _call_definition(self, slot: int, definition: int) -> None:
        kind = self._program.definitions[definition].kind
        if kind in CLASS_KINDS:
            if self._constructs(slot, definition):
                self._construct(slot, definition)
        elif kind in FUNCTION_KINDS:
            if self._program.forms[slot] == NEW:
                self._add(slot, value(INSTANCE_OF, definition))
            self._apply(slot, definition, 0)

    def _constructs(self, slot: int, definition: int) -> bool:
        return self._program.forms[slot] == NEW or self._program.traits[self._program.file_of_definition[definition]].call_constructs

    def _construct(self, slot: int, definition: int) -> None:
        self._add(slot, value(INSTANCE_OF, definition))
        for constructor in self.constructors(definition):
            self._receive(constructor, value(INSTANCE_OF, definition))
            self._bind(slot, constructor, 1 if self._explicit_receiver(constructor) else 0)

    def constructors(self, definition: int) -> list[int]:
        """Constructor methods that making an instance of the class runs."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        for name in traits.constructors:
            found = self._hierarchy.methods(definition, self._program.definitions[definition].name if name == "<class>" else name)
            if found:
                return found
        return []

    def _call_instance(self, slot: int, definition: int) -> None:
        for method in self.callable_methods(definition):
            self._receive(method, value(INSTANCE_OF, definition))
            self._apply(slot, method, 1 if self._explicit_receiver(method) else 0)

    def callable_methods(self, definition: int) -> list[int]:
        """Methods that run when an instance of the class is called."""
        name = dict(self._program.traits[self._program.file_of_definition[definition]].protocols).get("call")
        return self._hierarchy.methods(definition, name) if name else []

    def _apply(self, slot: int, function: int, offset: int) -> None:
        self._bind(slot, function, offset)
        if "generator" in self._program.definitions[function].modifiers:
            holder = value(OBJECT, self._program.yield_slot(function))
            self._edge(holder >> SHIFT, self._field(holder, ANY_KEY))
            self._add(slot, holder)
        else:
            self._edge(self._program.return_slot(function), slot)

    def _bind(self, slot: int, function: int, offset: int) -> None:
        """Arguments reach parameters."""
        key = (slot, function, offset)
        parts = self._program.parts[slot]
        if len(parts) == 1 or key in self._bindings:
            return
        self._bindings.add(key)
        first, forms = self._program.first_of_slot[slot], self._program.forms
        names = self._program.texts[slot].split(",") if self._program.texts[slot] else []
        positional = len(parts) - len(names)
        for position in range(1, len(parts)):
            source = first + parts[position]
            if forms[source] in IDLE_FORMS:
                continue
            name = names[position - positional] if position >= positional else ""
            for target in self._receivers_of(function, position - 1 + offset, name, forms[source]):
                if forms[source] in (SPREAD, SPREAD_MAP):
                    self._iterate_into(self._program.part(source), target)
                else:
                    self._edge(source, target)

    def _receivers_of(self, function: int, position: int, name: str, form: int) -> Iterable[int]:
        """Variables that an argument reaches."""
        entry = self._program.definitions[function]
        if form in (SPREAD, SPREAD_MAP):
            return [
                self._variable(function, entry, p)
                for p in range(max(position, 0), len(entry.parameters))
                if entry.parameters[p].kind == "positional"
            ]
        for index, parameter in enumerate(entry.parameters):
            if name and parameter.name == name and parameter.kind != "rest":
                return [self._variable(function, entry, index)]
            if not name and index == position and parameter.kind == "positional":
                return [self._variable(function, entry, index)]
            if parameter.kind == ("rest_map" if name else "rest") and (name or position >= index):
                return [self._rest_field(self._variable(function, entry, index), name or ANY_KEY)]
        return []

    def _rest_field(self, variable: int, key: str) -> int:
        holder = value(OBJECT, variable)
        self._add_seed(variable, holder)
        return self._field(holder, key)
