"""The entries of a Git tree, by path, without a checkout."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import Final, NamedTuple

from dulwich.object_store import BaseObjectStore
from dulwich.objects import ObjectID, Tree

from aelus.domain.tree_kinds import FILE, ODD, SUBMODULE, SYMLINK

MAX_DEPTH: Final = 200


class TooManyEntries(Exception):
    pass


class TreeEntry(NamedTuple):
    path: str
    kind: str
    """`file`, `symlink`, `submodule`, or `odd` where the name cannot be one."""
    object_id: str
    """40 hexadecimal digits."""


def list_tree(store: BaseObjectStore, root: ObjectID, *, most: int) -> Iterator[TreeEntry]:
    """Entries that are no folders, in no particular order. Raises TooManyEntries: with the folders there are more than `most`."""
    waiting: list[tuple[str, ObjectID]] = [("", root)]
    seen = 0
    while waiting:
        folder, tree_id = waiting.pop()
        tree = store[tree_id]
        if not isinstance(tree, Tree):
            continue
        for name, mode, object_id in tree.iteritems():
            seen += 1
            if seen > most or folder.count("/") > MAX_DEPTH:
                raise TooManyEntries
            path = folder + _shown(name)
            if stat.S_ISDIR(mode) and not _odd(name):
                waiting.append((f"{path}/", object_id))
            else:
                yield TreeEntry(path, ODD if _odd(name) else _kind(mode), object_id.decode("ascii"))


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return FILE
    return SYMLINK if stat.S_ISLNK(mode) else SUBMODULE


def _odd(name: bytes) -> bool:
    """Names that are no names of files, or not text."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return name in (b"", b".", b"..") or b"/" in name or b"\0" in name


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace").replace("/", "\\x2f").replace("\0", "\\x00")
