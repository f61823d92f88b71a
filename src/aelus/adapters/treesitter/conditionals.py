"""What a preprocessor does to a source before the grammar could read it: `#if … #else … #endif`, and macros that stand for nothing.

The grammars read such directives where statements and declarations stand, and lose their way where one cuts a function's head, a list or
a block in two. Directives are therefore blanked before parsing, at the same width, so that all branches are read as if they stood behind
each other. Of branches that are alternatives within one construct (they do not end with it, or open what another one opens too) the first
is read alone. Names that the file defines as nothing, or as words that only decorate, are blanked where they stand.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

DIRECTIVE: Final = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b((?:[^\n\\]|\\\r?\n|\\.)*)", re.MULTILINE)
OTHER_DIRECTIVE: Final = re.compile(rb"^[ \t]*#(?:[^\n\\]|\\\r?\n|\\.)*", re.MULTILINE)
TEXTS: Final = re.compile(rb"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
DECORATION: Final = (
    rb"(?:inline|static|extern|constexpr|noexcept|volatile|register|__\w+(?:[ \t]*\((?:[^()\n]|\([^()\n]*\))*\))?|\[\[[^\]\n]*\]\])"
)
EMPTY_MACRO: Final = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[ \t]+" + DECORATION + rb")*[ \t]*(?://[^\n]*|/\*[^\n]*)?\r?$", re.MULTILINE
)
ALONE: Final = rb")\w*)(?=[ \t]*(?:/[/*].*)?\r?$)"
OPENING_MACRO: Final = re.compile(
    rb"^[ \t]*((?=\w{12})\w*(?:BEGIN_(?:\w+_)?NAMESPACE|NAMESPACE_(?:\w+_)?BEGIN|NS_BEGIN|OPEN_NAMESPACE|NAMESPACE_OPEN" + ALONE,
    re.MULTILINE,
)
OPENING_WORDS: Final = (b"NAMESPACE", b"NS_BEGIN")
"""One of these is in each name of a macro that opens namespaces."""
CLOSING_MACRO: Final = re.compile(
    rb"^[ \t]*(\w*(?:END_(?:\w+_)?NAMESPACE|NAMESPACE_(?:\w+_)?END|NS_END|CLOSE_NAMESPACE|NAMESPACE_CLOSE" + ALONE, re.MULTILINE
)
"""Macros that stand on lines of their own for the beginning or the end of namespaces, by their names."""
MACROS_LIMIT: Final = 256
"""Macros without a meaning that one file is searched for."""
INK: Final = re.compile(rb"[^\n]")
ENDS: Final = b";{}:,"
"""What a branch ends with that holds whole statements, declarations or elements."""
BRACKETS: Final = ((b"{", b"}"), (b"(", b")"))
Span = tuple[int, int]


class Branch(NamedTuple):
    start: int
    end: int
    condition: bytes


def without_conditionals(source: bytes) -> bytes:
    """The source with blanks in place of conditional directives and of branches that are not read."""
    if b"#" not in source:
        return source
    blanked: list[Span] = []
    open_groups: list[list[Branch]] = []
    for match in DIRECTIVE.finditer(source):
        word = match.group(1)
        blanked.append(match.span())
        if open_groups and not word.startswith(b"if"):
            group = open_groups[-1]
            group[-1] = group[-1]._replace(end=match.start())
        if word.startswith(b"if"):
            open_groups.append([Branch(match.end(), -1, match.group(2).strip() if word == b"if" else b"")])
        elif word != b"endif" and open_groups:
            open_groups[-1].append(Branch(match.end(), -1, b""))
        elif open_groups:
            blanked.extend(_unread(source, open_groups.pop()))
    return _blank(source, blanked)


def without_empty_macros(source: bytes) -> bytes:
    """The source with blanks in place of macros that it defines as nothing of interest."""
    if b"#" not in source:
        return source
    names = {name: None for name in EMPTY_MACRO.findall(source) if source.count(name) > 1}
    if not names:
        return source
    uses = re.compile(rb"^[ \t]*#[^\n]*|\b(?:%s)\b(?![ \t]*\()" % b"|".join(list(names)[:MACROS_LIMIT]), re.MULTILINE)
    return uses.sub(lambda use: b" " * len(use.group()) if use.group() in names else use.group(), source)


def with_opened_namespaces(source: bytes) -> bytes:
    """The source with `namespace a{` and `}` of the same width in place of macros that stand for as much by their names.

    What the macros are called is read where they stood; which namespaces they open, other files may say.
    """
    if not any(word in source for word in OPENING_WORDS):
        return source
    if len(opened := OPENING_MACRO.findall(source)) != len(CLOSING_MACRO.findall(source)) or not opened:
        return source
    opens = OPENING_MACRO.sub(lambda use: use[0].replace(use[1], b"namespace a{".ljust(len(use[1]))), source)
    return CLOSING_MACRO.sub(lambda use: use[0].replace(use[1], b"}".ljust(len(use[1]))), opens)


def _unread(source: bytes, group: list[Branch]) -> list[Span]:
    """Branches of a group that are left out."""
    if group[0].condition == b"0":
        return [group[0][:2]]
    if len(group) == 1:
        return []
    if group[0].condition == b"1" or not all(map(_is_whole, (source[start:end] for start, end, _ in group))):
        return [branch[:2] for branch in group[1:]]
    return []


def _is_whole(branch: bytes) -> bool:
    """Whether a branch holds whole statements, so that another one can stand behind it."""
    text = TEXTS.sub(b"", OTHER_DIRECTIVE.sub(b"", branch)).strip()
    return not text or (text[-1] in ENDS and all(text.count(opens) == text.count(closes) for opens, closes in BRACKETS))


def _blank(source: bytes, spans: list[Span]) -> bytes:
    parts: list[bytes] = []
    position = 0
    for start, end in sorted(spans):
        if end > position:
            parts += (source[position : max(start, position)], INK.sub(b" ", source[max(start, position) : end]))
            position = end
    return b"".join((*parts, source[position:]))
