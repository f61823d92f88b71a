from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.trigrams import LEAST_ALIKE, likeness, name_trigrams

names = st.text(max_size=40)


def alike(one: str, other: str) -> float:
    asked, known = name_trigrams(one), name_trigrams(other)
    return likeness(len(asked), len(known), len(asked & known))


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("add_job", "addJob"),
        ("KeyValueRendrer", "structlog.processors.KeyValueRenderer"),
        ("removeRepeatble", "removeRepeatable"),
        ("load_rock_manifst", "luarocks.manif.load_rock_manifest"),
        ("filter_by_luaversion", "filter_by_lua_version"),
        ("trim_trailing", "Text::trim_trailing_ws"),
    ],
)
def test_a_misspelt_or_shortened_name_is_alike(asked: str, known: str) -> None:
    assert alike(asked, known) > LEAST_ALIKE


@pytest.mark.parametrize(("asked", "known"), [("total", "title"), ("parse", "close"), ("add_job", "get_user"), ("", "x"), ("x", "")])
def test_another_name_is_not_alike(asked: str, known: str) -> None:
    assert alike(asked, known) < LEAST_ALIKE


@given(names, names)
def test_likeness_lies_between_none_and_the_name_itself(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == (1 if name_trigrams(one) else 0)


@given(names)
def test_case_and_underscores_do_not_matter(name: str) -> None:
    assert name_trigrams(name.upper().lower()) == name_trigrams(f"_{name}_".upper().lower())


def test_nothing_is_like_nothing() -> None:
    assert likeness(0, 5, 0) == likeness(5, 0, 0) == 0.0
