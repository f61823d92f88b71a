"""The rules of a macro: which invocations they match, and what they make of them.

Patterns are matched from left to right without trying again: the language asks for patterns that leave no choice.

Source: The Rust Reference, "Macros By Example".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from aelus.adapters.treesitter.macros.fragments import CLOSING, NOT_FOUND, end_of
from aelus.adapters.treesitter.macros.tokens import Tokens

NESTED: Final = 12
"""Brackets and repetitions inside each other that are read."""
REPEATED: Final = 4096
"""Times that one part of a pattern is matched."""
OPERATORS: Final = frozenset({b"*", b"+", b"?"})
TOKEN, VARIABLE, GROUP, REPETITION, SLICE = range(5)


class Unreadable(Exception):
    """A macro, or a use of it, is more than is read."""


class Part(NamedTuple):
    """A part of a pattern or of what stands in its place."""

    kind: int
    word: bytes = b""
    """Of a token; name of a variable; the opening bracket; what stands between repetitions."""
    fragment: str = ""
    """What a variable matches; the sign of a repetition."""
    parts: tuple[Part, ...] = ()
    start: int = 0
    end: int = 0
    """Bytes of a slice."""


class Bound(NamedTuple):
    """What a variable stands for: a piece of the invocation, or a list of such."""

    start: int
    end: int
    is_expression: bool
    repeated: tuple[Bound, ...] | None = None


Bindings = dict[bytes, Bound]


class Piece(NamedTuple):
    """A piece of what stands in place of an invocation: bytes of the file, or a text that stands nowhere."""

    start: int
    end: int
    text: bytes = b""


class Rule(NamedTuple):
    pattern: tuple[Part, ...]
    body: tuple[Part, ...]
    declares: bytes
    """The first word of the body."""


def read_rules(tokens: Tokens) -> list[Rule]:
    """The rules between the brackets of a definition.

    Raises:
        Unreadable: it is nested too deep, or written in another way.
    """
    found, number, end = list[Rule](), 1, tokens.closing.get(0, 0)
    while number < end:
        close = tokens.closing.get(number, -1)
        opened = close + 2
        if close < 0 or tokens.word(close + 1) != b"=>" or opened not in tokens.closing:
            raise Unreadable
        body = tokens.closing[opened]
        pattern = _pattern(tokens, number + 1, close, 0)
        found.append(Rule(pattern, _body(tokens, opened + 1, body, 0), tokens.word(opened + 1)))
        number = body + 1 + (tokens.word(body + 1) == b";")
    return found


def _repetition(tokens: Tokens, number: int) -> tuple[int, bytes, bytes] | None:
    """(token behind it, what stands between, sign) of `$(…)sep*`, whose bracket is the token `number`."""
    behind = tokens.behind(number)
    if tokens.word(behind) in OPERATORS and tokens.word(behind + 1) not in OPERATORS:
        return behind + 1, b"", tokens.word(behind)
    if tokens.word(behind + 1) in OPERATORS:
        return behind + 2, tokens.word(behind), tokens.word(behind + 1)
    return (behind + 1, b"", tokens.word(behind)) if tokens.word(behind) in OPERATORS else None


def _pattern(tokens: Tokens, start: int, end: int, depth: int) -> tuple[Part, ...]:
    if depth > NESTED:
        raise Unreadable
    found, number = list[Part](), start
    while number < end:
        word = tokens.word(number)
        if word == b"$" and tokens.word(number + 1) == b"(":
            read = _repetition(tokens, number + 1)
            if read is None:
                raise Unreadable
            inner = _pattern(tokens, number + 2, tokens.closing[number + 1], depth + 1)
            found.append(Part(REPETITION, read[1], read[2].decode(), inner))
            number = read[0]
        elif word == b"$" and tokens.word(number + 2) == b":":
            found.append(Part(VARIABLE, tokens.word(number + 1), tokens.word(number + 3).decode(errors="replace")))
            number += 4
        elif word in CLOSING and number in tokens.closing:
            found.append(Part(GROUP, word, "", _pattern(tokens, number + 1, tokens.closing[number], depth + 1)))
            number = tokens.behind(number)
        else:
            found.append(Part(TOKEN, word))
            number += 1
    return tuple(found)


def _body(tokens: Tokens, start: int, end: int, depth: int) -> tuple[Part, ...]:
    """Slices of the file as they are written, between variables and repetitions."""
    if depth > NESTED:
        raise Unreadable
    found, number, written = list[Part](), start, tokens.ends[start - 1]
    while number < end:
        if tokens.word(number) != b"$" or number + 1 >= end:
            number += 1
            continue
        found.append(Part(SLICE, start=written, end=tokens.starts[number]))
        if tokens.word(number + 1) == b"(":
            read = _repetition(tokens, number + 1)
            if read is None:
                raise Unreadable
            inner = _body(tokens, number + 2, tokens.closing[number + 1], depth + 1)
            found.append(Part(REPETITION, read[1], read[2].decode(), inner))
            number = read[0]
        else:
            found.append(Part(VARIABLE, tokens.word(number + 1), start=tokens.starts[number], end=tokens.ends[number + 1]))
            number += 2
        written = tokens.ends[number - 1]
    found.append(Part(SLICE, start=written, end=tokens.starts[end]))
    return tuple(found)


# --- matching ----------------------------------------------------------------------------------------------------------------------------


def match(rule: Rule, tokens: Tokens) -> Bindings | None:
    """What the variables of a rule stand for in an invocation; None where it does not match."""
    bindings: Bindings = {}
    end = tokens.closing.get(0, -1)
    return bindings if end >= 0 and _match(rule.pattern, tokens, 1, end, bindings) == end else None


def _match(pattern: Sequence[Part], tokens: Tokens, start: int, end: int, bindings: Bindings) -> int:
    """The token behind what the parts match, or `NOT_FOUND`."""
    number = start
    for part in pattern:
        if part.kind == REPETITION:
            number = _match_repeated(part, tokens, number, end, bindings)
        elif part.kind == VARIABLE:
            behind = end_of(part.fragment, tokens, number, end)
            if behind >= 0:
                bindings[part.word] = _bound(part, tokens, number, behind)
            number = behind
        elif number >= end or tokens.word(number) != part.word:
            return NOT_FOUND
        elif part.kind == GROUP:
            close = tokens.closing.get(number, -1)
            inner = _match(part.parts, tokens, number + 1, close, bindings) if close >= 0 else NOT_FOUND
            number = close + 1 if 0 <= inner == close else NOT_FOUND
        else:
            number += 1
        if number < 0:
            return NOT_FOUND
    return number


def _bound(part: Part, tokens: Tokens, number: int, behind: int) -> Bound:
    empty = number == behind
    start = tokens.ends[number - 1] if empty else tokens.starts[number]
    several = part.fragment.startswith("expr") and behind > number + 1
    return Bound(start, start if empty else tokens.ends[behind - 1], several)


def _match_repeated(part: Part, tokens: Tokens, start: int, end: int, bindings: Bindings) -> int:
    found, number = list[Bindings](), start
    while len(found) < REPEATED:
        place = number
        if found and part.word:
            if place >= end or tokens.word(place) != part.word:
                break
            place += 1
        inner: Bindings = {}
        behind = _match(part.parts, tokens, place, end, inner) if place < end else NOT_FOUND
        if behind <= place:
            break
        found.append(inner)
        number = behind
        if part.fragment == "?":
            break
    if part.fragment == "+" and not found:
        return NOT_FOUND
    for name in _variables(part.parts):
        bindings[name] = Bound(0, 0, is_expression=False, repeated=tuple(inner[name] for inner in found if name in inner))
    return number


def _variables(parts: Sequence[Part]) -> set[bytes]:
    own = {part.word for part in parts if part.kind == VARIABLE}
    return own.union(*(_variables(part.parts) for part in parts))


# --- what stands in their place ----------------------------------------------------------------------------------------------------------


def transcribe(rule: Rule, bindings: Bindings, limit: int) -> list[Piece]:
    """What stands in place of an invocation.

    Raises:
        Unreadable: it is more than `limit` bytes, or variables are repeated in another way than they were matched.
    """
    pieces, room = list[Piece](), [limit]
    _transcribe(rule.body, bindings, pieces, room)
    return pieces


def _transcribe(body: Sequence[Part], bindings: Mapping[bytes, Bound], pieces: list[Piece], room: list[int]) -> None:
    for part in body:
        if part.kind == SLICE:
            _put(pieces, Piece(part.start, part.end), room)
        elif part.kind == REPETITION:
            _repeat(part, bindings, pieces, room)
        elif (bound := bindings.get(part.word)) is None:
            _put(pieces, Piece(0, 0, b"crate") if part.word == b"crate" else Piece(part.start, part.end), room)
        elif bound.repeated is not None:
            raise Unreadable
        else:
            opened, closed = (b" (", b") ") if bound.is_expression else (b" ", b" ")
            for piece in (Piece(0, 0, opened), Piece(bound.start, bound.end), Piece(0, 0, closed)):
                _put(pieces, piece, room)


def _put(pieces: list[Piece], piece: Piece, room: list[int]) -> None:
    room[0] -= len(piece.text) or piece.end - piece.start
    if room[0] < 0:
        raise Unreadable
    pieces.append(piece)


def _repeat(part: Part, bindings: Mapping[bytes, Bound], pieces: list[Piece], room: list[int]) -> None:
    names = [name for name in _variables(part.parts) if name in bindings and bindings[name].repeated is not None]
    counts = {len(bindings[name].repeated or ()) for name in names}
    if len(counts) != 1:
        raise Unreadable
    for number in range(counts.pop()):
        if number and part.word:
            _put(pieces, Piece(0, 0, part.word), room)
        inner = {name: (bindings[name].repeated or ())[number] for name in names}
        _transcribe(part.parts, {**bindings, **inner}, pieces, room)
