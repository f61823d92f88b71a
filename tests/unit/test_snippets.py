"""The lines of a passage that answer a question best."""

from __future__ import annotations

from aelus.domain.chunks import Chunk
from aelus.domain.snippets import MAX_LINE_LENGTH, snippet

FILLER = [f"step_{number} = {number}" for number in range(40)]


def passage(lines: list[str], *, start: int = 100, shown_below: str = "") -> Chunk:
    text = "\n".join([*lines, *([shown_below] if shown_below else [])])
    return Chunk(
        id="0" * 32,
        path="a.py",
        start_line=start,
        end_line=start + len(lines) - 1,
        kind="Function",
        qualified_name="a.f",
        node_id="",
        language="python",
        text=text,
        content_hash="",
    )


def test_a_short_passage_is_shown_whole() -> None:
    assert snippet(passage(["a", "b"]), "anything") == (100, "a\nb")


def test_the_lines_with_most_of_the_questions_words_are_shown() -> None:
    found = snippet(passage([*FILLER, "retry_connection(backoff)", *FILLER]), "retry the connection with a backoff", max_lines=5)
    assert "retry_connection(backoff)" in found.text
    assert found.start_line <= 140 < found.start_line + 5
    assert len(found.text.split("\n")) == 5


def test_different_words_count_more_than_one_word_again() -> None:
    lines = [*["retry()"] * 5, *FILLER, "retry(); connection()", *FILLER]
    assert "connection" in snippet(passage(lines), "retry the connection", max_lines=3).text


def test_without_any_of_the_words_the_first_lines_are_shown() -> None:
    assert snippet(passage(FILLER), "zebra", max_lines=3) == (100, "\n".join(FILLER[:3]))


def test_signatures_below_a_passage_are_not_its_lines() -> None:
    assert "retry" not in snippet(passage(["class A:"], shown_below="def retry(): ..."), "retry").text


def test_endless_lines_are_cut() -> None:
    assert snippet(passage(["x" * 10_000]), "x").text == "x" * MAX_LINE_LENGTH
