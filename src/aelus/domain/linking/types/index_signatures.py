"""What an interface says of the members that it does not name: `[key: string]: T`."""

from __future__ import annotations

from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program

MARK: Final = "["
"""How the name of such a field begins."""


def stands_for_all(name: str) -> bool:
    """Whether a field of this name stands for all that are not named: it is no member that a computed name means, `[Symbol.a]`."""
    return name.startswith(MARK) and "." not in name


class IndexSignatures:
    """Finds the field that stands for all of them."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._known: dict[int, str] = {}
        self._any = any(entry.kind == "Field" and stands_for_all(entry.name) for entry in program.definitions)

    def of(self, definition: int) -> str:
        """Name of the field, of a type or of one that it extends; empty where there is none."""
        if not self._any or not self._program.is_class(definition):
            return ""
        known = self._known.get(definition)
        if known is None:
            owners = (owner for owner in self._hierarchy.order(definition) if self._program.definitions[owner].kind == "Interface")
            found = (name for owner in owners for name in self._names.class_members[owner] or () if stands_for_all(name))
            known = self._known[definition] = next(found, "")
        return known
