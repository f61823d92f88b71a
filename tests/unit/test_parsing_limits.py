"""Sources that are made to hurt: each is read, or refused with the reason, and costs little stack."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.work import Limits, Refusal, parse_file, plain_outcome
from aelus.domain.facts import CALL, CALL_REFERENCE, FileFacts
from aelus.domain.source import SkipReason

TESTS = b"(x instanceof Q || " * 3_000
NESTED = {
    "tests": b"function f(x) { if (" + TESTS + b"x" + b")" * 3_000 + b") { x.m(); } }",
    "assignments": b"".join(b"let a%d; a%d = 1;" % (number, number) for number in range(3_000))
    + b"".join(b"a%d = (" % number for number in range(3_000))
    + b"1"
    + b")" * 3_000,
}
COMMENTED = {
    "kotlin": b"fun f(): Int { return %s y() }\nval x = if (a) { %s y() } else z" % (2 * (b"/* c */ " * 8_000,)),
    "java": b"class A { int f() { return %s y(); } }" % (b"/* c */ " * 8_000),
}
FIXTURES = Path(__file__).parent.parent / "fixtures"
SHAPES = {
    "calls in calls": b"f(" * 3_000 + b"x" + b")" * 3_000,
    "a chain of calls": b"x = a" + b".f()" * 3_000,
    "parentheses": b"x = " + b"(" * 3_000 + b"1" + b")" * 3_000,
    "lists in lists": b"x = " + b"[" * 3_000 + b"]" * 3_000,
    "a long sum": b"x = " + b"a + " * 20_000 + b"a",
    "patterns": b"(" * 2_000 + b"a" + b",)" * 2_000 + b" = 1",
    "lambdas": b"lambda: " * 2_000 + b"1",
    "types in types": b"def f(a: " + b"L[" * 2_000 + b"int" + b"]" * 2_000 + b"): pass",
    "functions in functions": b"".join(b" " * depth + b"def f():\n" for depth in range(400)) + b" " * 400 + b"pass",
    "decorators": b"@a\n" * 5_000 + b"def f(): pass",
    "a long literal": b"x = [" + b"1," * 100_000 + b"]",
    "a long string": b'x = "' + b"a" * 1_000_000 + b'"',
    "nothing": b"",
    "noise": bytes(range(1, 256)) * 100,
}


def facts_of(source: bytes) -> FileFacts:
    return parse_file("python", source, Limits(file_time_s=60))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hostile_shape_is_read(shape: str) -> None:
    assert facts_of(SHAPES[shape]).language == "python"


@pytest.mark.parametrize("shape", ["calls in calls", "a chain of calls"])
def test_no_call_is_lost_in_nesting(shape: str) -> None:
    facts = facts_of(SHAPES[shape])
    assert sum(reference.kind == CALL_REFERENCE for reference in facts.references) == 3_000


@pytest.mark.parametrize("what", NESTED)
def test_what_is_nested_very_deep_is_read_in_time(what: str) -> None:
    began = time.process_time()
    parse_file("javascript", NESTED[what], Limits(file_time_s=60))
    assert time.process_time() - began < 4


@pytest.mark.parametrize("language", COMMENTED)
def test_comments_in_front_of_a_value_are_passed_over_in_time(language: str) -> None:
    began = time.process_time()
    facts = parse_file(language, COMMENTED[language], Limits(file_time_s=60))
    assert time.process_time() - began < 1.5
    assert any(facts.expressions[source].form == CALL for _, source in facts.flows)


def test_a_long_list_keeps_a_bounded_number_of_elements() -> None:
    facts = facts_of(b"x = [" + b",".join(b"f%d" % number for number in range(5_000)) + b"]")
    assert max(len(expression.parts) for expression in facts.expressions) == 512


def test_a_large_file_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file("python", b"x = 1\n" * 1_000, Limits(file_bytes=5_999))
    assert refused.value.args[0] == SkipReason.TOO_LARGE


def test_a_file_that_takes_long_to_parse_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file("python", b"x=(" * 400_000, Limits(file_time_s=0.05))
    assert refused.value.args[0] == SkipReason.TIMEOUT


def test_a_file_that_takes_long_to_read_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file("python", b"f(1)\n" * 200_000, Limits(file_time_s=0.3))
    assert refused.value.args[0] == SkipReason.TIMEOUT


def test_an_expression_that_is_nested_too_deep_for_the_grammar_is_refused_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        facts_of(b"x = a()" + b" + a()" * 170_000)
    reason, detail = refused.value.args
    assert (reason, "60,000 levels" in detail) == (SkipReason.PARSER_FAILED, True)


def test_calls_that_are_nested_ten_thousand_deep_are_all_read() -> None:
    facts = facts_of(b"f(" * 10_000 + b"x" + b")" * 10_000)
    assert sum(reference.kind == CALL_REFERENCE for reference in facts.references) == 10_000


@pytest.mark.parametrize("folder", [*sorted(path.name for path in (FIXTURES / "linking").iterdir()), "../documents"])
def test_what_a_file_is_read_with_goes_with_it(folder: str) -> None:
    parser = TreesitterParser(jobs=0)
    files = [path for path in (FIXTURES / "linking" / folder).rglob("*.*") if path.is_file() and parser.language_of(path.name)]
    sources = [(parser.language_of(path.name), path.read_bytes()) for path in files]
    for language, source in sources:  # what a language keeps for good is made by now
        plain_outcome(language, source, Limits())
    gc.collect()
    gc.disable()
    try:
        for language, source in sources:
            plain_outcome(language, source, Limits())
        left = gc.collect()
    finally:
        gc.enable()
    assert sources
    assert not left, "objects of the extraction keep each other in circles, where their memory stays until the collector looks"
