"""Classes that words for the class which is called on mean: `static` in a method is whatever class the method was called on.

Which these are follows from the calls of the program: `User::create()` calls `create` on `User`, and so does each method that calls it on
its own receiver, as far as it was called on `User` itself.

Source: PHP Manual, "Late Static Bindings".
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL_REFERENCE, MEMBER, NEW, SUPER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import ABSTRACT
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT

CLASSES: Final = 32
"""Classes that one method is called on; of one with more nothing is said."""
METHOD_KINDS: Final = frozenset({"Method", "Constructor"})


class LateClasses:
    """Gathers them when they are first asked for."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._classes: dict[int, dict[int, None]] | None = None
        """Method → classes that it is called on."""
        self._passed: dict[int, dict[tuple[str, int], None]] = {}
        """Method → names of those that it calls on its own receiver, and the class that they are looked up behind."""
        self._work: list[tuple[int, int]] = []

    def is_late(self, callee: int) -> bool:
        """Whether a callee is such a word."""
        return self._program.forms[callee] == THIS and bool(self._program.texts[callee])

    def of(self, callee: int, caller: int) -> list[int]:
        """The classes that such a word can be in a function; the one around it where nothing tells."""
        method, around = self._method(caller), self._program.definition_of(callee)
        if self._classes is None:
            self._classes = {}
            self._gather()
        called = list(self._classes.get(method, ()))
        called = called if 0 < len(called) < CLASSES else [around]
        own = self._program.texts[callee] != self._program.traits[self._program.file_of_slot(callee)].late_word
        found = [self._using(definition, around) if own else definition for definition in called]
        return [definition for definition in dict.fromkeys(found) if ABSTRACT not in self._program.definitions[definition].modifiers]

    def _using(self, definition: int, trait: int) -> int:
        """The class that uses a trait, of which another one may inherit."""
        using = [owner for owner in self._hierarchy.order(definition) if trait in self._hierarchy.order(owner)]
        classes = [owner for owner in using if self._program.definitions[owner].kind != "Trait"]
        return classes[-1] if classes else definition

    def _method(self, definition: int) -> int:
        """The method around a function, or -1."""
        while definition >= 0 and self._program.definitions[definition].kind not in METHOD_KINDS:
            definition = self._program.parent_of(definition)
        return definition

    # --- calls --------------------------------------------------------------------------------------------------------------------------

    def _gather(self) -> None:
        program = self._program
        for file, unit in enumerate(program.units):
            for reference in unit.facts.references if program.traits[file].late_word else ():
                if reference.kind == CALL_REFERENCE:
                    caller = program.first_definition[file] + reference.definition if reference.definition >= 0 else -1
                    self._note(program.first_slot[file] + reference.expression, self._method(caller))
        while self._work:
            method, definition = self._work.pop()
            for name, behind in self._passed.get(method, ()):
                self._add(definition, name, behind)

    def _note(self, call: int, caller: int) -> None:
        program, callee = self._program, self._program.part(call)
        if program.forms[call] == NEW:
            for inner in self._flow.values(callee):
                if inner & MASK == DEF and program.is_class(inner >> SHIFT):
                    self._add_methods(inner >> SHIFT, self._flow.protocols.constructors(inner >> SHIFT))
        if program.forms[callee] != MEMBER:
            return
        holder, name = program.part(callee), program.texts[callee]
        if program.forms[holder] in (THIS, SUPER):
            behind = program.definition_of(holder) if program.forms[holder] == SUPER else -1
            self._passed.setdefault(caller, {})[name, behind] = None
        else:
            for inner in self._flow.values(holder):
                if inner & MASK in (DEF, INSTANCE_OF) and program.is_class(inner >> SHIFT):
                    self._add(inner >> SHIFT, name)

    def _add(self, definition: int, name: str, behind: int = -1) -> None:
        owners = self._hierarchy.inherited(behind) if behind >= 0 else [definition]
        methods = (self._hierarchy.methods(owner, name) for owner in owners)
        self._add_methods(definition, next(filter(None, methods), []))

    def _add_methods(self, definition: int, methods: list[int]) -> None:
        """Methods are called on a class."""
        for method in methods:
            known = self._classes.setdefault(method, {}) if self._classes is not None else {}
            if definition not in known and len(known) < CLASSES:
                known[definition] = None
                self._work.append((method, definition))
