from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sample_project import write_project

ROOT = Path(__file__).parents[2]


def run_example(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(ROOT / "docs/examples/embed.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_example_of_embedding_runs(tmp_path: Path) -> None:
    output = run_example(str(write_project(tmp_path)), "take the tax off a price", "net_price").stdout
    assert output.startswith("4 files, ")
    assert "shop.prices.net_price is called by shop.cart.Cart.total, line 9" in output


def test_the_example_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    outcome = run_example(str(tmp_path / "nope"), "x", "y")
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("There is no folder")
    assert outcome.stderr.count("\n") == 1


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, aelus; print(sorted({'numpy', 'asyncpg', 'tree_sitter', 'starlette', 'pydantic'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
