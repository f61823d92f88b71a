from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.query_places import MAX_PLACES, Place, query_places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overflow in helper.c:265-270, see below", Place("helper.c", 265, 270)),
        ('File "/app/shop/prices.py", line 5, in total', Place("/app/shop/prices.py", 5, 5)),
        ("    at pay (/app/lib/cart.js:12:7)", Place("/app/lib/cart.js", 12, 12)),
        ("at shop.Cart.pay(Cart.java:52)", Place("Cart.java", 52, 52)),
        (r"at Shop.Pay() in C:\src\Cart.cs:line 52", Place(r"\src\Cart.cs", 52, 52)),
        ("why https://host/blob/main/a/b.go#L10-L20 fails", Place("//host/blob/main/a/b.go", 10, 20)),
        ("#0 /app/cart.php(12): pay()", Place("/app/cart.php", 12, 12)),
        ("src/cart.ts(12,5): error", Place("src/cart.ts", 12, 12)),
        ("Undefined index in /app/cart.php on line 12", Place("/app/cart.php", 12, 12)),
        ("main.rs:20-10", Place("main.rs", 20, 20)),
    ],
)
def test_a_place_is_read_as_tools_write_it(text: str, expected: Place) -> None:
    assert query_places(text) == (expected,)


@pytest.mark.parametrize(
    "text", ["read the first line", "line 5 of helper.c", "10:30", "1.2:3", "f(2)", "std::fs:12", "helper.c", "math.sqrt(2)"]
)
def test_what_only_looks_like_a_place_is_none(text: str) -> None:
    assert query_places(text) == ()


def test_a_long_trace_gives_its_first_places() -> None:
    assert query_places("\n".join(f"a.py:{line}" for line in range(100))) == tuple(Place("a.py", line, line) for line in range(MAX_PLACES))


def test_the_files_that_share_the_longest_end_are_meant() -> None:
    place = Place("/usr/lib/python3/shop/prices.py", 5, 5)
    assert place.likeliest(["old/prices.py", "src/shop/Prices.py", "prices.pyi", "shop.py"]) == ["src/shop/Prices.py"]
    assert place.likeliest(["shop/cart.py"]) == []


@given(st.text(alphabet='a.:/\\-#L1( ,"', max_size=80))
def test_any_text_has_places_of_one_line_or_more(text: str) -> None:
    assert all(place.file and place.first <= place.last for place in query_places(text))


@pytest.mark.parametrize("text", ["a." * 4000, "a/" * 4000, "a.b:" * 2000, "." * 8000, "a" * 8000, 'a.b" ' * 1600])
def test_no_text_takes_long(text: str) -> None:
    before = time.process_time()
    query_places(text)
    assert time.process_time() - before < 0.5
