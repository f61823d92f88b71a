from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.tokens import estimated_tokens

COUNTED = json.loads((Path(__file__).parents[1] / "fixtures" / "tokens.json").read_text())
"""Texts with the most tokens that the tokenizers cl100k, o200k, Claude's first and Llama 3's make of them."""


@pytest.mark.parametrize("name", COUNTED)
def test_an_estimate_is_never_below_what_tokenizers_count(name: str) -> None:
    assert estimated_tokens(COUNTED[name]["text"]) >= COUNTED[name]["tokens"]


@pytest.mark.parametrize("name", ["python", "typescript", "rust", "ruby", "c", "prose"])
def test_an_estimate_of_code_and_prose_stays_near(name: str) -> None:
    assert estimated_tokens(COUNTED[name]["text"]) <= 1.7 * COUNTED[name]["tokens"]


@given(st.text(), st.text())
def test_a_longer_text_never_has_fewer_tokens(text: str, more: str) -> None:
    assert estimated_tokens(f"{text}\n{more}") + 3 >= estimated_tokens(text)
