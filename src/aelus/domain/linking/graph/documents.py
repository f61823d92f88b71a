"""Nodes and edges of documents: their sections, and what they mention."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from aelus.domain.facts import CONSTANT, IMPORT, MEMBER, FileFacts
from aelus.domain.graph import CONFIDENCE, CodeNode, Edge, EdgeKind, NodeId, NodeKind, Origin
from aelus.domain.linking.graph.mentions import MentionedNames
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.program import SourceUnit

SEPARATOR = "#"
"""Between the parts of a section's qualified name: path of the document, titles of the sections around it, its own."""


class Documents:
    """Writes the part of the graph that lies in documents, file by file."""

    def __init__(self, units: Sequence[SourceUnit], nodes: Nodes, names: MentionedNames, files: Mapping[str, NodeId]) -> None:
        self._units = sorted(units, key=lambda unit: unit.path)
        self._nodes = nodes
        self._names = names
        self._own = {unit.path: nodes.identify(NodeKind.DOCUMENT, unit.path, unit.path) for unit in self._units}
        self._files = {**files, **self._own}

    def graphs(self) -> Iterator[tuple[str, tuple[CodeNode, ...], tuple[Edge, ...]]]:
        """Path, nodes in source order, edges."""
        for unit in self._units:
            sections = self._sections(unit)
            yield unit.path, (self._document(unit), *sections), tuple(self._edges(unit, [section.id for section in sections]))

    def _document(self, unit: SourceUnit) -> CodeNode:
        return CodeNode(
            id=self._own[unit.path],
            kind=NodeKind.DOCUMENT,
            name=unit.path.rpartition("/")[2],
            qualified_name=unit.path,
            path=unit.path,
            start_line=1,
            end_line=max(unit.facts.lines, 1),
            language=unit.facts.language,
            content_hash=unit.blob_hash,
        )

    def _sections(self, unit: SourceUnit) -> list[CodeNode]:
        names: list[str] = []
        nodes: list[CodeNode] = []
        for entry in unit.facts.definitions:
            names.append(f"{names[entry.parent] if entry.parent >= 0 else unit.path}{SEPARATOR}{entry.name}")
            nodes.append(
                CodeNode(
                    id=self._nodes.identify(NodeKind.SECTION, names[-1], unit.path),
                    kind=NodeKind.SECTION,
                    name=entry.name,
                    qualified_name=names[-1],
                    path=unit.path,
                    start_line=entry.start_line,
                    end_line=entry.end_line,
                    start_byte=entry.start_byte,
                    end_byte=entry.end_byte,
                    language=unit.facts.language,
                    content_hash=entry.content_hash,
                )
            )
        return nodes

    def _edges(self, unit: SourceUnit, sections: Sequence[NodeId]) -> Iterator[Edge]:
        document = self._own[unit.path]
        folder = self._nodes.folders.get(unit.path.rpartition("/")[0], self._nodes.root)
        yield _contains(folder, document, unit.path, 0)
        for entry, section in zip(unit.facts.definitions, sections, strict=True):
            yield _contains(sections[entry.parent] if entry.parent >= 0 else document, section, unit.path, entry.line)
        found: dict[tuple[NodeId, NodeId, int], Edge] = {}
        for edge in self._mentions(unit, [*sections, document]):
            known = found.get((edge.src, edge.dst, edge.line))
            if known is None or known.confidence < edge.confidence:
                found[edge.src, edge.dst, edge.line] = edge
        yield from found.values()

    def _mentions(self, unit: SourceUnit, sections: Sequence[NodeId]) -> Iterator[Edge]:
        for kind, expression, line, _, section in unit.facts.references:
            origin = Origin(kind)
            target = self._target(unit, expression, origin)
            if target is not None and target != self._own[unit.path]:
                yield Edge(EdgeKind.MENTIONS, sections[section], target, unit.path, line, origin, CONFIDENCE[origin])

    def _target(self, unit: SourceUnit, expression: int, origin: Origin) -> NodeId | None:
        expressions = unit.facts.expressions
        form, text, parts = expressions[expression]
        if form == CONSTANT:
            return self._file(unit.path, text)
        if form in (IMPORT, MEMBER):
            found = self._imported(unit.facts, expression)
        else:
            found = self._names.named(text, [expressions[part].text for part in parts], origin)
        return None if found is None else self._names.node(found)

    def _imported(self, facts: FileFacts, expression: int) -> int | None:
        names: list[str] = []
        while facts.expressions[expression].form == MEMBER:
            names.append(facts.expressions[expression].text)
            expression = facts.expressions[expression].parts[0]
        _, module, (language,) = facts.expressions[expression]
        return self._names.imported(facts.expressions[language].text, module, names[::-1])

    def _file(self, path: str, target: str) -> NodeId | None:
        """The file that a path means: beside the document, or from the root of the repository."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.lstrip("/") if target.startswith("/") else target))
        return self._files.get(beside) or self._files.get(posixpath.normpath(target.lstrip("/")))


def _contains(src: NodeId, dst: NodeId, path: str, line: int) -> Edge:
    return Edge(EdgeKind.CONTAINS, src, dst, path, line, Origin.STRUCTURE, CONFIDENCE[Origin.STRUCTURE])
