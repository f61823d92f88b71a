"""Which commit of which branch a folder is a checkout of: a few small files of `.git`, read without Git.

Source: gitrepository-layout(5), gitglossary(7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MAX_POINTER_BYTES: Final = 4096
_MAX_PACKED_BYTES: Final = 64 * 1024 * 1024
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH: Final = "refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    root: Path
    """Top of the working tree."""
    git: Path
    """Its `.git` folder, wherever that lies."""
    branch: str
    """Empty when the head is detached."""
    commit: str
    """Empty before the first commit."""


def find_checkout(folder: Path) -> Checkout | None:
    """The checkout that an absolute, resolved folder is, or lies in."""
    for root in (folder, *folder.parents):
        git = _git_folder(root)
        if git is not None:
            return _read(root, git)
    return None


def _git_folder(root: Path) -> Path | None:
    marker = root / ".git"
    if (marker / "HEAD").is_file():
        return marker
    pointer = _small(marker)
    if not pointer.startswith("gitdir: "):
        return None
    target = root / pointer.removeprefix("gitdir: ")
    return target if (target / "HEAD").is_file() else None


def _read(root: Path, git: Path) -> Checkout:
    head = _small(git / "HEAD")
    reference = head.removeprefix("ref: ")
    if reference == head:
        return Checkout(root=root, git=git, branch="", commit=head if _COMMIT.fullmatch(head) else "")
    branch = reference.removeprefix(_BRANCH) if reference.startswith(_BRANCH) else ""
    return Checkout(root=root, git=git, branch=branch, commit=_commit(git, reference))


def _commit(git: Path, reference: str) -> str:
    if not reference.startswith("refs/") or ".." in reference.split("/"):
        return ""
    common = git / (_small(git / "commondir") or ".")
    for holder in (git, common):
        commit = _small(holder / reference)
        if _COMMIT.fullmatch(commit):
            return commit
    return _packed(common / "packed-refs", reference)


def _packed(path: Path, reference: str) -> str:
    try:
        with path.open("rb") as file:
            packed = file.read(_MAX_PACKED_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    match = re.search(rf"^({_COMMIT.pattern}) {re.escape(reference)}$", packed, re.MULTILINE)
    return match.group(1) if match else ""


def _small(path: Path) -> str:
    """Text of a small file; empty when there is none."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_POINTER_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        return ""
