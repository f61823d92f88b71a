"""Items that attributes leave out of a program: `#[cfg(windows)] fn …`.

All are read, as all branches of a preprocessor are; `branches` says what comes of it.

Source: The Rust Reference, "Conditional compilation".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tree_sitter import Node

from aelus.domain.conditions import decided
from aelus.domain.facts import CONDITION, LEFT_OUT

Region = tuple[int, int, str]
"""(first byte, byte behind the end, modifier of what is defined there)."""


def items_left_out(source: bytes, root: Node, attribute: re.Pattern[bytes], predefined: Mapping[str, int], switch: str) -> list[Region]:
    """Items behind attributes whose condition (group 1) does not hold, or depends on words that begin with `switch`."""
    stated = list[Region]()
    for match in attribute.finditer(source):
        condition = match.group(1).decode(errors="replace")
        item = _item_behind(root, match.start()) if _modifier(condition, predefined, switch) else None
        if item is not None:
            stated.append((item.start_byte, item.end_byte, condition))
    return regions_left_out(stated, predefined, switch)


def regions_left_out(stated: Iterable[Region], predefined: Mapping[str, int], switch: str) -> list[Region]:
    """Of regions with conditions, those whose condition does not hold, or depends on words that begin with `switch`."""
    found = ((start, end, _modifier(condition, predefined, switch)) for start, end, condition in stated)
    return [(start, end, modifier) for start, end, modifier in found if modifier]


def _modifier(condition: str, predefined: Mapping[str, int], switch: str) -> str:
    """What is said of an item that stands under a condition; nothing where this holds."""

    def decide(word: str) -> bool | None:
        return None if switch and word.startswith(switch) else predefined.get(word, predefined.get(f"{word.partition('=')[0]}=*", 0)) > 0

    holds = decided(condition, decide)
    text = re.sub(r"[\s\"]+", "", condition)
    return "" if holds else LEFT_OUT if holds is False else f"{CONDITION}{text}"


def _item_behind(root: Node, place: int) -> Node | None:
    """What an attribute that begins there is about: the next thing that is no attribute or comment."""
    node = root.descendant_for_byte_range(place, place + 1)
    while node is not None and "attribute" not in node.type:
        node = node.parent
    while node is not None and node.parent is not None and not node.type.endswith("attribute_item"):
        node = node.parent
    following = node.next_named_sibling if node is not None else None
    while following is not None and ("attribute" in following.type or "comment" in following.type):
        following = following.next_named_sibling
    return following
