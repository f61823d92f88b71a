"""What clang says of the calls in a folder of C and C++: `python benchmarks/oracle/clang_oracle.py FOLDER`, one JSON object a call.

A call means the definition of a function, in whichever file it is; its declaration only where no file of the folder defines it. Calls that
are not written where they are (those in the text of macros, conversions) are left out.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from clang import cindex

SOURCES = (".c", ".cc", ".cpp", ".cxx")
HEADERS = (".h", ".hh", ".hpp")
FUNCTIONS = (
    cindex.CursorKind.FUNCTION_DECL,
    cindex.CursorKind.CXX_METHOD,
    cindex.CursorKind.CONSTRUCTOR,
    cindex.CursorKind.FUNCTION_TEMPLATE,
    cindex.CursorKind.CONVERSION_FUNCTION,
    cindex.CursorKind.DESTRUCTOR,
)


def system_includes(language: str) -> list[str]:
    """Where this machine's compiler looks for headers."""
    said = subprocess.run(["/usr/bin/cc", "-E", "-x", language, "-", "-v"], input="", capture_output=True, text=True, check=True).stderr
    listed = re.search(r"#include <\.\.\.> search starts here:\n(.*?)End of search list", said, re.DOTALL)
    return [f"-isystem{line.strip()}" for line in listed.group(1).splitlines()] if listed else []


def cursors(unit: cindex.TranslationUnit, folder: Path) -> Iterator[cindex.Cursor]:
    """All cursors of the folder's own files."""
    pending = [unit.cursor]
    while pending:
        cursor = pending.pop()
        pending.extend(child for child in cursor.get_children() if path_of(child) is None or inside(child, folder))
        if inside(cursor, folder):
            yield cursor


def path_of(cursor: cindex.Cursor) -> Path | None:
    file = cursor.location.file
    return Path(file.name).resolve() if file is not None else None


def inside(cursor: cindex.Cursor, folder: Path) -> bool:
    path = path_of(cursor)
    return path is not None and path.is_relative_to(folder)


def general(cursor: cindex.Cursor) -> cindex.Cursor:
    """The template that an instantiation is of."""
    template = cindex.conf.lib.clang_getSpecializedCursorTemplate(cursor)
    return template if template is not None and template.location.file is not None else cursor


def main(folder: Path) -> None:
    index = cindex.Index.create()
    files = sorted(path for path in folder.rglob("*") if path.suffix in SOURCES)
    headers = [path for path in folder.rglob("*") if path.suffix in HEADERS]
    around = {parent for path in headers for parent in path.parents if parent.is_relative_to(folder)}
    includes = [f"-I{path}" for path in sorted(map(str, around | {folder}))]
    options = {
        True: ["-std=gnu11", *includes, *system_includes("c")],
        False: ["-std=c++17", "-x", "c++", *includes, *system_includes("c++")],
    }
    places: dict[str, tuple[str, int]] = {}
    calls: dict[tuple[str, int, str, str, str, int, str], None] = {}
    for path in files:
        unit = index.parse(str(path), args=options[path.suffix == ".c"])
        for cursor in cursors(unit, folder):
            if cursor.kind in FUNCTIONS and cursor.is_definition():
                places[cursor.get_usr()] = (path_of(cursor).relative_to(folder).as_posix(), cursor.location.line)  # type: ignore[union-attr]
            if cursor.kind == cindex.CursorKind.CALL_EXPR and cursor.referenced is not None and cursor.referenced.kind in FUNCTIONS:
                target = general(cursor.referenced)
                first = next(cursor.get_children(), None)
                line = (first.extent if first is not None else cursor.extent).end.line
                where = path_of(target).relative_to(folder).as_posix() if inside(target, folder) else ""  # type: ignore[union-attr]
                file = path_of(cursor).relative_to(folder).as_posix()  # type: ignore[union-attr]
                key = (file, line, cursor.spelling, target.get_usr(), where, target.location.line, target.spelling.split("<")[0])
                calls[key] = None
    lines = {file: (folder / file).read_text(errors="replace").splitlines() for file in {call[0] for call in calls}}
    for file, line, name, usr, where, target_line, target_name in calls:
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", "".join(lines[file][line - 1 : line])):
            continue
        defined, at = places.get(usr, (where, target_line))
        answer = {"file": file, "line": line, "name": name, "target": defined or None, "target_line": at, "target_name": target_name}
        print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
