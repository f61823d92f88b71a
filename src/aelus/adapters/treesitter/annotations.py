"""Classes and types that comments declare for a language that has none.

The value of a class is the container that its comment stands before; one that stands before none is a container of its own, with the fields
that the comment lists. Names of classes are those of the whole program. The room says how they are written (`[rules.annotations]`):
`class` (groups `name`, `bases`), `field` (`name`, `type`), `alias` (`name`, `type`), `parameter` (`name`, `type`), `result` and `local`
(`type`); `index` is the member of a metatable behind which members are looked up. Types are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from aelus.adapters.treesitter.doc_types import DEPTH_LIMIT, NAME, NOTHING, TYPE_LIMIT, pattern, split_outside
from aelus.adapters.treesitter.documentation import documentation
from aelus.adapters.treesitter.draft import FileDraft
from aelus.domain.facts import CALL, CONSTANT, EVERYWHERE, FREE, INDEX, MAPPING, MEMBER, METATABLE, RETURN, SEQUENCE, UNION

MARK: Final = "@"
"""Before the names of classes, which are none that a program can write."""
FUNCTION_KINDS: Final = frozenset({"Function", "Method"})
BLOCK: Final = re.compile(rb"(?:^[ \t]*---[^\n]*\n?)+", re.MULTILINE)
LINE: Final = re.compile(r"^\s*---?[ \t]?", re.MULTILINE)
CLASSES_PER_FILE: Final = 2_000
TAKEN: Final = re.compile(r"fun\((?P<parameters>[^()]*)\)")


class Annotations:
    """Reads the comments of one file."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._rules = draft.rules.annotations
        """Empty in languages without."""
        self._placed: set[str] = set()
        """Classes that stand before what they are."""

    def annotate(self, target: int, comment: str) -> None:
        """What a comment says of the variable or member whose binding it stands before."""
        if not target or "@" not in comment:
            return
        for found in self._matches("class", comment):
            self._placed.add(found["name"])
            self._draft.flow(self._class(found["name"]), target)
            self._extend(target, found["bases"])
            for field in self._matches("field", comment):
                self._draft.flow(self._add(MEMBER, field["name"], (target,)), self._value(field["type"]))
        for found in self._matches("local", comment):
            self._draft.flow(target, self._value(found["type"]))

    def emit(self) -> None:
        """What comments say of functions, and the classes that stand before nothing."""
        if not self._rules:
            return
        for number, entry in enumerate(self._draft.definitions):
            text = documentation(self._draft, entry) if entry.kind in FUNCTION_KINDS else ""
            if "@" in text:
                self._emit_function(number, text)
        for block in BLOCK.finditer(self._draft.source):
            if b"@class" in block.group() or b"@alias" in block.group():
                self._emit_alone(LINE.sub("", block.group().decode("utf-8", "replace")))

    def _emit_function(self, number: int, text: str) -> None:
        declared = {found["name"]: found["type"] for found in self._matches("parameter", text)}
        for name, variable, *_ in self._draft.definitions[number].parameters:
            if name in declared:
                self._draft.flow(variable, self._value(declared[name]))
                self._call(variable, declared[name])
        result = next(iter(self._matches("result", text)), None)
        if result is not None:
            self._draft.flow(self._add(RETURN, "", (number,)), self._value(result["type"]))

    def _call(self, variable: int, written: str) -> None:
        """A function that is taken is called with values of the types that its own says."""
        taken = TAKEN.match(written)
        if taken is not None:
            types = [part.partition(":")[2] for part in split_outside(taken["parameters"], ",")]
            self._add(CALL, "", (variable, *(self._value(declared) for declared in types)))

    def _emit_alone(self, text: str) -> None:
        for found in self._matches("alias", text):
            self._draft.flow(self._class(found["name"]), self._value(found["type"]))
        starts = [match.start() for match in pattern(self._rules["class"]).finditer(text)][:CLASSES_PER_FILE]
        for start, end in pairwise((*starts, len(text))):
            found = next(self._matches("class", text[start:end]))
            if found["name"] not in self._placed:
                self._draft.flow(self._class(found["name"]), self._made(text[start:end], found["bases"]))

    def _made(self, text: str, bases: str) -> int:
        """A container with the fields that a comment lists."""
        pairs = [(self._add(CONSTANT, field["name"]), self._value(field["type"])) for field in self._matches("field", text)]
        if bases:
            pairs.append((self._add(CONSTANT, METATABLE), self._behind(bases)))
        return self._add(MAPPING, "", tuple(part for pair in pairs if pair[1] for part in pair))

    def _extend(self, target: int, bases: str) -> None:
        if bases:
            place = self._add(INDEX, "", (target, self._add(CONSTANT, METATABLE)))
            self._draft.flow(place, self._behind(bases))

    def _behind(self, bases: str) -> int:
        """What members are looked up in that a class has not."""
        values = [self._class(name) for part in bases.split(",") if (name := part.strip())]
        held = values[0] if len(values) == 1 else self._add(UNION, "", tuple(values))
        return self._add(MAPPING, "", (self._add(CONSTANT, self._rules["index"]), held))

    def _class(self, name: str) -> int:
        return self._add(FREE, MARK + name)

    def _value(self, text: str, depth: int = 0) -> int:
        """What has the type that is written; 0 where that is not known."""
        text = text.strip()[:TYPE_LIMIT].removesuffix("?").strip("()")
        alternatives = split_outside(text, "|") if depth < DEPTH_LIMIT else [text]
        if len(alternatives) > 1:
            values = dict.fromkeys(filter(None, (self._value(part, depth + 1) for part in alternatives)))
            return self._add(UNION, "", tuple(values)) if len(values) > 1 else next(iter(values), 0)
        if text.endswith("[]") and depth < DEPTH_LIMIT:
            return self._elements(self._value(text[:-2], depth + 1))
        head, opened, rest = text.partition("<")
        if opened and rest.endswith(">") and depth < DEPTH_LIMIT:
            if head.strip().lower() not in NOTHING:
                return self._class(head.strip())
            return self._elements(self._value(split_outside(rest[:-1], ",")[-1], depth + 1))
        return self._class(text) if NAME.fullmatch(text) and text.lower() not in NOTHING else 0

    def _elements(self, element: int) -> int:
        return self._add(SEQUENCE, EVERYWHERE, (element,)) if element else 0

    def _matches(self, kind: str, text: str) -> Iterator[dict[str, str]]:
        expression = self._rules.get(kind)
        return (match.groupdict("") for match in pattern(expression).finditer(text)) if expression else iter(())

    def _add(self, form: int, text: str = "", parts: tuple[int, ...] = ()) -> int:
        return self._draft.expressions.add(form, text, parts)
