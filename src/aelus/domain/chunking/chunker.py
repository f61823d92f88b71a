"""Chunks out of sections: their text, names and identities."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from aelus.domain.chunking.outline import Outline, Shown
from aelus.domain.chunking.sections import Section, Sections
from aelus.domain.chunking.source_lines import MAX_BYTES, SourceLines
from aelus.domain.chunks import Chunk
from aelus.domain.facts import FileFacts
from aelus.domain.graph import CodeNode, content_hash
from aelus.domain.text import decode_source


def chunk_file(
    *, path: str, source: bytes, facts: FileFacts, nodes: Sequence[CodeNode], repository: str = "", branch: str = ""
) -> tuple[Chunk, ...]:
    """Chunks of one file in source order; none for a binary or blank one.

    Args:
        path: relative to the repository.
        source: the bytes that `facts` were taken from.
        facts: its definitions say where to cut.
        nodes: the file's nodes, which give the chunks their names; in source order.
        repository: stable name that goes into the ids.
        branch: the same for the branch.
    """
    text = decode_source(source)
    if text is None:
        return ()
    lines, outline = SourceLines(text), Outline(path, facts, nodes)
    making = _Making(path=path, language=facts.language, salt=f"{repository}\0{branch}\0{path}\0")
    passages = (
        (section, shown, passage)
        for section in Sections(lines, outline).of_file()
        for shown in (outline.shown(section.shows),)
        for passage in _passages(section, lines, outline)
    )
    return tuple([making.chunk(section, shown, passage) for section, shown, passage in passages])


def embedding_text(chunk: Chunk) -> str:
    """What is embedded for a chunk: where it stands, what it is, what it says."""
    return _embedding_text(chunk.path, chunk.qualified_name, chunk.text)


def _embedding_text(path: str, qualified_name: str, text: str) -> str:
    return f"{path}\n{qualified_name}\n{text}"


class _Making:
    """Makes the chunks of one file, counting equal ones."""

    def __init__(self, *, path: str, language: str, salt: str) -> None:
        self._path = path
        self._language = language
        self._salt = salt.encode("utf-8", "surrogatepass")
        self._seen: Counter[str] = Counter()

    def chunk(self, section: Section, shown: Shown, text: str) -> Chunk:
        name = content_hash(_embedding_text(self._path, shown.qualified_name, text).encode("utf-8", "surrogatepass"))
        self._seen[name] += 1
        return Chunk(
            id=hashlib.blake2b(self._salt + f"{name}\0{self._seen[name]}".encode(), digest_size=16).hexdigest(),
            path=self._path,
            start_line=section.start,
            end_line=section.end,
            kind=shown.kind,
            qualified_name=shown.qualified_name,
            node_id=shown.node_id,
            language=self._language,
            text=text,
            content_hash=name,
        )


def _passages(section: Section, lines: SourceLines, outline: Outline) -> Iterator[str]:
    if section.start == section.end and lines.size(section.start, section.end) > MAX_BYTES:
        yield from lines.slices(section.start)
        return
    text = lines.text(section.start, section.end)
    yield _with_signatures(text, outline.signatures(section.shows, section.end)) if section.header else text


def _with_signatures(text: str, signatures: Sequence[str]) -> str:
    """The header of a file or class, and below it as many of its members' signatures as there is room for."""
    room = MAX_BYTES - len(text.encode("utf-8", "surrogatepass"))
    for signature in signatures:
        room -= len(signature.encode("utf-8", "surrogatepass")) + 1
        if room < 0:
            break
        text += f"\n{signature}"
    return text
