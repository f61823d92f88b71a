"""`aelus migrate`."""

from __future__ import annotations

import argparse
import sys

from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.container import migrate
from aelus.entrypoints.settings import load_settings


async def run(given: argparse.Namespace) -> None:
    applied = await migrate(load_settings())
    if given.json:
        sys.stdout.buffer.write(json_line({"applied": applied}))
    else:
        print("\n".join(f"applied {name}" for name in applied) or "The schema is current; there was nothing to apply.")
