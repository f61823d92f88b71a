"""Index the Python standard library, everything included: `python benchmarks/index.py`.

Prints lines per second of the first run, and the seconds of a second run without changes and of one behind a changed file, all of them as
whole processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from corpus import copy_standard_library
from machine import describe, table


def index(folder: Path, home: Path, name: str = "stdlib") -> tuple[float, dict[str, Any]]:
    """Run `aelus index --json`; return seconds of the whole process and its report."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "aelus", "index", str(folder), "--name", name, "--json"]
    done = subprocess.run(command, env={**os.environ, "AELUS_HOME": str(home)}, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode())
    return time.perf_counter() - started, json.loads(done.stdout)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary, "stdlib"), Path(temporary, "home")
        _, lines, _ = copy_standard_library(folder)
        first_s, first = index(folder, home)
        again_s, again = index(folder, home)
        changed = folder / "argparse.py"
        changed.write_text(changed.read_text() + "\n\ndef one_more():\n    return ArgumentParser()\n")
        edited_s, edited = index(folder, home)
    print(describe())
    print(
        table(
            [
                ("corpus", f"{first['files']:,} files, {lines:,} lines of Python"),
                ("first run", f"{first_s:.1f} s, {lines / first_s:,.0f} lines/s, peak {first['peak_memory_bytes'] / 1e6:,.0f} MB"),
                ("  seconds per stage", ", ".join(f"{name} {seconds:.1f}" for name, seconds in first["seconds"].items())),
                ("  written", ", ".join(f"{count:,} {name}" for name, count in first["written"].items())),
                ("second run, nothing changed", f"{again_s:.2f} s, written {sum(again['written'].values())}"),
                ("third run, one file changed", f"{edited_s:.2f} s, written {edited['written']}"),
                ("  seconds per stage", ", ".join(f"{name} {seconds:.1f}" for name, seconds in edited["seconds"].items())),
            ]
        )
    )


if __name__ == "__main__":
    main()
