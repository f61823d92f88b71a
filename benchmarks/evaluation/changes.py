"""Questions that history answers: what a patch or commit says it does, and the lines that it changed.

Debian's sources carry patches with their upstream messages, applied: the message is the question, the lines that the patch left are its
answers. Of this project's own history the message of a commit asks for the lines that it changed, as they stood before.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from aelus.domain.path_class import PathClass, path_class
from evaluation.questions import Question, Span

CHANGED = "message of a change"
COMMITTED = "message of a commit"
MAX_FILES = 5
"""A patch that touches more changes no one thing."""
LEAST_WORDS = 4
_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_FIELD = re.compile(r"^[A-Z][\w-]+: .*(?:\n[ \t]+\S.*)*\n?", re.MULTILINE)
_SAID = re.compile(r"^(?:Subject|Description): ?((?:.*)(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_MARKS = re.compile(
    r"From [0-9a-f]{40} [^\n]*|\[(?:PATCH|CVE)[^\]]*\]|\(cherry picked[^)]*\)|\bCVE-\d+-\d+\b:?|https?://\S+|(?i:signed-off-by|reviewed-by)\S.*"
)


def changed_questions(folder: Path, indexed: set[str]) -> list[Question]:
    """One for each patch that changes a few indexed files of the product."""
    patches = folder / "debian" / "patches"
    series = [line.split()[0] for line in (patches / "series").read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    found = (_question(CHANGED, (patches / name).read_text(encoding="utf-8", errors="replace"), folder, indexed) for name in series)
    return [question for question in found if question]


def committed_questions(repository: Path, commits: str, folder: Path, indexed: set[str]) -> list[Question]:
    """One for each commit of a range that changes a few indexed files of the product; the folder holds what was there before the range.

    The patch backwards leaves what the commit found. What an earlier commit of the range changed already is not asked for.
    """
    found = []
    for commit in _git(repository, "rev-list", "--reverse", "--no-merges", commits).split():
        message = _git(repository, "show", "--no-patch", "--format=%B", commit)
        found.append(_question(COMMITTED, message + _git(repository, "diff", commit, f"{commit}^"), folder, indexed))
    return [question for question in found if question]


def _git(repository: Path, *arguments: str) -> str:
    command = ("git", *arguments)
    return subprocess.run(command, cwd=repository, check=True, capture_output=True, encoding="utf-8", errors="replace").stdout


def _question(kind: str, patch: str, folder: Path, indexed: set[str]) -> Question | None:
    head, *_ = re.split(r"^(?:---|diff |Index: )", patch, maxsplit=1, flags=re.MULTILINE)
    text = message_of(head)
    spans = [span for span in changed_spans(patch, folder) if span.path in indexed and path_class(span.path) is PathClass.PRODUCT]
    files = {span.path for span in spans}
    if not 0 < len(files) <= MAX_FILES or len(re.findall(r"[A-Za-z]{2,}", text)) < LEAST_WORDS:
        return None
    return Question(kind=kind, text=text, answers=tuple((span,) for span in spans))


def message_of(head: str) -> str:
    """Subject and body of a message, without what tells where the patch comes from."""
    said = " ".join(match.group(1) for match in _SAID.finditer(head))
    return " ".join(_MARKS.sub(" ", f"{said}\n{_FIELD.sub('', head)}").split())


def changed_spans(patch: str, folder: Path) -> Iterator[Span]:
    """The lines that the patch left, as far as no later one moved or changed them."""
    path, block, start, before, after = "", list[str](), 0, 0, 0
    for line in [*patch.splitlines(), "end"]:
        # Counted, as a line that was taken out may begin like the head of a file: `--- a comment`.
        if (before > 0 or after > 0) and line[:1] in {" ", "+", "-", "\\", ""}:
            block += [line or " "] if line[:1] != "\\" else []
            before -= line[:1] in {" ", "-", ""}
            after -= line[:1] in {" ", "+", ""}
            continue
        if block:
            yield from _found(folder, path, block, start)
        block, before, after = [], 0, 0
        hunk = _HUNK.match(line)
        if line.startswith("+++ "):
            path = line[4:].split("\t")[0].split(" ")[0].partition("/")[2]
        elif hunk:
            start = int(hunk.group(2))
            before, after = (int(hunk.group(place) or 1) for place in (1, 3))


def _found(folder: Path, path: str, block: Sequence[str], start: int) -> Iterator[Span]:
    """Where the hunk's lines stand now, from its first to its last change."""
    file, left = folder / path, [line for line in block if line[0] != "-"]
    if not left or all(line[0] == " " for line in block) or not file.is_file():
        return
    lines, wanted = file.read_text(encoding="utf-8", errors="replace").splitlines(), [line[1:] for line in left]
    places = [at for at in range(len(lines) - len(wanted) + 1) if lines[at] == wanted[0] and lines[at : at + len(wanted)] == wanted]
    if places:
        at = min(places, key=lambda place: abs(place + 1 - start))
        first, last = _changed(block)
        yield Span(path, at + 1 + first, at + 1 + last)


def _changed(block: Sequence[str]) -> tuple[int, int]:
    """Places of the first and last change among the lines that are left; where lines were only taken out, of their neighbours."""
    places, at = [], 0
    for line in block:
        if line[0] != " ":
            places.append(at)
        at += line[0] != "-"
    return min(*places, at - 1), min(max(places), at - 1)
