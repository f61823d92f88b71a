"""`python -m aelus` is the command `aelus`."""

from __future__ import annotations

import sys

from aelus.entrypoints.cli import main

if __name__ == "__main__":
    sys.exit(main())
