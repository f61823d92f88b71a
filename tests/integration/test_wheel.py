"""What is installed is what is here: every module and every data file, and code that says the same, compiled or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
NOT_SHIPPED = {".pyc", ".so", ".md"}
pytestmark = pytest.mark.timeout(1800)
"""Where there is a C compiler, the hot modules are compiled: some minutes."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a wheel holds that is built from a copy of the sources, as `pip install .` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "*.so"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    plain = {name: value for name, value in os.environ.items() if name != "AELUS_COMPILE"}
    command = [sys.executable, "-W", "ignore", "-c", BUILD, str(folder / "dist")]
    built = subprocess.run(command, cwd=folder, env=plain, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next((folder / "dist").glob("*.whl"))) as wheel:
        wheel.extractall(folder / "installed")
    return folder / "installed"


@pytest.fixture(scope="module")
def wheel(installed: Path) -> set[str]:
    """Names of the files in the wheel."""
    return {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}


def rows(code: Path, folder: Path) -> bytes:
    """What the code below a folder makes of the annotated sources."""
    command = [sys.executable, "-m", "aelus", "parse", str(ROOT / "tests" / "fixtures" / "linking"), "--output", str(folder / "rows")]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(code)}, check=True, capture_output=True)
    return (folder / "rows").read_bytes()


def test_every_module_and_data_file_is_in_the_wheel(wheel: set[str]) -> None:
    here = {path for path in (ROOT / "src" / "aelus").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in here if path.suffix not in NOT_SHIPPED}
    assert sorted(wanted - wheel) == []


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    assert [name for name in wheel if not name.startswith(("aelus/", "aelus-")) and "__mypyc." not in name] == []


def test_the_wheel_has_the_command_and_the_licence(wheel: set[str]) -> None:
    assert {name.rpartition("/")[2] for name in wheel} >= {"entry_points.txt", "LICENSE", "py.typed"}


def test_the_wheel_makes_the_same_graph_of_sources_as_the_code_here(installed: Path, tmp_path: Path) -> None:
    assert rows(installed, tmp_path) == rows(ROOT / "src", tmp_path)
