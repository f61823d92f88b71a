"""Source files of the downloaded packages, without what is vendored, generated, minified or reserved."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = {
    ".py": "python", ".pyi": "python",
    ".ts": "typescript", ".tsx": "typescript", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "javascript", ".java": "java", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".hpp": "cpp", ".go": "go", ".rs": "rust",
    ".php": "php", ".lua": "lua", ".cs": "csharp", ".md": "prose", ".rst": "prose",
}  # fmt: skip
FOREIGN = {
    "_vendor", "vendor", "vendored", "node_modules", "third_party", "thirdparty", "3rdparty", "extern", "externals", "external", "deps",
    "subprojects", "dist", "umd", "bundles", "locale", "locales", "testdata", "min", "xdiff", "thirdpartylibs", "extras", "contrib",
}  # fmt: skip
MAX_FILE_BYTES = 300_000
MAX_PACKAGE_BYTES = 5_000_000
LOOKED_AT = 6_000
MAX_MEAN_LINE = 120
SHORT_NAME = 4


COPYING = r"copied|adapted|ported|port of|borrowed|derived|taken|based|fork|inspired|stolen|imported"


@dataclass(frozen=True, slots=True)
class Source:
    package: str
    path: str
    language: str
    text: str


def is_reserved(folder: str, reserved: set[str]) -> bool:
    """By name; longer reserved names are refused as a prefix too, for forks and wrappers."""
    lowered = folder.lower().lstrip("_")
    return lowered in reserved or any(lowered.startswith(name) for name in reserved if len(name) >= SHORT_NAME)


def copying_from(reserved: set[str]) -> re.Pattern[str]:
    """Finds the words of a file that says it is made after a reserved package."""
    names = "|".join(re.escape(name).replace(r"\-", "[-_. ]?") for name in sorted(reserved))
    return re.compile(rf"(?:{COPYING})[^\n]{{0,60}}\b(?:{names})\b", re.IGNORECASE)


def paths_of(package: Path, reserved: set[str]) -> list[Path]:
    found: list[Path] = []
    for folder, folders, names in os.walk(package):
        below = Path(folder)
        folders[:] = sorted(name for name in folders if name.lower() not in FOREIGN and not is_reserved(name, reserved))
        if "lvm.c" not in names and "inflate.c" not in names:
            found += [
                below / name for name in sorted(names) if Path(name).suffix in LANGUAGES and not is_reserved(Path(name).stem, reserved)
            ]
    random.Random(package.name).shuffle(found)
    return found


def read_text(path: Path) -> str:
    if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
        return ""
    text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    return text if len(text) <= MAX_MEAN_LINE * (text.count("\n") + 1) else ""


def read_sources(package: Path, reserved: set[str]) -> Iterator[Source]:
    """Every file of a package once, at most `MAX_PACKAGE_BYTES`, in an order that is always the same."""
    seen: set[bytes] = set()
    copied = copying_from(reserved)
    left = MAX_PACKAGE_BYTES
    for path in paths_of(package, reserved):
        text = read_text(path)
        digest = hashlib.blake2b(text.encode(), digest_size=12).digest()
        if not text or digest in seen or left < 0 or copied.search(text[:LOOKED_AT]):
            continue
        seen.add(digest)
        left -= len(text)
        yield Source(package.name, str(path.relative_to(package)), LANGUAGES[path.suffix], text)
