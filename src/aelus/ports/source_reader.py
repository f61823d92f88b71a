"""Where the files of a repository come from: a folder, a Git repository."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from aelus.domain.secrets import Credential
from aelus.domain.source import Revision


class SourceTree(Protocol):
    """One revision, open for reading. Its content does not change while it is open, or the reading says so."""

    @property
    def revision(self) -> Revision: ...

    async def read(self, paths: Sequence[str]) -> Sequence[bytes | None]:
        """Return the bytes of each path, in order; None for a file that can no longer be read as listed.

        Callers ask in batches; the bytes of one call are in memory at once.
        """
        ...


class SourceReader(Protocol):
    @property
    def selection(self) -> str:
        """Fingerprint of what decides, beside the commit, which files a revision has; empty where a commit does not tell the files."""
        ...

    def accepts(self, location: str) -> bool:
        """Whether this reader knows such locations. Does no input or output."""
        ...

    def open(
        self, location: str, branch: str = "", *, credential: Credential | None = None, known: Revision | None = None
    ) -> AbstractAsyncContextManager[SourceTree]:
        """List the files of a location, every exclusion rule applied, and keep it open for reading.

        A credential is shown to the location's own server and to nobody else. Where the branch is still at the commit of the `known`
        revision, that is the tree's revision, and none of its files can be read.

        Raises:
            LocationNotFound: there is no such folder, repository or branch, or it is a file.
            LimitExceeded: the location has more files or bytes than allowed.
            Unavailable: the server of the repository does not answer.
        """
        ...
