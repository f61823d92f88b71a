"""Elements of containers that are members by their position: parts of tuples and pairs."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import GENERIC, SEQUENCE
from aelus.domain.linking.program import Program

NAMING: Final = frozenset({GENERIC, SEQUENCE})
"""Forms whose text may name their elements."""
ENTRY: Final = "entry"
"""Text of the pair that a loop over a mapping yields."""
PAIR_PARTS: Final = 3
"""Parts of a generic type with two arguments."""


def position_key(program: Program, slot: int, container: int, name: str, every: str) -> str:
    """The key of an element that is a member by its position; `every` of those of a mapping, whose keys are no values of the program."""
    traits = program.traits[program.file_of_slot(slot)]
    if traits.positions and program.forms[container] in NAMING and name in (named := program.texts[container].split(",")):
        return str(named.index(name))
    if name in traits.pair_members and _is_pair(program, container, mapping=bool(every)):
        return str(traits.pair_members.index(name))
    if name not in traits.positions:
        return name
    if every:
        return every if name == traits.positions[-1] else name
    return str(traits.positions.index(name))


def _is_pair(program: Program, container: int, *, mapping: bool) -> bool:
    """Whether a container is what a loop over a mapping yields, or declared to be of a type with two arguments."""
    if program.forms[container] == GENERIC:
        return len(program.parts[container]) == PAIR_PARTS and not mapping
    return program.forms[container] == SEQUENCE and program.texts[container] == ENTRY


def named_element(program: Program, declared: int) -> int:
    """The type of the elements of a container, where it is a tuple that names its parts; else -1."""
    if program.forms[declared] != GENERIC:
        return -1
    element = program.first_of_slot[declared] + program.parts[declared][-1]
    return element if program.forms[element] == GENERIC and program.texts[element] else -1
