from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain import bm25
from aelus.domain.chunks import Chunk
from aelus.domain.terms import MAX_QUERY_TERMS, MAX_TERM_LENGTH, MAX_TERMS, document_terms, identifier_terms, longness, query_terms


def chunk(text: str, *, qualified_name: str = "shop.Cart.total", path: str = "shop/cart.py") -> Chunk:
    return Chunk(
        id="1",
        path=path,
        start_line=1,
        end_line=1,
        kind="Method",
        qualified_name=qualified_name,
        node_id="",
        language="python",
        text=text,
        content_hash="",
    )


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("getUserName", ("get", "user", "name", "getusername")),
        ("get_user_name", ("get", "user", "name", "getusername")),
        ("HTTPServer2", ("http", "server", "2", "httpserver2")),
        ("parseURLs", ("pars", "url", "parseurls")),
        ("__init__", ("init",)),
        ("straßenName", ("strassen", "name", "strassenname")),
    ],
)
def test_an_identifier_is_its_parts_and_the_whole(word: str, terms: tuple[str, ...]) -> None:
    assert identifier_terms(word) == terms


@pytest.mark.parametrize("words", ["parse parses parsed parsing", "map maps mapped mapping", "query queries", "box boxes", "cache caching"])
def test_forms_of_one_word_are_one_term(words: str) -> None:
    assert len({identifier_terms(word) for word in words.split()}) == 1


@pytest.mark.parametrize("word", ["string", "class", "status", "this", "feed", "thing", "bus", "analysis"])
def test_words_that_only_end_like_a_form_are_left_whole(word: str) -> None:
    assert identifier_terms(word) == (word,)


def test_words_without_spaces_between_them_are_found_by_pairs() -> None:
    assert set(query_terms("日本")) <= set(document_terms(chunk("# 東日本鉄道")))


def test_names_count_more_than_the_text_they_stand_in() -> None:
    terms = document_terms(chunk("return amount", qualified_name="shop.total"))
    assert terms["total"] > terms["amount"]


def test_the_path_of_a_chunk_is_part_of_its_terms() -> None:
    assert {"order", "invoic"} <= document_terms(chunk("x", path="src/orders/invoices.py")).keys()


def test_a_question_is_asked_without_its_filling_words() -> None:
    assert query_terms("where is the session closed?").keys() == {"session", "clos"}


def test_a_question_of_nothing_but_filling_words_keeps_them() -> None:
    assert query_terms("how to do this")


def test_words_that_describe_any_code_weigh_little_in_a_question() -> None:
    terms = query_terms("function that renders templates")
    assert terms["function"] < terms["templat"]


@given(st.text(max_size=3000))
def test_terms_are_bounded_whatever_the_text(text: str) -> None:
    found, asked = document_terms(chunk(text, qualified_name=text[:200])), query_terms(text)
    assert len(found) <= MAX_TERMS
    assert len(asked) <= MAX_QUERY_TERMS
    assert all(0 < len(term) <= MAX_TERM_LENGTH for term in (*found, *asked))


@given(st.text(min_size=1, max_size=60))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    assert query_terms(text).keys() <= document_terms(chunk(text)).keys()


def test_a_rare_term_weighs_more_than_a_common_one_and_none_less_than_nothing() -> None:
    assert bm25.idf(1000, 1) > bm25.idf(1000, 500) > bm25.idf(1000, 1000) > 0


def test_repeating_a_term_counts_less_and_less_up_to_a_bound() -> None:
    once, twice, often = (bm25.weight(frequency, 100, 100) for frequency in (1, 2, 1000))
    assert once < twice < 2 * once
    assert often < bm25.K1 + 1


def test_a_term_counts_less_in_a_longer_passage() -> None:
    assert bm25.weight(1, 200, 100) < bm25.weight(1, 50, 100)


def test_a_question_is_long_by_the_telling_words_that_it_has() -> None:
    assert longness("where is the session of the user closed by the server") == 0.0
    assert longness("retry retry retry retry retry retry retry retry retry retry") == 0.0
    assert longness("sessions leak when servers close sockets before clients answer") == 0.5
    assert longness(" ".join(f"word{number}" for number in range(30))) == 1.0
