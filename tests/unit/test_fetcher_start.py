"""What the process that talks to a Git server loads before it does."""

from __future__ import annotations

import subprocess
import sys


def test_a_fetcher_does_not_load_what_watches_over_it() -> None:
    script = "import sys, aelus.adapters.git.fetcher; print({'asyncio', 'aelus.adapters.git.git_reader'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "set()"
