"""What is known of the type of an expression, by declaration or by the values that reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    IMPORT,
    INDEX,
    INSTANCE,
    ITERATE,
    LITERAL,
    LOCAL,
    MEMBER,
    NEW,
    PROMOTED,
    SLICE,
    THIS,
    UNION,
)
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.choosing.qualifiers import MARKS, POINTER, REFERENCE, Qualifiers
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.library_types import LibraryTypes, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.signatures import UNLISTED, alternatives
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, INSTANCE_OF, MASK, OBJECT, SHIFT

FUNCTION: Final = "()"
ARRAY_TEXT: Final = "[]"
COMPARING: Final = frozenset(f"operator{sign}" for sign in ("==", "!=", "<", ">", "<=", ">=", "&&", "||", "!"))
CALCULATING: Final = frozenset(f"operator{sign}" for sign in ("+", "-", "*", "/", "%", "&", "|", "^", "~", "++", "--", "<<", ">>"))
JOINING: Final = "operator+"
"""Makes of a type from elsewhere one of that type."""
BOOL: Final = "bool"
PROMOTED_TO: Final = "int"
"""What smaller numbers become in a calculation."""
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT, IMPORT, MEMBER})
STATED_FORMS: Final = (CONSTANT, LITERAL, THIS, INSTANCE)
TYPE_DEPTH: Final = 4
CALL_FORMS: Final = frozenset({CALL, NEW})
ASYNC: Final = "async"
SOMETHING, NOTHING, DROPPED = "something", "nothing", "dropped"
"""What functions return; a call alone may be there for its value or without it."""
CALL_DEPTH: Final = 8
"""Calls inside each other whose results are told."""


class Known(NamedTuple):
    """What is known of a type: classes of the program, or else its name."""

    classes: tuple[int, ...] = ()
    text: str = ""
    """Last part of its name; `[]` for an array, `()` for a function."""
    element: Known | None = None
    """Of an array."""
    qualified: str = ""
    """Full name of a type that lies outside of the program."""
    parameters: int = -1
    """Number of a function's parameters, or of a generic type's arguments; -1 where it is not known."""
    points: bool | None = None
    """Whether it is a pointer to that."""
    constant: bool = False
    gives: str = ""
    """Whether a function returns a value: one of the words above; empty where that is not known."""


ANY_TYPE: Final = Known((), "<any>")


class Types:
    """Types of declarations and of values."""

    __deletable__ = ("called",)

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._declared: dict[int, Known | None] = {}
        self._values: dict[int, Known | None] = {}
        self._given: dict[tuple[int, int], str] = {}
        self._names_of_types: frozenset[str] | None = None
        self._depth = 0
        self.qualifiers = Qualifiers(program, names, hierarchy, flow)
        self.called: Callable[[int], Sequence[int]] = lambda _slot: ()
        """Tells what functions of the program a call calls."""

    def library(self, slot: int) -> LibraryTypes:
        return library_types(self._traits(slot).types)

    def _traits(self, slot: int) -> LanguageTraits:
        return self._program.traits[self._program.file_of_slot(slot)]

    # --- declarations ------------------------------------------------------------------------------------------------------------------

    def declared(self, slot: int) -> Known | None:
        """What a type expression says."""
        known = self._declared.get(slot)
        if known is None and slot not in self._declared:
            self._declared[slot] = None  # an alias may stand for itself
            known = self._declared[slot] = self._find_declared(slot)
        return known

    def _find_declared(self, slot: int, depth: int = 0) -> Known | None:
        program, form = self._program, self._program.forms[slot]
        if form == LITERAL:
            return self.of_name(slot, program.texts[slot])
        if form == FUNCTION_TYPE:
            return Known((), FUNCTION)
        if form == ARRAY:
            return Known((), ARRAY_TEXT, self.declared(program.part(slot)))
        if form == GENERIC and depth < TYPE_DEPTH:
            inner = self._find_declared(program.part(slot), depth + 1)
            element = self._element(slot) if inner is not None and not inner.classes else None
            return inner._replace(parameters=len(program.parts[slot]) - 1, element=element) if inner is not None else None
        return self._named(slot) if form in NAME_FORMS else None

    def _element(self, slot: int) -> Known | None:
        """The numbers or texts that a container of the library holds which has one type argument, where there are templates."""
        program, traits = self._program, self._traits(slot)
        if len(program.parts[slot]) != 2 or not traits.text_types:  # noqa: PLR2004 - container and argument
            return None
        known = self.declared(program.part(slot, 1))
        texts = {name.rpartition(".")[2] for name in traits.text_types}
        return known if known is not None and not known.classes and (known.text in traits.numbers or known.text in texts) else None

    def _named(self, slot: int) -> Known:
        program, found = self._program, self._names.static(slot)
        classes = tuple(inner >> SHIFT for inner in found if inner & MASK == DEF and program.is_class(inner >> SHIFT))
        if not classes and self._traits(slot).spellings and (aliased := self._aliased(found)) is not None:
            return aliased
        outside = next((self._names.externals.entries[i >> SHIFT].qualified_name for i in found if i & MASK == EXTERNAL), "")
        if not found and program.is_type_parameter(slot):
            top = self._traits(slot).top_type
            return self.of_name(slot, top) if top else Known((), program.texts[slot])
        named = self.of_name(slot, program.texts[slot]).text
        text = program.texts[slot] if found and program.forms[slot] != IMPORT else named
        return Known(classes, text, None, "" if classes else outside)

    def _aliased(self, found: Iterable[int]) -> Known | None:
        """The type of numbers that a name stands for; None for other types, and for pointers."""
        program = self._program
        for inner in found:
            entry = program.definitions[inner >> SHIFT] if inner & MASK == DEF else None
            if entry is not None and entry.kind == "TypeAlias" and entry.returns and POINTER not in entry.signature:
                written = program.first_slot[program.file_of_definition[inner >> SHIFT]] + entry.returns
                known = self.declared(written)
                return known if known is not None and known.text in self._traits(written).numbers else None
        return None

    def of_name(self, slot: int, name: str) -> Known:
        """A type of the library, as seen from the language of an expression."""
        if name.endswith(ARRAY_TEXT):
            return Known((), ARRAY_TEXT, self.of_name(slot, name.removesuffix(ARRAY_TEXT)))
        traits, last = self._traits(slot), name.rpartition(".")[2]
        if traits.spellings:
            plain = last.rstrip(POINTER)
            last = dict(traits.spellings).get(plain, plain) + last[len(plain) :]
        written = dict(traits.type_words).get(name, name)
        qualified = name if "." in name else f"{traits.builtins_package}.{written}" if name in traits.builtins else ""
        return Known((), last, None, qualified)

    # --- values ------------------------------------------------------------------------------------------------------------------------

    def of(self, slot: int) -> Known | None:
        """The type of a value."""
        known = self._values.get(slot)
        if known is None and slot not in self._values and self._depth < CALL_DEPTH:
            self._values[slot] = None
            self._depth += 1
            known = self._values[slot] = self._find(slot, self._program.forms[slot])
            self._depth -= 1
        return known

    def stated(self, slot: int) -> Known | None:
        """The type of a value as far as it is written: that of a literal, or declared for what it names or calls."""
        form = self._program.forms[slot]
        return self._find(slot, form) if form in STATED_FORMS else self._by_declaration(slot, form)

    def _find(self, slot: int, form: int) -> Known | None:
        program = self._program
        if form in (CONSTANT, LITERAL):
            written = slot if form == LITERAL else program.part(slot) if program.parts[slot] else -1
            return self.of_name(slot, program.texts[written]) if written >= 0 else None
        if form == THIS:
            return Known((program.definition_of(slot),))
        if form == INSTANCE:
            return self.declared(program.part(slot))
        if form in (UNION, PROMOTED):
            return self._of_parts(slot, form)
        return self._by_declaration(slot, form) or self._by_value(slot)

    def _of_parts(self, slot: int, form: int) -> Known | None:
        """The type of alternatives, or of an operation on numbers or texts."""
        program, traits = self._program, self._traits(slot)
        parts = [self.of(program.first_of_slot[slot] + part) for part in program.parts[slot]]
        known = [part for part in parts if part is not None and part.text not in MARKS]
        if form == UNION and len(known) < len(parts):
            return self._marked(known, {part.text for part in parts if part is not None})
        if form == UNION:
            kept = [part for part in known if part.text != traits.null_type or part.classes]
            classes = self._common(dict.fromkeys(inner for part in kept for inner in part.classes))
            return Known(classes) if classes else self._of_alternatives(slot, kept, nullable=len(kept) < len(known))
        texts = [part for part in known if part.text in traits.joined_types]
        if texts:
            return texts[0]
        numbers = [traits.numbers.index(part.text) for part in known if part.text in traits.numbers]
        if len(numbers) < len(parts):
            return None
        smallest = traits.numbers.index(traits.promoted_type) if traits.promoted_type else 0
        return Known((), traits.numbers[max(*numbers, smallest)])

    def _of_alternatives(self, slot: int, kept: Sequence[Known], *, nullable: bool) -> Known | None:
        """The type of one of several values that are no instances of classes of the program.

        Source: The Java Language Specification, 15.25 "Conditional Operator ? :".
        """
        program, traits = self._program, self._traits(slot)
        if len({part.text for part in kept}) < 2 or not traits.boxes_late:  # noqa: PLR2004 - all are of one type
            boxes = dict(traits.boxes) if nullable and traits.boxes_late else {}
            return self.of_name(slot, boxes[kept[0].text]) if kept and kept[0].text in boxes else kept[0] if kept else None
        plain = {box: name for name, box in traits.boxes}
        names = [plain.get(part.text, part.text) for part in kept]
        if len(kept) < len(program.parts[slot]) or not all(name in traits.numbers for name in names):
            return self._above_all(slot, kept)
        widest = max(traits.numbers.index(name) for name in names)
        return Known((), self._covering(slot, names) or traits.numbers[max(widest, traits.numbers.index(traits.promoted_type))])

    def _covering(self, slot: int, names: Sequence[str]) -> str:
        """The type among those of numbers that has all values that the others can have; empty where there is none."""
        program, traits = self._program, self._traits(slot)
        if all(name == names[0] for name in names):
            return names[0]
        ranges = {name: _range(text) for name, text in traits.constant_ranges}
        values = list[tuple[int, int] | None]()
        for position, name in enumerate(names):
            part = program.part(slot, position)
            constant = program.forms[part] == CONSTANT and name == traits.promoted_type
            values.append(_constant(program.texts[part]) if constant else ranges.get(name))
        for name in dict.fromkeys(names):
            bounds = ranges.get(name)
            if bounds is not None and all(inner is not None and bounds[0] <= inner[0] and inner[1] <= bounds[1] for inner in values):
                return name
        return ""

    def _above_all(self, slot: int, kept: Sequence[Known]) -> Known:
        """The type among several that all others are of, or that which all types extend."""
        library = self.library(slot)
        above = (
            one for one in kept if all(one.text == other.text or one.qualified in library.ancestors(other.qualified) for other in kept)
        )
        return next(above, self.of_name(slot, self._traits(slot).top_type))

    def _marked(self, known: list[Known], marks: set[str]) -> Known | None:
        """The type of a value that is marked as an address, or as what a pointer points to."""
        if not known or known[0].classes:
            return known[0] if known else None
        if POINTER in marks:
            return known[0]._replace(text=known[0].text + POINTER)
        return known[0]._replace(text=known[0].text.removesuffix(POINTER)) if REFERENCE in marks else known[0]

    def _common(self, classes: Iterable[int]) -> tuple[int, ...]:
        """The class among several that all others extend, or all of them."""
        found = tuple(classes)
        common = (one for one in found if all(one in self._hierarchy.order(other) for other in found))
        return next(((one,) for one in common), found)

    def _by_value(self, slot: int) -> Known | None:
        program = self._program
        values = self._flow.values(slot) if not self._flow.is_saturated(slot) else ()
        classes = tuple(inner >> SHIFT for inner in values if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT))
        if classes:
            return Known(classes)
        for inner in values:
            found = self._of_value(inner)
            if found is not None:
                return found
        return None

    def _of_value(self, inner: int) -> Known | None:
        program, tag, index = self._program, inner & MASK, inner >> SHIFT
        if tag in (DEF, BOUND) and program.is_function(index):
            entry = program.definitions[index]
            parameters = len(entry.parameters) if entry.kind == "Function" and UNLISTED not in entry.modifiers else -1
            return Known((), FUNCTION, None, "", parameters, gives=self._gives(index))
        if tag == EXTERNAL_INSTANCE:
            name = self._names.externals.entries[index].qualified_name
            return Known((), name.rpartition(".")[2], None, name)
        if tag == DEF and program.is_class(index) and program.traits[program.file_of_definition[index]].generic_implementations:
            return Known((index,))
        if tag == OBJECT and program.forms[index] == SLICE:
            return self.of(program.part(index))
        return self.declared(index) if tag == OBJECT and program.forms[index] in (GENERIC, ARRAY) else None

    def _gives(self, function: int, depth: int = 0) -> str:
        """Whether a function returns a value, in languages that tell such functions apart where they are given."""
        known = self._given.get((function, depth))
        if known is None:
            known = self._given[function, depth] = self._find_given(function, depth)
        return known

    def _find_given(self, function: int, depth: int) -> str:
        program = self._program
        entry, file = program.definitions[function], program.file_of_definition[function]
        word = program.traits[file].no_result
        if not word or ASYNC in entry.modifiers or depth > TYPE_DEPTH:
            return ""
        if entry.returns:
            return NOTHING if program.texts[program.first_slot[file] + entry.returns] == word else SOMETHING
        returned = program.sources.get(program.returns.get(function, -1), ())
        if not returned or any(program.forms[source] not in CALL_FORMS for source in returned):
            return SOMETHING if returned else NOTHING
        given = {self._gives(called, depth + 1) for source in returned for called in self.called(source)}
        return {frozenset({SOMETHING}): DROPPED, frozenset({NOTHING}): NOTHING}.get(frozenset(given), "")

    def _by_declaration(self, slot: int, form: int) -> Known | None:
        program = self._program
        if form == LOCAL:
            types = self.qualifiers.types(slot) or self.qualifiers.types(program.variable_of(slot)) or self._imported(slot)
            return self.declared(types[0]) if types else self._assigned(slot)
        if form == NEW:
            return self.declared(program.part(slot))
        if form == CALL:
            return self._of_call(slot)
        if form == INDEX:
            holder = self.of(program.part(slot))
            return holder.element if holder is not None else None
        if form in (MEMBER, IMPLICIT):
            types = [inner for field in self._fields(slot, form) for inner in self.qualifiers.types(field)]
            return self.declared(types[0]) if types else self._of_foreign_member(slot, form) or self._of_free(slot)
        return self._of_free(slot) if form == FREE else None

    def _of_free(self, slot: int) -> Known | None:
        """The type of a variable that no scope of its file declares, or that of no instance."""
        program = self._program
        found = self._names.free(program.file_of_slot(slot), program.texts[slot]).slots if self._traits(slot).overloads else ()
        declared = [program.declared[variable] for variable in found if program.declared.get(variable)]
        return self.declared(declared[0][0]) if declared else self._null(slot)

    def _null(self, slot: int) -> Known | None:
        """A name that stands for no instance."""
        null = self._traits(slot).null_type
        return Known((), null) if null and dict(self._traits(slot).spellings).get(self._program.texts[slot]) == null else None

    def _assigned(self, slot: int) -> Known | None:
        """The type of a variable that takes it from its only value."""
        sources = self._program.sources.get(slot, ())
        only = sources[0] if len(sources) == 1 and self._traits(slot).spellings else slot
        if self._program.forms[only] == ITERATE and self._traits(slot).text_types:
            holder = self.of(self._program.part(only))
            return holder.element if holder is not None else None
        return self.of(only) if self._program.forms[only] in (CONSTANT, LITERAL, CALL, NEW) else None

    def _of_foreign_member(self, slot: int, form: int) -> Known | None:
        """The type of a field of the library, or of an array."""
        library = self.library(slot)
        entries = self._names.externals.entries
        named = (library.result(entries[i >> SHIFT].qualified_name) for i in self._flow.values(slot) if i & MASK == EXTERNAL)
        name = next(filter(None, named), "")
        if not name and form == MEMBER:
            holder = self.of(self._program.part(slot))
            array = library.get(ARRAY_TEXT) if holder is not None and holder.text == ARRAY_TEXT else None
            name = array.results.get(self._program.texts[slot], "") if array is not None else ""
        return self.of_name(slot, name) if name else None

    def _imported(self, slot: int) -> Sequence[int]:
        """Declared types of a field that is imported by its name."""
        statements = self._program.imports.get(slot, ())
        slots = (found for file, statement in statements for found in self._names.imported(file, statement).slots)
        return next((types for found in slots if (types := self._program.declared.get(found))), ())

    def _of_call(self, slot: int) -> Known | None:
        program, callees = self._program, self._flow.values(self._program.part(slot))
        called = self.called(slot)
        results = [
            program.first_slot[program.file_of_definition[d]] + program.definitions[d].returns
            for d in called
            if program.definitions[d].kind in FUNCTION_KINDS and program.definitions[d].returns
        ]
        if results and len(results) == len(called):
            by_value = self._by_value(slot) if self._is_parameter(results[0], called[0]) else None
            return by_value or self.declared(results[0])
        library = self.library(slot)
        outside = (library.result(self._names.externals.entries[i >> SHIFT].qualified_name) for i in callees if i & MASK == EXTERNAL)
        name = next(filter(None, outside), "") or self._converted(slot)
        if not name and not called and (made := self._made_outside(slot, callees)) is not None:
            return made
        if not name and not called and program.forms[program.part(slot)] == MEMBER and self._traits(slot).templates:
            return self._operated(slot, alternatives(program.texts[program.part(slot)])[0])
        return self.of_name(slot, name) if name else None

    def _made_outside(self, slot: int, callees: Iterable[int]) -> Known | None:
        """The type of what a class from elsewhere makes, or of a text that a method returns, where there are templates."""
        program, traits = self._program, self._traits(slot)
        if not traits.templates:
            return None
        callee = program.part(slot)
        if program.forms[callee] == MEMBER and program.texts[callee] in traits.text_methods:
            return self.of_name(slot, traits.texts[0])
        of_element = program.texts[callee] in traits.element_methods
        if program.forms[callee] == MEMBER and (of_element or program.texts[callee] in traits.same_methods):
            holder = self.of(program.part(callee))
            known = holder.element if holder is not None and of_element else holder
            return known if known is not None and not known.classes else None
        named = (self._names.externals.entries[inner >> SHIFT].qualified_name for inner in callees if inner & MASK == EXTERNAL)
        name = next((one for one in named if one.rpartition(".")[2] in self._wanted_types), "")
        return Known((), name.rpartition(".")[2], None, name) if name else None

    @property
    def _wanted_types(self) -> frozenset[str]:
        """Last names of the types that parameters are declared to be of."""
        if self._names_of_types is None:
            program, files = self._program, self._program.file_of_definition
            self._names_of_types = frozenset(
                program.texts[program.first_slot[files[definition]] + parameter.type]
                for definition, entry in enumerate(program.definitions)
                for parameter in entry.parameters
                if parameter.type
            )
        return self._names_of_types

    def _operated(self, slot: int, name: str) -> Known | None:
        """The type of what an operator of the language itself makes of numbers and pointers."""
        program, traits = self._program, self._traits(slot)
        numbers, left = traits.numbers, program.part(program.part(slot))
        if name in COMPARING:
            return Known((), BOOL)
        known = [self.of(operand) for operand in (left, *(program.first_of_slot[slot] + part for part in program.parts[slot][1:]))]
        if name == JOINING and (joined := next((one for one in known if one is not None and _is_foreign(one, traits)), None)) is not None:
            return joined
        places = [numbers.index(operand.text) for operand in known if operand is not None and operand.text in numbers]
        if name not in CALCULATING or len(places) < len(known):
            return None
        return Known((), numbers[max(*places, numbers.index(PROMOTED_TO))])

    def _converted(self, slot: int) -> str:
        """Name of the type of numbers that a call converts to: `int(x)`."""
        name = self._program.texts[self._program.part(slot)]
        traits = self._traits(slot)
        return name if traits.spellings and (name in traits.numbers or name in dict(traits.spellings)) else ""

    def _is_parameter(self, result: int, function: int) -> bool:
        program, owner = self._program, self._hierarchy.owner.get(function, -1)
        own = (*program.definitions[function].type_parameters, *(program.definitions[owner].type_parameters if owner >= 0 else ()))
        return bool(own) and program.texts[result] in own

    def _fields(self, slot: int, form: int) -> list[int]:
        program = self._program
        if form == IMPLICIT:
            return [*self.qualifiers.fields(slot)][:1]
        holder = program.part(slot)
        owners = [inner >> SHIFT for inner in self._flow.values(holder) if inner & MASK == INSTANCE_OF]
        owners += [inner >> SHIFT for inner in self._names.static(holder) if inner & MASK == DEF and program.is_class(inner >> SHIFT)]
        name = program.texts[slot]
        found = (self._hierarchy.defines(base, name) for owner in owners for base in self._hierarchy.order(owner))
        return [field for field in found if field >= 0][:1]


def _is_foreign(known: Known, traits: LanguageTraits) -> bool:
    """Whether it is known to be an instance of a class from elsewhere."""
    literal = known.text in traits.numbers or known.text in traits.texts or known.text == traits.null_type
    return not (known.classes or literal or known.points or known.text.endswith(POINTER)) and bool(known.text)


def _range(text: str) -> tuple[int, int]:
    """The least and the largest value of a type, as `LanguageTraits` has them."""
    least, _, largest = text.partition(" ")
    return int(least), int(largest)


def _constant(text: str) -> tuple[int, int] | None:
    """As `_range`, of a whole number as it is written; None where it is no such."""
    digits = text.replace("_", "").lower()
    try:
        number = int(digits, 8) if digits.isdigit() and digits.startswith("0") else int(digits, 0)
    except ValueError:
        return None
    return number, number
