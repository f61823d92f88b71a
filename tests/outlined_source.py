"""Sources with the facts and nodes that chunking follows, built together so that no parser is needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from aelus.domain.chunking import chunk_file
from aelus.domain.chunks import Chunk
from aelus.domain.facts import Definition, FileFacts
from aelus.domain.graph import CodeNode, NodeKind


class Block(NamedTuple):
    """A definition: its kind, name and body, whose parts are lines and further definitions."""

    kind: str
    name: str
    body: tuple[Block | str, ...] = ()


@dataclass
class OutlinedSource:
    path: str = "shop/cart.py"
    lines: list[str] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    nodes: list[CodeNode] = field(default_factory=list)

    def write(self, parts: tuple[Block | str, ...], *, parent: int = -1, qualifier: str = "shop.cart", depth: int = 0) -> OutlinedSource:
        for part in parts:
            if isinstance(part, str):
                self.lines.append("    " * depth + part if part else "")
            else:
                self._define(part, parent, f"{qualifier}.{part.name}", depth)
        return self

    def _define(self, block: Block, parent: int, qualified_name: str, depth: int) -> None:
        number, start = len(self.definitions), len(self.lines) + 1
        signature = f"{'class' if block.kind == 'Class' else 'def'} {block.name}:"
        entry = Definition(
            block.kind, block.name, parent, 0, -1, start, start, start, start, start, signature, "", "public", (), (), (), (), (), 0, 0
        )
        self.definitions.append(entry)
        self.lines.append("    " * depth + signature)
        self.write((*block.body, "pass"), parent=number, qualifier=qualified_name, depth=depth + 1)
        self.definitions[number] = entry._replace(end_line=len(self.lines), end_byte=start + len(self.lines))
        self.nodes.append(self._node(self.definitions[number], qualified_name))

    def _node(self, entry: Definition, qualified_name: str) -> CodeNode:
        return CodeNode(
            id=f"node of {qualified_name}",
            kind=NodeKind(entry.kind),
            name=entry.name,
            qualified_name=qualified_name,
            path=self.path,
            start_line=entry.start_line,
            end_line=entry.end_line,
            start_byte=entry.start_byte,
            end_byte=entry.end_byte,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def chunks(self, source: bytes | None = None) -> tuple[Chunk, ...]:
        module = CodeNode(id="module", kind=NodeKind.MODULE, name="cart", qualified_name="shop.cart", path=self.path)
        facts = FileFacts("python", "", "", len(self.lines), (), tuple(self.definitions), (), (), (), (), (), (), 0)
        return chunk_file(path=self.path, source=self.text.encode() if source is None else source, facts=facts, nodes=(module, *self.nodes))


def chunks_of(*parts: Block | str) -> tuple[Chunk, ...]:
    return OutlinedSource().write(parts).chunks()


def function(name: str, statements: int = 10, *, kind: str = "Function") -> Block:
    return Block(kind, name, tuple(f"value_{number} = compute(value_{number - 1})" for number in range(statements)))
