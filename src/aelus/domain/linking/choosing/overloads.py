"""Which of several functions of one name a call means: by the number of its arguments, then by what is known of their types.

Sources: The Java Language Specification, 15.12.2 "Compile-Time Step 2: Determine Method Signature"; ISO/IEC 14882, "Overload resolution".
What is not known of an argument or a parameter speaks for none of them, and those that fit equally well are all kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import GENERIC, MEMBER, NEW, SPREAD, UNKNOWN, Parameter
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.choosing.conversions import DISTANCE, MISMATCH, UNKNOWN_MATCH, Conversions
from aelus.domain.linking.choosing.known_types import ANY_TYPE, ARRAY_TEXT, Known, Types
from aelus.domain.linking.choosing.passed_variables import PassedVariables
from aelus.domain.linking.choosing.qualifiers import CONST, POINTER
from aelus.domain.linking.choosing.references import References
from aelus.domain.linking.choosing.specialisations import Specialisations
from aelus.domain.linking.choosing.value_categories import by_category
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_NAME, FUNCTION_KINDS, Program
from aelus.domain.linking.signatures import EXTENSION, STATED
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL_INSTANCE, MASK, SHIFT, value

EXPLICIT: Final = "explicit"
"""Modifier of constructors that convert nothing by themselves."""
OVERRIDE: Final = "override"
"""Modifier of methods that implement those of an interface, which give way to the type's own."""
REST: Final = -0.5
"""Taking arguments as the rest is the last resort."""
TYPED_CALLEES: Final = frozenset({GENERIC, MEMBER})
"""Callees that type arguments may be written of."""
GUESSES: Final = 2
"""Overloads that are kept where what is not known of the arguments decides between them."""
OMITTED: Final = -0.1
"""A parameter that its default is taken for."""
PLAIN_PHASE, BOXING_PHASE, REST_PHASE = 0, 1, 2
"""The steps in which some languages look for a function: without boxing, with it, and with arguments as the rest."""


class Fit(NamedTuple):
    """How well a definition fits."""

    phase: int
    score: float


class Overloads:
    """Chooses among overloads."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self.types = Types(program, names, hierarchy, flow)
        self.types.called = self._called
        self._qualifiers = self.types.qualifiers
        self._references = References(program)
        self.specialisations = Specialisations(program)
        self._passing = PassedVariables(program)
        self._conversions: dict[str, Conversions] = {}

    def let_go(self) -> None:
        """See `ValueFlow.let_go`."""
        del self.types.called
        self._conversions.clear()

    def choose(self, slot: int, overloads: Sequence[int], caller: int) -> Sequence[int]:
        """Those of the definitions that a call in `caller` (-1 for none) can mean; none where nothing takes its arguments."""
        traits = self._program.traits[self._program.file_of_slot(slot)]
        if len(overloads) < 2 and not traits.top_type:  # noqa: PLR2004 - nothing to choose
            return overloads if not overloads or self._may_be_stated(slot, overloads[0], caller) else ()
        overloads = self.specialisations.meant(slot, self._candidates(slot, overloads, traits))
        given = self._given(slot)
        names = self._program.texts[slot].split(",") if traits.overloads and self._program.texts[slot] else []
        if names:
            overloads = [d for d in overloads if self._has_parameters(d, names)] or overloads
        fitting = [d for d in overloads if self._hierarchy.signatures.takes(d, len(given) + self._before(slot, d))]
        if traits.templates and any(self._program.forms[argument] == SPREAD for argument in given):
            return overloads
        if not fitting:
            written = slot < self._program.file_slots or self._program.forms[slot] == NEW
            return () if traits.top_type and written else overloads
        if len(fitting) > 1 and traits.reference_words:
            fitting = self._passing.alike(given, {d: self._before(slot, d) for d in fitting}, traits)
        if len(fitting) == 1 or not (traits.overloads or traits.generic_implementations):
            return fitting
        known = [self._argument(argument, caller) for argument in given]
        fits = [self._fit(d, self._in_order(d, self._with_receiver(slot, d, known), names), traits) for d in fitting]
        possible = [fit for fit in fits if fit.score > MISMATCH / 2] or fits
        phase = min(fit.phase for fit in possible)
        scores = {d: fit.score for d, fit in zip(fitting, fits, strict=True) if fit.phase == phase}
        if traits.templates:
            kept = by_category(self._program, _best(scores, 3 * DISTANCE), given)
            scores = {d: scores[d] for d in kept}
        chosen = _best(scores, DISTANCE)
        specific = self._most_specific(chosen, known, traits)
        if traits.top_type and len(specific) > GUESSES and None in known:
            return ()
        chosen = self._references.nearest(slot, specific, caller) if traits.generic_implementations else specific
        return self._by_receiver(slot, chosen, caller)

    def _may_be_stated(self, slot: int, definition: int, caller: int) -> bool:
        """Whether a function outside of its type can take the arguments: where it cannot, the type's own method of the name is meant."""
        if STATED not in self._program.definitions[definition].modifiers:
            return True
        known = [self._argument(argument, caller) for argument in self._given(slot)]
        traits = self._program.traits[self._program.file_of_slot(slot)]
        return self._fit(definition, known, traits).score > MISMATCH / 2

    def certain(self, slot: int, overloads: Sequence[int], caller: int) -> Sequence[int]:
        """Those whose parameters are known to be of the types of the arguments, which are known."""
        traits, known = self._program.traits[self._program.file_of_slot(slot)], [self._argument(a, caller) for a in self._given(slot)]
        if None in known:
            return ()
        scores = {d: self._fit(d, known, traits).score for d in overloads if self._hierarchy.signatures.takes(d, len(known))}
        return [d for d in _best(scores, DISTANCE) if scores[d] > UNKNOWN_MATCH]

    def own_statics(self, slot: int, values: Sequence[int], caller: int) -> Sequence[int]:
        """Of what a type from elsewhere has of one name, that of the program where the arguments are known to be for it."""
        if len(values) == 1 or self._program.texts[self._program.part(slot)] not in self._hierarchy.outer_statics:
            return values
        own = [inner for inner in values if inner & MASK == DEF]
        if not own or len(own) == len(values):
            return values
        certain = self.certain(slot, [inner >> SHIFT for inner in own], caller)
        return [value(DEF, method) for method in certain] or [inner for inner in values if inner & MASK != DEF]

    def converting(self, argument: int, definition: int, constructors: Sequence[int], caller: int) -> Sequence[int]:
        """The constructor of a class that makes an instance of an argument; none where that is not certain."""
        traits, known = self._program.traits[self._program.file_of_slot(argument)], self._argument(argument, caller)
        if known is None or any(definition in self._hierarchy.order(one) for one in known.classes):
            return ()
        conversions, scores = self.conversions_of(traits), dict[int, float]()
        for constructor in constructors:
            wanted = self.wanted(constructor, self._program.definitions[constructor].parameters[0])
            scores[constructor] = UNKNOWN_MATCH if wanted is None else conversions.match_unconverted(known, wanted)
        best = [one for one in _best(scores, DISTANCE) if scores[one] > UNKNOWN_MATCH]
        return best if len(best) == 1 else ()

    def is_stated(self, slot: int) -> bool:
        """Whether the type of a value is written somewhere, or is all that reaches it, and is no class of the program."""
        known = self.types.stated(slot)
        if known is None:
            values = self._flow.values(slot)
            return len(values) == 1 and values[0] & MASK == EXTERNAL_INSTANCE
        if known.classes:
            return False
        return (
            bool(known.qualified)
            or known.text == ARRAY_TEXT
            or known.text in self._program.traits[self._program.file_of_slot(slot)].builtins
        )

    def _candidates(self, slot: int, overloads: Sequence[int], traits: LanguageTraits) -> Sequence[int]:
        """Those that a language looks at, whatever the arguments are."""
        if traits.generic_implementations:
            overloads = [d for d in overloads if OVERRIDE not in self._program.definitions[d].modifiers] or overloads
        return self._of_arity(self._program.part(slot), overloads) if traits.arities else overloads

    def _of_arity(self, callee: int, overloads: Sequence[int]) -> Sequence[int]:
        """Where type arguments are written, the functions that take as many; else those whose type parameters the arguments show."""
        program = self._program
        arity = len(program.parts[callee]) - 1 if program.forms[callee] in TYPED_CALLEES else 0
        if arity > 0:
            return [d for d in overloads if len(program.definitions[d].type_parameters) == arity] or overloads
        return [d for d in overloads if self._hierarchy.signatures.shows_types(d)] or overloads

    def _has_parameters(self, definition: int, names: Sequence[str]) -> bool:
        """Whether a function has parameters of the names that arguments are given by."""
        having = {parameter.name for parameter in self._program.definitions[definition].parameters}
        return having.issuperset(names)

    def _in_order(self, definition: int, known: Sequence[Known | None], names: Sequence[str]) -> Sequence[Known | None]:
        """The arguments by the places of the parameters; those that are left out are not known."""
        if not names:
            return known
        numbers = {parameter.name: number for number, parameter in enumerate(self._program.definitions[definition].parameters)}
        ordered = [*known[: len(known) - len(names)], *[None] * len(numbers)]
        for name, inner in zip(names, known[len(known) - len(names) :], strict=True):
            if name in numbers:
                ordered[numbers[name]] = inner
        return ordered[: len(numbers)]

    def _with_receiver(self, slot: int, definition: int, known: Sequence[Known | None]) -> Sequence[Known | None]:
        """The arguments; of a method that is declared elsewhere, what it is called on is the first one."""
        operator = self._hierarchy.operands(definition) and self._program.forms[self._program.part(slot)] == MEMBER
        if not operator and not self._is_extended(slot, definition):
            return known
        callee = self._program.part(slot)
        return [self.types.of(self._program.part(callee)) if self._is_named(callee, definition) else None, *known]

    def _before(self, slot: int, definition: int) -> int:
        """Arguments that are written before the function."""
        return self._hierarchy.operands(definition) + self._is_extended(slot, definition)

    def _is_extended(self, slot: int, definition: int) -> bool:
        """Whether a function is called as if it were a method of its first argument."""
        program, callee = self._program, self._program.part(slot)
        if EXTENSION not in program.definitions[definition].modifiers:
            return False
        if not self._is_named(callee, definition):
            return value(BOUND, definition) in self._flow.values(callee)
        holder = program.part(callee)
        return not any(inner & MASK == DEF for inner in self._names.static(holder)) or self.types.of(holder) is not None

    def _is_named(self, callee: int, definition: int) -> bool:
        """Whether a function is called as a member that bears its name."""
        return self._program.forms[callee] == MEMBER and self._program.texts[callee] == self._program.definitions[definition].name

    def _called(self, slot: int) -> Sequence[int]:
        """Functions of the program that a call calls."""
        called = [i >> SHIFT for i in self._flow.values(self._program.part(slot)) if i & MASK in (DEF, BOUND)]
        return self.choose(slot, [d for d in called if self._program.definitions[d].kind in FUNCTION_KINDS], -1)

    def conversions_of(self, traits: LanguageTraits) -> Conversions:
        """The conversions of a language."""
        found = self._conversions.get(traits.name)
        if found is None:
            found = self._conversions[traits.name] = Conversions(self._program, self._names, self._hierarchy, traits)
            if CLASS_NAME in traits.constructors and traits.overloads and not traits.top_type:
                found.converts = self._by_constructor
        return found

    def _by_constructor(self, conversions: Conversions, given: Known, definition: int) -> float:
        """How well a value fits the best constructor of a class that converts."""
        if any(base in self._hierarchy.external_bases for base in self._hierarchy.order(definition)):
            return UNKNOWN_MATCH
        fits = [UNKNOWN_MATCH] if self._program.definitions[definition].type_parameters else []
        for constructor in self._flow.protocols.constructors(definition):
            entry = self._program.definitions[constructor]
            if EXPLICIT in entry.modifiers or not entry.parameters or not self._hierarchy.signatures.takes(constructor, 1):
                continue
            wanted = self.wanted(constructor, entry.parameters[0])
            fits.append(UNKNOWN_MATCH if wanted is None else conversions.match_qualified(given, wanted))
        return max(fits, default=MISMATCH)

    def _given(self, slot: int) -> list[int]:
        """Slots of the arguments."""
        first = self._program.first_of_slot[slot]
        return [first + part for part in self._program.parts[slot][1:]]

    def _offset(self, definition: int) -> int:
        listed = self._program.traits[self._program.file_of_definition[definition]].explicit_receiver
        return 1 if listed and "static" not in self._program.definitions[definition].modifiers else 0

    def _by_receiver(self, slot: int, chosen: list[int], caller: int) -> list[int]:
        """Of methods that differ in `const` alone, the constant one is for receivers that are: the own one of such a method."""
        constant = [d for d in chosen if CONST in self._program.definitions[d].modifiers]
        if not constant or len(constant) == len(chosen):
            return chosen
        wanted = self._qualifiers.has_constant_receiver(slot, caller)
        return constant if wanted else [definition for definition in chosen if definition not in constant]

    # --- fits --------------------------------------------------------------------------------------------------------------------------

    def _fit(self, definition: int, given: Sequence[Known | None], traits: LanguageTraits) -> Fit:
        parameters = self._program.definitions[definition].parameters[self._offset(definition) :]
        conversions = self.conversions_of(traits)
        rest = next((parameter for parameter in parameters if parameter.kind == "rest"), None)
        whole = rest is not None and self._is_whole(definition, rest, parameters, given, conversions)
        total = 0.0 if rest is None or whole else REST
        phase = PLAIN_PHASE if rest is None or whole else REST_PHASE
        for position, known in enumerate(given):
            parameter = parameters[position] if position < len(parameters) else rest
            wanted = self.wanted(definition, parameter) if parameter is not None and known is not None else None
            if known is None or wanted is None or (parameter is rest and whole and wanted is ANY_TYPE):
                continue
            if parameter is rest and whole:
                wanted = Known((), ARRAY_TEXT, wanted)
            total += conversions.match(known, wanted) if wanted.points is None else conversions.match_qualified(known, wanted)
            if conversions.is_boxing(known, wanted):
                phase = max(phase, BOXING_PHASE)
        omitted = sum(1 for parameter in parameters[len(given) :] if parameter.default != UNKNOWN)
        return Fit(phase if traits.boxes_late else PLAIN_PHASE, total + OMITTED * omitted)

    def _is_whole(
        self, definition: int, rest: Parameter, parameters: Sequence[Parameter], given: Sequence[Known | None], conversions: Conversions
    ) -> bool:
        """Whether the last argument is the array of the rest itself."""
        last = given[-1] if len(given) == len(parameters) else None
        wanted = self.wanted(definition, rest)
        if last is None or wanted is None or last.text != ARRAY_TEXT:
            return False
        return wanted is ANY_TYPE or conversions.match(last, Known((), ARRAY_TEXT, wanted)) > MISMATCH / 2

    def wanted(self, definition: int, parameter: Parameter) -> Known | None:
        """What is known of the type of a parameter."""
        if not parameter.type:
            return None
        program, traits = self._program, self._program.traits[self._program.file_of_definition[definition]]
        known = self.types.declared(program.first_slot[program.file_of_definition[definition]] + parameter.type)
        if known is not None and parameter.variable and traits.spellings:
            known = self._marked(known, program.first_slot[program.file_of_definition[definition]] + parameter.variable)
        if known is None or known.classes:
            return known
        spelt = program.texts[program.first_slot[program.file_of_definition[definition]] + parameter.type]
        return ANY_TYPE if spelt and spelt in self._type_parameters(definition) else known

    def _argument(self, slot: int, caller: int) -> Known | None:
        """What is known of an argument."""
        known = self.types.of(slot)
        if known is None or not known.classes or not self._program.traits[self._program.file_of_slot(slot)].spellings:
            return known
        return known._replace(points=self._qualifiers.points(slot), constant=self._qualifiers.is_constant(slot, caller))

    def _marked(self, known: Known, variable: int) -> Known:
        return known._replace(points=self._qualifiers.has(variable, POINTER), constant=self._qualifiers.has(variable, CONST))

    def _type_parameters(self, definition: int) -> Sequence[str]:
        program, found = self._program, list[str]()
        while definition >= 0:
            found.extend(program.definitions[definition].type_parameters)
            definition = program.parent_of(definition)
        return found

    def _most_specific(self, chosen: list[int], given: Sequence[Known | None], traits: LanguageTraits) -> list[int]:
        """Those that no other one is more particular than, where all arguments are known or null."""
        if len(chosen) < 2 or not traits.top_type or any(known is None for known in given):  # noqa: PLR2004 - nothing to choose
            return chosen
        conversions = self.conversions_of(traits)
        wanted = {d: [self.wanted(d, p) for p in self._program.definitions[d].parameters[: len(given)]] for d in chosen}

        def wider(one: int, other: int) -> bool:
            pairs = list(zip(wanted[one], wanted[other], strict=False))
            fits = [conversions.match(mine, theirs) if mine and theirs else MISMATCH for theirs, mine in pairs]
            back = [conversions.match(theirs, mine) if mine and theirs else MISMATCH for theirs, mine in pairs]
            return all(fit > 0 for fit in fits) and any(fit < 0 for fit in back)

        return [d for d in chosen if not any(wider(d, other) for other in chosen if other != d)] or chosen


def _best(scores: Mapping[int, float], distance: float) -> list[int]:
    """Those that fit as well as the best one, within half a distance."""
    best = max(scores.values())
    return [definition for definition, score in scores.items() if score > best - distance / 2]
