"""What a member or subscript holds right behind an assignment to it: `self.handler = f; self.handler()` calls `f` and nothing else.

The linker knows of each member and key all values that it has anywhere. From an assignment on, up to the end of the next call, which may
change anything, and as long as nothing else is assigned that may be the same, a path like `a.b` or `a["k"]` holds what was assigned.
"""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.draft import FileDraft
from aelus.adapters.treesitter.lowering import Lowering, Region
from aelus.adapters.treesitter.room import Room
from aelus.domain.facts import FILLS, INDEX, LOCAL, SEQUENCE

PATH: Final = re.compile(rb"[^\W\d]\w*(?:\.\w+|\[(?:\"[^\"\\\n]*\"|'[^'\\\n]*'|\d+)\])+")
"""A path whose parts are names and constants."""
HEAD: Final = re.compile(rb"[.\[]")
LAST: Final = re.compile(rb"(\.\w+|\[[^\]]*\])$")
NEAR: Final = 400
"""Bytes behind an assignment in which a path must come again."""
REGIONS_PER_PATH: Final = 64
"""A path that is assigned to more often is followed as one."""
STATEMENTS: Final = 8
NODES: Final = 300
CLIMB: Final = 4


class Stores:
    """The paths of one file that are read right behind an assignment to them."""

    def __init__(self, room: Room, lowering: Lowering) -> None:
        self._room = room
        self._lowering = lowering
        self._calls = frozenset(kind for kind, form in room.forms.items() if form.name in ("call", "new", "await", "yield"))
        self._noted: list[tuple[Node, int, int]] = []
        self._versions: dict[int, int] = {}

    def note(self, target: Node, scope: int, end: int) -> None:
        """A path is assigned to; it has its new value from byte `end` on."""
        raw = self._lowering.raw(target)
        if (b"." in raw or b"[" in raw) and PATH.fullmatch(raw) and self._lowering.source.find(raw, end, end + NEAR) >= 0:
            self._noted.append((target, scope, end))

    def decide(self) -> None:
        """Give each assignment its region. Call it when names can be resolved."""
        for number, (target, scope, start) in enumerate(self._noted):
            end = self._end(target, start)
            index = self._lowering.lower(target, scope) if end > start else 0
            if index and len(self._lowering.paths.get(index, ())) < REGIONS_PER_PATH:
                around = self._lowering.scopes.function_scope(scope)
                version = self._lowering.expressions.add(LOCAL, self._lowering.text(target), (around, number + 1))
                self._versions[target.start_byte] = version
                self._lowering.paths.setdefault(index, []).append(Region(start, end, around, version))

    def version_at(self, target: Node) -> int:
        """The version that an assignment makes, or 0."""
        return self._versions.get(target.start_byte, 0)

    def _end(self, target: Node, start: int) -> int:
        statement = self._statement(target)
        raw = self._lowering.raw(target)
        end = start
        for _ in range(STATEMENTS):
            statement = statement.next_named_sibling if statement is not None else None
            if statement is None:
                return end
            block = next((child for child in statement.named_children if child.kind_id in self._room.blocks), None)
            limit = statement.end_byte if block is None else block.start_byte
            stop = self._disturbed(statement, raw, limit)
            if stop >= 0:
                return max(end, stop)
            end = limit
            if block is not None:
                return end
        return end

    def _statement(self, target: Node) -> Node | None:
        """The statement around an assignment, in its block."""
        current: Node = target
        for _ in range(CLIMB):
            parent = current.parent
            if parent is None or parent.kind_id in self._room.blocks:
                return current if parent is not None else None
            if parent.kind_id not in self._room.straight:
                return None
            current = parent
        return None

    def _disturbed(self, statement: Node, raw: bytes, limit: int) -> int:
        """Where something in a statement may change what the path holds, or -1."""
        last, head = LAST.search(raw), HEAD.split(raw, maxsplit=1)[0]
        stops: list[int] = []
        pending, count = [statement], 0
        while pending:
            node = pending.pop()
            count += 1
            if count > NODES:
                return statement.start_byte
            if node.kind_id in self._calls and node.end_byte <= limit:
                stops.append(node.end_byte)
            left = node.child_by_field_name("left") if node.kind_id in self._room.straight else None
            if left is not None and self._changes(self._lowering.raw(left), head, last.group(1) if last else b""):
                stops.append(statement.start_byte)
            if node.kind_id not in self._room.blocks:
                pending.extend(node.named_children)
        return min(stops, default=-1)

    def _changes(self, left: bytes, head: bytes, last: bytes) -> bool:
        """Whether an assignment to `left` may be one to the path: its first name, a key, or the same member of something."""
        if re.search(rb"\b" + re.escape(head) + rb"\b(?!\s*[.\[])", left):
            return True
        return b"[" in left if last.startswith(b"[") else left.endswith(last) or b"," in left

    def made_on_demand(self, target: int) -> tuple[int, int]:
        """`$a[$k][] = $v` makes the inner container where there is none: (where it is put, the container); zeros for other targets."""
        expressions, entries = self._lowering.expressions, self._lowering.expressions.entries
        holder = entries[target][2][0] if entries[target][0] == INDEX and self._lowering.rules.made_on_demand else 0
        return (holder, expressions.fresh(SEQUENCE, "", ())) if entries[holder][0] == INDEX else (0, 0)


def note_filled(draft: FileDraft, node: Node, form: str, definition: int) -> None:
    """`*out = f`: the function stores behind a parameter."""
    if form != "address" or definition < 0:
        return
    name = draft.source[node.start_byte : node.end_byte].removeprefix(b"*").strip(b" ()").decode("utf-8", "replace")
    modifiers = draft.definitions[definition].modifiers
    if name.isidentifier() and f"{FILLS}{name}" not in modifiers:
        modifiers.append(f"{FILLS}{name}")
