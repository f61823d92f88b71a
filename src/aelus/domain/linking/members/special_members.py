"""Members that every value has by the language: its class, and the table of its members."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MAPPING
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, EVERY_KEY, RESERVED, Containers
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, MODULE, SHIFT, value

OPERATIONS: Final = ("class", "table")
"""Protocols that name such members."""


class SpecialMembers:
    """Lets them reach the expressions that name them."""

    def __init__(self, program: Program, propagation: Propagation, containers: Containers, constraints: Constraints) -> None:
        self._program = program
        self._propagation = propagation
        self._constraints = constraints
        protocols = [dict(traits.protocols) for traits in program.languages]
        self.names: dict[str, str] = {table[each]: each for table in protocols for each in OPERATIONS if each in table}
        """Name → which of them it is."""
        self._tables: dict[int, int] = {}
        """Value → the container that its table is."""
        self._held: dict[int, int] = {}
        """Such a container → a slot of the value whose table it is."""
        self._containers = containers
        containers.join_table, containers.read_table = self._join, self._read

    def take(self, slot: int, holder: int, name: str) -> bool:
        """The `MEMBER` expression `slot` meets a value; false where the member is none of these."""
        tag, operation = holder & MASK, self.names[name]
        if operation == "class":
            if tag == INSTANCE_OF:
                self._propagation.add(slot, value(DEF, holder >> SHIFT))
            return tag == INSTANCE_OF
        if tag == MODULE:
            self._propagation.add(slot, holder)
        elif tag == INSTANCE_OF or (tag == DEF and self._program.is_class(holder >> SHIFT)):
            self._propagation.add(slot, self._table(slot, holder))
        else:
            return False
        return True

    def _table(self, slot: int, holder: int) -> int:
        table = self._tables.get(holder)
        if table is None:
            table = self._tables[holder] = self._constraints.container(MAPPING)
            held = self._held[table] = self._program.derived_slot(slot, HELD, "", ())
            self._propagation.add(held, holder)
            self._containers.tables.add(table)
        return table

    def _join(self, table: int, name: str, field: int) -> None:
        """What is put at a key of a table becomes the member of that name."""
        if name not in (ANY_KEY, EVERY_KEY) and not name.startswith(RESERVED):
            self._constraints.store(field, self._constraints.step(self._held[table], f".{name}"))

    def _read(self, table: int, name: str, slot: int) -> None:
        """What is asked for at a key of a table is the member of that name."""
        self._propagation.connect(self._constraints.step(self._held[table], f".{name}"), slot)
