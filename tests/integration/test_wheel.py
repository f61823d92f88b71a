"""What is installed is what is here: the wheel carries every module and every data file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
NOT_SHIPPED = {".pyc", ".so", ".md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel that is built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-W", "ignore", "-c", BUILD, str(folder / "dist")]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with zipfile.ZipFile(next((folder / "dist").glob("*.whl"))) as built:
        return set(built.namelist())


def test_every_module_and_data_file_is_in_the_wheel(wheel: set[str]) -> None:
    here = {path for path in (ROOT / "src" / "aelus").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in here if path.suffix not in NOT_SHIPPED}
    assert sorted(wanted - wheel) == []


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    assert [name for name in wheel if not name.startswith(("aelus/", "aelus-"))] == []


def test_the_wheel_has_the_command_and_the_licence(wheel: set[str]) -> None:
    assert {name.rpartition("/")[2] for name in wheel} >= {"entry_points.txt", "LICENSE", "py.typed"}
