"""Sources and the facts that are read from them, side by side in `tests/fixtures/facts`; see `facts_text` for writing them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tree_sitter import Node, Parser

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.room import Room, names, room
from aelus.domain.facts import CALL_REFERENCE
from facts_text import FIXTURES, FactsText, golden_path, parse, sources

CASES = [path.relative_to(FIXTURES).as_posix() for path in sources()]
CALL_FORMS = frozenset({"call", "new", "composite"})
EXCUSE = "not a call"
"""A line that says so in a comment has calls that are no reference, such as `super()`."""


@pytest.mark.parametrize("case", CASES)
def test_a_source_has_the_facts_beside_it(case: str) -> None:
    source = FIXTURES / case
    assert FactsText(parse(source)).render() == golden_path(source).read_text()


@pytest.mark.parametrize("case", CASES)
def test_every_call_of_a_source_is_a_reference_or_excused(case: str) -> None:
    source = FIXTURES / case
    found = {reference.start_byte for reference in parse(source).references if reference.kind == CALL_REFERENCE}
    lines = source.read_text().splitlines()
    missing = [node for node in calls_in(source) if node.start_byte not in found and EXCUSE not in lines[node.start_point[0]]]
    assert not missing


@pytest.mark.parametrize("case", CASES)
def test_fixtures_have_no_syntax_errors(case: str) -> None:
    assert parse(FIXTURES / case).syntax_errors == 0


@pytest.mark.parametrize("language", names())
def test_every_node_kind_that_a_room_names_has_a_form_that_exists(language: str) -> None:
    from aelus.adapters.treesitter.lowerings import LOWERINGS

    inside = {
        "arguments",
        "keyword",
        "pair",
        "shorthand",
        "property",
        "default",
        "type_arguments",
        "slice",
        "statement",
        "variant",
        "record",
        "declarator",
        "function_declarator",
        "block_argument",
        "entry_type",
    }
    assert {form.name for form in room(language).forms.values()} <= LOWERINGS.keys() | set(inside)


def calls_in(source: Path) -> Iterator[Node]:
    language = room(TreesitterParser(jobs=0).language_of(source.name))
    pending = [Parser(language.grammar).parse(source.read_bytes()).root_node]
    while pending:
        node = pending.pop()
        if is_call(node, language):
            yield node
        pending.extend(node.children)


def is_call(node: Node, language: Room) -> bool:
    form = language.forms.get(node.kind_id)
    return form is not None and form.name in CALL_FORMS
