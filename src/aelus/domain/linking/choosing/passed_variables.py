"""Arguments that are variables themselves, which caller and function say both: `Take(ref a)` means `Take(ref A a)`.

Source: ECMA-334, "Argument lists": a value is passed to a value parameter, `ref` to `ref`, `out` to `out`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import UNION
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.program import Program

MARKED: Final = r"[(,]\s*({words})\s[^,()]*?\b(\w+)\s*(?=[,)=])"


class PassedVariables:
    """Tells functions apart by what they take so."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._patterns = {
            traits.name: re.compile(MARKED.format(words="|".join(traits.reference_words)))
            for traits in program.languages
            if traits.reference_words
        }
        self._marks: dict[int, dict[str, str]] = {}

    def alike(self, given: Sequence[int], functions: Mapping[int, int], traits: LanguageTraits) -> list[int]:
        """Those of the functions, each with the number of its parameters before the arguments, that take all of these as they are given;
        all where none does.
        """
        program = self._program
        words = [program.texts[argument] if program.forms[argument] == UNION else "" for argument in given]
        return [d for d, before in functions.items() if self._takes(d, before, words, traits)] or list(functions)

    def _takes(self, function: int, before: int, words: Sequence[str], traits: LanguageTraits) -> bool:
        marks = self._marks_of(function, traits)
        if not marks:
            return not any(words)
        parameters = self._program.definitions[function].parameters[before:]
        return all(marks.get(parameter.name, "") == word for parameter, word in zip(parameters, words, strict=False))

    def _marks_of(self, function: int, traits: LanguageTraits) -> dict[str, str]:
        """Parameter → the word that it is marked with."""
        known = self._marks.get(function)
        if known is None:
            signature = self._program.definitions[function].signature
            known = self._marks[function] = {match[2]: match[1] for match in self._patterns[traits.name].finditer(signature)}
        return known
