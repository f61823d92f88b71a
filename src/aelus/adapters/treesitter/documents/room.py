"""What a folder under `documents/` says, compiled against its grammars."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tree_sitter import Language, Query
from tree_sitter_language_pack import get_language

from aelus.domain.language_traits import LanguageTraits

DOCUMENTS: Final = Path(__file__).parent


class Markup(NamedTuple):
    """The file `document.toml`."""

    extensions: tuple[str, ...]
    filenames: tuple[str, ...] = ()
    no_documents: tuple[str, ...] = ()
    """Names of files that have one of the extensions and are none."""
    grammar: str = ""
    inline_grammar: str = ""
    prose_only: bool = False
    """Whether files that are no prose are left out: lists, tables, data."""
    levels: Mapping[str, int] = {}
    """Mark of a heading, or its first sign → level; without them marks are of the levels in which they are met."""
    prompts: tuple[str, ...] = ()
    """Beginnings of the lines of a code block that were typed in, the first of them first; the others are answers."""
    prompt_language: str = ""
    default_language: str = ""
    """Of code blocks that name none."""
    roles: tuple[str, ...] = ()
    path_roles: tuple[str, ...] = ()
    path_suffixes: tuple[str, ...] = ()
    code_directives: tuple[str, ...] = ()
    path_directives: tuple[str, ...] = ()
    module_directives: tuple[str, ...] = ()
    """Directives that name the module which the names behind them are of."""
    holder_directives: tuple[str, ...] = ()
    """Directives that name what the names inside them are members of."""
    name_directives: tuple[str, ...] = ()


class DocumentRoom:
    """One kind of document, ready for use in this process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.markup = markup(name)
        self.grammar = _grammar(self.markup.grammar)
        self.inline_grammar = _grammar(self.markup.inline_grammar)
        self.blocks = _query(name, "blocks", self.grammar)
        self.inline = _query(name, "inline", self.inline_grammar)


@cache
def document_room(name: str) -> DocumentRoom:
    """Compiled once per process."""
    return DocumentRoom(name)


@cache
def document_names() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in DOCUMENTS.glob("*/document.toml")))


@cache
def markup(name: str) -> Markup:
    data: dict[str, Any] = tomllib.loads((DOCUMENTS / name / "document.toml").read_text("utf-8"))
    fields: dict[str, Any] = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in data.items()}
    return Markup(**fields)


def document_traits(name: str) -> LanguageTraits:
    """What the linker needs to know: that these are no code."""
    return LanguageTraits(
        name=name,
        separator="#",
        modules="",
        declared_types="hint",
        constructors=(),
        call_constructs=False,
        package_scope=False,
        structural_interfaces=False,
        exports_all=False,
        manifests=(),
        index_files=(),
        extensions=markup(name).extensions,
        document=True,
    )


def _grammar(name: str) -> Language | None:
    return get_language(name) if name else None  # type: ignore[arg-type] # the name comes from a file


def _query(name: str, kind: str, grammar: Language | None) -> Query | None:
    return Query(grammar, (DOCUMENTS / name / f"{kind}.scm").read_text("utf-8")) if grammar else None
