"""The facts of all files as one program: flat tables with global numbers.

A *slot* is the global number of an expression: the file's first slot plus the expression's index. Because facts hold each expression once
per file and names are resolved to their scope, a slot is also a variable: all reads and writes of it meet there. A *definition id* is
numbered the same way. Slots beyond the facts' own (fields, returns, elements) are made on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    DECORATED,
    DEFINITION,
    GENERIC,
    LASTING,
    LITERAL,
    LOCAL,
    NEW,
    PROMOTED,
    RETURN,
    SEQUENCE,
    SLICE,
    SPREAD_MAP,
    TAKEN,
    THIS,
    UNION,
    UNKNOWN,
    YIELD,
    Definition,
    FileFacts,
    Import,
)
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.slot_tables import SlotTables

MERGE: Final = 35
"""Internal form, `parts`: (container,). All its elements are put into another container."""
CLASS_OF: Final = 36
"""Internal form, `parts`: (instance,). The class of an instance."""
BIND: Final = 37
"""Internal form, `parts`: (member,). A member as an instance shows it: functions become methods."""
HELD: Final = 38
"""Internal form without parts: a value that no expression of the program stands for."""
NAMED: Final = 39
"""Internal form, `parts`: (object, key). The member of an object that a text names."""
POUR: Final = 41
"""Internal form, `parts`: (target,). All elements of a container are put into what the target holds."""
REFLECT: Final = 43
"""Internal form, `parts`: (left,). The left operand of an operator that the right one may answer."""
FORMS: Final = 45
SINGLE: Final = "object"
"""Modifier of classes whose name stands for their only instance, too."""
CLASS_NAME: Final = "<class>"
"""Name of constructors that bear the name of their class."""
UNMADE_KINDS: Final = frozenset({"Interface", "Trait"})
CLASS_KINDS: Final = frozenset({"Class", "Interface", "Struct", "Enum", "Trait"})
FUNCTION_KINDS: Final = frozenset({"Function", "Method", "Constructor"})
ALIAS: Final = "TypeAlias"
"""Kind of other names of types; one that an implementation has for a type that it leaves to its class is no member of that."""
FUNCTION_FORMS: Final = frozenset({DEFINITION, TAKEN})
SEQUENCE_FORMS: Final = frozenset({SEQUENCE, ARRAY, SLICE})
"""Functions that are written where they are used."""
MAKING_FORMS: Final = frozenset({CALL, NEW})
"""Forms whose first part is what is called."""
PARTS: Final = 16
"""Arguments or elements that are looked at."""
IDLE_FORMS: Final = frozenset({UNKNOWN, LITERAL, CONSTANT, PROMOTED})
"""Expressions that never hold a value of the program."""


class SourceUnit(NamedTuple):
    """One file to be linked."""

    path: str
    facts: FileFacts
    blob_hash: str


class Program:
    """Tables over all files; files are numbered in the order of their paths."""

    def __init__(self, units: Sequence[SourceUnit], traits: Mapping[str, LanguageTraits]) -> None:
        self.units: list[SourceUnit] = sorted(units, key=lambda unit: unit.path)
        self.paths: list[str] = [unit.path for unit in self.units]
        self.languages: list[LanguageTraits] = [traits[name] for name in dict.fromkeys(unit.facts.language for unit in self.units)]
        """Of the files, each once."""
        self.traits: list[LanguageTraits] = [traits[unit.facts.language] for unit in self.units]
        """By file."""
        self._operations = {language.name: dict(language.protocols) for language in self.languages}
        self.forms: list[int] = []
        self.texts: list[str] = []
        self.parts: list[tuple[int, ...]] = []
        self.first_of_slot: list[int] = []
        self.by_form: list[list[int]] = [[] for _ in range(FORMS)]
        self.first_slot: list[int] = []
        self._file_of_first: dict[int, int] = {}
        self._first_parts: dict[int, list[int]] = {}
        self.naming_functions: set[int] = set()
        """Constants that are the functions which they name."""
        self._used: frozenset[int] | None = None
        self._parameters: dict[int, tuple[int, int]] | None = None
        self.first_definition: list[int] = []
        self.definitions: list[Definition] = []
        self.file_of_definition: list[int] = []
        self.slot_of_definition: list[int] = []
        self.locals: list[dict[tuple[int, str], int]] = []
        self.lasting: list[dict[str, int]] = []
        """Name → version that a variable of the file has in the end, where that is not certain to be the only one."""
        self.bound: dict[int, list[int]] = {}
        self.imports: dict[int, list[tuple[int, Import]]] = {}
        self.sources: dict[int, list[int]] = {}
        self.declared: dict[int, list[int]] = {}
        self.depths: dict[int, int] = {}
        """Call that the text does not have → how many such calls lead to it, whoever makes them."""
        self.returns: dict[int, int] = {}
        self.yields: dict[int, int] = {}
        for number, unit in enumerate(self.units):
            self._add_file(number, unit.facts)
        self.file_slots: int = len(self.forms)
        self.tables = SlotTables(self.file_slots)
        for number, unit in enumerate(self.units):
            self._bind_names(number, unit.facts)
        self.decorated: set[int] = {
            self.definition_of(inner) for slot in self.by_form[DECORATED] if self.forms[inner := self.part(slot, 1)] == DEFINITION
        }
        """Definitions whose name holds what decorators make of them."""
        for slot in self.by_form[RETURN]:
            self.returns[self.definition_of(slot)] = slot
        for slot in self.by_form[YIELD]:
            self.yields[self.definition_of(slot)] = slot

    def operation(self, file: int, name: str) -> str:
        """What a file's language calls the method that an operation runs, of several joined by `|`; empty where it has none."""
        return self._operations[self.traits[file].name].get(name, "")

    def _add_file(self, number: int, facts: FileFacts) -> None:
        first = len(self.forms)
        self.first_slot.append(first)
        self._file_of_first[first] = number
        self.first_definition.append(len(self.definitions))
        forms, texts, parts = zip(*facts.expressions, strict=True)
        self.forms.extend(forms)
        self.texts.extend(texts)
        self.parts.extend(parts)
        self.first_of_slot.extend([first] * len(forms))
        by_form = self.by_form
        local: dict[tuple[int, str], int] = {}
        lasting: dict[str, int] = {}
        for slot, form in enumerate(forms, first):
            if form == LOCAL:
                where = self.parts[slot]
                if len(where) == 1:
                    local[where[0], self.texts[slot]] = slot
                elif where == (0, LASTING):
                    lasting[self.texts[slot]] = slot
            by_form[form].append(slot)
        self.locals.append(local)
        self.lasting.append(lasting)
        self.definitions.extend(facts.definitions)
        self.file_of_definition.extend([number] * len(facts.definitions))

    def _bind_names(self, number: int, facts: FileFacts) -> None:
        first = self.first_slot[number]
        for identifier, definition in enumerate(facts.definitions, self.first_definition[number]):
            if definition.receiver != UNKNOWN and definition.kind != ALIAS:
                slot = self.new_slot(LOCAL, definition.name, (-1,), first)
                if definition.kind == "Constant" and (variable := self.locals[number].get((definition.scope, definition.name))) is not None:
                    self.sources[slot] = [variable]
            else:
                slot = self.local_slot(number, definition.scope, self._member_name(number, definition))
            self.slot_of_definition.append(slot)
            self.bound.setdefault(slot, []).append(identifier)
        for statement in facts.imports:
            if statement.variable != UNKNOWN:
                self.imports.setdefault(first + statement.variable, []).append((number, statement))
        for target, source in facts.flows:
            self.sources.setdefault(first + target, []).append(first + source)
        for target, declared in facts.declared:
            self.declared.setdefault(first + target, []).append(first + declared)

    def member_name(self, definition: int) -> str:
        """The name that a member is known by in its class."""
        return self._named(self.file_of_definition[definition], self.definitions[definition])

    def _named(self, file: int, definition: Definition) -> str:
        """A constructor that bears its class' name is no member of that name: there, the name means the class."""
        constructs = definition.kind == "Constructor" and CLASS_NAME in self.traits[file].constructors
        return CLASS_NAME if constructs else definition.name

    def _member_name(self, file: int, definition: Definition) -> str:
        """As `_named`; the name is taken out of the scope."""
        name = self._named(file, definition)
        if name == definition.name:
            return name
        self.locals[file].pop((definition.scope, definition.name), None)
        return CLASS_NAME

    def local_slot(self, file: int, scope: int, name: str) -> int:
        """The slot of a variable, made when no expression of the file reads it."""
        key = (scope, name)
        slot = self.locals[file].get(key)
        if slot is None:
            slot = self.locals[file][key] = self.new_slot(LOCAL, name, (scope,), self.first_slot[file])
        return slot

    def new_slot(self, form: int, text: str = "", parts: tuple[int, ...] = (), first: int = 0) -> int:
        """Make a slot that no expression of a file stands for. `parts` are relative to `first`."""
        slot = len(self.forms)
        if slot + 1 >= self.tables.size:
            self.tables.make_room(slot)
        self.forms.append(form)
        self.texts.append(text)
        self.parts.append(parts)
        self.first_of_slot.append(first)
        return slot

    def derived_slot(self, origin: int, form: int, text: str, parts: tuple[int, ...]) -> int:
        """As `new_slot`, in the file of another slot; `parts` are slots."""
        first = self.first_of_slot[origin]
        return self.new_slot(form, text, tuple([part - first for part in parts]), first)

    def variable_of(self, slot: int) -> int:
        """The variable that a `LOCAL` expression is a version of."""
        parts = self.parts[slot]
        return slot if len(parts) == 1 else self.local_slot(self.file_of_slot(slot), parts[0], self.texts[slot])

    def referred(self, argument: int) -> int:
        """The variable that is given itself, `ref a`, or the argument as it is."""
        return self.part(argument) if self.forms[argument] == UNION and self.texts[argument] else argument

    def runs_functions(self, slot: int) -> bool:
        """Whether a call may run functions: `new` makes instances of classes alone, unless functions have prototypes."""
        return self.forms[slot] != NEW or bool(self.traits[self.file_of_slot(slot)].prototype)

    def is_made_late(self, slot: int) -> bool:
        """Whether a value is an instance of the class that the method around is called on, whichever that is."""
        sources = self.sources.get(slot, ())
        made = sources[0] if len(sources) == 1 else slot
        callee = self.part(made) if self.forms[made] == NEW else -1
        return callee >= 0 and self.forms[callee] == THIS and self.texts[callee] == self.traits[self.file_of_slot(callee)].late_word != ""

    def holds_functions(self, slot: int, depth: int = 1) -> bool:
        """Whether functions are written as arguments or elements of an expression, or as those of one of these."""
        made = self.forms[slot] in MAKING_FORMS
        for part in self.parts[slot][made : PARTS + made]:
            inner = self.first_of_slot[slot] + part
            form = self.forms[inner]
            if form in FUNCTION_FORMS or (depth and form in MAKING_FORMS and self.holds_functions(inner, depth - 1)):
                return True
        return False

    def return_slot(self, definition: int) -> int:
        """Where the values meet that a function returns."""
        slot = self.returns.get(definition)
        if slot is None:
            slot = self.returns[definition] = self.new_slot(UNKNOWN)
        return slot

    def yield_slot(self, definition: int) -> int:
        """Where the values meet that a generator yields."""
        slot = self.yields.get(definition)
        if slot is None:
            slot = self.yields[definition] = self.new_slot(YIELD)
        return slot

    def definition_of(self, slot: int) -> int:
        """Global id of the definition that a `DEFINITION`, `THIS`, `SUPER`, `IMPLICIT`, `RETURN` or `YIELD` expression names."""
        return self.first_definition[self.file_of_slot(slot)] + self.parts[slot][0]

    def shown_slot(self, file: int, name: str) -> int | None:
        """The variable that others see under a name of a file: what it holds in the end, where the text shows that."""
        slot = self.lasting[file].get(name)
        decorated = slot is not None and any(self.forms[source] == DECORATED for source in self.sources.get(slot, ()))
        return self.locals[file].get((0, name)) if slot is None or decorated else slot

    def of_form(self, form: int, fits: Callable[[LanguageTraits], bool]) -> list[int]:
        """Expressions of a form in the files whose language fits."""
        fitting = {number for number, traits in enumerate(self.traits) if fits(traits)}
        return [slot for slot in self.by_form[form] if self.file_of_slot(slot) in fitting] if fitting else []

    def file_of_slot(self, slot: int) -> int:
        return self._file_of_first[self.first_of_slot[slot]]

    def part(self, slot: int, position: int = 0) -> int:
        """Slot of a part of an expression."""
        return self.first_of_slot[slot] + self.parts[slot][position]

    def entries(self, mapping: int) -> list[tuple[int, int]]:
        """Slots of the keys and values of a `MAPPING`, but of what is spread in it."""
        first, parts, found, position = self.first_of_slot[mapping], self.parts[mapping], list[tuple[int, int]](), 0
        while position < len(parts):
            if self.forms[first + parts[position]] == SPREAD_MAP:
                position += 1
            else:
                found.append((first + parts[position], first + parts[position + 1]))
                position += 2
        return found

    def first_parts(self, form: int) -> list[int]:
        """Slots of the first parts of the expressions of a form."""
        found = self._first_parts.get(form)
        if found is None:
            first_of_slot, parts = self.first_of_slot, self.parts
            found = self._first_parts[form] = [first_of_slot[slot] + parts[slot][0] for slot in self.by_form[form]]
        return found

    def with_first_parts(self, form: int) -> Iterable[tuple[int, int]]:
        """Expressions of a form, each with the slot of its first part."""
        return zip(self.by_form[form], self.first_parts(form), strict=True)

    def parent_of(self, definition: int) -> int:
        """Global id of the enclosing definition, or -1."""
        parent = self.definitions[definition].parent
        return -1 if parent < 0 else self.first_definition[self.file_of_definition[definition]] + parent

    @property
    def used(self) -> frozenset[int]:
        """Expressions whose value goes anywhere: into another expression or a variable."""
        if self._used is None:
            self._used = self._find_used()
        return self._used

    def _find_used(self) -> frozenset[int]:
        inner = {first + part for first, parts in zip(self.first_of_slot, self.parts, strict=True) for part in parts}
        return frozenset(inner.union(*self.sources.values()))

    @property
    def parameters(self) -> dict[int, tuple[int, int]]:
        """Variable → function and position of the parameter that it is."""
        if self._parameters is None:
            self._parameters = self._find_parameters()
        return self._parameters

    def _find_parameters(self) -> dict[int, tuple[int, int]]:
        found: dict[int, tuple[int, int]] = {}
        for definition, entry in enumerate(self.definitions):
            first = self.first_slot[self.file_of_definition[definition]]
            for position, parameter in enumerate(entry.parameters):
                found[first + parameter.variable] = (definition, position)
        return found

    def without_arguments(self, declared: int) -> int:
        """The type that a generic one, `T[A]`, is written with; else the type itself."""
        return self.part(declared) if self.forms[declared] == GENERIC else declared

    def is_type_parameter(self, written: int) -> bool:
        """Whether a type is a name that is neither defined, given a value nor imported: a type parameter."""
        return self.forms[written] == LOCAL and written not in self.bound and written not in self.imports

    def parameter_slot(self, function: int, position: int) -> int:
        """The variable that a parameter of a function is."""
        return self.first_slot[self.file_of_definition[function]] + self.definitions[function].parameters[position].variable

    def receiver_variable(self, function: int) -> int:
        """Variable that holds what a function outside of classes is called on; -1 when it has none."""
        file, entry = self.file_of_definition[function], self.definitions[function]
        name = self.traits[file].receiver_variable
        return self.locals[file].get((entry.body, name), -1) if name else -1

    def enclosing_classes(self, definition: int) -> Iterable[int]:
        """The class and those around it, innermost first."""
        while definition >= 0:
            if self.is_class(definition):
                yield definition
            definition = self.parent_of(definition)

    def running(self, file: int, definition: int) -> int:
        """What runs where a call is made: bodies of classes may be part of what is around them, those of open namespaces are. -1 stands
        for the file's top level.
        """
        traits, definitions = self.traits[file], self.definitions
        while definition >= 0 and (
            (traits.class_bodies_run and self.is_class(definition))
            or (traits.open_namespaces and definitions[definition].kind == "Namespace")
        ):
            definition = self.parent_of(definition)
        return definition

    def is_sequence(self, container: int) -> bool:
        """Whether a container is a sequence as it is made, or one of a function's further arguments."""
        if self.forms[container] in SEQUENCE_FORMS:
            return True
        function, position = self.parameters.get(container, (-1, -1))
        return function >= 0 and self.definitions[function].parameters[position].kind == "rest"

    def is_class(self, definition: int) -> bool:
        return self.definitions[definition].kind in CLASS_KINDS

    def is_made(self, definition: int) -> bool:
        """Whether what is called a class can have instances."""
        return self.definitions[definition].kind not in UNMADE_KINDS

    def is_function(self, definition: int) -> bool:
        return self.definitions[definition].kind in FUNCTION_KINDS
