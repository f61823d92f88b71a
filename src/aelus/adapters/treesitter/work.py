"""What one process does: parse and extract file after file, each within its limits."""

from __future__ import annotations

import codecs
import contextlib
import re
import signal
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tree_sitter import Language, Parser, Point, Range, Tree

from aelus.adapters.treesitter.branches import left_out
from aelus.adapters.treesitter.chosen_items import chosen_items, without_choosers
from aelus.adapters.treesitter.conditionals import with_opened_namespaces, without_conditionals, without_empty_macros
from aelus.adapters.treesitter.documents.extraction import DocumentExtraction
from aelus.adapters.treesitter.documents.room import document_names, document_room
from aelus.adapters.treesitter.documents.spelling import is_prose
from aelus.adapters.treesitter.extraction import Extraction
from aelus.adapters.treesitter.item_conditions import Region, items_left_out, regions_left_out
from aelus.adapters.treesitter.macros.expansion import expanded
from aelus.adapters.treesitter.macros.made_definitions import with_made_definitions
from aelus.adapters.treesitter.macros.places import Places
from aelus.adapters.treesitter.room import Room, room, tagged
from aelus.adapters.treesitter.separators import with_separators
from aelus.domain.facts import LEFT_OUT, FileFacts
from aelus.domain.facts_codec import PlainFacts, from_plain
from aelus.domain.source import SkipReason
from aelus.domain.text import decode_source

DETAIL_LIMIT = 300
"""Characters of an error's text that are kept."""
MAX_DEPTH = 60_000
"""Levels of a syntax tree."""
BLOCK_BYTES = 1 << 15
"""A longer code block of a document is not read."""
READ_BYTES = 1 << 16
"""Bytes handed to the grammar at a time, so that the deadline is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost."""

    file_bytes: int = 2 * 1024 * 1024
    file_time_s: float = 10.0
    """Of a processor: what else runs on the machine does not decide which files are read."""
    worker_memory_bytes: int = 2 * 1024 * 1024 * 1024
    """Address space of a worker process; Linux and macOS."""


class Overtime(Exception):
    """A file took longer than it may."""


class Refusal(Exception):
    """A file is not parsed. `args`: (reason, detail)."""


def plain_outcome(language: str, source: bytes, limits: Limits) -> tuple[PlainFacts | None, str, str]:
    """(plain facts, "", "") or (None, reason, detail)."""
    try:
        return plain_facts(language, source, limits), "", ""
    except Refusal as refusal:
        reason, detail = refusal.args
        return None, str(reason), detail
    except Exception as error:  # noqa: BLE001 - the outermost loop: a fault that one file brings to light harms no other
        return None, str(SkipReason.PARSER_FAILED), f"{type(error).__name__}: {error}"[:DETAIL_LIMIT]


def parse_file(language: str, source: bytes, limits: Limits) -> FileFacts:
    """Facts of one file, as `plain_facts` gives them."""
    return from_plain(plain_facts(language, source, limits))


def plain_facts(language: str, source: bytes, limits: Limits) -> PlainFacts:
    """Plain facts of one file.

    Byte offsets are those of the file; of one that is not UTF-8, those of its text in UTF-8.

    Raises:
        Refusal: it is too large, binary, or takes too much time or memory.
    """
    if len(source) > limits.file_bytes:
        raise Refusal(SkipReason.TOO_LARGE, f"{len(source):,} bytes, the limit is {limits.file_bytes:,}")
    text = _utf8(source)
    read = _document_facts if language in document_names() else _code_facts
    try:
        with _deadline(limits.file_time_s):
            return read(language, text, time.thread_time() + limits.file_time_s)
    except Overtime:
        raise Refusal(SkipReason.TIMEOUT, f"more than {limits.file_time_s:g} s of a processor") from None
    except (MemoryError, RecursionError) as error:
        raise Refusal(SkipReason.MEMORY, type(error).__name__) from None


def _code_facts(language: str, written: bytes, end: float) -> PlainFacts:
    language = next((other for other, pattern in room(language).dialects if pattern.search(written)), language)
    known = room(language)
    text, places = readable(language, written)
    tree = _flat_tree(known.grammar, text, end)
    if known.macros is not None and known.macros.word in text:
        text, tree, places = expanded(text, tree, known.macros.query, partial(_flat_tree, known.grammar, end=end))
    written = written if places is None else places.rewritten(written, text)
    skipped = _left_out(known, written, tree)
    return Extraction(known, text, skipped, written, places).plain(tree, partial(_parts, language, text))


def _flat_tree(grammar: Language, source: bytes, end: float) -> Tree:
    """A tree that is not too deep."""
    tree = _tree(grammar, source, end)
    _refuse_depth(tree)
    return tree


def _left_out(known: Room, source: bytes, tree: Tree) -> Sequence[Region]:
    """What is not for the platform that the room knows the macros or words of, or depends on the package."""
    if known.constraint is not None:
        return [(0, len(source), LEFT_OUT)] if known.constraint.leaves_out(source) else []
    if known.attribute is not None:
        chosen = chosen_items(source, known.chooser, known.attribute).branches if known.chooser is not None else ()
        return [
            *regions_left_out(chosen, known.predefined, known.switch),
            *items_left_out(source, tree.root_node, known.attribute, known.predefined, known.switch),
        ]
    return [(*span, LEFT_OUT) for span in left_out(source, known.predefined)] if known.predefined else ()


def _document_facts(name: str, text: bytes, end: float) -> PlainFacts:
    known = document_room(name)
    if known.markup.prose_only and not is_prose(text.decode("utf-8", "replace")):
        raise Refusal(SkipReason.DATA, "it is a list, a table or other data")
    return DocumentExtraction(known, text, partial(_tree, end=end), partial(_block_facts, end)).plain()


def _block_facts(end: float, tag: str, text: bytes) -> FileFacts | None:
    """Facts of a code block in the language that its tag names, if it is a known one."""
    language = tagged(tag)
    return from_plain(_code_facts(language, text, end)) if language and len(text) <= BLOCK_BYTES else None


def _utf8(source: bytes) -> bytes:
    if source.startswith(codecs.BOM_UTF8):
        source = b"   " + source[3:]
    text = decode_source(source)
    if text is None:
        raise Refusal(SkipReason.BINARY, "it has NUL bytes")
    encoded = text.encode("utf-8", "surrogatepass")
    return source if len(encoded) == len(source) else encoded


def _tree(grammar: Language, source: bytes, end: float) -> Tree:
    """Raises Overtime when it takes longer than to `end`, of `time.thread_time`."""
    parser = Parser(grammar)
    try:
        return parser.parse(lambda offset, _: source[offset : offset + READ_BYTES], progress_callback=lambda *_: time.thread_time() > end)
    except ValueError:
        raise Overtime from None


def readable(language: str, source: bytes) -> tuple[bytes, Places | None]:
    """The source without what the grammar does not know, and where it stands in the file, if it stands elsewhere."""
    known, places = room(language), None
    if known.conditionals:
        source, places = with_made_definitions(without_empty_macros(without_conditionals(source)))
    if known.namespaces:
        source = with_opened_namespaces(source)
    if known.chooser is not None and known.attribute is not None:
        source = without_choosers(source, chosen_items(source, known.chooser, known.attribute))
    if known.separated is not None:
        source = with_separators(source, known.separated, known.ended)
    return known.blanks.blank(source), places


def _refuse_depth(tree: Tree) -> None:
    """Queries of tree-sitter count levels in 16 bits, and never end in a deeper tree. One with few nodes need not be looked at."""
    if tree.root_node.descendant_count <= MAX_DEPTH:
        return
    cursor, depth = tree.walk(), 0
    while depth <= MAX_DEPTH:
        if cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            depth -= 1
    raise Refusal(SkipReason.PARSER_FAILED, f"nested more than {MAX_DEPTH:,} levels deep")


def _parts(language: str, source: bytes, ranges: Sequence[tuple[int, int]]) -> Tree:
    """Parts of a file, read as if nothing stood between them; positions are those of the file."""
    starts = [match.end() for match in re.finditer(rb"\n", source)]
    places = [[_place(starts, byte) for byte in part] for part in ranges]
    included = [Range(start, end, *part) for (start, end), part in zip(places, ranges, strict=True)]
    return Parser(room(language).grammar, included_ranges=included).parse(source)


def _place(starts: Sequence[int], byte: int) -> Point:
    row = bisect_right(starts, byte)
    return Point(row, byte - (starts[row - 1] if row else 0))


@contextlib.contextmanager
def _deadline(time_s: float) -> Iterator[None]:
    """Interrupt Python code that takes more of a processor; possible in a process' main thread only, where the workers do their work."""
    try:
        previous = signal.signal(signal.SIGPROF, _interrupt)
    except ValueError:
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, 2 * time_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _interrupt(_signal: int, _frame: object) -> None:
    raise Overtime
