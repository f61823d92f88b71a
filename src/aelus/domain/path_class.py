"""What a path says about the code in it: product, test, example, somebody else's, given up, or a declaration without a body."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from typing import Final


class PathClass(StrEnum):
    PRODUCT = "product"
    TEST = "test"
    EXAMPLE = "example"
    VENDORED = "vendored"
    LEGACY = "legacy"
    DECLARATION = "declaration"


_RULES: Final = (
    (PathClass.VENDORED, re.compile(r"(?:^|/)_?(?:vendor(?:ed)?|third[_-]?party|external|extern)/", re.IGNORECASE)),
    (
        PathClass.TEST,
        re.compile(
            r"(?:^|/)(?:(?i:_*tests?_*|specs?|testdata|testing|fixtures|mocks)/|(?i:test_[^/]*|conftest\.\w+)$)"
            r"|(?i:[_.-](?:test|tests|spec)\.\w+$)|[a-z0-9]Tests?\.\w+$"
        ),
    ),
    (PathClass.EXAMPLE, re.compile(r"(?:^|/)(?:examples?|samples?|demos?|docs?|tutorials?|benchmarks?)/", re.IGNORECASE)),
    (PathClass.LEGACY, re.compile(r"(?:^|/)_?(?:legacy|deprecated|obsolete|attic|old)[/_.-]", re.IGNORECASE)),
    (PathClass.DECLARATION, re.compile(r"\.(?:pyi|d\.[mc]?ts)$")),
)
_TEST_SCOPE: Final = re.compile(r"(?:(?<=[.:\\])|^)(tests?)(?=[.:\\])")
_ASKED_FOR: Final = {
    PathClass.TEST: frozenset(("test", "spec", "fixtur", "mock", "assert", "conftest")),
    PathClass.EXAMPLE: frozenset(("exampl", "sampl", "demo", "tutorial", "benchmark", "doc")),
    PathClass.VENDORED: frozenset(("vendor", "vendored", "extern", "external")),
    PathClass.LEGACY: frozenset(("legacy", "deprecat", "obsolet", "old")),
    PathClass.DECLARATION: frozenset(("stub", "declaration", "pyi", "typ")),
}
"""Stems in a query that ask for the class."""


@lru_cache(maxsize=1 << 14)
def path_class(path: str) -> PathClass:
    return next((kind for kind, pattern in _RULES if pattern.search(path)), PathClass.PRODUCT)


@lru_cache(maxsize=1 << 14)
def code_class(path: str, qualified_name: str) -> PathClass:
    """The class of the path; or tests, where a scope within the file is called so, as the modules of tests that Rust keeps beside code."""
    kind = path_class(path)
    # A scope that the path names is the file itself: `tests.js` may well hold the tests that a template language offers.
    if kind is PathClass.PRODUCT and any(part not in path for part in _TEST_SCOPE.findall(qualified_name)):
        return PathClass.TEST
    return kind


def asks_for(terms: Collection[str], kind: PathClass) -> bool:
    """Whether a query with these terms asks for the class by name; all ask for the product."""
    return kind is PathClass.PRODUCT or not _ASKED_FOR[kind].isdisjoint(terms)
