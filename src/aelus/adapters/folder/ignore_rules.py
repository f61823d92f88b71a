"""What `.gitignore` and `.aelusignore` files say about a path. Source: gitignore(5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pathspec import GitIgnoreSpec

from aelus.domain.exclusions import OWN_IGNORE

GIT_IGNORE: Final = ".gitignore"
_MAX_BYTES: Final = 1024 * 1024
_MAX_PATTERNS: Final = 5000
_MAX_STARS: Final = 5
_STARS: Final = re.compile(r"\*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Patterns of one ignore file."""

    spec: GitIgnoreSpec
    prefix: str
    """What a path of the tree needs before it to be relative to the file's folder, which lies above the tree."""
    below: str
    """What it begins with and must lose, where the file's folder lies within the tree; ends in `/`."""

    def verdict(self, path: str) -> bool | None:
        return self.spec.check_file(self.prefix + path.removeprefix(self.below)).include


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRules:
    """The rules that hold in one folder: its own come before those of the folders above it."""

    git: tuple[Patterns, ...] = ()
    own: tuple[Patterns, ...] = field(default=())

    def within(self, folder: Path, path: str, names: Sequence[str] | set[str]) -> IgnoreRules:
        """Rules of a folder of the tree with these entries; `path` is the folder's, ending in `/`; empty for the top."""
        git = _patterns(folder / GIT_IGNORE, below=path) if GIT_IGNORE in names else ()
        own = _patterns(folder / OWN_IGNORE, below=path) if OWN_IGNORE in names else ()
        return IgnoreRules(git=(*git, *self.git), own=(*own, *self.own)) if git or own else self

    def ignores(self, path: str) -> bool:
        """Whether a path is left out; that of a folder ends in `/`."""
        for rules in (self.own, self.git):
            verdict = _first(rules, path)
            if verdict is not None:
                return verdict
        return False

    def demands(self, path: str) -> bool:
        """Whether `.aelusignore` names a path with `!`: it is then indexed even where a built-in rule would leave it out."""
        return bool(self.own) and _first(self.own, path) is False


def rules_above(folder: Path, root: Path, git: Path) -> IgnoreRules | None:
    """Git's rules for a folder of a checkout that stand above it; None when they leave out the folder itself."""
    found: list[Patterns] = []
    above = [parent for parent in folder.parents if parent == root or root in parent.parents] if folder != root else []
    for parent in above:
        found.extend(_patterns(parent / GIT_IGNORE, prefix=f"{folder.relative_to(parent).as_posix()}/"))
    prefix = f"{folder.relative_to(root).as_posix()}/" if folder != root else ""
    found.extend(_patterns(git / "info" / "exclude", prefix=prefix))
    rules = IgnoreRules(git=tuple(found))
    return None if above and rules.ignores("") else rules


def _first(rules: Sequence[Patterns], path: str) -> bool | None:
    return next((verdict for verdict in (patterns.verdict(path) for patterns in rules) if verdict is not None), None)


def _patterns(path: Path, *, prefix: str = "", below: str = "") -> tuple[Patterns, ...]:
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ()
    return parse_patterns(text, prefix=prefix, below=below)


def parse_patterns(text: str, *, prefix: str = "", below: str = "") -> tuple[Patterns, ...]:
    """The patterns of an ignore file; none when it holds none."""
    lines = [line for line in text.splitlines()[:_MAX_PATTERNS] if _means_something(line)]
    return (Patterns(spec=GitIgnoreSpec.from_lines(lines), prefix=prefix, below=below),) if lines else ()


def _means_something(line: str) -> bool:
    """Leaves out what Git leaves out, and patterns so full of stars that matching them may take for ever."""
    if not line.strip() or line.startswith("#") or len(_STARS.findall(line)) > _MAX_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
