"""Patterns that depend on how many places of their kind a file has: the only namespace of a file, or one of several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from aelus.adapters.treesitter.draft import Place


def counted(places: Sequence[Place]) -> list[Place]:
    """Without those places that depend on how many there are, where it is another number; of several, each reaches up to the next."""
    numbered = [place for place in places if place.role.settings.get("count") == "several"]
    wanted = (None, "one" if len(numbered) == 1 and _is_alone(numbered[0]) else "several")
    ends = {place.node.id: -later.start for place, later in pairwise(numbered)}
    return [
        place._replace(end=min(place.end, ends.get(place.node.id, _end_around(place)))) if _reaches_on(place) else place
        for place in places
        if place.role.settings.get("count") in wanted
    ]


def _is_alone(place: Place) -> bool:
    """Whether nothing beside is of its kind: a block without a name has no place and counts too."""
    around = place.node.parent
    return around is None or sum(child.kind_id == place.node.kind_id for child in around.named_children) == 1


def _reaches_on(place: Place) -> bool:
    return place.role.settings.get("count") == "several" and place.node.child_by_field_name("body") is None


def _end_around(place: Place) -> int:
    around = place.node.parent
    return place.end if around is None else -around.end_byte
