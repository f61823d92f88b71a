"""Annotated documents say below a line what it mentions: `^ mentions shop.cart.Cart`, `^ nothing`. The expectation is exact."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.chunking import MAX_BYTES, chunk_file
from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.domain.source import SkipReason
from aelus.ports.parser import ParseOutcome, ParseRequest

FIXTURES = Path(__file__).parent.parent / "fixtures" / "documents"
EXPECTATION = re.compile(r"\^ (?:mentions (?P<names>.+?)|nothing)(?: -->)?$")
PARSER = TreesitterParser(jobs=0)


def parse(path: str, source: bytes) -> ParseOutcome:
    return PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source))


def link_sources(sources: dict[str, str]) -> LinkedGraph:
    manifests = {path: text for path, text in sources.items() if not PARSER.language_of(path)}
    outcomes = [parse(path, text.encode()) for path, text in sources.items() if path not in manifests]
    units = [SourceUnit(outcome.path, outcome.facts, "") for outcome in outcomes if outcome.facts is not None]
    return link(units, traits=PARSER.traits(), manifests=manifests)


@cache
def linked() -> LinkedGraph:
    paths = (path for path in sorted(FIXTURES.rglob("*")) if path.is_file())
    return link_sources({path.relative_to(FIXTURES).as_posix(): path.read_text() for path in paths})


def nodes_of(graph: LinkedGraph) -> dict[str, CodeNode]:
    return {node.id: node for file in graph.files.values() for node in file.nodes}


def mentions(graph: LinkedGraph, path: str) -> list[Edge]:
    return [edge for edge in graph.files[path].edges if edge.kind is EdgeKind.MENTIONS]


def mentioned(graph: LinkedGraph, path: str) -> list[tuple[int, str]]:
    names = nodes_of(graph)
    return sorted((edge.line, names[edge.dst].qualified_name) for edge in mentions(graph, path))


def expectations(path: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    said = 0
    for number, line in enumerate((FIXTURES / path).read_text().splitlines(), 1):
        match = EXPECTATION.search(line)
        if match:
            found[said] = sorted(match["names"].split(", ")) if match["names"] else []
        elif line.strip():
            said = number
    return found


@pytest.mark.parametrize("path", ["README.md", "docs/guide.rst", "NOTES.txt"])
def test_a_document_mentions_what_stands_below_its_lines(path: str) -> None:
    expected = expectations(path)
    found: dict[int, list[str]] = {line: [] for line in expected}
    for line, name in mentioned(linked(), path):
        found.setdefault(line, []).append(name)
    assert {line: found[line] for line in expected} == expected


def test_code_blocks_are_read_in_their_own_language() -> None:
    text = (FIXTURES / "README.md").read_text().splitlines()
    names = nodes_of(linked())
    used = [edge for edge in mentions(linked(), "README.md") if edge.origin is Origin.CODE_BLOCK]
    found = sorted((edge.line, names[edge.dst].qualified_name) for edge in used)
    assert [(text[line - 1].strip(), name) for line, name in found] == [
        ("from shop import Cart as Trolley, prices", "shop.cart.Cart"),
        ("from shop import Cart as Trolley, prices", "shop.prices"),
        ("trolley = Trolley(max_lines=3)", "shop.cart.Cart"),
        ("prices.with_tax(3)", "shop.prices.with_tax"),
        ('import { renderCart } from "shop-web"', "web/index.renderCart"),
        ("renderCart(null)", "web/index.renderCart"),
    ]


def test_sections_follow_the_headings() -> None:
    sections = [node for node in linked().files["README.md"].nodes if node.kind is NodeKind.SECTION]
    assert [node.qualified_name for node in sections] == [
        "README.md#Shop",
        "README.md#Shop#Words",
        "README.md#Shop#Words#Code",
        "README.md#Shop#Last",
    ]
    assert [(sections[1].start_line, sections[1].end_line)] == [(sections[1].start_line, sections[3].start_line - 1)]


def test_titles_are_of_the_level_of_their_underline() -> None:
    sections = [node for node in linked().files["docs/guide.rst"].nodes if node.kind is NodeKind.SECTION]
    assert [node.qualified_name.partition("#")[2] for node in sections] == ["Guide", "Guide#More", "Guide#More#Reference", "Guide#More"]
    assert len({node.id for node in sections}) == 4


def test_documents_hang_in_their_folder_and_hold_their_sections() -> None:
    names = nodes_of(linked())
    edges = [edge for edge in linked().files["docs/guide.rst"].edges if edge.kind is EdgeKind.CONTAINS]
    assert [(names[edge.src].kind, names[edge.dst].name) for edge in edges][:2] == [("Folder", "guide.rst"), ("Document", "Guide")]


def test_a_repository_of_documents_alone_has_a_graph() -> None:
    graph = link_sources({"README.md": "# A\n\nSee [more](more.md).\n", "more.md": "no heading\n"})
    assert mentioned(graph, "README.md") == [(3, "more.md")]


def test_what_is_no_prose_is_no_document() -> None:
    skipped = parse("words.txt", b"apple\npear\n" * 50).skipped
    assert skipped is not None
    assert skipped.reason is SkipReason.DATA
    assert PARSER.language_of("sub/CMakeLists.txt") == ""
    assert PARSER.language_of("README") == PARSER.language_of("notes.txt") != ""


def chunks_of(text: str) -> tuple[Chunk, ...]:
    graph = link_sources({"guide.md": text})
    facts = parse("guide.md", text.encode()).facts
    assert facts is not None
    return chunk_file(path="guide.md", source=text.encode(), facts=facts, nodes=graph.files["guide.md"].nodes)


def test_a_small_document_is_one_chunk() -> None:
    (chunk,) = chunks_of("# Install\n\n* with a tool\n\n## Check\n\nSee that it runs.\n")
    assert (chunk.kind, chunk.qualified_name, chunk.start_line, chunk.end_line) == ("Section", "guide.md#Install", 1, 7)


def test_a_long_document_is_cut_at_its_headings() -> None:
    chunks = chunks_of("# Guide\n\n" + "".join(f"## Part {number}\n\n{'some words of it. ' * 40}\n\n" for number in range(4)))
    assert [chunk.qualified_name.rpartition("#")[2] for chunk in chunks] == [f"Part {number}" for number in range(4)]
    assert chunks[0].text.startswith("# Guide\n\n## Part 0\n")


LINES = st.sampled_from(
    [
        "# A",
        "## B `x.y()`",
        "text",
        "====",
        "----",
        "",
        "```",
        "    code",
        "* item",
        "> quote `z`",
        "| a | b |",
        "[x](y.md)",
        "é" * 900,
        "<b>",
        "`",
    ]
)


@given(lines=st.lists(LINES, max_size=40))
def test_any_text_is_a_document_whose_chunks_cover_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    chunks = chunks_of(text)
    shown = {number for chunk in chunks for number in range(chunk.start_line, chunk.end_line + 1)}
    assert all(len(chunk.text.encode()) <= MAX_BYTES for chunk in chunks)
    assert shown >= {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}
