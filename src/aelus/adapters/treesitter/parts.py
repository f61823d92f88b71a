"""What is put into parts of a value, and how a value that has methods for it is taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from aelus.adapters.treesitter.draft import FileDraft, Place
from aelus.domain.facts import CALL, INDEX, LITERAL, MEMBER, OPERATION_REFERENCE, STORE_REFERENCE


def bind_part(draft: FileDraft, place: Place, scope: int, definition: int) -> None:
    """What is no assignment to a name: a value becomes an element of what the target holds, or a member of an object that is being
    made; what a variable holds changes by steps.
    """
    if place.role.detail == "assign":
        return
    add, lowering = draft.expressions.add, draft.lowering
    if place.role.detail == "step":
        draft.flow(lowering.lower(place.captures["target"][0], scope), add(LITERAL))
        return
    held = lowering.value(place.captures["value"][0], scope)
    if place.role.detail == "element":
        holder = lowering.value(place.captures["target"][0], scope)
        draft.flow(add(INDEX, "", (holder, 0)) if holder else 0, held)
        return
    holder, name = lowering.value(place.captures["holder"][0], scope), place.captures["target"][0]
    if holder:
        target = add(MEMBER, lowering.text(name), (holder,))
        draft.flow(target, held)
        draft.references.append((STORE_REFERENCE, target, draft.line(name.end_byte - 1), name.start_byte, definition))


def take_apart(draft: FileDraft, targets: Sequence[Node], value: int, scope: int, definition: int) -> list[int]:
    """The calls that a pattern makes, for each target the one that yields it; none where one method is given all of them."""
    method, add = draft.rules.taken_apart, draft.expressions.add
    if not method or not value or not targets:
        return []
    if method.endswith("N"):
        names = [f"{method[:-1]}{number}" for number in range(1, len(targets) + 1)]
        calls = [add(CALL, "", (add(MEMBER, name, (value,)),)) for name in names]
    else:
        calls = [add(CALL, "", (add(MEMBER, method, (value,)), *(draft.lowering.lower(target, scope) for target in targets)))]
    line = draft.line(targets[-1].end_byte - 1)
    draft.references.extend((OPERATION_REFERENCE, call, line, targets[0].start_byte, definition) for call in calls)
    return calls if method.endswith("N") else []


def positions(node: Node, children: list[Node]) -> list[int]:
    """Positions of the elements of a pattern, in which some may be left out: `[, a]`."""
    commas = [child.start_byte for child in node.children if child.type == ","]
    if len(commas) < len(children):
        return list(range(len(children)))
    return [sum(1 for comma in commas if comma < child.start_byte) for child in children]
