"""Classes, what they extend, and where a member is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aelus.domain.facts import UNKNOWN, Definition, Implementation
from aelus.domain.linking.classes.declared_receivers import declared_receiver
from aelus.domain.linking.classes.mixins import Mixins
from aelus.domain.linking.classes.structures import Structures
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import ALIAS, FUNCTION_KINDS, Program
from aelus.domain.linking.signatures import FRIEND, Signatures
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

OPERATOR: Final = "operator"
"""Beginning of an operator's name where it is written with its sign."""
IMPLEMENTED: Final = "override"
"""Modifier of methods in implementations of interfaces that stand outside of types."""
PROPERTIES: Final = frozenset({"property", "setter", "accessors"})
"""Modifiers of properties: with code that runs when they are read or assigned, or without."""
NO_METHODS: Final[list[int]] = []
MRO_LIMIT: Final = 256
"""Classes in one resolution order; more are left out."""
MIXING: Final = 16
"""Classes whose members a trait that is a part of them knows; of a trait in more nothing is said."""


class Hierarchy:
    """The class graph of the program."""

    __deletable__ = ("structures",)

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._mixins = Mixins(program, names)
        self._orders: dict[int, tuple[int, ...]] = {}
        self.signatures = Signatures(program)
        self._made_by: dict[int, list[int]] | None = None
        self._asked: dict[int, int | None] = {}
        self._functions: dict[int, list[int]] = {}
        self._methods: dict[tuple[int, str], list[int]] = {}
        self.bases: dict[int, tuple[int, ...]] = {}
        self._before: dict[int, list[int]] = {}
        """Class → bases whose members stand before its own, in languages where it can have some."""
        self.extensions: dict[str, list[int]] = {}
        """Name → methods that are declared elsewhere for the type of their first parameter, or for one that is no class of the program."""
        self.for_all: set[int] = set()
        """Methods that implementations give to types of which nothing else is said, and those that interfaces have themselves."""
        self.defaults: dict[str, list[tuple[int, int]]] = {}
        """Name → (method that an interface has itself, type from elsewhere or type parameter that implements this)."""
        self.outer_statics: dict[str, list[int]] = {}
        """Name → methods without a receiver that the program declares for a type from elsewhere."""
        self.for_some: dict[str, list[int]] = {}
        """Methods of interfaces that macros implement for types that they are given."""
        self.external_bases: dict[int, tuple[int, ...]] = {}
        self.metaclasses: dict[int, tuple[int, ...]] = {}
        self.subclasses: dict[int, list[int]] = {}
        self.owner: dict[int, int] = {}
        """Method or field → class that declares it."""
        for definition, entry in enumerate(program.definitions):
            if program.is_class(definition):
                self._add_bases(definition, (*entry.bases, *entry.interfaces))
                if entry.metaclass:
                    found = names.static(program.first_slot[program.file_of_definition[definition]] + entry.metaclass)
                    self.metaclasses[definition] = tuple(v >> SHIFT for v in found if v & MASK == DEF and program.is_class(v >> SHIFT))
        for file, unit in enumerate(program.units):
            for statement in unit.facts.implementations:
                self._add_implementation(program.first_slot[file], statement)
        self._assign_owners()
        for definition, entry in enumerate(program.definitions):
            if entry.parameters and ("extension" in entry.modifiers or self._is_operator(definition, entry)):
                self.extensions.setdefault(entry.name, []).append(definition)
        self.structures = Structures(program, self.order, self._methods_by_name, self._outside_names(), names.static)
        self.implementers: dict[int, list[int]] = self.structures.implementers()
        """Interface → types that have all its methods, in languages where that is enough."""

    def _outside_names(self) -> dict[int, list[str]]:
        """Class → qualified names of its bases from elsewhere."""
        entries = self._names.externals.entries
        return {definition: [entries[base].qualified_name for base in bases] for definition, bases in self.external_bases.items()}

    def _is_operator(self, definition: int, entry: Definition) -> bool:
        """Whether a function outside of classes is an operator of its first operand's type."""
        outside = entry.kind == "Function" or (definition in self.owner and FRIEND in entry.modifiers)
        return outside and bool(entry.name) and not entry.name.isidentifier() and entry.name.startswith(OPERATOR)

    def operands(self, definition: int) -> int:
        """Operands that are no arguments: the first one of an operator that stands outside of classes."""
        entry = self._program.definitions[definition]
        return 1 if entry.parameters and definition in self.extensions.get(entry.name, ()) and entry.name.startswith(OPERATOR) else 0

    def _add_bases(self, definition: int, expressions: tuple[int, ...]) -> None:
        if not expressions:
            return
        program = self._program
        first = program.first_slot[program.file_of_definition[definition]]
        found = dict.fromkeys(inner for part in expressions for inner in self._mixins.bases(first + part))
        bases = tuple(v >> SHIFT for v in found if v & MASK == DEF and program.is_class(v >> SHIFT) and v >> SHIFT != definition)
        self.bases[definition] = bases
        interfaces = program.definitions[definition].interfaces
        if interfaces and program.traits[program.file_of_definition[definition]].interfaces_first:
            before = {v >> SHIFT for part in interfaces for v in self._mixins.bases(first + part) if v & MASK == DEF}
            self._before[definition] = [base for base in bases if base in before]
        memberless, entries = program.traits[program.file_of_definition[definition]].memberless_types, self._names.externals.entries
        outer = [v >> SHIFT for v in found if v & MASK == EXTERNAL]
        self.external_bases[definition] = tuple([base for base in outer if entries[base].qualified_name not in memberless])
        for base in bases:
            self.subclasses.setdefault(base, []).append(definition)

    def _add_implementation(self, first: int, statement: Implementation) -> None:
        interfaces = [v >> SHIFT for v in self._names.static(first + statement.interface) if v & MASK == DEF]
        if not statement.type and self._program.traits[self._program.file_of_slot(first)].generic_implementations:
            self._implement_for_some(interfaces)
        classes = [v >> SHIFT for v in self._names.static(first + statement.type) if v & MASK == DEF and self._program.is_class(v >> SHIFT)]
        if statement.type and not classes and self._program.traits[self._program.file_of_slot(first)].generic_implementations:
            self._note_defaults(first + statement.type, interfaces)
        for definition in classes:
            known = self.bases.get(definition, ())
            new = [base for base in interfaces if self._program.is_class(base) and base != definition and base not in known]
            self.bases[definition] = (*known, *new)
            for base in new:
                self.subclasses.setdefault(base, []).append(definition)

    def _note_defaults(self, implementing: int, interfaces: list[int]) -> None:
        """What the interfaces have themselves, a type has that is none of the program's classes."""
        for method in (method for owner in interfaces for method in self.declared_methods(owner)):
            entry = self._program.definitions[method]
            if entry.body >= 0:
                self.defaults.setdefault(entry.name, []).append((method, implementing))
                (self.outer_statics if "static" in entry.modifiers else self.extensions).setdefault(entry.name, [])
                self.for_all.add(method)

    def _implement_for_some(self, interfaces: list[int]) -> None:
        for owner in interfaces:
            for name, slot in (self._names.class_members[owner] or {}).items():
                methods = [definition for definition in self._program.bound.get(slot, ()) if self._program.is_function(definition)]
                self.for_some.setdefault(name, []).extend(methods)
                self.extensions.setdefault(name, [])

    def _assign_owners(self) -> None:
        program = self._program
        for definition, entry in enumerate(program.definitions):
            if entry.receiver != UNKNOWN and entry.kind != ALIAS and not program.is_class(definition):
                self._attach(definition, declared_receiver(program, definition))
            else:
                parent = program.parent_of(definition)
                if parent >= 0 and program.is_class(parent):
                    self.owner[definition] = parent

    def _attach(self, definition: int, receiver: int) -> None:
        """A method that is declared outside of its type's body belongs to the type all the same; one of any type to what that must be."""
        program = self._program
        any_type = program.is_type_parameter(receiver)
        static = "static" in program.definitions[definition].modifiers
        if any_type and static:
            return
        for found in self._names.static(receiver):
            if found & MASK == DEF and program.is_class(found >> SHIFT):
                owner = found >> SHIFT
                self.owner[definition] = owner
                members, name = self._names.members_of_class(owner), program.member_name(definition)
                slot = members.setdefault(name, program.slot_of_definition[definition])
                if slot != program.slot_of_definition[definition]:
                    program.slot_of_definition[definition] = slot
                    program.bound.setdefault(slot, []).append(definition)
                return
        if not static and (program.definitions[definition].parameters or self._is_for_type(definition)):
            entry = program.definitions[definition]
            if not any_type or program.texts[receiver] in entry.type_parameters or IMPLEMENTED in entry.modifiers:
                self.extensions.setdefault(entry.name, []).append(definition)
                if any_type:
                    self.for_all.add(definition)
        elif static and program.traits[program.file_of_definition[definition]].generic_implementations:
            self.outer_statics.setdefault(program.definitions[definition].name, []).append(definition)

    def _is_for_type(self, definition: int) -> bool:
        """Whether a function stands for a method of the type that it names, without the receiver among its parameters."""
        program = self._program
        return (
            program.traits[program.file_of_definition[definition]].call_constructs and program.definitions[definition].receiver != UNKNOWN
        )

    def _methods_by_name(self, definition: int) -> dict[str, list[int]]:
        """The methods that a class itself declares."""
        members = self._names.class_members[definition] or {}
        found = {name: [d for d in self._program.bound.get(slot, ()) if self._program.is_function(d)] for name, slot in members.items()}
        return {name: methods for name, methods in found.items() if methods}

    def declared_methods(self, definition: int) -> list[int]:
        """The methods that a class itself declares."""
        return [method for methods in self._methods_by_name(definition).values() for method in methods]

    def order(self, definition: int) -> tuple[int, ...]:
        """The class and all it inherits from, in the order in which members are looked up.

        Source: C3 linearization as in "The Python 2.3 Method Resolution Order"; bases that are listed behind what they extend stand
        before it all the same. Where there is no answer (cycles), depth first.
        """
        if definition not in self._orders:
            self._compute_orders(definition)
        return self._orders[definition]

    def _compute_orders(self, definition: int) -> None:
        """Bases first, without recursion: a chain of classes may be longer than the stack."""
        stack, entered = [definition], set[int]()
        while stack:
            current = stack[-1]
            bases = self.bases.get(current, ())
            waiting = [] if current in entered else [base for base in bases if base not in self._orders and base not in entered]
            entered.add(current)
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if current not in self._orders:
                linear = [self._orders.get(base, (base,)) for base in bases]
                order = _merge(current, linear, list(bases))
                parts = self._names.parts.get(current, ())
                if parts:
                    order = tuple(dict.fromkeys((current, *parts, *order[1:], *(base for part in parts for base in self._bases_of(part)))))
                self._orders[current] = self._with_bases_before(current, order)[:MRO_LIMIT]

    def _with_bases_before(self, definition: int, order: tuple[int, ...]) -> tuple[int, ...]:
        """The order of a class with those of its bases in front of it that stand there; the last of them is the first."""
        parts = (definition, *self._names.parts.get(definition, ())) if self._before else ()
        before = [base for part in parts for base in self._before.get(part, ())]
        found = tuple(dict.fromkeys((*(owner for base in reversed(before) for owner in self._orders.get(base, (base,))), *order)))
        return found if definition in found[:MRO_LIMIT] else order

    def _bases_of(self, part: int) -> tuple[int, ...]:
        """Classes behind another part of a partial type, nearest first; its own order needs that of this part."""
        found: dict[int, None] = {}
        level = list(self.bases.get(part, ()))
        while level and len(found) < MRO_LIMIT:
            found.update(dict.fromkeys(level))
            level = [base for current in level for base in self.bases.get(current, ()) if base not in found]
        return tuple(found)

    def external_bases_of(self, definition: int) -> tuple[int, ...]:
        """Classes from elsewhere that the class and those before it in its order extend."""
        return tuple(dict.fromkeys(base for owner in self.order(definition) for base in self.external_bases.get(owner, ())))

    def external_superclasses(self, definition: int) -> list[int]:
        """As `external_bases_of`, without interfaces that the classes implement."""
        program, found = self._program, list[int]()
        for owner in self.order(definition):
            entry = program.definitions[owner]
            if entry.kind != "Interface" and self.external_bases.get(owner):
                first = program.first_slot[program.file_of_definition[owner]]
                found.extend(v >> SHIFT for part in entry.bases for v in self._names.static(first + part) if v & MASK == EXTERNAL)
        return found

    def metaclasses_of(self, definition: int) -> list[int]:
        """Classes that the class is an instance of, its own one first."""
        if not self.metaclasses:
            return []
        return [metaclass for owner in self.order(definition) for metaclass in self.metaclasses.get(owner, ())]

    @property
    def made_by(self) -> dict[int, list[int]]:
        """Metaclass → classes that are instances of it or of one that extends it."""
        if self._made_by is None:
            self._made_by = self._find_made_by()
        return self._made_by

    def _find_made_by(self) -> dict[int, list[int]]:
        found: dict[int, dict[int, None]] = {}
        for definition in self.metaclasses:
            for made in (definition, *self.descendants(definition, MRO_LIMIT)):
                for metaclass in self.metaclasses[definition]:
                    for owner in self.order(metaclass):
                        found.setdefault(owner, {})[made] = None
        return {metaclass: list(made) for metaclass, made in found.items()}

    def inherited(self, definition: int) -> list[int]:
        """What the class inherits from, nearest first: its order without itself."""
        own, order = (definition, *self._names.parts.get(definition, ())), self.order(definition)
        return [base for base in order[order.index(definition) :] if base not in own]

    def defines(self, definition: int, name: str) -> int:
        """Slot of a member that the class itself declares, or -1."""
        members = self._names.class_members[definition]
        return members.get(name, -1) if members else -1

    def declares(self, definition: int, name: str) -> bool:
        """Whether a class, or one that it extends, has a member of the name."""
        return any(self.defines(owner, name) >= 0 for owner in self.order(definition))

    def declaring(self, definition: int, name: str) -> int:
        """Slot of a member in the nearest class of the order that declares it, or -1."""
        found = (self.defines(owner, name) for owner in self.order(definition))
        return next((field for field in found if field >= 0), -1)

    def kind_of_owner(self, method: int) -> str:
        """Kind of the type that a method belongs to."""
        return self._program.definitions[self.owner[method]].kind

    def mixing(self, definition: int) -> tuple[int, ...]:
        """Classes that a trait is a part of, or those that extend a class, in languages where these have what it lacks."""
        traits, kind = self._program.traits[self._program.file_of_definition[definition]], self._program.definitions[definition].kind
        if not ((kind == "Trait" and traits.mixed_in) or (kind == "Class" and traits.undeclared_methods)):
            return ()
        found = self.descendants(definition, MIXING + 1)
        return tuple(found) if len(found) <= MIXING else ()

    def methods(self, definition: int, name: str) -> list[int]:
        """Methods called `name` of the first class in the order that has any; not to be changed."""
        known = self._methods.get((definition, name))
        if known is None:
            known = self._methods[definition, name] = self._first_methods(definition, name)
        return known

    def _first_methods(self, definition: int, name: str) -> list[int]:
        # a loop: compiled code would make a list of all there are before it takes the first of a generator
        for owner in self.order(definition):
            found = self.own_methods(owner, name)
            if found:
                return found
        return NO_METHODS

    def overridden(self, method: int) -> list[int]:
        """Methods of the nearest base that has any which the method of a class overrides."""
        owner, name = self.owner.get(method, -1), self._program.member_name(method)
        for base in self.inherited(owner) if owner >= 0 else ():
            found = [other for other in self.own_methods(base, name) if self.signatures.overrides(method, other)]
            if found:
                return found
        return []

    def is_interface(self, written: int) -> bool:
        """Whether a base is an interface of the program and no class of the same name, where one list names classes and interfaces."""
        bases = [inner >> SHIFT for inner in self._names.static(written) if inner & MASK == DEF]
        return len(bases) > 0 and all(self._program.definitions[base].kind == "Interface" for base in bases)

    def overridden_property(self, definition: int) -> list[int]:
        """Properties, with code or without, that one runs in place of, in languages where a word says so outside of interfaces."""
        program, owner = self._program, self._program.parent_of(definition)
        entry, word = program.definitions[definition], program.traits[program.file_of_definition[definition]].overriding
        if owner < 0 or not word or not program.is_class(owner) or not self._is_property(definition):
            return []
        for base in self.inherited(owner):
            member = self.defines(base, entry.name)
            found = [other for other in program.bound.get(member, ()) if self._is_virtual(other)] if member >= 0 else []
            if found and (word in entry.modifiers or program.definitions[base].kind == "Interface"):
                return found
        return []

    def _is_property(self, definition: int) -> bool:
        entry = self._program.definitions[definition]
        return (entry.kind == "Field" or entry.kind in FUNCTION_KINDS) and not PROPERTIES.isdisjoint(entry.modifiers)

    def _is_virtual(self, definition: int) -> bool:
        """Whether it is a property that another one may run in place of: a static one only where it is abstract."""
        modifiers = self._program.definitions[definition].modifiers
        return self._is_property(definition) and ("static" not in modifiers or "abstract" in modifiers)

    def overriding(self, method: int, limit: int, below: int = -1) -> tuple[int, ...]:
        """Methods of subclasses that may run in place of a method; those of `limit` classes are looked at.

        Where the receiver is known to be of a class `below` that of the method, only its subclasses count.
        """
        owner, name = self.owner[method], self._program.member_name(method)
        found: dict[int, None] = {}
        for sub in self.descendants(owner if below < 0 else below, limit):
            for base in self.order(sub):
                own = self.own_methods(base, name)
                mine = [other for other in own if self.signatures.overrides(other, method)] if own else own
                if mine:
                    found.update(dict.fromkeys(other for other in mine if self.owner.get(other, owner) != owner))
                    break
        return tuple(found)

    def statics_of_outer(self, external: int, name: str) -> list[int]:
        """Methods without a receiver that the program declares for a type from elsewhere."""
        return [method for method in self.outer_statics.get(name, ()) if external in self._outer_types(method)]

    def _outer_types(self, method: int) -> tuple[int, ...]:
        """The type from elsewhere that a method is declared for."""
        program, file = self._program, self._program.file_of_definition[method]
        written = program.first_slot[file] + program.definitions[method].receiver
        return tuple(self._names.static(written)) or tuple(self._names.builtin(file, program.texts[written]).values)

    def asked_parameters(self, definition: int) -> int | None:
        """Number of parameters of the only method that an interface asks for; -1 for other types, None when bases are not known."""
        method = self.asked_method(definition)
        return len(self._program.definitions[method].parameters) if method is not None and method >= 0 else method

    def asked_method(self, definition: int) -> int | None:
        """The only method that an interface asks for; -1 for other types, None when bases are not known."""
        if definition not in self._asked:
            self._asked[definition] = self._find_asked(definition)
        return self._asked[definition]

    def _find_asked(self, definition: int) -> int | None:
        program = self._program
        if program.definitions[definition].kind != "Interface":
            return -1
        order = self.order(definition)
        if any(self.external_bases.get(base) for base in order):
            return None
        methods: dict[str, int] = {}
        for base in order:
            for slot in (self._names.class_members[base] or {}).values():
                for method in program.bound.get(slot, ()):
                    entry = program.definitions[method]
                    if entry.kind == "Method" and not {"default", "static"} & set(entry.modifiers):
                        methods.setdefault(entry.name, method)
        return next(iter(methods.values())) if len(methods) == 1 else -1

    def asks_only(self, owner: int, member: int) -> bool:
        """Whether an interface asks for a method and does not have it."""
        methods = self._program.bound.get(member, ())
        asked = all("default" not in self._program.definitions[method].modifiers for method in methods)
        return self._program.definitions[owner].kind == "Interface" and asked

    def hides_field(self, definition: int) -> bool:
        """Whether a field is another one than that of the same name which a base class has."""
        entry = self._program.definitions[definition]
        return entry.kind == "Field" and self._program.traits[self._program.file_of_definition[definition]].pointers

    def makes(self, method: int) -> bool:
        """Whether a constructor gets the class of which it makes an instance: those who call it by its name give that too."""
        entry, traits = self._program.definitions[method], self._program.traits[self._program.file_of_definition[method]]
        return "classmethod" in entry.modifiers and entry.name in traits.constructors

    def received(self, definition: int) -> int:
        """Parameters that no argument of a call reaches, where methods list their receivers."""
        explicit = self._program.traits[self._program.file_of_definition[definition]].explicit_receiver
        return int(explicit and definition in self.owner and "static" not in self._program.definitions[definition].modifiers)

    def classes_around(self, definition: int) -> Iterable[int]:
        """The class that a definition stands in, or whose member it is outside of its body, and those around it, innermost first."""
        while definition >= 0 and not self._program.is_class(definition) and definition not in self.owner:
            definition = self._program.parent_of(definition)
        return self._program.enclosing_classes(self.owner.get(definition, definition))

    def own_methods(self, definition: int, name: str) -> list[int]:
        """Methods called `name` that the class itself declares; not to be changed.

        They are looked up once: what flows into a class later adds members to it, but no definitions.
        """
        members = self._names.class_members[definition]
        slot = members.get(name, -1) if members else -1
        if slot < 0:
            return NO_METHODS
        known = self._functions.get(slot)
        if known is None:
            known = self._functions[slot] = [d for d in self._program.bound.get(slot, ()) if self._is_method(d)]
        return known

    def _is_method(self, definition: int) -> bool:
        """Whether it is a function, and no operator that a class only declares as its friend."""
        entry = self._program.definitions[definition]
        return self._program.is_function(definition) and not (FRIEND in entry.modifiers and self._is_operator(definition, entry))

    def descendants(self, definition: int, limit: int) -> list[int]:
        """Direct and indirect subclasses, nearest first, at most `limit`."""
        found: dict[int, None] = {}
        level = [definition]
        while level and len(found) < limit:
            level = [sub for base in level for sub in self._below(base) if sub not in found and sub != definition]
            found.update(dict.fromkeys(level))
        return list(found)[:limit]

    def _below(self, definition: int) -> Sequence[int]:
        """Direct subclasses. Where having the methods is what counts, a type that embeds an interface may have others of their names."""
        program, below = self._program, self.subclasses.get(definition, NO_METHODS)
        if program.traits[program.file_of_definition[definition]].structural_interfaces:
            if program.definitions[definition].kind != "Interface":
                return NO_METHODS
            if definition in self.implementers:
                below = [sub for sub in below if program.definitions[sub].kind == "Interface"]
        return [*below, *self.implementers.get(definition, ())]


def _merge(definition: int, linear: list[tuple[int, ...]], bases: list[int]) -> tuple[int, ...]:
    """The orders of the bases and their own order as one: next is the first head that no other sequence has further behind. Where
    bases are listed behind what they extend, their own order counts no more.
    """
    if len(bases) == 1:
        return tuple(dict.fromkeys((definition, *linear[0])))
    sequences = [*linear, tuple(bases)]
    heads = [0] * len(sequences)
    behind: dict[int, int] = {}
    for sequence in sequences:
        for entry in sequence[1:]:
            behind[entry] = behind.get(entry, 0) + 1
    merged: dict[int, None] = {definition: None}
    while True:
        waiting = [sequence[head] for sequence, head in zip(sequences, heads, strict=True) if head < len(sequence)]
        if not waiting:
            return tuple(merged)
        if all(map(behind.get, waiting)):
            _leave_out(bases, heads, behind)
        merged[_next(waiting, behind)] = None
        for number, sequence in enumerate(sequences):
            while heads[number] < len(sequence) and sequence[heads[number]] in merged:
                heads[number] += 1
                if heads[number] < len(sequence):
                    behind[sequence[heads[number]]] -= 1


def _leave_out(bases: list[int], heads: list[int], behind: dict[int, int]) -> None:
    """Let the own order of the bases, which is the last sequence, say nothing more."""
    for entry in bases[heads[-1] + 1 :]:
        behind[entry] -= 1
    heads[-1] = len(bases)


def _next(waiting: list[int], behind: dict[int, int]) -> int:
    for head in waiting:
        if not behind.get(head):
            return head
    return waiting[0]
