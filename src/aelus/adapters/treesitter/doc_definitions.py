"""What documentation comments say of definitions: types where the code says none, and types that comments alone define.

A room says with regular expressions how (`[rules.doc_types]`): `defined` (groups `type`, `name`, or `callback` for a type of functions),
`property` (`type`, `name`) of a type that lists its members, `template` (`name`) of a function or class, `magic_property` and
`magic_method` (`type`, `name`) of a class whose members have no code.
"""

from __future__ import annotations

import re
from typing import Final

from aelus.adapters.treesitter.doc_types import found, lower_doc_type, object_of, pattern
from aelus.adapters.treesitter.documentation import COMMENT_LIMIT, MARKERS, documentation
from aelus.adapters.treesitter.draft import CLASS_KINDS, FUNCTION_KINDS, DefinitionDraft, FileDraft
from aelus.domain.facts import ARRAY, FREE, FUNCTION_TYPE, GENERIC, IMPORT, LOCAL, MEMBER

OPENING: Final = b"/**"
CLOSING: Final = b"*/"
DEFINING: Final = (b"@typedef", b"@callback")
DEFINED_PER_FILE: Final = 2_000
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPORT, MEMBER})
NAMES: Final = re.compile(r"[\w$]+")


class DocDefinitions:
    """What the comments of one file define."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._rules = draft.rules.doc_types
        self._pending: list[tuple[DefinitionDraft, re.Match[str], str]] = []
        """(definition, statement, text of the statement with what belongs to it)."""
        self._bounds: set[int] = set()
        """Type parameters of which it is known what they are bound by."""

    def declare(self) -> None:
        """Declare the names that comments define; of no effect in languages whose comments define none."""
        if "template" in self._rules and b"@template" in self._draft.source:
            for draft in self._draft.definitions:
                if draft.body >= 0 and "@template" in (text := documentation(self._draft, draft)):
                    self._declare_parameters(draft, text)
        if "defined" in self._rules and any(word in self._draft.source for word in DEFINING):
            self._declare_all()

    def _declare_all(self) -> None:
        source = self._draft.source
        start, end = source.find(OPENING), 0
        while start >= 0 and (end := source.find(CLOSING, start + len(OPENING))) >= 0:
            comment = source[start : min(end, start + COMMENT_LIMIT)]
            if any(word in comment for word in DEFINING):
                self._declare_types(start, comment)
            start = source.find(OPENING, end)

    def _declare_parameters(self, draft: DefinitionDraft, text: str) -> None:
        for statement in pattern(self._rules["template"]).finditer(text):
            for name in NAMES.findall(statement["name"]):
                self._draft.scopes.declare_inner(draft.body, name)
                if name not in draft.type_parameters:
                    draft.type_parameters.append(name)

    def _declare_types(self, start: int, comment: bytes) -> None:
        text = MARKERS.sub("", comment.decode("utf-8", "replace")).strip()
        statements = list(pattern(self._rules["defined"]).finditer(text))
        for number, statement in enumerate(statements):
            end = statements[number + 1].start() if number + 1 < len(statements) else len(text)
            name = statement["name"] or statement["callback"]
            if name in self._draft.scopes.declared[0] or len(self._pending) >= DEFINED_PER_FILE:
                continue
            self._draft.scopes.declare(0, name)
            place = start + max(comment.find(name.encode()), 0)
            draft = DefinitionDraft(
                kind="TypeAlias",
                name=name,
                parent=-1,
                scope=0,
                start=place,
                end=start + len(comment),
                name_start=place,
                span_start=place,
                head_start=place,
                outside=0,
                comment=text,
                said=" ".join(text[statement.start() : statement.end()].split()),
            )
            self._draft.symbols.add((0, name))
            self._draft.definitions.append(draft)
            self._pending.append((draft, statement, text[statement.start() : end]))

    def fill_definition(self, draft: DefinitionDraft) -> None:
        """Types that the documentation declares where the code does not."""
        text = draft.comment = documentation(self._draft, draft)
        if "@" not in text:
            return
        rules, lowering = self._rules, self._draft.lowering
        scope = draft.body if draft.type_parameters else draft.scope
        if "@template" in text:
            self._add_bounds(draft, text)
        if draft.kind in CLASS_KINDS:
            self._add_documented_bases(draft, text)
            self._add_documented_members(draft, text)
            return
        kind = "result" if draft.kind in FUNCTION_KINDS else "variable"
        if written := found(rules, kind, text):
            documented = lower_doc_type(lowering, next(iter(written.values())), scope)
            if not draft.returns or self._says_more(documented, draft.returns):
                draft.returns = documented
        written = found(rules, "parameter", text) if draft.parameters else {}
        in_order = list(written.values())
        for number, (name, variable, declared, default, how) in enumerate(draft.parameters):
            text = written.get(name) or (in_order[number] if not name and number < len(in_order) else "")
            documented = lower_doc_type(lowering, text, scope) if text else 0
            if documented and (not declared or self._says_more(documented, declared)):
                draft.parameters[number] = (name, variable, documented, default, how)
                whole = self._draft.expressions.add(ARRAY, "", (documented,)) if how == "rest" else documented
                self._draft.declare(variable, whole)

    def _says_more(self, documented: int, declared: int) -> bool:
        """Whether a comment gives the arguments of a type that the code names without them, or a class in place of a wider one."""
        form, name, parts = self._draft.expressions.entries[documented]
        if form == GENERIC:
            return parts[0] == declared
        named = form in NAME_FORMS and self._draft.expressions.entries[declared][0] in NAME_FORMS
        if not named or not self._draft.rules.documented_narrows:
            return False
        if form == LOCAL and (parts[0], name) in self._draft.scopes.type_parameters:
            self._bound(documented, declared)
            return True
        return name[:1].isupper() or form == IMPORT

    def _add_bounds(self, draft: DefinitionDraft, text: str) -> None:
        """What comments say of the types that type parameters stand for."""
        for statement in pattern(self._rules["template"]).finditer(text) if "template" in self._rules else ():
            if bound := statement.groupdict().get("bound"):
                parameter = self._draft.expressions.add(LOCAL, statement["name"], (draft.body,))
                self._bound(parameter, lower_doc_type(self._draft.lowering, bound, draft.body))

    def _bound(self, parameter: int, bound: int) -> None:
        if parameter not in self._bounds:
            self._bounds.add(parameter)
            self._draft.flow(parameter, bound)

    def _add_documented_bases(self, draft: DefinitionDraft, text: str) -> None:
        """What a comment says of the bases: their type arguments, and interfaces that the language has no word for."""
        entries = self._draft.expressions.entries
        for written in found(self._rules, "base", text).values():
            base = lower_doc_type(self._draft.lowering, written, draft.body)
            form, _, parts = entries[base]
            for types in (draft.bases, draft.interfaces) if form == GENERIC else ():
                if parts[0] in types:
                    types[types.index(parts[0])] = base
        for written in found(self._rules, "interface", text).values():
            if interface := lower_doc_type(self._draft.lowering, written, draft.body):
                draft.interfaces.append(interface)

    def _add_documented_members(self, draft: DefinitionDraft, text: str) -> None:
        """Members that have no code: what is read, and methods by what they return."""
        scopes, add = self._draft.scopes, self._draft.expressions.add
        for kind in ("magic_property", "magic_method"):
            for name, written in found(self._rules, kind, text).items():
                declared = lower_doc_type(self._draft.lowering, written, draft.body)
                if declared and name not in scopes.declared[draft.body]:
                    held = declared if kind == "magic_property" else add(FUNCTION_TYPE, "", (declared,))
                    self._draft.declare(scopes.declare(draft.body, name), held)

    def fill(self) -> None:
        """Lower what the types stand for; they can be imported from the file without further words."""
        for draft, statement, text in self._pending:
            draft.returns = self._callback(text) if statement["callback"] else self._type(statement["type"] or "", text)
            expression = self._draft.scopes.declare(0, draft.name)
            self._draft.exports.append((draft.name, expression, "", "", self._draft.line(draft.name_start)))

    def _type(self, written: str, text: str) -> int:
        lowering = self._draft.lowering
        members = found(self._rules, "property", text)
        known = lower_doc_type(lowering, written, 0)
        if known or not members:
            return known
        return object_of(lowering, {name: lower_doc_type(lowering, declared, 0) for name, declared in members.items()})

    def _callback(self, text: str) -> int:
        lowering = self._draft.lowering
        result = "".join(found(self._rules, "result", text).values())
        parameters = [lower_doc_type(lowering, declared, 0) for declared in found(self._rules, "parameter", text).values()]
        return lowering.expressions.add(FUNCTION_TYPE, "", (lower_doc_type(lowering, result, 0), *parameters))
