"""Facts as readable lines, for golden files beside the sources they come from.

`python tests/facts_text.py` (with `src` on the path) writes the golden files of `tests/fixtures/facts` anew; read the difference before
it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain import facts as f
from aelus.ports.parser import ParseRequest

FIXTURES = Path(__file__).parent / "fixtures" / "facts"
WORDS = {
    f.THIS: "this",
    f.SUPER: "super",
    f.DEFINITION: "def",
    f.INSTANCE: "instance",
    f.SPREAD: "spread",
    f.SPREAD_MAP: "spread_map",
    f.SEQUENCE: "seq",
    f.MAPPING: "map",
    f.UNION: "union",
    f.ITERATE: "iterate",
    f.ENTER: "enter",
    f.AWAIT: "await",
    f.RETURN: "return",
    f.YIELD: "yield",
    f.GENERIC: "generic",
    f.ARRAY: "array",
    f.FUNCTION_TYPE: "function",
    f.KEYS: "keys",
    f.SLICE: "slice",
    f.DECORATED: "decorated",
}
OF_DEFINITION = (f.THIS, f.SUPER, f.DEFINITION, f.RETURN, f.YIELD)


def parse(path: Path) -> f.FileFacts:
    parser = TreesitterParser(jobs=0)
    request = ParseRequest(path=path.name, language=parser.language_of(path.name), source=path.read_bytes())
    outcome = parser.parse_one(request)
    assert outcome.facts is not None, outcome
    return outcome.facts


def golden_path(source: Path) -> Path:
    return source.with_name(f"{source.name}.facts")


def sources() -> list[Path]:
    return sorted(path for path in FIXTURES.rglob("*.*") if path.suffix != ".facts")


class FactsText:
    """Writes the facts of one file."""

    def __init__(self, facts: f.FileFacts) -> None:
        self._facts = facts

    def render(self) -> str:
        return "\n".join([*self._heads(), *self._definitions(), *self._flows(), *self._references(), *self._modules(), ""])

    def name_of(self, definition: int) -> str:
        if definition < 0:
            return ""
        entry = self._facts.definitions[definition]
        return f"{self.name_of(entry.parent)}.{entry.name}".lstrip(".")

    def expression(self, index: int) -> str:
        form, text, parts = self._facts.expressions[index]
        if form == f.LOCAL:
            return f"{text}{self._scope(parts[0])}{''.join(f'#{version}' for version in parts[1:])}"
        if form == f.IMPLICIT:
            return f"{text}~{self.name_of(parts[0])}"
        if form == f.MEMBER:
            return f"{self.expression(parts[0])}.{text}"
        if form in OF_DEFINITION:
            return f"{WORDS[form]}({self.name_of(parts[0])})"
        if form in (f.CALL, f.NEW):
            return self._call("new " if form == f.NEW else "", text, parts)
        return self._simple(form, text, parts)

    def _call(self, word: str, text: str, parts: tuple[int, ...]) -> str:
        names = text.split(",") if text else []
        keywords = [f"{name}=" for name in names]
        labels = [""] * (len(parts) - 1 - len(names)) + keywords
        arguments = ", ".join(label + self.expression(part) for label, part in zip(labels, parts[1:], strict=True))
        return f"{word}{self.expression(parts[0])}({arguments})"

    def _simple(self, form: int, text: str, parts: tuple[int, ...]) -> str:
        inner = ", ".join(map(self.expression, parts))
        known = {
            f.UNKNOWN: "_",
            f.FREE: f"?{text}",
            f.LITERAL: f"<{text}>",
            f.CONSTANT: repr(text),
            f.IMPORT: f"import({text})",
            f.EXPORTS: "exports",
        }
        if form == f.INDEX:
            return "[".join(map(self.expression, parts)) + "]"
        if form == f.SLICE:
            return f"slice({inner}, {text})"
        return known[form] if form in known else f"{WORDS[form]}({inner})"

    def _scope(self, scope: int) -> str:
        kind, parent, definition = self._facts.scopes[scope]
        if kind == f.BLOCK_SCOPE:
            return f"{self._scope(parent)}@{scope}"
        return f"@{self.name_of(definition)}" if definition >= 0 else ""

    def _heads(self) -> Iterator[str]:
        facts = self._facts
        yield f"{facts.language} {facts.lines} lines package={facts.package!r} docstring={facts.docstring!r} errors={facts.syntax_errors}"

    def _definitions(self) -> Iterator[str]:
        for number, entry in enumerate(self._facts.definitions):
            words = " ".join([entry.visibility, *entry.modifiers])
            yield f"{entry.start_line}-{entry.end_line} {entry.kind} {self.name_of(number)} ({words}) {entry.signature!r}"
            if entry.docstring:
                yield f"    doc {entry.docstring!r}"
            lists = (("decorator", entry.decorators), ("base", entry.bases), ("interface", entry.interfaces))
            for label, parts in (*lists, ("type", (entry.returns,)), ("receiver", (entry.receiver,))):
                yield from (f"    {label} {self.expression(part)}" for part in parts if part)
            yield from map(self._parameter, entry.parameters)

    def _parameter(self, parameter: f.Parameter) -> str:
        declared = f": {self.expression(parameter.type)}" if parameter.type else ""
        default = f" = {self.expression(parameter.default)}" if parameter.default else ""
        return f"    {parameter.kind} {self.expression(parameter.variable)}{declared}{default}"

    def _flows(self) -> Iterator[str]:
        yield from (f"flow {self.expression(target)} <- {self.expression(source)}" for target, source in self._facts.flows)
        yield from (f"declared {self.expression(target)}: {self.expression(declared)}" for target, declared in self._facts.declared)

    def _references(self) -> Iterator[str]:
        for kind, expression, line, _, definition in self._facts.references:
            yield f"{kind} {line} {self.name_of(definition)}: {self.expression(expression)}"

    def _modules(self) -> Iterator[str]:
        for statement in self._facts.imports:
            words = " ".join(statement.modifiers)
            bound = self.expression(statement.variable)
            yield f"import {statement.line} {bound} <- {statement.module!r} {statement.name!r} {words}".rstrip()
        for entry in self._facts.exports:
            yield f"export {entry.line} {entry.name!r} = {self.expression(entry.expression)} {entry.module!r} {entry.imported!r}"


if __name__ == "__main__":
    for source in sources():
        golden_path(source).write_text(FactsText(parse(source)).render())
