"""Types that are declared in documentation comments, for languages whose programs declare them there.

A room says with regular expressions where they stand (`[rules.doc_types]`); the types themselves are read here: names (dotted or with the
room's separator), `A|B`, `?A`, `A[]`, `A<B, C>`, `[A, B]`, `{a: A}`, `(a: A) => B`, `function(A): B`, `typeof a`, `import("m").A`. What is
none of these is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from aelus.adapters.treesitter.lowering import Lowering
from aelus.domain.facts import ARRAY, CONSTANT, FREE, FUNCTION_TYPE, GENERIC, IMPORT, INSTANCE, MAPPING, MEMBER, TYPE_OF

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
MODULE: Final = re.compile(r"""import\(\s*["'](?P<path>[^"']+)["']\s*\)""")
FUNCTION: Final = re.compile(r"(?:fun(?:ction)?\s*)?\(")
PARAMETER: Final = re.compile(r"(?:\.\.\.)?[\w$]+\??")
BRACKETS: Final = {"{": "}", "[": "]"}
TYPE_OF_WORD: Final = "typeof "
TYPE_LIMIT: Final = 400
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
    return {match.groupdict().get("name") or "": (match["type"] or "")[:TYPE_LIMIT] for match in matches}


def lower_doc_type(lowering: Lowering, text: str, scope: int, depth: int = 0) -> int:
    """The type expression of a type as it is written in a comment."""
    text = _bare(text)
    if depth > DEPTH_LIMIT or not text:
        return 0
    alternatives = split_outside(text, "|")
    if len(alternatives) > 1:
        return lowering.union(dict.fromkeys(lower_doc_type(lowering, part, scope, depth + 1) for part in alternatives))
    if (function := FUNCTION.match(text)) and (split := _head_of_function(text, function.end() - 1)):
        return _function(lowering, *split, scope, depth)
    return _lower_one(lowering, text.removeprefix("?").removesuffix("?"), scope, depth)


def _lower_one(lowering: Lowering, text: str, scope: int, depth: int) -> int:
    """A type that is no union and none of functions."""
    if text[:1] in BRACKETS and text[-1:] == BRACKETS[text[:1]]:
        lower = _object if text[0] == "{" else _tuple
        return lower(lowering, text[1:-1], scope, depth)
    if text.endswith("[]"):
        element = lower_doc_type(lowering, text[:-2], scope, depth + 1)
        return lowering.expressions.add(ARRAY, "", (element,)) if element else 0
    head, opened, rest = text.partition("<")
    if opened and rest.endswith(">"):
        return _generic(lowering, head.removesuffix("."), rest[:-1], scope, depth)
    held = _name(lowering, text.removeprefix(TYPE_OF_WORD).strip(), scope)
    return lowering.expressions.add(TYPE_OF, "", (held,)) if held and text.startswith(TYPE_OF_WORD) else held


def _tuple(lowering: Lowering, text: str, scope: int, depth: int) -> int:
    """`[A, B]`: a generic type of the language itself."""
    parts = [lower_doc_type(lowering, part, scope, depth + 1) for part in split_outside(text, ",")]
    return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(FREE, "[]"), *parts)) if any(parts) else 0


def _bare(text: str) -> str:
    """A type without marks of what may be left out or be nothing, and without brackets around it as a whole."""
    text = text.strip().removeprefix("...").removeprefix("!").removesuffix("=").strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    """Where the bracket is closed that a text begins with; -1 where it is not."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return position
    return -1


def _head_of_function(text: str, opening: int) -> tuple[str, str] | None:
    """Parameters and result of `(a: A) => B` and `function(A): B`, the parameters in brackets at `opening`."""
    end = _closes(text[opening:])
    rest = text[opening + end + 1 :].strip() if end >= 0 else ""
    if end < 0 or (opening == 0 and not rest.startswith("=>")):
        return None
    return text[opening + 1 : opening + end], rest.removeprefix("=>").removeprefix(":").strip()


def _function(lowering: Lowering, written: str, result: str, scope: int, depth: int) -> int:
    parts = [lower_doc_type(lowering, result, scope, depth + 1)]
    for parameter in split_outside(written, ","):
        name, colon, declared = parameter.partition(":")
        known = declared if colon and PARAMETER.fullmatch(name.strip()) else parameter
        parts.append(lower_doc_type(lowering, known, scope, depth + 1))
    return lowering.expressions.add(FUNCTION_TYPE, "", tuple(parts))


def _object(lowering: Lowering, text: str, scope: int, depth: int) -> int:
    """`{a: A, b?: B}`: a mapping of instances of the types."""
    entries = [part.partition(":") for line in split_outside(text, ",") for part in split_outside(line, ";")]
    written = {name.strip().removesuffix("?"): declared for name, colon, declared in entries if colon}
    return object_of(lowering, {name: lower_doc_type(lowering, declared, scope, depth + 1) for name, declared in written.items()})


def object_of(lowering: Lowering, types: Mapping[str, int]) -> int:
    """The type of an object with members of these types; 0 where none is known."""
    add = lowering.expressions.add
    pairs = [(add(CONSTANT, name), add(INSTANCE, "", (declared,))) for name, declared in types.items() if declared]
    return lowering.expressions.fresh(MAPPING, "", tuple(part for pair in pairs for part in pair)) if pairs else 0


def _generic(lowering: Lowering, head: str, arguments: str, scope: int, depth: int) -> int:
    inner = [lower_doc_type(lowering, part, scope, depth + 1) for part in split_outside(arguments, ",")]
    if head in lowering.rules.generic_wrappers:
        return inner[0] if inner else 0
    holder = lowering.expressions.add(FREE, head) if head in lowering.room.class_types else _name(lowering, head, scope)
    if holder:
        return lowering.expressions.add(GENERIC, "", (holder, *inner))
    if len(inner) > 1 and lowering.rules.mapping_word:
        return lowering.expressions.add(GENERIC, "", (lowering.expressions.add(FREE, lowering.rules.mapping_word), *inner))
    return lowering.expressions.add(ARRAY, "", (inner[-1],)) if inner and inner[-1] else 0


def split_outside(text: str, separator: str) -> list[str]:
    """Parts at the top level."""
    parts, depth, start = list[str](), 0, 0
    for position, character in enumerate(text):
        depth += (character in "<([{") - (character in ")]}") - (character == ">" and text[position - 1 : position] != "=")
        if character == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name(lowering: Lowering, text: str, scope: int) -> int:
    if module := MODULE.match(text):
        index = lowering.expressions.add(IMPORT, module["path"])
        for name in filter(None, text[module.end() :].split(".")):
            index = lowering.expressions.add(MEMBER, name, (index,))
        return index
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
