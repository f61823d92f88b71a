from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.query import Query, parse_query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open a file", Query(text="open a file")),
        ("retry lang:Go", Query(text="retry", languages=("Go",))),
        ("kind:method retry kind:CLASS", Query(text="retry", kinds=("method", "CLASS"))),
        ("retry path:src/**/*.ts repo:shop", Query(text="retry", paths=("src/**/*.ts",), repositories=("shop",))),
        ('retry path:"my folder/a.c"', Query(text="retry", paths=("my folder/a.c",))),
        ('say "Not  Found" when', Query(text="say  Not  Found  when", phrases=("not found",))),
        ("lang:go", Query(text="", languages=("go",))),
        ("std::path::Path", Query(text="std::path::Path")),
        ("mypath:src lang: go", Query(text="mypath:src lang: go")),
        ('f("x") "', Query(text='f("x") "')),
        ('"???"', Query(text='"???"')),
    ],
)
def test_a_question_is_taken_apart(text: str, expected: Query) -> None:
    assert parse_query(text) == expected


@given(st.text(alphabet=st.characters(blacklist_characters='":')))
def test_a_text_without_marks_is_all_words(text: str) -> None:
    assert parse_query(text) == Query(text=text.strip() if '"' not in text else text)


@given(st.text(alphabet='lang:pthkidreo" x/*', max_size=60))
def test_any_text_is_taken_apart(text: str) -> None:
    asked = parse_query(text)
    assert all(isinstance(getattr(asked, field.name), (str, tuple)) for field in fields(asked))
    assert all(phrase for phrase in asked.phrases)
