"""Which of several methods of one name a receiver means that differ in how often their own type is a reference.

Methods for `T`, `&T` and `&mut T` are told apart by what they are called on: those come first that take it as it is, then those that take a
reference to it, then those of what it refers to.

Source: The Rust Reference, "Method-call expressions".
"""

from __future__ import annotations

import re
from typing import Final

from aelus.domain.facts import CALL, INDEX, LOCAL, MEMBER, NEW, Definition
from aelus.domain.linking.program import Program

BORROWED: Final = "borrowed"
"""Modifier of methods that are declared for a reference to their type."""
RECEIVER: Final = re.compile(r"\(\s*(&?)[^,()]*?\bself\b")
HELD_BY_VALUE: Final = (MEMBER, INDEX, NEW)


class References:
    """Counts references."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def nearest(self, slot: int, methods: list[int], caller: int) -> list[int]:
        """Of the methods that a call can mean, those whose own type is the nearest to the receiver's."""
        callee = self._program.part(slot)
        if len(methods) < 2 or self._program.forms[callee] != MEMBER:  # noqa: PLR2004 - nothing to choose
            return methods
        own = [self._own(method) for method in methods]
        given = self._of(self._program.part(callee), caller) if len(set(own)) > 1 else None
        if given is None:
            return methods
        ranks = [(kind != given, kind != given + 1, kind != given - 1) for kind in own]
        return [method for method, rank in zip(methods, ranks, strict=True) if rank == min(ranks)]

    def _own(self, method: int) -> int:
        """References that a method's receiver is behind."""
        entry = self._program.definitions[method]
        return (BORROWED in entry.modifiers) + self._is_taken_by_reference(entry)

    def _is_taken_by_reference(self, entry: Definition) -> bool:
        match = RECEIVER.search(entry.signature)
        return match is not None and bool(match.group(1))

    def _of(self, slot: int, caller: int) -> int | None:
        """References that a value is behind; None where it is not known."""
        program, form = self._program, self._program.forms[slot]
        if form in HELD_BY_VALUE:
            return 0
        if form == CALL:
            return None
        if form != LOCAL or caller < 0:
            return None
        entry, first = program.definitions[caller], program.first_slot[program.file_of_definition[caller]]
        variable = program.variable_of(slot)
        position = next((p for p, parameter in enumerate(entry.parameters) if first + parameter.variable == variable), -1)
        if position < 0:
            return None
        name = entry.parameters[position].name
        if name == "self":
            return self._own(caller)
        written = re.search(rf"\b{re.escape(name)}\s*:\s*(&*)", entry.signature)
        return len(written.group(1)) if written is not None else None
