"""What clang says of the calls in a folder of C and C++: `python benchmarks/oracle/clang_oracle.py FOLDER`, one JSON object a call.

A call means the definition of a function, in whichever file it is; its declaration only where no file of the folder defines it. Calls that
are not written where they are (those in the text of macros, conversions) are left out. A call of a virtual member through a pointer or a
reference may dispatch to what overrides it in classes that extend the receiver's; one that names the class (`B::f()`), and one of an object
that is held as itself, may not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from ctypes import POINTER, byref, c_uint
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


CLASSES = (
    cindex.CursorKind.CLASS_DECL,
    cindex.CursorKind.STRUCT_DECL,
    cindex.CursorKind.CLASS_TEMPLATE,
    cindex.CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION,
)
NAMES = (cindex.CursorKind.DECL_REF_EXPR, cindex.CursorKind.MEMBER_REF_EXPR)
REFERENCES = (cindex.TypeKind.POINTER, cindex.TypeKind.LVALUEREFERENCE, cindex.TypeKind.RVALUEREFERENCE)


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
    return resolved(file.name) if file is not None else None


@cache
def resolved(name: str) -> Path:
    return Path(name).resolve()


def inside(cursor: cindex.Cursor, folder: Path) -> bool:
    path = path_of(cursor)
    return path is not None and path.is_relative_to(folder)


def general(cursor: cindex.Cursor) -> cindex.Cursor:
    """The template that an instantiation is of."""
    template = cindex.conf.lib.clang_getSpecializedCursorTemplate(cursor)
    return template if template is not None and template.location.file is not None else cursor


class Hierarchy:
    """Who extends and who overrides whom, by the names that clang has for definitions."""

    def __init__(self) -> None:
        self._bases: dict[str, set[str]] = defaultdict(set)
        self._overriding: dict[str, dict[str, str]] = defaultdict(dict)
        """Method → methods that override it at once, and their classes."""

    def add(self, cursor: cindex.Cursor) -> None:
        if cursor.kind in CLASSES and cursor.is_definition():
            bases = [child for child in cursor.get_children() if child.kind == cindex.CursorKind.CXX_BASE_SPECIFIER]
            named = [base.type.get_canonical().get_declaration() for base in bases]
            self._bases[cursor.get_usr()].update(general(base).get_usr() for base in named)
        elif cursor.kind == cindex.CursorKind.CXX_METHOD:
            for inner in overridden(cursor):
                self._overriding[general(inner).get_usr()][cursor.get_usr()] = cursor.semantic_parent.get_usr()

    def overriders(self, method: str, receiver: str) -> Iterator[str]:
        """Methods that may run in place of one, on instances of classes that extend the receiver's."""
        pending, seen = [method], {method}
        while pending:
            for found, owner in self._overriding.get(pending.pop(), {}).items():
                if found not in seen:
                    seen.add(found)
                    pending.append(found)
                    if not receiver or self._extends(owner, receiver):
                        yield found

    def _extends(self, one: str, other: str) -> bool:
        pending, seen = [one], {one}
        while pending:
            current = pending.pop()
            if current == other:
                return True
            new = self._bases.get(current, set()) - seen
            seen |= new
            pending.extend(new)
        return False


def overridden(cursor: cindex.Cursor) -> list[cindex.Cursor]:
    """Methods that a method overrides at once."""
    found, count = POINTER(cindex.Cursor)(), c_uint()
    cindex.conf.lib.clang_getOverriddenCursors(cursor, byref(found), byref(count))
    methods = [found[number] for number in range(count.value)]
    for method in methods:
        method._tu = cursor._tu  # noqa: SLF001 - the bindings hand cursors out of arrays without what keeps their memory
    return methods


def virtual_receiver(cursor: cindex.Cursor) -> str | None:
    """Class that a call dispatches on: "" where it is not known, None where the call has one target alone."""
    if not cursor.referenced.is_virtual_method():
        return None
    member = next(cursor.get_children(), None)
    if member is None or member.kind != cindex.CursorKind.MEMBER_REF_EXPR:
        return None
    parts = list(member.get_children())
    if any(part.kind in (cindex.CursorKind.TYPE_REF, cindex.CursorKind.TEMPLATE_REF) for part in parts):
        return None
    if not parts:
        return ""
    named = parts[0].referenced.type if parts[0].referenced is not None and parts[0].kind in NAMES else parts[0].type
    if named.get_canonical().kind == cindex.TypeKind.RECORD:
        return None
    kind = named.get_canonical()
    pointed = kind.get_pointee() if kind.kind in REFERENCES else kind
    return general(pointed.get_declaration()).get_usr() if pointed.kind == cindex.TypeKind.RECORD else ""


class Said(NamedTuple):
    """A call, and what it calls."""

    file: str
    line: int
    name: str
    usr: str
    where: str
    target_line: int
    target_name: str
    receiver: str | None


class Folder:
    """What clang sees in all files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hierarchy = Hierarchy()
        self._places: dict[str, tuple[str, int, str]] = {}
        self._calls: dict[Said, None] = {}

    def _relative(self, cursor: cindex.Cursor) -> str:
        path = path_of(cursor)
        return path.relative_to(self._folder).as_posix() if path is not None and path.is_relative_to(self._folder) else ""

    def read(self, unit: cindex.TranslationUnit) -> None:
        for cursor in cursors(unit, self._folder):
            self._hierarchy.add(cursor)
            if cursor.kind in FUNCTIONS and cursor.is_definition():
                self._places[cursor.get_usr()] = (self._relative(cursor), cursor.location.line, cursor.spelling.split("<")[0])
            if cursor.kind == cindex.CursorKind.CALL_EXPR and cursor.referenced is not None and cursor.referenced.kind in FUNCTIONS:
                self._note(cursor)

    def _note(self, cursor: cindex.Cursor) -> None:
        target = general(cursor.referenced)
        first = next(cursor.get_children(), None)
        line = (first.extent if first is not None else cursor.extent).end.line
        receiver = virtual_receiver(cursor)
        name = target.spelling.split("<")[0]
        file, where = self._relative(cursor), self._relative(target)
        self._calls[Said(file, line, cursor.spelling, target.get_usr(), where, target.location.line, name, receiver)] = None

    def answers(self) -> Iterator[dict[str, object]]:
        lines = {file: (self._folder / file).read_text(errors="replace").splitlines() for file in {call.file for call in self._calls}}
        for call in self._calls:
            if not re.search(rf"(?<!\w){re.escape(call.name)}(?!\w)", "".join(lines[call.file][call.line - 1 : call.line])):
                continue
            site = {"file": call.file, "line": call.line, "name": call.name}
            defined, at, _ = self._places.get(call.usr, (call.where, call.target_line, ""))
            yield {**site, "target": defined or None, "target_line": at, "target_name": call.target_name}
            for usr in self._hierarchy.overriders(call.usr, call.receiver) if call.receiver is not None else ():
                if usr in self._places:
                    defined, at, name = self._places[usr]
                    yield {**site, "target": defined, "target_line": at, "target_name": name, "dispatch": True}


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
    seen = Folder(folder)
    for path in files:
        seen.read(index.parse(str(path), args=options[path.suffix == ".c"]))
    for answer in seen.answers():
        print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
