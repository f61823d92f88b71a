"""Under which licence a downloaded package stands, by what it says of itself, and whether its words may be mined."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_PERMISSIVE = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|Zlib|PSF|Python Software Foundation|PostgreSQL|HPND|Unlicense|Boost|BSL-1\.0|0BSD|CC0|public domain|X11|TCL"
    r"|NCSA|FTL)\b",
    re.IGNORECASE,
)
_BINDING = re.compile(
    r"\b[AL]?GPL|GNU (?:Lesser|Library|Affero|General)|\bMPL|Mozilla Public|\bEPL|Eclipse Public|\bCDDL|\bEUPL|\bSSPL|\bBUSL|\bMS-RL",
    re.IGNORECASE,
)
_TEXTS = {
    "Apache-2.0": "apache license",
    "MIT": "permission is hereby granted, free of charge",
    "ISC": "permission to use, copy, modify, and/or distribute this software",
    "BSD": "redistribution and use in source and binary forms",
    "Zlib": "this software is provided 'as-is', without any express or implied",
    "BSL-1.0": "boost software license",
    "Unlicense": "this is free and unencumbered software",
    "PostgreSQL": "permission to use, copy, modify, and distribute this software and its",
    "public domain": "public domain",
}
_COPYLEFT = {
    "AGPL": "gnu affero general public license",
    "LGPL": "gnu lesser general public license",
    "GPL": "gnu general public license",
    "MPL": "mozilla public license",
    "EPL": "eclipse public license",
}
UNKNOWN = "not said"
MOST_TEXTS = 8
_SHALLOW = 5
"""Folders below the package's own in which it is looked for what it says."""


def may_be_mined(licence: str) -> bool:
    """A choice between licences is permissive if one of them is. Who says nothing was looked at before `sources.toml` named it."""
    return licence == UNKNOWN or bool(_PERMISSIVE.search(licence))


def licence_of(package: Path) -> str:
    """As its metadata names it, else by the text of its licence files."""
    files = sorted(_shallow(package, _SHALLOW), key=lambda path: (len(path.parts), str(path)))
    for path in files:
        said = _of_metadata(path)
        if _PERMISSIVE.search(said) or _BINDING.search(said):
            return said
    return _of_texts(files)


def _shallow(folder: Path, depth: int) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif depth and path.is_dir() and not path.is_symlink():
            yield from _shallow(path, depth - 1)


def _of_metadata(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")[:200_000] if path.name in _READERS else ""
    try:
        said = _READERS[path.name](text) if text else ""
    except ValueError:
        return ""
    return " ".join(said.split())[:80]


def _of_npm(text: str) -> str:
    said = json.loads(text).get("license", "")
    return str(said.get("type", "") if isinstance(said, dict) else said)


def _of_cargo(text: str) -> str:
    return str(tomllib.loads(text).get("package", {}).get("license", ""))


def _of_wheel(text: str) -> str:
    head = text.split("\n\n", 1)[0]
    names = re.findall(r"^License-Expression: (.+)$", head, re.MULTILINE) + re.findall(
        r"^Classifier: License ::.*:: (.+)$", head, re.MULTILINE
    )
    return " or ".join(names) or next(iter(re.findall(r"^License: (.{2,60})$", head, re.MULTILINE)), "")


_READERS = {"package.json": _of_npm, "Cargo.toml": _of_cargo, "METADATA": _of_wheel, "PKG-INFO": _of_wheel, "composer.json": _of_npm}
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying|copyright|notice|ftl)\b", re.IGNORECASE)


def _of_texts(files: list[Path]) -> str:
    named = [path for path in files if _LICENCE_FILE.match(path.name)][:MOST_TEXTS]
    text = " ".join(" ".join(path.read_text(encoding="utf-8", errors="replace").lower().split()) for path in named)
    found = [name for kinds in (_TEXTS, _COPYLEFT) for name, words in kinds.items() if words in text]
    return " or ".join(found[:3]) or UNKNOWN
