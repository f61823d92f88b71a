"""From a document to facts: its headings are definitions, the names and links in it are references."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tree_sitter import Language, Node, QueryCursor, Tree

from aelus.adapters.treesitter.documents.code_blocks import CodeBlocks, ReadCode
from aelus.adapters.treesitter.documents.headings import Heading, Outline
from aelus.adapters.treesitter.documents.mentions import Mentions
from aelus.adapters.treesitter.documents.room import DocumentRoom
from aelus.adapters.treesitter.documents.spelling import (
    code_name,
    code_path,
    link_path,
    prose_names,
    prose_paths,
    titled_target,
)
from aelus.domain.facts import MODULE_SCOPE
from aelus.domain.facts_codec import PlainFacts
from aelus.domain.graph import Origin

MAX_DEPTH: Final = 8
"""Directives inside each other that are read."""
_ROLE: Final = re.compile(r"(?s):(?P<role>[\w:+.-]+):`(?P<text>.*)`|`(?P<plain>.*)`")
_NAME_BLANK: Final = b"\x01"
"""In place of what is no prose: nothing that a name is spelt with."""
Captures = Mapping[str, Sequence[Node]]
Parse = Callable[[Language, bytes], Tree]
"""Parses within the time that the file has."""


class DocumentExtraction:
    """Reads one document.

    Args:
        room: the kind of document.
        source: UTF-8.
        parse: parses by a grammar.
        read_code: reads code blocks.
    """

    def __init__(self, room: DocumentRoom, source: bytes, parse: Parse, read_code: ReadCode) -> None:
        self._room = room
        self._source = source
        self._parse = parse
        self._mentions = Mentions()
        self._blocks = CodeBlocks(room.markup, read_code, self._mentions)
        self._headings: list[Heading] = []
        self._module = ""

    def plain(self) -> PlainFacts:
        """The facts as plain tuples."""
        errors = self._read(self._source, 1, 0, (), 0)
        lines = self._source.count(b"\n") + (not self._source.endswith(b"\n") and bool(self._source))
        outline = Outline(sorted(self._headings), self._room.markup.levels)
        sections = tuple([tuple(section) for section in outline.definitions(self._source, lines)])
        references = tuple([tuple(reference) for reference in self._mentions.references(outline)])
        scopes = ((MODULE_SCOPE, -1, -1),)
        return (self._room.name, "", "", lines, scopes, sections, self._mentions.expressions(), (), (), references, (), (), errors, ())

    def _read(self, source: bytes, line: int, byte: int, holders: tuple[str, ...], depth: int) -> int:
        """A text that begins on a line, at a byte of the file, inside of directives that name something."""
        part = _Part(self._room, source, line, byte, holders, depth)
        if self._room.grammar is None or self._room.blocks is None:
            self._read_prose(part, [(0, len(source))])
            return 0
        tree = self._parse(self._room.grammar, source)
        prose: list[tuple[int, int]] = []
        matches = [captures for _, captures in QueryCursor(self._room.blocks).matches(tree.root_node)]
        for captures in sorted(matches, key=lambda found: min(nodes[0].start_byte for nodes in found.values())):
            self._take(part, captures, prose)
        self._read_prose(part, prose)
        return int(tree.root_node.has_error)

    def _take(self, part: _Part, captures: Captures, prose: list[tuple[int, int]]) -> None:
        """One match of the queries; what is no prose is taken out of it."""
        if "heading" in captures:
            self._heading(part, captures)
        elif "directive" in captures:
            self._directive(part, captures)
        elif "code" in captures:
            self._code(part, captures)
        elif "inline" in captures:
            self._inline(part, captures["inline"][0], prose)
        elif "prose" in captures:
            prose.append((captures["prose"][0].start_byte, captures["prose"][0].end_byte))
        else:
            self._mark(part, captures, 0)

    def _heading(self, part: _Part, captures: Captures) -> None:
        if part.depth:
            return
        heading, title = captures["heading"][0], captures["title"][0]
        text = " ".join(part.text(title).split())
        mark = part.text(captures["mark"][0]).strip() if "mark" in captures else _adornment(part, heading, title)
        if text:
            self._headings.append(Heading(part.line_of(heading.start_byte), heading.start_byte, text, mark))

    def _code(self, part: _Part, captures: Captures) -> None:
        code = captures["code"][0]
        tag = part.text(captures["language"][0]).strip("{}. ") if "language" in captures else ""
        self._block(part, code, tag)

    def _block(self, part: _Part, code: Node, tag: str) -> None:
        start = part.source.rfind(b"\n", 0, code.start_byte) + 1
        text = textwrap.dedent(part.source[start : code.end_byte].decode("utf-8", "replace"))
        self._blocks.read(text, tag, part.line_of(code.start_byte), part.byte + code.start_byte)
        part.blank(code.start_byte, code.end_byte)

    def _inline(self, part: _Part, node: Node, prose: list[tuple[int, int]]) -> None:
        """A piece of text that a grammar of its own reads."""
        prose.append((node.start_byte, node.end_byte))
        if self._room.inline_grammar is None or self._room.inline is None:
            return
        tree = self._parse(self._room.inline_grammar, part.source[node.start_byte : node.end_byte])
        for _, captures in QueryCursor(self._room.inline).matches(tree.root_node):
            self._mark(part, captures, node.start_byte)

    def _mark(self, part: _Part, captures: Captures, offset: int) -> None:
        """A span of code, a link, a role, or what is nothing of them and no prose either."""
        kind, (node, *_) = next(iter(captures.items()))
        start, end = offset + node.start_byte, offset + node.end_byte
        text, line, byte = part.source[start:end].decode("utf-8", "replace"), part.line_of(start), part.byte + start
        if kind == "span":
            self._span(text.strip("`"), line, byte, part.holders)
        elif kind == "link":
            self._mentions.path(link_path(titled_target(text) or text.strip("`_")), line, byte)
        elif kind == "marked":
            self._role(text, line, byte, part.holders)
        part.blank(start, end)

    def _span(self, text: str, line: int, byte: int, holders: Sequence[str]) -> None:
        self._mentions.path(code_path(text), line, byte)
        self._mentions.name(Origin.CODE_SPAN, code_name(text), line, byte, self._around(holders))

    def _role(self, text: str, line: int, byte: int, holders: Sequence[str]) -> None:
        match = _ROLE.fullmatch(text)
        if match is None:
            return
        if match["role"] is None:
            self._span(match["plain"], line, byte, holders)
            return
        markup, role = self._room.markup, match["role"].rpartition(":")[2]
        target = titled_target(match["text"]) or match["text"]
        if role in markup.roles and not target.startswith("!"):
            self._mentions.name(Origin.ROLE, code_name(target), line, byte, self._around(holders))
        elif role in markup.path_roles:
            for suffix in ("", *markup.path_suffixes):
                self._mentions.path(link_path(target + suffix), line, byte)

    def _directive(self, part: _Part, captures: Captures) -> None:
        markup, name = self._room.markup, part.text(captures["directive"][0]).rpartition(":")[2]
        arguments = part.text(captures["arguments"][0]).strip() if "arguments" in captures else ""
        line, byte = part.line_of(captures["whole"][0].start_byte), part.byte + captures["whole"][0].start_byte
        said = code_name(arguments.splitlines()[0]).removesuffix("()") if arguments else ""
        if name in markup.module_directives:
            self._module = said
        if name in markup.name_directives:
            self._mentions.name(Origin.ROLE, said, line, byte, self._around(part.holders))
        if name in markup.path_directives:
            self._mentions.path(link_path(arguments), line, byte)
        if "content" in captures:
            self._content(part, captures["content"][0], name, arguments, said)
        part.blank(captures["whole"][0].start_byte, captures["whole"][0].end_byte)

    def _content(self, part: _Part, content: Node, name: str, arguments: str, said: str) -> None:
        """What stands inside a directive: code, or a document again."""
        if name in self._room.markup.code_directives:
            self._block(part, content, arguments.split(maxsplit=1)[0] if arguments else "")
        elif part.depth < MAX_DEPTH:
            start = part.source.rfind(b"\n", 0, content.start_byte) + 1
            text = textwrap.dedent(part.source[start : content.end_byte].decode("utf-8", "replace")).encode()
            inner = (said, *part.holders) if said and name in self._room.markup.holder_directives else part.holders
            self._read(text + b"\n", part.line_of(content.start_byte), part.byte + content.start_byte, inner, part.depth + 1)

    def _around(self, holders: Sequence[str]) -> Sequence[str]:
        """What a name here may be a member of."""
        module = self._module
        return [*(f"{module}.{one}" for one in holders if module), *holders, *((module,) if module else ())]

    def _read_prose(self, part: _Part, ranges: Sequence[tuple[int, int]]) -> None:
        for start, end in ranges:
            text = bytes(part.prose[start:end]).decode("utf-8", "replace")
            for place, name in prose_names(text):
                line = part.line_of(start) + text.count("\n", 0, place)
                self._mentions.name(Origin.PROSE, name, line, part.byte + start)
            for place, path in prose_paths(text):
                self._mentions.path(link_path(path), part.line_of(start) + text.count("\n", 0, place), part.byte + start)


class _Part:
    """A text that is read in one go: the document, or what stands inside a directive."""

    def __init__(self, room: DocumentRoom, source: bytes, line: int, byte: int, holders: tuple[str, ...], depth: int) -> None:
        self.room = room
        self.source = source
        self.prose = bytearray(source)
        """The source without what is no prose."""
        self.byte = byte
        self.holders = holders
        self.depth = depth
        self._line = line
        self._newlines = [match.start() for match in re.finditer(rb"\n", source)]

    def line_of(self, byte: int) -> int:
        return self._line + bisect_right(self._newlines, byte - 1)

    def text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def blank(self, start: int, end: int) -> None:
        kept = self.prose[start:end]
        self.prose[start:end] = re.sub(rb"[^\n]", _NAME_BLANK, bytes(kept))


def _adornment(part: _Part, heading: Node, title: Node) -> str:
    """The sign that a title is underlined with, twice where it is overlined too."""
    above = part.source[heading.start_byte : title.start_byte].strip()
    below = part.source[title.end_byte : heading.end_byte].strip()
    return (above[:1] + below[:1]).decode("utf-8", "replace")
