"""Tables by slot: what the value flow knows of every slot of the program, those that are still to be made included.

Lists, not dicts: the flow looks into them millions of times, and what belongs to neighbouring slots of a file lies together.
"""

from __future__ import annotations

from typing import Final

STEP: Final = 4096
"""Entries that are added at a time."""


class SlotTables:
    """Lists of one length, with an entry for every slot.

    The last entry is never that of a slot, so that -1, which stands for no slot, holds nothing.
    """

    def __init__(self, slots: int = 0) -> None:
        self.size = slots + STEP
        self._tables: list[list[list[int] | None]] = []

    def table(self) -> list[list[int] | None]:
        """A new table, which is empty."""
        made: list[list[int] | None] = [None] * self.size
        self._tables.append(made)
        return made

    def make_room(self, slot: int) -> None:
        """Let there be entries for a slot and for some behind it."""
        more = slot + STEP - self.size
        if more > 0:
            self.size += more
            for table in self._tables:
                table.extend([None] * more)
