"""Path patterns: what they mean, and that nothing makes them run away."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aelus.domain.path_pattern import path_expression, path_matcher

FITS = {
    "src/**/*.py": (["src/a.py", "src/x/y/a.py"], ["src/a.pyc", "lib/src/a.py"]),
    "**/test_*/**": (["test_a/b", "x/test_a/b/c"], ["x/test_a", "xtest_a/b"]),
    "*.c": (["a.c", ".c"], ["x/a.c", "a.cc", "axc"]),
    "a?c/": (["abc/"], ["a/c/", "abc/x"]),
    "a**/b": (["a/b", "ax/y/b"], ["ab"]),
    "src/": (["src/a", "x/src/a"], ["source"]),
}


@pytest.mark.parametrize("pattern", FITS)
def test_a_glob_means_what_it_says(pattern: str) -> None:
    fitting, others = FITS[pattern]
    assert [path for path in fitting + others if path_matcher(pattern).search(path)] == fitting


@given(st.text("ab/*?.", min_size=1, max_size=12), st.text("ab/.", max_size=9))
@example("**/a*/**/*b?/**a", "a/ab/bb/ba")
def test_the_matcher_agrees_with_the_expression(pattern: str, path: str) -> None:
    plain = re.search(path_expression(pattern), path, re.DOTALL) is not None
    assert (path_matcher(pattern).search(path) is not None) is plain


@pytest.mark.parametrize("pattern", ["**/" * 160 + "x", "**/a" * 120 + "/x", "*a" * 240 + "*b", "**a*" * 120 + "/b", "a*" * 12 + "Z"])
def test_no_pattern_takes_long(pattern: str) -> None:
    began = time.process_time()
    for path in ("a/" * 512, "a" * 1024, "src/" + "ab/" * 300 + "a.py"):
        path_matcher(pattern).search(path)
    assert time.process_time() - began < 5
