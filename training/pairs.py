"""Comments and the functions under them: questions with known answers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources import Source

MIN_WORDS = 4
MAX_QUERY = 300
MAX_BODY = 4_000
MIN_BODY = 60

_MARKS = re.compile(r"^\s*(/\*\*?|\*/|\*|///?!?|---*|#)[ \t]?|\*/\s*$", re.MULTILINE)
_TAGS = re.compile(r"<[^>\n]{1,80}>|\{@\w+\s*([^}]*)\}")
_END = re.compile(
    r"\n\s*\n|^\s*(@|\\)\w+|:param|Args:|Parameters\n|Returns:|# (?:Examples|Arguments|Errors|Panics|Safety)|```", re.MULTILINE
)
_COMMENTED = re.compile(
    r"^(?P<comment>[ \t]*/\*\*?(?:(?!\*/)[\s\S]){10,1500}?\*/[ \t]*\n|(?:[ \t]*//[^\n]*\n)+|(?:[ \t]*--[^\n]*\n)+)"
    r"(?:[ \t]*(?:@|#\[|\[)[^\n]*\n){0,4}"
    r"(?P<head>[ \t]*(?:[A-Za-z_*&][^\n;{}=]{0,200}?(?<!\w))?(?P<name>[A-Za-z_]\w*)[ \t]*(?:<[^\n()]{0,60}>)?"
    r"\((?:[^;{}]{0,400})?)(?P<open>[{\n])",
    re.MULTILINE,
)
_NOISE = re.compile(r"copyright|licen[sc]e|eslint|istanbul|prettier|inheritdoc|noqa|todo", re.IGNORECASE)
_NOT_NAMES = {"if", "for", "while", "switch", "return", "catch", "func", "fn", "function", "new", "throw", "else", "sizeof", "defined"}
_STATEMENTS = _NOT_NAMES - {"func", "fn", "function", "new"}


@dataclass(frozen=True, slots=True)
class Pair:
    query: str
    name: str
    path: str
    body: str
    language: str
    package: str


def clean(comment: str) -> str:
    """The first paragraph of a documentation comment, without marks and tags."""
    plain = _TAGS.sub(r" \1 ", _MARKS.sub("", comment)).strip()
    return " ".join(_END.split(plain, maxsplit=1)[0].split())[:MAX_QUERY]


def is_question(query: str, body: str) -> bool:
    words = re.findall(r"[A-Za-z]{2,}", query)
    return len(words) >= MIN_WORDS and len(body) >= MIN_BODY and not _NOISE.search(query) and query.isascii()


def _python_pairs(source: Source) -> Iterator[Pair]:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return
    lines = source.text.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(node.body) > 1 and ast.get_docstring(node):
            head = lines[node.lineno - 1 : node.body[0].lineno - 1]
            rest = lines[node.body[0].end_lineno or 0 : node.end_lineno]
            query = clean(ast.get_docstring(node) or "")
            yield Pair(query, node.name, source.path, "".join(head + rest)[:MAX_BODY], source.language, source.package)


def _braced(text: str, start: int) -> str:
    """From the first brace after `start` to the one that closes it."""
    depth = 0
    for at in re.finditer(r"[{}]", text[start : start + MAX_BODY * 2]):
        depth += 1 if at.group() == "{" else -1
        if depth <= 0:
            return text[start : start + at.end()] if at.group() == "}" else ""
    return text[start : start + MAX_BODY] if depth else ""


def _lua_body(text: str, start: int) -> str:
    found = re.compile(r"^end\b", re.MULTILINE).search(text, start)
    return text[start : found.end()] if found else ""


def _commented_pairs(source: Source) -> Iterator[Pair]:
    for match in _COMMENTED.finditer(source.text):
        name, begin = match["name"], match.start("head")
        if name in _NOT_NAMES or match["head"].split()[0] in _STATEMENTS:
            continue
        body = _lua_body(source.text, begin) if source.language == "lua" else _braced(source.text, begin)
        yield Pair(clean(match["comment"]), name, source.path, body[:MAX_BODY], source.language, source.package)


def pairs_of(source: Source) -> Iterator[Pair]:
    found = _python_pairs(source) if source.language == "python" else _commented_pairs(source)
    return (pair for pair in found if is_question(pair.query, pair.body))


def hide_name(pair: Pair) -> Pair:
    """The pair without the function's name and path: what is left to match is what the body does."""
    body = re.sub(rf"\b{re.escape(pair.name)}\b", "f", pair.body)
    return Pair(pair.query, "f", "", body, pair.language, pair.package)


def passage(pair: Pair) -> str:
    """As the index embeds a chunk: where it stands, what it is, what it says."""
    return f"{pair.path}\n{pair.name}\n{pair.body}"
