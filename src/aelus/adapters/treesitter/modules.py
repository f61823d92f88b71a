"""Imports, exports and the package that a file declares."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from aelus.adapters.treesitter.definitions import CLASS_NAME
from aelus.adapters.treesitter.draft import FileDraft, Place
from aelus.adapters.treesitter.room import Form
from aelus.domain.facts import DEFINITION, EXPORTS, LOCAL, PATH

LEAVES: Final = 2_000
"""Names that one tree of imports brings."""
PATH_LIMIT: Final = 64
QUOTES: Final = "\"'`"
WHOLE: Final = "="
"""Name of an export that is the module's own object: `export = f`."""


class ModuleStatements:
    """What one file takes from other modules and offers to them."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._lowering = draft.lowering
        self._scopes = draft.scopes

    def declare(self, place: Place, scope: int) -> None:
        """Declare the name that an import binds."""
        if "tree" in place.captures:
            for _, alias in self._leaves(place.captures["tree"][0]):
                if alias not in ("*", "_"):
                    variable = self._scopes.declare(scope, alias)
                    self._draft.symbols.add((self._draft.expressions.entries[variable][2][0], alias))
            return
        name = self._bound_name(place)
        if name:
            scope = self._scopes.target_scope(scope, place.role.settings.get("declares", "block"))
            variable = self._scopes.declare(scope, name)
            self._draft.symbols.add((self._draft.expressions.entries[variable][2][0], name))
            self._lowering.versioned.note(scope, name, place.node, -place.end)

    def note_names(self, place: Place, scope: int) -> None:
        """Note the full name of what an import binds. Call it when versions are decided."""
        name = self._bound_name(place)
        if not name:
            return
        captures = place.captures
        whole = "alias" in captures or "name" in captures
        module = self._text(captures["module"][0]) if whole else name
        taken = f".{self._lowering.text(captures['name'][0])}" if "name" in captures else ""
        variable = self._scopes.declare(self._scopes.target_scope(scope, place.role.settings.get("declares", "block")), name)
        version = self._lowering.versioned.bound_at(variable, place.start) if variable in self._lowering.versions else 0
        for index in (variable, version) if version else (variable,):
            self._scopes.imported[index] = module + taken

    def _text(self, node: Node) -> str:
        """The name that a node has; its parts may stand apart: `from . names import f`."""
        text, separator = self._lowering.text(node), self._draft.rules.package_separator
        text = text.strip(QUOTES) if text[:1] in QUOTES else ".".join(part.strip() for part in text.split("."))
        return text.strip(separator).replace(separator, ".") if separator else text

    def _bound_name(self, place: Place) -> str:
        """The name that an import binds; empty for a wildcard and for imports without a name."""
        captures = place.captures
        for capture in ("alias", "name"):
            if capture in captures:
                return self._lowering.text(captures[capture][0])
        pattern = self._draft.room.import_binds
        if pattern is None or "wildcard" in captures or place.role.settings.get("declares") == "none":
            return ""
        match = pattern.search(self._text(captures["module"][0]))
        return match.group(1) if match else ""

    def emit(self, place: Place, scope: int, definition: int) -> None:
        """Note an import."""
        if "tree" in place.captures:
            self._emit_tree(place, scope, definition)
            return
        captures, settings = place.captures, place.role.settings
        module = self._text(captures["module"][0])
        module = settings.get("prefix", "") + module
        if "head" in settings:
            module = self._scopes.module_path(scope, [settings["head"], module])
        name = settings.get("name") or (
            "*" if "wildcard" in captures else self._lowering.text(captures["name"][0]) if "name" in captures else ""
        )
        line = self._draft.line(place.start)
        modifiers = self._modifiers(place)
        variable = self._variable(place, scope)
        if variable and not name and "alias" not in captures and settings.get("binds") == "head":
            bound = self._draft.expressions.entries[variable][1]
            if bound != module:
                self._note(place, variable, (bound, "", line, definition, modifiers))
                variable = 0
        self._note(place, variable, (module, "" if name == "." else name, line, definition, modifiers))

    def _modifiers(self, place: Place) -> tuple[str, ...]:
        """What is said of an import: by its pattern, by conditions that it stands under, and where its module lies."""
        settings, moved = place.role.settings, place.captures.get("path", ())
        stated = settings["modifiers"].split(" ") if "modifiers" in settings else []
        return (*stated, *self._draft.conditions(place.start), *(PATH + self._lowering.text(node).strip('"') for node in moved))

    def _note(self, place: Place, variable: int, rest: tuple[Any, ...]) -> None:
        """An import that binds a variable, and its version where it has one."""
        self._draft.imports.append((variable, *rest))
        version = self._lowering.versioned.bound_at(variable, place.start) if variable in self._lowering.versions else 0
        if version:
            self._draft.imports.append((version, *rest))

    def _emit_tree(self, place: Place, scope: int, definition: int) -> None:
        """Each leaf of a tree of imports is one."""
        line, modifiers = self._draft.line(place.start), self._modifiers(place)
        for path, alias in self._leaves(place.captures["tree"][0]):
            module = self._scopes.module_path(scope, path) if path and path[0] in ("self", "super") else ".".join(path)
            variable = self._scopes.declare(scope, alias) if alias not in ("*", "_") else 0
            self._draft.imports.append((variable, module, "*" if alias == "*" else "", line, definition, modifiers))

    def _leaves(self, tree: Node) -> list[tuple[list[str], str]]:
        """(path, bound name) of the leaves of a tree of imports, `*` for all names of the path."""
        room, separator = self._draft.room, self._draft.rules.package_separator
        leaves: list[tuple[list[str], str]] = []
        pending: list[tuple[Node, list[str]]] = [(tree, [])]
        while pending and len(leaves) < LEAVES:
            node, path = pending.pop()
            form = room.imports.get(node.kind_id)
            parts = self._lowering.parts(node)
            if form is None:
                names = [*path, *(name.strip() for name in self._lowering.text(node).split(separator) if name.strip())]
                if names[-1] == "self" and len(names) > 1:
                    names.pop()
                leaves.append((names, names[-1]))
            elif form.name == "list":
                pending.extend((child, path) for child in reversed(parts))
            elif form.name == "wildcard":
                names = [name.strip() for name in self._lowering.text(parts[0]).split(separator)] if parts else []
                leaves.append(([*path, *names], "*"))
            else:
                leaves.extend(self._inner_of_tree(node, form, path, pending))
        return [(path, alias) for path, alias in leaves if not self._names_constructors(path)]

    def _names_constructors(self, path: list[str]) -> bool:
        """`using A::A` brings constructors, which have no name of their own."""
        return CLASS_NAME in self._draft.rules.constructors and len(path) > 1 and path[-1] == path[-2]

    def _inner_of_tree(self, node: Node, form: Form, path: list[str], pending: list[tuple[Node, list[str]]]) -> list[tuple[list[str], str]]:
        head, inner = self._lowering.part(node, form, 0), self._lowering.part(node, form, 1)
        text = self._lowering.text(head) if head is not None else ""
        names = [*path, *(name.strip() for name in text.split(self._draft.rules.package_separator) if name.strip())]
        if inner is None:
            return []
        if form.name == "alias":
            if names and names[-1] == "self" and len(names) > 1:
                names.pop()
            return [(names, self._lowering.text(inner))]
        if len(names) < PATH_LIMIT:
            pending.append((inner, names))
        return []

    def _variable(self, place: Place, scope: int) -> int:
        bound = self._bound_name(place)
        if not bound:
            return 0
        return self._scopes.declare(self._scopes.target_scope(scope, place.role.settings.get("declares", "block")), bound)

    def emit_calls(self) -> None:
        """Note the imports that are made by calls."""
        for module, start, scope in self._lowering.imported:
            self._draft.imports.append((0, module, "", self._draft.line(start), self._draft.definition_of_scope(scope), ("dynamic",)))

    # --- exports -------------------------------------------------------------------------------------------------------------------------

    def emit_export(self, place: Place, scope: int, _definition: int) -> None:
        """Note an export of a name, of a value, or of what another module offers."""
        captures, settings = place.captures, place.role.settings
        module = self._text(captures["module"][0]) if "module" in captures else ""
        values = captures.get("value")
        names = [self._text(node) for node in captures.get("name", ())]
        offered = self._text(captures["alias"][0]) if "alias" in captures else settings.get("name", "")
        line = self._draft.line(place.start)
        if values and settings.get("name") == WHOLE:
            self._draft.flow(self._draft.expressions.add(EXPORTS), self._lowering.value(values[0], scope))
        elif values:
            self._add(offered or "default", self._lowering.value(values[0], scope), ("", ""), line)
        elif "wildcard" in captures or not names:
            self._add(offered or "*", 0, (module, settings.get("imports", "*")), line)
        for name in names if not values else ():
            expression = 0 if module else self._lowering_of(name)
            self._add(offered or name, expression, (module, name if module else ""), line)

    def _lowering_of(self, name: str) -> int:
        return self._scopes.resolve(0, name.encode())

    def _add(self, name: str, expression: int, origin: tuple[str, str], line: int) -> None:
        self._draft.exports.append((name, expression, *origin, line))

    def mark_exported(self) -> None:
        """The definitions that exported names stand for are exported."""
        definitions, entries = self._draft.definitions, self._draft.expressions.entries
        at_top = {draft.name: draft for draft in definitions if draft.scope == 0}
        for name, expression, *_ in self._draft.exports:
            form, text, parts = entries[expression]
            draft = definitions[parts[0]] if form == DEFINITION else at_top.get(text) if form == LOCAL else None
            if draft is not None:
                modifiers = ("exported", "default_export") if name == "default" else ("exported",)
                draft.modifiers.extend(modifier for modifier in modifiers if modifier not in draft.modifiers)

    def emit_package(self, place: Place, _scope: int, _definition: int) -> None:
        """Note the package that the file declares."""
        if not self._draft.package:
            self._draft.package = self._text(place.captures["name"][0])
            self._draft.package_start = place.start
