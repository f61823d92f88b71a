"""Language rooms: what a folder under `languages/` says, compiled against its grammar.

A room is data: `language.toml` and four query files. How the data is used belongs to `extraction` and `lowering`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tree_sitter import Language, Query
from tree_sitter_language_pack import get_language

from aelus.domain.facts import LanguageTraits

LANGUAGES: Final = Path(__file__).parent / "languages"
QUERIES: Final = ("definitions", "bindings", "references", "imports")
CAPTURE: Final = re.compile(r"@([\w.]+)")
MAIN: Final = frozenset({"definition", "scope", "bind", "return", "yield", "import", "export", "reference", "outer"})
"""First parts of the captures that say what a pattern is about; every pattern has exactly one."""


class Form(NamedTuple):
    """How one kind of syntax node is lowered."""

    name: str
    fields: tuple[int, ...]
    """Grammar ids of the fields that the lowering reads."""
    children: tuple[int, ...]
    """Positions of named children, where the grammar has no fields."""
    text: str


class Role(NamedTuple):
    """What a pattern is about: `definition` and `function` for a main capture `@definition.function`."""

    capture: str
    category: str
    detail: str


class Room:
    """One language, ready for use in this process."""

    def __init__(self, name: str) -> None:
        data = load(name)
        self.name: str = name
        self.data = data
        self.grammar: Language = get_language(data["language"]["grammar"])
        text = "\n".join(query_text(data, query) for query in QUERIES)
        self.query = Query(self.grammar, text)
        encoded = text.encode()
        self.roles: list[Role] = [
            _role(encoded[self.query.start_byte_for_pattern(i) : self.query.end_byte_for_pattern(i)].decode())
            for i in range(self.query.pattern_count)
        ]
        self.forms: dict[int, Form] = {}
        for kind, form in data["expressions"].items():
            for kind_id in self.kind_ids(kind):
                self.forms[kind_id] = self._form(form)
        syntax = data["syntax"]
        self.comments = self._ids(syntax.get("comments", ["comment"]))
        self.wrappers = self._ids(syntax.get("wrappers", []))
        self.modifiers = self._ids(syntax.get("modifiers", []))
        self.decorators = self._ids(syntax.get("decorators", []))
        self.parameters: dict[int, Form] = {i: self._form(form) for kind, form in data["parameters"].items() for i in self.kind_ids(kind)}
        self.settings: Mapping[str, Any] = data["rules"]

    def _ids(self, kinds: list[str]) -> frozenset[int]:
        return frozenset(i for kind in kinds for i in self.kind_ids(kind))

    def kind_ids(self, kind: str) -> list[int]:
        """Grammar ids of a named node kind (several where the grammar has aliases)."""
        grammar = self.grammar
        return [i for i in range(grammar.node_kind_count) if grammar.node_kind_is_named(i) and grammar.node_kind_for_id(i) == kind]

    def _form(self, form: Mapping[str, Any]) -> Form:
        fields = tuple(self.grammar.field_id_for_name(field) or 0 for field in form.get("fields", ()))
        return Form(form["form"], fields, tuple(form.get("children", ())), form.get("text", ""))


def _role(pattern: str) -> Role:
    for capture in CAPTURE.findall(pattern):
        category, _, detail = capture.partition(".")
        if category in MAIN:
            return Role(capture, category, detail)
    raise ValueError(f"A pattern has no main capture: {pattern}")


def load(name: str) -> dict[str, Any]:
    """Read a room's `language.toml`; a room that extends another one overrides its tables key by key."""
    data = tomllib.loads((LANGUAGES / name / "language.toml").read_text("utf-8"))
    data["language"].setdefault("folders", [name])
    parent = data["language"].get("extends")
    if not parent:
        return data
    base = load(parent)
    data["language"]["folders"] = [*base["language"]["folders"], name]
    return {key: {**base.get(key, {}), **data.get(key, {})} for key in {**base, **data}}


def query_text(data: Mapping[str, Any], query: str) -> str:
    """The text of one of the queries, that of the extended room first."""
    paths = (LANGUAGES / folder / f"{query}.scm" for folder in data["language"]["folders"])
    return "\n".join(path.read_text("utf-8") for path in paths if path.exists())


@cache
def room(name: str) -> Room:
    """The room of a language, compiled once per process."""
    return Room(name)


@cache
def names() -> tuple[str, ...]:
    """All rooms, by folder."""
    return tuple(sorted(path.parent.name for path in LANGUAGES.glob("*/language.toml")))


def traits(name: str) -> LanguageTraits:
    """What the linker needs to know of a language."""
    data = load(name)
    table = dict(data["traits"])
    protocols = tuple(sorted(table.pop("protocols", {}).items()))
    lists = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in table.items()}
    return LanguageTraits(name=name, extensions=tuple(data["language"]["extensions"]), protocols=protocols, **lists)
