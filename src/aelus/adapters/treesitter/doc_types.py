"""Types that are declared in documentation comments, for languages whose programs declare them there.

A room says with regular expressions where they stand (`[rules.doc_types]`); the types themselves are read here: names (dotted or with the
room's separator), `A|B`, `?A`, `A[]`, `A<B, C>`. What is none of these is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.facts import ARRAY, GENERIC, IMPORT, MEMBER

NOTHING: Final = frozenset(
    {
        "null",
        "nil",
        "void",
        "mixed",
        "any",
        "false",
        "true",
        "int",
        "integer",
        "string",
        "bool",
        "boolean",
        "float",
        "number",
        "array",
        "object",
        "callable",
        "iterable",
        "function",
        "table",
        "unknown",
        "never",
    }
)
NAME: Final = re.compile(r"\\?[A-Za-z_$][\w$]*(?:[\\.][A-Za-z_$][\w$]*)*")
TYPE_LIMIT: Final = 200
DEPTH_LIMIT: Final = 6


@cache
def pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def found(rules: Mapping[str, str], kind: str, text: str) -> dict[str, str]:
    """Name → type as written, for one kind of statement; the name is empty where the statement has none."""
    expression = rules.get(kind)
    if not expression:
        return {}
    matches = pattern(expression).finditer(text)
    return {match.groupdict().get("name") or "": match["type"][:TYPE_LIMIT] for match in matches}


def lower_doc_type(lowering: Lowering, text: str, scope: int, depth: int = 0) -> int:
    """The type expression of a type as it is written in a comment."""
    text = text.strip().strip("()")
    alternatives = split_outside(text, "|")
    if len(alternatives) > 1 and depth < DEPTH_LIMIT:
        return lowering.union(dict.fromkeys(lower_doc_type(lowering, part, scope, depth + 1) for part in alternatives))
    text = text.removeprefix("?").removesuffix("?")
    if text.endswith("[]") and depth < DEPTH_LIMIT:
        element = lower_doc_type(lowering, text[:-2], scope, depth + 1)
        return lowering.expressions.add(ARRAY, "", (element,)) if element else 0
    head, opened, rest = text.partition("<")
    if opened and rest.endswith(">") and depth < DEPTH_LIMIT:
        return _generic(lowering, head, rest[:-1], scope, depth)
    return _name(lowering, text, scope)


def _generic(lowering: Lowering, head: str, arguments: str, scope: int, depth: int) -> int:
    inner = [lower_doc_type(lowering, part, scope, depth + 1) for part in split_outside(arguments, ",")]
    holder = _name(lowering, head, scope)
    if holder:
        return lowering.expressions.add(GENERIC, "", (holder, *inner))
    return lowering.expressions.add(ARRAY, "", (inner[-1],)) if inner and inner[-1] else 0


def split_outside(text: str, separator: str) -> list[str]:
    """Parts at the top level."""
    parts, depth, start = list[str](), 0, 0
    for position, character in enumerate(text):
        depth += (character in "<([{") - (character in ">)]}")
        if character == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name(lowering: Lowering, text: str, scope: int) -> int:
    if not NAME.fullmatch(text) or text.lower() in NOTHING:
        return 0
    separator = lowering.rules.package_separator or "."
    if separator != "." and text.startswith(separator):
        return lowering.expressions.add(IMPORT, text.strip(separator).replace(separator, "."))
    names = text.split(separator)
    index = lowering.scopes.resolve(scope, names[0].encode())
    for name in names[1:]:
        index = lowering.expressions.add(MEMBER, name, (index,))
    return index
