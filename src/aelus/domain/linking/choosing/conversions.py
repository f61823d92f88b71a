"""How well a value of one type can be given for a parameter of another.

Sources: The Java Language Specification, chapter 5 "Conversions and Contexts"; ISO/IEC 14882, "Standard conversions".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.choosing.known_types import ANY_TYPE, ARRAY_TEXT, DROPPED, FUNCTION, NOTHING, SOMETHING, Known
from aelus.domain.linking.choosing.qualifiers import POINTER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.library_types import COUNTED, NOTHING_ASKED, LibraryTypes, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program

SAME: Final = 3.0
DEDUCED: Final = 2.5
"""A type parameter becomes the argument's type."""
ERASED: Final = 1.5
"""The same where type parameters are no types of their own when a function is chosen."""
WIDER: Final = 2.0
"""A number that is taken as one of a wider type, an instance as one of a base class."""
TOP: Final = 1.2
"""Anything is taken for the type that all others extend."""
NARROWER: Final = 1.0
CONVERTED: Final = 0.5
"""A constructor makes an instance of the value."""
BOXED: Final = 0.9
"""A number is put into an object, or taken out of one."""
UNKNOWN_MATCH: Final = 0.0
DISTANCE: Final = 0.01
"""What each step between a class and a base costs."""
MISMATCH: Final = -100.0


class Conversions:
    """Conversions of one language."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, traits: LanguageTraits) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._traits = traits
        self._library: LibraryTypes = library_types(traits.types)
        self._closed = bool(traits.top_type)
        """Whether all types are known to be what their declarations say: nothing converts itself."""
        self.converts: Callable[[Conversions, Known, int], float] | None = None
        """How well a value fits the constructors of a class that make an instance of it where one is wanted; None for closed types."""
        self._converting = False
        self._boxes = dict(traits.boxes)
        self._literals = frozenset((*traits.numbers, *traits.texts))
        self._primitives = self._literals - frozenset(traits.joined_types)
        self._texts_outside = frozenset(name.rpartition(".")[2] for name in traits.text_types)

    def match(self, given: Known, wanted: Known) -> float:
        """How well it fits; `MISMATCH` if it does not, 0 if nothing is known."""
        if wanted is ANY_TYPE:
            return BOXED if self._closed and self._is_primitive(given) else ERASED if self._traits.boxes_late else DEDUCED
        if self._closed and given.text == self._traits.null_type and not given.classes:
            return MISMATCH if self._is_primitive(wanted) else UNKNOWN_MATCH
        if ARRAY_TEXT in (given.text, wanted.text):
            return self._arrays(given, wanted)
        if given.text == FUNCTION and not given.classes:
            return self._function(given, wanted)
        if self._is_top(wanted):
            return BOXED if self._is_primitive(given) else TOP
        return self._named(given, wanted)

    def match_qualified(self, given: Known, wanted: Known) -> float:
        """As `match`, where it is known of the parameter whether it is a pointer and whether it is constant."""
        if given.text == self._traits.null_type and not given.classes:
            return SAME if wanted.points or wanted.text.endswith(POINTER) else MISMATCH
        if given.points not in (None, wanted.points) and wanted.text != FUNCTION:
            return MISMATCH
        fit = self.match(given, wanted)
        if given.constant and not wanted.constant and wanted.points:
            return MISMATCH
        return fit - DISTANCE if given.classes and given.constant != wanted.constant else fit

    def match_unconverted(self, given: Known, wanted: Known) -> float:
        """As `match_qualified`, without constructors that convert."""
        around, self._converting = self._converting, True
        fit = self.match(given, wanted) if wanted.points is None else self.match_qualified(given, wanted)
        self._converting = around
        return fit

    def _named(self, given: Known, wanted: Known) -> float:
        if given.classes:
            return self._instance(given, wanted)
        return self._foreign(given, wanted) if wanted.classes else self._texts(given, wanted)

    def _is_primitive(self, known: Known) -> bool:
        return known.text in self._primitives and not known.classes

    def is_boxing(self, given: Known, wanted: Known) -> bool:
        """Whether a number is put into an object, or taken out of one."""
        if given.text in (self._traits.null_type, FUNCTION):
            return False
        return self._is_primitive(given) != self._is_primitive(wanted)

    def _is_top(self, wanted: Known) -> bool:
        return self._closed and wanted.text == self._traits.top_type and not wanted.classes

    def _arrays(self, given: Known, wanted: Known) -> float:
        if given.text == wanted.text:
            if given.element is None or wanted.element is None:
                return SAME - DISTANCE
            plain = {given.element.text, wanted.element.text} & self._primitives
            if plain and not given.element.classes and not wanted.element.classes:
                return SAME if given.element.text == wanted.element.text else MISMATCH
            return self.match(given.element, wanted.element)
        if self._is_top(wanted):
            return TOP
        if not self._closed:
            return UNKNOWN_MATCH
        array = self._library.get(ARRAY_TEXT)
        taken = array is not None and wanted.qualified in array.bases
        return WIDER if taken else UNKNOWN_MATCH if not given.text and not given.classes else MISMATCH

    def _function(self, given: Known, wanted: Known) -> float:
        if wanted.text in self._literals and not wanted.classes:
            return MISMATCH
        if wanted.text == FUNCTION:
            return SAME
        count = self._asked(wanted)
        if count is None:
            return UNKNOWN_MATCH
        returns = self._returns(wanted) if given.gives else None
        if returns is not None and given.gives == (NOTHING if returns else SOMETHING):
            return MISMATCH
        fit = WIDER if count == given.parameters else UNKNOWN_MATCH if given.parameters < 0 <= count else MISMATCH
        return fit - 2 * DISTANCE if given.gives == DROPPED and returns is False else fit

    def _returns(self, wanted: Known) -> bool | None:
        """Whether the functions that a type of the library takes return a value; None where that is not known."""
        known = self._library.get(wanted.qualified) if not wanted.classes else None
        return None if known is None or known.parameters >= NOTHING_ASKED else known.parameters == COUNTED["arguments-1"]

    def _asked(self, wanted: Known) -> int | None:
        """Number of parameters of the functions that a type takes; None when it is not known, -1 when it takes none."""
        if not self._closed:
            return None
        if wanted.classes:
            return self._hierarchy.asked_parameters(wanted.classes[0])
        known = self._library.get(wanted.qualified)
        if known is None or known.parameters >= NOTHING_ASKED:
            return known.parameters if known is not None else None
        return max(wanted.parameters, 0) - (known.parameters == COUNTED["arguments-1"])

    def _instance(self, given: Known, wanted: Known) -> float:
        if wanted.classes:
            fit = max(self._kinship(mine, theirs) for mine in given.classes for theirs in wanted.classes)
            return fit if fit > MISMATCH / 2 else self._converted(given, wanted)
        if wanted.text in self._literals:
            return MISMATCH
        if not self._closed:
            return UNKNOWN_MATCH
        return max(self._outward(definition, wanted) for definition in given.classes)

    def _converted(self, given: Known, wanted: Known) -> float:
        """A value of which a constructor makes an instance; one such step is all that is taken."""
        if self.converts is None or self._converting or wanted.points:
            return MISMATCH
        self._converting = True
        fit = max(self.converts(self, given, definition) for definition in wanted.classes)
        self._converting = False
        return CONVERTED if fit > 0 else fit

    def _outward(self, definition: int, wanted: Known) -> float:
        """A class of the program for a type of the library."""
        entries = self._names.externals.entries
        best, surely = MISMATCH, True
        for base in self._hierarchy.order(definition):
            for outside in self._hierarchy.external_bases.get(base, ()):
                name = entries[outside].qualified_name
                ancestors = self._library.ancestors(name)
                surely = surely and bool(ancestors)
                if wanted.qualified and (wanted.qualified == name or wanted.qualified in ancestors):
                    best = max(best, WIDER - DISTANCE * (1 + ancestors.get(wanted.qualified, 0)))
        return best if best > MISMATCH or (surely and wanted.qualified) else UNKNOWN_MATCH

    def _kinship(self, mine: int, theirs: int) -> float:
        if mine == theirs:
            return SAME
        order = self._hierarchy.order(mine)
        if theirs in order:
            return WIDER - DISTANCE * order.index(theirs)
        return UNKNOWN_MATCH if not self._closed and any(base in self._hierarchy.external_bases for base in order) else MISMATCH

    def _foreign(self, given: Known, wanted: Known) -> float:
        """A type from elsewhere for a class of the program."""
        if self.converts is not None and not self._converting:
            return self._converted(given, wanted)
        return MISMATCH if given.text in self._literals or (self._closed and given.qualified) else UNKNOWN_MATCH

    def _texts(self, given: Known, wanted: Known) -> float:
        namesakes = self._closed and given.qualified and wanted.qualified and given.qualified != wanted.qualified
        if given.text and given.text == wanted.text and not namesakes:
            return SAME
        numbers = self._traits.numbers
        if given.text in numbers and wanted.text in numbers:
            distance = numbers.index(wanted.text) - numbers.index(given.text)
            return WIDER - DISTANCE * distance if distance > 0 else NARROWER if self._traits.narrowing else MISMATCH
        if given.text in self._primitives and wanted.text in self._primitives:
            return MISMATCH
        if self._boxes:
            boxed = self._unboxed(given, wanted)
            if boxed is not None:
                return boxed
        return self._library_types(given, wanted)

    def _unboxed(self, given: Known, wanted: Known) -> float | None:
        """A number for an object or the other way round; None when neither is a number."""
        if given.text in self._primitives:
            box = self._boxes.get(given.text, "")
            if box == wanted.text:
                return BOXED
            above = {name.rpartition(".")[2] for name in self._library.ancestors(f"{self._traits.builtins_package}.{box}")}
            return BOXED - DISTANCE if wanted.text in above else MISMATCH if wanted.qualified else UNKNOWN_MATCH
        if wanted.text in self._primitives:
            inner = next((plain for plain, box in self._boxes.items() if box == given.text), "")
            if inner == wanted.text:
                return BOXED
            numbers = self._traits.numbers
            wider = inner in numbers and wanted.text in numbers and numbers.index(inner) < numbers.index(wanted.text)
            return BOXED - DISTANCE if wider else MISMATCH if given.qualified else UNKNOWN_MATCH
        return None

    def _library_types(self, given: Known, wanted: Known) -> float:
        ancestors = self._library.ancestors(given.qualified) if given.qualified else {}
        if wanted.qualified in ancestors:
            return WIDER - DISTANCE * ancestors[wanted.qualified]
        if ancestors and wanted.qualified:
            return MISMATCH
        if given.text in self._literals and wanted.text in self._literals:
            return MISMATCH
        return CONVERTED if given.text in self._traits.texts and wanted.text in self._texts_outside else UNKNOWN_MATCH
