"""What the house agrees on and a tool can see. CONTRIBUTING says why."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from aelus.entrypoints.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "aelus"
LANGUAGES = SOURCE / "adapters" / "treesitter" / "languages"
BLAND_NAMES = {"utils", "helpers", "common", "base", "manager", "processor", "handler", "constants", "misc"}
STATEMENT = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|create\s+(table|index)\s)", re.IGNORECASE | re.DOTALL
)
SQL_ROOMS = ("queries", "migrations")


Modules = Sequence[tuple[Path, ast.Module]]


@pytest.fixture(scope="module")
def modules() -> Modules:
    """All of them, parsed once and forgotten behind these tests."""
    return [(path, ast.parse(path.read_text())) for path in sorted(SOURCE.rglob("*.py"))]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def reads_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv") and ast.unparse(node.value) == "os"


def language_names() -> set[str]:
    names = {path.name for path in LANGUAGES.iterdir() if (path / "language.toml").exists()}
    assert "python" in names
    return names


def is_settings(path: Path) -> bool:
    return path == SOURCE / "entrypoints" / "settings.py"


def test_only_settings_read_the_environment(modules: Modules) -> None:
    allowed = environment_passed_on()
    found = [place(path, node) for path, tree in modules if not is_settings(path) for node in ast.walk(tree) if reads_environment(node)]
    assert [one for one in found if one.partition(":")[0] not in allowed] == []


def environment_passed_on() -> set[str]:
    """Modules that hand the environment to a process of their own, and read nothing of it for themselves."""
    return {"src/aelus/adapters/postgres/embedded/supervisor.py", "src/aelus/adapters/postgres/embedded/server.py"}


def test_no_language_is_named_outside_its_folder(modules: Modules) -> None:
    names = language_names()
    found = [
        place(path, compared)
        for path, tree in modules
        if LANGUAGES not in path.parents
        for node in ast.walk(tree)
        if isinstance(node, (ast.Compare, ast.MatchValue))
        for compared in ast.walk(node)
        if isinstance(compared, ast.Constant) and compared.value in names
    ]
    assert found == []


def test_sql_lies_in_query_files_and_migrations(modules: Modules) -> None:
    found = [
        place(path, text)
        for path, tree in modules
        if not set(SQL_ROOMS) & set(path.parts)
        for text in texts(tree)
        if STATEMENT.match(str(text.value))
    ]
    assert found == []


def test_modules_are_called_by_a_noun_of_their_own() -> None:
    assert [path for path in SOURCE.rglob("*") if path.stem.lower() in BLAND_NAMES] == []


def compiled() -> list[Path]:
    """Modules that `make compile` compiles."""
    by_name = {SOURCE / "adapters/treesitter" / f"{name.value!s}.py" for name in texts(ast.parse((ROOT / "setup.py").read_text()))}
    return [path for path in sorted(SOURCE.rglob("*.py")) if path in by_name or "domain/linking/" in path.as_posix()]


def test_compiled_modules_keep_what_they_compute_themselves() -> None:
    """The compiler takes a cached property for a property: it would be computed anew each time."""
    assert SOURCE / "adapters/treesitter/references.py" in compiled()
    assert [path for path in compiled() if "@cached_property" in path.read_text()] == []


def test_files_stay_readable() -> None:
    assert [path.name for path in SOURCE.rglob("*.py") if len(path.read_text().splitlines()) > 520] == []


def test_every_test_file_has_a_name_of_its_own() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_test_patches_what_it_tests() -> None:
    patched = re.compile(r"\bmock\.patch|\bmonkeypatch\.setattr|from unittest import mock")
    own = Path(__file__)
    found = [path.name for path in (ROOT / "tests").rglob("*.py") if path != own and patched.search(path.read_text())]
    assert found == []


def test_imports_keep_to_the_contracts() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", "contracts.ini", "--no-cache"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "src"})
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("suffix", [".toml", ".scm", ".sql", ".npz", ".html", ".css", ".js"])
def test_data_files_of_every_kind_are_declared(suffix: str) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["aelus"]
    assert f"**/*{suffix}" in declared


def test_no_data_file_is_of_an_undeclared_kind() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["aelus"]
    data = [path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".so", ".md")]
    assert [path for path in data if not any(path.match(pattern) for pattern in declared)] == []


def test_every_setting_is_described_for_those_who_run_it() -> None:
    described = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in Settings.model_fields if f"`AELUS_{name.upper()}`" not in described] == []
