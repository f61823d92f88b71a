"""Questions with known answers: those written by hand in `queries/`, and descriptions of functions whose comments were taken out."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aelus.adapters.memory import MemoryDatabase
from aelus.domain.graph import CodeNode, NodeKind
from aelus.domain.path_class import PathClass, path_class
from aelus.domain.symbol_names import is_suffix

KINDS = {"what": "what code does", "together": "how parts work together", "names": "identifiers"}
DOCUMENTED = "description, comments removed"
MAX_DOCUMENTED = 100
"""Descriptions asked of one package."""
LEAST_WORDS = 5
LEAST_LINES = 4
_CALLABLES = frozenset((NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR))
_END = re.compile(r"\.(?:\s|$)|\n\s*\n|\n\s*[@:\\]|<p>|^\s*@", re.MULTILINE)
_TAGS = re.compile(r"<[^>\n]{1,60}>|\{@\w+\s*([^}]*)\}|:\w+:`([^`]*)`|`")


@dataclass(frozen=True)
class Span:
    """Lines of one file, inclusive."""

    path: str
    start: int
    end: int

    def meets(self, path: str, start: int, end: int) -> bool:
        return path == self.path and start <= self.end and end >= self.start


@dataclass(frozen=True, kw_only=True)
class Question:
    kind: str
    text: str
    answers: tuple[tuple[Span, ...], ...]
    """Each answer is right wherever one of its spans is."""


def nodes_of(database: MemoryDatabase) -> list[CodeNode]:
    indexes = (index for tenant in database.tenants for index in database.of(tenant).indexes.values())
    return [node for index in indexes for file in index.files.values() for node in file.nodes]


def written_questions(file: Path, nodes: Sequence[CodeNode]) -> list[Question]:
    """Those of a package's file. An answer that the graph does not know is said, and never found."""
    found, kind = [], ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = KINDS[line.strip("[]")]
        elif line:
            text, _, answers = line.partition(" -> ")
            found.append(Question(kind=kind, text=text, answers=tuple(_spans(file.stem, answer, nodes) for answer in answers.split(", "))))
    return found


def _spans(package: str, answer: str, nodes: Sequence[CodeNode]) -> tuple[Span, ...]:
    path, _, name = answer.partition("#")
    found = [node for node in nodes if f"/{node.path}".endswith(f"/{path}") and is_suffix(name, node.qualified_name)]
    if not found:
        print(f"{package}: the graph has no {answer}", file=sys.stderr)
    return tuple(map(_span, found))


def _span(node: CodeNode) -> Span:
    return Span(node.path, node.start_line, node.end_line)


def documented_questions(nodes: Iterable[CodeNode]) -> list[Question]:
    """First sentences of functions' descriptions, each of which describes one function of the package only."""
    described = {node.id: (text, node) for node in nodes if (text := _description(node))}
    texts = [text for text, _ in described.values()]
    single = [(text, node) for text, node in sorted(described.values(), key=lambda entry: entry[1].id) if texts.count(text) == 1]
    chosen = random.Random(1).sample(single, min(MAX_DOCUMENTED, len(single)))  # noqa: S311 -- a sample
    return [Question(kind=DOCUMENTED, text=text, answers=((_span(node),),)) for text, node in chosen]


def _description(node: CodeNode) -> str:
    if node.kind not in _CALLABLES or node.end_line - node.start_line < LEAST_LINES or path_class(node.path) is not PathClass.PRODUCT:
        return ""
    text = " ".join(_TAGS.sub(r" \1\2 ", _END.split(node.docstring.strip(), maxsplit=1)[0]).split())
    return text if len(re.findall(r"[A-Za-z]{2,}", text)) >= LEAST_WORDS and text.isascii() else ""
