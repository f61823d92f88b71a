"""Invocations of the macros that a file defines, replaced by what the macros make of them.

In front of it stays an invocation without arguments, so that the macro is still seen to be called. A few rounds are made, for macros that
invoke macros; what is left after them, what no rule matches and what would become too much stays as it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tree_sitter import Node, Query, QueryCursor, Tree

from aelus.adapters.treesitter.macros.places import Places, PlacesBuilder, untouched
from aelus.adapters.treesitter.macros.rules import Piece, Rule, Unreadable, match, read_rules, transcribe
from aelus.adapters.treesitter.macros.tokens import Tokens

ROUNDS: Final = 4
GROWTH_BYTES: Final = 1 << 17
"""By how much all macros of a file may make it longer."""
INVOCATION_BYTES: Final = 1 << 16
"""Of what one macro is given, or is defined by."""
INVOCATIONS: Final = 1024
"""Of a round."""
MARK: Final = b"/**/"
"""What stands in place of the arguments of an invocation that was replaced."""
ITEMS: Final = "items"
STATEMENTS: Final = "statements"


class Invocation(NamedTuple):
    node: Node
    name: bytes
    given: Node
    reads: str
    """What stands there: `items`, `statements`, `expression`, or `nothing` that is replaced."""
    declaring: str
    """Words that statements begin with which declare something for those behind them."""


class Replacement(NamedTuple):
    invocation: Invocation
    rule: Rule
    pieces: list[Piece]


def expanded(source: bytes, tree: Tree, query: Query, parse: Callable[[bytes], Tree]) -> tuple[bytes, Tree, Places | None]:
    """The source after its macros, the tree of that, and where it stands in the source; None where nothing was replaced."""
    text, places, room = source, untouched(source), GROWTH_BYTES
    for _ in range(ROUNDS):
        found = _replacements(text, tree, query, room)
        if not found:
            break
        before = len(text)
        text, places = _replaced(text, places, found, source)
        room -= max(len(text) - before, 0)
        tree = parse(text)
    return text, tree, places if places.invocations else None


def _replacements(text: bytes, tree: Tree, query: Query, room: int) -> list[Replacement]:
    """Invocations that a rule matches, none inside of another one, in the order of the text."""
    defined, invoked = _found(text, tree, query)
    if not defined or not invoked:
        return []
    rules: dict[int, list[Rule]] = {}
    found, end = list[Replacement](), 0
    for invocation in invoked[:INVOCATIONS]:
        node = invocation.node
        before = [definition for definition in defined.get(invocation.name, ()) if definition.start_byte < node.start_byte]
        if node.start_byte < end or not before or invocation.reads == "nothing":
            continue
        definition = before[-1]
        if definition.id not in rules:
            rules[definition.id] = _rules(text, definition)
        replacement = _replacement(text, invocation, rules[definition.id], room)
        if replacement is not None:
            found.append(replacement)
            room -= sum(len(piece.text) or piece.end - piece.start for piece in replacement.pieces)
            end = node.end_byte
    return found


def _found(text: bytes, tree: Tree, query: Query) -> tuple[dict[bytes, list[Node]], list[Invocation]]:
    """Definitions by name, and invocations, each in the order of the text."""
    defined, invoked = dict[bytes, list[Node]](), dict[int, Invocation]()
    # of several patterns that match one invocation, the first one says what stands there
    for pattern, captures in sorted(QueryCursor(query).matches(tree.root_node), key=_pattern):
        name = captures["name"][0]
        word = text[name.start_byte : name.end_byte]
        if "definition" in captures:
            defined.setdefault(word, []).append(captures["definition"][0])
            continue
        node, given = captures["invocation"][0], captures["given"][0]
        settings = query.pattern_settings(pattern)
        if node.id not in invoked and text[given.start_byte + 1 : given.end_byte - 1] != MARK:
            reads, declaring = settings.get("reads") or "expression", settings.get("declaring") or ""
            invoked[node.id] = Invocation(node, word, given, reads, declaring)
    for definitions in defined.values():
        definitions.sort(key=_start)
    return defined, sorted(invoked.values(), key=lambda invocation: invocation.node.start_byte)


def _pattern(found: tuple[int, dict[str, list[Node]]]) -> int:
    return found[0]


def _start(node: Node) -> int:
    return node.start_byte


def _rules(text: bytes, definition: Node) -> list[Rule]:
    """The rules of a definition: those between its last brackets."""
    opened = next((child for child in definition.children if child.type in ("{", "(", "[")), None)
    if opened is None or definition.end_byte - opened.start_byte > INVOCATION_BYTES:
        return []
    try:
        return read_rules(Tokens(text, opened.start_byte, definition.end_byte))
    except Unreadable:
        return []


def _replacement(text: bytes, invocation: Invocation, rules: list[Rule], room: int) -> Replacement | None:
    """By the first rule that matches."""
    given = invocation.given
    if not rules or given.end_byte - given.start_byte > INVOCATION_BYTES:
        return None
    tokens = Tokens(text, given.start_byte, given.end_byte)
    for rule in rules:
        bindings = match(rule, tokens)
        if bindings is not None:
            try:
                return Replacement(invocation, rule, transcribe(rule, bindings, room))
            except Unreadable:
                return None
    return None


def _replaced(text: bytes, places: Places, found: list[Replacement], source: bytes) -> tuple[bytes, Places]:
    built, end = PlacesBuilder(text, places), 0
    for replacement in found:
        invocation = replacement.invocation
        node, reads = invocation.node, invocation.reads
        built.copy(end, node.start_byte)
        number = built.begin(node.start_byte, node.end_byte)
        at, (opened, closed) = places.origin(node.start_byte), _around(replacement)
        built.insert(opened, at, number)
        built.copy(node.start_byte, invocation.given.start_byte, number, at)
        built.insert(b"{" + MARK + b"} " if reads == ITEMS else b"(" + MARK + b"); ", at, number)
        for piece in replacement.pieces:
            written = piece.start < node.start_byte or piece.start >= node.end_byte
            if piece.text:
                built.insert(piece.text, at, number)
            else:
                built.copy(piece.start, piece.end, number, at if written and reads != ITEMS else -1)
        built.insert(closed, at, number)
        end = node.end_byte
    built.copy(end, len(text))
    return built.finish(source)


def _around(replacement: Replacement) -> tuple[bytes, bytes]:
    """What stands around what an invocation was replaced by: a block, unless it declares something for what stands behind it."""
    invocation = replacement.invocation
    if invocation.reads == ITEMS:
        return b" ", b" "
    if invocation.reads == STATEMENTS:
        declares = replacement.rule.declares.decode(errors="replace") in invocation.declaring.split()
        return (b" ", b" ") if declares else (b"{", b"}")
    return b"({", b"})"
