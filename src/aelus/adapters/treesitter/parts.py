"""What is put into parts of a value, and how a value that has methods for it is taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from aelus.adapters.treesitter.draft import FileDraft, Place
from aelus.domain.facts import CALL, INDEX, LITERAL, MEMBER, OPERATION_REFERENCE, READ_REFERENCE, STORE_REFERENCE


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
    if place.role.detail == "element":
        held = lowering.value(place.captures["value"][0], scope)
        holder = lowering.value(place.captures["target"][0], scope)
        draft.flow(add(INDEX, "", (holder, 0)) if holder else 0, held)
        return
    holder = lowering.value(place.captures["holder"][0], scope)
    if holder:
        _bind_members(draft, (holder, place.captures["target"][0], place.captures["value"][0]), scope, definition)


def _bind_members(draft: FileDraft, bound: tuple[int, Node, Node], scope: int, definition: int) -> None:
    """What is assigned to a member, or put under a key, of an object that is being made; braces are for what the member holds."""
    lowering, work = draft.lowering, [bound]
    while work:
        holder, name, node = work.pop()
        target = _place_in(draft, holder, name, scope)
        line, start = draft.line(name.end_byte - 1), name.start_byte
        if lowering.form_of(node) != "sequence":
            draft.flow(target, lowering.value(node, scope))
            draft.references.append((STORE_REFERENCE, target, line, start, definition))
            continue
        draft.references.append((READ_REFERENCE, target, line, start, definition))
        for child in lowering.parts(node):
            if assigned := assigned_parts(draft, child):
                work.append((target, *assigned))
            else:
                fill(draft, target, child, scope, definition)


def _place_in(draft: FileDraft, holder: int, name: Node, scope: int) -> int:
    lowering, add = draft.lowering, draft.expressions.add
    if lowering.form_of(name) == "inner":
        return add(INDEX, "", (holder, lowering.value(name, scope)))
    return add(MEMBER, lowering.text(name), (holder,))


def assigned_parts(draft: FileDraft, node: Node) -> tuple[Node, Node] | None:
    """What is assigned to, and what is, where braces hold an assignment."""
    lowering = draft.lowering
    if lowering.form_of(node) != "assignment":
        return None
    form = lowering.forms[node.kind_id]
    left, right = lowering.part(node, form, 0), lowering.part(node, form, 1)
    return (left, right) if left is not None and right is not None else None


def nested_assignments(draft: FileDraft, node: Node) -> Iterator[int]:
    """Nodes of the assignments in braces, also in braces inside these."""
    work = [node]
    while work:
        current = work.pop()
        for child in draft.lowering.parts(current) if draft.lowering.form_of(current) == "sequence" else ():
            if assigned := assigned_parts(draft, child):
                yield child.id
                work.append(assigned[1])


def fill(draft: FileDraft, made: int, node: Node, scope: int, definition: int) -> None:
    """What a collection is made with is added to it by a method of it; several values in braces are arguments of one call."""
    lowering, add = draft.lowering, draft.expressions.add
    given = lowering.parts(node) if lowering.form_of(node) == "sequence" else [node]
    call = add(CALL, "", (add(MEMBER, draft.rules.filled, (made,)), *(lowering.value(part, scope) for part in given)))
    draft.references.append((OPERATION_REFERENCE, call, draft.line(node.end_byte - 1), node.start_byte, definition))


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
