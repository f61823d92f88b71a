"""No call is overlooked: every node of a fixture that the grammar names a call is a call of the facts, or excused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tree_sitter import Node, Parser

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.room import room
from aelus.adapters.treesitter.work import readable
from aelus.domain.facts import CALL_REFERENCE
from aelus.ports.parser import ParseRequest

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDERS = ("facts", "linking")
CALLS = re.compile(r"(^|_)(call|invocation|creation|constructor_call)(_expression)?$|^new_expression$")
"""Names that grammars give to the nodes of calls and constructions."""
NO_CALLS = {
    "preproc_call": "a directive of the preprocessor",
    "array_creation_expression": "an array is no instance of a class",
    "implicit_array_creation_expression": "the same",
    "anonymous_object_creation_expression": "an object of no class that is written",
}
"""Kinds that are named like calls, and what they are."""
WORDS = {
    "require": "an import",
    "import": "an import",
    "super": "the receiver itself",
    "dofile": "an import",
    "cfg_if": "a choice among items",
    "static_cast": "a cast",
    "dynamic_cast": "a cast",
    "const_cast": "a cast",
    "reinterpret_cast": "a cast",
    "nameof": "a text",
    "unique_ptr": "a wrapper of what it is given",
    "MD_ENTRY": "a macro in whose place stands what it makes",
}
"""Callees that are words of the language, and what a call of them is."""
GAPS = {
    "implicit_object_creation_expression": "the type that it makes stands elsewhere",
    "constructor_invocation": "the constructor of the base class, in the head of a class",
}
"""What the rooms do not read yet."""
TAKEN = re.compile(rb"\(\.\.\.\)$")
"""End of what looks like a call and takes the function as a value."""
MISREAD = re.compile(rb"\w+ \(\w+::\*\w+\)(\(\))?$|[\w.]+(\([^)]*\))? \{\s+override ")
"""What a grammar takes for a call: a declared pointer to a member, a class body behind what the class delegates to."""
STORED = ("assignment", "operator_assignment")
"""Kinds of nodes whose left side calls a setter, which is found by the store."""
CALLEE = re.compile(rb"(?:std::)?(\w+)(<.*>)?")
PARSER = TreesitterParser(jobs=0)
CASES = sorted(path for folder in FOLDERS for path in (FIXTURES / folder).rglob("*.*") if path.is_file() and PARSER.language_of(path.name))


def call_nodes(root: Node) -> Iterator[Node]:
    """The inner ones before those around them."""
    waiting, found = [root], []
    while waiting:
        node = waiting.pop()
        if node.is_named and CALLS.search(node.type) and not is_excused(node):
            found.append(node)
        waiting.extend(node.children)
    return reversed(found)


def is_excused(node: Node) -> bool:
    word = next((CALLEE.fullmatch(callee.text or b"") for callee in node.children[:1]), None)
    if TAKEN.search(node.text or b"") or MISREAD.match(node.text or b""):
        return True
    if node.parent is not None and node.parent.type in STORED and node.parent.child_by_field_name("left") == node:
        return True
    return node.type in NO_CALLS | GAPS or (word is not None and word.group(1).decode() in WORDS)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_every_call_of_the_grammar_is_a_call_of_the_facts(path: Path) -> None:
    source, language = path.read_bytes(), PARSER.language_of(path.name)
    facts = PARSER.parse_one(ParseRequest(path=path.name, language=language, source=source)).facts
    assert facts is not None
    captured = sorted(reference.start_byte for reference in facts.references if reference.kind == CALL_REFERENCE)
    overlooked = []
    read, places = readable(facts.language, source)
    for node in call_nodes(Parser(room(facts.language).grammar).parse(read if places is None else source).root_node):
        inside = [byte for byte in captured if node.start_byte <= byte < node.end_byte]
        if inside:
            captured.remove(inside[-1])
        else:
            overlooked.append(f"{node.start_point.row + 1}: {node.type} {source[node.start_byte : node.end_byte][:60]!r}")
    assert not overlooked
