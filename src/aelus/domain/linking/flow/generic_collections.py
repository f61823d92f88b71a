"""What instances of generic classes are besides: a `Tree<Key>` that is an `IEnumerable<T>` holds keys, a `Guard<Key>` stands for a key."""

from __future__ import annotations

from aelus.domain.facts import GENERIC, UNKNOWN, YIELD
from aelus.domain.linking.classes.container_classes import FORMS, ContainerClasses
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.flow.generics import Generics
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, Containers
from aelus.domain.linking.types.substitution import Substitution
from aelus.domain.linking.values import DEF, MASK, OBJECT, SHIFT, value


class GenericCollections:
    """Has a container for each of them, by their type arguments."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        generics: Generics,
        substitution: Substitution,
        containers: Containers,
        constraints: Constraints,
        propagation: Propagation,
        classes: ContainerClasses,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._generics = generics
        self._substitution = substitution
        self._containers = containers
        self._constraints = constraints
        self._propagation = propagation
        self._classes = classes
        self._known: dict[int, int] = {}
        self._behind: dict[int, list[tuple[int, int]]] = {}
        protocols = {traits.name: dict(traits.protocols) for traits in program.languages}
        self._stand_for = {name: table.get("stands_for", "") for name, table in protocols.items()}
        self._steps = {name: table.get("next", "") for name, table in protocols.items()}

    def of(self, receiver: int) -> int:
        """The container that an instance of a generic class is; -1 for other ones."""
        known = self._known.get(receiver)
        if known is None:
            known = self._known[receiver] = self._find(receiver)
        return known

    def behind(self, receiver: int, name: str) -> list[int]:
        """Slots of what an instance of a generic class stands for that has no member of the name, where its type arguments say it."""
        known = self._behind.get(receiver)
        if known is None:
            known = self._behind[receiver] = self._find_behind(receiver)
        return [held for definition, held in known if not self._hierarchy.declares(definition, name)]

    def _find_behind(self, receiver: int) -> list[tuple[int, int]]:
        """(class, slot of what an instance stands for)."""
        program, found = self._program, list[tuple[int, int]]()
        traits = program.traits[program.file_of_slot(receiver >> SHIFT)]
        stands = traits.generic_implementations and self._stand_for[traits.name]
        for inner in self._names.static(receiver >> SHIFT) if stands else ():
            definition = inner >> SHIFT
            if inner & MASK != DEF or not program.is_class(definition):
                continue
            for method in self._hierarchy.methods(definition, self._stand_for[traits.name]):
                found.append((definition, self._result(receiver, definition, method)))
        return found

    def _find(self, receiver: int) -> int:
        program = self._program
        for inner in self._names.static(receiver >> SHIFT):
            if inner & MASK != DEF or not program.is_class(inner >> SHIFT):
                continue
            for owner in self._hierarchy.order(inner >> SHIFT):
                for kind, base in self._classes.bases_of(owner):
                    if program.forms[base] == GENERIC:
                        return self._make(receiver, owner, kind, base)
            if made := self._make_stepped(receiver, inner >> SHIFT):
                return made
        return -1

    def _make_stepped(self, receiver: int, definition: int) -> int:
        """The sequence of what the steps of an iterator return, taken out of what says whether there is any; 0 where it is none."""
        program, traits = self._program, self._program.traits[self._program.file_of_definition[definition]]
        steps = self._hierarchy.methods(definition, self._steps[traits.name]) if traits.generic_implementations and traits.next_key else ()
        if len(steps) != 1 or program.definitions[steps[0]].returns == UNKNOWN:
            return 0
        made = value(OBJECT, program.derived_slot(receiver >> SHIFT, YIELD, "", ()))
        stepped = self._constraints.step(self._result(receiver, definition, steps[0]), f"[{traits.next_key}]")
        self._propagation.connect(stepped, self._containers.field(made, ANY_KEY))
        return made

    def _result(self, receiver: int, definition: int, method: int) -> int:
        """A slot of what a method returns by the type arguments of its receiver."""
        program, held = self._program, self._program.new_slot(HELD)
        result = program.first_slot[program.file_of_definition[method]] + program.definitions[method].returns
        arguments = self._generics.renamed.given(method, self._generics.arguments_of(receiver, definition))
        self._substitution.hold(result, arguments, held)
        return held

    def _make(self, receiver: int, owner: int, kind: str, base: int) -> int:
        program = self._program
        made = value(OBJECT, program.derived_slot(base, FORMS[kind], "", ()))
        element = program.first_of_slot[base] + program.parts[base][-1]
        self._substitution.hold(element, self._generics.arguments_of(receiver, owner), self._containers.field(made, ANY_KEY))
        return made
