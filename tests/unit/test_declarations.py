"""Declarations give their places to the definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from aelus import Aelus
from sample_project import write_project

HEADER = """
/* Count the words of a text. */
int count_words(const char *text);

/* Only declared here. */
int count_pages(const char *text);
"""
SOURCE = """
#include "words.h"

int count_words(const char *text) {
    int words = 0, inside = 0;
    for (; *text; text++) {
        if (*text == ' ') inside = 0;
        else if (!inside) { inside = 1; words++; }
    }
    return words;
}

int main(void) { return count_words("two words"); }
"""
TYPES = """
export declare class Counter {
  /** Count the words of a text. */
  countWords(text: string): number;
}
export type Text = string;
"""
SCRIPT = """
class Counter {
  countWords(text) {
    let words = 0;
    for (const part of text.split(" ")) {
      if (part.length > 0) words += 1;
    }
    return words;
  }
}
module.exports = { Counter };
"""


@pytest.fixture
async def words(aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "c", {"words.h": HEADER, "words.c": SOURCE}))
    await aelus.index(write_project(tmp_path / "js", {"types/index.d.ts": TYPES, "lib/counter.js": SCRIPT}))


async def places(aelus: Aelus, query: str, repository: str) -> list[str]:
    return [f"{hit.chunk.path} {hit.chunk.qualified_name}" for hit in await aelus.search(query, repositories=[repository])]


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("query", ["count the words of a text", "count_words"])
async def test_a_prototype_gives_its_place_to_the_function(aelus: Aelus, query: str) -> None:
    found = await places(aelus, query, "c")
    assert found[0] == "words.c count_words"
    assert "words.h count_words" not in found


@pytest.mark.usefixtures("words")
async def test_what_is_only_declared_stays(aelus: Aelus) -> None:
    assert (await places(aelus, "count_pages", "c"))[0] == "words.h count_pages"
    assert (await places(aelus, "count_words path:*.h", "c"))[0] == "words.h count_words"


@pytest.mark.usefixtures("words")
async def test_a_declaration_file_gives_its_places_to_the_code(aelus: Aelus) -> None:
    found = await places(aelus, "count the words of a text", "js")
    assert found[0].startswith("lib/counter.js lib/counter.Counter")
    assert not [place for place in found if place.endswith("index.d.Counter.countWords")]


@pytest.mark.usefixtures("words")
async def test_who_asks_for_declarations_gets_them(aelus: Aelus) -> None:
    assert [place for place in await places(aelus, "type declaration of count words", "js") if place.startswith("types/index.d.ts")]


@pytest.mark.usefixtures("words")
async def test_calls_are_those_of_the_definition(aelus: Aelus) -> None:
    (found,) = await aelus.callers("count_words")
    assert found.symbol.node.path == "words.c"
    assert {call.other.node.name for call in found.calls} == {"main"}
