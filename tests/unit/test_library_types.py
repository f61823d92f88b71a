"""What is known of the types of a standard library."""

from __future__ import annotations

import sys

import pytest

from aelus.domain.linking.library_types import LibraryTypes

TEXT = """\
lib.Object: lib.String toString
lib.Runnable: () 0 run
lib.Thread: < lib.Task lib.Runnable; lib.String name; lib.Thread? with
lib.Task: < lib.Thread; int size
*: < lib.Object
"""


@pytest.fixture
def types() -> LibraryTypes:
    return LibraryTypes(TEXT)


def test_a_method_returns_what_its_line_says(types: LibraryTypes) -> None:
    assert types.result("lib.Thread.name") == "lib.String"
    assert types.result("lib.Thread.with") == "lib.Thread"
    assert types.result("lib.Thread.nothing") == ""
    assert types.result("own.Thread.name") == ""


def test_methods_of_bases_are_the_types_own(types: LibraryTypes) -> None:
    assert types.result("lib.Thread.size") == "int"
    assert types.result("lib.Thread.toString") == "lib.String"


def test_bases_in_a_circle_end(types: LibraryTypes) -> None:
    assert types.ancestors("lib.Thread") == {"lib.Thread": 0, "lib.Task": 1, "lib.Runnable": 1, "lib.Object": 2}


def test_only_a_type_that_is_known_lacks_a_method(types: LibraryTypes) -> None:
    assert types.lacks("lib.Thread.fly")
    assert not types.lacks("lib.Thread.size")
    assert not types.lacks("own.Thread.fly")


def test_the_only_method_to_be_implemented_is_named(types: LibraryTypes) -> None:
    runnable = types.get("lib.Runnable")
    assert runnable is not None
    assert (runnable.parameters, runnable.asked) == (0, "run")


def test_names_of_repositories_do_not_add_up(types: LibraryTypes) -> None:
    types.result("own.Thing.method")
    before = [sys.getsizeof(kept) for kept in vars(types).values()]
    for number in range(1000):
        types.result(f"own.Thing{number}.method")
        types.lacks(f"own.Thing{number}.method")
    assert [sys.getsizeof(kept) for kept in vars(types).values()] == before
