"""Functions, methods and classes that are named in another case than they are declared in: `$this->getId()` runs `getID`.

Where no definition is spelt like what is called, and all that differ from it in case alone are spelt alike, the name is read as theirs.
Source: the PHP manual, "User-defined functions" and "Classes/Objects": their names are case-insensitive, those of variables are not.
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, FREE, IMPORT, INSTANCE, MEMBER, NEW
from aelus.domain.linking.program import FUNCTION_KINDS, Program

HOLDING: Final = frozenset({FREE, IMPORT})
CALLED: Final = HOLDING | {MEMBER}
SEVERAL: Final = ""
"""Stands for definitions that are spelt differently."""


def read_in_any_case(program: Program) -> None:
    """Spell names of callees, of types, and of what members are taken of, as they are declared."""
    files = {file for file, traits in enumerate(program.traits) if traits.any_case}
    meant = _meant(program, files) if files else {}
    for slot in _named(program) if meant else ():
        known = meant.get(program.texts[slot], SEVERAL)
        if known and program.file_of_slot(slot) in files:
            program.texts[slot] = known


def _meant(program: Program, files: set[int]) -> dict[str, str]:
    """Names that no definition has → what is spelt like them but for the case; with their packages, too."""
    exact, spelt = set[str](), dict[str, str]()
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        if file in files:
            exact.add(entry.name)
            if entry.kind in FUNCTION_KINDS or program.is_class(definition):
                package = program.units[file].facts.package
                for name in (entry.name, f"{package}.{entry.name}") if entry.parent < 0 else (entry.name,):
                    exact.add(name)
                    low = name.lower()
                    spelt[low] = name if spelt.get(low, name) == name else SEVERAL
    texts = {program.texts[slot] for form in CALLED for slot in program.by_form[form]}
    return {text: known for text in texts - exact if (known := spelt.get(text.lower(), SEVERAL))}


def _named(program: Program) -> set[int]:
    """Names of what is called or made, of what a member is taken of, and of types; a member itself only where it is called."""
    found = {program.part(slot) for slot in program.by_form[CALL]}
    holders = {program.part(slot) for form in (NEW, MEMBER, INSTANCE) for slot in program.by_form[form]}
    holders.update(written for types in program.declared.values() for written in types)
    for definition, entry in enumerate(program.definitions):
        first = program.first_slot[program.file_of_definition[definition]]
        holders.update(first + written for written in [entry.returns, *entry.bases, *entry.interfaces])
    return {slot for slot in found if program.forms[slot] in CALLED} | {slot for slot in holders if program.forms[slot] in HOLDING}
