"""What a variable of a macro's pattern matches: where an expression, a type or another fragment ends.

A fragment is read up to what may follow it, which the language restricts so that there is no doubt.

Source: The Rust Reference, "Macros By Example", "Metavariables" and "Follow-set Ambiguity Restrictions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aelus.adapters.treesitter.macros.tokens import CLOSING, Tokens

NOT_FOUND: Final = -1
BEHIND_EXPRESSION: Final = frozenset({b",", b";", b"=>"})
BEHIND_TYPE: Final = frozenset({b"{", b"[", b",", b"=>", b":", b"=", b">", b">>", b">=", b";", b"|", b"as", b"where"})
BEFORE_TYPE: Final = frozenset({b"&", b"&&", b"*", b"mut", b"const", b"dyn", b"impl", b"unsafe", b"extern", b"!", b"?"})
BEHIND_PATTERN: Final = frozenset({b"=>", b",", b"=", b"if", b"in"})
ANGLES: Final[Mapping[bytes, int]] = {b"<": 1, b"<<": 2, b">": -1, b">>": -2}
VISIBLE: Final = b"pub"
KEYWORD: Final = b"_"


def end_of(kind: str, tokens: Tokens, start: int, end: int) -> int:
    """The token behind a fragment that begins with a token; `NOT_FOUND` where there is none of the kind."""
    if kind == "vis":
        return _visibility(tokens, start, end)
    reader = READERS.get(kind)
    return reader(tokens, start, end) if reader is not None and start < end else NOT_FOUND


def _word(tokens: Tokens, start: int, _end: int) -> int:
    return start + 1 if tokens.kinds[start] == "word" and tokens.word(start) != KEYWORD else NOT_FOUND


def _lifetime(tokens: Tokens, start: int, _end: int) -> int:
    return start + 1 if tokens.kinds[start] == "lifetime" else NOT_FOUND


def _literal(tokens: Tokens, start: int, end: int) -> int:
    number = start + (tokens.word(start) == b"-")
    known = number < end and (tokens.kinds[number] == "literal" or tokens.word(number) in (b"true", b"false"))
    return number + 1 if known else NOT_FOUND


def _tree(tokens: Tokens, start: int, end: int) -> int:
    behind = tokens.behind(start)
    return behind if behind <= end else NOT_FOUND


def _block(tokens: Tokens, start: int, end: int) -> int:
    return _tree(tokens, start, end) if tokens.word(start) == b"{" else NOT_FOUND


def _visibility(tokens: Tokens, start: int, end: int) -> int:
    """It may be nothing."""
    if start >= end or tokens.word(start) != VISIBLE:
        return start
    return tokens.behind(start + 1) if start + 1 < end and tokens.word(start + 1) == b"(" else start + 1


def _expression(tokens: Tokens, start: int, end: int) -> int:
    """Type arguments of a call hold commas that do not end it."""
    number = start
    while number < end and tokens.word(number) not in BEHIND_EXPRESSION:
        if tokens.word(number) == b"::" and tokens.word(number + 1) == b"<":
            number = _behind_angles(tokens, number + 1, end)
        else:
            number = tokens.behind(number)
    return number if start < number <= end else NOT_FOUND


def _behind_angles(tokens: Tokens, start: int, end: int) -> int:
    number, depth = start, 0
    while number < end:
        depth += ANGLES.get(tokens.word(number), 0)
        number = tokens.behind(number)
        if depth <= 0:
            break
    return number


def _type(tokens: Tokens, start: int, end: int) -> int:
    number, depth, begun = start, 0, False
    while number < end:
        word = tokens.word(number)
        if depth <= 0 and begun and word in BEHIND_TYPE:
            break
        depth += ANGLES.get(word, 0)
        begun = begun or not (word in BEFORE_TYPE or tokens.kinds[number] == "lifetime")
        number = tokens.behind(number)
    return number if begun and number <= end else NOT_FOUND


def _pattern(tokens: Tokens, start: int, end: int) -> int:
    number = start
    while number < end and tokens.word(number) not in BEHIND_PATTERN:
        number = tokens.behind(number)
    return number if start < number <= end else NOT_FOUND


def _attribute(_tokens: Tokens, _start: int, end: int) -> int:
    """A path, and what stands in brackets behind it or is assigned to it: all up to the bracket around it."""
    return end


def _item(tokens: Tokens, start: int, end: int) -> int:
    number = start
    while number < end:
        word = tokens.word(number)
        number = tokens.behind(number)
        if word in (b"{", b";"):
            return number
    return NOT_FOUND


READERS: Final[Mapping[str, Callable[[Tokens, int, int], int]]] = {
    "ident": _word,
    "lifetime": _lifetime,
    "literal": _literal,
    "tt": _tree,
    "block": _block,
    "expr": _expression,
    "expr_2021": _expression,
    "stmt": _expression,
    "ty": _type,
    "path": _type,
    "pat": _pattern,
    "pat_param": _pattern,
    "meta": _attribute,
    "item": _item,
}

__all__ = ["CLOSING", "NOT_FOUND", "end_of"]
