"""The definitions of a file that chunks follow: where they lie, what lies within them, which nodes they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import EXPANDED, Definition, FileFacts
from aelus.domain.graph import CodeNode, NodeKind

FILE: Final = -1
"""Stands for the file's own top level where a definition's index is asked for."""

CLASSES: Final = frozenset(
    kind.value
    for kind in (NodeKind.CLASS, NodeKind.INTERFACE, NodeKind.STRUCT, NodeKind.ENUM, NodeKind.TRAIT, NodeKind.NAMESPACE, NodeKind.MODULE)
)
CALLABLES: Final = frozenset(kind.value for kind in (NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR, NodeKind.MACRO))
SECTIONS: Final = frozenset((NodeKind.SECTION.value,))
FOLLOWED: Final = CALLABLES | CLASSES | SECTIONS
_MAX_SIGNATURE: Final = 200


class Shown(NamedTuple):
    """What a chunk says that it shows."""

    kind: str
    qualified_name: str
    node_id: str


class Outline:
    def __init__(self, path: str, facts: FileFacts, nodes: Sequence[CodeNode]) -> None:
        self._definitions = facts.definitions
        self._top = _top(path, nodes)
        self._nodes = {(node.start_byte, node.end_byte, node.name): node for node in reversed(nodes)}
        self.is_document = self._top.kind == NodeKind.DOCUMENT.value
        self._children: dict[int, list[int]] = defaultdict(list)
        self._collect()

    def definition(self, index: int) -> Definition:
        return self._definitions[index]

    def children(self, index: int) -> Sequence[int]:
        """Functions, methods, classes or sections that lie directly within a definition or the file, in source order."""
        return self._children.get(index, ())

    def is_class(self, index: int) -> bool:
        return index != FILE and self._definitions[index].kind in CLASSES

    def shown(self, index: int) -> Shown:
        if index == FILE:
            return self._top
        entry = self._definitions[index]
        node = self._nodes.get((entry.start_byte, entry.end_byte, entry.name))
        return Shown(node.kind.value, node.qualified_name, node.id) if node else Shown(entry.kind, entry.name, "")

    def signatures(self, index: int, after_line: int) -> list[str]:
        """One line for each member of a class or file that begins after a line; functions have none."""
        if index != FILE and not self.is_class(index):
            return []
        indentation = "" if index == FILE else "    "
        members = (self._definitions[child] for child in self.children(index))
        return [
            indentation + member.signature[:_MAX_SIGNATURE] for member in members if member.start_line > after_line and member.signature
        ]

    def _collect(self) -> None:
        """A definition of another kind (a variable that holds functions) hands its children on to what it lies in."""
        holders: list[int] = []
        for index, entry in enumerate(self._definitions):
            within = holders[entry.parent] if 0 <= entry.parent < index else FILE
            followed = entry.kind in FOLLOWED and EXPANDED not in entry.modifiers
            holders.append(index if followed else within)
            if followed:
                self._children[within].append(index)
        for children in self._children.values():
            children.sort(key=lambda child: (self._definitions[child].start_line, -self._definitions[child].end_line))


def _top(path: str, nodes: Sequence[CodeNode]) -> Shown:
    """The module, or the file where the language has no modules; or the document."""
    for kind in (NodeKind.MODULE, NodeKind.FILE, NodeKind.DOCUMENT):
        node = next((node for node in nodes[:2] if node.kind is kind), None)
        if node:
            return Shown(kind.value, node.qualified_name, node.id)
    return Shown(NodeKind.FILE.value, path, "")
