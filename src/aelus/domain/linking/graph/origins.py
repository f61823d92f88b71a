"""How an edge is known: by its scope, an import, a declared type, the receiver's class, or by the flow of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    AWAIT,
    CALL,
    DEFINITION,
    FREE,
    GENERIC,
    IMPLICIT,
    INDEX,
    INSTANCE,
    ITERATE,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SUPER,
    THIS,
    UNION,
)
from aelus.domain.graph import Origin
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, LIBRARY_METHOD, MASK, OBJECT, SHIFT

TAKING: Final = frozenset({INDEX, ITERATE, AWAIT})
"""Forms of what is taken out of something else."""
TYPES: Final = frozenset({ARRAY, GENERIC})
"""Forms of containers that a declared type says."""
STEPS: Final = 6
"""Variables and containers between a receiver and what is declared."""


class Origins:
    """Tells the origin of a call by what is called and the expression that names it."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._typed: dict[int, bool] = {}
        self._asked_holder = -1
        self._asked_owners: frozenset[int] = frozenset()
        """Classes of the receiver that was asked for last, of which there may be many members."""
        self._known: dict[tuple[int, int], Origin] = {}
        """By callee and value, of the calls of one file."""
        self._arguments: dict[int, list[int]] | None = None
        self._stored: dict[tuple[int, str], list[int]] | None = None
        receivers = set(program.by_form[THIS])
        self._receivers = {slot for slot, sources in program.sources.items() if not receivers.isdisjoint(sources)}
        self._receivers.update(filter(self._is_of_static, program.of_form(LOCAL, lambda traits: bool(traits.receiver_variable))))
        self._classes = {
            program.parameter_slot(definition, 0)
            for definition, entry in enumerate(program.definitions)
            if "classmethod" in entry.modifiers and entry.parameters
        }

    def _is_of_static(self, variable: int) -> bool:
        """Whether a variable holds what a static method is called on."""
        program, sources = self._program, self._program.sources.get(variable, ())
        if not sources or program.texts[variable] != program.traits[program.file_of_slot(variable)].receiver_variable:
            return False
        return any(program.forms[source] == DEFINITION and program.is_class(program.definition_of(source)) for source in sources)

    def is_receiver(self, slot: int) -> bool:
        """Whether a variable holds the receiver of the method around: an instance, or the class."""
        return slot in self._receivers or slot in self._classes

    def of_name(self, slot: int) -> Origin:
        """Origin of what a name stands for by declaration."""
        return Origin.LEXICAL if self._program.forms[slot] == LOCAL and slot in self._program.bound else Origin.IMPORT

    def of_call(self, callee: int, inner: int) -> Origin:
        """Origin of a call of `inner` by the expression `callee`."""
        known = self._known.get((callee, inner))
        if known is None:
            known = self._known[callee, inner] = self._find_origin(callee, inner)
        return known

    def leave_file(self) -> None:
        """What comes next is called by other expressions."""
        self._known.clear()

    def _find_origin(self, callee: int, inner: int) -> Origin:
        program, form = self._program, self._program.forms[callee]
        if form == GENERIC:
            callee, form = program.part(callee), program.forms[program.part(callee)]
        function = form == MEMBER and inner & MASK == DEF and program.definitions[inner >> SHIFT].kind == "Function"
        if function and callee < program.file_slots and program.traits[program.file_of_slot(callee)].top_type:
            return Origin.INFERRED
        if form == LOCAL:
            callee = program.variable_of(callee)
            if _defined(inner) in program.bound.get(callee, ()):
                return Origin.LEXICAL
            return Origin.IMPORT if callee in program.imports else Origin.INFERRED
        if form == IMPLICIT:
            return Origin.MEMBER if _defined(inner) in self._hierarchy.owner else Origin.IMPORT
        if form == MEMBER:
            return self._origin_of_member(callee, inner)
        return Origin.IMPORT if form == FREE else Origin.INFERRED

    def _origin_of_member(self, callee: int, inner: int) -> Origin:
        program, holder = self._program, self._program.part(callee)
        if program.forms[holder] in (THIS, SUPER) or holder in self._receivers or program.is_made_late(holder):
            return Origin.MEMBER if self._is_known_to(self._class_around(holder), inner) else Origin.INFERRED
        if self._is_typed(holder):
            return Origin.DECLARED_TYPE if self._is_declared_for(holder, inner) else Origin.INFERRED
        sure = inner in self._names.static(callee) or (len(self._flow.values(callee)) == 1 and self._names.static(holder))
        return Origin.IMPORT if sure else Origin.INFERRED

    def _class_around(self, receiver: int) -> int:
        """Class that a receiver is written in, or -1."""
        program = self._program
        sources = (receiver, *program.sources.get(receiver, ()))
        return next((program.definition_of(source) for source in sources if program.forms[source] in (THIS, SUPER)), -1)

    def _is_known_to(self, definition: int, inner: int) -> bool:
        """Whether a member belongs to the class or what it extends; that of a subclass has come by the flow of values."""
        owner = self._hierarchy.owner.get(_defined(inner), -1)
        return definition < 0 or owner < 0 or owner in self._hierarchy.order(definition)

    def _is_declared_for(self, holder: int, inner: int) -> bool:
        """Whether a member belongs to one of the types that the receiver is declared to have, where those are known."""
        if holder != self._asked_holder:
            self._asked_holder, self._asked_owners = holder, self._declared_owners(holder)
        if not self._asked_owners:
            return not self._is_open(holder)
        owner = self._hierarchy.owner.get(_defined(inner), -1)
        return owner < 0 or owner in self._asked_owners

    def _declared_owners(self, holder: int) -> frozenset[int]:
        """The classes that a receiver is declared to have, and all that these inherit from."""
        declared = (written for slot in self.declaring(holder) for written in self._program.declared.get(slot, ()))
        types = [found >> SHIFT for written in declared for found in self._names.static(written) if found & MASK == DEF]
        return frozenset(
            [owner for definition in types if self._program.is_class(definition) for owner in self._hierarchy.order(definition)]
        )

    def _is_type_parameter(self, written: int) -> bool:
        """Whether a type is a type parameter, in languages where those say what a value can do."""
        program = self._program
        return program.traits[program.file_of_slot(written)].generic_implementations and program.is_type_parameter(written)

    def declaring(self, holder: int) -> Iterable[int]:
        """Slots whose declared types a receiver has."""
        form = self._program.forms[holder]
        return (holder, *self._fields(holder, form)) if form in (MEMBER, IMPLICIT) else (holder,)

    def _is_typed(self, holder: int, steps: int = STEPS) -> bool:
        """Whether a declared type says what a receiver is: that of the variable, of the field, of the result of what is called, or of the
        container that it is taken from.
        """
        known = self._typed.get(holder)
        if known is None:
            known = self._says_type(holder, steps)
            if known or steps == STEPS:
                self._typed[holder] = known
        return known

    def _says_type(self, holder: int, steps: int) -> bool:
        form = self._program.forms[holder]
        if self._flow.is_declared(holder) or self._is_stated(holder, steps):
            return True
        if form in (CALL, NEW):
            return self._results_typed(holder, steps)
        if form in (MEMBER, IMPLICIT):
            fields = any(self._flow.is_declared(slot) for slot in self._fields(holder, form))
            return fields or self._is_constant(holder, form) or self._is_stored_typed(holder, steps) or self._is_typed_entry(holder, form)
        return steps > 0 and self._takes_typed(holder, form, steps - 1)

    def _is_typed_entry(self, holder: int, form: int) -> bool:
        """Whether a receiver is an entry of a container of one type or of a type of objects, where members are entries: `a.name`."""
        program = self._program
        if form != MEMBER or not program.traits[program.file_of_slot(holder)].prototype:
            return False
        name, container = program.texts[holder], program.part(holder)
        return self._holds_typed(container) or any(
            inner & MASK == OBJECT and self._states_entry(inner >> SHIFT, name) for inner in self._flow.values(container)
        )

    def _states_entry(self, mapping: int, name: str) -> bool:
        """Whether a type of objects says of which type an entry is."""
        program = self._program
        first, parts = program.first_of_slot[mapping], program.parts[mapping] if program.forms[mapping] == MAPPING else ()
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return any(program.forms[first + held] == INSTANCE and program.texts[first + key] == name for key, held in pairs)

    def _is_stored_typed(self, member: int, steps: int) -> bool:
        """Whether a receiver's member holds what is declared elsewhere: `this.cursor = cursor`, where the parameter has a type."""
        program = self._program
        if program.forms[member] != MEMBER or program.traits[program.file_of_slot(member)].declared_types == "hint" or not steps:
            return False
        holder = program.part(member)
        if program.forms[holder] == THIS:
            sources: Sequence[int] = program.sources.get(member, ())
        else:
            sources = self._stores.get((self._class_around(holder), program.texts[member]), ()) if holder in self._receivers else ()
        return bool(sources) and all(self._is_typed(source, steps - 1) for source in sources)

    @property
    def _stores(self) -> dict[tuple[int, str], list[int]]:
        """(class, name of a member) → what is assigned to it on the receiver."""
        if self._stored is None:
            program = self._program
            self._stored = {
                (program.definition_of(program.part(member)), program.texts[member]): sources
                for member, sources in program.sources.items()
                if program.forms[member] == MEMBER and program.forms[program.part(member)] == THIS
            }
        return self._stored

    def assigned(self, member: int) -> Sequence[int]:
        """What is assigned to a member of the receiver, or to the field that it names."""
        program, holder = self._program, self._program.part(member)
        found = list(self._stores.get((self._class_around(holder), program.texts[member]), ()))
        for field in self._fields(member, MEMBER):
            found.extend(program.sources.get(field, ()))
        return found

    def _takes_typed(self, holder: int, form: int, steps: int) -> bool:
        """As `_is_typed`, for what is taken out of something else, and for a variable of it."""
        program = self._program
        if form in TAKING:
            return self._holds_typed(program.part(holder)) or self._is_typed(program.part(holder), steps)
        sources = (*program.sources.get(holder, ()), *self._given.get(holder, ())) if form == LOCAL else ()
        return any(self._is_typed(source, steps) for source in sources) or (form == LOCAL and self._is_only_tested(holder))

    def _results_typed(self, call: int, steps: int) -> bool:
        """Whether a type says what a call yields: that of the function's result, or of the elements of what the library takes one from."""
        program, callee = self._program, self._program.part(call)
        values = self._flow.values(callee)
        if program.forms[callee] == MEMBER and self._is_open(program.part(callee)):
            return False
        functions = [inner >> SHIFT for inner in values if inner & MASK in (DEF, BOUND)]
        if any(program.definitions[function].returns for function in functions):
            return True
        if steps > 0 and functions and all(self._returns_typed(function, steps - 1) for function in functions):
            return True
        taken = program.forms[callee] == MEMBER and any(inner & MASK == LIBRARY_METHOD for inner in values)
        return taken and self._holds_typed(program.part(callee))

    def _returns_typed(self, function: int, steps: int) -> bool:
        """Whether a function without a declared result returns only what has a declared type."""
        program = self._program
        if not program.is_function(function) or not program.traits[program.file_of_definition[function]].prototype:
            return False
        sources = program.sources.get(program.returns.get(function, -1), ())
        return bool(sources) and all(self._is_typed(source, steps) for source in sources)

    def _is_open(self, holder: int) -> bool:
        """Whether a variable is of a type parameter that no class of the program bounds: its methods are those of what reaches it."""
        declared = self._program.declared.get(holder, ()) if self._program.forms[holder] == LOCAL else ()
        open_ones = [written for written in declared if self._is_type_parameter(written)]
        return bool(open_ones) and not any(i & MASK == DEF for written in open_ones for i in self._names.static(written))

    def _holds_typed(self, slot: int) -> bool:
        """Whether an expression holds containers of whose elements the type is declared."""
        return any(inner & MASK == OBJECT and self._program.forms[inner >> SHIFT] in TYPES for inner in self._flow.values(slot))

    def _is_only_tested(self, slot: int) -> bool:
        """Whether a test alone says what a variable is of which nothing else is known."""
        tested = self._flow.narrowing.tested(slot)
        return bool(tested) and not any(map(self._flow.instances, tested))

    @property
    def _given(self) -> dict[int, list[int]]:
        """Parameter of a function that the library calls → what it is given."""
        if self._arguments is None:
            self._arguments = self._find_given()
        return self._arguments

    def _find_given(self) -> dict[int, list[int]]:
        program, found = self._program, dict[int, list[int]]()
        for made in (made for calls in self._flow.summaries.calls.made.values() for made in calls):
            given = [program.first_of_slot[made] + part for part in program.parts[made][1:]]
            for inner in self._flow.values(program.part(made)):
                definition = inner >> SHIFT
                if inner & MASK != DEF or not program.is_function(definition):
                    continue
                first = program.first_slot[program.file_of_definition[definition]]
                for parameter, argument in zip(program.definitions[definition].parameters, given, strict=False):
                    found.setdefault(first + parameter.variable, []).append(argument)
        return found

    def _is_stated(self, holder: int, steps: int) -> bool:
        """Whether a receiver is a cast, or a variable that holds what is caught, in a language where these say its type."""
        program = self._program
        if not program.traits[program.file_of_slot(holder)].top_type:
            return False
        if program.forms[holder] == UNION:
            parts = [program.first_of_slot[holder] + part for part in program.parts[holder]]
            return steps > 0 and all(program.forms[part] == NEW or self._is_typed(part, steps - 1) for part in parts)
        sources = program.sources.get(program.variable_of(holder), ()) if program.forms[holder] == LOCAL else (holder,)
        return bool(sources) and all(program.forms[source] == INSTANCE for source in sources)

    def _is_constant(self, holder: int, form: int) -> bool:
        """Whether a receiver is a constant of an enum, which is an instance of it by declaration."""
        program = self._program
        enums = self._names.static(program.part(holder)) if form == MEMBER else ()
        slots = [self._hierarchy.defines(inner >> SHIFT, program.texts[holder]) for inner in enums if inner & MASK == DEF]
        return any(program.definitions[definition].kind == "Constant" for slot in slots for definition in program.bound.get(slot, ()))

    def _fields(self, slot: int, form: int) -> Iterable[int]:
        """The fields that a member expression can mean."""
        program = self._program
        if form == IMPLICIT:
            owners = list(self._hierarchy.classes_around(program.definition_of(slot)))
        else:
            owners = [inner >> SHIFT for inner in self._flow.values(program.part(slot)) if inner & MASK == INSTANCE_OF]
        for owner in owners:
            found = (self._hierarchy.defines(base, program.texts[slot]) for base in self._hierarchy.order(owner))
            yield from (field for field in found if field >= 0)


def _defined(inner: int) -> int:
    """The definition that a value is, or -1."""
    return inner >> SHIFT if inner & MASK in (DEF, BOUND) else -1
