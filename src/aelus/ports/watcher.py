"""Hearing that files of a folder change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Watcher(Protocol):
    def watch(self, folder: str) -> AbstractAsyncContextManager[AsyncIterator[frozenset[str]]]:
        """Absolute paths of what was written, made or removed below a folder, a batch at a time; the last of them a moment ago.

        Nothing that happens while the context is open is lost: what happens while a batch is dealt with is in the next. Folders of
        version control and caches are left out.

        Raises:
            LocationNotFound: there is no such folder.
            Misconfigured: the system cannot watch as many folders.
        """
        ...
