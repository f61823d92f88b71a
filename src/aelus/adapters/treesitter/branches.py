"""Which branches of `#if … #else … #endif` a compiler would leave out that knows no more than the file and what is predefined.

All branches are read, whatever their conditions. But of definitions of one name, of which a compiler sees one, a call means that one.

Source: ISO/IEC 9899, 6.10.1 "Conditional inclusion": identifiers that are no macros are 0.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Final

DIRECTIVE: Final = re.compile(
    rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif|define|undef)\b[ \t]*((?:[^\n\\]|\\\r?\n|\\.)*)", re.MULTILINE
)
COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)|//.*", re.DOTALL)
DEFINED: Final = re.compile(r"\bdefined\s*(?:\(\s*(\w+)\s*\)|(\w+))")
CALLED: Final = re.compile(r"\b[A-Za-z_]\w*\s*\([^()]*\)")
NAME: Final = re.compile(r"\b[A-Za-z_]\w*")
NUMBER: Final = re.compile(r"\b(0[xX][\da-fA-F]{1,16}|[0-9]{1,20})[uUlL]*\b")
MACRO: Final = re.compile(r"(\w+)(\(?)\s*(.*)", re.DOTALL)
CONDITION_LIMIT: Final = 600
"""Characters of a condition that is read; longer ones hold."""
OPERATORS: Final[Mapping[type[ast.AST], Callable[[int, int], int]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
Span = tuple[int, int]


class Constraint:
    """How a file says that it is not for everyone.

    A `line` of it is a condition. Where there is none, all of its `lines` hold, which are lists of alternatives, each of words with commas
    between them. Words like `held` hold for whoever reads the file today.
    """

    def __init__(self, patterns: Mapping[str, str], predefined: Mapping[str, int]) -> None:
        self._one = re.compile(patterns["line"].encode(), re.MULTILINE)
        self._several = re.compile(patterns["lines"].encode(), re.MULTILINE)
        self._held = re.compile(patterns["held"])
        self._predefined = predefined

    def leaves_out(self, source: bytes) -> bool:
        """Whether a file is for others than those who know what is predefined."""
        found = self._one.search(source)
        if found is not None:
            return not self._holds(found.group(1))
        lines = (b" || ".join(word.replace(b",", b" && ") for word in line.split()) for line in self._several.findall(source))
        return not all(self._holds(line) for line in lines)

    def _holds(self, text: bytes) -> bool:
        return _holds("if", self._held.sub("1", text.decode(errors="replace").strip()), self._predefined)


def left_out(source: bytes, predefined: Mapping[str, int]) -> list[Span]:
    """Regions of the source, in order; one may lie in another."""
    macros, spans = dict(predefined), list[Span]()
    taken: list[list[bool | int]] = []
    """Of each group that is open: whether its branch is read, whether one has been, where it began, whether what is around is read."""
    for match in DIRECTIVE.finditer(source):
        word, text = match.group(1).decode(), COMMENT.sub(" ", match.group(2).decode(errors="replace").replace("\\\n", " ")).strip()
        reads = not taken or bool(taken[-1][0])
        if word in ("define", "undef"):
            if reads:
                _define(macros, word, text)
        elif word.startswith("if"):
            holds = reads and _holds(word, text, macros)
            taken.append([holds, holds, match.end(), reads])
        elif taken:
            branch = taken[-1]
            if not branch[0] and branch[3]:
                spans.append((int(branch[2]), match.start()))
            if word == "endif":
                taken.pop()
            else:
                branch[0] = bool(branch[3]) and not branch[1] and (word == "else" or _holds("if", text, macros))
                branch[1], branch[2] = branch[1] or branch[0], match.end()
    return spans


def _define(macros: dict[str, int], word: str, text: str) -> None:
    found = MACRO.match(text)
    if found and word == "undef":
        macros.pop(found.group(1), None)
    elif found:
        number = NUMBER.fullmatch(found.group(3).strip())
        macros[found.group(1)] = int(number.group(1), 0 if number.group(1)[:2] in ("0x", "0X") else 10) if number else 1


def _holds(word: str, text: str, macros: Mapping[str, int]) -> bool:
    if word != "if":
        name = NAME.match(text)
        return (name is not None and name.group() in macros) == (word == "ifdef")
    if len(text) > CONDITION_LIMIT:
        return True
    text = DEFINED.sub(lambda found: str(int((found.group(1) or found.group(2)) in macros)), text)
    text = NAME.sub(
        lambda found: str(macros.get(found.group(), 0)), CALLED.sub("0", NUMBER.sub(lambda found: str(_number(found[1])), text))
    )
    text = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    try:
        return bool(_value(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True


def _number(text: str) -> int:
    return int(text, 16) if text[:2] in ("0x", "0X") else int(text)


def _value(node: ast.expr) -> int:
    """The value of a condition.

    Raises:
        ValueError: it has a part that is not known.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BoolOp):
        values = [_value(part) for part in node.values]
        return int(all(values) if isinstance(node.op, ast.And) else any(values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return int(not _value(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPERATORS:
        return OPERATORS[type(node.ops[0])](_value(node.left), _value(node.comparators[0]))
    raise ValueError(ast.dump(node)[:80])
