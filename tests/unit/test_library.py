"""What a program hands over that does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from aelus import Aelus
from aelus.ports.errors import InvalidRequest

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no query": ("search", {"query": None}, "The query is None, which is no text"),
    "no question": ("context", {"question": 3}, "The question is 3, which is no text"),
    "no name": ("callers", {"name": None}, "The name is None, which is no text"),
    "no path": ("search", {"query": "x", "path": None}, "The path is None"),
    "an unknown mode": ("search", {"query": "x", "mode": "foo"}, "There is no SearchMode 'foo'. Known are: hybrid, vector, lexical."),
    "an unknown grouping": ("answer", {"query": "x", "group": []}, "There is no Grouping"),
    "a number for names": ("search", {"query": "x", "languages": 3}, "3 is no sequence of names"),
    "numbers for names": ("impact", {"name": "x", "repositories": [3]}, "The name is 3, which is no text"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_does_not_fit_is_refused_in_plain_words(aelus: Aelus, case: str) -> None:
    method, given, said = REFUSED[case]
    with pytest.raises(InvalidRequest) as refused:
        await getattr(aelus, method)(**given)
    assert said in str(refused.value)


@pytest.mark.usefixtures("indexed")
async def test_a_text_is_one_name_and_one_mode(aelus: Aelus) -> None:
    given: Any = "lexical"
    found = await aelus.search("net_price", repositories="project", languages="py", kinds="Function", mode=given)
    assert {hit.repository for hit in found} == {"project"}
