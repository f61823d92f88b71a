"""What of a variable's values passes a test: `x instanceof C`, `isC(x)`, `"m" in x`, `x.kind === "c"`, `typeof x === "function"`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import (
    CAST,
    CONSTANT,
    FAILS,
    FUNCTION_TYPE,
    HAS_ENTRY,
    HAS_MEMBER,
    INSTANCE,
    IS_GUARDED,
    IS_INSTANCE,
    IS_SAME,
    LOCAL,
    MAPPING,
    MEMBER,
    NARROWED,
    UNION,
)
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.guards import guarded_type, stays_declared
from aelus.domain.linking.values import (
    BOUND,
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FUNCTION_OF,
    INSTANCE_OF,
    MASK,
    OBJECT,
    PARTIAL,
    SHIFT,
)

FUNCTIONS: Final = frozenset({BOUND, FUNCTION_OF, PARTIAL})
OBJECTS: Final = frozenset({INSTANCE_OF, EXTERNAL_INSTANCE, OBJECT})
KINDS: Final = frozenset({"function", "object"})
"""Words for kinds of values that are followed; no value of the program is of another kind."""
Classes = frozenset[int]
"""Values: classes of the program, external symbols."""


class Narrowing:
    """Decides for each value of a tested variable whether it may have passed."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, declarations: Declarations) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self._classes: dict[int, Classes] = {}
        """Test → the classes that it is about; empty for one that says nothing."""
        self._repeated: dict[tuple[int, int], int] = {}

    def seed(self) -> None:
        """Let the tests react to the values of what they test."""
        program = self._program
        for slot in program.by_form[INSTANCE]:
            if stays_declared(program, self._names, slot):
                self._propagation.copy(program.part(slot, 1), slot)
            elif len(program.parts[slot]) > 1 and program.texts[slot] != CAST:
                self._propagation.react(program.part(slot, 1), slot)
        for slot in program.by_form[NARROWED]:
            whole = program.part(slot, 1)
            if self._understands(slot):
                self._propagation.subscribe(whole, slot)
            else:
                self._propagation.copy(whole, slot)

    def repeat(self, slot: int, whole: int) -> int:
        """What of another value passes the test of a `NARROWED` expression."""
        made = self._repeated.get((slot, whole))
        if made is None:
            classes = self._classes.get(slot)
            if classes is not None and not classes:
                return whole
            made = self._program.derived_slot(slot, NARROWED, self._program.texts[slot], (self._program.part(slot), whole))
            if classes is not None:
                self._classes[made] = classes
            self._repeated[slot, whole] = made
            self._propagation.subscribe(whole, made)
        return made

    def _understands(self, slot: int) -> bool:
        program = self._program
        kind = program.texts[slot].removeprefix(FAILS)
        if kind.startswith(IS_GUARDED):
            declared = guarded_type(program, self._functions(program.part(slot)), receives=kind != IS_GUARDED)
            if declared >= 0 and not program.texts[slot].startswith(FAILS):
                self._declarations.hold(declared, slot)
        elif kind in (IS_INSTANCE, IS_SAME):
            declared = program.part(slot)
        else:
            return True
        self._classes[slot] = self._types(declared) if declared >= 0 else frozenset()
        return bool(self._classes[slot])

    def _types(self, declared: int) -> Classes:
        program = self._program
        if program.forms[declared] == UNION:
            return frozenset().union(*(self._types(program.first_of_slot[declared] + part) for part in program.parts[declared]))
        return frozenset(inner for inner in self._names.static(declared) if inner & MASK in (DEF, EXTERNAL))

    def _functions(self, callee: int) -> Iterable[int]:
        """Functions that a callee is by declaration."""
        program = self._program
        found = [inner >> SHIFT for inner in self._names.static(callee) if inner & MASK == DEF and program.is_function(inner >> SHIFT)]
        if found or program.forms[callee] != MEMBER:
            return found
        types = program.declared.get(program.part(callee), ())
        classes = [inner >> SHIFT for declared in types for inner in self._names.static(declared) if inner & MASK == DEF]
        return [m for c in classes if program.is_class(c) for m in self._hierarchy.methods(c, program.texts[callee])]

    # --- values -------------------------------------------------------------------------------------------------------------------------

    def take(self, slot: int, inner: int) -> None:
        """The `NARROWED` expression `slot` meets a value of its variable."""
        text = self._program.texts[slot]
        kind, _, name = text.removeprefix(FAILS).partition(" ")
        if kind in (IS_GUARDED, IS_INSTANCE):
            passes = self._is_instance(inner, self._classes[slot])
        elif kind == IS_SAME:
            passes = inner in self._classes[slot] if inner & MASK in (DEF, BOUND) else None
        elif kind == HAS_MEMBER:
            passes = self._has_member(inner, self._program.texts[self._program.part(slot)])
        elif kind == HAS_ENTRY:
            passes = self._has_entry(inner, name, self._program.part(slot), fails=text.startswith(FAILS))
        else:
            passes = self._is_of_kind(inner, self._program.texts[self._program.part(slot)])
        if passes is None or passes != text.startswith(FAILS):
            self._propagation.add(slot, inner)

    def keep(self, slot: int, inner: int) -> None:
        """An instance, or a function, of a variable that is tested to be of a type, if it is one."""
        if inner & MASK != INSTANCE_OF:
            declared, function = self._program.part(slot), inner >> SHIFT
            tested = inner & MASK == DEF and self._program.forms[declared] == FUNCTION_TYPE
            fits = tested and self._program.is_function(function)
            if fits and self._hierarchy.structures.is_of(function, declared):
                self._propagation.add(slot, inner)
            return
        order = self._hierarchy.order(inner >> SHIFT)
        if not self._program.is_class(inner >> SHIFT):
            self._propagation.add(slot, inner)  # made by a function, whose prototype says what it extends
        elif any(known & MASK == DEF and known >> SHIFT in order for known in self._names.static(self._program.part(slot))):
            self._propagation.add(slot, inner)

    def tested(self, slot: int) -> list[int]:
        """Variables of which a version holds what passes a test."""
        program = self._program
        if program.forms[slot] != LOCAL or len(program.parts[slot]) == 1:
            return []
        tests = [source for source in program.sources.get(slot, ()) if program.forms[source] in (NARROWED, INSTANCE)]
        return [program.part(source, 1) for source in tests if len(program.parts[source]) > 1]

    def _is_instance(self, inner: int, classes: Classes) -> bool | None:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == INSTANCE_OF:
            order = self._hierarchy.order(index)
            if any(known & MASK == DEF and known >> SHIFT in order for known in classes):
                return True
            if not self._program.is_class(index):
                return None
            outside = self._hierarchy.external_bases_of(index)
            return any(known & MASK == EXTERNAL and known >> SHIFT in outside for known in classes)
        if tag == EXTERNAL_INSTANCE:
            return any(known & MASK == EXTERNAL and known >> SHIFT == index for known in classes)
        return None

    def _has_member(self, inner: int, name: str) -> bool | None:
        program, tag, index = self._program, inner & MASK, inner >> SHIFT
        if tag == INSTANCE_OF and program.is_class(index):
            slots = [slot for owner in self._hierarchy.order(index) if (slot := self._hierarchy.defines(owner, name)) >= 0]
            optional = any(f"{name}?" in program.definitions[d].signature for slot in slots[:1] for d in program.bound.get(slot, ()))
            return None if optional else bool(slots)
        if tag == OBJECT and program.forms[index] == MAPPING:
            return any(name == program.texts[key] for key, _ in self._program.entries(index))
        return None

    def _has_entry(self, inner: int, name: str, tested: int, *, fails: bool) -> bool | None:
        """Whether what a value has under a name may be one of the constants; None where it is not known, or may be others besides."""
        known = self._constants_of(inner, name)
        wanted = self._constants(tested)
        if not known or not wanted:
            return None
        return (known <= wanted) or None if fails else bool(known & wanted)

    def _constants_of(self, inner: int, name: str) -> frozenset[str | int]:
        program, tag, index = self._program, inner & MASK, inner >> SHIFT
        if tag == OBJECT and program.forms[index] == MAPPING:
            held = [held for key, held in self._program.entries(index) if program.texts[key] == name]
            return self._constants(program.part(held[0]) if program.forms[held[0]] == INSTANCE else held[0]) if held else frozenset()
        if tag != INSTANCE_OF or not program.is_class(index):
            return frozenset()
        slots = [slot for owner in self._hierarchy.order(index) if (slot := self._hierarchy.defines(owner, name)) >= 0]
        found = [constants for slot in slots[:1] for held in self._held(slot) if (constants := self._constants(held))]
        return found[0] if len(found) == 1 else frozenset()

    def _held(self, field: int) -> list[int]:
        """The declared types of a field, or else its values."""
        return self._program.declared.get(field) or self._program.sources.get(field) or []

    def _constants(self, slot: int) -> frozenset[str | int]:
        """Constants that an expression or type stands for, members of enums among them; empty where there are others."""
        program = self._program
        if program.forms[slot] == UNION:
            parts = [self._constants(program.first_of_slot[slot] + part) for part in program.parts[slot]]
            return frozenset().union(*parts) if all(parts) else frozenset()
        if program.forms[slot] == CONSTANT:
            return frozenset({program.texts[slot]})
        if program.forms[slot] != MEMBER:
            return frozenset()
        holders = self._names.static(program.part(slot))
        return frozenset(found for holder in holders for found in self._names.member(holder, program.texts[slot]).slots)

    def _is_of_kind(self, inner: int, kind: str) -> bool | None:
        tag = inner & MASK
        if tag in FUNCTIONS or tag == DEF:
            return kind == "function"
        if tag in OBJECTS:
            return kind == "object"
        return None if kind in KINDS else False
