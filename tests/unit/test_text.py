from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.text import decode_source


@pytest.mark.parametrize(
    "source",
    [
        "naïve = 1\n".encode(),
        codecs.BOM_UTF8 + "naïve = 1\n".encode(),
        "naïve = 1\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "naïve = 1\n".encode("utf-16-be"),
        "naïve = 1\n".encode("latin-1"),
    ],
)
def test_source_is_decoded_in_the_encoding_it_is_in(source: bytes) -> None:
    assert decode_source(source) == "naïve = 1\n"


def test_a_coding_line_is_believed_where_the_bytes_are_no_utf_8() -> None:
    text = "#!/bin/x\n# -*- coding: koi8-r -*-\n# привет\n"
    assert decode_source(text.encode("koi8-r")) == text


@pytest.mark.parametrize("name", ["zlib", "utf-7", "rot13", "unicode_escape", "no-such", "idna"])
def test_a_coding_line_cannot_name_a_transformation(name: str) -> None:
    source = f"# coding: {name}\n".encode() + b"\xe9"
    assert decode_source(source) == source.decode("latin-1")


@pytest.mark.parametrize("source", [b"\x7fELF\0\0", b"text\0text", codecs.BOM_UTF16_LE + b"a\0b", codecs.BOM_UTF32_LE + b"a\0\0\0"])
def test_a_binary_file_has_no_text(source: bytes) -> None:
    assert decode_source(source) is None


@given(st.binary(max_size=200))
def test_any_bytes_without_nul_have_a_text(source: bytes) -> None:
    text = decode_source(source)
    assert text is not None or b"\0" in source or source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
