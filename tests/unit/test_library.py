"""What a program hands over that does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from aelus import Aelus
from aelus.ports.errors import InvalidRequest, NotFound

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a number for a place": ("index", {"location": 123}, "The location is 123, which is no text"),
    "a name that is a way": ("index", {"location": ".", "name": "../x"}, "'../x' cannot be the name of a repository"),
    "a name with an empty part": ("index", {"location": ".", "name": "a//b"}, "'a//b' cannot be the name of a repository"),
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


async def test_an_index_that_was_closed_says_so() -> None:
    async with Aelus.in_memory() as aelus:
        await aelus.push("project", {"a.py": "def f(): ..."})
    with pytest.raises(InvalidRequest, match="This index is closed"):
        await aelus.search("f")


async def test_of_many_repositories_a_few_are_named_and_the_others_counted(aelus: Aelus) -> None:
    for number in range(7):
        await aelus.push(f"project{number}", {"a.py": "def f(): ..."})
    with pytest.raises(NotFound, match="Known are: project0, project1, project2, project3, project4 and 2 more"):
        await aelus.search("f", repositories=["elsewhere"])
