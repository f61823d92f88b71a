from __future__ import annotations

import pytest

from aelus.adapters.treesitter.work import Limits, Refusal, parse_file
from aelus.domain.source import SkipReason

CODE = "def grüße():\n    return 'ä'\n"


def name_of(source: bytes) -> str:
    return parse_file("python", source, Limits()).definitions[0].name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_name_is_read_in_every_encoding(encoding: str) -> None:
    assert name_of(CODE.encode(encoding)) == "grüße"


def test_a_coding_line_is_followed_where_the_bytes_are_not_utf8() -> None:
    assert name_of(b"# -*- coding: koi8-r -*-\n" + "def имя(): pass\n".encode("koi8-r")) == "имя"


def test_offsets_are_those_of_the_file_behind_a_byte_order_mark() -> None:
    source = CODE.encode("utf-8-sig")
    entry = parse_file("python", source, Limits()).definitions[0]
    assert source[entry.start_byte :].startswith(b"def")


def test_carriage_returns_do_not_count_as_lines() -> None:
    facts = parse_file("python", b"x = 1\r\ndef f():\r\n    pass\r\n", Limits())
    assert (facts.lines, facts.definitions[0].start_line, facts.definitions[0].signature) == (3, 2, "def f()")


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file("python", b"x = 1\0", Limits())
    assert refused.value.args[0] == SkipReason.BINARY
