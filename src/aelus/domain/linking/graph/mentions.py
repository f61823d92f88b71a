"""What the names in documents mean.

A name is found by its whole qualified name, by its last parts, or by walking from what its first parts name, as the language itself would:
through imports and to inherited members. What several things are called is nothing; so is a single word, unless a document marks it as code
and only one thing of the program can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import Definition
from aelus.domain.graph import NodeId, Origin
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.naming.names import NOWHERE, Names
from aelus.domain.linking.program import CLASS_KINDS, Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, MODULE, PACKAGE, SHIFT, value
from aelus.domain.path_class import PathClass, path_class
from aelus.domain.symbol_names import SEPARATOR

TYPES: Final = CLASS_KINDS | {"TypeAlias"}
SINGLE: Final = TYPES | {"Function", "Method", "Macro"}
"""Kinds that a single name can mean."""
TELLING: Final = re.compile(r"[a-z0-9][A-Z]|[A-Za-z]_\w|[A-Za-z]\d")
"""Inner capitals, underscores, digits: no word is spelt like this."""
MARKED: Final = frozenset({Origin.ROLE, Origin.CODE_SPAN, Origin.CODE_BLOCK})


class Named(NamedTuple):
    """Something that has a name."""

    value: int
    dotted: str
    """Its qualified name, with dots."""
    kind: str
    path: str
    has_body: bool


class MentionedNames:
    """Finds what names in documents mean."""

    def __init__(self, program: Program, modules: Modules, names: Names, hierarchy: Hierarchy, nodes: Nodes) -> None:
        self._program = program
        self._modules = modules
        self._names = names
        self._hierarchy = hierarchy
        self._nodes = nodes
        self._by_last: dict[str, list[Named]] = {}
        self._seats: dict[str, int] = {}
        """Language → its first file, which stands for a reader's own one."""
        self._known: dict[tuple[str, Origin], int | None] = {}
        self._collect()
        self._roots = [one.value for found in self._by_last.values() for one in found if one.kind == "Module" and "." not in one.dotted]
        self._parameters = {parameter.name for entry in program.definitions for parameter in entry.parameters}
        self._builtins = {name for traits in program.languages for name in traits.builtins}

    def named(self, name: str, holders: Sequence[str], origin: Origin) -> int | None:
        """The value that a name means, which may be a member of one of the holders; None where that is not sure."""
        for holder in holders:
            found = self._find(f"{holder}.{name}", origin)
            if found is not None:
                return found
        return self._find(name, origin)

    def imported(self, language: str, module: str, names: Sequence[str]) -> int | None:
        """What a program that uses this one gets from a module."""
        seat = self._seats.get(language)
        if seat is None or module.startswith("."):
            return None
        target = self._names.module_value(seat, module)
        for name in names:
            holders = self._names.values_of(target)
            if len(holders) != 1:
                return None
            found = self._member(holders[0], name)
            if found is None:
                return None
            target = target._replace(slots=(), values=(found,))
        return self._only(self._names.values_of(target))

    def node(self, inner: int) -> NodeId | None:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == DEF:
            return self._nodes.ids[index]
        if tag == MODULE:
            return self._nodes.module_ids[index]
        return self._nodes.package_ids.get(index) if tag == PACKAGE else None

    # --- the index -------------------------------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        program = self._program
        for definition, entry in enumerate(program.definitions):
            if entry.name and not self._is_local(definition):
                path = program.paths[program.file_of_definition[definition]]
                name = self._nodes.qualified_names[definition]
                self._put(value(DEF, definition), name, entry.kind, path, has_body=entry.body >= 0)
        for file, path in enumerate(program.paths):
            self._seats.setdefault(program.traits[file].name, file)
            if self._modules.is_module(file):
                self._put(value(MODULE, file), self._modules.name_of(file), "Module", path, has_body=True)
        for number in self._nodes.package_ids:
            self._put(value(PACKAGE, number), self._modules.packages.names[number], "Package", "", has_body=True)

    def _put(self, inner: int, name: str, kind: str, path: str, *, has_body: bool) -> None:
        dotted = SEPARATOR.sub(".", name)
        self._by_last.setdefault(dotted.rpartition(".")[2], []).append(Named(inner, dotted, kind, path, has_body))

    def _is_local(self, definition: int) -> bool:
        """Whether it lies inside of a function, where nobody else can name it."""
        parent = self._program.parent_of(definition)
        while parent >= 0:
            if self._program.is_function(parent):
                return True
            parent = self._program.parent_of(parent)
        return False

    # --- names -----------------------------------------------------------------------------------------------------------------------

    def _find(self, name: str, origin: Origin) -> int | None:
        key = (name, origin)
        if key not in self._known:
            self._known[key] = self._find_new(name, origin)
        return self._known[key]

    def _find_new(self, name: str, origin: Origin) -> int | None:
        plain = name.removesuffix("()")
        if "." not in plain:
            return self._single(plain, origin, called=plain != name)
        found = self._whole(plain, origin)
        if found is not None and self._is_product(found):
            return found
        walked = self._walked(plain, origin)
        return found if walked is None else walked

    def _is_product(self, inner: int) -> bool:
        """Whether it is no test and no example, whose names may be those that the product offers."""
        tag, index = inner & MASK, inner >> SHIFT
        file = self._program.file_of_definition[index] if tag == DEF else index
        return tag == PACKAGE or path_class(self._program.paths[file]) is PathClass.PRODUCT

    def _single(self, name: str, origin: Origin, *, called: bool) -> int | None:
        """The only function or type with this name, where nothing else is called so."""
        candidates = [one for one in self._by_last.get(name, ()) if one.kind not in ("Module", "Package")]
        if origin is Origin.ROLE:
            return self._only_named(candidates) if candidates else self._root(name)
        if name in self._parameters or name in self._builtins or any(one.kind not in SINGLE for one in candidates):
            return None
        found = self._only_named(candidates)
        return found if found is not None and self._is_meant(found >> SHIFT, name, origin, called=called) else None

    def _is_meant(self, definition: int, name: str, origin: Origin, *, called: bool) -> bool:
        """Whether a single name that is no word, or is shown as code, can only mean the one thing that is called so."""
        entry = self._program.definitions[definition]
        if entry.kind in TYPES:
            return bool(TELLING.search(name)) or (origin in MARKED and name[:1].isupper())
        if called and TELLING.search(name):
            return True
        return origin in MARKED and (called or bool(TELLING.search(name))) and self._is_offered(definition, entry)

    def _is_offered(self, definition: int, entry: Definition) -> bool:
        """Whether a program that uses this one can get it by its name alone.

        Other names are no evidence: settings, options and methods of other packages are often called as some function inside is.
        """
        program = self._program
        file = program.file_of_definition[definition]
        if entry.parent >= 0:
            return False
        if not self._modules.is_module(file):
            return entry.visibility == "public"
        if not program.traits[file].exports_all:
            return any(export.name == entry.name for export in program.units[file].facts.exports)
        return any(value(DEF, definition) == self._member(root, entry.name) for root in self._roots)

    def _root(self, name: str) -> int | None:
        """A module or package by its whole name."""
        return self._only_named(
            one for one in self._by_last.get(name.rpartition(".")[2], ()) if one.dotted == name and one.kind in ("Module", "Package")
        )

    def _whole(self, name: str, origin: Origin) -> int | None:
        """By the whole qualified name, or by the last parts of it: a type and its member, or where a role says that it is a name."""
        ending = f".{name}"
        candidates = [one for one in self._by_last.get(name.rpartition(".")[2], ()) if f".{one.dotted}".endswith(ending)]
        exact = [one for one in candidates if one.dotted == name]
        if exact:
            return self._only_named(exact)
        typed = candidates if origin is Origin.ROLE else [one for one in candidates if self._is_typed(one, name)]
        return self._only_named(typed) if len(typed) == len(candidates) else None

    def _is_typed(self, one: Named, name: str) -> bool:
        """Whether the first part of the name is a type around what is named."""
        inner, parts = one.value, name.count(".")
        if inner & MASK != DEF:
            return False
        definition = inner >> SHIFT
        for _ in range(parts):
            definition = self._program.parent_of(definition) if definition >= 0 else -1
        return definition >= 0 and self._program.definitions[definition].kind in TYPES

    def _walked(self, name: str, origin: Origin) -> int | None:
        """A member of what the parts before the last one name."""
        before, _, last = name.rpartition(".")
        holder = self._holder(before, origin)
        return None if holder is None else self._member(holder, last)

    def _holder(self, name: str, origin: Origin) -> int | None:
        if "." in name:
            return self._find(name, origin)
        root = self._root(name)
        if root is not None:
            return root
        types = [one for one in self._by_last.get(name, ()) if one.kind in TYPES]
        return self._only_named(types)

    def _member(self, holder: int, name: str) -> int | None:
        """What `holder.name` is, by imports and inheritance."""
        target = self._names.member(holder, name)
        if target == NOWHERE and holder & MASK == DEF and self._program.is_class(holder >> SHIFT):
            owners = (value(DEF, owner) for owner in self._hierarchy.inherited(holder >> SHIFT))
            target = next((found for owner in owners if (found := self._names.member(owner, name)) != NOWHERE), NOWHERE)
        bound = [value(DEF, definition) for slot in target.slots for definition in self._program.bound.get(slot, ())]
        return self._only(bound or self._names.values_of(target))

    # --- one of several --------------------------------------------------------------------------------------------------------------

    def _only(self, values: Iterable[int]) -> int | None:
        """The only value of the program; of several definitions of one name in one file, the first."""
        found = list(dict.fromkeys(inner for inner in values if inner & MASK in (DEF, MODULE, PACKAGE, EXTERNAL)))
        if any(inner & MASK == EXTERNAL for inner in found):
            return None
        if len(found) > 1 and all(inner & MASK == DEF for inner in found):
            return self._only_named(self._of_definition(inner >> SHIFT) for inner in found)
        return found[0] if len(found) == 1 else None

    def _of_definition(self, definition: int) -> Named:
        program, entry = self._program, self._program.definitions[definition]
        path = program.paths[program.file_of_definition[definition]]
        return Named(value(DEF, definition), SEPARATOR.sub(".", self._nodes.qualified_names[definition]), entry.kind, path, entry.body >= 0)

    def _only_named(self, candidates: Iterable[Named]) -> int | None:
        """What the candidates are all the same as: the product's own counts before tests and examples, a definition before declarations."""
        found = list(candidates)
        found = [one for one in found if path_class(one.path) is PathClass.PRODUCT] or found
        found = [one for one in found if one.has_body] or found
        same = len({(one.path, one.dotted) for one in found}) == 1
        return found[0].value if same else None
