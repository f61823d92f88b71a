"""Source files of the downloaded packages, without what is vendored, generated, minified or reserved."""

from __future__ import annotations

import hashlib
import os
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = {
    ".py": "python", ".pyi": "python",
    ".ts": "typescript", ".tsx": "typescript", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "javascript", ".java": "java", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hxx": "cpp",
    ".go": "go", ".rs": "rust",
    ".php": "php", ".inc": "php", ".lua": "lua", ".luau": "lua", ".cs": "csharp", ".md": "prose", ".rst": "prose",
}  # fmt: skip
FOREIGN = {
    "_vendor", "vendor", "vendored", "node_modules", "third_party", "thirdparty", "3rdparty", "extern", "externals", "external", "deps",
    "subprojects", "dist", "umd", "bundles", "locale", "locales", "testdata", "min", "xdiff", "thirdpartylibs", "extras", "contrib",
}  # fmt: skip
MAX_FILE_BYTES = 300_000
MAX_BYTES = 5_000_000
"""Read of one language in one package."""
MAX_BYTES_OF_RARE = 25_000_000
"""The same for `RARE` languages, of which few packages have much."""
RARE = {"lua", "csharp", "php", "rust", "typescript", "cpp"}
PROSE = {".md", ".rst"}
LOOKED_AT = 6_000
MAX_MEAN_LINE = 120
SHORT_NAME = 4
LONG_LINE = 40
_CODE = re.compile(r"[(){};=]")
LEAST_SHARED = 8
MOST_SHARED = 0.1
"""Share of a file's long lines; licences and imports are shared by many."""


COPYING = r"copied|adapted|ported|port of|borrowed|derived|taken|based|fork|inspired|stolen|imported"


@dataclass(frozen=True, slots=True)
class Source:
    package: str
    path: str
    language: str
    text: str


class Reserved:
    """What must not be mined: by name, by what a file says of its origin, and by lines that it shares with what is kept apart.

    Args:
        names: refused as names of folders and files; longer ones as the beginning of one too, for forks and wrappers.
        judged: names of the packages that search is judged on, refused as whole names.
        apart: a folder with those packages; of their long lines nothing that is mined may share many.
    """

    def __init__(self, names: AbstractSet[str], judged: AbstractSet[str] = frozenset(), apart: Path | None = None) -> None:
        self._names = names | judged
        self._prefixes = tuple(name for name in names if len(name) >= SHORT_NAME)
        either = "|".join(re.escape(name).replace(r"\-", "[-_. ]?") for name in sorted(self._names))
        self._copied = re.compile(rf"(?:{COPYING})[^\n]{{0,60}}\b(?:{either})\b", re.IGNORECASE) if either else None
        self._lines = {line for path in files_below(apart) for line in long_lines(read_text(path))} if apart else set()

    def forbids(self, name: str) -> bool:
        lowered = name.lower().lstrip("_")
        return lowered in self._names or lowered.startswith(self._prefixes)

    def has(self, text: str) -> bool:
        if self._copied and self._copied.search(text[:LOOKED_AT]):
            return True
        lines = long_lines(text) if self._lines else set()
        return len(lines & self._lines) > max(LEAST_SHARED, MOST_SHARED * len(lines))


def long_lines(text: str) -> set[int]:
    """Of lines of code that are unlikely to be the same by chance, the checksums. Licences at the head of files are no code."""
    return {zlib.crc32(line.encode()) for raw in text.split("\n") if len(line := raw.strip()) >= LONG_LINE and _CODE.search(line)}


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in LANGUAGES and path.suffix not in PROSE and path.is_file())


def paths_of(package: Path, reserved: Reserved) -> list[Path]:
    found: list[Path] = []
    for folder, folders, names in os.walk(package):
        below = Path(folder)
        folders[:] = sorted(name for name in folders if name.lower() not in FOREIGN and not reserved.forbids(name))
        if "lvm.c" not in names and "inflate.c" not in names:
            found += [below / name for name in sorted(names) if Path(name).suffix in LANGUAGES and not reserved.forbids(Path(name).stem)]
    random.Random(package.name).shuffle(found)
    return found


def read_text(path: Path) -> str:
    if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
        return ""
    text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    return text if len(text) <= MAX_MEAN_LINE * (text.count("\n") + 1) else ""


def read_sources(package: Path, reserved: Reserved) -> Iterator[Source]:
    """Every file of a package once, at most `MAX_BYTES` of a language, in an order that is always the same."""
    seen: set[bytes] = set()
    read: Counter[str] = Counter()
    for path in paths_of(package, reserved):
        text, language = read_text(path), LANGUAGES[path.suffix]
        digest = hashlib.blake2b(text.encode(), digest_size=12).digest()
        if not text or digest in seen or read[language] > (MAX_BYTES_OF_RARE if language in RARE else MAX_BYTES) or reserved.has(text):
            continue
        seen.add(digest)
        read[language] += len(text)
        yield Source(package.name, str(path.relative_to(package)), language, text)
