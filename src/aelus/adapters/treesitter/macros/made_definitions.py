"""What macros of a preprocessor make where declarations stand, and what rows of lists and pasted names stand for, in their place.

`DEFINE_PUSH(ints)` outside of functions makes definitions, `COMMANDS` makes a row for each `X(name)` of its text, `NAME(open)` is a name
that is pasted together, `ENTRY(ls)` a value in braces. Such a use is replaced by what the macro makes, if the file defines it above. Other
uses are calls of the macro.

Source: ISO/IEC 9899, 6.10.3 "Macro replacement".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from aelus.adapters.treesitter.macros.places import Places, PlacesBuilder, untouched

DIRECTIVE: Final = re.compile(rb"^[ \t]*#[ \t]*(define|undef)[ \t]+(\w+)(?:\(([^()\n]*)\))?((?:[^\n\\]|\\\r?\n|\\.)*)", re.MULTILINE)
SKIPPED: Final = re.compile(
    rb"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|^[ \t]*#(?:[^\n\\]|\\\r?\n|\\.)*|[{}]""", re.DOTALL | re.MULTILINE
)
FIRST: Final = re.compile(rb"^[ \t]*(?:static[ \t]+|inline[ \t]+|extern[ \t]+)*(\w+)[ \t]*(?=\()", re.MULTILINE)
"""A name that begins a line, and is given something."""
PASTED: Final = re.compile(rb"\s*\w+(?:\s*##\s*\w+)+\s*")
ROW: Final = rb"\w+\s*\((?:[^()]|\([^()]*\))*\)\s*[,;]?\s*"
ROWS: Final = re.compile(rb"(?:" + ROW + rb")+")
CALLED: Final = re.compile(rb"\b(\w+)[ \t]*\(")
WORD: Final = re.compile(rb"""(?<!#)#(?!#)\s*\w+|\w+|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
PASTE: Final = re.compile(rb"\s*##\s*")
UNREAD: Final = re.compile(rb"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\\\r?\n|/\*.*?\*/|//[^\n]*|\s+""", re.DOTALL)
"""Group 1 are texts, which are read all the same."""
TRANSPARENT: Final = re.compile(rb"""\b(?:namespace|class|struct|union)\b[^;{}()=]*$|extern\s*"C"\s*$""")
INK: Final = re.compile(rb"[^\s]")
OPENS: Final = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}
HEAD_BYTES: Final = 300
"""Before a brace, where it is looked for what opens."""
NOTHING: Final = b"0"
"""Text of macros whose text is read elsewhere."""
NAMES: Final = 256
USES: Final = 1024
DEPTH: Final = 6
"""Macros that make uses of others."""
READ_BYTES: Final = 1 << 22
"""How much text of uses, and of uses inside of them, is read for a file."""
USE_BYTES: Final = 256
"""What a use counts for beside its text."""
GIVEN_BYTES: Final = 1 << 14
GROWTH_BYTES: Final = 1 << 17
"""By how much all macros of a file may make it longer."""
VARIADIC: Final = b"..."


class Macro(NamedTuple):
    start: int
    end: int
    parameters: tuple[bytes, ...] | None
    """None for one that is given nothing."""
    text: bytes
    defined: bool
    """Whether it is defined from here on, or no more."""


class Use(NamedTuple):
    start: int
    end: int
    text: bytes
    macro: Macro
    row: bytes
    """Name of the macro that makes its rows, if it is a list."""


class Region(NamedTuple):
    """A part of the file between braces, comments, texts and directives."""

    start: int
    end: int
    declares: bool
    """Whether declarations stand there, outside of functions and values."""


def with_made_definitions(source: bytes) -> tuple[bytes, Places | None]:
    """The source with what its macros make, and where that stands in the file; None where nothing was replaced."""
    if b"define" not in source:
        return source, None
    macros = _macros(source)
    wanted = {name for name, defined in macros.items() if any(_is_name(macro) or _is_braced(macro) or _is_list(macro) for macro in defined)}
    given = {name for name, defined in macros.items() if any(macro.parameters is not None and macro.text for macro in defined)}
    if not wanted and not any(match[1] in given for match in FIRST.finditer(source)):
        return source, None
    within = list[tuple[int, int]]()
    uses = _uses(source, macros, wanted, given, within)
    if not uses:
        return source, None
    rows = {use.row for use in uses} - {b""}
    return _replaced(source, uses, [span for span in within if (named := DIRECTIVE.match(source, *span)) and named[2] in rows])


def _macros(source: bytes) -> dict[bytes, list[Macro]]:
    """Definitions by name, in the order of the text."""
    found = dict[bytes, list[Macro]]()
    for match in DIRECTIVE.finditer(source):
        word, name, listed, text = match.groups()
        parameters = None if listed is None else tuple(part.strip() for part in listed.split(b",") if part.strip())
        entry = Macro(match.start(4), match.end(), parameters, UNREAD.sub(lambda part: part[1] or b" ", text).strip(), word == b"define")
        found.setdefault(name, []).append(entry)
    return found


def _is_name(macro: Macro) -> bool:
    """Whether it stands for a name that it pastes together of what it is given."""
    return macro.parameters is not None and PASTED.fullmatch(macro.text) is not None


def _is_braced(macro: Macro) -> bool:
    """Whether it stands for a value in braces."""
    return macro.parameters is not None and macro.text.startswith(b"{") and macro.text.endswith(b"}") and b";" not in macro.text


def _is_list(macro: Macro) -> bool:
    """Whether it stands for uses of what it is given, or of what is defined where it is used."""
    if len(macro.text) > GIVEN_BYTES or not macro.text.endswith((b")", b",", b";")) or not ROWS.fullmatch(macro.text):
        return False
    called = set(CALLED.findall(macro.text))
    return len(called) == 1 and (macro.parameters is None or called <= set(macro.parameters))


def _known(macros: dict[bytes, list[Macro]], name: bytes, byte: int) -> Macro | None:
    """What a name is defined as there."""
    before = [macro for macro in macros.get(name, ()) if macro.end <= byte]
    return before[-1] if before and before[-1].defined else None


def _regions(source: bytes, within: list[tuple[int, int]]) -> Iterator[Region]:
    """Where uses may stand; what is `within` functions and values of directives is noted."""
    start, opened = 0, list[bool]()
    for match in SKIPPED.finditer(source):
        yield Region(start, match.start(), all(opened))
        start = match.end()
        if not all(opened) and match[0].lstrip().startswith(b"#"):
            within.append(match.span())
        if match[0] == b"{":
            opened.append(TRANSPARENT.search(source, max(0, match.start() - HEAD_BYTES), match.start()) is not None)
        elif match[0] == b"}" and opened:
            opened.pop()
    yield Region(start, len(source), all(opened))


def _uses(
    source: bytes, macros: dict[bytes, list[Macro]], wanted: set[bytes], given: set[bytes], within: list[tuple[int, int]]
) -> list[Use]:
    """What is to be replaced, in the order of the text."""
    everywhere = re.compile(rb"\b(?:%s)\b" % b"|".join(sorted(wanted)[:NAMES])) if wanted else None
    found, end, room, expansion = list[Use](), 0, GROWTH_BYTES, _Expansion(macros)
    for region in _regions(source, within):
        starts = {match.start(): match[0] for match in everywhere.finditer(source, *region[:2])} if everywhere is not None else {}
        if region.declares:
            starts.update((match.start(1), match[1]) for match in FIRST.finditer(source, *region[:2]) if match[1] in given)
        for start in sorted(starts):
            macro = _known(macros, starts[start], start) if start >= end and len(found) < USES else None
            use = _use(source, start, starts[start], macro, expansion, declares=region.declares) if macro is not None else None
            if use is not None and (room := room - len(use.text)) >= 0:
                found.append(use)
                end = use.end
    return found


def _use(source: bytes, start: int, name: bytes, macro: Macro, expansion: _Expansion, *, declares: bool) -> Use | None:
    """A use of a macro, with what it makes; None where that is nothing to be read in its place."""
    end, given = start + len(name), list[bytes]()
    if macro.parameters is not None:
        behind = _behind(source, end)
        if behind < 0:
            return None
        given, end = _given(source[source.index(b"(", end) + 1 : behind - 1]), behind
    text = expansion.made(macro, given, start, (name,))
    if text is None:
        return None
    named, row = _is_name(macro), _row(macro, given) if _is_list(macro) else b""
    row = row if _known(expansion.macros, row, start) is not None else b""
    makes = declares and macro.parameters is not None and not ROWS.fullmatch(text)
    if not (named or makes or row or _is_braced(macro)):
        return None
    return Use(start, end, b"(%s(), %s)" % (name, text) if named and not declares else text, macro, row)


def _row(macro: Macro, given: Sequence[bytes]) -> bytes:
    """Name of the macro that a list uses for each of its rows."""
    name = next(match[1] for match in CALLED.finditer(macro.text))
    return given[macro.parameters.index(name)] if macro.parameters else name


def _behind(source: bytes, start: int) -> int:
    """The byte behind the bracket that closes the next one; -1 where there is none."""
    depth = 0
    for match in re.compile(rb"""[()]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""").finditer(source, start, start + GIVEN_BYTES):
        depth += OPENS.get(match[0], 0)
        if not depth:
            return match.end()
    return -1


def _given(text: bytes) -> list[bytes]:
    """The arguments between brackets."""
    found, depth, start = list[bytes](), 0, 0
    for match in re.compile(rb"""[()\[\]{},]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""").finditer(text):
        depth += OPENS.get(match[0], 0)
        if match[0] == b"," and not depth:
            found.append(text[start : match.start()].strip())
            start = match.end()
    return [*found, text[start:].strip()]


class _Expansion:
    """What uses of a file stand for; uses inside of them are replaced as long as there is room."""

    def __init__(self, macros: dict[bytes, list[Macro]]) -> None:
        self.macros = macros
        self._left = READ_BYTES

    def made(self, macro: Macro, given: Sequence[bytes], byte: int, names: tuple[bytes, ...]) -> bytes | None:
        """What it is inside of those of `names`; None where that is too much, or it is given something else than it takes."""
        bound = _bound(macro.parameters or (), given)
        if bound is None or len(names) > DEPTH or self._left <= 0:
            return None
        text = PASTE.sub(b"", WORD.sub(lambda match: _part(match[0], bound), macro.text)) if bound else macro.text
        self._left -= len(text) + USE_BYTES
        return self._replaced(text, byte, names) if len(text) <= GIVEN_BYTES else None

    def _replaced(self, text: bytes, byte: int, names: tuple[bytes, ...]) -> bytes:
        rows = ROWS.fullmatch(text) is not None
        parts, end, size = list[bytes](), 0, 0
        for match in CALLED.finditer(text):
            free = match.start() >= end and match[1] not in names and self._left > 0
            inner = _known(self.macros, match[1], byte) if free else None
            behind = self._behind(text, match.end() - 1) if inner is not None and (rows or _is_name(inner)) else -1
            if inner is None or inner.parameters is None or behind < 0:
                continue
            made = self.made(inner, _given(text[match.end() : behind - 1]), byte, (*names, match[1]))
            if made is not None and len(made) + size <= GIVEN_BYTES:
                parts += (text[end : match.start()], made)
                size += len(parts[-2]) + len(made)
                end = behind
        return b"".join((*parts, text[end:]))

    def _behind(self, text: bytes, start: int) -> int:
        behind = _behind(text, start)
        self._left -= (behind if behind >= 0 else len(text)) - start
        return behind


def _bound(parameters: Sequence[bytes], given: Sequence[bytes]) -> dict[bytes, bytes] | None:
    if parameters and parameters[-1].endswith(VARIADIC):
        own = len(parameters) - 1
        rest = parameters[-1].removesuffix(VARIADIC) or b"__VA_ARGS__"
        return {**dict(zip(parameters[:own], given, strict=False)), rest: b", ".join(given[own:])} if len(given) >= own else None
    if not parameters:
        return {}
    return dict(zip(parameters, given, strict=True)) if len(parameters) == len(given) else None


def _part(word: bytes, bound: dict[bytes, bytes]) -> bytes:
    if word.startswith(b"#"):
        name = word[1:].strip()
        return b'"%s"' % bound[name].replace(b'"', b"'") if name in bound else word
    return bound.get(word, word)


def _replaced(source: bytes, uses: Sequence[Use], within: Sequence[tuple[int, int]]) -> tuple[bytes, Places]:
    """What is made stands in place of the uses; the texts of macros that are read there alone are blank, and directives `within` values."""
    blank = sorted({*(use.macro[:2] for use in uses if not _is_name(use.macro)), *within})
    parts, end = list[bytes](), 0
    for first, last in blank:
        if first >= end:
            text = INK.sub(b" ", source[first:last])
            begin = source[first:last].startswith((b" ", b"\t"))
            kept = (first, last) in within or len(text) <= begin
            parts += (source[end:first], text if kept else text[:begin] + NOTHING + text[begin + len(NOTHING) :])
            end = last
    text = b"".join((*parts, source[end:]))
    built, end = PlacesBuilder(text, untouched(source)), 0
    for use in uses:
        built.copy(end, use.start)
        built.insert(b" " + use.text + b" ", use.start, built.begin(use.start, use.end))
        end = use.end
    built.copy(end, len(text))
    return built.finish(source)
