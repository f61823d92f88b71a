"""How an edge is known: by its scope, an import, a declared type, the receiver's class, or by the flow of values."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.facts import CALL, FREE, GENERIC, IMPLICIT, LOCAL, MEMBER, NEW, SUPER, THIS
from aelus.domain.graph import Origin
from aelus.domain.linking.flow import ValueFlow
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT


class Origins:
    """Tells the origin of a call by what is called and the expression that names it."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._receivers = {slot for slot, sources in program.sources.items() if any(program.forms[source] == THIS for source in sources)}

    def is_receiver(self, slot: int) -> bool:
        """Whether a variable holds the receiver of the method around."""
        return slot in self._receivers

    def of_name(self, slot: int) -> Origin:
        """Origin of what a name stands for by declaration."""
        return Origin.LEXICAL if self._program.forms[slot] == LOCAL and slot in self._program.bound else Origin.IMPORT

    def of_call(self, callee: int, inner: int) -> Origin:
        """Origin of a call of `inner` by the expression `callee`."""
        program, form = self._program, self._program.forms[callee]
        if form == GENERIC:
            callee, form = program.part(callee), program.forms[program.part(callee)]
        function = form == MEMBER and inner & MASK == DEF and program.definitions[inner >> SHIFT].kind == "Function"
        if function and callee < program.file_slots and program.traits[program.file_of_slot(callee)].top_type:
            return Origin.INFERRED
        if form == LOCAL:
            callee = program.variable_of(callee)
            if inner >> SHIFT in program.bound.get(callee, ()):
                return Origin.LEXICAL
            return Origin.IMPORT if callee in program.imports else Origin.INFERRED
        if form == IMPLICIT:
            return Origin.MEMBER if inner >> SHIFT in self._hierarchy.owner else Origin.IMPORT
        if form == MEMBER:
            return self._origin_of_member(callee, inner)
        return Origin.IMPORT if form == FREE else Origin.INFERRED

    def _origin_of_member(self, callee: int, inner: int) -> Origin:
        program, holder = self._program, self._program.part(callee)
        if program.forms[holder] in (THIS, SUPER) or holder in self._receivers:
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
        owner = self._hierarchy.owner.get(inner >> SHIFT, -1)
        return definition < 0 or owner < 0 or owner in self._hierarchy.order(definition)

    def _is_declared_for(self, holder: int, inner: int) -> bool:
        """Whether a member belongs to one of the types that the receiver is declared to have, where those are known."""
        declared = (written for slot in self.declaring(holder) for written in self._program.declared.get(slot, ()))
        types = [found >> SHIFT for written in declared for found in self._names.static(written) if found & MASK == DEF]
        classes = [definition for definition in types if self._program.is_class(definition)]
        return not classes or any(self._is_known_to(definition, inner) for definition in classes)

    def declaring(self, holder: int) -> Iterable[int]:
        """Slots whose declared types a receiver has."""
        form = self._program.forms[holder]
        return (holder, *self._fields(holder, form)) if form in (MEMBER, IMPLICIT) else (holder,)

    def _is_typed(self, holder: int) -> bool:
        """Whether a declared type says what a receiver is: that of the variable, of the field, or of the result of what is called."""
        program, form = self._program, self._program.forms[holder]
        if self._flow.is_declared(holder):
            return True
        if form in (CALL, NEW):
            called = (inner >> SHIFT for inner in self._flow.values(program.part(holder)) if inner & MASK in (DEF, BOUND))
            return any(program.definitions[definition].returns for definition in called)
        if form in (MEMBER, IMPLICIT):
            return any(self._flow.is_declared(slot) for slot in self._fields(holder, form)) or self._is_constant(holder, form)
        return False

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
            owners = list(self._program.enclosing_classes(program.definition_of(slot)))
        else:
            owners = [inner >> SHIFT for inner in self._flow.values(program.part(slot)) if inner & MASK == INSTANCE_OF]
        for owner in owners:
            found = (self._hierarchy.defines(base, program.texts[slot]) for base in self._hierarchy.order(owner))
            yield from (field for field in found if field >= 0)
