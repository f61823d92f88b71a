"""Walking a folder: each entry is listed, or counted with the reason why not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from aelus.adapters.folder.file_bytes import read_file
from aelus.adapters.folder.ignore_rules import IgnoreRules
from aelus.domain.exclusions import METADATA_FOLDERS, excluded_folder, is_environment
from aelus.domain.selection import Selection
from aelus.domain.source import SkipReason
from aelus.ports.errors import LimitExceeded, LocationNotFound

MAX_ENTRIES: Final = 5_000_000
"""Entries of all folders that are looked at, whatever they are."""


class _Folder(NamedTuple):
    path: str
    """Relative to the root, empty for the root, else ending in `/`."""
    rules: IgnoreRules
    """Of the folders above."""
    demanded: bool
    """Whether an `.aelusignore` asks for it against the built-in rules, which then hold for nothing within."""


class Walk:
    """One walk over one folder, into a selection."""

    def __init__(self, root: Path, selection: Selection, *, tracked: bool) -> None:
        self._root = root
        self._selection = selection
        self._tracked = tracked
        self._seen = 0
        self._waiting: list[_Folder] = []

    def run(self, rules: IgnoreRules) -> None:
        """Raises LocationNotFound: the root cannot be read. LimitExceeded."""
        self._waiting.append(_Folder("", rules, demanded=False))
        while self._waiting:
            self._visit(self._waiting.pop())

    def _visit(self, folder: _Folder) -> None:
        try:
            with os.scandir(self._root / folder.path) as found:
                entries = list(found)
        except OSError as error:
            self._unreadable_folder(folder, error)
            return
        self._refuse_too_many(len(entries))
        names = {entry.name for entry in entries}
        if folder.path and not folder.demanded and self._foreign(folder.path, names):
            return
        inner = folder._replace(rules=folder.rules.within(self._root / folder.path, folder.path, names))
        for entry in entries:
            self._entry(entry, inner, names)

    def _foreign(self, path: str, names: set[str]) -> bool:
        """Whether the folder turns out to be an installed environment or a repository of its own, which is then counted."""
        if is_environment(names):
            self._selection.skip(path, SkipReason.VENDORED, "an installed environment")
            return True
        if self._tracked and ".git" in names:
            self._selection.skip(path, SkipReason.VENDORED, "a submodule or a repository of its own")
            return True
        return False

    def _entry(self, entry: os.DirEntry[str], folder: _Folder, names: set[str]) -> None:
        path = folder.path + entry.name
        try:
            if not _is_text(entry.name):
                self._selection.skip(_shown(path), SkipReason.UNREADABLE, "its name is not valid text")
            elif entry.is_symlink():
                self._selection.skip(path, SkipReason.SYMLINK)
            elif entry.is_dir(follow_symlinks=False):
                self._folder(f"{path}/", entry.name, folder, names)
            elif entry.is_file(follow_symlinks=False):
                self._file(path, entry, folder)
            else:
                self._selection.skip(path, SkipReason.UNREADABLE, "neither a file nor a folder")
        except OSError as error:
            self._selection.skip(path, SkipReason.UNREADABLE, error.strerror or "")

    def _folder(self, path: str, name: str, folder: _Folder, names: set[str]) -> None:
        if name in METADATA_FOLDERS:
            return
        demanded = folder.demanded or folder.rules.demands(path)
        reason = None if demanded else excluded_folder(name, names)
        if reason is None and folder.rules.ignores(path):
            reason = SkipReason.IGNORED
        if reason:
            self._selection.skip(path, reason)
        else:
            self._waiting.append(_Folder(path, folder.rules, demanded))

    def _file(self, path: str, entry: os.DirEntry[str], folder: _Folder) -> None:
        selection = self._selection
        language = selection.language(path)
        if language is None:
            return
        if folder.rules.ignores(path):
            selection.skip(path, SkipReason.IGNORED)
            return
        size_bytes = entry.stat(follow_symlinks=False).st_size
        named = folder.demanded or folder.rules.demands(path)
        if not selection.admits(path, size_bytes, named=named):
            return
        source = read_file(entry.path, size_bytes)
        if source is None:
            selection.skip(path, SkipReason.UNREADABLE, "it is growing while it is read")
            return
        selection.take(path, language, source, named=named)
        if selection.excess:
            raise LimitExceeded(f"{self._root} has {selection.excess}.", "Leave folders out with .aelusignore, or raise the limit.")

    def _refuse_too_many(self, entries: int) -> None:
        self._seen += entries
        if self._seen > MAX_ENTRIES:
            raise LimitExceeded(f"{self._root} has more than {MAX_ENTRIES} files and folders.", "Index a part of it.")

    def _unreadable_folder(self, folder: _Folder, error: OSError) -> None:
        if not folder.path:
            raise LocationNotFound(f"The folder {str(self._root)!r} cannot be read: {error.strerror}.", "Check its permissions.") from error
        self._selection.skip(folder.path, SkipReason.UNREADABLE, error.strerror or "")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
