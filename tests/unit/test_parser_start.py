"""What a parser process loads before it reads its first file."""

from __future__ import annotations

import subprocess
import sys


def test_a_parser_process_does_not_load_the_linker() -> None:
    script = "import sys, aelus.adapters.treesitter.worker; print(any(name.startswith('aelus.domain.linking') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "False"
