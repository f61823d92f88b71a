"""Versions of variables: what a name holds from one assignment to the next, where the order of statements decides it.

The linker does not follow the order in which statements run. For a name that is bound more than once this would mix all its values, so
each binding that is certain to run before the statements behind it in its block gets a variable of its own there. Names that are read
where several bindings may have run last, and in functions that run later, mean the variable as such, which receives all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.ancestors import Ancestors
from aelus.adapters.treesitter.expressions import Expressions
from aelus.adapters.treesitter.room import Room
from aelus.adapters.treesitter.scopes import Scopes
from aelus.domain.facts import LASTING, LOCAL

SITES_PER_NAME: Final = 64
"""A name that is bound more often is followed as one variable only."""
CLIMB_LIMIT: Final = 60
"""Ancestors that are looked at to find the block of a binding."""


class Site:
    """A place that binds a name."""

    __slots__ = ("end", "index", "lasts", "loops", "position", "start", "stays")

    def __init__(self, position: int, start: int, end: int = -1, index: int = 0) -> None:
        self.position = position
        self.start = start
        """First byte from which on the name has the new value."""
        self.end = end
        """End of the region in which it is certain to have it; -1 where it is not certain to have been bound at all."""
        self.loops: list[tuple[int, int]] = []
        """Loops around, innermost first."""
        self.index = index
        """The variable of this version, once it has one."""
        self.lasts = False
        """Whether the region is the rest of the file, so that this is what the name means in the end."""
        self.stays = False
        """Whether the region is the rest of the body around, so that this is what functions in it see."""


class Versions:
    """The versions of one file's variables."""

    def __init__(self, room: Room, expressions: Expressions, scopes: Scopes, definition_of_node: Mapping[int, int]) -> None:
        self._room = room
        self._expressions = expressions
        self._scopes = scopes
        self._definition_of_node = definition_of_node
        self.ancestors = Ancestors()
        """What is around nodes of the file."""
        self._bindings: dict[tuple[int, str], list[tuple[Site, Node | None]]] = {}
        self._narrowed: dict[int, list[Site]] = {}
        self._shared: set[tuple[int, str]] = set()
        """Variables that other functions assign to."""
        self._steady: set[int] = set()
        """Variables that are bound once: what a test says of them holds for functions in its region, too."""
        self._owners: dict[int, int] = {}
        self._first: dict[int, int] = {}
        """Variable of a block → byte from which on the name means it, in languages where it means an outer one before."""
        self._functions: set[int] = set()
        """Nodes of functions, which know their own names inside."""
        self.sites: dict[int, list[Site]] = {}
        """Variable → its versions, in source order."""

    def note_function(self, scope: int, name: str, node: Node, end: int) -> None:
        """As `note`, for a function that has a name."""
        self._functions.add(node.id)
        self.note(scope, name, node, end)

    def note(self, scope: int, name: str, node: Node, start: int) -> None:
        """A name is bound at `node`; it has its new value from byte `start` on."""
        if not self._room.blocks and not self._room.rules.hides_behind:
            return
        known, position = self._bindings.setdefault((scope, name), []), node.start_byte
        if all(site.position != position for site, _ in known[-2:]):
            known.append((Site(position, start), node))

    def note_parameter(self, scope: int, name: str, node: Node, body: Node | None) -> None:
        """A parameter has its value in the body, from its beginning on."""
        if (self._room.blocks or self._room.rules.hides_behind) and body is not None:
            self._bindings.setdefault((scope, name), []).append((Site(node.start_byte, body.start_byte, body.end_byte), None))

    def note_assignment(self, variable: int, scope: int, node: Node, start: int) -> None:
        """A variable that is declared elsewhere is assigned to in a scope."""
        form, name, parts = self._expressions.entries[variable]
        if form != LOCAL:
            return
        if self._scopes.function_scope(scope) != self._scopes.function_scope(parts[0]):
            self._shared.add((parts[0], name))
        self.note(parts[0], name, node, max(start, node.end_byte))

    def narrow(self, variable: int, start: int, end: int) -> int:
        """In a region, a variable holds something more particular; the version for it (0 for what is no variable)."""
        form, name, parts = self._expressions.entries[variable]
        sites = self._narrowed.setdefault(variable, [])
        if form != LOCAL or len(sites) >= SITES_PER_NAME:
            return 0
        index = self._expressions.add(LOCAL, name, (parts[0], -1 - len(sites)))
        sites.append(Site(start, start, end, index))
        self._owners[variable] = self._scopes.function_scope(parts[0])
        return index

    def decide(self) -> None:
        """Give each binding its region. Call it when all names are declared and all narrowed ones are known."""
        outside, placed = self._scopes.owned_elsewhere | self._shared, list[tuple[int, int, str]]()
        for (scope, name), bindings in self._bindings.items():
            if not 1 < len(bindings) <= SITES_PER_NAME and not self._narrowed:
                continue
            variable = self._expressions.add(LOCAL, name, (scope,))
            if (scope, name) not in outside and len(bindings) == 1 and self._room.rules.keeps_narrowed:
                self._steady.add(variable)
            if (scope, name) not in outside and (len(bindings) > 1 or variable in self._narrowed):
                placed.append((variable, scope, name))
        self._place(placed)
        for variable, scope, name in placed:
            self._decide(variable, scope, name, [site for site, _ in self._bindings[scope, name]])
        if self._room.rules.hides_behind:
            self._note_first()
        for variable, sites in self._narrowed.items():
            self.sites[variable] = sorted((*self.sites.get(variable, ()), *sites), key=_by_start)

    def _note_first(self) -> None:
        everywhere = self._definition_of_node if self._room.rules.definitions_everywhere else {}
        for (scope, name), bindings in self._bindings.items():
            if scope and all(node is not None and node.id not in everywhere for _, node in bindings):
                variable = self._expressions.add(LOCAL, name, (scope,))
                self._first[variable] = min(
                    [site.position if node is not None and node.id in self._functions else site.start for site, node in bindings]
                )
                self.sites.setdefault(variable, [])
                self._owners.setdefault(variable, self._scopes.function_scope(scope))

    def _decide(self, variable: int, scope: int, name: str, sites: list[Site]) -> None:
        sites.sort(key=_by_start)
        regions = [site for site in (*sites, *self._narrowed.get(variable, ())) if site.end >= 0]
        ends = [min([site.end, *(self._cut(site, other) for other in sites if other is not site)]) for site in regions]
        for site, end in zip(regions, ends, strict=True):
            site.lasts = site.lasts and site.end == end
            site.stays = site.stays and site.end == end
            site.end = end
        if 1 < len(sites) <= SITES_PER_NAME:
            for number, site in enumerate(sites, 1):
                if site.end > site.start:
                    site.index = self._expressions.add(LOCAL, name, (scope, LASTING if site.lasts and site is sites[-1] else number))
            self.sites[variable] = [site for site in sites if site.index]
            self._owners[variable] = self._scopes.function_scope(scope)

    def _cut(self, site: Site, other: Site) -> int:
        """Where another binding ends a region."""
        if other.position < site.start or other.position >= site.end:
            return site.end
        inside = [start for start, end in other.loops if start >= site.start and end <= site.end]
        if inside:
            return min(inside)
        return other.start if other.end >= site.end else other.position

    def _place(self, variables: Iterable[tuple[int, int, str]]) -> None:
        """Find the block and the loops around the bindings of variables, in source order."""
        bindings = [binding for _, scope, name in variables for binding in self._bindings[scope, name]]
        for site, node in sorted(bindings, key=_by_position):
            if node is not None:
                self._find_region(site, self.ancestors.of(node, CLIMB_LIMIT + 1))

    def _find_region(self, site: Site, around: Sequence[Node]) -> None:
        room, certain = self._room, True
        for level, parent in enumerate(around[:CLIMB_LIMIT]):
            if parent.id in self._definition_of_node:
                break
            kind = parent.kind_id
            if kind in room.loops:
                site.loops.append((parent.start_byte, parent.end_byte))
            if certain and (kind in room.blocks or kind in room.loops):
                site.end, certain = parent.end_byte, False
                outer = around[level + 1] if level + 1 < len(around) else None
                site.lasts = outer is None
                site.stays = outer is None or outer.id in self._definition_of_node
            certain = certain and kind in room.straight

    def at(self, variable: int, position: int, scope: int) -> int:
        """The version of a variable that a name means which is read at a byte; the variable itself where that is not certain."""
        if position < self._first.get(variable, 0):
            _, name, parts = self._expressions.entries[variable]
            outer = self._scopes.resolve(self._scopes.entries[parts[0]][1], name.encode())
            return self.at(outer, position, scope) if outer in self.sites else outer
        best = variable
        last = self._room.rules.functions_see_last and self._scopes.function_scope(scope) != self._owners.get(variable)
        for site in self.sites[variable]:
            if site.start > position:
                break
            if position < site.end:
                best = site.index
            if last and site.stays:
                return site.index
        if best != variable and self._scopes.function_scope(scope) != self._owners[variable]:
            if self._room.rules.functions_keep_versions and self._owners[variable]:
                return best
            kept = variable in self._steady and self._expressions.entries[best][2][1] < 0
            return best if kept else variable
        return best

    def bound_at(self, variable: int, position: int) -> int:
        """The version that the binding at a byte makes, or 0."""
        return next((site.index for site in self.sites.get(variable, ()) if site.position == position), 0)


def _by_position(binding: tuple[Site, Node | None]) -> int:
    return binding[0].position


def _by_start(site: Site) -> int:
    return site.start
