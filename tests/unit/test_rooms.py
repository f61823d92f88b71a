"""What the rooms' tables say is of the types that it is declared to be of: compiled code takes nothing else."""

from __future__ import annotations

from typing import get_type_hints

import pytest
from pydantic import ConfigDict, TypeAdapter

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.room import Rules, names, room, traits
from aelus.domain.language_traits import LanguageTraits

STRICT = ConfigDict(strict=True)
TRAITS, RULES = ({name: TypeAdapter(of, config=STRICT) for name, of in get_type_hints(kind).items()} for kind in (LanguageTraits, Rules))


@pytest.mark.parametrize("language", names())
def test_traits_and_rules_are_of_their_types(language: str) -> None:
    for adapters, table in ((TRAITS, traits(language)), (RULES, room(language).rules)):
        for name, adapter in adapters.items():
            value = getattr(table, name)
            assert adapter.validate_python(value) == value, name


@pytest.mark.parametrize(
    ("called", "language"),
    [
        ("Go", "go"),
        ("golang", "go"),
        ("C#", "csharp"),
        ("csharp", "csharp"),
        ("TS", "typescript"),
        ("markdown", "markdown"),
        ("cobol", ""),
        ("", ""),
    ],
)
def test_a_language_is_known_by_all_its_names(called: str, language: str) -> None:
    assert TreesitterParser(jobs=0).language_called(called) == language
