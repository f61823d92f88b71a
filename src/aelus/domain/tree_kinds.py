"""What an entry of a listed tree can be."""

from __future__ import annotations

from typing import Final

FILE: Final = "file"
SYMLINK: Final = "symlink"
SUBMODULE: Final = "submodule"
ODD: Final = "odd"
"""Its name cannot be that of a file, or is no text."""
