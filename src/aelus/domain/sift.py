"""Which entries of a listed tree are looked at: what a folder's walk decides on its way, decided on a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from aelus.domain.exclusions import excluded_folder, is_environment
from aelus.domain.selection import Selection
from aelus.domain.source import SkipReason
from aelus.domain.tree_kinds import ODD, SUBMODULE, SYMLINK

_LEFT_OUT = {
    SYMLINK: (SkipReason.SYMLINK, ""),
    SUBMODULE: (SkipReason.VENDORED, "a submodule"),
    ODD: (SkipReason.UNREADABLE, "its name cannot be one"),
}


class Ignore(Protocol):
    """What the ignore files of a tree say."""

    def verdict(self, path: str) -> bool | None:
        """True: leave it out. False: it is asked for, whatever the other rules say. None: nothing is said. Folders end in `/`."""
        ...


class Wanted(NamedTuple):
    number: int
    """Of the entry in the listing."""
    path: str
    language: str
    named: bool
    """Whether an `.aelusignore` asks for it against the built-in rules."""


class _Folder(NamedTuple):
    admitted: bool
    demanded: bool


class Sift:
    """Goes through a listing once; what is left out is counted in the selection."""

    def __init__(self, entries: Sequence[tuple[str, str]], ignore: Ignore, selection: Selection) -> None:
        self._entries = entries
        self._ignore = ignore
        self._selection = selection
        self._names: dict[str, set[str]] = defaultdict(set)
        for path, _ in entries:
            folder, _, name = path.rpartition("/")
            self._names[folder].add(name)
        self._folders: dict[str, _Folder] = {"": _Folder(admitted=True, demanded=False)}

    def wanted(self) -> Iterator[Wanted]:
        for number, (path, kind) in enumerate(self._entries):
            folder = self._folder(path.rpartition("/")[0])
            if not folder.admitted:
                continue
            if kind in _LEFT_OUT:
                self._selection.skip(path, *_LEFT_OUT[kind])
                continue
            yield from self._file(number, path, folder)

    def _file(self, number: int, path: str, folder: _Folder) -> Iterator[Wanted]:
        language = self._selection.language(path)
        if language is None:
            return
        verdict = self._ignore.verdict(path)
        if verdict:
            self._selection.skip(path, SkipReason.IGNORED)
            return
        named = folder.demanded or verdict is False
        if self._selection.admits(path, 0, named=named):
            yield Wanted(number, path, language, named)

    def _folder(self, path: str) -> _Folder:
        known = self._folders.get(path)
        if known is None:
            above = self._folder(path.rpartition("/")[0])
            known = self._folders[path] = self._judge(path, above) if above.admitted else above
        return known

    def _judge(self, path: str, above: _Folder) -> _Folder:
        """A folder that is left out is counted once."""
        verdict = self._ignore.verdict(f"{path}/")
        demanded = above.demanded or verdict is False
        reason = SkipReason.IGNORED if verdict else None
        if reason is None and not demanded:
            holder, _, name = path.rpartition("/")
            reason = excluded_folder(name, self._names[holder])
            if reason is None and is_environment(self._names[path]):
                reason = SkipReason.VENDORED
        if reason:
            self._selection.skip(f"{path}/", reason)
        return _Folder(admitted=reason is None, demanded=demanded)
