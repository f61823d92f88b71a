"""Members of what comes from elsewhere: symbols of packages, types of the library, and what the program adds to tables of the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, FREE, LITERAL, LOCAL, MEMBER, SEQUENCE
from aelus.domain.linking.classes.extensions import Extensions
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.values import DEF, EXTERNAL, EXTERNAL_INSTANCE, MASK, SHIFT, value

JOINED: Final = "__concat"
"""Operator whose result is a text where its operands say nothing else."""
STEPS: Final = 16
"""Expressions that are looked at for a text."""


class LibraryMembers:
    """Lets them reach the expressions that name them."""

    __deletable__ = ("_behind", "collection_of")

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        containers: Containers,
        summaries: Summaries,
        extensions: Extensions,
        stores: dict[int, int],
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._summaries = summaries
        self._extensions = extensions
        self._stores = stores
        self.collection_of: Callable[[int], int]
        """`GenericCollections.of`: the container that an instance of a generic class is."""
        self._behind: Callable[[int, str], list[int]]
        self._added = self._find_added()
        """(table of the library, name) of the members that the program adds."""
        self._memberless = frozenset(name for traits in program.languages for name in traits.memberless_types)
        self._open = frozenset(name for traits in program.languages for name in traits.open_types)
        self._made_prototype = -1
        """A sequence that stands for what all have; it holds nothing."""
        self._seed_texts()

    def take_collections(self, collection_of: Callable[[int], int], behind: Callable[[int, str], list[int]]) -> None:
        """Take what is known of instances of generic classes, by `GenericCollections`."""
        self.collection_of, self._behind = collection_of, behind

    def let_go(self) -> None:
        """See `ValueFlow.let_go`."""
        del self.collection_of, self._behind

    def take(self, slot: int, holder: int, name: str) -> None:
        """A member of a symbol or of an instance of a type from elsewhere."""
        tag, index = holder & MASK, holder >> SHIFT
        if (index, name) in self._added or (tag == EXTERNAL_INSTANCE and self._names.externals.entries[index].qualified_name in self._open):
            self._take_added(slot, value(EXTERNAL, index), name)
            return
        if tag == EXTERNAL and name in self._hierarchy.outer_statics and self._extensions.take_static(slot, index, name):
            return
        if name in self._hierarchy.extensions and self._extensions.take_member(slot, holder, name):
            return
        file = self._program.file_of_slot(slot)
        traits = self._program.traits[file]
        if name and name == traits.prototype and tag == EXTERNAL and self._is_sequences(index, slot, traits.sequence_type):
            self._propagation.add(slot, self._prototype())
        if tag == EXTERNAL and self._summaries.library.is_open(file, index):
            return
        for child in self._names.member(value(EXTERNAL, index), name).values:
            held = self._summaries.library.attribute(file, child >> SHIFT) if tag == EXTERNAL_INSTANCE else ""
            if held:
                self._summaries.constraints.hold_external(slot, file, held)
            elif tag == EXTERNAL or not self._summaries.library.lacks(slot, child >> SHIFT):
                self._propagation.add(slot, child)

    def _is_sequences(self, external: int, slot: int, written: str) -> bool:
        """Whether something from elsewhere is the language's own type of sequences."""
        return bool(written) and value(EXTERNAL, external) in self._names.builtin(self._program.file_of_slot(slot), written).values

    def _prototype(self) -> int:
        if self._made_prototype < 0:
            self._made_prototype = self._summaries.constraints.container(SEQUENCE)
            self._summaries.constraints.note_instance(self._made_prototype, pairs=False)
        return self._made_prototype

    def take_of_type(self, slot: int, holder: int, name: str) -> None:
        """A member of a container's type, unless the type is known to have none of this name, or the receiver is declared to be another."""
        if self._propagation.containing.get(self._program.part(slot), holder) != holder:
            return
        if name in self._hierarchy.extensions:
            self._extensions.take_outer(slot, holder, name)
        if self._names.externals.entries[holder >> SHIFT].qualified_name in self._memberless:
            return
        member = self._names.member(holder, name).values[0]
        if not self._summaries.library.lacks(slot, member >> SHIFT):
            self._propagation.add(slot, member)

    def take_of_parameter(self, slot: int, holder: int, name: str) -> None:
        """A method of any value, of one whose type is a type parameter: what its bounds have comes first."""
        self._take_of_collection(slot, holder, name)
        for behind in self._behind(holder, name):
            self._propagation.connect(self._summaries.constraints.step(behind, f".{name}"), slot)
        bounds = self._names.static(holder >> SHIFT) if self._program.forms[holder >> SHIFT] == LOCAL else ()
        own = (i >> SHIFT for i in bounds if i & MASK == DEF and self._program.is_class(i >> SHIFT))
        if not bounds or any(self._hierarchy.methods(definition, name) for definition in own):
            return
        method = self._summaries.method(slot, holder, name)
        if method is not None:
            self._propagation.add(slot, method)

    def _take_of_collection(self, slot: int, holder: int, name: str) -> None:
        """A method of a container that an instance of a generic class is, which has none of the name itself."""
        container = self.collection_of(holder)
        classes = [inner >> SHIFT for inner in self._names.static(holder >> SHIFT) if inner & MASK == DEF] if container >= 0 else []
        if not classes or any(self._hierarchy.methods(definition, name) for definition in classes if self._program.is_class(definition)):
            return
        method = self._summaries.method(slot, container, name)
        if method is not None:
            self._propagation.add(slot, method)

    # --- what the program adds ----------------------------------------------------------------------------------------------------------

    def _find_added(self) -> frozenset[tuple[int, str]]:
        program, found = self._program, set[tuple[int, str]]()
        if not any(traits.metatables for traits in program.languages):
            return frozenset()
        for target in program.sources:
            table = self._table(target) if program.forms[target] == MEMBER else -1
            if table >= 0 and not self._is_known(target, table):
                found.add((table, program.texts[target]))
        return frozenset(found)

    def _table(self, member: int) -> int:
        """The table of the library whose member an expression names, or -1."""
        program, holder = self._program, self._program.part(member)
        file = program.file_of_slot(member)
        if program.forms[holder] != FREE or not program.traits[file].metatables:
            return -1
        found = self._names.anywhere(file, program.texts[holder]).values
        return found[0] >> SHIFT if len(found) == 1 and found[0] & MASK == EXTERNAL else -1

    def _is_known(self, target: int, table: int) -> bool:
        """Whether the library has a function of this name itself, which the program replaces."""
        name = f"{self._names.externals.entries[table].qualified_name}.{self._program.texts[target]}"
        return self._summaries.library.knows_function(self._program.file_of_slot(target), name)

    def _take_added(self, slot: int, table: int, name: str) -> None:
        field = self._containers.field(table, name)
        if slot in self._stores:
            self._propagation.connect(self._stores[slot], field)
        self._propagation.connect(field, slot)

    def _seed_texts(self) -> None:
        """Texts have the members of the table of texts, and what the program adds to it: variables that hold one are asked for them."""
        program = self._program
        if not any(traits.metatables for traits in program.languages):
            return
        for slot in program.by_form[MEMBER]:
            holder, file = program.part(slot), program.file_of_slot(slot)
            if program.forms[holder] in (LOCAL, CALL) and program.traits[file].metatables:
                for inner in self._names.builtin(file, program.traits[file].text_type).values:
                    table = inner >> SHIFT
                    if ((table, program.texts[slot]) in self._added or self._is_known(slot, table)) and self._is_text(holder):
                        self._propagation.add(holder, value(EXTERNAL_INSTANCE, table))

    def _is_text(self, holder: int) -> bool:
        """Whether an expression holds a constant that is a text, or what is joined to one."""
        program, work = self._program, [holder]
        for slot in work:
            form = program.forms[slot]
            if form == CONSTANT and not program.texts[slot].replace(".", "").isdigit():
                return True
            if form == CALL and program.forms[program.part(slot)] == MEMBER and program.texts[program.part(slot)] == JOINED:
                return True
            if form == LITERAL and program.texts[slot] == program.traits[program.file_of_slot(slot)].text_type:
                return True
            sources = program.sources.get(slot, ()) if form == LOCAL else ()
            work.extend(source for source in sources[: max(0, STEPS - len(work))] if source not in work)
        return False
