"""What rustc says of the calls in a Rust package: `python benchmarks/oracle/rust_oracle.py FOLDER`, one JSON object a call.

The compiler's middle representation names what each call calls, with the type of the receiver, and where the call is written. Packages that
it depends on are looked for beside the folder (`NAME-VERSION`). A call of a trait's method on a type that is known means the method of the
implementation, on a type parameter or `dyn` that of the trait, and may lead to each implementation. One implementation for all types is
that of a known type without another.
Operators, conversions and the text of macros are no calls that are written.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HEADER = re.compile(r"^(?:const )?fn (?P<name>.+?)\((?=_1: |\) ->)")
PLACE = re.compile(r"at (?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?P<end_line>\d+):(?P<end_column>\d+)$")
CALL = re.compile(r"^\s+(?:[^=]+) = (?P<callee>.+) -> (?:\[return|unwind|bb)")
IMPLEMENTATION = re.compile(r"<impl at (?P<file>[^:>]+):(?P<line>\d+):(?P<column>\d+): [^>]*>::(?P<name>\w+)$")
TEXTS = re.compile(r"""//[^\n]*|/\*.*?\*/|b?"(?:[^"\\]|\\.)*"|r(#*)".*?"\1|'(?:[^'\\]|\\.)'""", re.DOTALL)
OPENING, CLOSING = "([{<", ")]}>"
FOR_ALL = "<any>"
"""Type that an implementation for all types is kept for."""
Location = tuple[str, int]


class Site(NamedTuple):
    file: str
    start: tuple[int, int]
    end: tuple[int, int]


def compiled(folder: Path, target: Path, *, emit: str) -> Path | None:
    """Compile a package; where the result is, or None if it cannot be."""
    manifest = tomllib.loads((folder / "Cargo.toml").read_text())
    name = manifest["package"]["name"].replace("-", "_")
    root = folder / manifest.get("lib", {}).get("path", "src/lib.rs")
    output = target / (f"lib{name}.rmeta" if emit == "metadata" else f"{name}.mir")
    if output.exists():
        return output
    extern = []
    for dependency in needed(manifest):
        found = sorted(path for path in folder.parent.glob(f"{dependency}-*") if (path / "Cargo.toml").exists())
        library = compiled(found[-1], target, emit="metadata") if found else None
        if library is not None:
            extern += ["--extern", f"{dependency.replace('-', '_')}={library}"]
    features = [part for feature in switched_on(manifest) for part in ("--cfg", f'feature="{feature}"')]
    options = ["--crate-type", "lib", "--cap-lints", "allow", "-Zmir-include-spans=on", "-Ztrim-diagnostic-paths=no", "-Zmir-opt-level=0"]
    # places of a package that is depended on are none of the folder's
    source = root if emit == "metadata" else root.relative_to(folder)
    options += ["-Zalways-encode-mir"] if emit == "metadata" else []
    command = ["rustc", "--edition", str(manifest["package"].get("edition", "2015")), "--crate-name", name, *options, *features, *extern]
    command += ["-L", str(target), f"--emit={emit}", "-o", str(output), str(source)]
    done = subprocess.run(
        command,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"RUSTC_BOOTSTRAP": "1", "CARGO_PKG_VERSION": "0"},
    )
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return output if output.exists() else None


def needed(manifest: dict[str, Any]) -> list[str]:
    tables = manifest.get("dependencies", {})
    return [name for name, entry in tables.items() if not (isinstance(entry, dict) and entry.get("optional"))]


def switched_on(manifest: dict[str, Any]) -> list[str]:
    """Features that are on by default and need no optional package."""
    features, found = manifest.get("features", {}), list[str]()
    waiting = list(features.get("default", ()))
    while waiting:
        feature = waiting.pop()
        if feature in features and feature not in found and all(part in features for part in features[feature]):
            found.append(feature)
            waiting.extend(features[feature])
    return found


class Source:
    """The text of one file without strings and comments, and places in it."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(errors="replace")
        self.text = TEXTS.sub(lambda match: re.sub(r"[^\n]", "_", match.group()), text)
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self.macros = [(m.start(), closing(self.text, self.text.index("{", m.end()))) for m in re.finditer(r"macro_rules!", self.text)]

        self.generic = list(self._generic())
        """(first place, last place, names of type parameters) of functions, implementations and traits."""

    def _generic(self) -> Iterator[tuple[int, int, frozenset[str]]]:
        for match in re.finditer(r"\b(?:fn\s+\w+|impl|trait\s+\w+)\s*<", self.text):
            end = closing(self.text, match.end() - 1)
            names = {named.group(1) for part in split(self.text[match.end() : end]) if (named := re.match(r"\s*(\w+)", part))}
            opened = min((place for mark in "{;" if (place := self.text.find(mark, end)) >= 0), default=len(self.text) - 1)
            last = closing(self.text, opened) if self.text[opened] == "{" else opened
            yield match.start(), last, frozenset(names)

    def parameters(self, place: tuple[int, int]) -> frozenset[str]:
        """Type parameters that a place is in."""
        offset = self.offset(place)
        return frozenset().union(*(names for first, last, names in self.generic if first <= offset <= last))

    def offset(self, place: tuple[int, int]) -> int:
        return self.starts[place[0] - 1] + place[1] - 1

    def line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def name_line(self, site: Site, name: str) -> int | None:
        """Line of the name in `name(…)`; None where the call is not written so."""
        start, end = self.offset(site.start), self.offset(site.end)
        if any(first <= start <= last for first, last in self.macros):
            return None
        written = self.text[start:end].rstrip()
        if not written.endswith(")"):
            return None
        opened = [position for position, char in enumerate(written) if char == "(" and closing(written, position) == len(written) - 1]
        head = written[: opened[0]].rstrip() if opened else ""
        if head.endswith(">"):
            head = head[: head.rfind("::<")].rstrip()
        return self.line(start + len(head) - 1) if re.search(rf"(?<!\w)(?:r#)?{re.escape(name)}$", head) else None


def closing(text: str, start: int) -> int:
    """Where the bracket at a position is closed; angle brackets count between others only in types."""
    opens, closes, depth = text[start], {"{": "}", "(": ")", "<": ">", "[": "]"}[text[start]], 0
    for position in range(start, len(text)):
        char = text[position]
        if char == opens:
            depth += 1
        elif char == closes and text[position - 1 : position + 1] != "->":
            depth -= 1
            if not depth:
                return position
    return len(text)


def top_level(text: str, separator: str) -> int:
    """First place of a separator outside of all brackets, or -1."""
    depth = 0
    for position, char in enumerate(text):
        if char in OPENING:
            depth += 1
        elif char in CLOSING and text[position - 1 : position + 1] not in ("->", "=>"):
            depth -= 1
        elif not depth and text.startswith(separator, position):
            return position
    return -1


def plain(path: str) -> list[str]:
    """Segments of a path without type arguments."""
    kept, depth = [], 0
    for position, char in enumerate(path):
        if char in "<([{":
            depth += 1
        elif char in ">)]}" and path[position - 1 : position + 1] != "->":
            depth -= 1
        elif not depth:
            kept.append(char)
    return [part for part in "".join(kept).split("::") if part.strip()]


def type_name(written: str) -> str:
    """Last name of a type: `Vec` of `&'a mut std::vec::Vec<T>`."""
    reference = "&" if written.strip().startswith("&") else ""
    written = re.sub(r"^(?:&|\*const |\*mut |'\w+ |mut |dyn |impl )+", "", written.strip())
    if written.startswith("["):
        return "[]"
    parts = plain(written.partition(" + ")[0])
    return reference + (parts[-1].strip() if parts else written)


def arguments(written: str) -> tuple[str, ...]:
    """Last names of the type arguments of a trait."""
    start = written.find("<")
    inner = written[start + 1 : closing(written, start)] if start >= 0 else ""
    found = []
    while inner:
        end = top_level(inner, ",")
        part, inner = (inner[:end], inner[end + 1 :]) if end >= 0 else (inner, "")
        if part.strip() and not part.strip().startswith("'") and "=" not in part:
            found.append(type_name(part))
    return tuple(found)


def split(written: str) -> list[str]:
    """Parts of a list of parameters."""
    parts, end = [], top_level(written, ",")
    while end >= 0:
        parts.append(written[:end])
        written = written[end + 1 :]
        end = top_level(written, ",")
    return [*parts, written]


def fits(given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(given) != len(wanted) or all(
        one == two or re.fullmatch("&?[A-Z][0-9]?|&?Self", two) for one, two in zip(given, wanted, strict=True)
    )


def fits_any(given: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """As `fits`, where type parameters of the caller, called `Self` here, may be whatever is wanted."""
    return len(given) != len(wanted) or all(one == "Self" or fits((one,), (two,)) for one, two in zip(given, wanted, strict=True))


def is_opaque(owner: str, parameters: frozenset[str]) -> bool:
    """Whether all that is known of a type is what it implements."""
    owner = re.sub(r"^(?:&|mut |'\w+ )+", "", owner.strip()) if not owner.strip().startswith("&") else owner.strip()
    return owner.startswith(("dyn ", "impl ", "<")) or owner == "Self" or owner.partition("<")[0].partition("::")[0] in parameters


class Package:
    """Definitions of a package, by what calls call them."""

    def __init__(self, folder: Path) -> None:
        self.sources = {path.relative_to(folder).as_posix(): Source(path) for path in folder.rglob("*.rs")}
        self.functions: dict[str, list[Location]] = defaultdict(list)
        self.nested: dict[tuple[str, str], list[Location]] = defaultdict(list)
        self.own: dict[tuple[str, str], list[Location]] = defaultdict(list)
        self.implemented: dict[tuple[str, str, str], list[tuple[tuple[str, ...], Location]]] = defaultdict(list)
        self.others: dict[tuple[str, str, str], list[tuple[tuple[str, ...], Location]]] = {}
        """Those that `add_others` finds."""
        self.declared: dict[tuple[str, str], list[Location]] = defaultdict(list)
        for file, source in self.sources.items():
            for match in re.finditer(r"\btrait\s+(\w+)[^{;]*\{", source.text):
                end = closing(source.text, match.end() - 1)
                for method in re.finditer(r"\bfn\s+(\w+)", source.text[match.end() : end]):
                    self.declared[match.group(1), method.group(1)].append((file, source.line(match.end() + method.start())))

    def add(self, name: str, location: Location) -> None:
        """A function with a body, by the name that the compiler gives it."""
        match = IMPLEMENTATION.search(name)
        if match is None:
            parts = plain(name)
            self.functions["::".join(parts)].append(location)
            if "<impl at" in name and len(parts) > 1:
                self.nested[parts[-2], parts[-1]].append(location)
            return
        source = self.sources.get(match["file"])
        text = source.text[source.offset((int(match["line"]), int(match["column"]))) :] if source is not None else ""
        text = re.sub(r"^(?:unsafe\s+)?(?:default\s+)?", "", text)
        if not text.startswith("impl"):
            return
        head = text[4 : text.index("{")].strip()
        own = frozenset[str]()
        if head.startswith("<"):
            end = closing(head, 0)
            own = frozenset(named.group(1) for part in split(head[1:end]) if (named := re.match(r"\s*(\w+)", part)))
            head = head[end + 1 :].strip()
        head = re.split(r"\bwhere\b", head)[0].strip()
        place = top_level(head, " for ")
        if place < 0:
            self.own[type_name(head), match["name"]].append(location)
        else:
            trait, owner = head[:place].strip(), type_name(head[place + 5 :])
            owner = FOR_ALL if owner in own else owner
            self.implemented[type_name(trait), owner, match["name"]].append((arguments(trait), location))

    def target(self, callee: str, parameters: frozenset[str]) -> tuple[str, list[Location]]:
        """(name, where it may be): nowhere when it is outside."""
        if callee.startswith("<"):
            end = closing(callee, 0)
            return self._of_type(callee[1:end], plain(callee[end + 1 :]) or [""], parameters)
        parts = plain(callee)
        name = parts[-1] if parts else ""
        beside = re.search(r"<impl (?!at )(.+)>::\w+$", re.sub(r"::<[^<>]*>$", "", callee))
        if beside is not None:
            return name, self.own[type_name(beside.group(1)), name]
        if len(parts) > 1 and (found := self.nested[parts[-2], name]):
            return name, found
        return name, self.functions["::".join(parts)] or (self.own[parts[-2], name] if len(parts) > 1 else [])

    def reached(self, callee: str, parameters: frozenset[str]) -> list[Location]:
        """Where a call of a trait's method may lead at run time, of whose receiver the trait alone is known: to its implementations."""
        inner, name = (callee[1 : closing(callee, 0)], plain(callee)[-1:]) if callee.startswith("<") else ("", [])
        place = top_level(inner, " as ")
        if place < 0 or not name or not is_opaque(inner[:place], parameters):
            return []
        trait, given = type_name(inner[place + 4 :]), arguments(inner[place + 4 :])
        all_known = (*self.implemented.items(), *self.others.items())
        known = [found for (of, _, method), found in all_known if (of, method) == (trait, name[0])]
        open_ones = tuple("Self" if part.lstrip("&") in parameters else part for part in given)
        return [location for found in known for wanted, location in found if fits_any(open_ones, wanted) and self._is_written(location)]

    def add_others(self) -> None:
        """Implementations in files that are no part of what was compiled, such as tests; calls may lead there all the same."""
        compiled = {file for found in self.implemented.values() for _, (file, _) in found} | {
            file for found in (*self.functions.values(), *self.own.values()) for file, _ in found
        }
        own, implemented = self.own, self.implemented
        self.own, self.implemented = defaultdict(list), defaultdict(list)
        for file, source in self.sources.items():
            for match in re.finditer(r"\bimpl\b[^;{}()]*?\bfor\b[^;{}]*\{", source.text) if file not in compiled else ():
                head = f"<impl at {file}:{source.line(match.start())}:{match.start() - source.starts[source.line(match.start()) - 1] + 1}: "
                end = closing(source.text, match.end() - 1)
                for method in re.finditer(r"\bfn\s+(\w+)", source.text[match.end() : end]):
                    line = source.line(match.end() + method.start())
                    self.add(f"{head}0:0>::{method.group(1)}", (file, line))
        self.others, self.own, self.implemented = self.implemented, own, implemented

    def _is_written(self, location: Location) -> bool:
        """Whether a method is no part of a macro."""
        source = self.sources[location[0]]
        offset = source.starts[location[1] - 1]
        return not any(first <= offset <= last for first, last in source.macros)

    def _of_type(self, inner: str, parts: list[str], parameters: frozenset[str]) -> tuple[str, list[Location]]:
        """A function of a type, or of a trait as a type implements it."""
        name, place = parts[-1], top_level(inner, " as ")
        if len(parts) > 1:
            return name, self.nested[parts[-2], name]
        if place < 0:
            return name, self.own[type_name(inner), name]
        trait, owner = type_name(inner[place + 4 :]), type_name(inner[:place])
        if is_opaque(inner[:place], parameters):
            return name, self.declared[trait, name]
        given, own = arguments(inner[place + 4 :]), self.implemented[trait, owner, name] or self.implemented[trait, FOR_ALL, name]
        known = [location for wanted, location in own if fits(given, wanted)]
        return name, known or ([] if own else self.declared[trait, name])


def bodies(text: str) -> Iterator[tuple[str, list[str]]]:
    """(name, lines) of the functions."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        match = HEADER.match(line)
        if match is not None:
            name, lines = match["name"], []
        elif line == "}" and name:
            yield name, lines
            name = ""
        elif name:
            lines.append(line)


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as target:
        output = compiled(folder, Path(target), emit="mir")
        if output is None:
            sys.exit(f"{folder} cannot be compiled alone: see above.")
        found = list(bodies(output.read_text()))
    package = Package(folder)
    for name, lines in found:
        place = next((match for line in lines if "return place" in line and (match := PLACE.search(line))), None)
        if place is not None and "{closure" not in name and place["file"] in package.sources:
            package.add(name, (place["file"], int(place["line"])))
    package.add_others()
    for _, lines in found:
        for line in lines:
            call, place = CALL.match(line), PLACE.search(line)
            if call is None or place is None or place["file"] not in package.sources:
                continue
            callee = call["callee"][: last_arguments(call["callee"])]
            start = (int(place["line"]), int(place["column"]))
            method, targets = package.target(callee, package.sources[place["file"]].parameters(start))
            numbers = [int(place[key]) for key in ("line", "column", "end_line", "end_column")]
            at = package.sources[place["file"]].name_line(Site(place["file"], (numbers[0], numbers[1]), (numbers[2], numbers[3])), method)
            if at is None or len(targets) > 1:
                continue
            file, target_line = targets[0] if targets else (None, 0)
            answer = {"file": place["file"], "line": at, "name": method, "target": file, "target_line": target_line, "target_name": method}
            print(json.dumps(answer))
            for file, target_line in package.reached(callee, package.sources[place["file"]].parameters(start)):
                print(json.dumps(answer | {"target": file, "target_line": target_line, "dispatch": True}))


def last_arguments(call: str) -> int:
    """Where the arguments of a call begin, which end it."""
    depth = 0
    for position in range(len(call) - 1, -1, -1):
        if call[position] == ")":
            depth += 1
        elif call[position] == "(":
            depth -= 1
            if not depth:
                return position
    return len(call)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
