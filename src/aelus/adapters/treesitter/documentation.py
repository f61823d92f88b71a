"""What a definition says of itself: its signature and its documentation."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft

SIGNATURE_LIMIT: Final = 400
HEAD_NODES: Final = 600
HEAD_DEPTH: Final = 8
"""Levels between a name and what holds the whole head."""
BROKEN: Final = re.compile(r"(?<=[(\[]) |,? (?=[)\]])")
"""What breaking lines leaves behind and before brackets."""
COMMENT: Final = re.compile(rb"//|/\*|#|--")
"""What may begin a comment in a head."""
DOCSTRING_LIMIT: Final = 2_000
COMMENT_LIMIT: Final = 8_000
"""Bytes of a comment before a definition that are looked at."""
TAGS: Final = re.compile(r"@(?:param|returns?|type|this|template)\b")
"""What a comment says of the definition behind it, be there blank lines between, where comments say types."""
ALONE: Final = re.compile(r"@(?:typedef|callback|overload|file|fileoverview|module|namespace)\b")
"""What a comment says of no definition behind it."""
MARKERS: Final = re.compile(r"^\s*(?:/\*+!?|\*+/|\*|//[/!]?|--+|#+!?|;+)?[ \t]?|\s*\*+/\s*$", re.MULTILINE)


def signature(source: bytes, draft: DefinitionDraft) -> str:
    """The definition's head on one line, without decorators, comments and body; the name behind one that is only a word, as `enum`."""
    if draft.said:
        return draft.said[:SIGNATURE_LIMIT]
    end = draft.body_node.start_byte if draft.body_node is not None else draft.end
    head = source[draft.head_start : max(draft.head_start, min(end, draft.head_start + 4 * SIGNATURE_LIMIT))]
    if COMMENT.search(head):
        head = _without_comments(head, draft)
    text = " ".join(head.decode("utf-8", "replace").split())
    if b"\n" in head:
        text = BROKEN.sub("", text)
    text = text.rstrip(" ;" if draft.body_node is None else " :{=>")[:SIGNATURE_LIMIT]
    return f"{text} {draft.name}" if text.isalpha() and text != draft.name and draft.name.isidentifier() else text


def _without_comments(head: bytes, draft: DefinitionDraft) -> bytes:
    """What comments say in between is none of the head."""
    start, kept, last = draft.head_start, bytearray(), 0
    for first, behind in _comments(draft, start + len(head)):
        kept += head[last : max(first - start, last)] + b" "
        last = max(behind - start, last)
    return bytes(kept + head[last:])


def _comments(draft: DefinitionDraft, end: int) -> list[tuple[int, int]]:
    """Where comments stand between the beginning of a definition's head and `end`, in order; of the first `HEAD_NODES` nodes."""
    names = draft.captures.get("name", []) or draft.captures.get("bound", [])
    around = names[0] if names else None
    for _ in range(HEAD_DEPTH):
        if around is None or around.parent is None or (around.start_byte <= draft.head_start and around.end_byte >= end):
            break
        around = around.parent
    waiting, found = [around] if around is not None else [], list[tuple[int, int]]()
    for _ in range(HEAD_NODES):
        if not waiting:
            break
        node = waiting.pop()
        if node.end_byte <= draft.head_start or node.start_byte >= end:
            continue
        if node.type.endswith("comment"):
            found.append((node.start_byte, node.end_byte))
        else:
            waiting += reversed(node.children)
    return found


def documentation(file: FileDraft, draft: DefinitionDraft) -> str:
    """The documentation of a definition: the first string of its body, or the comment before it."""
    if draft.comment is not None:
        return draft.comment[:DOCSTRING_LIMIT]
    if file.rules.docstring == "first_string":
        return first_string(draft.body_node, file.source) if draft.body_node is not None else ""
    return comment_before(file, draft.span_start) if file.rules.docstring == "comment" else ""


def first_string(body: Node, source: bytes) -> str:
    """The string that a body begins with."""
    for position in range(min(body.named_child_count, 3)):
        child = body.named_child(position)
        if child.type != "comment":
            inner = child.named_child(0) if child.type == "expression_statement" and child.named_child_count else child
            return _content(inner, source) if inner.type == "string" else ""
    return ""


def _content(string: Node, source: bytes) -> str:
    content = [part for part in string.named_children if part.type == "string_content"]
    text = source[content[0].start_byte : content[-1].end_byte] if content else b""
    return cleandoc(text.decode("utf-8", "replace"))[:DOCSTRING_LIMIT]


def ends_with_comment(file: FileDraft, byte: int) -> bool:
    """Whether the line before the one of `byte` may end a comment; quick, for the many places that have none."""
    end = file.line_start(byte)
    line = file.source[max(file.source.rfind(b"\n", 0, max(end - 1, 0)), 0) : end].strip()
    return line.endswith(b"*/") or line.startswith(tuple(mark.encode() for mark in file.rules.docstring_marks))


def comment_before(file: FileDraft, byte: int) -> str:
    """The comment that ends on the line before the one of `byte`, or before it on its line; one that says types may end further up."""
    end = file.line_start(byte)
    same = file.source[end:byte].rstrip()
    if same.endswith(b"*/"):
        comment = same[max(same.rfind(b"/*"), 0) :].decode("utf-8", "replace")
        return cleandoc(MARKERS.sub("", comment)).strip() if comment.startswith(file.rules.docstring_marks) else ""
    before = file.source[max(end - COMMENT_LIMIT, 0) : end]
    text = before.rstrip(b" \t\r\n")
    apart = before[len(text) :].count(b"\n") != 1
    if apart and not (file.rules.doc_types and text.endswith(b"*/")):
        return ""
    start = _block_start(text) if text.endswith(b"*/") else _line_comments_start(text, file.rules.docstring_marks)
    comment = text[start:].lstrip().decode("utf-8", "replace")
    if not comment.startswith(file.rules.docstring_marks) or (apart and (not TAGS.search(comment) or ALONE.search(comment))):
        return ""
    return cleandoc(MARKERS.sub("", comment)).strip()[:DOCSTRING_LIMIT]


def _block_start(text: bytes) -> int:
    start = text.rfind(b"/*")
    line = text.rfind(b"\n", 0, start) + 1
    return start if start >= 0 and not text[line:start].strip() else len(text)


def _line_comments_start(text: bytes, marks: tuple[str, ...]) -> int:
    """Where the lines begin that are comments, up to the end of the text."""
    prefixes = tuple(mark.encode() for mark in marks if not mark.startswith("/*"))
    start = len(text)
    while prefixes and start > 0:
        line = text.rfind(b"\n", 0, start - 1 if start < len(text) else start) + 1
        if not text[line:start].lstrip().startswith(prefixes):
            break
        start = line
    return start


def statement_of(node: Node) -> Node:
    """The statement that begins with a binding, which a comment stands before."""
    while (around := node.parent) is not None and around.named_child_count and around.named_children[0].id == node.id:
        if around.parent is None or around.start_byte == 0:
            break
        node = around
    return node
