"""Where the text of a program stores members: what is assigned to `x.name`, and to `self.name` by which method."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import CALL, MEMBER, SUPER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program


class StoredMembers:
    """Looks stores up by the name of the member; they are gathered where classes are called to make instances."""

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self.parameters = program.parameters
        self._by_name: dict[str, list[int]] = {}
        self._chained: dict[int, list[int]] | None = None
        if any(traits.call_constructs or traits.literal_instances for traits in program.languages):
            for target in program.sources:
                if program.forms[target] == MEMBER:
                    self._by_name.setdefault(program.texts[target], []).append(target)

    @property
    def given_names(self) -> frozenset[str]:
        """Names of members that some constructor gives its own instance out of its parameters."""
        return frozenset(name for name, stores in self._by_name.items() if any(map(self._is_given, stores)))

    def _is_given(self, store: int) -> bool:
        definition = self.receiver_of(self._program.part(store))
        return definition >= 0 and self._program.definitions[definition].kind == "Constructor"

    def of(self, definition: int, name: str) -> list[int] | None:
        """The stores that may give instances of a class a member; None where methods or classes from elsewhere may have it too."""
        hierarchy, order = self._hierarchy, self._hierarchy.order(definition)
        if any(hierarchy.own_methods(owner, name) for owner in order) or hierarchy.external_bases_of(definition):
            return None
        found = []
        for store in self._by_name.get(name, ()):
            owner = hierarchy.owner.get(self.receiver_of(self._program.part(store)), -1)
            if owner < 0 or owner in order or definition in hierarchy.order(owner):
                found.append(store)
        return found

    def from_outside(self, name: str) -> bool:
        """Whether a member of this name is stored by anything but a method in its own receiver."""
        return any(self.receiver_of(self._program.part(store)) < 0 for store in self._by_name.get(name, ()))

    def receiver_of(self, variable: int) -> int:
        """The method whose receiver a variable is, or -1."""
        function, position = self.parameters.get(variable, (-1, -1))
        is_receiver = position == 0 and any(self._program.forms[source] == THIS for source in self._program.sources.get(variable, ()))
        return function if is_receiver else -1

    def chained(self, definition: int) -> Sequence[int]:
        """Calls of methods behind a class that its own methods make."""
        if self._chained is None:
            self._chained = self._find_chained()
        return self._chained.get(definition, ())

    def _find_chained(self) -> dict[int, list[int]]:
        program, found = self._program, dict[int, list[int]]()
        supers = set(program.by_form[SUPER])
        receivers = {slot: holder for slot, holder in program.with_first_parts(MEMBER) if holder in supers} if supers else {}
        for slot, callee in program.with_first_parts(CALL) if receivers else ():
            if callee in receivers:
                found.setdefault(program.definition_of(receivers[callee]), []).append(slot)
        return found
