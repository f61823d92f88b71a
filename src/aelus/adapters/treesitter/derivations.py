"""What a binding takes from its value, where that is not the value itself: an element, a key, an instance of a type."""

from __future__ import annotations

from typing import Final

from aelus.adapters.treesitter.draft import Place
from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.facts import AWAITED, CONSTANT, ENTER, INDEX, INSTANCE, ITERATE, KEYS, MEMBER, RAISED, SEQUENCE, UNION

CAUGHT: Final = "caught"
DERIVED: Final = {"each": ITERATE, "part": INDEX, "keys": KEYS, "enter": ENTER, "instance": INSTANCE, CAUGHT: INSTANCE}
"""Kind of binding → form of what it takes; `assign` takes the value itself."""


def derived(lowering: Lowering, place: Place, definition: int, value: int) -> int:
    """The expression of what a binding in a definition takes from a value; a handler may say no type."""
    detail = place.role.detail
    form = DERIVED.get(detail)
    if form is None or not (value or detail == CAUGHT):
        return value
    kind, _, parts = lowering.expressions.entries[value]
    text, behind = (RAISED, _tried(lowering, place, definition)) if detail == CAUGHT else (awaited(place), ())
    if form == INSTANCE and kind in (SEQUENCE, UNION):
        return lowering.union(dict.fromkeys([lowering.expressions.add(form, text, (part, *behind)) for part in parts if part]))
    return lowering.expressions.add(form, text, (value, *behind))


def awaited(place: Place) -> str:
    """Text of what is entered: whether the pattern captured the word that says that this is awaited."""
    return AWAITED if "awaits" in place.captures else ""


def _tried(lowering: Lowering, place: Place, definition: int) -> tuple[int, ...]:
    """The region whose exceptions a handler is for, where the pattern captures it."""
    regions = place.captures.get("within", ())
    return tuple([lowering.expressions.add(CONSTANT, f"{definition} {region.start_byte} {region.end_byte}") for region in regions[:1]])


def attribute(lowering: Lowering, place: Place, declared: int) -> int:
    """What an instance of a type has under a name, or at the place that a pattern has among its parts."""
    add = lowering.expressions.add
    made, members = add(INSTANCE, "", (declared,)), place.captures.get("member")
    if members:
        return add(MEMBER, lowering.text(members[0]), (made,))
    parts = [part.start_byte for part in lowering.parts(place.node)]
    position = parts.index(place.captures["part"][0].start_byte) - 1
    return add(INDEX, "", (made, add(CONSTANT, str(position))))
