"""Scopes of one file: which names each region declares, and where a name that is read is declared."""

from __future__ import annotations

from aelus.domain.facts import BLOCK_SCOPE, CLASS_SCOPE, FREE, FUNCTION_SCOPE, IMPLICIT, LOCAL, MODULE_SCOPE, UNKNOWN, Expression, Scope


class Expressions:
    """The file's table of expressions, each kept once."""

    def __init__(self) -> None:
        self.table: dict[Expression, int] = {Expression(UNKNOWN, "", ()): 0}
        self.forms: list[int] = [UNKNOWN]

    def add(self, form: int, text: str = "", parts: tuple[int, ...] = ()) -> int:
        """Index of the expression."""
        key = Expression(form, text, parts)
        index = self.table.get(key)
        if index is None:
            index = self.table[key] = len(self.forms)
            self.forms.append(form)
        return index


class Scopes:
    """The scope tree of a file. Scope 0 is the file's own."""

    def __init__(self, expressions: Expressions, *, members_visible: bool) -> None:
        self.entries: list[Scope] = [Scope(MODULE_SCOPE, -1, -1)]
        self.declared: list[set[str]] = [set()]
        self._expressions = expressions
        self._members_visible = members_visible
        self._outer: dict[tuple[int, str], int] = {}
        self._resolved: dict[tuple[int, str], int] = {}

    def open(self, kind: str, parent: int, definition: int) -> int:
        """Add a scope; return its index."""
        self.entries.append(Scope(kind, parent, definition))
        self.declared.append(set())
        return len(self.entries) - 1

    def declare(self, scope: int, name: str) -> int:
        """Let a scope declare a name; return the variable."""
        owner = self._outer.get((scope, name), scope)
        self.declared[owner].add(name)
        return self._expressions.add(LOCAL, name, (owner,))

    def declare_outside(self, scope: int, name: str, *, everywhere: bool) -> None:
        """Names that a function says are not its own: of the file (`everywhere`), or of an enclosing function."""
        owner = 0
        if not everywhere:
            owner = self.entries[scope].parent
            while owner > 0 and (name not in self.declared[owner] or self.entries[owner].kind == CLASS_SCOPE):
                owner = self.entries[owner].parent
        self.declared[owner].add(name)
        self._outer[scope, name] = owner

    def function_scope(self, scope: int) -> int:
        """The innermost scope around that is no block."""
        while self.entries[scope].kind == BLOCK_SCOPE:
            scope = self.entries[scope].parent
        return scope

    def enclosing_class(self, scope: int) -> int:
        """Definition of the innermost class around, or -1."""
        while scope >= 0:
            entry = self.entries[scope]
            if entry.kind == CLASS_SCOPE:
                return entry.definition
            scope = entry.parent
        return -1

    def resolve(self, scope: int, name: str) -> int:
        """The expression that reading a name in a scope means. Call it when all names are declared."""
        key = (scope, name)
        known = self._resolved.get(key)
        if known is None:
            known = self._resolved[key] = self._find(scope, name)
        return known

    def _find(self, start: int, name: str) -> int:
        scope = start = self._outer.get((start, name), start)
        while scope >= 0:
            entry = self.entries[scope]
            if name in self.declared[scope]:
                if entry.kind != CLASS_SCOPE or scope == start:
                    return self._expressions.add(LOCAL, name, (scope,))
                if self._members_visible:
                    return self._expressions.add(IMPLICIT, name, (entry.definition,))
            scope = entry.parent
        return self._find_outside(start, name)

    def _find_outside(self, start: int, name: str) -> int:
        definition = self.enclosing_class(start) if self._members_visible else -1
        if definition >= 0:
            return self._expressions.add(IMPLICIT, name, (definition,))
        return self._expressions.add(FREE, name)


__all__ = ["BLOCK_SCOPE", "CLASS_SCOPE", "FUNCTION_SCOPE", "Expressions", "Scopes"]
