"""Repositories that are folders of this machine."""

from __future__ import annotations

from aelus.adapters.folder.folder_reader import FolderReader
from aelus.adapters.folder.folder_watcher import FolderWatcher

__all__ = ["FolderReader", "FolderWatcher"]
