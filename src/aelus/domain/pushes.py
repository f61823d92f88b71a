"""Files that are pushed to a repository which no Git server feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aelus.domain.graph import content_hash

MAX_PUSH_FILES: Final = 5_000
"""Files of one push, those to remove included."""
MAX_PUSH_BYTES: Final = 64 * 1024 * 1024
MAX_PATH_BYTES: Final = 1024
MAX_COMMIT: Final = 100
_COMMIT: Final = re.compile(r"[\x21-\x7e]{0,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePush:
    """One change of a pushed repository: applied as a whole, or not at all."""

    files: Mapping[str, bytes]
    """New content by path."""
    deleted: Sequence[str] = ()
    """Paths that are no more; one that is not there already is no error."""
    commit: str = ""
    """What the sender calls the state after this push."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedFile:
    size_bytes: int
    blob_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedState:
    """All files of a pushed repository, without their content."""

    commit: str = ""
    files: Mapping[str, PushedFile]


def pushed_file(content: bytes) -> PushedFile:
    return PushedFile(size_bytes=len(content), blob_hash=content_hash(content))


def after_push(before: Mapping[str, PushedFile], push: FilePush) -> dict[str, PushedFile]:
    """The files of a repository when the push has been applied."""
    kept = {path: file for path, file in before.items() if path not in set(push.deleted)}
    return {**kept, **{path: pushed_file(content) for path, content in push.files.items()}}


def folders_of(path: str) -> list[str]:
    """The folders that a path lies in: `a/b` and `a` of `a/b/c`."""
    parts = path.split("/")
    return ["/".join(parts[:size]) for size in range(len(parts) - 1, 0, -1)]


def fault_of(push: FilePush, *, max_file_bytes: int) -> str:
    """Why a push cannot be taken, in words; empty where it can."""
    paths = [*push.files, *push.deleted]
    wrong = next((path for path in paths if not _is_path(path)), "")
    large = next((path for path, content in push.files.items() if len(content) > max_file_bytes), "")
    faults = {
        "It has no file.": not paths and not push.commit,
        f"It has {len(paths)} files; {MAX_PUSH_FILES} are allowed at once.": len(paths) > MAX_PUSH_FILES,
        f"It has more than {MAX_PUSH_BYTES} bytes.": sum(map(len, push.files.values())) > MAX_PUSH_BYTES,
        f"The commit may have at most {MAX_COMMIT} printable characters without blanks.": not _COMMIT.fullmatch(push.commit),
        "A path is named twice.": len(set(paths)) < len(paths),
        f"{wrong[:MAX_COMMIT]!r} is no path of a file in a repository.": any(not _is_path(path) for path in paths),
        f"{large} has more than {max_file_bytes} bytes (max_file_bytes).": bool(large),
    }
    return next((fault for fault, found in faults.items() if found), "")


def _is_path(path: str) -> bool:
    """Relative, with `/`, without parts that a file system reads in its own way."""
    try:
        size_bytes = len(path.encode())
    except UnicodeEncodeError:
        return False
    return 0 < size_bytes <= MAX_PATH_BYTES and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))
