"""Scopes of one file: which names each region declares, and where a name that is read is declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.adapters.treesitter.expressions import Expressions
from aelus.adapters.treesitter.room import Rules
from aelus.domain.facts import (
    BLOCK_SCOPE,
    CLASS_SCOPE,
    DEFINITION,
    EXPORTS,
    FREE,
    FUNCTION_SCOPE,
    IMPLICIT,
    LOCAL,
    MODULE_SCOPE,
    SUPER,
    THIS,
    UNKNOWN,
)

INNER_KINDS: Final = (FUNCTION_SCOPE, BLOCK_SCOPE)


class Scopes:
    """The scope tree of a file. Scope 0 is the file's own."""

    def __init__(self, expressions: Expressions, rules: Rules) -> None:
        self.entries: list[tuple[str, int, int]] = [(MODULE_SCOPE, -1, -1)]
        """(kind, parent, definition), as in `facts.Scope`."""
        self.declared: list[set[str]] = [set()]
        self._expressions = expressions
        self._rules = rules
        self._elsewhere: dict[tuple[int, str], int] = {}
        self._undecided: dict[tuple[int, str], None] = {}
        self.resolved: dict[tuple[int, bytes], int] = {}
        """What `resolve` has found, by scope and name."""
        self.type_parameters: set[tuple[int, str]] = set()
        """(scope, name) of names that are seen from everywhere inside, also from within a class."""
        self.behind_path: set[tuple[int, str]] = set()
        """(scope, name) of names that mean nothing alone: `Self::Item`, `T::Item`."""
        self.imported: dict[int, str] = {}
        """Variable, or a version of it, that an import binds → the full name of what it is."""
        self.projections: set[tuple[int, str]] = set()
        """(scope of a type parameter, name) of types behind it that something is said of: `T::Item`."""
        self.methods: set[tuple[int, str]] = set()
        """(scope of a class, name) of methods, where a name that is not called means none of them."""
        self.closed: set[int] = set()
        """Function scopes that do not see the variables around them."""
        self.namespaces: dict[int, str] = {}
        """Scopes of namespaces inside the file, with their names."""
        self.outside: set[int] = set()
        """Bodies of methods that stand outside of their type."""
        self.borrowing: set[int] = set()
        """Function scopes whose receiver is that of the function around."""
        self.static: set[int] = set()
        """Function scopes in classes whose receiver is the class."""
        self.class_receivers: dict[int, int] = {}
        """Variable of what a static method is called on → the class, which it is at least."""
        self.packs: dict[int, int] = {}
        """Parameter that stands for one of any number of arguments → the variable of all of them."""
        self.written_arguments: set[int] = set()
        """Functions that are written as arguments and may have a receiver."""
        self.receiving: set[int] = set()
        """Function scopes that declare their receiver."""
        self.sharing: set[int] = set()
        """Function scopes whose assignments are to variables of the function around."""
        self.traits: set[int] = set()
        """Definitions of traits."""
        self.enums: set[int] = set()
        """Definitions of enums."""
        self.names: dict[int, str] = {}
        """Names of the functions and types that scopes are the bodies of."""
        self._tags: set[tuple[int, str]] = set()
        """(scope, name) of the types that scopes declare."""
        self._tags_of = 0
        """Number of scopes when they were looked for."""
        self._words = (
            dict.fromkeys(rules.this_words, THIS) | dict.fromkeys(rules.super_words, SUPER) | dict.fromkeys(rules.exports_words, EXPORTS)
        )

    def open(self, kind: str, parent: int, definition: int) -> int:
        """Add a scope; return its index."""
        self.entries.append((kind, parent, definition))
        self.declared.append(set())
        return len(self.entries) - 1

    def name(self, scope: int, name: str, kind: str, definition: int) -> None:
        """Say what the definition is called whose body a scope is."""
        self.names[scope] = name
        if kind == "Namespace":
            self.namespaces[scope] = name
        elif kind == "Trait":
            self.traits.add(definition)
        elif kind == "Enum":
            self.enums.add(definition)

    def declare(self, scope: int, name: str) -> int:
        """Let a scope declare a name; return the variable."""
        if self._elsewhere or self._undecided:
            if (scope, name) in self._undecided:
                return 0
            scope = self._elsewhere.get((scope, name), scope)
        self.declared[scope].add(name)
        return self._expressions.add(LOCAL, name, (scope,))

    def declare_given(self, scope: int, name: str) -> None:
        """Declare a variable that a call is given, and may fill, in the function around, if nothing declares it."""
        if self._expressions.entries[self._find(scope, name)][0] in (FREE, UNKNOWN):
            self.declare(self.function_scope(scope), name)

    def is_free(self, scope: int, name: str) -> bool:
        """Whether no scope around declares a name so far."""
        return self._expressions.entries[self._find(scope, name)][0] == FREE

    def declare_inner(self, scope: int, name: str) -> None:
        """Declare a name that a definition has for itself, which is none of its members."""
        self.declare(scope, name)
        self.type_parameters.add((scope, name))

    def declare_outside(self, scope: int, name: str, *, everywhere: bool) -> None:
        """A function says that a name is not its own but the file's (`everywhere`), or that of an enclosing function."""
        scope = self.function_scope(scope)
        if everywhere and scope:
            self.declared[0].add(name)
            self._elsewhere[scope, name] = 0
        elif scope:
            self._undecided[scope, name] = None

    def decide(self) -> None:
        """Find the functions that own the names of enclosing functions. Call it when all other names are declared."""
        for scope, name in self._undecided:
            owner = self.entries[scope][1]
            while owner > 0 and (name not in self.declared[owner] or self.entries[owner][0] == CLASS_SCOPE):
                owner = self.entries[owner][1]
            self._elsewhere[scope, name] = owner
            self.declared[owner].add(name)
        self._undecided.clear()

    @property
    def owned_elsewhere(self) -> set[tuple[int, str]]:
        """(scope, name) of the variables that other functions assign to."""
        return {(owner, name) for (_, name), owner in self._elsewhere.items()}

    def target_scope(self, scope: int, declares: str) -> int:
        """The scope that a declaration made in `scope` belongs to: `function`, `file` or `block`."""
        if declares == "file":
            return 0
        return self.function_scope(scope) if declares == "function" else scope

    def function_scope(self, scope: int) -> int:
        """The innermost scope around that is no block."""
        while self.entries[scope][0] == BLOCK_SCOPE or scope in self.sharing:
            scope = self.entries[scope][1]
        return scope

    def enclosing_class(self, scope: int) -> int:
        """Definition of the innermost class around, or -1."""
        while scope >= 0:
            kind, parent, definition = self.entries[scope]
            if kind == CLASS_SCOPE:
                return definition
            scope = parent
        return -1

    def enclosing_enum(self, scope: int) -> int:
        """Definition of the innermost class around that is an enum, or -1."""
        while scope >= 0:
            kind, parent, definition = self.entries[scope]
            if kind == CLASS_SCOPE and definition in self.enums:
                return definition
            scope = parent
        return -1

    def receive(self, scope: int, receiver: str) -> None:
        """Say whose receiver a function has: that of the function around (`outer`), or the class itself."""
        if receiver == "outer":
            self.borrowing.add(scope)
        elif receiver == "class":
            self.static.add(scope)

    def class_called(self, name: str, scope: int) -> int:
        """Definition of the innermost class around that has a name, or -1."""
        while scope >= 0:
            kind, parent, definition = self.entries[scope]
            if kind == CLASS_SCOPE and self.names.get(scope) == name:
                return definition
            scope = parent
        return -1

    def class_named(self, scope: int, name: str) -> int:
        """Definition of the class that a name means where it is declared by a class of this file, or -1."""
        while scope >= 0 and name not in self.declared[scope]:
            scope = self.entries[scope][1]
        found = (inner for inner, (kind, parent, _) in enumerate(self.entries) if kind == CLASS_SCOPE and parent == scope)
        return next((self.entries[inner][2] for inner in found if self.names.get(inner) == name), -1)

    def receiver(self, form: int, scope: int) -> int:
        """`THIS` or `SUPER` in a scope; unknown outside of classes."""
        if self._rules.free_receiver:
            return self._own_receiver(form, scope)
        definition = self.enclosing_class(scope)
        if definition >= 0:
            return self._expressions.add(form, "", (definition,))
        return self._bound_receiver(scope) if self._rules.bound_receiver and form == THIS else 0

    def _bound_receiver(self, scope: int) -> int:
        """The receiver that a function outside of classes may be bound to: those inside of it have the same."""
        own = -1
        while scope > 0:
            own = scope if self.entries[scope][0] == FUNCTION_SCOPE else own
            scope = self.entries[scope][1]
        return self.declare(own, self._rules.bound_receiver) if own >= 0 else 0

    def _own_receiver(self, form: int, scope: int) -> int:
        """Where each function has a receiver of its own, except those that borrow it: outside of classes it is a variable."""
        own = -1
        while scope > 0 and self.entries[scope][0] != CLASS_SCOPE:
            if own < 0 and self.entries[scope][0] == FUNCTION_SCOPE and scope not in self.borrowing:
                own = scope
            if own >= 0 and (scope in self.receiving or self.entries[self.entries[own][1]][0] != CLASS_SCOPE):
                break
            scope = self.entries[scope][1]
        if scope > 0 and self.entries[scope][0] == CLASS_SCOPE:
            class_itself = form == THIS and own in self.static
            receiver = self._expressions.add(DEFINITION if class_itself else form, "", (self.entries[scope][2],))
            return self._class_receiver(own, receiver) if class_itself and self.entries[own][2] != self.entries[scope][2] else receiver
        return self.declare(own, self._rules.free_receiver) if own >= 0 and form == THIS else 0

    def _class_receiver(self, method: int, definition: int) -> int:
        """The variable of what a static method is called on: its class, or one that extends it."""
        variable = self.declare(method, self._rules.free_receiver)
        self.class_receivers[variable] = definition
        return variable

    def method_scope(self, scope: int) -> int:
        """Scope of the method around; that of the file outside of one."""
        while scope > 0 and (self.entries[scope][0] != FUNCTION_SCOPE or scope in self.sharing):
            scope = self.entries[scope][1]
        return scope

    def method_name(self, scope: int) -> str:
        """Name of the method around; empty outside of one."""
        return self.names.get(self.method_scope(scope), "")

    def resolve(self, scope: int, name: bytes) -> int:
        """The expression that reading a name in a scope means. Call it when all names are declared."""
        key = (scope, name)
        known = self.resolved.get(key)
        if known is None:
            known = self.resolved[key] = self._find(scope, self._expressions.text(name))
        return known

    def resolve_head(self, scope: int, name: str, defined: set[tuple[int, str]]) -> int:
        """As `resolve`, for a name that a path begins with: a module or type, which no variable hides."""
        found = self.resolve(scope, name.encode())
        form, _, parts = self._expressions.entries[found]
        while form == LOCAL and self.entries[parts[0]][0] in INNER_KINDS and name not in self._words:
            declared = (parts[0], name)
            if declared in defined or declared in self.type_parameters:
                break
            found = self.resolve(self.entries[parts[0]][1], name.encode())
            form, _, parts = self._expressions.entries[found]
        return found

    def resolve_tag(self, scope: int, name: str) -> int:
        """As `resolve`, for a name that is said to be that of a type: variables and functions that bear it do not hide it."""
        if len(self.entries) != self._tags_of:
            self._tags_of = len(self.entries)
            bodies = enumerate(self.entries)
            self._tags = {(parent, self.names[inner]) for inner, (kind, parent, _) in bodies if kind == CLASS_SCOPE and inner in self.names}
        found = self._find(scope, name)
        form, _, parts = self._expressions.entries[found]
        while form == LOCAL and (parts[0], name) not in self._tags:
            if self.entries[parts[0]][1] < 0:
                return self._expressions.add(FREE, name)
            found = self._find(self.entries[parts[0]][1], name)
            form, _, parts = self._expressions.entries[found]
        return found

    def resolve_member(self, start: int, name: str) -> int:
        """What calling a name means in a language whose variables cannot be called; an `IMPLICIT` is marked as that of a method."""
        scope, context = start, self.enclosing_class(start)
        while scope > 0 and (self.entries[scope][0] != CLASS_SCOPE or (scope, name) not in self.methods):
            scope = self.entries[scope][1]
        if not scope and (context < 0 or name in self.declared[0]):
            return self._find(0, name)
        return self._expressions.add(IMPLICIT, name, (context, 1))

    def declaring_parameter(self, scope: int, name: str) -> int:
        """The scope around that has a type parameter of a name, or -1."""
        while scope >= 0 and (scope, name) not in self.type_parameters:
            scope = self.entries[scope][1]
        return scope

    def associated(self, scope: int, name: str) -> int:
        """A type that the implementation or trait around declares: `Self::Item`; 0 for other members."""
        while scope > 0:
            kind, parent, _ = self.entries[scope]
            if kind not in INNER_KINDS or not self.declared[scope].isdisjoint(self._rules.this_words):
                found = name in self.declared[scope] and (kind in INNER_KINDS or (scope, name) in self.behind_path)
                return self._expressions.add(LOCAL, name, (scope,)) if found else 0
            scope = parent
        return 0

    def resolve_initialized(self, scope: int, name: str) -> int:
        """What a constructor initialises before its body: a member or a base, whatever its parameters are called."""
        while self.entries[scope][0] in INNER_KINDS and scope not in self.outside:
            scope = self.entries[scope][1]
        if scope not in self.outside:
            return self._find(scope, name)
        definition, around = self.entries[scope][2], self._find(self.entries[scope][1], name)
        return around if self._expressions.entries[around][0] == LOCAL else self._expressions.add(IMPLICIT, name, (definition,))

    def _find(self, start: int, name: str) -> int:
        if name in self._words and (word := self._find_word(start, name)):
            return word
        scope = start
        while scope >= 0:
            scope = self._elsewhere.get((scope, name), scope)
            kind, parent, definition = self.entries[scope]
            if name in self.declared[scope] and (scope, name) not in self.behind_path:
                inside = scope == start and not self._rules.members_visible and not self._rules.members_hidden
                if kind != CLASS_SCOPE or inside or (scope, name) in self.type_parameters:
                    return self._expressions.add(LOCAL, name, (scope,))
                if self._rules.members_visible:
                    return self._expressions.add(IMPLICIT, name, (max(self._context(start), definition),))
            if scope in self.closed and name.startswith(self._rules.variable_prefix):
                return 0
            scope = parent
        definition = self._context(start) if self._rules.members_visible else self._namespace(start)
        return self._expressions.add(IMPLICIT, name, (definition,)) if definition >= 0 else self._expressions.add(FREE, name)

    def module_path(self, scope: int, names: Sequence[str]) -> str:
        """A module specifier that begins with `self` or `super`, which count from the namespace around, as seen from the file."""
        inner: list[str] = []
        while scope > 0:
            if scope in self.namespaces:
                inner.insert(0, self.namespaces[scope])
            scope = self.entries[scope][1]
        rest, up = list(names), 0
        while rest and rest[0] in ("self", "super"):
            if rest.pop(0) == "super":
                up += 0 if inner else 1
                del inner[-1:]
        return ".".join([*(["super"] * up or ["self"]), *inner, *rest])

    def _context(self, scope: int) -> int:
        """The class around, or what else a bare name may be a member of: a namespace, the type of a method that stands outside of it."""
        if not self._rules.visible_namespaces:
            return self.enclosing_class(scope)
        while scope > 0:
            kind, parent, definition = self.entries[scope]
            if kind == CLASS_SCOPE or scope in self.namespaces or scope in self.outside:
                return definition
            scope = parent
        return -1

    def _mixed_in(self, scope: int, word: str) -> int:
        """The trait around, in languages with words for the class that is called on: there, all such words mean it. -1 elsewhere."""
        definition = self.enclosing_class(scope) if self._rules.late_words and word in self._rules.this_words else -1
        return definition if definition in self.traits and not word.startswith(self._rules.variable_prefix) else -1

    def _namespace(self, scope: int) -> int:
        """The namespace around, or -1, where it is seen from inside."""
        if not self._rules.visible_namespaces:
            return -1
        while scope > 0 and scope not in self.namespaces:
            scope = self.entries[scope][1]
        return self.entries[scope][2] if scope > 0 else -1

    def _find_word(self, scope: int, word: str) -> int:
        form = self._words[word]
        if form == EXPORTS:
            return self._expressions.add(EXPORTS)
        definition = self.enclosing_class(scope) if word in self._rules.late_words else self._mixed_in(scope, word)
        return self._expressions.add(form, word, (definition,)) if definition >= 0 else self.receiver(form, scope)


__all__ = ["BLOCK_SCOPE", "CLASS_SCOPE", "FUNCTION_SCOPE", "Scopes"]
