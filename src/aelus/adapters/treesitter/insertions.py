"""Values that a text asks for: `"%s of %r" % (a, b)`, `"{} of {name!r}".format(a, name=b)`, `println!("{} of {name:?}", a)`.

A room's `insertions` say, for the operator, method or macro, what the places look like in which a text takes values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.numbers import natural

PLACES_LIMIT: Final = 64
"""Places of one text that are looked at."""
TEXT_LIMIT: Final = 4_000
"""Bytes of a longer text are not looked at."""
ARGUMENTS_BEFORE: Final = 2
"""Arguments of a macro in front of its text."""


def inserted(lowering: Lowering, word: str, text: Node, given: Node) -> Iterator[tuple[str, Node]]:
    """Kind of operation and node of each value that is put into a text."""
    pattern = lowering.rules.insertions.get(word, "")
    if not pattern or text.end_byte - text.start_byte > TEXT_LIMIT:
        return
    positional, named = _values(lowering, given)
    number = 0
    for match in list(_pattern(pattern).finditer(lowering.raw(text).decode("utf-8", "replace")))[:PLACES_LIMIT]:
        how = match["how"] or ""
        kind = lowering.rules.insertion_kinds.get(how)
        if kind is None:
            number += how not in lowering.rules.insertion_escapes
            continue
        key = match["key"] or ""
        position = natural(key) if key else number
        if position < 0:
            node = named.get(key)
        else:
            node = positional[position] if position < len(positional) else None
            number += 1
        if node is not None:
            yield kind, node


def formatted(lowering: Lowering, word: str, listed: Sequence[Node]) -> Iterator[tuple[str, Node | bytes]]:
    """Kind of operation of each value that a macro puts into the text among its arguments, and its node, or the name in the text."""
    pattern = lowering.rules.insertions.get(word, "")
    front = listed[: ARGUMENTS_BEFORE + 1] if pattern else ()
    place = next((number for number, part in enumerate(front) if lowering.form_of(part) == "string"), -1)
    if place < 0 or listed[place].end_byte - listed[place].start_byte > TEXT_LIMIT:
        return
    positional, named = _assigned(lowering, listed[place + 1 : place + 1 + PLACES_LIMIT])
    number = 0
    for match in list(_pattern(pattern).finditer(lowering.raw(listed[place]).decode("utf-8", "replace")))[:PLACES_LIMIT]:
        kind, key = lowering.rules.insertion_kinds.get(match["how"] or ""), match["key"] or ""
        position = natural(key) if key else number
        number += not key
        if kind is not None and position < 0:
            yield kind, named.get(key, key.encode())
        elif kind is not None and position < len(positional):
            yield kind, positional[position]


def _assigned(lowering: Lowering, listed: Sequence[Node]) -> tuple[Sequence[Node], dict[str, Node]]:
    """Arguments by position, and those that are given as `name = value`."""
    positional, named = list[Node](), dict[str, Node]()
    for part in listed:
        name, value = part.child_by_field_name("left"), part.child_by_field_name("right")
        if part.type.startswith("assignment") and name is not None and value is not None:
            named[lowering.text(name)] = value
        else:
            positional.append(part)
    return positional, named


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _values(lowering: Lowering, given: Node) -> tuple[Sequence[Node], dict[str, Node]]:
    """What is given by position, and by name; values behind one that is spread are not known."""
    form = lowering.form_of(given)
    if form not in ("sequence", "arguments", "mapping"):
        return [given], {}
    positional, named = list[Node](), dict[str, Node]()
    spread = False
    for part in lowering.parts(given):
        inner = lowering.form_of(part)
        if inner in ("keyword", "pair"):
            name, value = part.child_by_field_name("name" if inner == "keyword" else "key"), part.child_by_field_name("value")
            if name is not None and value is not None:
                named[lowering.text(name).strip("\"'")] = value
        elif inner in ("spread", "spread_map"):
            spread = True
        elif not spread:
            positional.append(part)
    return positional, named
