"""From a syntax tree to facts: the room's queries find the places, this says in which order they are read.

The work goes in sweeps over the matches in source order: open scopes and definitions, declare names, then say what everything means.
Calls are lowered from the innermost outwards, so that no depth of nesting costs stack.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from tree_sitter import Node, QueryCursor, Tree

from aelus.adapters.treesitter.bindings import Bindings
from aelus.adapters.treesitter.commented_values import CommentedValues
from aelus.adapters.treesitter.counted_places import counted
from aelus.adapters.treesitter.declarators import unwrapped
from aelus.adapters.treesitter.definitions import CLASS_DETAILS, Definitions
from aelus.adapters.treesitter.documentation import comment_before, first_string
from aelus.adapters.treesitter.draft import CLASS_KINDS, FUNCTION_KINDS, Captures, FileDraft, Found, Place
from aelus.adapters.treesitter.item_conditions import Region
from aelus.adapters.treesitter.lower_names import nested_names
from aelus.adapters.treesitter.macros.places import Places
from aelus.adapters.treesitter.modules import ModuleStatements
from aelus.adapters.treesitter.own_globals import OwnGlobals
from aelus.adapters.treesitter.references import References
from aelus.adapters.treesitter.repeated_types import RepeatedTypes
from aelus.adapters.treesitter.results import Results
from aelus.adapters.treesitter.room import Role, Room
from aelus.adapters.treesitter.scopes import BLOCK_SCOPE, FUNCTION_SCOPE
from aelus.domain.facts_codec import PlainFacts

END: Final = 1 << 62
MACRO_DEPTH: Final = 4
"""Macros inside each other that are read."""
REPEATS: Final = "repeats"
BESIDE: Final = "beside"
"""Setting of a pattern whose definition stands where another one does."""
LINE_COMMENT: Final = b"//"
LAYERS: Final = 16
"""Trees that the macros of a file are read in."""
Range = tuple[int, int]
"""(first byte, byte behind the end)."""
Reparse = Callable[[Sequence[Range]], Tree]
"""Parses the given parts of the file, as if nothing stood between them."""
HEAD_CATEGORIES: Final = frozenset({"definition", "scope", "reference"})
"""Places that are read outside of a definition when they stand in its head, in languages where heads are."""

Level = tuple[int, int, int, int, int, int]
"""(end, scope, definition, start of the body, scope outside, definition outside)."""


class Extraction:
    """Reads one file."""

    def __init__(
        self,
        room: Room,
        source: bytes,
        left_out: Sequence[Region] = (),
        written: bytes = b"",
        places: Places | None = None,
    ) -> None:
        self._room = room
        self._source = source
        self._draft = FileDraft(room, source, left_out, written or source, places)
        self._bindings = Bindings(self._draft)
        self._own_globals = OwnGlobals(self._draft)
        self._results = Results(self._draft)
        self._definitions = Definitions(self._draft, self._bindings)
        self._modules = ModuleStatements(self._draft)
        self._references = References(self._draft)
        self._found: dict[str, list[Found]] = {}
        self._bodies: set[int] = set()
        self._trees: list[Tree] = []
        self._tested: set[int] = set()
        """First byte of what macros are given whose second part is a pattern."""
        self._commented = CommentedValues(room.comments)
        self._repeated = RepeatedTypes()
        """Trees of macros: nodes are known by their ids, which are kept while their tree is."""

    def plain(self, tree: Tree, reparse: Reparse) -> PlainFacts:
        """The facts of the file as plain tuples. `reparse` parses parts of the file that the grammar has left as tokens."""
        root = tree.root_node
        self._draft.lowering.versioned.ancestors.enter(root)
        places = self._all_places(root, reparse)
        self._open(places)
        self._declare()
        self._emit()
        return self._result(root)

    def _all_places(self, root: Node, reparse: Reparse) -> list[Place]:
        """Places of the file, and of the arguments of its macros as code."""
        places = self._places(root)
        waiting = _waiting(places, self._source)
        self._note_tested(places)
        for _ in range(MACRO_DEPTH):
            inner: list[Place] = []
            for layer in _layers(waiting, self._source):
                spans = [part for node, span, separator in layer for part in (*separator, *self._read(node, span))]
                tree = reparse([*spans, *self._end(layer[-1][0])])
                self._trees.append(tree)
                self._draft.lowering.reparsed.update({node.start_byte: tree.root_node for node, *_ in layer})
                inner.extend(_within(self._places(tree.root_node), [span for _, span, _ in layer]))
            places.extend(inner)
            waiting = _waiting(inner, self._source)
            self._note_tested(inner)
            if not waiting:
                break
        places.sort()
        return places

    def _note_tested(self, places: Sequence[Place]) -> None:
        """Note where the second one of what a macro is given is a pattern."""
        tested = (place for place in places if place.role.category == "reparse" and place.role.settings.get("reads") == "tested")
        self._tested.update(place.captures["value"][0].start_byte for place in tested)

    def _end(self, last: Node) -> list[Range]:
        """What ends the last statement that is read, where texts of macros have none: a sign further behind."""
        end = self._source.find(b";", last.end_byte) if self._room.rules.pasting_mark else -1
        return [(end, end + 1)] if end >= 0 else []

    def _read(self, node: Node, span: Range) -> list[Range]:
        """What is read of a part: all but patterns and, of the text of a macro, the signs that paste names and make texts of them."""
        mark, (start, end) = self._room.rules.pasting_mark.encode(), span
        if not mark:
            return [span] if node.start_byte not in self._tested else _without_pattern(node, self._source)
        comment = self._source.find(LINE_COMMENT, start, end)
        if comment >= 0 and self._source.count(b'"', start, comment) % 2 == 0:
            end = comment  # the sign that ends the statement would be part of it
        found = list[Range]()
        while start < end:
            stop = self._source.find(mark, start, end)
            stop = end if stop < 0 else stop
            if stop > start:
                found.append((start, stop))
            start = stop + 1
        return found

    def _places(self, root: Node) -> list[Place]:
        roles, places, make, comments = self._room.roles, list[Place](), tuple.__new__, self._room.comments
        for number, (pattern, captures) in enumerate(QueryCursor(self._room.query).matches(root), len(self._trees) << 24):
            role = roles[pattern]
            if role.settings:
                if not self._applies(role, captures):
                    continue
                if REPEATS in role.settings:
                    self._repeat(captures[role.capture][0], captures)
            if "declarator" in captures and not self._expand(role, captures):
                continue
            node, value = captures[role.capture][0], captures.get("value")
            if value is not None and value[0].kind_id in comments and not self._commented.replace(pattern, node, captures):
                continue
            rank = 0 if role.opens else 1
            places.append(make(Place, (node.start_byte, -node.end_byte, rank, (pattern << 32) + number, node, role, captures)))
        return counted(places) if self._room.counts else places

    def _expand(self, role: Role, captures: Captures) -> bool:
        """Take a declarator apart; false when the pattern is about functions and this is none, or the other way round."""
        found = unwrapped(self._room, captures["declarator"][0])
        if found is None or (found.parameters is not None) != (role.settings.get("of") == "function"):
            return False
        if found.points:
            captures.pop("type", None)
        if role.category != "definition":
            captures["target"] = [found.name]
            return True
        captures["name"] = [found.name]
        if self._draft.lowering.form_of(found.name) == "nested":
            captures["receiver"], captures["name"] = [found.name], nested_names(self._draft.lowering, found.name)[-1:]
        if self._draft.lowering.form_of(captures["name"][0]) == "generic":
            captures["name"] = captures["name"][0].named_children[:1]
        if found.parameters is not None:
            captures["parameters"] = [found.parameters]
        return True

    def _repeat(self, name: Node, captures: Captures) -> None:
        """A declaration without a type has that of the one before it, where it has no value either."""
        written = self._repeated.of(name.parent) if name.parent is not None else None
        if written is not None:
            captures["type"] = [written]

    def _applies(self, role: Role, captures: Captures) -> bool:
        """Whether the words that the pattern depends on are the right ones, and none is there that must not be."""
        without = role.settings.get("without")
        if without and any(child.type in without.split("|") for child in captures[role.capture][0].children):
            return False
        wanted = role.settings.get("when")
        if wanted is None:
            return True
        words = wanted.split("|")
        return all(self._source[node.start_byte : node.end_byte].decode("utf-8", "replace") in words for node in captures["when"])

    # --- first sweep: scopes and definitions ---------------------------------------------------------------------------------------------

    def _open(self, places: list[Place]) -> None:
        stack: list[Level] = [(END, 0, -1, 0, 0, -1)]
        found = self._found
        opened = doubled = -1
        for place in places:
            start, _, _, _, node, role, _ = place
            while start >= stack[-1][0]:
                stack.pop()
            _, scope, definition, body, outer_scope, outer_definition = stack[-1]
            outside = start < body and role.category in HEAD_CATEGORIES and role.detail != "type"
            if outside or (role.detail in CLASS_DETAILS and self._is_of_result(start, definition)):
                scope, definition = outer_scope, outer_definition
            if role.opens:
                if node.id != opened and self._is_new(place):
                    stack.append(self._enter(place, scope, definition))
                elif node.id == opened and node.id != doubled and BESIDE in role.settings:
                    stack[-1] = self._enter(place, outer_scope, outer_definition)
                    doubled = node.id
                opened = node.id
            elif role.group in found:
                found[role.group].append((place, scope, definition))
            else:
                found[role.group] = [(place, scope, definition)]
            if role.group == "section":
                self._definitions.sections.append((start, definition, node))
            if role.group == "decorate":
                self._definitions.decorate(place, definition)

    def _is_of_result(self, start: int, definition: int) -> bool:
        """Whether what begins there stands in front of the name of the function around it: in the type of its result."""
        around = self._draft.definitions[definition] if definition >= 0 else None
        return around is not None and around.kind in FUNCTION_KINDS and start < around.name_start

    def _is_new(self, place: Place) -> bool:
        """Whether it opens something that is not open yet: a body is opened with its definition, which may be wider than the function."""
        if place.role.category == "scope":
            return place.node.id not in self._bodies
        bodies = place.captures.get("body")
        return bodies is None or bodies[0].id not in self._bodies

    def _enter(self, place: Place, scope: int, definition: int) -> Level:
        if place.role.category == "scope":
            kind = FUNCTION_SCOPE if place.role.detail == "function" else BLOCK_SCOPE
            inner = self._draft.scopes.open(kind, scope, definition)
            self._draft.lowering.scope_of_node[place.node.id] = inner
            self._draft.scopes.receive(inner, place.role.settings.get("receiver", ""))
            return -place.end, inner, definition, 0, scope, definition
        number = self._definitions.open(place, scope, definition, scope)
        draft = self._draft.definitions[number]
        if draft.body < 0:
            return -place.end, scope, definition, 0, scope, definition
        if draft.body_node is not None:
            self._bodies.add(draft.body_node.id)
        rules = self._room.rules
        head_outside = "head" in place.role.settings or rules.head_outside or (rules.bases_outside and draft.kind in CLASS_KINDS)
        body_start = draft.body_node.start_byte if draft.body_node is not None and head_outside else 0
        return -place.end, draft.body, number, body_start, scope, definition

    # --- second sweep: names -------------------------------------------------------------------------------------------------------------

    def _of(self, group: str) -> list[Found]:
        return self._found.get(group, [])

    def _declare(self) -> None:
        scopes, text = self._draft.scopes, self._draft.lowering.text
        for place, scope, _ in self._of("outside"):
            for target in place.captures["target"]:
                scopes.declare_outside(scope, text(target), everywhere=place.role.detail == "global")
        for place, scope, _ in self._of("bind"):
            self._bindings.declare(place, scope)
        for place, scope, _ in self._of("import"):
            self._modules.declare(place, scope)
        for place, scope, definition in self._of("type_parameter"):
            self._definitions.type_parameters.declare(place, scope, definition)
        for place, scope, definition in self._of("payload"):
            self._definitions.declare_payload(place, scope, definition)
        self._definitions.documented.declare()
        self._definitions.parameters.declare()
        self._own_globals.declare(self._of("call"), self._of("bind"))
        scopes.decide()
        self._bindings.note_assigned()
        for place, scope, _ in self._of("narrow"):
            self._bindings.narrowing.note(place, scope)
        self._draft.lowering.versioned.decide()
        for place, scope, _ in self._of("import") if self._room.rules.type_modules else ():
            self._modules.note_names(place, scope)
        self._bindings.stores.decide()
        self._bindings.narrowing.decide()

    # --- third sweep: meaning ------------------------------------------------------------------------------------------------------------

    def _emit(self) -> None:
        self._references.emit_calls(self._of("call"))
        for place, scope, definition in self._of("inherit"):
            self._definitions.inherit(place, scope, definition)
        self._definitions.fill()
        self._definitions.documented.fill()
        emitters = {
            "bind": self._bindings.emit,
            "property": self._bindings.emit_property,
            "return": self._results.emit,
            "yield": self._results.emit,
            "raise": self._results.emit_raised,
            "type_parameter": self._definitions.type_parameters.emit,
            "implement": self._definitions.implement,
            "import": self._modules.emit,
            "export": self._modules.emit_export,
            "package": self._modules.emit_package,
            "reference": self._references.emit,
        }
        for group, emit in emitters.items():
            for place, scope, definition in self._of(group):
                emit(place, scope, definition)
        self._bindings.narrowing.emit()
        self._bindings.annotations.emit()
        self._own_globals.emit()
        for target, source in self._draft.lowering.composed:
            self._draft.flow(target, source)
        for variable, receiver in self._draft.scopes.class_receivers.items():
            self._draft.flow(variable, receiver)
        for container, declared in self._draft.lowering.typed:
            self._draft.declare(container, declared)
        if self._room.types_stay:
            self._declare_versions()
        self._references.emit_untyped()
        self._modules.emit_calls()
        self._modules.mark_exported()
        self._references.emit_reads()

    def _declare_versions(self) -> None:
        """A variable is of its declared type wherever it is bound."""
        draft, sites = self._draft, self._draft.lowering.versions
        declared = {variable for variable, _ in draft.declared}
        for variable, written in [*draft.declared] if sites else ():
            for site in sites.get(variable, ()):
                if site.index not in declared and self._draft.expressions.entries[site.index][2][1] >= 0:
                    draft.declare(site.index, written)

    # --- results -------------------------------------------------------------------------------------------------------------------------

    def _result(self, root: Node) -> PlainFacts:
        draft = self._draft
        return (
            self._room.name,
            draft.package,
            self._docstring(root),
            draft.lines,
            tuple(draft.scopes.entries),
            tuple(self._definitions.plain()),
            tuple(draft.expressions.entries),
            tuple(draft.flows),
            tuple(draft.declared),
            tuple(draft.placed_references()),
            tuple(draft.imports),
            tuple(draft.exports),
            int(root.has_error),
            tuple(draft.implementations),
        )

    def _docstring(self, root: Node) -> str:
        if self._room.rules.docstring == "first_string":
            return first_string(root, self._source)
        return comment_before(self._draft, self._draft.package_start) if self._draft.package_start > 0 else ""


def _waiting(places: Sequence[Place], source: bytes) -> list[tuple[Node, Range]]:
    """Parts of the file that are read again: of those with items, what is inside of their braces."""
    found = dict[int, tuple[Node, Range]]()
    for place in places:
        if place.role.category == "reparse":
            node = place.captures["value"][0]
            if place.role.settings.get("reads") == "items" and source.startswith(b"{", node.start_byte):
                found[node.start_byte] = node, (node.start_byte + 1, max(node.end_byte - 1, node.start_byte + 1))
            else:
                found.setdefault(node.start_byte, (node, (node.start_byte, node.end_byte)))
    return list(found.values())


def _without_pattern(tokens: Node, source: bytes) -> list[Range]:
    """What is tested, and the condition behind the pattern."""
    children = tokens.children
    comma = next((child.end_byte for child in children if child.type == ","), tokens.end_byte)
    words = (child for child in children if child.start_byte >= comma and source[child.start_byte : child.end_byte] == b"if")
    behind = next((child.end_byte for child in words), max(comma, tokens.end_byte - 1))
    return [(tokens.start_byte, comma), (behind, tokens.end_byte)] if behind < tokens.end_byte else [(tokens.start_byte, comma)]


def _within(places: Sequence[Place], spans: Sequence[Range]) -> list[Place]:
    """Places that lie in one of the spans; what seems to reach from one into another is none."""
    starts = [start for start, _ in spans]
    around = ((place, bisect_right(starts, place.start) - 1) for place in places)
    return [place for place, number in around if number >= 0 and -place.end <= spans[number][1]]


def _layers(waiting: Sequence[tuple[Node, Range]], source: bytes) -> list[list[tuple[Node, Range, tuple[Range, ...]]]]:
    """Groups of spans that can be read one behind the other: between two of them there is something that ends a statement."""
    layers: list[list[tuple[Node, Range, tuple[Range, ...]]]] = []
    for node, span in waiting:
        for layer in layers:
            end = layer[-1][0].end_byte
            separator = source.find(b";", end, node.start_byte)
            if separator >= 0:
                layer.append((node, span, ((separator, separator + 1),)))
                break
        else:
            if len(layers) < LAYERS:
                layers.append([(node, span, ())])
    return layers
