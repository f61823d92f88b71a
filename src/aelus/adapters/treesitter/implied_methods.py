"""What methods do that a declaration stands for: those that read or store a member, or pass on what they are given."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft
from aelus.domain.facts import BLOCK, CALL, CALL_REFERENCE, LOCAL, MEMBER, RETURN, SPREAD, THIS

GIVEN: Final = "value"
"""Parameter that such a method has."""


class ImpliedMethods:
    """Says what they do, as if they were written."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._lowering = draft.lowering
        self._scopes = draft.scopes
        self._suffix = draft.rules.setter_suffix

    def fill(self, number: int, draft: DefinitionDraft) -> None:
        """Fill a definition of a class in, if it is such a method."""
        if draft.returned_member:
            self._fill_accessor(number, draft)
        elif draft.stored_member:
            self._fill_writer(number, draft)
        elif "holder" in draft.captures:
            self._fill_delegate(number, draft)

    def _fill_accessor(self, number: int, draft: DefinitionDraft) -> None:
        """It returns a member of the receiver, and what is assigned to its own name is put there."""
        add = self._draft.expressions.add
        receiver = add(THIS, "", (draft.parent,))
        held = add(MEMBER, draft.returned_member + draft.name, (receiver,))
        self._draft.flow(add(RETURN, "", (number,)), held)
        self._draft.flow(held, add(LOCAL, draft.name, (draft.scope,)))

    def _fill_writer(self, number: int, draft: DefinitionDraft) -> None:
        """It puts what it is given into a member of the receiver, and returns it."""
        add = self._draft.expressions.add
        given = self._scopes.declare(draft.body, GIVEN)
        draft.parameters.append((GIVEN, given, 0, 0, "positional"))
        name = draft.name.removesuffix(self._suffix)
        self._draft.flow(add(MEMBER, draft.stored_member + name, (add(THIS, "", (draft.parent,)),)), given)
        self._draft.flow(add(RETURN, "", (number,)), given)

    def _fill_delegate(self, number: int, draft: DefinitionDraft) -> None:
        """It passes all that it is given on to a method of what a member of the receiver holds."""
        add, called = self._draft.expressions.add, draft.captures.get("called")
        receiver, given = add(THIS, "", (draft.parent,)), self._scopes.declare(draft.body, GIVEN)
        draft.parameters.append((GIVEN, given, 0, 0, "rest"))
        holder = add(MEMBER, self._symbol(draft.captures["holder"][0]), (receiver,))
        method = add(MEMBER, self._symbol(called[0]) if called else draft.name, (self._read(holder, number, draft),))
        call = add(CALL, BLOCK, (method, add(SPREAD, "", (given,)), self._scopes.declare(draft.body, BLOCK)))
        self._draft.flow(add(RETURN, "", (number,)), call)
        self._draft.references.append((CALL_REFERENCE, call, self._draft.line(draft.name_start), draft.name_start, number))

    def _symbol(self, node: Node) -> str:
        return self._draft.expressions.entries[self._lowering.lower(node, 0)][1]

    def _read(self, member: int, number: int, draft: DefinitionDraft) -> int:
        """The value of a member: what a method of its name returns, where those of fields are written with a mark."""
        if not self._draft.expressions.entries[member][1][:1].isalpha():
            return member
        call = self._draft.expressions.add(CALL, "", (member,))
        self._draft.references.append((CALL_REFERENCE, call, self._draft.line(draft.name_start), draft.name_start, number))
        return call
