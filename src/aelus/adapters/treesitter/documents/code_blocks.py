"""Names in a code block, as the block's own language reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aelus.adapters.treesitter.documents.mentions import Mentions
from aelus.adapters.treesitter.documents.room import Markup
from aelus.domain.facts import CALL_REFERENCE, FREE, LOCAL, MEMBER, READ_REFERENCE, TYPE_REFERENCE, FileFacts, Import
from aelus.domain.graph import Origin

ReadCode = Callable[[str, bytes], FileFacts | None]
"""Facts of source in a language that is named by a tag; None where it is not known, or no such code."""
NAMING: frozenset[str] = frozenset({CALL_REFERENCE, READ_REFERENCE, TYPE_REFERENCE})


def typed_lines(text: str, prompts: Sequence[str]) -> str:
    """The lines of a session that were typed in, each at its place; the text itself where it is no session."""
    if not prompts or not text.lstrip().startswith(prompts[0]):
        return text
    lines = (line.lstrip() for line in text.splitlines())
    return "\n".join(next((line[len(prompt) :] for prompt in prompts if line.startswith(prompt)), "") for line in lines)


class CodeBlocks:
    """Reads the blocks of one document into its mentions."""

    def __init__(self, markup: Markup, read_code: ReadCode, mentions: Mentions) -> None:
        self._markup = markup
        self._read_code = read_code
        self._mentions = mentions

    def read(self, text: str, tag: str, line: int, byte: int) -> None:
        """A block that begins on a line (1-based); `tag` is what names its language, if anything does."""
        typed = typed_lines(text, self._markup.prompts)
        language = self._markup.prompt_language if typed is not text else tag or self._markup.default_language
        facts = self._read_code(language.lower(), typed.encode("utf-8", "replace")) if language else None
        if facts is None or (facts.syntax_errors and not tag):
            return
        bound = {_variable(facts, one.variable): one for one in facts.imports if one.variable}
        for statement in facts.imports:
            names = [statement.name] if statement.name not in ("", "*") else []
            self._mentions.imported(facts.language, statement.module, names, line + statement.line - 1, byte)
        inner = {entry.parts[0] for entry in facts.expressions if entry.form == MEMBER}
        for reference in facts.references:
            if reference.kind in NAMING and reference.expression not in inner:
                self._name(facts, bound, reference.expression, line + reference.line - 1, byte)

    def _name(self, facts: FileFacts, bound: dict[tuple[str, int], Import], expression: int, line: int, byte: int) -> None:
        """A chain of members that begins with an import, or with a name that the block does not declare."""
        form, _, parts = facts.expressions[expression]
        if parts and form not in (LOCAL, MEMBER):
            expression = parts[0]
        head, names = _chain(facts, expression)
        statement = bound.get(_variable(facts, head))
        if statement is not None:
            own = [statement.name] if statement.name not in ("", "*") else []
            self._mentions.imported(facts.language, statement.module, [*own, *names], line, byte)
        elif facts.expressions[head].form == FREE:
            called = "()" if form not in (FREE, MEMBER) else ""
            self._mentions.name(Origin.CODE_BLOCK, ".".join([facts.expressions[head].text, *names]) + called, line, byte)


def _chain(facts: FileFacts, expression: int) -> tuple[int, list[str]]:
    """What a chain of members begins with, and their names."""
    names: list[str] = []
    while facts.expressions[expression].form == MEMBER:
        names.append(facts.expressions[expression].text)
        expression = facts.expressions[expression].parts[0]
    return expression, names[::-1]


def _variable(facts: FileFacts, expression: int) -> tuple[str, int]:
    """Name and scope of a local variable, whatever it holds at this place."""
    form, text, parts = facts.expressions[expression]
    return (text, parts[0]) if form == LOCAL else ("", -1)
