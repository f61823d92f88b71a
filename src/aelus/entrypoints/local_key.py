"""The key of local data, which is made when it is first needed."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

NAME: Final = "secret_key"


def local_key(home: Path) -> str:
    """The key in the home folder. Of several processes that make it at once, one does; all return the same. Raises OSError."""
    path = home / NAME
    if not path.exists():
        descriptor, name = tempfile.mkstemp(prefix=f".{NAME}.", dir=home)
        made = Path(name)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)
        made.unlink()
    return path.read_text("ascii")
