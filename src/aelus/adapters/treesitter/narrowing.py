"""Variables that hold something more particular where a test is known to have succeeded, or failed.

A test is an expression that a room's pattern captures as `@narrow`; `by` in its settings says what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from tree_sitter import Node

from aelus.adapters.treesitter.conditions import CLIMB_LIMIT
from aelus.adapters.treesitter.conditions import Region as Span
from aelus.adapters.treesitter.doc_types import found, lower_doc_type
from aelus.adapters.treesitter.draft import FileDraft, Place
from aelus.adapters.treesitter.lowering import Region
from aelus.adapters.treesitter.receiver_lambdas import TestedReceiver, note_tested
from aelus.domain.facts import (
    FAILS,
    HAS_ENTRY,
    INSTANCE,
    IS_GUARDED,
    IS_INSTANCE,
    LOCAL,
    MEMBER,
    NARROWED,
    SEQUENCE,
    UNION,
)

NAMED: Final = frozenset({HAS_ENTRY})
"""Tests of one entry, which is named."""
ASSERTING: Final = ("assert", "ensure", "invariant")
"""Beginnings of the names of functions that may throw where what they are given is not of a type; others are not looked at."""
CASES: Final = 64
"""Cases that share what is behind the last one of them."""


MEMBERS: Final = 256
"""Tests of members that are followed in one file."""
PATH_DEPTH: Final = 4
STATEMENT: Final = b"@"
"""Beginning of what comments say of types."""
ASSIGNED: Final = rb"\s*=(?![=>])"


class Narrowed(NamedTuple):
    version: int
    variable: int
    text: str
    """That of the `NARROWED` expression; empty for the class tests of rooms without `both`."""
    values: tuple[Node, ...]
    scope: int
    position: int
    """Byte at which the variable is what is tested."""


class Narrowing:
    """The tests of one file."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._scopes = draft.scopes
        self._lowering = draft.lowering
        self._expressions = draft.expressions
        self._versions = draft.lowering.versioned
        self._conditions = draft.room.conditions
        self._ancestors = draft.lowering.versioned.ancestors
        self._narrowed: list[Narrowed] = []
        self._members: list[tuple[Node, Span, str, tuple[Node, ...], int]] = []
        """Tests of members: what is tested, where it holds, text, values, scope."""
        self._documented: list[tuple[int, str, int]] = []
        """Version of a variable, the type that a comment says it has, scope."""

    # --- regions ------------------------------------------------------------------------------------------------------------------------

    def note(self, place: Place, scope: int) -> None:
        """Note what a test says of a variable, and where."""
        settings, captures = place.role.settings, place.captures
        kind = settings.get("by", "")
        if kind == "case":
            self._note_case(place, scope)
            return
        if kind == "comment":
            self._note_comment(place, scope)
            return
        if kind == IS_GUARDED and settings.get("asserts"):
            if self._lowering.text(captures["value"][0]).rpartition(".")[2].lower().startswith(ASSERTING):
                statement = place.node.parent or place.node
                self._add(place, scope, kind, _behind(statement))
            return
        inverted = settings.get("unless") == "yes"
        self._add(place, scope, f"{FAILS}{kind}" if inverted else kind, self._regions(place))
        if settings.get("both") == "yes":
            regions = self._conditions.regions(place.node, self._ancestors.of(place.node, CLIMB_LIMIT), fails=True)
            self._add(place, scope, kind if inverted else f"{FAILS}{kind}", regions)

    def _regions(self, place: Place) -> Iterable[Span]:
        within, behind = place.captures.get("within"), place.captures.get("behind")
        if within:
            return [(node.start_byte, node.end_byte) for node in within]
        if behind:
            return [region for node in behind for region in _behind(node)]
        return self._conditions.regions(place.node, self._ancestors.of(place.node, CLIMB_LIMIT))

    def _add(self, place: Place, scope: int, kind: str, regions: Iterable[Span]) -> None:
        member = place.captures.get("member")
        text = f"{kind} {self._lowering.text(member[0])}" if member else kind
        values = tuple(place.captures["value"][:1])
        for start, end in regions:
            for target in place.captures["target"]:
                self._narrow(target, (start, end), text, values, scope)

    def _narrow(self, target: Node, region: Span, text: str, values: tuple[Node, ...], scope: int) -> None:
        if self._lowering.form_of(target) == "member":
            self._members.append((target, region, text, values, scope))
            return
        if self._draft.rules.receiver_functions and self._lowering.text(target) in self._draft.rules.this_words:
            if text in ("", IS_INSTANCE) and values:
                note_tested(self._lowering, TestedReceiver(*region, values[0], scope))
            return
        variable = self._scopes.resolve(scope, self._lowering.raw(target))
        version = self._versions.narrow(variable, *region)
        if version:
            self._narrowed.append(Narrowed(version, variable, text, values, scope, target.start_byte))

    def decide(self) -> None:
        """Give the members of variables that are tested a version each. Call it when names can be resolved."""
        members = self._members[:MEMBERS]
        paths = [self._lowering.lower(target, scope) if self._is_path(target) else 0 for target, *_, scope in members]
        for number, (index, (target, (start, end), text, values, scope)) in enumerate(zip(paths, members, strict=True)):
            if index:
                around = self._scopes.function_scope(scope)
                version = self._expressions.add(LOCAL, self._lowering.text(target), (around, -1 - number))
                self._lowering.paths.setdefault(index, []).append(Region(start, self._unchanged(target, start, end), around, version))
                self._narrowed.append(Narrowed(version, index, text, values, scope, target.start_byte))

    def _is_path(self, target: Node) -> bool:
        """Whether a member is one of a name, or of such a member."""
        for _ in range(PATH_DEPTH):
            form = self._draft.room.forms.get(target.kind_id)
            if form is None or form.name != "member":
                return form is not None and form.name == "name"
            holder = self._lowering.part(target, form, 0)
            if holder is None:
                return False
            target = holder
        return False

    def _unchanged(self, target: Node, start: int, end: int) -> int:
        """Where a path is first assigned to in a region, or the end of that."""
        assigned = re.compile(re.escape(self._lowering.raw(target)) + ASSIGNED).search(self._lowering.source, start, end)
        return end if assigned is None else assigned.start()

    def _note_comment(self, place: Place, scope: int) -> None:
        """A comment says what a variable is from there on to the end of the block, or to the next assignment."""
        says = STATEMENT in self._lowering.raw(place.node)
        for name, written in found(self._draft.rules.doc_types, "local", self._lowering.text(place.node)).items() if says else ():
            variable = self._scopes.resolve(scope, name.encode()) if name else 0
            for start, end in _behind(place.node):
                version = self._versions.narrow(variable, start, end)
                if version:
                    self._documented.append((version, written, scope))

    def _note_case(self, place: Place, scope: int) -> None:
        """`switch (a.b) { case "x": … }`: cases with nothing in them fall through to the next one."""
        case = place.node
        around = case.parent.parent if case.parent is not None else None
        tested = around.child_by_field_name("value") if around is not None else None
        member = self._lowering.unwrapped(tested) if tested is not None else None
        if member is None or self._lowering.form_of(member) != "member":
            return
        form = self._draft.room.forms[member.kind_id]
        holder, name = self._lowering.part(member, form, 0), self._lowering.part(member, form, 1)
        if holder is None or name is None or self._lowering.form_of(holder) != "name":
            return
        values, before = [place.captures["value"][0]], case.prev_named_sibling
        for _ in range(CASES):
            if before is None or before.named_child_count != 1 or (value := before.child_by_field_name("value")) is None:
                break
            values.append(value)
            before = before.prev_named_sibling
        self._narrow(holder, (case.start_byte, case.end_byte), f"{HAS_ENTRY} {self._lowering.text(name)}", tuple(values), scope)

    # --- values -------------------------------------------------------------------------------------------------------------------------

    def emit(self) -> None:
        """Note what narrowed variables hold."""
        for version, written, scope in self._documented:
            self._draft.declare(version, lower_doc_type(self._lowering, written, scope))
        for one in self._narrowed:
            if one.text in ("", IS_INSTANCE):
                self._emit_instance(one)
            else:
                tests = dict.fromkeys(self._lowering.lower_type(node, one.scope) for node in self._tested(one.values))
                tested = self._lowering.union(tests) if len(tests) > 1 else next(iter(tests))
                if tested:
                    self._draft.flow(one.version, self._expressions.add(NARROWED, one.text, (tested, self._whole(one))))
                else:
                    self._draft.flow(one.version, self._whole(one))

    def _tested(self, values: Iterable[Node]) -> list[Node]:
        """What is tested for, each on its own: `isinstance(x, (A, B))` names two classes."""
        return [part for node in values for part in (node.named_children if self._lowering.form_of(node) == "sequence" else (node,))]

    def _whole(self, one: Narrowed) -> int:
        """The variable as it is where it is tested, which may be narrowed by other tests around."""
        if self._expressions.entries[one.variable][0] == MEMBER:
            return one.variable
        known = one.variable in self._versions.sites and one.text
        return self._versions.at(one.variable, one.position, one.scope) if known else self._plain(one.version)

    def _plain(self, version: int) -> int:
        _, name, parts = self._expressions.entries[version]
        return self._expressions.add(LOCAL, name, parts[:1])

    def _emit_instance(self, one: Narrowed) -> None:
        """An instance of the type, or of one of several."""
        value = self._lowering.lower(one.values[0], one.scope)
        form, _, listed = self._expressions.entries[value]
        types = listed if form in (SEQUENCE, UNION) else (value,)
        whole = self._whole(one)
        for declared in dict.fromkeys(part for part in types if part):
            self._draft.flow(one.version, self._expressions.add(INSTANCE, "", (declared, whole)))


def _behind(statement: Node) -> list[Span]:
    """From the end of a statement to that of its block."""
    return [(statement.end_byte, statement.parent.end_byte)] if statement.parent is not None else []
