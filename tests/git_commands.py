"""Git's own command, without anybody's configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": os.devnull, "PATH": os.defpath}
COMMIT = ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True, env=GIT).stdout.strip()
