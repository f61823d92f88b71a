"""Sources and the facts that are read from them, side by side in `tests/fixtures/facts`; see `facts_text` for writing them anew."""

from __future__ import annotations

import pytest

from aelus.adapters.treesitter.room import names, room
from facts_text import FIXTURES, FactsText, golden_path, parse, sources

CASES = [path.relative_to(FIXTURES).as_posix() for path in sources()]


@pytest.mark.parametrize("case", CASES)
def test_a_source_has_the_facts_beside_it(case: str) -> None:
    source = FIXTURES / case
    assert FactsText(parse(source)).render() == golden_path(source).read_text()


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
        "placeholder",
        "entry_type",
        "mapped",
        "keys_of",
    }
    assert {form.name for form in room(language).forms.values()} <= LOWERINGS.keys() | set(inside)
