"""Members whose names a text can be of which parts are not known: `getattr(self, "visit_" + kind)`."""

from __future__ import annotations

import re
from itertools import islice

from aelus.domain.facts import UNKNOWN_PART
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import VALUES_PER_SLOT
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, MODULE, SHIFT


class Patterns:
    """Finds the functions that a module, class or instance has under such names."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy

    def matching(self, holder: int, text: str) -> list[str]:
        """Their names; none where there are more than a name can hold."""
        pattern = re.compile(re.escape(text).replace(re.escape(UNKNOWN_PART), r"\w+"))
        fitting = (name for name, member in self._members(holder).items() if pattern.fullmatch(name) and self._is_function(member))
        found = list(islice(fitting, VALUES_PER_SLOT))
        return found if len(found) < VALUES_PER_SLOT else []

    def _members(self, holder: int) -> dict[str, int]:
        tag, index, program = holder & MASK, holder >> SHIFT, self._program
        if tag == MODULE:
            return {name: slot for (scope, name), slot in program.locals[index].items() if scope == 0}
        if tag not in (INSTANCE_OF, DEF) or not program.is_class(index):
            return {}
        owners = reversed(self._hierarchy.order(index))
        return {name: slot for owner in owners for name, slot in (self._names.class_members[owner] or {}).items()}

    def _is_function(self, member: int) -> bool:
        return any(self._program.is_function(definition) for definition in self._program.bound.get(member, ()))
