"""How names and paths are written in documents. Only the spelling is judged here; what it names is the linker's to find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

MAX_NAME: Final = 300
SENTENCE_WORDS: Final = 3
"""Words of a line that make it a part of a sentence."""
_PART: Final = r"[A-Za-z_]\w*"
_SEPARATOR: Final = r"(?:\.|::|#|\\|:)"
_NAME: Final = re.compile(rf"[~.@&*\\]*(?P<name>{_PART}(?:{_SEPARATOR}{_PART})*)[!?]?(?P<called>\(.*\))?", re.DOTALL)
_SEPARATORS: Final = re.compile(_SEPARATOR)
_PROSE_NAME: Final = re.compile(
    rf"(?<![\w./\\:#@$<-])(?P<name>{_PART}(?:(?:\.|::){_PART})*)(?P<called>\([^()\n]{{0,80}}\))?(?![\w/\\@]|[.:-]\w|\()"
)
_PATH: Final = re.compile(r"(?:\.{1,2}/)*[\w@.+-]+(?:/[\w@.+-]+)+(?:[#:]L?\d+)?")
_PROSE_PATH: Final = re.compile(r"(?<![\w./:@-])(?:\.{1,2}/)*[\w@+-][\w@.+-]*(?:/[\w@.+-]+)*/[\w@+-]+\.\w+(?![\w/])")
_PLACE: Final = re.compile(r"[#?].*|:L?\d+$")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_TITLED: Final = re.compile(r"(?s).*<(?P<target>[^<>]+)>`?_*\Z")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def code_name(text: str) -> str:
    """The name that a piece of code is, with dots between its parts and `()` behind one that is called; empty when it is none."""
    match = _NAME.fullmatch(text.strip()) if len(text) <= MAX_NAME else None
    if match is None:
        return ""
    return _SEPARATORS.sub(".", match["name"]) + ("()" if match["called"] else "")


def prose_names(text: str) -> Iterator[tuple[int, str]]:
    """Names in prose that no word is spelt like: of several parts, or called. With their places."""
    for match in _PROSE_NAME.finditer(text):
        name, called = match["name"].replace("::", "."), match["called"]
        if "." in name or called == "()":
            yield match.start(), f"{name}()" if called else name


def code_path(text: str) -> str:
    """The path that a piece of code is, or an empty text."""
    return link_path(text.strip()) if len(text) <= MAX_NAME and _PATH.fullmatch(text.strip()) else ""


def prose_paths(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match.group()) for match in _PROSE_PATH.finditer(text))


def link_path(target: str) -> str:
    """The path that a link leads to, without the place in the file; empty for an address."""
    target = target.strip().strip("<>")
    return "" if _SCHEME.match(target) else unquote(_PLACE.sub("", target))


def titled_target(text: str) -> str:
    """The target of `title <target>`; empty without one."""
    match = _TITLED.fullmatch(text)
    return match["target"] if match else ""


def is_prose(text: str) -> bool:
    """Whether most lines are sentences or parts of them, not data: several words in half of the lines that are not blank."""
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(len(_WORD.findall(line[:400])) >= SENTENCE_WORDS for line in lines) * 2 >= len(lines)
