"""From source bytes to text. Everything that shows or cuts source decodes it here, so that lines are the same everywhere."""

from __future__ import annotations

import codecs
import re
from typing import Final

_CODING: Final = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]{1,40})")
"""Source: PEP 263."""
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_LE: Final = codecs.BOM_UTF32_LE
_TEXT_ENCODINGS: Final = re.compile(
    r"(?:utf[-_]?8|us[-_]?ascii|ascii|latin[-_]?1|iso[-_]?8859[-_]\d{1,2}|(?:windows|cp)[-_]?\d{3,4}|koi8[-_][rut]|euc[-_](?:jp|kr)"
    r"|shift[-_]?jis|s?jis|gb2312|gbk|gb18030|big5|mac[-_]roman)(?:[-_](?:sig|unix|dos|mac))?",
    re.IGNORECASE,
)
"""Encodings that a coding line may name: character sets that agree with ASCII, never a transformation such as `zlib` or `utf-7`."""


def decode_source(source: bytes) -> str | None:
    """Text of a source file, its byte order mark removed; None for a binary file, which is one with NUL bytes.

    In this order: a UTF-16 mark; UTF-8, with or without a mark; the encoding that a PEP 263 coding line among the first two lines names;
    Latin-1, which reads any bytes. A coding line matters only where the bytes are not UTF-8; no language is asked for. Line ends are left
    as they are.
    """
    if source.startswith(_WIDE_MARKS) and not source.startswith(_UTF32_LE):
        return _decode(source, "utf-16")
    if b"\0" in source:
        return None
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(source, _declared_encoding(source)) or source.decode("latin-1")


def _decode(source: bytes, encoding: str) -> str | None:
    try:
        text = source.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if "\0" in text else text


def _declared_encoding(source: bytes) -> str:
    for line in source.split(b"\n", 2)[:2]:
        match = _CODING.match(line)
        if match:
            name = match.group(1).decode("ascii", "replace")
            return _emacs_free(name) if _TEXT_ENCODINGS.fullmatch(name) else "latin-1"
    return "latin-1"


def _emacs_free(name: str) -> str:
    return re.sub(r"[-_](?:unix|dos|mac)$", "", name, flags=re.IGNORECASE)
