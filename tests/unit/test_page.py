"""The page that a browser gets."""

from __future__ import annotations

from importlib.resources import files

import httpx2

from aelus.application.search_code import MAX_QUERY_BYTES


async def test_the_page_takes_as_long_a_question_as_the_service(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/")).text
    assert f'autofocus maxlength="{MAX_QUERY_BYTES}"' in page


def test_the_page_shows_the_note_of_an_answer_and_writes_texts_only() -> None:
    script = (files("aelus.entrypoints.http") / "pages" / "search.js").read_text()
    assert "say([answer.note," in script
    assert "innerHTML" not in script
