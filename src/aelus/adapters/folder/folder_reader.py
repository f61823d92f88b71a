"""Reading a folder as it stands on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aelus.adapters.folder.checkout import Checkout, find_checkout
from aelus.adapters.folder.file_bytes import read_file
from aelus.adapters.folder.ignore_rules import IgnoreRules, rules_above
from aelus.adapters.folder.walk import Walk
from aelus.domain.graph import content_hash
from aelus.domain.secrets import Credential
from aelus.domain.selection import Selection
from aelus.domain.source import Revision, SourceLimits, is_address
from aelus.ports.errors import LocationNotFound


class FolderReader:
    """Lists a folder by every exclusion rule and reads its files. Follows no symbolic link below the folder.

    Args:
        language_of: names the language of a path, or returns an empty text.
        manifests: names of files that are kept though they are of no language.
        documents: languages whose files are no code.
        limits: what a repository may have.
    """

    def __init__(
        self,
        *,
        language_of: Callable[[str], str],
        manifests: Collection[str] = (),
        documents: Collection[str] = (),
        limits: SourceLimits | None = None,
    ) -> None:
        self._language_of = language_of
        self._manifests = frozenset(manifests)
        self._documents = frozenset(documents)
        self._limits = limits or SourceLimits()

    def _selection(self) -> Selection:
        return Selection(language_of=self._language_of, manifests=self._manifests, limits=self._limits, documents=self._documents)

    def accepts(self, location: str) -> bool:
        return bool(location) and "\0" not in location and not is_address(location)

    @property
    def selection(self) -> str:
        """A folder has what lies in it, whatever its commit says."""
        return ""

    @asynccontextmanager
    async def open(
        self, location: str, branch: str = "", *, credential: Credential | None = None, known: Revision | None = None
    ) -> AsyncIterator[FolderTree]:
        """As `SourceReader.open`. A branch can only be the one that the folder has checked out; nobody asks for a credential here."""
        del credential, known
        yield await asyncio.to_thread(self._list, location, branch)

    def _list(self, location: str, branch: str) -> FolderTree:
        root = resolve_folder(location)
        checkout = find_checkout(root)
        rules = IgnoreRules()
        if checkout:
            rules, checkout = _within_checkout(root, checkout)
        _refuse_other_branch(location, branch, checkout)
        selection = self._selection()
        Walk(root, selection, tracked=checkout is not None).run(rules)
        revision = Revision(
            location=str(root),
            branch=checkout.branch if checkout else "",
            commit=checkout.commit if checkout else "",
            files=selection.files(),
            skipped=selection.skipped(),
        )
        return FolderTree(root, revision, self._limits.max_file_bytes)


class FolderTree:
    """The files of a folder as they were listed; one that has changed since is not read."""

    def __init__(self, root: Path, revision: Revision, max_bytes: int) -> None:
        self._root = root
        self._revision = revision
        self._max_bytes = max_bytes
        self._hashes = {file.path: file.blob_hash for file in revision.files}

    @property
    def revision(self) -> Revision:
        return self._revision

    async def read(self, paths: Sequence[str]) -> Sequence[bytes | None]:
        return await asyncio.to_thread(lambda: [self._read(path) for path in paths])

    def _read(self, path: str) -> bytes | None:
        listed = self._hashes.get(path)
        if listed is None:
            return None
        try:
            source = read_file(self._root / path, self._max_bytes)
        except OSError:
            return None
        return source if source is not None and content_hash(source) == listed else None


def resolve_folder(location: str) -> Path:
    """The folder itself, links followed. Raises LocationNotFound: there is none, or it is a file."""
    try:
        root = Path(location).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise LocationNotFound(f"There is no folder {location!r}.", "Check the path.") from error
    if not root.is_dir():
        raise LocationNotFound(f"{location!r} is a file, not a folder.", "Give the folder that it lies in.")
    return root


def _within_checkout(root: Path, checkout: Checkout) -> tuple[IgnoreRules, Checkout | None]:
    """Git's rules from above the folder; a folder that Git itself ignores belongs to no commit."""
    rules = rules_above(root, checkout.root, checkout.git)
    return (rules, checkout) if rules is not None else (IgnoreRules(), None)


def _refuse_other_branch(location: str, branch: str, checkout: Checkout | None) -> None:
    if branch and checkout is None:
        raise LocationNotFound(f"{location!r} is no Git repository, and has no branch {branch!r}.", "Leave the branch away.")
    present = checkout.branch if checkout else ""
    if branch and branch != present:
        state = f"has branch {present!r} checked out" if present else "has no branch checked out"
        raise LocationNotFound(f"{location!r} {state}, not {branch!r}.", "Check the branch out, or leave the branch away.")
