from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.chunks import Chunk
from aelus.domain.path_class import PathClass, code_class, path_class
from aelus.domain.query_names import query_names
from aelus.domain.ranking import Found, Likeness, rank
from aelus.domain.search import Grouping, ScoredChunk, Ties
from aelus.domain.snippets import MAX_LINES, snippet

REPOSITORY = UUID(int=1)


def chunk(qualified_name: str, path: str = "src/shop.py", text: str = "", line: int = 1) -> Chunk:
    return Chunk(
        id=f"{path}:{qualified_name}:{line}",
        path=path,
        start_line=line,
        end_line=line + text.count("\n"),
        kind="Function",
        qualified_name=qualified_name,
        node_id="",
        language="python",
        text=text,
        content_hash="",
    )


def scored(*chunks: Chunk, best: float = 1.0, coverage: float = 0.0) -> list[ScoredChunk]:
    """Chunks with falling scores."""
    return [
        ScoredChunk(repository_id=REPOSITORY, chunk=one, score=best - number / 100, coverage=coverage) for number, one in enumerate(chunks)
    ]


def names(query: str, found: Found, limit: int = 10, *, group: Grouping = Grouping.SPREAD) -> list[str]:
    return [one.found.chunk.qualified_name for one in rank(query, found, limit=limit, group=group)]


def test_a_chunk_that_two_stages_found_comes_before_those_of_one() -> None:
    a, b, c, *others = (chunk(name, f"src/{name}.py") for name in "abcdef")
    assert names("x y z", Found(vector=scored(a, b, c, *others), lexical=scored(c, b, coverage=1.0)))[0] == "b"


def test_a_chunk_is_listed_once_with_all_stages_that_found_it() -> None:
    a = chunk("shop.total")
    (only,) = rank("total", Found(vector=scored(a), lexical=scored(a), named=scored(a, best=2.0)), limit=10)
    assert only.why == ("lexical", "symbol", "vector")


def test_a_document_comes_behind_code_that_answers_as_well() -> None:
    guide = replace(chunk("README.md#Total", "README.md", "the total of a cart"), kind="Section", language="markdown")
    code = chunk("shop.total", text="return the total of a cart")
    alike = [ScoredChunk(repository_id=REPOSITORY, chunk=one, score=1.0, coverage=1.0) for one in (guide, code)]
    assert names("total of a cart", Found(vector=alike, lexical=alike)) == ["shop.total", "README.md#Total"]


def test_a_file_that_has_the_asked_name_is_said_to_be_found_by_its_path() -> None:
    (only,) = rank("shop.py", Found(named=scored(chunk("shop"), best=1.0)), limit=10)
    assert only.why == ("path",)


def test_a_definition_of_the_asked_name_comes_before_its_mentions() -> None:
    mention, definition = chunk("shop.report", "src/report.py"), chunk("shop.Cart.total", "src/cart.py")
    found = Found(lexical=scored(mention, definition), named=scored(definition, best=2.0))
    assert names("total_price", found)[0] == "shop.Cart.total"


def test_the_last_parts_of_a_name_are_enough_to_name_it() -> None:
    cart, order = chunk("shop.Order.total", "src/order.py"), chunk("shop.Cart.total", "src/cart.py")
    assert names("Cart.total", Found(lexical=scored(cart, order)))[0] == "shop.Cart.total"


def test_a_name_made_of_the_questions_words_breaks_a_tie() -> None:
    a, b = chunk("shop.helper", "src/a.py"), chunk("shop.parse_header", "src/b.py")
    assert names("parse the header", Found(lexical=scored(a, b)))[0] == "shop.parse_header"


def test_parts_of_one_function_leave_a_place_to_others() -> None:
    parts = [replace(chunk("run", line=line), node_id="run") for line in (1, 40, 80)]
    other = replace(chunk("stop", line=120), node_id="stop")
    found = [ScoredChunk(repository_id=REPOSITORY, chunk=one, score=1.0, coverage=0.9) for one in parts]
    found.append(ScoredChunk(repository_id=REPOSITORY, chunk=other, score=1.0, coverage=0.6))
    assert names("keep going until asked", Found(lexical=found), limit=2) == ["run", "stop"]
    assert names("keep going until asked", Found(lexical=found), limit=2, group=Grouping.NONE) == ["run", "run"]
    assert names(LONG, Found(lexical=found), limit=2) == ["run", "run"]


LONG = "carts lose items when several customers add them while prices change during checkout overnight"


def test_a_long_question_looks_at_how_well_a_whole_file_answers() -> None:
    a, b = (
        ScoredChunk(repository_id=REPOSITORY, chunk=chunk(name, f"{name}.py"), score=1.0, coverage=0.5, file_score=score)
        for name, score in (("a", 2.0), ("b", 3.0))
    )
    near = chunk("near", "b.py", line=9)
    assert names(LONG, Found(lexical=[a, b], vector=scored(near)))[0] == "b"
    assert names("carts lose items", Found(lexical=[a, b]))[0] == "a"


def test_a_long_question_looks_at_how_often_a_passage_says_its_words() -> None:
    a, b = (
        ScoredChunk(repository_id=REPOSITORY, chunk=chunk(name, f"{name}.py"), score=score, coverage=0.5)
        for name, score in (("a", 2.0), ("b", 3.0))
    )
    assert names(LONG, Found(lexical=[a, b]))[0] == "b"
    assert names("carts lose items", Found(lexical=[a, b]))[0] == "a"


def test_tests_come_after_the_code_unless_they_are_asked_for() -> None:
    test, code = chunk("test_login", "tests/test_login.py"), chunk("session.start", "src/session.py")
    found = Found(lexical=scored(test, code, chunk("z", "z.py")))
    assert names("open a session", found)[0] == "session.start"
    assert names("tests that open a session", found)[0] == "test_login"


def test_only_the_best_hit_of_each_file_is_kept_where_that_is_asked_for() -> None:
    first, second, other = chunk("a.f", "a.py"), chunk("a.g", "a.py", line=9), chunk("b.h", "b.py")
    found = Found(lexical=scored(first, second, other))
    assert names("x", found, group=Grouping.NONE) == ["a.f", "a.g", "b.h"]
    assert names("x", found, group=Grouping.FILE) == ["a.f", "b.h"]


def test_a_further_hit_of_a_file_gives_way_to_one_that_is_nearly_as_good() -> None:
    best, second = chunk("a.f", "a.py"), chunk("a.g", "a.py", line=9)
    near, far = chunk("b.h", "b.py"), chunk("c.i", "c.py")
    found = [
        ScoredChunk(repository_id=REPOSITORY, chunk=one, score=1.0, coverage=share)
        for one, share in ((best, 1.0), (second, 0.9), (near, 0.88), (far, 0.0))
    ]
    assert names("x", Found(lexical=found)) == ["a.f", "b.h", "a.g", "c.i"]


def test_all_further_hits_of_a_file_lose_the_same() -> None:
    together = [chunk(f"a.f{number}", "a.py", line=9 * number + 1) for number in range(4)]
    found = [
        ScoredChunk(repository_id=REPOSITORY, chunk=one, score=1.0, coverage=share)
        for one, share in (*zip(together, (1.0, 0.95, 0.9, 0.85), strict=True), (chunk("b.h", "b.py"), 0.0))
    ]
    assert names("x", Found(lexical=found)) == ["a.f0", "a.f1", "a.f2", "a.f3", "b.h"]


def test_likeness_of_words_breaks_a_tie() -> None:
    a, b = chunk("f", "a.py"), chunk("f", "b.py")
    best, *_ = rank("x", Found(lexical=scored(a, b)), limit=2, likeness=Likeness(names=(0.5, 0.5), heads=(0.1, 0.9), texts=(0.5, 0.5)))
    assert best.found.chunk.path == "b.py"


def test_a_qualified_name_that_is_like_the_question_breaks_a_tie() -> None:
    a, b = chunk("f", "a.py"), chunk("f", "b.py")
    best, *_ = rank("x", Found(lexical=scored(a, b)), limit=2, likeness=Likeness(names=(0.1, 0.9), heads=(0.5, 0.5), texts=(0.5, 0.5)))
    assert best.found.chunk.path == "b.py"


def test_what_is_not_on_the_shortlist_stays_behind_it() -> None:
    chunks = [chunk(f"f{number}", f"{number:03}.py") for number in range(90)]
    found = [ScoredChunk(repository_id=REPOSITORY, chunk=one, score=1.0, coverage=1 - number / 100) for number, one in enumerate(chunks)]
    ranked = rank(
        "x", Found(lexical=found), limit=60, likeness=Likeness(names=range(60), heads=range(60), texts=range(60)), group=Grouping.FILE
    )
    assert {one.found.chunk.path for one in ranked} == {one.path for one in chunks[:60]}
    everything = rank("x", Found(lexical=found), limit=90)
    assert [one.score for one in everything] == sorted((one.score for one in everything), reverse=True)


def test_no_more_than_asked_for_are_ranked_and_the_order_is_always_the_same() -> None:
    chunks = [chunk(f"f{number}", f"{number}.py") for number in range(20)]
    found = Found(vector=scored(*chunks), lexical=scored(*reversed(chunks)))
    assert rank("x", found, limit=5) == rank("x", found, limit=5)
    assert len(rank("x", found, limit=5)) == 5


def test_a_chunk_that_holds_more_of_the_question_comes_first() -> None:
    some, most = (
        ScoredChunk(repository_id=REPOSITORY, chunk=chunk(name, f"{name}.py"), score=1.0, coverage=share)
        for name, share in (("a", 0.3), ("b", 0.9))
    )
    assert names("x y z", Found(lexical=[some, most]))[0] == "b"


def test_a_chunk_that_is_used_more_breaks_a_tie() -> None:
    a, b = replace(chunk("f", "a.py"), node_id="1"), replace(chunk("f", "b.py"), node_id="2")
    found = Found(lexical=scored(a, b, chunk("z", "z.py")))
    best, *_ = rank("x", found, limit=3, ties=Ties(uses={"2": 40}, calls=()))
    assert best.found.chunk.path == "b.py"


def test_what_the_best_calls_is_lifted_and_says_so() -> None:
    best, other, callee = (replace(chunk(name, f"{name}.py"), node_id=name) for name in ("best", "other", "callee"))
    found = Found(lexical=scored(best, other, callee))
    ranked = rank("x", found, limit=3, ties=Ties(uses={}, calls=[("best", "callee")]))
    assert [one.found.chunk.node_id for one in ranked] == ["best", "callee", "other"]
    assert ranked[1].why == ("graph", "lexical")


def test_several_good_chunks_of_a_file_lift_each_other() -> None:
    alone, one, two = chunk("f", "a.py"), chunk("g", "b.py"), chunk("h", "b.py", line=9)
    assert names("x", Found(lexical=scored(alone, one, two)))[0] == "g"


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), max_size=40), st.integers(1, 20))
def test_every_chunk_is_ranked_once_and_by_falling_score(drawn: list[tuple[int, float]], limit: int) -> None:
    found = [ScoredChunk(repository_id=REPOSITORY, chunk=chunk("f", f"{number}.py"), score=score) for number, score in drawn]
    ranked = rank("x y", Found(vector=found, lexical=found[::2]), limit=limit)
    assert len(ranked) == min(limit, len({number for number, _ in drawn}))
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_stages_that_found_nothing_rank_nothing() -> None:
    assert rank("x", Found(), limit=5) == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("where is Session.close called?", ("Session.close",)),
        ("read_all", ("read_all",)),
        ("what does src/main.go do", ("src/main.go",)),
        ("Cart::pay()", ("Cart::pay", "Cart.pay")),
        ("how are HTTPServers made", ("HTTPServers",)),
        ("config", ("config",)),
        ("where are errors handled", ()),
    ],
)
def test_names_in_a_question_are_told_from_prose(query: str, expected: tuple[str, ...]) -> None:
    assert query_names(query) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/cart.py", PathClass.PRODUCT),
        ("src/latest/contest.py", PathClass.PRODUCT),
        ("tests/unit/cart.py", PathClass.TEST),
        ("pkg/cart_test.go", PathClass.TEST),
        ("src/CartTest.java", PathClass.TEST),
        ("web/cart.spec.ts", PathClass.TEST),
        ("docs/examples/cart.py", PathClass.EXAMPLE),
        ("src/_vendor/cart.py", PathClass.VENDORED),
        ("web/cart.d.ts", PathClass.DECLARATION),
        ("src/legacy/cart.py", PathClass.LEGACY),
        ("src/old_cart.py", PathClass.LEGACY),
        ("src/golden/household.py", PathClass.PRODUCT),
    ],
)
def test_a_path_tells_what_kind_of_code_it_holds(path: str, expected: PathClass) -> None:
    assert path_class(path) is expected


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("src/proxy.rs", "web::proxy::tests::parse_address", PathClass.TEST),
        ("src/proxy.rs", "web::proxy::tests", PathClass.PRODUCT),
        ("src/proxy.rs", "web::proxy::latest::parse", PathClass.PRODUCT),
        ("src/tests.js", "src/tests.escaped", PathClass.PRODUCT),
        ("examples/proxy.rs", "proxy::tests::parse", PathClass.EXAMPLE),
    ],
)
def test_a_scope_of_tests_beside_the_code_holds_tests(path: str, name: str, expected: PathClass) -> None:
    assert code_class(path, name) is expected


def test_a_snippet_shows_the_lines_that_answer() -> None:
    text = "\n".join([f"filler_{number}" for number in range(40)] + ["close_session()", "return"])
    shown = snippet(chunk("f", text=text, line=100), "close the session")
    assert "close_session()" in shown.text
    assert shown.text.split("\n")[0] == text.split("\n")[shown.start_line - 100]
    assert shown.text.count("\n") == MAX_LINES - 1


def test_a_snippet_of_a_short_chunk_is_all_of_it() -> None:
    assert snippet(chunk("f", text="a\nb"), "nothing of it") == (1, "a\nb")
