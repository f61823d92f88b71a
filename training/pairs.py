"""Questions with known answers.

Comments and the functions under them, comments and the lines after them, names and bodies, descriptions of classes and what they offer.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from aelus.adapters.offline.splitting import parts
from sources import Source

MIN_WORDS = 4
MAX_QUERY = 300
MAX_BODY = 4_000
MAX_REST = 800
MAX_TYPE = 8_000
"""Characters after the head of a type in which functions are taken to be its own, and `MAX_FIRST` that are taken as they are."""
MAX_FIRST = 400
MIN_BODY = 60
MAX_LINES = 12
"""Lines after a comment that it is taken to be about."""
MIN_NAME_PARTS = 2
LEAST_LINES = 3
MOST_NAMESAKES = 2

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
_TESTS = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|testing|unittests?)(?:[/_.-]|$)|Tests?\.\w+$", re.IGNORECASE)
_NOISE = re.compile(r"copyright|licen[sc]e|eslint|istanbul|prettier|inheritdoc|noqa|todo", re.IGNORECASE)
_NOT_NAMES = {"if", "for", "while", "switch", "return", "catch", "func", "fn", "function", "new", "throw", "else", "sizeof", "defined"}
_STATEMENTS = (_NOT_NAMES | {"raise", "await", "yield", "assert", "with", "elif", "case", "del", "goto"}) - {
    "func",
    "fn",
    "function",
    "new",
}


Kind = Literal["comment", "lines", "name", "type"]


@dataclass(frozen=True, slots=True)
class Pair:
    query: str
    name: str
    path: str
    body: str
    language: str
    package: str
    kind: Kind = "comment"
    """`comment` of a function, comment within `lines`, `name` of a function, description of a `type`."""

    @property
    def shows_name(self) -> bool:
        """Whether the passage may show the name; not where the name is the question."""
        return self.kind != "name"


def plain(comment: str) -> str:
    """A documentation comment without marks and tags."""
    return _TAGS.sub(r" \1 ", _MARKS.sub("", comment)).strip()


def clean(comment: str) -> str:
    """The first paragraph of a documentation comment."""
    return " ".join(_END.split(plain(comment), maxsplit=1)[0].split())[:MAX_QUERY]


def rest_of(comment: str) -> str:
    """What the comment says after its first paragraph; of half of the comments, since not every function has more than that.

    A passage of the index has its comments, and a question is about what they say; the first paragraph itself would make it too easy.
    """
    end = _END.search(text := plain(comment))
    return text[end.start() :][:MAX_REST] + "\n" if end and zlib.crc32(text.encode()) % 2 else ""


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
            head = "".join(lines[node.lineno - 1 : node.body[0].lineno - 1])
            rest = "".join(lines[node.body[0].end_lineno or 0 : node.end_lineno])
            comment = ast.get_docstring(node) or ""
            yield Pair(clean(comment), node.name, source.path, (head + rest_of(comment) + rest)[:MAX_BODY], source.language, source.package)
        elif isinstance(node, ast.ClassDef | ast.Module) and ast.get_docstring(node):
            yield _python_type(source, node, lines)


def _python_type(source: Source, node: ast.ClassDef | ast.Module, lines: list[str]) -> Pair:
    """What a class or module is for, and the heads of what is in it."""
    comment = ast.get_docstring(node) or ""
    heads = [lines[one.lineno - 1].rstrip() for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    own = lines[node.lineno - 1] if isinstance(node, ast.ClassDef) else ""
    name = node.name if isinstance(node, ast.ClassDef) else ""
    return Pair(
        clean(comment), name, source.path, (own + rest_of(comment) + "\n".join(heads))[:MAX_BODY], source.language, source.package, "type"
    )


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
        if body:
            body = rest_of(match["comment"]) + body
        yield Pair(clean(match["comment"]), name, source.path, body[:MAX_BODY], source.language, source.package)


_TYPE = re.compile(
    r"^(?P<comment>[ \t]*/\*\*?(?:(?!\*/)[\s\S]){10,1500}?\*/[ \t]*\n|(?:[ \t]*//[^\n]*\n)+)"
    r"(?:[ \t]*(?:@|#\[|\[)[^\n]*\n){0,4}"
    r"(?P<head>[ \t]*(?:(?:\w+|pub\(\w+\))[ ]+){0,5}?(?:class|interface|struct|enum|trait|namespace|type|record|impl)[ ]+"
    r"(?P<name>[A-Za-z_]\w*)[^\n;(]{0,160}\{?\n)",
    re.MULTILINE,
)


def _type_pairs(source: Source) -> Iterator[Pair]:
    """Descriptions of types, and the heads of the functions and the first lines in them."""
    for match in _TYPE.finditer(source.text):
        inside = source.text[match.end("head") : match.end("head") + MAX_TYPE]
        heads = [found["head"] for found in _FUNCTION.finditer(inside) if found["head"].split()[0] not in _STATEMENTS]
        body = match["head"] + rest_of(match["comment"]) + inside[:MAX_FIRST] + "\n".join(heads)
        yield Pair(clean(match["comment"]), match["name"], source.path, body[:MAX_BODY], source.language, source.package, "type")


_LINE_COMMENT = re.compile(
    r"^(?P<comment>(?P<blank>[ \t]+)(?://|#|--)[ ]+[A-Za-z][^\n]{11,160}\n(?:(?P=blank)(?://|#|--)[ ]+[^\n]{3,160}\n){0,3})"
    rf"(?P<body>(?:(?P=blank)[ \t]*[^\s/#-][^\n]*\n){{2,{MAX_LINES}}})",
    re.MULTILINE,
)
_CODE = re.compile(r"[;{}=<>|]|\w\(|^\s*(?:if|for|return|else|var|let|const|end)\b")


def _line_pairs(source: Source) -> Iterator[Pair]:
    """Comments within code, and the lines after them up to a blank one."""
    for match in _LINE_COMMENT.finditer(source.text):
        query = clean(match["comment"])
        if not _CODE.search(query):
            yield Pair(query, "", source.path, match["body"][:MAX_BODY], source.language, source.package, "lines")


_FUNCTION = re.compile(
    r"^(?P<head>[ \t]*(?:[A-Za-z_&][^\n;{}=(]{0,120}?(?<!\w))?(?P<name>[A-Za-z_]\w{5,50})[ \t]*\([^;{}\n]{0,200})(?P<open>[{:)]\n)",
    re.MULTILINE,
)


def _named_pairs(source: Source) -> Iterator[Pair]:
    """The words of a function's name, and its body without the name; a name is asked for twice at most."""
    asked: Counter[str] = Counter()
    for match in _FUNCTION.finditer(source.text):
        name, words = match["name"], parts(match["name"])
        if len(words) < MIN_NAME_PARTS or match["head"].split()[0] in _STATEMENTS or name.lower().startswith("test"):
            continue
        body = _body_at(source, match)
        asked[name] += 1
        if body.count("\n") >= LEAST_LINES and asked[name] <= MOST_NAMESAKES:
            yield Pair(" ".join(words), name, source.path, body[:MAX_BODY], source.language, source.package, "name")


def _body_at(source: Source, match: re.Match[str]) -> str:
    """The function that begins here; nothing where it is only called."""
    start, head = match.start("head"), match["head"].split()
    if source.language == "python":
        return _indented(source.text, start) if "def" in head else ""
    if source.language == "lua":
        return _lua_body(source.text, start) if "function" in head else ""
    opened = source.text[match.end("head") : match.end("head") + 80].lstrip(") \t\n").startswith("{") or match["open"] == "{\n"
    return _braced(source.text, start) if opened else ""


def _indented(text: str, start: int) -> str:
    """The line and all lines after it that are further in."""
    blank = re.compile(r"[ \t]*").match(text, start)
    indentation = len(blank.group()) if blank else 0
    found = re.compile(rf"\n(?![ \t]{{{indentation + 1}}}|[ \t]*\n)").search(text, text.find(":\n", start))
    return text[start : found.start()] if found else text[start : start + MAX_BODY]


def pairs_of(source: Source) -> Iterator[Pair]:
    documented = _python_pairs(source) if source.language == "python" else chain(_commented_pairs(source), _type_pairs(source))
    described = (pair for pair in chain(documented, _line_pairs(source)) if is_question(pair.query, pair.body))
    if _TESTS.search(source.path):  # names of tests are sentences about the test, and their bodies are much alike
        return described
    return chain(described, (pair for pair in _named_pairs(source) if len(pair.body) >= MIN_BODY))


def hide_name(pair: Pair) -> Pair:
    """The pair without the function's name and path: what is left to match is what the body does."""
    body = re.sub(rf"\b{re.escape(pair.name)}\b", "f", pair.body) if pair.name else pair.body
    return Pair(pair.query, "f", "", body, pair.language, pair.package, pair.kind)


def passage(pair: Pair) -> str:
    """As the index embeds a chunk: where it stands, what it is, what it says."""
    return f"{pair.path}\n{pair.name}\n{pair.body}"
